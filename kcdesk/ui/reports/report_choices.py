"""The choices above a report: period, rows, office, unit of money, last year beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from kcdesk.services.reporting import choices_offered, running
from kcdesk.services.reporting.choices_offered import OfferedChoice
from kcdesk.services.reporting.figures import DONG, MONEY_UNITS, money_unit
from kcdesk.services.reporting.report_answer import AskedReport
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.workspace import Workspace
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import labelled, set_tone

FIRST_PERIOD, EVERY_PERIOD = "Năm nay", "Tất cả các kỳ"
_PERIOD_HINT = (
    "Chọn, hoặc gõ rồi Enter: 2026; quý 3/2026; 6 tháng đầu năm 2026; 03/2026; 2021-2025; từ 1/3/2026 đến 15/3/2026"
)
_INDICATORS = "Mỗi chỉ tiêu một dòng"


class ReportChoices(FlowRow):
    """The boxes of choices; `changed` when another question is asked, also by a period that cannot be read."""

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(gap=12)
        self._workspace = workspace
        self._name = ""
        self._own_rows: tuple[str, ...] = ()  # the groups of the definition
        self.period = _PeriodBox(workspace)
        self.by = _box("reports.by", "Chia dòng theo")
        self.then = _box("reports.then", "Chia thêm theo")
        self.unit = _box("reports.unit", "Đơn vị")
        self.money = _box("reports.money", "Tiền tính bằng")
        self.last_year = QCheckBox("So với cùng kỳ năm trước")
        self.last_year.setObjectName("reports.last_year")
        self._cells: dict[QWidget, QWidget] = {}
        boxes = ((self.period, 150), (self.by, 190), (self.then, 145), (self.unit, 190), (self.money, 125))
        for box, width in boxes:
            self._add_cell(box, width)
        self.add(self.last_year)
        for unit in MONEY_UNITS:
            self.money.addItem(unit.name, unit.name)
        self.period.settled.connect(self.changed)
        for box in (self.by, self.then, self.unit, self.money):
            box.activated.connect(lambda _place: self.changed.emit())
        self.last_year.clicked.connect(lambda _checked: self.changed.emit())

    def _add_cell(self, box: QComboBox, width: int) -> None:
        keep_size(box, fixed_width=width)
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(labelled(box.accessibleName(), "muted"))
        column.addWidget(box)
        self._cells[box] = cell
        self.add(cell)

    # -- what is asked ---------------------------------------------------------------------------------------------

    def asked(self) -> AskedReport:
        """Return the question. UserError `bad_period` for a period that cannot be read."""
        by, then = self.by.currentData(), self.then.currentData()
        first = (by,) if by else self._own_rows
        groups = tuple(dict.fromkeys(filter(None, (*first, then)))) if by or then else ()
        wanted = Wanted(
            name=self._name,
            period=choices_offered.read_period(self.period.currentText(), self._workspace.today()),
            by=groups,
            unit=self.unit.currentData() or "",
        )
        unit = money_unit(self.money.currentData() or DONG.name)
        return AskedReport(wanted=wanted, unit=unit, against_last_year=self.last_year.isChecked())

    def show_refused(self, refused: bool) -> None:
        """Mark the period as one that cannot be read, or as right again."""
        set_tone(self.period, "wrong" if refused else "")

    def show_every_period(self) -> None:
        """Ask for all periods, as the officer would."""
        self.period.setEditText(EVERY_PERIOD)
        self.last_year.setChecked(False)
        self.changed.emit()

    # -- what was chosen before ------------------------------------------------------------------------------------

    def show_report(self, name: str, kept: dict[str, Any]) -> None:
        """Offer the choices of a report, and choose what was kept, as far as it is offered."""
        report = running.report_named(self._workspace, name)
        self._name, self._own_rows = name, report.by
        rows = choices_offered.row_choices(self._workspace, report)
        labels = {choice.name: choice.label for choice in rows}
        own = ", ".join(labels.get(name, name) for name in report.by) or _INDICATORS
        others = [choice for choice in rows if (choice.name,) != report.by]
        _fill(self.by, [OfferedChoice("", own), *others], kept.get("by"))
        _fill(self.then, [OfferedChoice("", "Không chia thêm"), *rows], kept.get("then"))
        units = choices_offered.unit_choices(self._workspace)
        _fill(self.unit, [OfferedChoice("", "Mọi đơn vị"), *units], kept.get("unit"))
        self._cells[self.unit].setVisible(bool(units))
        place = self.money.findData(kept.get("money"))
        self._cells[self.money].setVisible(running.has_money(self._workspace, report))
        with QSignalBlocker(self.money):
            self.money.setCurrentIndex(max(place, 0))
        period = kept.get("period")
        self.period.offer(period if isinstance(period, str) else FIRST_PERIOD)
        self.last_year.setChecked(bool(kept.get("last_year")))
        self.show_refused(False)

    def kept(self) -> dict[str, Any]:
        """Return what is chosen, without what is chosen at first; relative periods stay relative."""
        now = {
            "period": self.period.currentText() if self.period.currentText() != FIRST_PERIOD else "",
            "by": self.by.currentData(),
            "then": self.then.currentData(),
            "unit": self.unit.currentData(),
            "money": self.money.currentData() if self.money.currentIndex() > 0 else "",
            "last_year": self.last_year.isChecked(),
        }
        return {name: value for name, value in now.items() if value}


class _PeriodBox(QComboBox):
    """A period to choose by its name or to type; `settled` after a choice, Enter, or leaving the box changed."""

    settled = Signal()
    help_topic = "reports"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._before = ""
        self.setObjectName("reports.period")
        self.setAccessibleName("Kỳ báo cáo")
        self.setToolTip(_PERIOD_HINT)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        self._line = QLineEdit()
        self._line.setAccessibleName("Kỳ báo cáo")
        self.setLineEdit(self._line)
        self._line.setCompleter(None)  # type: ignore[arg-type]  # PySide's stub forgets that there may be none
        self._line.editingFinished.connect(self._settle)
        self._line.installEventFilter(self)
        self.activated.connect(lambda _place: self._settle())

    def offer(self, text: str) -> None:
        """Offer the named periods of today and show a text, without a signal."""
        with QSignalBlocker(self):
            self.clear()
            for name, days in choices_offered.periods_in_words(self._workspace.today()):
                self.addItem(name)
                self.setItemData(self.count() - 1, days, Qt.ItemDataRole.ToolTipRole)
            self.setEditText(text)
        self._before = text

    def _settle(self, *, again: bool = False) -> None:
        """Announce another text; on Enter also the same one, whose refusal may have been read over."""
        if self.currentText() != self._before or again:
            self._before = self.currentText()
            self.settled.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter as asking again."""
        key = event.key() if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else 0
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._settle(again=True)
            return True
        return super().eventFilter(watched, event)


def _box(name: str, words: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(words)
    box.setMaxVisibleItems(16)
    box.view().setTextElideMode(Qt.TextElideMode.ElideRight)
    return box


def _fill(box: QComboBox, choices: Sequence[OfferedChoice], kept: object) -> None:
    with QSignalBlocker(box):
        box.clear()
        for choice in choices:
            box.addItem(choice.label, choice.name)
            box.setItemData(box.count() - 1, choice.label, Qt.ItemDataRole.ToolTipRole)
        box.setCurrentIndex(max(box.findData(kept), 0))
        box.setToolTip(box.currentText())
