"""A record with the behaviour of its form: values by path, problems, what is visible and what may be changed."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kcdesk.errors import Problem, UserError
from kcdesk.formdef import computing, rules
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.toml_reader import nearest
from kcdesk.formdef.model import OF_EVERY_RECORD, Field, Form, Section, Workflow
from kcdesk.formdef.record_title import title_of
from kcdesk.formdef.record_values import (
    Row,
    ValueChanges,
    copied,
    differences,
    find_row,
    position_at,
    put,
    rows_of,
    value_at,
)
from kcdesk.formdef.scope import Scope, Spot
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.composite_types import TableType, is_row, new_row_id, row_order
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.types.row_links import RecordLookups, unlink_removed
from kcdesk.formdef.values import Stored, is_blank, thawed
from kcdesk.text import lower_first


class Record:
    """The values of one record with its form; every change returns all changed paths, computed values too.

    Paths: `title`, `budget/<row id>` (a row), `budget/<row id>/cost` (a cell). Names of later versions are accepted
    too; `rows` and `data` have the names of the record's own version.
    """

    def __init__(
        self,
        id: str,
        kind: str,
        form: Form,
        data: Mapping[str, Any],
        stamps: Mapping[str, str] | None = None,
        forms: Forms | None = None,
        parent: str | None = None,
        deleted: bool = False,
    ) -> None:
        self.id = id
        self.kind = kind
        self.form = form
        self.stamps = dict(stamps or {})
        self.forms = forms
        self.parent = parent
        self.deleted = deleted
        self._visible: list[Field] | None = None  # computed at the first use after a change, as are the lookups
        self._lookups: RecordLookups | None = None
        self.data = dict(data)
        self._sort_rows()

    @property
    def data(self) -> dict[str, Any]:
        """The stored values by field; changed only by `apply` and the methods for rows."""
        return self._data

    @data.setter
    def data(self, data: Mapping[str, Any]) -> None:
        self._data: dict[str, Any] = copied(dict(data))
        self._forget()

    def copy(self) -> Record:
        """A copy to try a change on."""
        return Record(self.id, self.kind, self.form, self.data, self.stamps, self.forms, self.parent, self.deleted)

    @property
    def state(self) -> str:
        """The name of its state; "" if it has none."""
        return str(self.data.get("state", ""))

    @property
    def revision(self) -> int:
        """The number of its paper's revision, from 1."""
        revision = self.data.get("revision")
        return revision if isinstance(revision, int) and revision > 0 else 1

    def field(self, path: str) -> Field:
        """The definition of the field, table or cell at a path; UserError `unknown_field`."""
        name, *rest = self._own(path).split("/", 2)
        column = rest[1] if len(rest) == 2 else ""
        try:
            field = self.form.field(name)
            if rest and not field.columns:
                raise KeyError(path)
            return field.column(column) if column else field
        except KeyError:
            known = [field.name for field in self.form.fields]
            known += [f"{table.name}/…/{column.name}" for table in self.form.tables for column in table.columns]
            near = nearest(f"{name}/…/{column}" if column else name, known)
            names = ", ".join(known[: len(self.form.fields)])
            hint = f"{near.capitalize()}?" if near else f"Các ô: {names}."
            message = f"Mẫu “{self.form.label}” không có ô “{path}”."
            raise UserError(message, code="unknown_field", hint=hint, field=path) from None

    def value(self, path: str) -> Stored | None:
        """A copy of the stored value; None if there is none."""
        return copied(value_at(self.data, self._own(path)))

    def rows(self, table: str) -> list[Row]:
        """Copies of the rows of a table, in order."""
        return [copied(row) for row in rows_of(self.data, self._own(table))]

    def text(self, path: str) -> str:
        """The value as on the screen; "" if there is none."""
        value = self.value(path)
        if is_blank(value):
            return ""
        field = self.field(path)
        return type_of(field).text(value, field, self.lookups)

    def title(self) -> str:
        """The title of the record."""
        return title_of(self.form, self.data, self.forms)

    def basis(self, source: str, *, on: date, unverified: bool = False) -> str:
        """A legal source as `Forms.basis` shows it; as it is written if the record does not know its forms."""
        return self.forms.basis(source, unverified=unverified, on=on) if self.forms else source

    @property
    def lookups(self) -> RecordLookups | None:
        """What field types need to read and show its values as they are now; None without forms."""
        if self._lookups is None and self.forms:
            self._lookups = RecordLookups(self.forms, self.form, self.data)
        return self._lookups

    def row_names(self, table: str) -> Mapping[str, str]:
        """The names of the rows of a table by id, no two alike; {} without forms."""
        return self.lookups.row_names(table) if self.lookups else {}

    # ---- what is visible, required and editable
    def fields_visible(self) -> list[Field]:
        """The visible fields, in the order of the paper."""
        if self._visible is None:
            self._visible = [
                field
                for section in self.form.sections
                if holds(section.visible_when, self.data)
                for field in section.fields
                if holds(field.visible_when, self.data)
            ]
        return self._visible

    def is_visible(self, path: str) -> bool:
        """Whether the field or cell is visible."""
        table = self.field(path.partition("/")[0])
        shown = holds(self._section(table).visible_when, self.data) and holds(table.visible_when, self.data)
        return shown and holds(self.field(path).visible_when, self._values_at(path))

    def fields_required(self) -> list[Field]:
        """The fields that must be filled before the record is made final, in the order of the paper."""
        return [field for field in self.fields_visible() if _is_required(field, self.data)]

    def is_required(self, path: str) -> bool:
        """Whether the field or cell must be filled before the record is made final."""
        return self.is_visible(path) and _is_required(self.field(path), self._values_at(path))

    def is_editable(self, path: str, workflow: Workflow, level: str, *, is_own: bool = True) -> bool:
        """Whether an officer of this level may change the field or cell; `is_own`: its unit made the record."""
        table = self.field(path.partition("/")[0])
        field = self.field(path)
        deciders = {item.owner for item in (table, field) if item.is_decision}
        if self.deleted or field.computed or (deciders and level not in deciders):
            return False
        state = workflow.state(self.state or workflow.initial)
        in_hand = is_own or state.holder in ("", level)
        return (state.editable and in_hand) or state.leaves_open(self._section(table).id, table.name)

    # ---- changing

    def set(self, path: str, stored: Stored | None) -> ValueChanges:
        """Set a stored value at a path, None to empty it; returns all changed paths, computed values too.

        Raises UserError for a path that the form does not have, a computed one, or a cell of a missing row.
        """
        return self.apply({path: stored})

    def apply(self, values: Mapping[str, Stored | None]) -> ValueChanges:
        """Set many stored values as a single change and compute once at the end; returns all changed paths.

        Raises UserError as `set` does; then the record is unchanged.
        """
        before = copied(self.data)
        try:
            for path, stored in values.items():
                self._put(path, stored)
        except UserError:
            self.data = before
            raise
        return self._settle(before)

    def _put(self, path: str, stored: Stored | None) -> None:
        self._forget()
        path = self._own(path)
        name, *rest = path.split("/")
        if name in OF_EVERY_RECORD and not rest:
            put(self.data, name, stored)
        else:
            self._write(path, name, rest, stored)

    def parse(self, path: str, raw: object) -> ValueChanges:
        """Read typed text, JSON or a cell, and set it; ValueProblem with the path if it is refused."""
        return self.set(path, self.read(path, raw))

    def read(self, path: str, raw: object, *, as_written: bool = False) -> Stored | None:
        """Read a value without setting it, or keep it `as_written` on paper; ValueProblem with the path if refused."""
        field = self.field(path)
        field_type = type_of(field)
        try:
            if isinstance(field_type, TableType) and "/" in path and isinstance(raw, Mapping):
                return field_type.read_row(raw, field, self.lookups)
            return field_type.written(raw) if as_written else field_type.parse(raw, field, self.lookups)
        except ValueProblem as problem:
            raise ValueProblem(problem.message, path) from None

    def add_row(
        self, table: str, values: Mapping[str, Stored] | None = None, after: str | None = None
    ) -> tuple[str, ValueChanges]:
        """Add a row after another, or at the end, with its declared defaults; returns its id and all changed paths."""
        before, table = copied(self.data), self._own(table)
        row_id = new_row_id()
        rows = rows_of(self.data, table)
        index = self._index(table, after) + 1 if after else len(rows)
        position = position_at(rows, index)
        defaults = {column.name: thawed(column.default) for column in self.field(table).columns}
        row = defaults | dict(values or {}) | {"position": position}
        self._write_row(table, row_id, row)
        return row_id, self._settle(before)

    def remove_row(self, table: str, row_id: str) -> ValueChanges:
        """Remove a row; returns all changed paths."""
        self._index(self._own(table), row_id)
        return self.set(f"{table}/{row_id}", None)

    def move_row(self, table: str, row_id: str, after: str | None) -> ValueChanges:
        """Move a row after another, or to the beginning; returns all changed paths."""
        before, table = copied(self.data), self._own(table)
        rows = rows_of(self.data, table)
        moved = rows[self._index(table, row_id)]
        rest = [row for row in rows if row is not moved]
        if after != row_id:
            index = self._index(table, after) if after else -1
            before_moved = index < self._index(table, row_id)
            moved["position"] = position_at(rest, index + 1 if before_moved else index)
        return self._settle(before)

    # ---- problems

    def problems(self, final: bool = False) -> list[Problem]:
        """The problems of the values, in the order of the paper; with `final`, also missing values and all checks."""
        spots = list(self._spots())
        problems = [problem for spot in spots if (problem := self._wrong(spot))]
        problems += self.missing() if final else []
        problems += self._failed_checks(final)
        order = {spot.path: place for place, spot in enumerate(spots)}
        return sorted(problems, key=lambda problem: order.get(problem.field, order[problem.field.partition("/")[0]]))

    def missing(self) -> list[Problem]:
        """A problem for each value that must be filled before the record is made final."""
        return [
            Problem(spot.path, f"{spot.label}: chưa nhập.")
            for spot in self._spots()
            if is_blank(spot.value) and _is_required(spot.field, spot.values)
        ]

    def _wrong(self, spot: Spot) -> Problem | None:
        if is_blank(spot.value):
            return None
        field_type = type_of(spot.field)
        sentence = lower_first(field_type.wrong(spot.value, spot.field, self.lookups))
        kept = "giữ như trên giấy; " if sentence and field_type.is_kept(spot.value) else ""
        return Problem(spot.path, f"{spot.label}: {kept}{sentence}", advice=bool(kept)) if sentence else None

    def _failed_checks(self, final: bool) -> Iterator[Problem]:
        shown = {field.name for field in self.fields_visible()}
        scope = self._scope()
        for check in self.form.checks:
            names = {name.partition(".")[0] for name in (check.field, *check.fields)}
            if (final or check.draft) and names <= shown and holds(check.when, self.data):
                yield from rules.run(check, scope)

    def _spots(self) -> Iterator[Spot]:
        """Yield every visible field and, after each table, its visible cells."""
        for field in self.fields_visible():
            yield Spot(field.name, field, field.label, self.data.get(field.name), self.data)
            if field.columns and rows_of(self.data, field.name):
                yield from self._cells(field)

    def _cells(self, table: Field) -> Iterator[Spot]:
        for scope in self._scope().rows(table.name):
            row = dict(scope.row or {})
            values = ChainMap(row, self.data)
            name = rules.row_name(scope)
            for column in table.columns:
                if holds(column.visible_when, values):
                    path = f"{table.name}/{row['id']}/{column.name}"
                    yield Spot(path, column, f"{name}, {column.label}", row.get(column.name), values)

    # ---- helpers

    def _forget(self) -> None:
        """Forget what follows from the values: they change."""
        self._visible = self._lookups = None

    def _own(self, path: str) -> str:  # the path with the names of the record's own version
        return self.forms.renames(self.kind).own(self.form, path) if self.forms else path

    def _section(self, field: Field) -> Section:
        return self.form.section_of(field.name)

    def _scope(self) -> Scope:
        return Scope(self.form, self.data, self.forms)

    def _values_at(self, path: str) -> Mapping[str, Any]:
        """The values for conditions at a path: those of the row, then those of the record."""
        name, *rest = self._own(path).split("/")
        row = find_row(self.data, name, rest[0]) if rest else None
        return ChainMap(row, self.data) if row else self.data

    def _index(self, table: str, row_id: str) -> int:
        for index, row in enumerate(rows_of(self.data, table)):
            if row["id"] == row_id:
                return index
        raise UserError("Dòng này không còn trong hồ sơ.", code="row_gone", field=f"{table}/{row_id}")

    def _write(self, path: str, name: str, rest: list[str], stored: Stored | None) -> None:
        field = self.field(path)
        if field.computed:
            raise UserError(f"“{field.label}” được tính tự động.", code="computed", field=path)
        if not rest and field.columns and isinstance(stored, list):
            self._write_table(name, stored)
        elif not rest:
            put(self.data, name, stored)
        elif len(rest) == 1:
            self._write_row(name, rest[0], stored)
        else:
            put(rows_of(self.data, name)[self._index(name, rest[0])], rest[1], stored)

    def _write_table(self, table: str, rows: list[Row]) -> None:
        if not all(isinstance(row, dict) for row in rows):
            raise ValueProblem("Phải là danh sách các dòng.", table)
        written = [
            self._row(table, row.get("id") or new_row_id(), {"position": float(number)} | row)
            for number, row in enumerate(rows, start=1)
        ]
        if len({row["id"] for row in written}) < len(written):
            raise ValueProblem("Có hai dòng trùng mã.", table)
        put(self.data, table, written)

    def _write_row(self, table: str, row_id: str, row: Row | None) -> None:
        """Replace, add or (None) remove a row."""
        rows = rows_of(self.data, table)
        kept = [other for other in rows if other["id"] != row_id]
        if row is not None:
            old = find_row(self.data, table, row_id)
            position = old["position"] if old else position_at(rows, len(rows))
            kept.append(self._row(table, row_id, {"position": position} | row))
        put(self.data, table, kept)

    def _row(self, table: str, row_id: str, row: Row) -> Row:
        """A row as it is stored, without computed values."""
        written = {"id": row_id, "position": row["position"]}
        for name in row.keys() - written.keys():
            if not self.field(f"{table}/{row_id}/{name}").computed:
                put(written, name, row[name])
        if not is_row(written):
            raise ValueProblem("Dòng này không có mã hoặc vị trí hợp lệ.", f"{table}/{row_id}")
        return written

    def _settle(self, before: Mapping[str, Any]) -> ValueChanges:
        """Sort the rows, empty links to removed rows and compute all values; returns what differs from `before`."""
        self._sort_rows()
        unlink_removed(self.form, before, self.data)
        computing.compute_all(self.form, self.data, self.forms)
        self._forget()
        return differences(before, self.data, (table.name for table in self.form.tables))

    def _sort_rows(self) -> None:
        for table in self.form.tables:
            if rows := rows_of(self.data, table.name):
                rows.sort(key=row_order)


def _is_required(field: Field, values: Mapping[str, Any]) -> bool:
    return not field.computed and (field.required or bool(field.required_when and holds(field.required_when, values)))
