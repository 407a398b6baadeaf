"""The table of a report: single cells are chosen, the labels stay in sight, cells are copied for Excel and Word."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QTableView

from kcdesk.services.guidance import report_pages
from kcdesk.services.reporting import copied_table
from kcdesk.ui.form.tables.frozen_column import FrozenColumn
from kcdesk.ui.reports.figures_model import FiguresModel
from kcdesk.ui.toolkit.tables import TitledTable
from kcdesk.ui.toolkit.theme import Theme

_TITLE = 220  # smallest width in pixels of the column of labels


class FiguresTable(TitledTable):
    """The figures of one answer.

    Signals:
        figure_chosen: Enter or a double click on a figure; carries the keys of its row and column.
        why_wanted: why does a figure stand there; carries the same.
        copied: cells were copied; carries how many rows.
    """

    figure_chosen = Signal(str, str)
    why_wanted = Signal(str, str)
    copied = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(0, _TITLE, two_lines=True)
        self.setObjectName("reports.figures")
        self.setAccessibleName("Số liệu của báo cáo")
        self.figures = FiguresModel(theme)
        self.setModel(self.figures)
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.frozen = FrozenColumn(self, QStyledItemDelegate())
        self.frozen.setProperty("role", "list")
        self.frozen.setShowGrid(False)
        self.frozen.setAccessibleName("Các dòng của báo cáo")
        self.doubleClicked.connect(lambda _index: self._choose())
        theme.changed.connect(self.viewport().update)
        for label, keys, act in (
            ("Mở hồ sơ đứng sau số này\tEnter", ("Return", "Enter"), self._choose),
            ("Vì sao có số này?\tF7", (), self.ask_why),  # the key is the menu's
            ("Chép\tCtrl+C", ("Ctrl+C",), self.copy_chosen),
            ("Chép cả bảng\tCtrl+Shift+C", ("Ctrl+Shift+C",), self.copy_all),
        ):
            self._offer(label, keys, act)

    def _offer(self, label: str, keys: tuple[str, ...], act: Callable[[], None]) -> None:
        action = QAction(label, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: act())
        self.addAction(action)
        self.frozen.addAction(action)

    @property
    def help_topic(self) -> str:
        """The topic of the figure with the keyboard; F1 tells what it counts."""
        if self.figures.answer is None:
            return ""
        place = self.figures.place(self.currentIndex())
        return report_pages.topic(self.figures.answer.report.id, place[1].split(".")[0] if place else "")

    def place(self) -> tuple[str, str] | None:
        """Return the keys of row and column of the current figure; None for a label or nothing."""
        return self.figures.place(self.currentIndex())

    def go_to(self, row: str, column: str) -> None:
        """Make a figure current if it is shown."""
        names = self.figures.names()
        rows = [place for place in range(self.figures.rowCount()) if self.figures.key(place) == row]
        if rows and column in names:
            self.setCurrentIndex(self.figures.index(rows[0], names.index(column)))

    def ask_why(self) -> None:
        """Ask why the current figure stands there."""
        if (place := self.place()) is not None:
            self.why_wanted.emit(*place)

    def _choose(self) -> None:
        if (place := self.place()) is not None:
            self.figure_chosen.emit(*place)

    # -- copying ---------------------------------------------------------------------------------------------------

    def copy_chosen(self) -> None:
        """Copy the chosen cells with everything between them; several columns with their heads."""
        indexes = self.selectedIndexes() or [self.currentIndex()]
        rows = sorted({index.row() for index in indexes if index.isValid()})
        columns = sorted({index.column() for index in indexes if index.isValid()})
        if rows:
            self._copy(rows, columns, heads=len(columns) > 1 and len(rows) > 1)

    def copy_all(self) -> None:
        """Copy the whole table with its heads."""
        if self.figures.rowCount():
            self._copy(range(self.figures.rowCount()), range(self.figures.columnCount()), heads=True)

    def _copy(self, rows: range | list[int], columns: range | list[int], *, heads: bool) -> None:
        answer = self.figures.answer
        assert answer is not None, "there are cells"
        lines = [answer.printed.lines[row] for row in rows]
        names = [self.figures.names()[column] for column in columns]
        content = QMimeData()
        content.setText(copied_table.as_text(answer.printed, answer.asked.unit, lines, names, heads=heads))
        content.setHtml(copied_table.as_html(answer.printed, answer.asked.unit, lines, names, heads=heads))
        QGuiApplication.clipboard().setMimeData(content)
        self.copied.emit(len(lines))

    # -- keys and sizes --------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the first or last figure of the row on Home and End, of the table with Ctrl; Shift marks."""
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            QTableView.keyPressEvent(self, event)  # other tables of the program have whole rows
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the frozen labels in their place."""
        super().resizeEvent(event)
        self.frozen.arrange()

    def wanted_height(self) -> int:
        """Return the height in pixels at which nothing of the table is hidden."""
        rows = self.verticalHeader().length() + self.horizontalHeader().height() + 2 * self.frameWidth()
        return rows + self.horizontalScrollBar().sizeHint().height()
