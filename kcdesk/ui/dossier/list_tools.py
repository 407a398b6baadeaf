"""What is done with the rows of a list: several marked, summed up, copied, written as a workbook; columns chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTableView

from kcdesk.progress import Progress
from kcdesk.services.overview import list_workbook
from kcdesk.services.overview.list_workbook import ListExport
from kcdesk.services.records.reading import ListRow
from kcdesk.text import disarmed, format_integer
from kcdesk.ui.dossier.columns_dialog import ColumnsDialog
from kcdesk.ui.dossier.record_model import RecordModel, first_columns, possible_columns
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.worker import Job

MOST_MARKED = 20_000  # rows that «Chọn tất cả» reads
_BETWEEN_COLUMNS = ","  # in the settings
FILES = "Bảng tính Excel (*.xlsx)"
_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


def chosen_columns(context: Context, kind: str) -> tuple[str, ...]:
    """Return the columns that the officer has chosen for a list; () for those it has at first."""
    return tuple(filter(None, context.settings.list_columns.get(kind, "").split(_BETWEEN_COLUMNS)))


class ListTools:
    """Acts on the rows of one list page."""

    def __init__(self, context: Context, model: RecordModel, table: QTableView) -> None:
        self._context = context
        self._model = model
        self._table = table

    # -- marking ---------------------------------------------------------------------------------------------------

    def marked(self) -> list[ListRow]:
        """Return the marked rows in the order of the list."""
        return self._model.rows_at(index.row() for index in self._table.selectionModel().selectedRows())

    def mark_all(self) -> None:
        """Mark every row of the list, also those that were not read yet, up to MOST_MARKED."""
        while not self._model.is_complete and self._model.rowCount() < MOST_MARKED:
            self._model.fetchMore(self._table.rootIndex())
        self._table.selectAll()

    def mark_only_current(self) -> None:
        """Mark the current row alone; used by Esc."""
        self._table.selectionModel().select(self._table.currentIndex(), _ALONE)

    def go_to(self, id_: str) -> None:
        """Make the row of a record the current one, if it was read."""
        if (row := self._model.row_of(id_)) >= 0:
            # Qt's own way asks which keys are held: with Ctrl the rows marked before would stay marked.
            self._table.selectionModel().setCurrentIndex(self._model.index(row, 0), _ALONE)

    def summary(self) -> str:
        """Return how many rows are marked and the sums of their amounts; "" for fewer than two."""
        rows = self.marked()
        if len(rows) < 2:
            return ""
        sums = [f"{label}: {format_integer(amount)}" for label, amount in self._model.sums(rows)]
        return " · ".join([f"Đang chọn {format_integer(len(rows))} hồ sơ", *sums])

    # -- taking out ------------------------------------------------------------------------------------------------

    def chosen_ids(self, current: str) -> list[str]:
        """Return the ids of the marked records, without marks that of the current one."""
        return [row.id for row in self.marked()] or [id_ for id_ in (current,) if id_]

    def copy(self) -> None:
        """Copy the marked rows as a spreadsheet takes them: a line for each row, tabs between the columns."""
        places = sorted({index.row() for index in self._table.selectionModel().selectedRows()})
        lines = ["\t".join(self._shown(row, column) for column in self._visible_columns()) for row in places]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))
            self._context.messages.notice(f"Đã chép {format_integer(len(lines))} dòng; dán được vào Excel.")

    def _shown(self, row: int, column: int) -> str:
        return disarmed(" ".join(self._model.text_at(row, column).split()))

    def _visible_columns(self) -> list[int]:
        """Return the columns from left to right as the officer has put them."""
        header = self._table.horizontalHeader()
        return sorted(range(len(self._model.columns)), key=header.visualIndex)

    def export(self, heading: str) -> Job | None:
        """Ask for a file and write the marked rows (two at least), else the whole list; None if it is given up."""
        name = f"{self._model.form.plural} {self._context.workspace.today():%Y-%m-%d}.xlsx"
        path = self._context.messages.save_file("Xuất Excel", name, FILES, purpose="lists")
        if path is None:
            return None
        order, workspace, messages = self._order(heading), self._context.workspace, self._context.messages

        def write(progress: Progress) -> int:
            with workspace.alongside() as beside:
                return list_workbook.write_list(beside, order, path, progress)

        return self._context.worker.run(
            write,
            text=f"Xuất {self._model.form.plural.lower()}",
            done=lambda number: messages.notice(f"Đã xuất {format_integer(number)} hồ sơ vào {path.name}."),
            failed=messages.error,
            owner=self._table,
        )

    def _order(self, heading: str) -> ListExport:
        marked, query = self.marked(), self._model.query
        return ListExport(
            kind=self._model.form.id,
            columns=[self._model.columns[place].name for place in self._visible_columns()],
            search=query.search,
            where=query.where,
            order=query.order,
            descending=query.descending,
            ids=[row.id for row in marked] if len(marked) > 1 else (),
            heading=heading,
        )

    # -- columns ---------------------------------------------------------------------------------------------------

    def columns_dialog(self) -> ColumnsDialog:
        """Return the dialog in which the columns are chosen."""
        form = self._model.form
        labels = {column.name: column.label for column in possible_columns(form)}
        shown = [self._model.columns[place].name for place in self._visible_columns()]
        return ColumnsDialog(labels, shown, self._first_columns(), self._table)

    def _first_columns(self) -> tuple[str, ...]:
        return first_columns(self._model.form, with_unit=self._model.has_units, with_state=self._model.has_states)

    def keep_columns(self, names: Sequence[str]) -> None:
        """Show these columns now and in every later session."""
        form, settings = self._model.form, self._context.settings
        settings.columns.pop(form.id, None)  # the widths were those of other columns
        if tuple(names) == self._first_columns():
            settings.list_columns.pop(form.id, None)
        else:
            settings.list_columns[form.id] = _BETWEEN_COLUMNS.join(names)
        self._model.show_columns(names)
