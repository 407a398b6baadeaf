"""What a form and its workflow say of the registers of its records, as merging asks it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import DELETED, Field, Form, Workflow

STATE = "state"
POSITION = "position"


class Shape:
    """The properties that a form and its workflow give to the registers of a record."""

    def __init__(self, form: Form, workflow: Workflow) -> None:
        self.form, self._workflow = form, workflow
        self.tables = {table.name: table for table in form.tables}
        self._section = {field.name: section.id for section in form.sections for field in section.fields}

    @cached_property
    def _closed(self) -> dict[str, frozenset[str]]:
        """The fields that are closed in each locked state."""
        return {
            state.name: frozenset(n for n, section in self._section.items() if not state.leaves_open(section, n))
            for state in self._workflow.states
            if not state.editable
        }

    def is_closed(self, path: str, state: object) -> bool:
        """Whether this register is part of the locked paper of a record in this state."""
        closed = self._closed.get(state) if isinstance(state, str) else None
        if closed is None or path in (DELETED, STATE):
            return False
        return path.partition("/")[0] in closed or path == "revision"

    def is_rewritten(self, paths: Iterable[str], state: object) -> bool:
        """Whether writes at these paths make another paper of a locked one: it is locked anew, and goes as a whole."""
        if not isinstance(state, str) or state not in self._closed:
            return False
        return any(
            self.is_closed(path, state) and not (self.is_latest(path) or self.is_sensitive(path)) for path in paths
        )

    def is_owned(self, path: str) -> bool:
        """Whether only the province may write at this path."""
        name, *rest = path.split("/")
        return name in self._owned or (len(rest) == 2 and f"{name}/{rest[1]}" in self._owned)

    @cached_property
    def _owned(self) -> frozenset[str]:
        """The fields (`name`) and columns (`table/column`) of the province."""
        columns = ((table, column) for table in self.form.tables for column in table.columns)
        return frozenset(
            (
                *(field.name for field in self.form.fields if field.is_decision),
                *(f"{table.name}/{column.name}" for table, column in columns if column.is_decision),
            )
        )

    @cached_property
    def owned_tables(self) -> frozenset[str]:
        """The tables that have columns of the province."""
        return frozenset(path.partition("/")[0] for path in self._owned if "/" in path)

    @cached_property
    def _has_owned_rows(self) -> bool:
        return bool(self.owned_tables) or not self._owned.isdisjoint(self.tables)

    def owned(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Those of the paths at which only the province may write."""
        if self._has_owned_rows:
            return tuple(filter(self.is_owned, paths))
        return tuple(path for path in paths if path in self._owned)

    def has_own(self, paths: Iterable[str]) -> bool:
        """Whether any of the paths lies in a field that each office fills in for itself."""
        own = self._workflow.own
        return bool(own) and any(path.startswith(own) and self.is_own(path) for path in paths)

    def is_latest(self, path: str) -> bool:
        """Whether a register keeps only its latest write."""
        return any(field.computed for field in self.fields(path)) or self.is_owned(path) or self.is_own(path)

    def is_own(self, path: str) -> bool:
        """Whether each office fills in this field for itself."""
        return path.partition("/")[0] in self._workflow.own

    def is_sensitive(self, path: str) -> bool:
        """Whether a register may be left out of a package."""
        return any(field.sensitive for field in self.fields(path))

    def fields(self, path: str) -> tuple[Field, ...]:
        """The field at a path, or the table and its column; () for fields that every record has."""
        return self._fields(path.partition("/")[0], path.split("/")[2] if path.count("/") == 2 else "")

    @cached_property
    def _apart(self) -> tuple[frozenset[str], frozenset[str]]:
        """The fields, and the tables with columns, whose writes count even if `seen` covers them."""
        apart = {field.name for field in self.form.fields if field.sensitive or field.is_decision}
        columns = ((table, column) for table in self.form.tables for column in table.columns)
        tables = {table.name for table, column in columns if column.sensitive or column.is_decision}
        return frozenset(apart), frozenset(tables)

    @cached_property
    def has_sensitive(self) -> bool:
        """Whether any field or column may be left out of a package."""
        columns = (column for table in self.form.tables for column in table.columns)
        return any(field.sensitive for field in (*self.form.fields, *columns))

    def has_apart(self, stamped: Iterable[str], present: Iterable[str]) -> bool:
        """Whether a state with these stamped paths and fields has values that count even if its writes were seen."""
        fields, tables = self._apart
        return not (fields.isdisjoint(stamped) and tables.isdisjoint(present))

    @cache  # noqa: B019 - a shape exists as long as its form
    def _fields(self, name: str, column: str) -> tuple[Field, ...]:
        if name not in self._section:
            return ()
        field = self.form.field(name)
        return (field, field.column(column)) if column and column != POSITION else (field,)


class Shapes:
    """The shapes of all forms, each made at first use."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self.forms_here = frozenset(head.reference for head in forms.heads)
        self._made: dict[str, Shape] = {}

    def of(self, reference: str) -> Shape:
        """The shape of a form; UserError `no_form` if this program does not have the form."""
        if reference not in self._made:
            form = self.forms.by_reference(reference)
            self._made[reference] = Shape(form, self.forms.workflow(form.id))
        return self._made[reference]
