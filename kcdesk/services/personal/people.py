"""«Dữ liệu về một người»: everything that the store holds about somebody, present and former, in one list."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk import moments, text
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.personal import is_personal
from kcdesk.formdef.types.registry import type_of
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.services.papers import sheets
from kcdesk.services.personal import own_sentences
from kcdesk.services.personal.naming import PersonWords
from kcdesk.services.personal.own_sentences import OwnSentence
from kcdesk.services.workspace import Workspace
from kcdesk.store.personal.wiping import MARK as ERASED
from kcdesk.store.stored_record import StoredRecord

_LAYOUT = "person_data"
NOW, BEFORE, PAPER, SENT = "hiện nay", "trước đây", "giấy đã chốt", "gói đã gửi, đã nhận"
MENTIONED, FILE = "được nhắc đến", "tệp đính kèm, cần mở xem"


class PersonPlace(Value):
    """One place with a value about the person; `where` says in what: now, before, on a kept paper, in a package.

    `path` is that of a value that is the person's own; "" for a mention, a paper, a package, a file.
    """

    record: str
    kind: str
    title: str
    path: str
    label: str
    value: str
    where: str
    on: str
    sensitive: bool = False


class PersonData(Value):
    """All places of a person; `asked` are the words that were searched for.

    `sentences` are those of the office, offered while typing, that name the person; they belong to no record.
    """

    asked: tuple[str, ...]
    places: tuple[PersonPlace, ...]
    sentences: tuple[OwnSentence, ...] = ()

    def records(self) -> tuple[str, ...]:
        """The ids of the records, in order."""
        return tuple(dict.fromkeys(place.record for place in self.places))

    def erasable(self, records: Sequence[str] = ()) -> dict[str, list[str]]:
        """The paths of the personal values by record, all or those of some records; none where it is only mentioned."""
        paths: dict[str, dict[str, None]] = {}
        for place in self.places:
            if not records or place.record in records:
                own = paths.setdefault(place.record, {})
                own |= {place.path: None} if place.path else {}
        return {record: list(own) for record, own in paths.items()}

    def to_json(self) -> dict[str, Any]:
        """The stable shape of the command line."""
        return {
            "asked": list(self.asked),
            "places": [asdict(place) for place in self.places],
            "sentences": [asdict(sentence) for sentence in self.sentences],
        }


class PersonSheet(sheets.Topic, kw_only=True):
    """The subject of the paper for the person: what was asked, and a row for each place."""

    asked: str
    rows: list[dict[str, str]]
    number: int


def find(workspace: Workspace, *words: str, progress: Progress = ignore_progress) -> PersonData:
    """Everything about the person who is called so or has this number: each of the words names the same person.

    A record, or a row of a table, is about the person if one of its personal values is one of the words, now or
    before; then all its personal values belong to the person. Other texts and kept papers only mention the person.
    UserError `nobody_named`.
    """
    wanted = PersonWords(words)
    papers: dict[str, set[str]] = {}
    for record, paper in workspace.store.papers_with(wanted.pattern):
        papers.setdefault(record, set()).add(paper)
    places: list[PersonPlace] = []
    for record in dict.fromkeys([*workspace.store.records_with(wanted.pattern, progress), *sorted(papers)]):
        progress(0, 0)
        stored = workspace.store.get(record)
        own = list(_of_record(workspace, stored, wanted))
        places += own
        places += _mentions(workspace, stored, wanted, {place.path for place in own})
        places += _on_papers(workspace, stored, None if own else papers.get(record, set()))
        if own:
            places += _files(workspace, stored)
            places += _in_packages(workspace, stored)
    return PersonData(tuple(words), tuple(places), tuple(own_sentences.naming(workspace, wanted)))


def held_in(workspace: Workspace, record: str) -> PersonData:
    """Every personal value of a record, of whomever it is, now and before."""
    stored = workspace.store.get(record)
    title = stored.title(workspace.forms)
    return PersonData((title,), tuple(_of_record(workspace, stored, None)))


def words_of(workspace: Workspace, record: str) -> tuple[str, ...]:
    """The names and numbers in a record by which its person is looked for; () if none of its own fields has any."""
    stored = workspace.store.record(record)
    names = (field.name for field in stored.form.fields if field.personal and type_of(field).is_text)
    return tuple(str(value) for name in names if (value := stored.data.get(name)) and value != ERASED)


def print_person(workspace: Workspace, held: PersonData, pdf: Path) -> dict[str, Any]:
    """Write the paper that the person may be given; the use is noted. KnownError if the file cannot be written."""
    rows = [
        {"place": f"{place.title}: {place.label}", "value": place.value, "where": " ".join((place.where, place.on))}
        for place in held.places
    ]
    rows += [{"place": each.label, "value": each.text, "where": each.where} for each in held.sentences]
    asked = ", ".join(held.asked)
    subject = PersonSheet(id=asked, name=asked, asked=asked, rows=rows, number=len(held.records()))
    written = sheets.print_sheet(workspace, _LAYOUT, {"person": subject}, pdf)
    with workspace.store.together():
        for record in held.records():
            workspace.store.note_use("answered", record, {"paper": _LAYOUT})
    return written


def _of_record(workspace: Workspace, stored: StoredRecord, wanted: PersonWords | None) -> Iterator[PersonPlace]:
    """The personal values of the record and of those of its rows that are about the person, or about anybody."""
    form = workspace.forms.by_reference(stored.form)
    fields = [field for field in form.fields if is_personal(field)]
    tables = [field for field in form.fields if any(map(is_personal, field.columns or ()))]
    if not fields and not tables:
        return
    lines = workspace.store.history(stored.id)
    own = [field.name for field in fields]
    former = _former(lines, own)
    if _is_about(wanted, [*_values(stored.data, own), *(value for _, value, _ in former)]):
        yield from _places(workspace, stored, [(field.name, field) for field in fields], former)
    for table in tables:
        yield from _of_rows(workspace, stored, table, lines, wanted)


def _of_rows(
    workspace: Workspace, stored: StoredRecord, table: Field, lines: Sequence[Any], wanted: PersonWords | None
) -> Iterator[PersonPlace]:
    columns = [column for column in table.columns or () if is_personal(column)]
    rows = {row["id"] for row in stored.data.get(table.name, ())} | _former_rows(lines, table.name)
    for row in sorted(rows):
        paths = {f"{table.name}/{row}/{column.name}": column for column in columns}
        now = [_value_at(stored.data, path) for path in paths]
        former = _former(lines, list(paths))
        if _is_about(wanted, [*now, *(value for _, value, _ in former)]):
            yield from _places(workspace, stored, list(paths.items()), former)


def _is_about(wanted: PersonWords | None, values: Iterable[object]) -> bool:
    return wanted is None or any(map(wanted.is_in, values))


def _places(
    workspace: Workspace,
    stored: StoredRecord,
    paths: Sequence[tuple[str, Field]],
    former: Sequence[tuple[str, Any, str]],
) -> Iterator[PersonPlace]:
    title, fields = stored.title(workspace.forms), dict(paths)
    for path, field in paths:
        value = _value_at(stored.data, path)
        if value not in (None, "", []):
            yield _place(workspace, stored, title, path, field, value, NOW, stored.updated)
    for path, value, at in former:
        if value not in (None, "", []):
            yield _place(workspace, stored, title, path, fields[path], value, BEFORE, at)


def _place(
    workspace: Workspace, stored: StoredRecord, title: str, path: str, field: Field, value: Any, where: str, at: str
) -> PersonPlace:
    shown = type_of(field).text(value, field, workspace.forms)
    day = text.format_date(moments.day(at))
    return PersonPlace(stored.id, stored.kind, title, path, field.label, shown, where, day, field.sensitive)


def _value_at(data: Mapping[str, Any], path: str) -> Any:
    table, _, rest = path.partition("/")
    row, _, column = rest.partition("/")
    if not column:
        return data.get(path)
    return next((each.get(column) for each in data.get(table, ()) if each.get("id") == row), None)


def _values(data: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    return [data.get(name) for name in names]


def _former(lines: Sequence[Any], paths: Sequence[str]) -> list[tuple[str, Any, str]]:
    """Path, value and moment of every value that a later one has replaced, newest first, each once."""
    seen: dict[tuple[str, str], tuple[str, Any, str]] = {}
    for line in lines:
        for path in paths:
            value = _in_line(line.before or {}, path)
            if value not in (None, "", []):
                seen.setdefault((path, json.dumps(value, ensure_ascii=False)), (path, value, line.at))
    return list(seen.values())


def _in_line(content: Mapping[str, Any], path: str) -> Any:
    if path in content:
        return content[path]
    table, _, rest = path.partition("/")
    row, _, column = rest.partition("/")
    if not column:
        return None
    whole = content.get(f"{table}/{row}")
    return whole.get(column) if isinstance(whole, dict) else _value_at(content, path) if table in content else None


def _former_rows(lines: Sequence[Any], table: str) -> set[str]:
    paths = (path for line in lines for path in (line.before or {}))
    return {path.split("/")[1] for path in paths if path.startswith(f"{table}/")}


def _mentions(
    workspace: Workspace, stored: StoredRecord, wanted: PersonWords, known: Collection[str]
) -> Iterator[PersonPlace]:
    """Texts that name the person in fields that are about nobody: titles, notes, cells; now, else before."""
    form, title = workspace.forms.by_reference(stored.form), stored.title(workspace.forms)
    lines = workspace.store.history(stored.id)
    for path, field, value in _texts(form, stored.data):
        if path not in known and wanted.is_within(value):
            yield _mention(stored, title, field.label, value, stored.updated)
    for line in lines:
        for path, field, value in _texts(form, line.before or {}):
            if path not in known and wanted.is_within(value) and _value_at(stored.data, path) != value:
                yield _mention(stored, title, f"{field.label} ({BEFORE})", value, line.at)


def _texts(form: Form, content: Mapping[str, Any]) -> Iterator[tuple[str, Field, str]]:
    """Path, field and text of every text of a record, or of a line of its history."""
    for field in form.fields:
        value = content.get(field.name)
        if isinstance(value, str):
            yield field.name, field, value
        if not field.columns:
            continue
        rows = [row for row in value or () if isinstance(row, dict)] if isinstance(value, list) else []
        rows += [{"id": path.split("/")[1], **row} for path, row in content.items() if _is_row(path, row, field)]
        for row in rows:
            for column in field.columns:
                if isinstance(row.get(column.name), str):
                    yield f"{field.name}/{row['id']}/{column.name}", column, row[column.name]


def _is_row(path: str, value: object, table: Field) -> bool:
    return path.startswith(f"{table.name}/") and isinstance(value, dict)


def _mention(stored: StoredRecord, title: str, label: str, value: str, at: str) -> PersonPlace:
    day = text.format_date(moments.day(at))
    return PersonPlace(stored.id, stored.kind, title, "", label, value, MENTIONED, day)


def _files(workspace: Workspace, stored: StoredRecord) -> Iterator[PersonPlace]:
    """The attached files of a record about the person: only somebody who looks can know whom they show."""
    form, title = workspace.forms.by_reference(stored.form), stored.title(workspace.forms)
    for field in form.fields:
        value = stored.data.get(field.name)
        if value and type_of(field).holds_files and not is_personal(field):
            names = type_of(field).text(value, field, workspace.forms)
            day = text.format_date(moments.day(stored.updated))
            yield PersonPlace(stored.id, stored.kind, title, "", field.label, names, FILE, day, field.sensitive)


def _on_papers(workspace: Workspace, stored: StoredRecord, only: Collection[str] | None) -> Iterator[PersonPlace]:
    """The kept papers of a record, all or those with these ids."""
    title = stored.title(workspace.forms)
    for paper in workspace.store.papers.of(stored.id):
        if only is None or paper.id in only:
            day, layout = text.format_date(moments.day(paper.at)), workspace.layouts.get(paper.layout)
            label = layout.label if layout is not None else paper.layout
            number = f"bản {paper.revision}"
            yield PersonPlace(stored.id, stored.kind, title, "", label, number, PAPER, day, paper.sensitive)


def _in_packages(workspace: Workspace, stored: StoredRecord) -> Iterator[PersonPlace]:
    title = stored.title(workspace.forms)
    for entry in workspace.store.packages.carrying(stored.id):
        way = "gửi" if entry.direction == "out" else "nhận từ"
        partner = entry.details.get("receiver_name") or entry.partner or entry.details.get("unit", "")
        value = f"{way} {partner}".strip()
        day = text.format_date(moments.day(entry.at))
        yield PersonPlace(stored.id, stored.kind, title, "", "Gói bàn giao", value, SENT, day)
