"""Which fields the parts of a report can name: those of a record or row, of the records above it, of linked records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.toml_reader import nearest
from kcdesk.formdef.model import OF_EVERY_RECORD, Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, replace
from kcdesk.store.database import views

ENTRY = "value"  # the column of an entry of a list
MOMENT = Field(name="created", type="date", label="Ngày lập")  # kept with its time, in UTC
_OF_RECORDS: Mapping[str, Field] = {
    **OF_EVERY_RECORD,
    "id": Field(name="id", type="text", label="Mã hồ sơ"),
    "unit": Field(name="unit", type="text", label="Đơn vị"),
    MOMENT.name: MOMENT,
}


class UnknownNameError(ValueError):
    """A name that no view has; `hint` gives the nearest one."""

    def __init__(self, what: str, name: str, known: Mapping[str, object] | list[str]) -> None:
        super().__init__(f"{what} “{name}” không có")
        self.hint = nearest(name, known)


class FieldSource(Value, dict=True):
    """A record or row, or a record above it or linked to it: its view, its alias and its fields."""

    name: str  # how expressions name it: `settlement`, `classes`
    view: str
    alias: str
    fields: Mapping[str, Field]
    kind: str = ""  # "" for rows
    join: str = ""  # the condition that ties it to the sources before

    @cached_property
    def used(self) -> set[str]:
        """The columns that the statement names."""
        return set()

    def under(self, alias: str) -> FieldSource:
        """The same records by another alias."""
        return replace(self, alias=alias)

    def column(self, name: str) -> str:
        """The column of a field; it is noted as used."""
        self.used.add(name)
        return f'"{self.alias}"."{name}"'


class NamedColumn(Value):
    """A name that was looked up: its expression and its field."""

    sql: str
    field: Field
    source: FieldSource


class SubjectLink(Value):
    """How records belong to a record: by a reference, or by an entry of a list that has a view of its own."""

    field: str
    entries: str = ""


Relation = Callable[[str, Collection[str]], str]  # what a statement reads for a view when it needs these columns


def as_view(view: str, _columns: Collection[str]) -> str:
    """The view itself."""
    return view


class Catalogue:
    """The views of some forms, by what reports call them; `relation` may name a faster table for a view."""

    def __init__(self, forms: Forms, relation: Relation = as_view) -> None:
        self.forms, self._relation = forms, relation

    def table(self, source: FieldSource) -> str:
        """The table of a source with its alias, for FROM and JOIN; asked when all its columns are noted."""
        return self.named(source.view, source.used, source.alias)

    def named(self, view: str, columns: Collection[str], alias: str) -> str:
        """The table of a view with an alias."""
        return f'"{self._relation(view, columns)}" AS "{alias}"'

    def fields(self, kind: str) -> Mapping[str, Field]:
        """The single values of a kind, by name; UnknownNameError."""
        if kind not in self.forms.kinds:
            raise UnknownNameError("loại hồ sơ", kind, list(self.forms.kinds))
        return self.forms.once(("reports", kind), lambda: self._fields(kind))

    def _fields(self, kind: str) -> Mapping[str, Field]:
        own = {name: field for name, field in views.kind_fields(self.forms, kind).items() if not field.columns}
        return {**own, **_OF_RECORDS}

    def tables(self, kind: str) -> list[str]:
        """The names of the tables of a kind."""
        return [name for name, field in views.kind_fields(self.forms, kind).items() if field.columns]

    def entries(self, kind: str, name: str) -> FieldSource:
        """The rows of a table, or the entries of a list, of a kind; UnknownNameError."""
        several = {
            name: field
            for name, field in views.kind_fields(self.forms, kind).items()
            if field.columns or type_of(field).is_list
        }
        if name not in several:
            raise UnknownNameError(f"bảng của “{kind}”:", name, several)
        field = several[name]
        if field.columns:
            view = f"{kind}_{field.row or field.name}"
            return FieldSource(name, view, view, {column.name: column for column in field.columns})
        view = views.list_view(kind, name)
        single = "reference" if type_of(field).names_records else "choice"
        entry = Field(
            name=ENTRY,
            type=single,
            label=field.label,
            target=field.target,
            choices=field.choices,
            choices_from=field.choices_from,
        )
        return FieldSource(name, view, view, {ENTRY: entry})

    def record(self, kind: str) -> FieldSource:
        """The records of a kind; UnknownNameError."""
        return FieldSource(kind, kind, kind, self.fields(kind), kind)

    def link(self, kind: str, subject: str) -> SubjectLink:
        """The field by which records of a kind belong to records of the subject; UnknownNameError."""
        fields = self.fields(kind)
        links = [name for name, field in fields.items() if type_of(field).names_records and field.target == subject]
        parent = self.forms.newest(kind).parent
        if not links:
            raise UnknownNameError(f"ô của “{kind}” chỉ về", subject, {})
        name = parent if parent in links else links[0]
        return SubjectLink(name, views.list_view(kind, name) if type_of(fields[name]).is_list else "")

    def above(self, record: FieldSource, subject: str) -> list[FieldSource]:
        """The subject of records, joined to them, through the entries of a list if they have several."""
        link = self.link(record.kind, subject)
        if not link.entries:
            return [self._joined(self.record(subject), "id", record.column(link.field))]
        entries = FieldSource(link.entries, link.entries, link.entries, {})
        between = self._joined(entries, f"{record.kind}_id", record.column("id"))
        return [between, self._joined(self.record(subject), "id", between.column(ENTRY))]

    def _joined(self, source: FieldSource, column: str, other: str) -> FieldSource:
        return replace(source, join=f"{source.column(column)} = {other}")

    def chain(self, of: str, subject: str) -> list[FieldSource]:
        """The record or row that `of` names, and the records above it up to the subject; UnknownNameError."""
        kind, _, table = (of or subject).partition(".")
        record = self.record(kind)
        above = self.above(record, subject) if kind != subject else []
        if not table:
            return [record, *above]
        rows = self.entries(kind, table)
        return [rows, self._joined(record, "id", rows.column(f"{kind}_id")), *above]


class FieldScope:
    """The names that a part of a report can use; collects the joins of the linked records that were named."""

    def __init__(self, catalogue: Catalogue, sources: list[FieldSource]) -> None:
        self._catalogue = catalogue
        self.sources = sources
        self._linked: dict[str, FieldSource] = {}
        self._added: list[str] = []

    @property
    def record(self) -> FieldSource:
        """The record that is counted, or to which the counted row belongs."""
        return next(source for source in self.sources if source.kind)

    @property
    def subject(self) -> FieldScope:
        """The scope of the subject alone, sharing the joins."""
        inner = FieldScope(self._catalogue, self.sources[-1:])
        inner._linked, inner._added = self._linked, self._added
        return inner

    def resolve(self, name: str) -> NamedColumn:
        """The column that a name means; UnknownNameError."""
        head, _, rest = name.partition(".")
        if not rest:
            for source in self.sources:
                if name in source.fields:
                    return NamedColumn(source.column(name), source.fields[name], source)
            raise UnknownNameError("ô", name, self.known)
        source = next((item for item in self.sources if item.name == head), None) or self._follow(name, head)
        if rest not in source.fields:
            raise UnknownNameError("ô", name, [f"{head}.{field}" for field in source.fields])
        return NamedColumn(source.column(rest), source.fields[rest], source)

    def _follow(self, name: str, head: str) -> FieldSource:
        """The record that a reference names."""
        for source in self.sources:
            field = source.fields.get(head)
            if field is not None and type_of(field).is_reference:
                alias = f"{source.alias}__{head}"
                if alias not in self._linked:
                    fields = self._catalogue.fields(field.target)
                    linked = FieldSource(head, field.target, alias, fields, field.target)
                    self._linked[alias] = replace(linked, join=f"{linked.column('id')} = {source.column(head)}")
                return self._linked[alias]
        raise UnknownNameError("ô", name, [*self.known, *(source.name for source in self.sources)])

    @cached_property
    def known(self) -> list[str]:
        """Every name without a dot."""
        return [name for source in self.sources for name in source.fields]

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields by every name that a condition may use."""
        names: dict[str, Field] = {}
        for source in self.sources:
            for head, own in source.fields.items():
                if type_of(own).is_reference:
                    names |= {f"{head}.{name}": linked for name, linked in self._catalogue.fields(own.target).items()}
        for source in reversed(self.sources):
            names |= {f"{source.name}.{name}": field for name, field in source.fields.items()}
            names |= source.fields
        return names

    def add_join(self, join: str) -> None:
        """Add a join of a table that is no record."""
        self._added.append(join)

    def joins(self) -> Iterator[str]:
        """The tables of the query: `FROM …`, then the joins."""
        first, *others = self.sources
        yield f"FROM {self._catalogue.table(first)}"
        for source in others:
            yield f"JOIN {self._catalogue.table(source)} ON {source.join}"
        for source in self._linked.values():
            yield f"LEFT JOIN {self._catalogue.table(source)} ON {source.join}"
        yield from self._added
