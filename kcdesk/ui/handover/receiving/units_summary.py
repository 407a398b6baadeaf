"""Which units have sent a package for a period and which are late, with the troubles of their files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk import text
from kcdesk.services.handover.collecting import late_units, period_handovers, periods
from kcdesk.services.handover.collecting.batch_receiving import FileVerdict
from kcdesk.services.handover.collecting.period_handovers import UnitHandover
from kcdesk.ui.handover.period_box import PeriodBox
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, PAGE_MARGIN, labelled, set_tone

_UNITS = (
    "Tình trạng",
    "Đơn vị",
    "Mã",
    "Điện thoại",
    "Kỳ gần nhất",
    "Nhận lúc",
    "Số hồ sơ",
    "Thiếu gói số",
    "Tệp có vấn đề",
)
_NO_UNITS = "Chưa biết đơn vị cấp dưới nào: hãy nhận tệp nhận diện, hoặc ghi các đơn vị ở «Đơn vị, cơ quan»."
_RECORDS, _MISSING, _TROUBLES = 6, 7, 8
_SHOWN_STRAY = 12  # files that are named below the table


class UnitsSummary(QWidget):
    """The units with their last packages for a chosen period, and a printable list.

    `verdicts` are the files of a folder: those that are not received stand beside the unit they probably come from.
    """

    def __init__(self, context: Context, period: str = "") -> None:
        super().__init__()
        self._context = context
        self._verdicts: Sequence[FileVerdict] = ()
        self._units: Sequence[UnitHandover] = ()
        self._period = ""  # for which the units are shown
        self.period = self._periods(period)
        self.headline = labelled(wrap=True)
        self.print_button = QPushButton("In danh sách nhắc…")
        self.print_button.setObjectName("collecting.print")
        self.print_button.clicked.connect(self.print)
        self.table = LinesTable("collecting.units", _UNITS, 1, context.theme, right=(_RECORDS,), whole=(0, 4, 5))
        self.table.setAccessibleName("Các đơn vị")
        self.table.moved.connect(self._show_troubles)
        self.whole = labelled(wrap=True)
        self.whole.setObjectName("collecting.troubles")
        self.stray = labelled(role="muted", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(FIELD_GAP)
        head.addWidget(labelled("Kỳ"))
        head.addWidget(self.period)
        head.addWidget(self.headline, 1)
        head.addWidget(self.print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, FIELD_GAP, 0, 0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.whole)
        column.addWidget(self.stray)

    def load(self) -> None:
        """Read the units' packages again."""
        workspace, period = self._context.workspace, self.chosen_period()
        self._period = period
        self._units = period_handovers.period_handovers(workspace, period, verdicts=self._verdicts)
        self.headline.setText(_summary(self._units, period))
        set_tone(self.headline, "wrong" if any(unit.late for unit in self._units) else "")
        self.print_button.setEnabled(bool(self._units))
        self.table.show_lines([_unit_line(unit) for unit in self._units])
        stray = period_handovers.unassigned(workspace, period, self._verdicts)
        self.stray.setText(_stray_text([verdict.file.name for verdict in stray]))
        self.stray.setVisible(bool(stray))
        self._show_troubles(self.table.key())

    def show_troubles(self, verdicts: Sequence[FileVerdict]) -> None:
        """Show the files of a folder that are not received beside the units that they probably come from."""
        self._verdicts = verdicts
        self.load()

    def chosen_period(self) -> str:
        """Return the chosen period as the packages write it, or the text that was typed."""
        return self.period.chosen()

    def print(self) -> None:
        """Show the print preview of the reminders."""
        self.dialog().exec()

    def dialog(self) -> QDialog:
        """Return the print preview of the reminders."""
        workspace, period, verdicts = self._context.workspace, self.chosen_period(), self._verdicts
        write = lambda path: late_units.print_late(workspace, period, path, verdicts=verdicts)  # noqa: E731 - one short act
        return SheetDialog(self._context, late_units.LAYOUT, write, f"Nhắc bàn giao kỳ {text.slug(period)}", self)

    # -- inside --------------------------------------------------------------------------------------------------

    def _periods(self, period: str) -> PeriodBox:
        box = PeriodBox("collecting.period", self._context.workspace.today(), period)
        box.activated.connect(lambda _index: self.load())
        if (typed := box.lineEdit()) is not None:
            typed.editingFinished.connect(self._load_other)
        return box

    def _load_other(self) -> None:
        """Read again if another period was typed: the line is also left without a change."""
        if self.chosen_period() != self._period:
            self.load()

    def _show_troubles(self, key: str) -> None:
        """Show the whole sentences of the selected unit, which its row may cut."""
        unit = next((unit for unit in self._units if unit.key == key), None)
        self.whole.setText("\n".join(unit.troubles) if unit else "")
        self.whole.setVisible(bool(unit and unit.troubles))


class LateUnitsPage(Page):
    """The units and their last packages, without a folder to receive from; opens at the newest period that is late."""

    help_topic = "late_units"
    title = "Đơn vị chưa gửi gói"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        due = late_units.due_period(context.workspace)
        handovers = period_handovers.period_handovers(context.workspace, due, with_phones=False)
        is_late = any(unit.late for unit in handovers)
        self.summary = UnitsSummary(context, due if is_late else "")
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 0)
        column.addWidget(self.summary)

    def commands(self) -> dict[str, PageCommand]:
        """Return printing the reminders."""
        return {"print": PageCommand("In danh sách nhắc…", self.summary.print)}

    def on_show(self) -> None:
        """Read the units again and take the focus."""
        self.summary.load()
        self.summary.table.setFocus()


def _summary(units: Sequence[UnitHandover], period: str) -> str:
    """How many units have handed over, how many are late, how many have still time."""
    if not units:
        return _NO_UNITS
    covered, late = sum(unit.covered for unit in units), sum(unit.late for unit in units)
    named = f"{text.upper_first(periods.name(period))}: "
    rest = f"{late} quá hạn" if late else "không ai quá hạn"
    waiting = len(units) - covered - late
    parts = [f"{covered}/{len(units)} đơn vị đã bàn giao", rest, *([f"{waiting} chưa đến hạn"] if waiting else [])]
    troubled = sum(bool(unit.troubles) for unit in units)
    parts += [f"{troubled} đơn vị có tệp chưa nhận được"] if troubled else []
    return f"{named}{', '.join(parts)}."


def _stray_text(names: Sequence[str]) -> str:
    """Name the first files: hundreds of names would leave no room for the table."""
    more = len(names) - _SHOWN_STRAY
    others = f" và {text.format_integer(more)} tệp khác" if more > 0 else ""
    return f"Chưa rõ của đơn vị nào: {', '.join(names[:_SHOWN_STRAY])}{others}."


def _unit_line(unit: UnitHandover) -> TableLine:
    tone = "good" if unit.covered else "wrong" if unit.late else "neutral"
    last = periods.name(unit.period) if unit.at else "Chưa lần nào"
    cells = (
        late_units.state_text(unit), unit.name, unit.unit, unit.phone, last, wording.moment(unit.at),
        text.format_integer(unit.records) if unit.at else "", ", ".join(map(str, unit.missing)),
        "; ".join(unit.troubles),
    )  # fmt: skip
    return TableLine(unit.key, cells, {0: tone, _MISSING: "wrong", _TROUBLES: "wrong"})
