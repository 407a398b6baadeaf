"""The list of reports below their headings, narrowed by typed words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidgetItem

from kcdesk.services.reporting.choices_offered import ListedReport, matches
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_NAME = Qt.ItemDataRole.UserRole


class ReportList(WrappedList):
    """The reports; one is always chosen as long as one is shown.

    Signals:
        chosen: another report; carries its name.
        entered: Enter on a report: go to its figures.
    """

    chosen = Signal(str)
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reports.list")
        self.setAccessibleName("Các báo cáo")
        self.setSpacing(3)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._reports: Sequence[ListedReport] = ()
        self.currentItemChanged.connect(self._announce)
        self.itemActivated.connect(lambda _item: self.entered.emit())

    def show_reports(self, reports: Sequence[ListedReport], current: str) -> None:
        """Show these reports; `current` is chosen without a signal if it is among them, else the first one."""
        self._reports = reports
        self._fill("", current)

    def narrow(self, typed: str) -> None:
        """Show only the reports that have the typed words; the chosen one stays chosen while it is shown."""
        before = self.name()
        self._fill(typed, before)
        if self.name() and self.name() != before:
            self.chosen.emit(self.name())

    def name(self) -> str:
        """Return the name of the chosen report, "" while none is shown."""
        item = self.currentItem()
        return str(item.data(_NAME) or "") if item is not None else ""

    def choose(self, name: str) -> None:
        """Choose a report as the officer would."""
        for row in range(self.count()):
            if self.item(row).data(_NAME) == name:
                self.setCurrentRow(row)

    def titles(self) -> list[str]:
        """Return the titles that are shown, from top to bottom."""
        rows = (self.item(row) for row in range(self.count()))
        return [item.text() for item in rows if item.data(_NAME)]

    def _fill(self, typed: str, current: str) -> None:
        with QSignalBlocker(self):
            self.clear()
            heading = ""
            for report in (report for report in self._reports if matches(report, typed)):
                if report.heading != heading:
                    heading = report.heading
                    self._add_heading(heading)
                self._add_report(report)
        with QSignalBlocker(self):
            self.choose(current)
            if not self.name():
                self.choose(next((report.name for report in self._reports if matches(report, typed)), ""))

    def _add_heading(self, heading: str) -> None:
        item = QListWidgetItem(heading, self)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = item.font()
        font.setBold(True)
        item.setFont(font)

    def _add_report(self, report: ListedReport) -> None:
        item = QListWidgetItem(report.title, self)
        item.setData(_NAME, report.name)
        item.setToolTip(report.title)

    def _announce(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_NAME):
            self.chosen.emit(str(item.data(_NAME)))
