"""The search over all records: by any words, in any order, with or without accents; says why each record is found.

Words may also name the kind of a record, its state, or a choice in its title: «tam ung», «de an dang soan». Such words
become a filter, so that the list of a kind can show the same records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kcdesk import text
from kcdesk.documents.paper_codes import read_qr
from kcdesk.errors import UserError
from kcdesk.formdef.model import Form
from kcdesk.formdef.record import Record
from kcdesk.formdef.searched_fields import searched_fields
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.records import reading
from kcdesk.services.records.reading import FieldValues, ListRow
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord

_CANDIDATES = 24  # records of a kind that are ranked
_AROUND = 36  # letters shown on both sides of the words
_PART = re.compile(r"[^\W_]+")
_Score = tuple[int, ...]


class FoundRecord(Value):
    """A record with the field and the piece of text in which the words stand; both "" if its title has them all."""

    row: ListRow
    label: str = ""
    piece: str = ""


class KindResult(Value):
    """The best records of a kind, how many there are in all, and the search and filter of the list that shows them."""

    form: Form
    records: tuple[FoundRecord, ...]
    total: int
    search: str
    where: FieldValues


class _Reading(Value):
    """One way to read the typed words: those that are searched, and what the others filter."""

    words: tuple[str, ...]
    where: Mapping[str, Any]

    @property
    def search(self) -> str:
        return " ".join(self.words)


def find(workspace: Workspace, typed: str, limit: int = 5) -> list[KindResult]:
    """Return what is found in every kind, at most `limit` records each; the kind with the best record first."""
    code = read_qr(typed.strip().upper())
    if code is not None:
        return _of_paper(workspace, code.record)
    words = tuple(text.tokens(typed))
    if not words:
        return []
    results = [_in_kind(workspace, kind, words, limit) for kind in workspace.forms.kinds]
    return [result for _, result in sorted((pair for pair in results if pair), key=lambda pair: pair[0], reverse=True)]


def _of_paper(workspace: Workspace, id_: str) -> list[KindResult]:
    """The dossier whose paper has a code; nothing if it is not here."""
    known = workspace.store.query("SELECT id FROM record WHERE id = :id", {"id": id_})
    stored = workspace.store.get(id_) if known else None
    if stored is None or stored.deleted:
        return []
    row = reading.list_row(workspace, stored)
    return [KindResult(workspace.forms.by_reference(stored.form), (FoundRecord(row),), 1, row.title, {})]


def _in_kind(workspace: Workspace, kind: str, words: tuple[str, ...], limit: int) -> tuple[_Score, KindResult] | None:
    form = _form_today(workspace, kind)
    if form is None:
        return None
    readings = _readings(workspace, form, words)
    pages = [_candidates(workspace, kind, way) for way in readings]
    known = list({stored.id: stored for page in pages for stored in page}.values())
    if not known:
        return None
    ranked = sorted(((_score(workspace, stored, words), stored) for stored in known), key=_by_score, reverse=True)
    best = tuple(_explained(workspace, stored, words, typed=" ".join(words)) for _, stored in ranked[:limit])
    widest = max(zip(readings, pages, strict=True), key=lambda pair: len(pair[1]))[0]
    total = len(known) if len(known) <= limit else reading.count(workspace, kind, widest.search, widest.where)
    return ranked[0][0], KindResult(form, best, max(total, len(best)), widest.search, widest.where)


def _by_score(ranked: tuple[_Score, StoredRecord]) -> _Score:
    return ranked[0]


def _form_today(workspace: Workspace, kind: str) -> Form | None:
    try:
        return workspace.forms.current(kind, workspace.today())
    except UserError:  # no version is in force today
        return None


def _candidates(workspace: Workspace, kind: str, way: _Reading) -> list[StoredRecord]:
    """The records to rank: those with the whole words before those with longer ones."""
    longer = workspace.store.page(kind, search=way.search, where=way.where, limit=_CANDIDATES)
    if len(longer) < _CANDIDATES or not way.words:
        return longer
    whole = workspace.store.page(kind, search=way.search, where=way.where, limit=_CANDIDATES, whole_words=True)
    known = {stored.id for stored in whole}
    return [*whole, *(stored for stored in longer if stored.id not in known)]


# -- words that name a kind, a state or a choice -----------------------------------------------------------------------


def _readings(workspace: Workspace, form: Form, words: tuple[str, ...]) -> list[_Reading]:
    """The words as they are, then, if some name the kind, a state or a choice, what is left with that filter."""
    plain = _Reading(words, {})
    named = plain
    while step := _named(workspace, form, named):
        named = step
    return [plain] if named is plain else [plain, named]


def _named(workspace: Workspace, form: Form, way: _Reading) -> _Reading | None:
    """Take the longest run of words that names something out of a reading; None if no run does."""
    runs = sorted(_runs(len(way.words)), key=lambda run: run[0] - run[1])
    for start, end in runs:
        run, rest = way.words[start:end], (*way.words[:start], *way.words[end:])
        if any(_names(run, label) for label in (form.label, form.plural)):
            return replace(way, words=rest)
        for name, values in _labels(workspace, form).items():
            chosen = [value for value, label in values if name not in way.where and _names(run, label)]
            if chosen:
                return _Reading(rest, {**way.where, name: chosen if len(chosen) > 1 else chosen[0]})
    return None


def _runs(length: int) -> Iterator[tuple[int, int]]:
    return ((start, end) for start in range(length) for end in range(start + 1, length + 1))


def _names(run: Sequence[str], label: str) -> bool:
    """Whether words are a label, or two or more of them its beginning or its end; the last may be unfinished."""
    own = text.tokens(label)
    if len(run) == 1 or len(run) > len(own):
        return list(run) == own
    return any(_continues(run, own[place : place + len(run)]) for place in (0, len(own) - len(run)))


def _continues(run: Sequence[str], own: Sequence[str]) -> bool:
    return list(run[:-1]) == list(own[:-1]) and own[-1].startswith(run[-1])


def _labels(workspace: Workspace, form: Form) -> Mapping[str, Sequence[tuple[object, str]]]:
    """The labels of states, and of the choices of fields that a title shows, by field."""

    def compute() -> Mapping[str, Sequence[tuple[object, str]]]:
        labels = {"state": [(state.name, state.label) for state in workspace.forms.workflow(form.id).states]}
        for name in form.title:
            choices = workspace.forms.choices(form.field(name)) if type_of(form.field(name)).is_filtered else ()
            if choices:
                labels[name] = [(choice.value, choice.label) for choice in choices]
        return labels

    return workspace.forms.once(("labels to find", form.reference), compute)


# -- which is the best, and why it is found ----------------------------------------------------------------------------


def _score(workspace: Workspace, stored: StoredRecord, words: Sequence[str]) -> _Score:
    """How well a record fits: words beside each other before spread ones, whole before longer, the title first."""
    title = stored.title(workspace.forms)
    in_title, missing = _fit(words, title), len(_missing(words, title))
    texts = _texts(workspace, stored) if missing else ()
    return *in_title, *max((_fit(words, written) for _, written in texts), default=(0, 0)), -missing


def _fit(words: Sequence[str], written: str) -> tuple[int, int]:
    """Whether the words stand in a text one beside the other, and how many of them stand there whole."""
    own = text.index_words(written)
    return f" {' '.join(words)} " in f" {' '.join(own)} ", sum(word in own for word in words)


def _missing(words: Sequence[str], written: str) -> list[str]:
    """The words with which no word of a text begins."""
    own = text.index_words(written)
    return [word for word in words if not any(part.startswith(word) for part in own)]


def _texts(workspace: Workspace, stored: StoredRecord) -> Iterator[tuple[str, str]]:
    """Label and text of every searched field of a record that has a value, and the titles that it refers to."""
    record = stored.record(workspace.forms)
    yield "Trạng thái", workspace.forms.workflow(stored.kind).state(record.state).label
    for field in searched_fields(record.form):
        value = record.data.get(field.name)
        if value is not None and (written := type_of(field).search_text(value, field, workspace.forms)):
            yield field.heading, written
    yield from _named_texts(workspace, record)


def _named_texts(workspace: Workspace, record: Record) -> Iterator[tuple[str, str]]:
    for field in record.form.fields:
        if not field.columns and type_of(field).names_records and record.data.get(field.name):
            yield field.heading, reading.text_of(workspace, record, field.name)


def _explained(workspace: Workspace, stored: StoredRecord, words: Sequence[str], typed: str) -> FoundRecord:
    """Say in which field the words stand that the title does not have."""
    row = reading.matched_row(workspace, stored, typed)
    missing = _missing(words, row.title)
    if not missing or row.former:
        return FoundRecord(row)

    def fits(entry: tuple[str, str]) -> tuple[int, ...]:
        return len(missing) - len(_missing(missing, entry[1])), *_fit(words, entry[1])

    label, written = max(_texts(workspace, stored), key=fits)
    return FoundRecord(row, label, piece(written, words)) if fits((label, written))[0] else FoundRecord(row)


def piece(written: str, words: Sequence[str]) -> str:
    """The part of a text where most of the words stand together; the whole text if it is short."""
    line = " ".join(written.split())
    places = [place for place, _end in marked(line, words)]
    closest = max(places, key=lambda place: _near(line[place : place + 2 * _AROUND], words), default=0)
    start = max(0, closest - _AROUND)
    end = start + 3 * _AROUND
    head = f"…{line[start:].partition(' ')[2]}" if start else line
    return f"{head[: end - start].rstrip()}…" if len(head) > end - start else head


def _near(part: str, words: Sequence[str]) -> tuple[int, int]:
    """How many of the words stand in a part of a text, and how many of them whole."""
    own = text.tokens(part)
    return len(words) - len(_missing(words, part)), sum(word in own for word in words)


def marked(written: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the words begin and end in a text: to be shown in bold."""
    parts = ((part.span(), "".join(text.tokens(part[0]))) for part in _PART.finditer(written))
    return [span for span, folded in parts if any(folded.startswith(word) for word in words)]
