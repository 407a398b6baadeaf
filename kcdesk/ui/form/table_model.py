"""The rows of a table field as an item model: the rows, an empty row for adding one, and the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QFont, QGuiApplication, QPalette

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.composite_types import new_row_id
from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.form.editors.base import CellKey, PathValues, Surroundings, Unread
from kcdesk.ui.form.editors.cells import cell_text, heading, read_cell
from kcdesk.ui.toolkit.qt import Index

_Role = Qt.ItemDataRole
_ALIGN = {"right": Qt.AlignmentFlag.AlignRight, "center": Qt.AlignmentFlag.AlignHCenter}
TOTAL = "Cộng"


class RowsModel(QAbstractTableModel):
    """Rows of the record shown. Every writing method returns the changed paths, as Record.set does.

    Text that cannot be read stays in its cell with the reason, and is not written.
    """

    def __init__(self, field: Field, around: Surroundings, parent: QObject) -> None:
        super().__init__(parent)
        self.field = field
        self.columns = field.columns
        self.unit = _shared_unit(field.columns)  # stands once above the table, not in the headings
        self.around = around
        self.editable = True
        self.hidden: frozenset[str] = frozenset()  # columns that do not apply to this record
        self.rows: list[dict[str, Any]] = []
        self.unread: Unread = {}  # shared with the cards, so never replaced by another dictionary
        self._problems: dict[CellKey, str] = {}
        self._named_rows: dict[str, Mapping[str, str]] = {}  # names of rows of other tables, as shown
        self._labels: dict[tuple[str, str], str] = {}  # titles of other records, cached

    # -- shape -----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows, including the empty row (if rows can be added) and the totals."""
        if parent.isValid():
            return 0
        return len(self.rows) + self.editable + bool(self.field.totals)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def is_new(self, row: int) -> bool:
        """Return whether this is the empty row."""
        return self.editable and row == len(self.rows)

    def is_total(self, row: int) -> bool:
        """Return whether this is the row of totals."""
        return bool(self.field.totals) and row == self.rowCount() - 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return flags: computed cells can be selected and copied, totals only seen."""
        if self.is_total(index.row()):
            return Qt.ItemFlag.ItemIsEnabled
        shown = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return shown | Qt.ItemFlag.ItemIsEditable if self.can_edit(index) else shown

    def can_edit(self, index: Index) -> bool:
        """Return whether the cell can be edited."""
        column = self.columns[index.column()]
        if not self.editable or self.is_total(index.row()) or column.name in self.hidden:
            return False
        return not column.computed and self.around.editable(f"{self.field.name}//{column.name}")

    # -- display ---------------------------------------------------------------------------------------------------

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """Return short names above and row numbers on the left."""
        if orientation == Qt.Orientation.Vertical:
            return self._row_number(section) if role == _Role.DisplayRole else None
        column = self.columns[section]
        if role == _Role.DisplayRole:
            return self.heading(column)
        if role == _Role.ToolTipRole:
            return "\n".join(filter(None, (column.label, column.help, column.source)))
        if role == _Role.TextAlignmentRole:
            side = _ALIGN.get(type_of(column).align, Qt.AlignmentFlag.AlignLeft)
            return int(side | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
        return None

    def heading(self, column: Field) -> str:
        """Return what stands above a column: its short name, and its unit unless the whole table has that unit."""
        return column.heading if self.unit and column.unit == self.unit else heading(column)

    def _row_number(self, row: int) -> str:
        return str(row + 1) if row < len(self.rows) else ("+" if self.is_new(row) else "")

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        """Return text, alignment, or the problem of a cell."""
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == _Role.DisplayRole:
            return self._text(index.row(), column)
        if role == _Role.TextAlignmentRole:
            side = _ALIGN.get(type_of(column).align, Qt.AlignmentFlag.AlignLeft)
            return side | Qt.AlignmentFlag.AlignVCenter
        if role in (_Role.ToolTipRole, _Role.AccessibleDescriptionRole):
            return self.problem(index) or None
        if role == _Role.FontRole and self.is_total(index.row()):
            font = QFont()  # only bold: the size is that of the table
            font.setBold(True)
            return font
        if role == _Role.ForegroundRole and (self.is_new(index.row()) or column.computed):
            return QGuiApplication.palette().brush(QPalette.ColorRole.PlaceholderText)
        return None

    def _text(self, row: int, column: Field) -> str:
        if self.is_total(row):
            return self._total_text(column)
        if self.is_new(row):
            return f"Thêm {self.field.row_label or 'dòng'}" if column is self._first_typed() else ""
        row_id = self.rows[row]["id"]
        if (row_id, column.name) in self.unread:
            return self.unread[row_id, column.name][0]
        return self._label(self.rows[row].get(column.name), column)

    def show_renamed_rows(self) -> None:
        """Show the present names of rows of other tables that cells name."""
        tables = {column.rows_from for column in self.columns if column.rows_from}
        names = {table: self.around.record().row_names(table) for table in tables}
        if names != self._named_rows:
            self._named_rows = names
            self._announce_all()

    def _first_typed(self) -> Field | None:
        return next((c for c in self.columns if not c.computed and c.name not in self.hidden), None)

    def _label(self, stored: Any, column: Field) -> str:
        if not (type_of(column).is_reference or type_of(column).is_place):
            return cell_text(stored, column, self.around)
        key = (column.name, str(stored))
        if key not in self._labels:
            self._labels[key] = cell_text(stored, column, self.around)
        return self._labels[key]

    def _total_text(self, column: Field) -> str:
        if column.name not in self.field.totals:
            return TOTAL if column is self.columns[0] else ""
        numbers = [Decimal(str(row[column.name])) for row in self.rows if column.name in row]
        if not numbers:
            return ""
        whole = type_of(column).sql == "INTEGER"
        return type_of(column).edit_text(int(sum(numbers)) if whole else str(sum(numbers)), column)

    # -- problems --------------------------------------------------------------------------------------------------

    def problem(self, index: Index) -> str:
        """Return the problem of a cell, "" for none."""
        if index.row() >= len(self.rows):
            return ""
        cell = (self.rows[index.row()]["id"], self.columns[index.column()].name)
        return self.unread[cell][1] if cell in self.unread else self._problems.get(cell, "")

    def set_problems(self, problems: Mapping[CellKey, str]) -> None:
        """Set the record's problems by row and column; a problem of a whole row has the column ""."""
        before, self._problems = self._problems, dict(problems)
        if problems != before:
            changed = {row_id for cell in before.items() ^ problems.items() for row_id in cell[0][:1]}
            self._announce_rows(number for number, row in enumerate(self.rows) if row["id"] in changed)

    def problems(self) -> list[str]:
        """Return every problem as a sentence with its place."""
        sentences = []
        for number, row in enumerate(self.rows, start=1):
            if text := self._problems.get((row["id"], "")):
                sentences.append(text)
            for column in self.columns:
                cell = (row["id"], column.name)
                if cell in self.unread:
                    sentences.append(f"Dòng {number}, {column.heading}: {self.unread[cell][1]}")
                elif cell in self._problems:
                    sentences.append(self._problems[cell])
        return sentences

    # -- writing ---------------------------------------------------------------------------------------------------

    def stored(self, index: Index) -> Any:
        """Return the stored value of a cell, None for empty."""
        return None if index.row() >= len(self.rows) else self.rows[index.row()].get(self._name(index))

    def typed(self, index: Index) -> str | None:
        """Return the text of a cell that could not be read, else None."""
        unread = None if index.row() >= len(self.rows) else self.unread.get(self.cell(index))
        return unread[0] if unread else None

    def write(self, index: Index, value: Any) -> PathValues:
        """Store a value in a cell; in the empty row this adds a row."""
        if self.is_new(index.row()):
            return {} if value is None else self._add({self._name(index): value})
        self.unread.pop(self.cell(index), None)
        if value == self.stored(index):
            self._announce_rows([index.row()])
            return {}
        changes = self.around.record().set(f"{self.field.name}/{'/'.join(self.cell(index))}", value)
        self.reload()
        return changes

    def hold(self, index: Index, text: str, reason: str) -> PathValues:
        """Keep text that cannot be read in its cell, with the reason."""
        changes = self._add({}) if self.is_new(index.row()) else {}
        self.unread[self.cell(index)] = (text, reason)
        self._announce_rows([index.row()])
        return changes

    def show_unread(self, texts: Mapping[CellKey, str]) -> PathValues:
        """Show texts typed earlier that could not be read; what can be read now is written into the record."""
        changes: PathValues = {}
        self.unread.clear()
        for (row_id, name), text in texts.items():
            column = next((column for column in self.columns if column.name == name), None)
            if column is None or all(row["id"] != row_id for row in self.rows):
                continue
            try:
                value = read_cell(text, column, self.around)
            except ValueProblem as problem:
                self.unread[row_id, name] = (text, problem.message)
            else:
                changes |= self.around.record().set(f"{self.field.name}/{row_id}/{name}", value)
        self.reload()
        self._announce_all()
        return changes

    def paste(self, top_left: Index, lines: list[list[str]]) -> PathValues:
        """Fill cells from `top_left` on, adding rows as needed; computed cells stay.

        Hidden columns are skipped: the pasted range matches the visible columns.
        """
        rows, unread = self._recorded(), dict(self.unread)
        place = top_left.row()
        for line in lines:
            if place == len(rows):
                if not any(text.strip() for text in line):
                    continue  # an empty line begins no row
                rows.append(self._begun())
            self._paste_line(rows[place], line, top_left.column(), unread)
            place += 1
        changes = self.around.record().set(self.field.name, rows)
        self.reload()
        self._hold_only(unread)
        self._announce_all()
        return changes

    def _hold_only(self, unread: Unread) -> None:
        self.unread.clear()
        self.unread.update(unread)

    def _begun(self) -> dict[str, Any]:
        """Return a new row with its declared defaults."""
        defaults = {column.name: column.default for column in self.columns if column.default is not None}
        return {"id": new_row_id(), **defaults}

    def _paste_line(self, row: dict[str, Any], line: list[str], first: int, unread: Unread) -> None:
        shown = (column for column in self.columns[first:] if column.name not in self.hidden)
        for column, text in zip(shown, line, strict=False):
            if column.computed or not self.around.editable(f"{self.field.name}//{column.name}"):
                continue
            cell = (row["id"], column.name)
            unread.pop(cell, None)
            try:
                value = read_cell(text, column, self.around)
            except ValueProblem as problem:
                unread[cell] = (text, problem.message)
                continue
            row[column.name] = value

    def remove(self, row: int) -> PathValues:
        """Remove a row."""
        self.beginRemoveRows(QModelIndex(), row, row)
        row_id = self.rows.pop(row)["id"]
        changes = self.around.record().remove_row(self.field.name, row_id)
        self._hold_only({cell: held for cell, held in self.unread.items() if cell[0] != row_id})
        self.endRemoveRows()
        self.reload()
        return changes

    def fill_down(self, cells: Iterable[tuple[int, int]]) -> PathValues:
        """Write the first of these cells of each column into the others; a single cell takes the one above it."""
        changes: PathValues = {}
        chosen = [(row, column) for row, column in cells if row < len(self.rows)]
        for column in {column for _, column in chosen}:
            rows = sorted(row for row, its_column in chosen if its_column == column)
            first = rows[0] if len(rows) > 1 else rows[0] - 1
            below = [self.index(row, column) for row in rows if row > first >= 0]
            for cell in filter(self.can_edit, below):
                changes |= self.write(cell, self.stored(self.index(first, column)))
        return changes

    def insert(self, row: int) -> PathValues:
        """Insert an empty row before a row."""
        record = self.around.record()
        row_id, changes = record.add_row(self.field.name)
        if row < len(self.rows):
            changes |= record.move_row(self.field.name, row_id, self.rows[row - 1]["id"] if row else None)
        self.reload()
        return changes

    def move(self, row: int, step: int) -> PathValues:
        """Move a row up (-1) or down (+1); nothing happens at the ends."""
        if not 0 <= row + step < len(self.rows):
            return {}
        before = row + step - (step < 0)  # the row that it will follow
        after = self.rows[before]["id"] if before >= 0 else None
        changes = self.around.record().move_row(self.field.name, self.rows[row]["id"], after)
        self.reload()
        return changes

    def _add(self, values: dict[str, Any]) -> PathValues:
        """Turn the empty row into a row and add a new empty one below, so that an open cell stays where it is."""
        place = len(self.rows)
        self.beginInsertRows(QModelIndex(), place + 1, place + 1)
        _, changes = self.around.record().add_row(self.field.name, values)
        self.rows = self._recorded()
        self.endInsertRows()
        self._announce_all()
        return changes

    def reload(self) -> None:
        """Show the record's rows; reset the model when it has other rows than before."""
        rows = self._recorded()
        if [row["id"] for row in rows] == [row["id"] for row in self.rows]:
            before, self.rows = self.rows, rows
            self._announce_rows(n for n, (old, new) in enumerate(zip(before, rows, strict=True)) if old != new)
            return
        self.beginResetModel()
        self.rows = rows
        ids = {row["id"] for row in rows}
        self._hold_only({cell: held for cell, held in self.unread.items() if cell[0] in ids})
        self.endResetModel()

    def set_editable(self, editable: bool) -> None:
        """Show or hide the empty row."""
        if editable != self.editable:
            self.beginResetModel()
            self.editable = editable
            self.endResetModel()

    def _recorded(self) -> list[dict[str, Any]]:
        return [dict(row) for row in self.around.record().value(self.field.name) or []]

    def _announce_rows(self, numbers: Iterable[int]) -> None:
        """Announce changes of these rows and of the totals."""
        changed = list(numbers)
        if not changed or not self.columns:
            return
        last = len(self.columns) - 1
        self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], last))
        if self.field.totals:
            total = self.rowCount() - 1
            self.dataChanged.emit(self.index(total, 0), self.index(total, last))

    def _announce_all(self) -> None:
        if self.rowCount() and self.columns:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(self.columns) - 1))

    def _name(self, index: Index) -> str:
        return self.columns[index.column()].name

    def cell(self, index: Index) -> CellKey:
        """Return the row and column of a cell; IndexError in the empty row."""
        return self.rows[index.row()]["id"], self._name(index)


def _shared_unit(columns: Iterable[Field]) -> str:
    """The unit of at least two columns, "" if there is none; in forms that is «đồng»."""
    units = Counter(column.unit for column in columns if column.unit)
    unit, count = next(iter(units.most_common(1)), ("", 0))
    return unit if count > 1 else ""
