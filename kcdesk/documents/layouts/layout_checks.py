"""Checks every text of a layout when it is loaded: syntax, filters, names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

from jinja2 import TemplateSyntaxError

from kcdesk.documents.layouts.block_reader import PlacedBlock
from kcdesk.documents.layouts.specs import Expression, Text
from kcdesk.documents.layouts.templates import Templates
from kcdesk.documents.paper import FILE_NAMES
from kcdesk.formdef.loading.form_checks import check_condition
from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.formdef.model import Condition, Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, names

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms

RECORD = "record"  # the name of the layout's own record in every layout
_RECORD_NAMES = frozenset({"id", "revision", "state", "options", "activities"})
_ROW_NAMES = frozenset({"is_empty", "position", "id"})
_FILE_NAMES = FILE_NAMES | {"shows"}
_LOCAL_NAMES = frozenset({RECORD, "row", "column", "index", "blank", "count", "code"})

LISTS = {
    "acceptances": "acceptance",
    "beneficiaries": "beneficiary",
    "entries": "product_entry",
}  # names of several records

RowNames = Collection[str]  # the attributes of a `row`; empty: unknown


class LayoutNames:
    """The names that the texts of one layout may use, and the kinds of record that they stand for."""

    def __init__(self, kind: str, uses: tuple[str, ...], templates: Templates, forms: Forms | None) -> None:
        self.templates = templates
        self.forms = forms
        self._fields: dict[str, Mapping[str, Field]] = {}
        self._attributes: dict[str, RowNames] = {}
        self.names = templates.globals | _LOCAL_NAMES | set(uses)
        kinds = forms.kinds if forms else ()
        self.records = {name: name for name in uses if name in kinds}
        self.lists = {name: LISTS[name] for name in uses if LISTS.get(name) in kinds}
        if forms and kind in kinds:
            linked = {field.name: field.target for field in forms.current(kind).fields if type_of(field).is_reference}
            self.records |= {name: target for name, target in linked.items() if name in uses} | {RECORD: kind}

    def fields(self, kind: str) -> Mapping[str, Field]:
        """The fields and columns of a kind by path: `field` and `table.column`."""
        if kind not in self._fields:
            self._fields[kind] = self._fields_of(kind)
        return self._fields[kind]

    def _fields_of(self, kind: str) -> Mapping[str, Field]:
        assert self.forms is not None
        by_name = {field.name: field for field in self.forms.current(kind).fields}
        return by_name | {f"{table.name}.{c.name}": c for table in by_name.values() for c in table.columns}

    def attributes(self, kind: str) -> RowNames:
        """The attributes of a record of a kind."""
        if kind not in self._attributes:
            self._attributes[kind] = {name for name in self.fields(kind) if "." not in name} | _RECORD_NAMES
        return self._attributes[kind]

    def row_names(self, source: str) -> RowNames:
        """The attributes of each row of an expression that names a table, files or a list of records; else ()."""
        try:
            mentioned = self.templates.mentions(f"{{{{ {source} }}}}")
        except TemplateSyntaxError:
            return ()
        for name in mentioned.names & self.lists.keys():
            return self.attributes(self.lists[name])
        for name, attribute in mentioned.attributes:
            if name in self.records:
                return self._names_in(self.fields(self.records[name]).get(attribute))
        return ()

    def _names_in(self, field: Field | None) -> RowNames:
        if field is None:
            return ()
        if type_of(field).holds_files:
            return _FILE_NAMES
        return {column.name for column in field.columns} | _ROW_NAMES if field.columns else ()


class LayoutChecker:
    """Checks the texts of one file against the names of a layout and, if forms are given, their fields."""

    def __init__(self, file: str, scope: LayoutNames, faults: Faults) -> None:
        self._file = file
        self._scope = scope
        self._faults = faults

    def check_placed(self, placed: PlacedBlock) -> None:
        """Check a block and, if it includes a part, the blocks of the part."""
        if placed.inner:
            self._check_texts(placed.spec, placed.place, ())
        else:
            self.check(placed.spec, placed.place)
        for inner in placed.inner:
            LayoutChecker(inner.file, self._scope, self._faults).check_placed(inner)

    def check(self, spec: Value, place: str, row: RowNames = ()) -> None:
        """Check every text of a block and of its parts; `row` are the attributes of the repeated row."""
        row = self._row_of(spec) or row
        self._check_texts(spec, place, row)
        for part in _parts(spec):
            self.check(part, place, row)

    def check_path(self, kind: str, path: str, place: str) -> None:
        """Check that `field` or `table.column` exists in a kind of record."""
        if self._scope.forms and kind in self._scope.forms.kinds:
            known = self._scope.fields(kind)
            if path not in known:
                self._faults.unknown(self._file, place, "trường", path, known)

    def check_condition(self, kind: str, condition: Condition, place: str) -> None:
        """Check a condition on a record."""
        forms = self._scope.forms
        if forms and kind in forms.kinds:
            known = {field.name: field for field in forms.current(kind).fields}
            check_condition(self._faults, self._file, place, condition, known, forms)

    def _check_texts(self, spec: Value, place: str, row: RowNames) -> None:
        for source, is_expression, key in _sources(spec):
            self._check_source(f"{{{{ {source} }}}}" if is_expression else source, f"{place}, “{key}”", row)

    def _check_source(self, source: str, place: str, row: RowNames) -> None:
        templates = self._scope.templates
        try:
            mentioned = templates.mentions(source)
        except TemplateSyntaxError as error:
            self._faults.add(self._file, place, f"viết sai “{source}”", f"dòng {error.lineno}: {error.message}")
            return
        for name in sorted(mentioned.filters - templates.filters):
            self._faults.unknown(self._file, place, "bộ lọc", name, templates.filters)
        for name in sorted(mentioned.names - self._scope.names):
            self._faults.unknown(self._file, place, "tên", name, self._scope.names)
        for base, attribute in mentioned.attributes:
            self._check_attribute(base, attribute, place, row)

    def _check_attribute(self, base: str, attribute: str, place: str, row: RowNames) -> None:
        kind = self._scope.records.get(base)
        known = self._scope.attributes(kind) if kind else row if base == "row" else ()
        if known and attribute not in known:
            self._faults.unknown(self._file, place, f"trường của {base}", attribute, known)

    def _row_of(self, spec: Value) -> RowNames:
        """The attributes of the row that a block repeats; () if it repeats none."""
        source = getattr(spec, "rows", "") or getattr(spec, "each", "")
        return self._scope.row_names(source) if source else ()


@cache
def _hints(cls: type) -> Mapping[str, Any]:
    return get_type_hints(cls, include_extras=True)


def _sources(spec: Value) -> Iterator[tuple[str, bool, str]]:
    """Yield every text and expression of a value: its source, whether it is an expression, its key."""
    hints = _hints(type(spec))
    for name in names(spec):
        hint, value = hints[name], getattr(spec, name)
        is_list = get_origin(hint) is tuple
        marked = get_args(hint)[0] if is_list else hint
        if get_origin(marked) is Annotated and marked in (Text, Expression):
            for source in value if is_list else (value,):
                if source:
                    yield source, marked == Expression, name


def _parts(spec: Value) -> Iterator[Value]:
    for name in names(spec):
        value = getattr(spec, name)
        if isinstance(value, tuple):
            yield from (part for part in value if isinstance(part, Value))
