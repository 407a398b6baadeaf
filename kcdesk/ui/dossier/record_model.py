"""The item model of a list page: reads rows page by page with a key, never the whole table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from kcdesk.formdef.model import Form
from kcdesk.formdef.record_title import UNTITLED
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.services.handover.receipts import standing
from kcdesk.services.handover.receipts.standing import Handover
from kcdesk.services.overview import filter_options
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer
from kcdesk.ui.handover import standing_box
from kcdesk.ui.toolkit.qt import Index
from kcdesk.ui.toolkit.tables import KEEPS_WIDTH_ROLE
from kcdesk.ui.toolkit.theme import Theme

PAGE = 100  # rows read at once: several screens
_SHORT_TEXT = 100  # maximum number of letters of a number or a code
STATE = "state"
HANDOVER = standing.FILTER  # the hand-over state of a dossier; not a field of any form
UNIT = filter_options.UNIT  # the unit that made a record
_NO_FIELDS = (STATE, HANDOVER, UNIT)
ID_ROLE = Qt.ItemDataRole.UserRole
_ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "center": Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter,
}


class ListColumn(Value):
    """One column of a list."""

    name: str
    label: str
    align: str
    sortable: bool = True
    money: bool = False  # shown without its unit đồng


class RecordListQuery(Value):
    """The filter, search and order of a list."""

    search: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    order: str = ""
    descending: bool = False


def first_columns(form: Form, *, with_unit: bool = False, with_state: bool = True) -> tuple[str, ...]:
    """Return the columns that a list has at first; the state follows the title: seen in a narrow window.

    A register without steps has no such column.
    """
    names = [name for name in form.list if name != STATE]
    named = [place for place, name in enumerate(names) if name in form.title]
    names.insert(max(named, default=0) + 1, HANDOVER)
    if with_state:
        names.insert(max(named, default=0) + 1, STATE)
    if with_unit:
        names.insert(max(named, default=0) + 1, UNIT)
    return tuple(names)


def possible_columns(form: Form) -> tuple[ListColumn, ...]:
    """Return every column that a list of this form may have: those it has at first, then the fields of the paper."""
    names = [field_.name for field_ in form.fields if type_of(field_).is_plain or type_of(field_).names_records]
    return tuple(_column(form, name) for name in dict.fromkeys([*first_columns(form, with_unit=True), *names]))


def known_columns(
    form: Form, chosen: Sequence[str], *, with_unit: bool = False, with_state: bool = True
) -> tuple[str, ...]:
    """Return the chosen columns that the form still has; its first ones if none is left."""
    known = {column.name for column in possible_columns(form)}
    return tuple(name for name in chosen if name in known) or first_columns(
        form, with_unit=with_unit, with_state=with_state
    )


def first_query(form: Form) -> RecordListQuery:
    """Return the initial order of a list: the form's own, newest first when it is a year or a date."""
    sorted_by = type_of(form.field(form.sort)) if form.sort else None
    newest_first = sorted_by is not None and (sorted_by.is_year or sorted_by.is_date)
    return RecordListQuery(order=form.sort, descending=newest_first)


def _column(form: Form, name: str) -> ListColumn:
    if name == STATE:
        return ListColumn(STATE, "Trạng thái", "left")
    if name == HANDOVER:
        return ListColumn(HANDOVER, "Bàn giao", "left", sortable=False)
    if name == UNIT:
        return ListColumn(UNIT, "Đơn vị", "left")
    field_ = form.field(name)
    field_type = type_of(field_)
    return ListColumn(name, field_.heading, field_type.align, field_type.is_plain, field_type.is_money)


def _telling(form: Form, column: ListColumn) -> int:
    """Rank a column by how well it identifies a record: long title, reference above, title, other text."""
    if column.name in _NO_FIELDS:
        return 0
    field_ = form.field(column.name)
    is_title, is_text = column.name in form.title, type_of(field_).is_plain_text
    if is_text and is_title and not 0 < field_.max_length <= _SHORT_TEXT:
        return 5
    if column.name == form.parent:
        return 4
    return 3 if is_text and is_title else 2 if is_text else 1


def _short_labels(workspace: Workspace, form: Form, column: ListColumn) -> dict[str, str]:
    """Return the short labels of a choice for narrow columns."""
    if column.name in _NO_FIELDS:
        return {}
    return {choice.label: choice.short for choice in workspace.forms.choices(form.field(column.name))}


class RecordModel(QAbstractTableModel):
    """Rows of one kind of record in the order and with the filter of its `query`."""

    def __init__(self, workspace: Workspace, theme: Theme, form: Form, columns: Sequence[str] = ()) -> None:
        super().__init__()
        self._workspace = workspace
        self._theme = theme
        self.form = form
        self.has_units = filter_options.may_list_units(workspace, form.id)
        self.has_states = workspace.forms.has_steps(form.id)
        chosen = known_columns(form, columns, with_unit=self.has_units, with_state=self.has_states)
        self.columns = tuple(_column(form, name) for name in chosen)
        self._units = reading.unit_names(workspace)
        self.query = first_query(form)
        self._rows: list[reading.ListRow] = []
        self._handovers: dict[str, Handover] = {}
        self._short = self._short_labels()
        self._complete = True

    def _short_labels(self) -> dict[str, dict[str, str]]:
        return {column.name: _short_labels(self._workspace, self.form, column) for column in self.columns}

    def show_columns(self, names: Sequence[str]) -> None:
        """Show other columns; an order by a column that is gone becomes the list's own."""
        self.columns = tuple(_column(self.form, name) for name in known_columns(self.form, names))
        self._short = self._short_labels()
        if self.query.order not in names:
            own = first_query(self.form)
            self.query = replace(self.query, order=own.order, descending=own.descending)
        self.reload()

    @property
    def is_complete(self) -> bool:
        """Return whether every row has been read."""
        return self._complete

    def rows_at(self, places: Iterable[int]) -> list[reading.ListRow]:
        """Return the records of several rows, in the order of the list."""
        return [self._rows[place] for place in sorted(set(places))]

    def sums(self, rows: Sequence[reading.ListRow]) -> list[tuple[str, int]]:
        """Return the sum of each column with amounts, in đồng, by its label; without columns that are empty."""
        sums = []
        for column in self.columns:
            amounts = [row.value(column.name) for row in rows] if column.money else []
            known = [amount for amount in amounts if isinstance(amount, int)]
            if known:
                sums.append((column.label, sum(known)))
        return sums

    def text_at(self, row: int, column: int) -> str:
        """Return the text of a cell as it is shown."""
        return str(self.data(self.index(row, column)) or "")

    @property
    def title_column(self) -> int:
        """Return the column that identifies a record best; it gets the width that others leave."""
        weights = [_telling(self.form, column) for column in self.columns]
        return weights.index(max(weights))

    def show(self, query: RecordListQuery) -> None:
        """Read the first page of another query."""
        self.query = query
        self._read(PAGE)

    def reload(self) -> None:
        """Read again as many rows as had been read."""
        self._read(max(PAGE, len(self._rows)))

    def row_of(self, id_: str) -> int:
        """Return the row of a record among the rows read so far; -1 when it is not among them."""
        return next((place for place, row in enumerate(self._rows) if row.id == id_), -1)

    def row_at(self, place: int) -> reading.ListRow:
        """Return the record of a row."""
        return self._rows[place]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, in the database."""
        chosen = self.columns[column] if column >= 0 else None
        if chosen is None or not chosen.sortable:
            return
        self.show(replace(self.query, order=chosen.name, descending=order == Qt.SortOrder.DescendingOrder))

    def _read(self, limit: int) -> None:
        self.beginResetModel()
        self._rows = self._page(None, limit)
        self._complete = len(self._rows) < limit
        self.endResetModel()

    def _page(self, after: reading.ListRow | None, limit: int) -> list[reading.ListRow]:
        query = self.query
        rows = reading.list_page(
            self._workspace,
            self.form.id,
            search=query.search,
            where=self.narrowed_where(),
            order=query.order,
            descending=query.descending,
            after=after,
            limit=limit,
            columns=[column.name for column in self.columns if column.name not in _NO_FIELDS],
        )
        self._handovers |= standing.standings(self._workspace, [row.id for row in rows])
        return rows

    def total(self) -> int:
        """Return the number of records of the query, read or not."""
        return reading.count(self._workspace, self.form.id, self.query.search, self.narrowed_where())

    def narrowed_where(self) -> dict[str, Any]:
        """Return the filters of the query; the hand-over state becomes a list of record ids."""
        return standing.narrowed(self._workspace, self.form.id, self.query.where)

    # -- Qt model interface ----------------------------------------------------------------------------------------

    def canFetchMore(self, parent: Index) -> bool:
        """Return whether the table may have more rows than were read."""
        return not parent.isValid() and not self._complete

    def fetchMore(self, parent: Index) -> None:
        """Read the next page, after the key of the last row."""
        if not self.canFetchMore(parent):
            return
        page = self._page(self._rows[-1], PAGE)
        self._complete = len(page) < PAGE
        if not page:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(page) - 1)
        self._rows += page
        self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows read so far."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, alignment, the colour of a state, the full text as a tool tip, or the record's id."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.ToolTipRole if column.name == HANDOVER:
                return self._handovers[row.id].label
            case Qt.ItemDataRole.DisplayRole:
                text = self._text(row, column)
                return self._short[column.name].get(text, text)
            case Qt.ItemDataRole.ToolTipRole:
                return self._text(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _ALIGNMENTS[column.align]
            case Qt.ItemDataRole.ForegroundRole if column.name == STATE:
                return self._theme.colours.tone(row.tone)
            case Qt.ItemDataRole.ForegroundRole if column.name == HANDOVER:
                return self._theme.colours.tone(standing_box.TONES[self._handovers[row.id].standing])
            case _:
                return row.id if role == ID_ROLE else None

    def _text(self, row: reading.ListRow, column: ListColumn) -> str:
        if column.name == STATE:
            return row.state_label
        if column.name == HANDOVER:
            return standing.SHORT[self._handovers[row.id].standing]
        if column.name == UNIT:
            return self._units.get(row.stored.unit, row.stored.unit)
        amount = row.value(column.name) if column.money else None
        shown = format_integer(amount) if isinstance(amount, int) else row.cells.get(column.name, "")
        if column.name != self.columns[self.title_column].name:
            return shown
        name = shown or (UNTITLED if row.title == UNTITLED else "")
        return f"{name} ({row.former})" if row.former else name

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return short labels above the columns, aligned as the cells are."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].label
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._whole_label(self.columns[section])
        if role == KEEPS_WIDTH_ROLE:
            name = self.columns[section].name  # columns of states and choices are never narrower than their content
            return name in (STATE, HANDOVER) or bool(self._short[name])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_ALIGNMENTS[self.columns[section].align]) | int(Qt.TextFlag.TextWordWrap)
        return None

    def _whole_label(self, column: ListColumn) -> str:
        return column.label if column.name in _NO_FIELDS else self.form.field(column.name).label
