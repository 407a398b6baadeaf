"""The preview of the monthly report on the national contracts; its form and its month are chosen above the page."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from PySide6.QtWidgets import QBoxLayout, QComboBox, QWidget

from kcdesk.progress import Progress
from kcdesk.services.overview import monthly_progress
from kcdesk.services.papers.printing import Paper, PreparedPaper
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell.context import Context

_MONTHS = 13  # that are offered: this one and the year before it


class MonthDialog(SheetDialog):
    """Shows a monthly report; `month` is a day of the month that is chosen first, by default of the present one."""

    has_word = True

    def __init__(
        self, context: Context, month: date | None = None, parent: QWidget | None = None, layout: str = ""
    ) -> None:
        self.month = QComboBox()
        self.month.setObjectName("month.period")
        self.month.setAccessibleName("Tháng báo cáo")
        for offered in _months(context, month):
            self.month.addItem(monthly_progress.month_name(offered), offered)
            if month is not None and offered == month.replace(day=1):
                self.month.setCurrentIndex(self.month.count() - 1)
        super().__init__(context, layout or monthly_progress.VOLUME, lambda _path: None, "Báo cáo tháng", parent)
        self._papers.setAccessibleName("Mẫu báo cáo")
        self._papers.show()

    def _lay_out(self) -> None:
        super()._lay_out()
        column = self.layout()
        assert column is not None, "the dialog has a layout"
        bar = next(row for row in column.children() if isinstance(row, QBoxLayout))  # the row of choices stands first
        bar.insertWidget(1, self.month)

    def _fill(self) -> None:
        for name in monthly_progress.LAYOUTS:
            layout = self._context.workspace.layouts[name]
            label = f"{layout.label} ({layout.form})" if layout.form else layout.label
            self._papers.addItem(label, Paper(name, label, unverified=True))
            if name == self._layout_id:
                self._papers.setCurrentIndex(self._papers.count() - 1)
        self._papers.currentIndexChanged.connect(self._show_paper)
        self.month.currentIndexChanged.connect(self._show_paper)

    def _writing(self) -> PreparedPaper:
        workspace, layout, month = self._context.workspace, self._paper(), self._month()
        rows = monthly_progress.month_rows(workspace, month)

        def pdf(path: Path, _progress: Progress) -> object:
            return monthly_progress.write_month(workspace, layout, month, rows, pdf=path)

        def docx(path: Path, _progress: Progress) -> object:
            return monthly_progress.write_month(workspace, layout, month, rows, docx=path)

        return PreparedPaper(pdf, docx)

    def _month(self) -> date:
        month = self.month.currentData()
        assert isinstance(month, date)
        return month

    def _file_name(self, suffix: str) -> str:
        label = self._papers.currentText().partition(" (")[0].replace(":", " -")
        return f"{label} {self.month.currentText().replace('/', '-')}{suffix}"


def _months(context: Context, chosen: date | None) -> list[date]:
    """The first days of the months that are offered, the newest first; the chosen one wherever it lies."""
    months = [context.workspace.today().replace(day=1)]
    while len(months) < _MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    first = chosen.replace(day=1) if chosen else months[0]
    return months if first in months else [first, *months]
