"""«Báo cáo»: proposals and their money by year and programme, with the sum of each year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QVBoxLayout

from kcdesk.services.overview import figures as overview_figures
from kcdesk.services.overview.figures import MoneyLine
from kcdesk.services.records.changing import Changes
from kcdesk.text import format_integer
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.tables import TitledTable, align_headings
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_FIGURES = (
    ("proposals", "Số đề án"),
    ("total", "Tổng kinh phí"),
    ("national", "KC quốc gia"),
    ("local", "KC địa phương"),
    ("counterpart", "Đối ứng"),
    ("approved", "Được duyệt"),
)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ReportsPage(Page):
    """One table for reading and for copying to Excel."""

    help_topic = "reports"
    title = "Báo cáo"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._stale = True
        self.model = QStandardItemModel(self)
        self.table = _table(self.model)
        note = "Mọi đề án trong kho theo năm và chương trình; đơn vị tính: đồng. Số được duyệt lấy từ quyết định."
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled("Đề án và kinh phí theo năm", "section"))
        column.addWidget(labelled(note, "help", wrap=True))
        column.addWidget(self.table, 1)

    def main_action(self) -> PageCommand:
        """Return copying the table for Excel."""
        return PageCommand("Chép bảng", self.copy)

    def on_show(self) -> None:
        """Read the figures again if something has changed."""
        if self._stale:
            self._fill()
        self.table.setFocus()

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Mark the figures as outdated: any change may affect them."""
        del changes, initiator
        self._stale = True
        if self.isVisible():
            self._fill()

    def copy(self) -> None:
        """Copy the table in Excel's format: cells separated by tabs, amounts without thousands dots."""
        lines = overview_figures.money_by_year(self.context.workspace)
        rows = [["Năm", "Chương trình", *(label for _, label in _FIGURES)]]
        rows += [[*_names(line), *(str(getattr(line, name)) for name, _ in _FIGURES)] for line in lines]
        QApplication.clipboard().setText("\n".join("\t".join(row) for row in rows))
        self.context.messages.notice("Đã chép bảng; có thể dán vào Excel.")

    def _fill(self) -> None:
        self._stale = False
        self.model.clear()
        self.model.setHorizontalHeaderLabels(["Năm", "Chương trình", *(label for _, label in _FIGURES)])
        align_headings(self.model, range(2, 2 + len(_FIGURES)), _RIGHT)
        lines = overview_figures.money_by_year(self.context.workspace)
        for _year, group in groupby(lines, key=lambda line: line.year):
            self._add_year(list(group))
        if lines:
            self._add_row("Cộng", "", _sums(lines), strong=True)
        self.table.fit_columns()

    def _add_year(self, lines: Sequence[MoneyLine]) -> None:
        for line in lines:
            self._add_row(*_names(line), [getattr(line, name) for name, _ in _FIGURES])
        if len(lines) > 1:
            self._add_row(f"Cộng {_names(lines[0])[0]}", "", _sums(lines), strong=True)

    def _add_row(self, year: str, programme: str, figures: Iterable[int], *, strong: bool = False) -> None:
        row = [QStandardItem(year), QStandardItem(programme)]
        for figure in figures:
            item = QStandardItem(format_integer(figure))
            item.setTextAlignment(_RIGHT)
            row.append(item)
        if strong:
            font = QFont()  # only bold: the size is that of the table
            font.setBold(True)
            for item in row:
                item.setFont(font)
        self.model.appendRow(row)


def _names(line: MoneyLine) -> tuple[str, str]:
    return str(line.year) if line.year else "(chưa ghi)", line.programme


def _sums(lines: Sequence[MoneyLine]) -> list[int]:
    return [sum(getattr(line, name) for line in lines) for name, _ in _FIGURES]


def _table(model: QStandardItemModel) -> TitledTable:
    table = TitledTable(1)
    table.setObjectName("report.money_by_year")
    table.setAccessibleName("Đề án và kinh phí theo năm")
    table.setModel(model)
    return table
