"""What the sheets of a package are made of: the records, and sheets with their columns and lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import cached_property
from typing import Any

from kcdesk.exchange.container.entries import RecordEntry
from kcdesk.exchange.container.summary import PackageSummary
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.regulations import package_pages
from kcdesk.formdef.types.base import Cell
from kcdesk.formdef.types.row_links import RecordLookups
from kcdesk.runtime.frozen import Value
from kcdesk.runtime.frozen import field as declared

FILES_SHEET = "Tệp đính kèm"
COVER_SHEET = "Bìa"
HELP_SHEET = "Hướng dẫn"
LISTS_SHEET = "Danh mục"
ANSWERS_SHEET = "Trả lời"
FIGURES_SHEET = "Đối chiếu"
UNKNOWN_TITLE = "(hồ sơ không có trong gói)"
NEW, CHANGED, SAME = "mới", "sửa", "không đổi"
TITLE = ".title"  # suffix of the machine name of a column that shows the title for an id


class SheetLine(Value):
    """One row of a sheet: the record, the values of the record or of one row of its table, and their fields."""

    entry: RecordEntry
    values: Mapping[str, Any]
    fields: Mapping[str, Field]


_Place = tuple[int, Callable[[SheetLine], Cell]]


class SheetColumn(Value, kw_only=True):
    """One column of a sheet; an `unlocked` column may be filled in by the receiver, an `asked` one should be.

    A column that is not `printed` stands to the right of the printed ones. A column without any value is left out of
    the workbook, unless the receiver may fill it in or it is a `key` by which rows are known.

    The cell is empty if the record has no value for `field`; "" for a column that is computed for every line. `former`
    is what earlier versions of the program showed, if it differs.
    """

    name: str
    label: str
    cell: Callable[[SheetLine], Cell]
    format: str = "@"
    align: str = "left"
    width: float = 15.0
    hidden: bool = False
    unlocked: bool = False
    asked: bool = False
    printed: bool = True
    key: bool = False
    choices: tuple[str, ...] = ()
    field: str = ""
    former: Callable[[SheetLine], Cell] | None = None


class Sheet(Value, kw_only=True, dict=True):
    """One sheet of rows; `kind` is "" for the list of files, `table` is "" for the records themselves.

    `title` is the name in full, which a printed page shows.
    """

    name: str
    title: str = ""
    columns: tuple[SheetColumn, ...]
    lines: tuple[SheetLine, ...]
    kind: str = ""
    table: str = ""

    def cells(self, line: SheetLine) -> list[Cell]:
        """The cells of one line; only fields with a value are computed: a record fills in few of many fields."""
        shown: list[Cell] = [None] * len(self.columns)
        asked, filled = self._places
        for place, cell in asked:
            shown[place] = cell(line)
        for name in line.values:
            for place, cell in filled.get(name, ()):
                shown[place] = cell(line)
        return shown

    @cached_property
    def _places(self) -> tuple[list[_Place], dict[str, list[_Place]]]:
        """The columns that are computed for every line, and the columns of each field."""
        asked: list[_Place] = []
        filled: dict[str, list[_Place]] = {}
        for place, column in enumerate(self.columns):
            (filled.setdefault(column.field, []) if column.field else asked).append((place, column.cell))
        return asked, filled


class Content(Value, dict=True):
    """The records of a package, with the titles of the records that they refer to."""

    forms: Forms
    entries: Sequence[RecordEntry]
    titles: Mapping[str, str]  # by record id
    receiver_level: str = "province"
    zone: tzinfo | None = None  # of the days of moments; None is the zone of this machine
    summary: PackageSummary = declared(default_factory=PackageSummary)

    @cached_property
    def by_kind(self) -> dict[str, list[RecordEntry]]:
        """The records of each kind, in their order."""
        grouped: dict[str, list[RecordEntry]] = {kind: [] for kind in self.forms.kinds}
        for entry in self.entries:
            grouped[entry.kind].append(entry)
        return grouped

    @cached_property
    def _requests(self) -> dict[str, str]:  # by record
        return {}

    @cached_property
    def _lookups(self) -> dict[str, RecordLookups]:  # by record
        return {}

    def form(self, entry: RecordEntry) -> Form:
        """The form that a record follows."""
        return self.forms.by_reference(entry.form)

    def lookups(self, entry: RecordEntry) -> RecordLookups:
        """What the cells of a record need to show the rows that they name."""
        if entry.id not in self._lookups:
            self._lookups[entry.id] = RecordLookups(self.forms, self.form(entry), entry.data)
        return self._lookups[entry.id]

    def label(self, kind: str) -> str:
        """The label of a kind of record, in its newest form."""
        return self.newest(kind).label

    def newest(self, kind: str) -> Form:
        """The newest form of a kind that this program has."""
        return self.forms.newest(kind)

    def path_label(self, path: str) -> str:
        """The labels for a path like `proposal/budget/cost`."""
        kind, _, within = path.partition("/")
        names = [within.partition("/")[0], within] if "/" in within else [within]
        return " - ".join([self.label(kind), *(self.forms.newest_field(kind, name).heading for name in names)])

    def place(self, path: str) -> tuple[int, ...]:
        """A sort key: the position of `proposal/budget/cost` in the forms; fields not in the newest version last."""
        kind, name, *column = path.split("/")
        fields = self.fields(self.newest(kind))
        columns = [item.name for item in fields[name].columns] if name in fields else []
        return (self.forms.kinds.index(kind), _index(list(fields), name), *(_index(columns, item) for item in column))

    def values(self, entry: RecordEntry) -> Mapping[str, Any]:
        """The values of a record by newest names, so that one column shows a field of all versions."""
        return self.forms.renames(entry.kind).in_newest(entry.data)

    def fields(self, form: Form) -> dict[str, Field]:
        """The fields of a version, renamed with their columns to the newest names."""
        renames = self.forms.renames(form.id)
        if not renames:
            return dict(form.by_name)
        return {field.name: field for field in map(renames.in_newest_words, form.fields)}

    def title(self, record: str) -> str:
        """The title of a record; "" if it is unknown."""
        return self.titles.get(record, "")

    def request(self, entry: RecordEntry) -> str:
        """What the receiver is asked to do with a record; "" for nothing."""
        if entry.id not in self._requests:
            asked = "" if entry.deleted else self._pages.request(entry.kind, self.values(entry), self.receiver_level)
            self._requests[entry.id] = asked
        return self._requests[entry.id]

    @cached_property
    def _pages(self) -> package_pages.PackagePages:
        return package_pages.of(self.forms)

    def change(self, entry: RecordEntry) -> str:
        """What is new of a record since the last package to its receiver, as one of the NEW, SAME and CHANGED words."""
        if entry.deleted:
            return "đã xoá"
        change = self.summary.change(entry.id)
        return NEW if change is None else f"{CHANGED}: {change}" if change else SAME


def _index(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else len(names)
