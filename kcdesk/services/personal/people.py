"""«Dữ liệu về một người»: everything that the store holds about somebody, present and former, in one list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.personal import is_personal
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.papers import sheets
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord

_LEAST_DIGITS = 6  # of a number that is searched for
_LAYOUT = "person_data"
NOW, BEFORE, PAPER, SENT = "hiện nay", "trước đây", "giấy đã chốt", "gói đã gửi, đã nhận"


@dataclass(frozen=True, slots=True)
class PersonPlace:
    """One place with a value about the person; `where` says in what: now, before, on a kept paper, in a package.

    `path` is that of the value in its record; "" for a paper or a package, which have no field.
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


@dataclass(frozen=True, slots=True)
class PersonData:
    """All places of a person; `asked` are the words that were searched for."""

    asked: tuple[str, ...]
    places: tuple[PersonPlace, ...]

    def records(self) -> tuple[str, ...]:
        """The ids of the records, in order."""
        return tuple(dict.fromkeys(place.record for place in self.places))

    def erasable(self, records: Sequence[str] = ()) -> dict[str, list[str]]:
        """The paths of the personal values by record, all or those of some records."""
        paths: dict[str, dict[str, None]] = {}
        for place in self.places:
            if place.path and (not records or place.record in records):
                paths.setdefault(place.record, {})[place.path] = None
        return {record: list(own) for record, own in paths.items()}

    def to_json(self) -> dict[str, Any]:
        """The stable shape of the command line."""
        return {"asked": list(self.asked), "places": [asdict(place) for place in self.places]}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSheet(sheets.Topic):
    """The subject of the paper for the person: what was asked, and a row for each place."""

    asked: str
    rows: list[dict[str, str]]
    number: int


def find(workspace: Workspace, *words: str) -> PersonData:
    """Everything about the person who is called so or has this number: each of the words names the same person.

    A record, or a row of a table, is about the person if one of its personal values is one of the words, now or
    before; then all its personal values belong to the person. UserError `nobody_named`.
    """
    wanted = _Wanted(words)
    places: list[PersonPlace] = []
    for stored in _all_records(workspace):
        places.extend(_of_record(workspace, stored, wanted))
    held = dict.fromkeys(place.record for place in places)
    for record in held:
        places.extend(_on_papers(workspace, record))
        places.extend(_in_packages(workspace, record))
    return PersonData(tuple(words), tuple(places))


def print_person(workspace: Workspace, held: PersonData, pdf: Path) -> dict[str, Any]:
    """Write the paper that the person may be given; the use is noted. KnownError if the file cannot be written."""
    rows = [
        {"place": f"{place.title}: {place.label}", "value": place.value, "where": " ".join((place.where, place.on))}
        for place in held.places
    ]
    asked = ", ".join(held.asked)
    subject = PersonSheet(id=asked, name=asked, asked=asked, rows=rows, number=len(held.records()))
    written = sheets.print_sheet(workspace, _LAYOUT, {"person": subject}, pdf)
    for record in held.records():
        workspace.store.personal.note(workspace.identity, "answered", record, {"paper": _LAYOUT})
    return written


class _Wanted:
    """The words that name a person, compared without accents, capitals and spaces; numbers by their digits."""

    def __init__(self, words: Sequence[str]) -> None:
        self._names = {text.fold(word).strip() for word in words if word.strip() and not _digits(word)}
        self._numbers = {_digits(word) for word in words if _digits(word)}
        if not self._names and not self._numbers:
            raise UserError(
                "Chưa có tên hay số nào để tìm.",
                code="nobody_named",
                hint="Hãy ghi họ tên, số căn cước, số điện thoại hoặc email.",
            )

    def is_in(self, value: object) -> bool:
        """Whether a personal value names the person."""
        if not isinstance(value, str):
            return False
        number, folded = _digits(value), f" {' '.join(text.fold(value).split())} "
        return number in self._numbers if number else any(f" {' '.join(n.split())} " in folded for n in self._names)


def _digits(word: str) -> str:
    """The digits of a number, "" for a text that is none."""
    digits = "".join(letter for letter in word if letter.isdigit())
    is_number = len(digits) >= _LEAST_DIGITS and all(letter.isdigit() or letter in " .-+()" for letter in word.strip())
    if not is_number:
        return ""
    return f"0{digits.removeprefix('84')}" if word.strip().startswith("+84") else digits


def _all_records(workspace: Workspace) -> Iterator[StoredRecord]:
    yield from workspace.store.changed_since({})


def _of_record(workspace: Workspace, stored: StoredRecord, wanted: _Wanted) -> Iterator[PersonPlace]:
    """The personal values of the record and of those of its rows that are about the person."""
    form = workspace.forms.by_reference(stored.form)
    fields = [field for field in form.fields if is_personal(field)]
    tables = [field for field in form.fields if any(map(is_personal, field.columns or ()))]
    if not fields and not tables:
        return
    lines = workspace.store.history(stored.id)
    own = [field.name for field in fields]
    former = _former(lines, own)
    if any(wanted.is_in(value) for value in _values(stored.data, own)) or any(
        wanted.is_in(value) for _, value, _ in former
    ):
        yield from _places(workspace, form, stored, [(field.name, field) for field in fields], former)
    for table in tables:
        yield from _of_rows(workspace, form, stored, table, lines, wanted)


def _of_rows(
    workspace: Workspace, form: Form, stored: StoredRecord, table: Field, lines: Sequence[Any], wanted: _Wanted
) -> Iterator[PersonPlace]:
    columns = [column for column in table.columns or () if is_personal(column)]
    rows = {row["id"] for row in stored.data.get(table.name, ())} | _former_rows(lines, table.name)
    for row in sorted(rows):
        paths = {f"{table.name}/{row}/{column.name}": column for column in columns}
        now = [_value_at(stored.data, path) for path in paths]
        former = _former(lines, list(paths))
        if any(map(wanted.is_in, now)) or any(wanted.is_in(value) for _, value, _ in former):
            yield from _places(workspace, form, stored, list(paths.items()), former)


def _places(
    workspace: Workspace,
    form: Form,
    stored: StoredRecord,
    paths: Sequence[tuple[str, Field]],
    former: Sequence[tuple[str, Any, str]],
) -> Iterator[PersonPlace]:
    title, fields = stored.title(workspace.forms), dict(paths)
    for path, field in paths:
        value = _value_at(stored.data, path)
        if value not in (None, "", []):
            yield _place(stored, title, path, field, value, NOW, stored.updated)
    for path, value, at in former:
        if value not in (None, "", []):
            yield _place(stored, title, path, fields[path], value, BEFORE, at)
    del form


def _place(stored: StoredRecord, title: str, path: str, field: Field, value: Any, where: str, at: str) -> PersonPlace:
    shown = ", ".join(file["name"] for file in value) if type_of(field).holds_files else str(value)
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


def _on_papers(workspace: Workspace, record: str) -> Iterator[PersonPlace]:
    title, kind = _named(workspace, record)
    for paper in workspace.store.papers.of(record):
        day = text.format_date(moments.day(paper.at))
        layout = workspace.layouts.get(paper.layout)
        label = layout.label if layout is not None else paper.layout
        yield PersonPlace(record, kind, title, "", label, f"bản {paper.revision}", PAPER, day, paper.sensitive)


def _in_packages(workspace: Workspace, record: str) -> Iterator[PersonPlace]:
    title, kind = _named(workspace, record)
    for entry in workspace.store.packages.list():
        if record in workspace.store.packages.carried(entry.id):
            way = "gửi" if entry.direction == "out" else "nhận từ"
            partner = entry.details.get("receiver_name") or entry.partner or entry.details.get("unit", "")
            day = text.format_date(moments.day(entry.at))
            yield PersonPlace(record, kind, title, "", "Gói bàn giao", f"{way} {partner}".strip(), SENT, day)


def _named(workspace: Workspace, record: str) -> tuple[str, str]:
    stored = workspace.store.get(record)
    return stored.title(workspace.forms), stored.kind
