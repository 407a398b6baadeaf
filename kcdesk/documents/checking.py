"""Looks at every text of a layout before anything is printed: its syntax, its filters, its names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

from jinja2 import TemplateSyntaxError, meta, nodes

from kcdesk.documents.specs import Expression, Text
from kcdesk.documents.templates import Templates
from kcdesk.formdef.reading import Faults

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms
    from kcdesk.formdef.model import Field

_RECORD_NAMES = frozenset({"id", "revision", "state", "options"})
_ROW_NAMES = frozenset({"is_empty"})
_LOCAL_NAMES = frozenset({"row", "index", "blank", "count"})


class Checker:
    """Checks the texts of one layout file against the names it may use and, where forms are given, their fields."""

    def __init__(
        self, file: str, uses: tuple[str, ...], templates: Templates, forms: Forms | None, faults: Faults
    ) -> None:
        self._file = file
        self._templates = templates
        self._forms = forms
        self._faults = faults
        self._names = templates.globals | _LOCAL_NAMES | set(uses)
        self._kinds = set(uses) & set(forms.kinds) if forms else set()

    def check(self, spec: object, place: str, table: Field | None = None) -> None:
        """Look at every text of a block and of what it holds; `table` is the one whose rows it repeats."""
        table = self._table_of(spec) or table
        for source, is_expression, key in _sources(spec):
            self._check_source(f"{{{{ {source} }}}}" if is_expression else source, f"{place}, “{key}”", table)
        for part in _parts(spec):
            self.check(part, place, table)

    def check_path(self, record: str, path: str, place: str) -> None:
        """Look at `field` or `table.column` of a record."""
        if record not in self._kinds:
            return
        known = dict(self._paths(record))
        if path not in known:
            self._faults.unknown(self._file, place, "trường", path, known)

    def _paths(self, record: str) -> Iterator[tuple[str, Field]]:
        assert self._forms is not None
        for field in self._forms.current(record).fields:
            yield field.name, field
            for column in field.columns:
                yield f"{field.name}.{column.name}", column

    def _check_source(self, source: str, place: str, table: Field | None) -> None:
        try:
            tree = self._templates.parse(source)
        except TemplateSyntaxError as error:
            self._faults.add(self._file, place, f"viết sai “{source}”", f"dòng {error.lineno}: {error.message}")
            return
        for used in tree.find_all(nodes.Filter):
            if used.name not in self._templates.filters:
                self._faults.unknown(self._file, place, "bộ lọc", used.name, self._templates.filters)
                used.name = "upper"  # the names inside can only be looked up where every filter exists
        for name in sorted(meta.find_undeclared_variables(tree) - self._names):
            self._faults.unknown(self._file, place, "tên", name, self._names)
        for node in tree.find_all(nodes.Getattr):
            self._check_attribute(node, place, table)

    def _check_attribute(self, node: nodes.Getattr, place: str, table: Field | None) -> None:
        if not isinstance(node.node, nodes.Name):
            return
        base = node.node.name
        if base in self._kinds:
            known = {name for name, _ in self._paths(base) if "." not in name} | _RECORD_NAMES
        elif base == "row" and table is not None:
            known = {column.name for column in table.columns} | _ROW_NAMES
        else:
            return
        if node.attr not in known:
            self._faults.unknown(self._file, place, f"trường của {base}", node.attr, known)

    def _table_of(self, spec: object) -> Field | None:
        """The table whose rows a block repeats, where its expression names one."""
        source = getattr(spec, "rows", "") or getattr(spec, "each", "")
        try:
            tree = self._templates.parse(f"{{{{ {source} }}}}") if source else nodes.Template([])
        except TemplateSyntaxError:
            return None
        for node in tree.find_all(nodes.Getattr):
            if isinstance(node.node, nodes.Name) and node.node.name in self._kinds:
                field = dict(self._paths(node.node.name)).get(node.attr)
                return field if field is not None and field.columns else None
        return None


def _sources(spec: object) -> Iterator[tuple[str, bool, str]]:
    """Every text and expression of a dataclass: what it says, whether it is an expression, its key."""
    hints: Mapping[str, Any] = get_type_hints(type(spec), include_extras=True)
    for item in fields(spec):  # type: ignore[arg-type]
        hint, value = hints[item.name], getattr(spec, item.name)
        is_list = get_origin(hint) is tuple
        marked = get_args(hint)[0] if is_list else hint
        if get_origin(marked) is Annotated and marked in (Text, Expression):
            for source in value if is_list else (value,):
                if source:
                    yield source, marked == Expression, item.name


def _parts(spec: object) -> Iterator[object]:
    for item in fields(spec):  # type: ignore[arg-type]
        value = getattr(spec, item.name)
        if isinstance(value, tuple):
            yield from filter(is_dataclass, value)
