"""This year's money on the overview: figures that open their records, what differs from last year, two charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.services.reporting.figures import DONG, MoneyUnit
from kcdesk.ui.reports.chart_picture import ChartPicture
from kcdesk.ui.toolkit.qt import empty
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

if TYPE_CHECKING:
    from kcdesk.services.overview.year_money import YearFigure, YearMoney

COMPUTING = "Kinh phí: đang tính…"
NOTHING = "Kinh phí: chưa có đề án nào được phê duyệt."


class MoneyBox(QFrame):
    """The figures of the report `funding` for a year.

    Signals:
        figure_chosen: show the records behind a figure; carries the `YearFigure`.
        report_wanted: show the report itself.
    """

    figure_chosen = Signal(object)
    report_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("overview.money")
        self.heading = labelled(COMPUTING, "section", wrap=True)
        self.report = QPushButton("Mở báo cáo")
        self.report.setObjectName("overview.money.report")
        self.report.setProperty("role", "quiet")
        self.report.clicked.connect(self.report_wanted)
        self._shown: YearMoney | None = None
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.report, 0, Qt.AlignmentFlag.AlignTop)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(FIELD_GAP // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP // 2)
        column.addLayout(top)
        column.addLayout(self._parts)
        column.addStretch(1)

    def show_money(self, money: YearMoney | None) -> None:
        """Replace everything."""
        if money is not None and money == self._shown:
            return  # a button that has the keyboard stays
        self._shown = money
        empty(self._parts)
        self.heading.setText(money.title if money else NOTHING)
        if money is not None:
            self._parts.addWidget(self._table(money))
            for note in money.notes:
                self._parts.addWidget(labelled(note, "help", wrap=True))
            for words, png in money.charts:
                self._parts.addWidget(ChartPicture(png, words))

    @property
    def unit(self) -> MoneyUnit:
        """Return the unit of the amounts that are shown."""
        return self._shown.unit if self._shown is not None else DONG

    def texts(self) -> list[list[str]]:
        """Return the rows as they are shown: label and figures."""
        shown = self._shown
        rows = (*shown.rows, *shown.compared) if shown is not None else ()
        return [[label, *(figure.text for figure in figures)] for label, figures in rows]

    def _table(self, money: YearMoney) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        for place, head in enumerate(money.heads):
            align = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
            grid.addWidget(labelled(head, "muted"), 0, place, align | Qt.AlignmentFlag.AlignBottom)
        for number, (label, figures) in enumerate((*money.rows, *money.compared), start=1):
            role = "strong" if number == len(money.rows) else "muted" if number > len(money.rows) else ""
            grid.addWidget(labelled(label, role, wrap=True), number, 0)
            for place, figure in enumerate(figures, start=1):
                grid.addWidget(self._figure(figure, number), number, place, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        return table

    def _figure(self, figure: YearFigure, line: int) -> QPushButton:
        button = QPushButton(figure.text)
        button.setObjectName(f"overview.money.{line}.{figure.column}")
        button.setProperty("role", "quiet")
        button.setAccessibleName(f"{figure.label}: {figure.text}")
        button.setToolTip("Xem các hồ sơ đứng sau số này")
        button.clicked.connect(lambda: self.figure_chosen.emit(figure))
        return button
