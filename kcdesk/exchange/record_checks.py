"""Checks whether a received record is valid for this store: a signature proves who made it, not that it is correct."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.exchange.container.entries import RecordEntry
from kcdesk.formdef import record_values
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import OF_EVERY_RECORD, Field, Form
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import replace
from kcdesk.store.handover.merging import covers

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PATH = re.compile(r"[a-z][a-z0-9_]*(/[A-Za-z0-9_-]{1,64}(/[a-z][a-z0-9_]*)?)?")
_STAMP = re.compile(r"[0-9]{14}-[0-9a-f]{4}-[0-9a-z]{1,40}-?")
_OF_EVERY_ROW = frozenset(("id", "position"))
_SIMPLE = frozenset((str, int, float, bool))  # types of values that can be remembered
_MOST_KNOWN = 20_000  # values that are remembered
_FILE_NAMES = ("name", "original_name")
_BROKEN = "Hồ sơ trong gói không đúng quy cách của chương trình."


class RecordChecker:
    """Checks the records of one package."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._form = cache(self._known_form)
        self._states = cache(self._known_states)
        self._bounds: dict[int, Field] = {}
        self._names: set[str] = set()
        self._known: dict[tuple[int, type, object], str] = {}

    def refusal(self, entry: RecordEntry) -> str:
        """Why a record cannot be received, as a sentence; "" if it can."""
        form = self._form(entry.form)
        if form is None or form.id != entry.kind:
            return f"Hồ sơ theo mẫu «{entry.form}» mà chương trình này chưa có; hãy cập nhật chương trình."
        if not self._has_right_frame(entry) or not _has_right_parent(entry, form):
            return _BROKEN
        sentence = next(self._wrong_values(entry, form), "")
        return sentence or ("" if self._has_right_stamps(entry) else _BROKEN)

    def has_valid_knowledge(self, entry: RecordEntry) -> bool:
        """Whether the values of `seen` and `private` are texts, so that they can be compared with our stamps."""
        return all(isinstance(at, str) for known in (entry.seen, entry.private) for at in known.values())

    def _known_form(self, reference: str) -> Form | None:
        try:
            return self._forms.by_reference(reference)
        except UserError:
            return None

    def _known_states(self, kind: str) -> frozenset[str]:
        return frozenset(state.name for state in self._forms.workflow(kind).states)

    def _has_right_frame(self, entry: RecordEntry) -> bool:
        texts = (entry.created, entry.updated, *([entry.deleted] if entry.deleted else []))
        names = (entry.id, *([entry.parent] if entry.parent else []))
        hides = any(map(text.hides, _texts(entry.others)))
        return not hides and all(map(_is_moment, texts)) and all(map(_ID.fullmatch, names))

    def _has_right_stamps(self, entry: RecordEntry) -> bool:
        """Whether every value has a stamp, and every stamp is valid and covered by what the sender has seen."""
        known = (*entry.seen.items(), *entry.private.items())
        if not entry.seen or not all(
            isinstance(at, str) and _STAMP.fullmatch(at) and at.split("-")[2] == device for device, at in known
        ):
            return False
        if not all(map(self._is_path, (*entry.stamps, *entry.others))):
            return False
        waiting = [at for register in entry.others.values() for at in (register if isinstance(register, dict) else [0])]
        try:
            stamps = {*entry.stamps.values(), *waiting}  # all writes of an act have the same stamp
        except TypeError:
            return False
        right = all(
            isinstance(at, str) and _STAMP.fullmatch(at) and covers(entry.seen, at.rstrip("-")) for at in stamps
        )
        right = right and all(covers(entry.seen, at) for at in entry.private.values())
        marked = "deleted" in entry.stamps or not entry.deleted
        return right and marked and record_values.stamped_paths(entry.data, self._tables(entry)) <= entry.stamps.keys()

    def _is_path(self, path: str) -> bool:
        if "/" in path:
            return _PATH.fullmatch(path) is not None
        if path not in self._names and _PATH.fullmatch(path):
            self._names.add(path)
        return path in self._names

    def _tables(self, entry: RecordEntry) -> list[str]:
        form = self._form(entry.form)
        known = form.by_name if form else {}
        rows = [name for name, value in entry.data.items() if isinstance(value, list)]
        return [name for name in rows if name in known and known[name].columns]

    def _wrong_values(self, entry: RecordEntry, form: Form) -> Iterator[str]:
        """Yield a sentence for every value that this program would refuse.

        Limits (`min`, `max`) are not checked: they may depend on the date, and the sender's clock may differ.
        """
        for name, value in entry.data.items():
            if name in OF_EVERY_RECORD:
                if not self._is_own(name, value, entry.kind):
                    yield _BROKEN
                continue
            try:
                field = form.field(name)
                sentence = self._wrong(field, value)
                if sentence:
                    yield sentence
                elif field.columns:
                    yield from self._wrong_rows(field, value)
            except KeyError:
                yield f"Hồ sơ có mục ở «{name}» mà chương trình này không biết; hãy cập nhật chương trình."

    def _wrong_rows(self, field: Field, rows: list[dict[str, Any]]) -> Iterator[str]:
        for row in rows:
            for name, value in row.items():
                if name not in _OF_EVERY_ROW and (sentence := self._wrong(field.column(name), value)):
                    yield sentence

    def _wrong(self, field: Field, value: Any) -> str:
        """What is wrong with a value, "" if nothing is; many records have the same, which are judged once."""
        if type(value) not in _SIMPLE:
            return self._judged(field, value)
        key = (id(field), type(value), value)
        sentence = self._known.get(key)
        if sentence is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            sentence = self._known[key] = self._judged(field, value)
        return sentence

    def _judged(self, field: Field, value: Any) -> str:
        if any(map(text.hides, _texts(value))):
            return f"{field.label}: có ký tự điều khiển hoặc đảo chiều chữ, mà chương trình không bao giờ ghi."
        sentence = type_of(field).refusal(value, self._unbounded(field), self._forms)
        if not sentence or type_of(field).is_kept(value):  # a text kept as it stands on paper is shown with its mark
            return ""
        return f"{field.label}: {sentence}"

    def _unbounded(self, field: Field) -> Field:
        if field.min is None and field.max is None:
            return field
        if id(field) not in self._bounds:
            self._bounds[id(field)] = replace(field, min=None, max=None)
        return self._bounds[id(field)]

    def _is_own(self, name: str, value: Any, kind: str) -> bool:
        if name == "revision":
            return type(value) is int and value > 0
        return isinstance(value, str) and value in self._states(kind)


def _texts(value: object) -> Iterator[str]:
    """The texts in a value; of a file not its names, which may be those that somebody gave it, and are shown so."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner) if name not in _FILE_NAMES else ()
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def is_stamp(value: object) -> bool:
    """Whether a value is a stamp as this program writes it."""
    return isinstance(value, str) and _STAMP.fullmatch(value) is not None


def _has_right_parent(entry: RecordEntry, form: Form) -> bool:
    """Whether the parent of a record is the one named in the parent field of its form."""
    named = entry.data.get(form.parent) if form.parent else None
    return entry.parent == named or (bool(form.parent) and named is None)


def _is_moment(moment: str) -> bool:
    try:
        return moments.has_zone(moment)
    except ValueError:
        return False
