"""The placeholders that a paper offers to an office's own Word file, made from the form definitions by themselves.

A name is `source.field`, `source.table.column` or `source.table.choice.column` (only the rows with that choice), then
whether it is the sum or the first value, and how it is written: «nghiem_thu.kinh_phi.duoc_nghiem_thu.tong.bang_chu».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kcdesk.documents.own_forms.filling import CODE, OF_PAPER, PRINTED_ON, QR
from kcdesk.documents.own_forms.placeholders import NUMBER_OF_ROW, ONLY_IF
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.placeholder_names import ROW_COUNT, PlaceholderNames, PlaceholderSource, load_placeholders
from kcdesk.formdef.model import Choice, Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.documents.layouts.layout import Layout

TOTAL, FIRST, LISTED = "tong", "dau_tien", "liet_ke"
_TOGETHER = {TOTAL: "cộng", FIRST: "dòng đầu tiên", LISTED: "cả các dòng, cách nhau dấu phẩy"}
PICTURE, CAPTION = "hinh", "chu_thich"
_OF_PICTURES = {PICTURE: "ảnh", CAPTION: "chú thích ảnh"}
NUMBER, WORDS, DAY, MONTH, YEAR, CAPITALS, YES, NO = "so", "bang_chu", "ngay", "thang", "nam", "hoa", "co", "khong"
_WRITTEN = {
    NUMBER: "chỉ số", WORDS: "bằng chữ", DAY: "ngày", MONTH: "tháng", YEAR: "năm", CAPITALS: "chữ in hoa",
    YES: "ô đánh dấu: có", NO: "ô đánh dấu: không",
}  # fmt: skip
_OF_PAPER_LABELS = {CODE: "Mã giấy", PRINTED_ON: "Ngày in", QR: "Mã QR của giấy"}


class Placeholder(Value, kw_only=True):
    """One placeholder: where its value comes from and how it is written.

    `list` is the name of the list in whose rows it stands, "" for one value; `only` keeps the rows whose column has a
    value. `choice` makes it a box that is ticked if the answer is that choice.
    """

    name: str
    label: str
    group: str
    source: str  # the name in the layouts
    path: str = ""  # field, or table
    column: str = ""
    field: Field | None = None  # of the value
    list: str = ""
    only: tuple[str, str] = ("", "")
    together: str = ""
    written: str = ""
    choice: str = ""
    is_condition: bool = False

    @property
    def tag(self) -> str:
        """What an officer types: «{{ de_an.ten }}»."""
        return f"{{{{ {self.name} }}}}"

    @property
    def repeats(self) -> bool:
        """Whether the row or paragraph in which it stands repeats."""
        return bool(self.list)

    @property
    def is_picture(self) -> bool:
        """Whether it puts a picture in."""
        return self.column == PICTURE or self.name == QR


class PaperPlaceholders:
    """The placeholders of the papers of one kind of record."""

    def __init__(self, forms: Forms, names: PlaceholderNames, sources: tuple[PlaceholderSource, ...]) -> None:
        self._forms = forms
        self._names = names
        self.sources = {source.placeholder: source for source in sources}

    def resolve(self, name: str) -> Placeholder | None:
        """The placeholder with a name; None if the paper has none."""
        if name.startswith(ONLY_IF):
            return self._condition(name)
        first, *rest = name.split(".")
        if name in OF_PAPER:
            return Placeholder(name=name, label=_OF_PAPER_LABELS[name], group="Giấy", source="")
        if name == NUMBER_OF_ROW:
            return Placeholder(name=name, label="Số thứ tự của dòng lặp", group="Giấy", source="", list=NUMBER_OF_ROW)
        source = self.sources.get(first)
        if source is None:
            return None
        at = Placeholder(name=name, label="", group=source.label, source=source.name)
        if source.kind and not source.rows:
            return self._of_record(source, at, rest)
        return self._of_values(source, at, rest)

    def _condition(self, name: str) -> Placeholder | None:
        """A value, or the rows of a list, on which it depends whether a row or paragraph is printed."""
        asked = name.removeprefix(ONLY_IF)
        value = self.resolve(asked) or self.resolve(f"{asked}.{ROW_COUNT}")
        if value is None or value.repeats or value.name in OF_PAPER or value.is_condition:
            return None
        return replace(value, name=name, label=f"{value.label}: chỉ in dòng này khi có", is_condition=True)

    def every(self) -> Iterator[Placeholder]:
        """Every placeholder that a list shows; those for the rows with one choice are left out, they would be many."""
        yield from filter(None, (self.resolve(name) for name in (*OF_PAPER, NUMBER_OF_ROW)))
        for first, source in self.sources.items():
            for path in self._paths(source):
                if placeholder := self.resolve(f"{first}.{path}" if path else first):
                    yield placeholder

    def child(self, parent: str, attribute: str) -> str:
        """The placeholder of what a layout calls by an attribute of a record, object or row; "" if there is none."""
        first, *rest = parent.split(".")
        source = self.sources[first]
        if not rest:
            named = self._fields_of(source)
            return next((f"{parent}.{name}" for name, field in named.items() if field.name == attribute), "")
        table = self._fields(source.kind)[rest[0]]
        place = f"{source.kind}.{table.name}.{attribute}"
        is_known = any(column.name == attribute for column in table.columns)
        return f"{parent}.{self._names.of(place)}" if is_known else ""

    def table(self, name: str) -> Field | None:
        """The table that a name means; None for anything else."""
        first, *rest = name.split(".")
        field = self._fields(self.sources[first].kind).get(rest[0]) if rest and self.sources[first].kind else None
        return field if field is not None and field.columns else None

    def ticks(self, name: str) -> list[tuple[str, Choice]]:
        """The placeholder of the box of each choice of a field that is offered now."""
        placeholder = self.resolve(name)
        field = placeholder.field if placeholder else None
        if field is None:
            return []
        place = f"{self.sources[name.partition('.')[0]].kind}.{field.name}"
        choices = [choice for choice in self.choices_of(field) if not choice.retired]
        return [(f"{name}.{self._names.choice(place, field, choice.value)}", choice) for choice in choices]

    def only(self, listed: str, column: str, value: str) -> str:
        """The name of the rows of a list whose column has a value; "" if rows cannot be told apart by it."""
        table = self.table(listed)
        if table is None or listed.count(".") > 1:
            return ""
        kind = self.sources[listed.partition(".")[0]].kind
        item = next((item for item in table.columns if item.name == column), None)
        if item is None or value not in {choice.value for choice in self.choices_of(item)}:
            return ""
        name = self._names.choice(f"{kind}.{table.name}.{column}", item, value)
        chosen = self._chosen(kind, table, name)
        return f"{listed}.{name}" if chosen and (chosen[0].name, chosen[1].value) == (column, value) else ""

    def choices_of(self, field: Field) -> tuple[Choice, ...]:
        """The choices of a field; none for a field without."""
        return self._forms.choices(field) if type_of(field).offers_choices else ()

    # ---- names to meanings

    def _of_record(self, source: PlaceholderSource, at: Placeholder, rest: list[str]) -> Placeholder | None:
        field = self._fields(source.kind).get(rest[0]) if rest else None
        if field is None:
            return None
        at = replace(at, path=field.name, label=field.label, group=self._group(source, field), field=field)
        if type_of(field).holds_files and len(rest) > 1:
            return self._of_files(at, f"{source.placeholder}.{rest[0]}", rest[1:])
        if not field.columns:
            return self._written(at, f"{source.kind}.{field.name}", rest[1:])
        return self._of_table(at, source.kind, f"{source.placeholder}.{rest[0]}", rest[1:])

    def _of_table(self, at: Placeholder, kind: str, listed: str, rest: list[str]) -> Placeholder | None:
        table = at.field
        assert table is not None, "a table is a field"
        if rest == [ROW_COUNT]:
            return replace(at, label=f"{table.label}: số dòng", together=ROW_COUNT)
        columns = {self._names.of(f"{kind}.{table.name}.{c.name}"): c for c in table.columns}
        if rest and rest[0] not in columns and (chosen := self._chosen(kind, table, rest[0])):
            column, choice = chosen
            at = replace(at, only=(column.name, choice.value), label=f"{table.label}, {choice.short}")
            listed, rest = f"{listed}.{rest[0]}", rest[1:]
            if rest == [ROW_COUNT]:
                return replace(at, label=f"{at.label}: số dòng", together=ROW_COUNT)
        if not rest or rest[0] not in columns or type_of(columns[rest[0]]).holds_files:
            return None
        column = columns[rest[0]]
        at = replace(at, column=column.name, field=column, label=f"{at.label}: {column.label}", list=listed)
        return self._in_list(at, f"{kind}.{table.name}.{column.name}", rest[1:])

    def _of_files(self, at: Placeholder, listed: str, rest: list[str]) -> Placeholder | None:
        if rest == [ROW_COUNT]:
            return replace(at, label=f"{at.label}: số tệp", together=ROW_COUNT)
        if len(rest) != 1 or rest[0] not in _OF_PICTURES:
            return None
        return replace(at, column=rest[0], list=listed, label=f"{at.label}: {_OF_PICTURES[rest[0]]}")

    def _of_values(self, source: PlaceholderSource, at: Placeholder, rest: list[str]) -> Placeholder | None:
        if not source.kind and not source.values:
            single = Field(name=source.name, type=source.type, label=source.label)
            return self._written(replace(at, field=single, label=source.label), "", rest)
        if source.rows and rest == [ROW_COUNT]:
            return replace(at, label=f"{source.label}: số dòng", together=ROW_COUNT)
        field = self._fields_of(source).get(rest[0]) if rest else None
        if field is None or field.columns or type_of(field).holds_files:
            return None
        label = f"{source.label}: {field.label}"
        place = f"{source.kind}.{field.name}"
        if not source.rows:
            return self._written(replace(at, path=field.name, field=field, label=label), place, rest[1:])
        at = replace(at, column=field.name, field=field, label=label, list=source.placeholder)
        return self._in_list(at, place, rest[1:])

    def _in_list(self, at: Placeholder, place: str, rest: list[str]) -> Placeholder | None:
        if rest and rest[0] in _TOGETHER:
            if rest[0] == TOTAL and not _adds_up(at.field):
                return None
            at = replace(at, together=rest[0], list="", label=f"{at.label}, {_TOGETHER[rest[0]]}")
            rest = rest[1:] if rest[0] != LISTED else rest[1:] + [""] * bool(rest[1:])
        return self._written(at, place, rest)

    def _written(self, at: Placeholder, place: str, rest: list[str]) -> Placeholder | None:
        field = at.field
        assert field is not None, "a value has a field"
        if not rest:
            return at
        if len(rest) > 1:
            return None
        for choice in self.choices_of(field):
            if self._names.choice(place, field, choice.value) == rest[0]:
                return replace(at, choice=choice.value, label=f"{at.label}, ô đánh dấu: {choice.short}")
        if rest[0] in ways_of(field):
            return replace(at, written=rest[0], label=f"{at.label}, {_WRITTEN[rest[0]]}")
        return None

    # ---- meanings to names

    def _paths(self, source: PlaceholderSource) -> Iterator[str]:
        if not source.kind and not source.values:
            yield from self._ways(Field(name="", type=source.type, label=""), "")
            return
        if source.rows:
            yield ROW_COUNT
        for name, field in self._fields_of(source).items():
            if field.columns and not source.rows:
                yield from self._table_paths(source.kind, name, field)
            elif type_of(field).holds_files:
                yield from (name, *(f"{name}.{of}" for of in _OF_PICTURES)) if not source.rows else ()
            elif not field.columns:
                ways = [f".{way}" if way else "" for way in self._ways(field, f"{source.kind}.{field.name}")]
                yield from (f"{name}{way}" for way in ways)
                yield from (f"{name}.{way}" for way in _ways_together(field)) if source.rows else ()

    def _table_paths(self, kind: str, name: str, table: Field) -> Iterator[str]:
        yield f"{name}.{ROW_COUNT}"
        for column in table.columns:
            place = f"{kind}.{table.name}.{column.name}"
            path = f"{name}.{self._names.of(place)}"
            yield from (f"{path}.{way}" if way else path for way in self._ways(column, place))
            yield from (f"{path}.{way}" for way in _ways_together(column))

    def _ways(self, field: Field, place: str) -> Iterator[str]:
        """Each way in which a value is written, the plain one first."""
        yield ""
        yield from ways_of(field)
        yield from (self._names.choice(place, field, choice.value) for choice in self.choices_of(field))

    # ---- fields

    def _fields_of(self, source: PlaceholderSource) -> Mapping[str, Field]:
        if source.kind:
            return self._fields(source.kind)
        return {v.placeholder: Field(name=v.name, type=v.type, label=v.label) for v in source.values}

    def _fields(self, kind: str) -> Mapping[str, Field]:
        """The fields of all versions of a kind by their placeholders, each as its newest version has it."""
        return self._forms.once(("placeholder fields", kind), lambda: dict(self._newest_fields(kind)))

    def _newest_fields(self, kind: str) -> Iterator[tuple[str, Field]]:
        renames = self._forms.renames(kind)
        versions = self._forms.versions_of(kind)
        for name in dict.fromkeys(renames.newest(field.name) for form in versions for field in form.fields):
            yield self._names.of(f"{kind}.{name}"), renames.in_newest_words(self._forms.newest_field(kind, name))

    def _chosen(self, kind: str, table: Field, name: str) -> tuple[Field, Choice] | None:
        """The column and choice that a name means, of the first column with such a choice."""
        for column in table.columns:
            for choice in self.choices_of(column):
                if self._names.choice(f"{kind}.{table.name}.{column.name}", column, choice.value) == name:
                    return column, choice
        return None

    def _group(self, source: PlaceholderSource, field: Field) -> str:
        for form in reversed(self._forms.versions_of(source.kind)):
            if field.name in form.by_name:
                return f"{source.label}, {form.section_of(field.name).label}"
        return source.label


def ways_of(field: Field) -> tuple[str, ...]:
    """The ways in which a value of a field can be written besides the usual one, as the end of its placeholder."""
    kind = type_of(field)
    if kind.is_money:
        return NUMBER, WORDS
    if kind.is_yes_no:
        return YES, NO
    if kind.is_date:
        return WORDS, DAY, MONTH, YEAR
    if kind.groups_digits or kind.is_decimal:
        return (NUMBER,)
    return (WORDS,) if kind.is_time else (CAPITALS,)


def _ways_together(field: Field) -> Iterator[str]:
    if _adds_up(field):
        yield from (TOTAL, *(f"{TOTAL}.{way}" for way in ways_of(field)))
    yield from (FIRST, LISTED)


def _adds_up(field: Field | None) -> bool:
    return field is not None and type_of(field).adds_up


def placeholders_of(workspace: Workspace, layout: Layout) -> PaperPlaceholders:
    """The placeholders of a paper: of its record, of the records that it names, and of what its layouts use."""
    kind = layout.kind
    return workspace.forms.once(("placeholders", kind), lambda: _made(workspace, kind))


def names_of(workspace: Workspace) -> PlaceholderNames:
    """The names of placeholders, read at first use."""
    return workspace.forms.once("placeholder names", lambda: load_placeholders(workspace.forms))


def _made(workspace: Workspace, kind: str) -> PaperPlaceholders:
    forms, names = workspace.forms, names_of(workspace)
    used = {name for layout in workspace.layouts.all if layout.kind == kind for name in layout.uses}
    sources = [_record_source(forms, names, kind, kind)]
    for field in forms.newest(kind).fields:
        if type_of(field).is_reference and field.target in forms.kinds:
            sources.append(_record_source(forms, names, field.name, field.target, f"{kind}.{field.name}"))
    sources += [source for source in names.sources if source.name in used]
    named = {source.name for source in sources}
    sources += [_record_source(forms, names, name, name) for name in sorted(used - named) if name in forms.kinds]
    first = {source.placeholder: source for source in reversed(sources)}  # of two with one name, the nearer one
    return PaperPlaceholders(forms, names, tuple(reversed(first.values())))


def _record_source(forms: Forms, names: PlaceholderNames, name: str, target: str, place: str = "") -> PlaceholderSource:
    """A record as a source, under the placeholder of its kind, or of the field that names it if it is called so."""
    label = forms.newest(target).label
    placeholder = names.kind(target) if name == target else names.of(place)
    label = label if name == target else f"{label} ({forms.newest_field(place.partition('.')[0], name).label})"
    return PlaceholderSource(name=name, placeholder=placeholder, label=label, kind=target)
