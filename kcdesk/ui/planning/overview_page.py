"""«Tổng quan»: what is due and missing, this year's money, where dossiers wait, how hand-offs and backups stand.

What is cheap is shown at once; money, waiting times and warnings follow from the background (`quiet_questions`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk import moments
from kcdesk.runtime.frozen import replace
from kcdesk.services.overview import chief_view, head_numbers, todays_work, year_money
from kcdesk.services.overview import figures as overview_figures
from kcdesk.services.reporting.report_answer import AskedReport
from kcdesk.text import format_date, format_integer
from kcdesk.ui.dossier import list_page
from kcdesk.ui.dossier.beginning import begin_record
from kcdesk.ui.planning import due_papers, warnings_page
from kcdesk.ui.planning.due_box import DueBox
from kcdesk.ui.planning.held_height import HeldHeight
from kcdesk.ui.planning.money_box import MoneyBox
from kcdesk.ui.planning.number_row import NumberRow
from kcdesk.ui.planning.quiet_questions import Question, QuietQuestions
from kcdesk.ui.planning.two_columns import TwoColumns
from kcdesk.ui.planning.work_box import WorkBox
from kcdesk.ui.reports.behind_figures import AskedFigure, BehindFigures
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.outside_backup import back_up_to_stick
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.fitting.page_scroll import PageScroll
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.tables import TitledTable
from kcdesk.ui.toolkit.theme import GROUP_GAP, PAGE_MARGIN, SECTION_GAP, labelled

if TYPE_CHECKING:
    from kcdesk.services.overview.chief_view import WaitingView, WorkView
    from kcdesk.services.overview.figures import KindSummary
    from kcdesk.services.overview.head_numbers import HeadNumber
    from kcdesk.services.overview.todays_work import WorkLine
    from kcdesk.services.overview.year_money import YearFigure
    from kcdesk.services.records.changing import Changes
    from kcdesk.services.warnings.foresight import Foresight
    from kcdesk.services.workspace import Workspace

_ID = Qt.ItemDataRole.UserRole
_LEAST_RECENT = 140  # pixels: the heading and three lines
Builders = Mapping[str, Callable[[Context], Page]]
# The kinds of the main workflow that have a page of their own.
_OWN_PAGES = ("beneficiary", "proposal", "acceptance")
_BEGUN = ("beneficiary", "proposal", "acceptance")  # first steps that begin a record at once
_FIRST_STEPS = {  # by whether units hand over to the office
    False: (
        ("beneficiary", "Đăng ký đơn vị thụ hưởng", "Tên, mã số thuế, địa chỉ; gõ tên xã cũ hay mới đều tìm được."),
        ("proposal", "Lập đề án", "Tám phần theo Thông tư 36/2013; dự toán tự cộng và báo khi chưa khớp."),
        ("acceptance", "Nghiệm thu", "Danh mục kiểm tra theo nội dung đề án; in biên bản ngay tại cơ sở."),
    ),
    True: (
        ("partners", "Tin cậy đơn vị", "Nhận tệp nhận diện của từng đơn vị, gọi điện đối chiếu dấu khoá một lần."),
        ("handoff", "Nhận gói", "Từng gói hoặc cả thư mục; ai chưa gửi kỳ này thấy ngay."),
        ("plan", "Kế hoạch năm", "Lấy đề án đã đăng ký, xếp ưu tiên, cắt theo kinh phí, in Mẫu số 2."),
    ),
}


def _first_steps(workspace: Workspace) -> tuple[tuple[str, str, str], ...]:
    """The first steps of an office; one that only watches has no year plan."""
    offered = _FIRST_STEPS[workspace.collects]
    makes_plans = workspace.level.decides or not workspace.collects
    return offered if makes_plans else tuple(step for step in offered if step[0] != "plan")


class OverviewPage(Page):
    """The first page of the day; `deadlines` builds the page of all deadlines, `places` other pages by their name."""

    help_topic = "overview"
    title = "Tổng quan"

    def __init__(self, context: Context, deadlines: Callable[[Context], Page], places: Builders | None = None) -> None:
        super().__init__(context)
        self._deadlines, self._places = deadlines, places or {}
        self._stale = True
        self._day: date | None = None  # on which everything was read
        self._wants_keyboard = False
        self._work: WorkView | None = None
        self._waits: Mapping[str, str] = {}
        self._foresights: Sequence[Foresight] = ()
        self.work = WorkBox()
        self.standing = WorkBox("standing", "Bàn giao, sao lưu")
        self.numbers = NumberRow()
        self.money = MoneyBox()
        self.questions = QuietQuestions(context, self)
        self.behind = BehindFigures(self)
        self._counts = FlowRow(gap=0)
        self.recent_model = QStandardItemModel(self)
        self.recent = _recent_table(self.recent_model)
        self.first_steps = _FirstSteps(_first_steps(context.workspace))
        self.due = DueBox()
        self._recent_heading = labelled("Sửa gần đây", "section")
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        page = PageScroll()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)
        self._column = column = page.column
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(SECTION_GAP)
        self.columns = TwoColumns(_stacked(self.work, self.numbers, self.standing), self.money)
        parts = {"overview.work": self.work, "overview.columns": self.columns}
        self._held = [HeldHeight(part, self.context.settings, name) for name, part in parts.items()]
        for widget in (self.first_steps, self.columns, self.due, self._counts, self._recent_heading):
            column.addWidget(widget)
        column.addWidget(self.recent, 1)
        column.addStretch(0)

    def _wire(self) -> None:
        self.work.chosen.connect(self.do_work)
        self.standing.chosen.connect(self.do_work)
        self.numbers.chosen.connect(self.show_number)
        self.money.figure_chosen.connect(self.show_figure)
        self.money.report_wanted.connect(lambda: self.go_requested.emit("reports"))
        self.recent.activated.connect(lambda index: self.open_requested.emit(index.siblingAtColumn(0).data(_ID)))
        self.first_steps.chosen.connect(self._begin_step)
        self.due.chosen.connect(self.open_requested)
        self.due.paper_wanted.connect(lambda due: due_papers.open_paper(self.context, due, self))
        self.due.all_wanted.connect(self.show_deadlines)
        for held in self._held:
            self.questions.answered.connect(held.release)
        self.questions.refused.connect(lambda error: self.money.heading.setText(error.sentence()))

    def main_action(self) -> PageCommand:
        """ "Lập đề án"."""
        form = self.context.workspace.forms.current("proposal", self.context.workspace.today())
        return PageCommand(form.new_label, self._create_proposal)

    def commands(self) -> dict[str, PageCommand]:
        """Return the new proposal (Ctrl+N) and the page of deadlines."""
        return {"new": self.main_action(), "deadlines": PageCommand("Thời hạn", self.show_deadlines)}

    def on_show(self) -> None:
        """Show what has changed, and give the keyboard to the first thing to do."""
        self._catch_up()
        self._take_keyboard()

    def _catch_up(self) -> None:
        """Read everything that has changed or is not read yet, else what a backup or a receipt changes: no record."""
        if self._stale or self._day != self.context.workspace.today() or self.questions.are_open:
            self._fill()
        else:
            self._read_work()

    def _take_keyboard(self) -> None:
        """Give the keyboard to the first thing to do, which stands at the top of the page."""
        first = self.work.first_button() if self.columns.isVisible() else self.first_steps.buttons[0]
        self._wants_keyboard = first is None  # today's work is not read yet
        if first is not None:
            first.setFocus()

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Mark the figures as outdated: any change may affect them."""
        del changes, initiator
        self._stale = True
        if self.isVisible():
            self._fill()

    def show_deadlines(self) -> None:
        """Open the deadlines over the overview."""
        self.page_requested.emit(self._deadlines)

    def show_number(self, number: HeadNumber) -> None:
        """Open the list that a number counts."""
        if not number.where:
            self.show_deadlines()
            return

        def narrowed(context: Context) -> Page:
            page = list_page.ListPage(context, head_numbers.KIND, keeps_view=False)
            page.show_matches(head_numbers.KIND, "", number.where)
            return page

        self.page_requested.emit(narrowed)

    def _create_proposal(self) -> None:
        begin_record(self, "proposal")

    def _fill(self) -> None:
        self._stale, self._day = False, self.context.workspace.today()
        self._fill_recent()
        something = overview_figures.record_numbers(self.context.workspace) > 0
        for widget in (self.columns, self._counts, self._recent_heading, self.recent):
            widget.setVisible(something)
        self.first_steps.setVisible(not something)
        self._column.setStretch(self._column.count() - 1, 0 if something else 1)
        soon(self, self._read_all)  # show the window before everything is read

    def _read_all(self) -> None:
        """Read today's work, and ask for the rest; a page that was left meanwhile does so when it comes back."""
        if self.isVisible():
            money: Question = (lambda workspace: year_money.year_money(workspace), self.money.show_money)
            waits: Question = (lambda workspace: chief_view.waits(workspace), self._show_waits)
            for held in self._held:
                held.hold()
            self._read_work(money, waits)
        else:
            self._stale = True

    def _read_work(self, *more: Question) -> None:
        """Read today's work, in a small store at once; if there are records, ask for what waits and for more."""
        # The services are named within functions, so that the background imports them when it needs them.
        work = (lambda workspace: chief_view.work_view(workspace), self._show_work)
        waiting = (lambda workspace: chief_view.waiting_view(workspace), self._show_waiting)
        is_small = overview_figures.is_small(self.context.workspace)
        if is_small:
            self._show_work(chief_view.work_view(self.context.workspace))
        if not self.columns.isHidden():
            self.questions.ask(*([] if is_small else [work]), waiting, *more)

    def _show_work(self, view: WorkView) -> None:
        self._work = view
        self.due.show_listing(view.listing)
        self.numbers.show_numbers(self._waited(view.numbers))
        self._show_counts(view.counts)
        self._show_lines()
        if self._wants_keyboard:
            self._take_keyboard()

    def _show_waits(self, waits: Mapping[str, str]) -> None:
        self._waits = waits
        self.numbers.show_numbers(self._waited(self.numbers.shown))

    def _waited(self, numbers: Sequence[HeadNumber]) -> Sequence[HeadNumber]:
        """The numbers with the days as last computed."""
        return [replace(number, waits=self._waits.get(number.name, "")) for number in numbers]

    def _show_lines(self) -> None:
        """Show today's work; warnings, which are known later, stand last: no button moves when they come."""
        if self._work is not None:
            warned = todays_work.warned(self._foresights)
            self.work.show_lines([*self._work.urgent, *self._work.others, *warned])

    def _show_waiting(self, view: WaitingView) -> None:
        self._foresights = view.foresights
        self.standing.show_lines(view.standing)
        self._show_lines()

    def show_figure(self, figure: YearFigure) -> None:
        """Show the records behind a figure of this year's money."""
        asked = AskedReport(wanted=figure.wanted, unit=self.money.unit)
        self.behind.show_records(AskedFigure(figure.label, asked, figure.row, figure.column))

    def do_work(self, line: WorkLine) -> None:
        """Do what a line of today's work says."""
        if line.record:
            self.open_requested.emit(line.record)
        elif line.place == "deadlines":
            self.show_deadlines()
        elif line.place == "warnings":
            self.page_requested.emit(warnings_page.WarningsPage)
        elif line.place == "backup":
            back_up_to_stick(self.context, self._catch_up)
        elif line.place in self._places:
            self.page_requested.emit(self._places[line.place])
        else:
            self.go_requested.emit(line.place)

    def _begin_step(self, name: str) -> None:
        """Do a first step: begin the record, or show its page, its register, its entry of the navigation."""
        if name in self._places:
            self.page_requested.emit(self._places[name])
        elif name in _BEGUN:
            begin_record(self, name)
        elif name in self.context.workspace.forms.kinds:
            self._go_to_list(name)
        else:
            self.go_requested.emit(name)

    def _show_counts(self, figures: Sequence[KindSummary]) -> None:
        """Show the number of records of the main kinds in one line; each leads to its list."""
        self._counts.clear()
        for figure in figures:
            self._counts.add(self._count(figure))

    def _count(self, figure: KindSummary) -> QPushButton:
        button = QPushButton(f"{format_integer(figure.total)} {figure.label.lower()}")
        button.setObjectName(f"overview.{figure.kind}")
        button.setProperty("role", "quiet")
        states = [f"{format_integer(number)} {label.lower()}" for _name, label, number in figure.states]
        button.setToolTip("\n".join(states) or "Chưa có")
        button.clicked.connect(lambda: self._go_to_list(figure.kind))
        return button

    def _go_to_list(self, kind: str) -> None:
        if kind in _OWN_PAGES:
            self.go_requested.emit(kind)
        else:
            self.context.settings.register = kind
            self.go_requested.emit("registers")

    def _fill_recent(self) -> None:
        self.recent_model.clear()
        self.recent_model.setHorizontalHeaderLabels(["Hồ sơ", "Loại", "Sửa lúc"])
        for line in overview_figures.recent(self.context.workspace):
            self.recent_model.appendRow(_recent_row(line))
        self.recent.fit_columns()
        self.recent.selectRow(0)


def _stacked(*parts: QWidget) -> QWidget:
    """Widgets one below the other."""
    stack = QWidget()
    column = QVBoxLayout(stack)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GROUP_GAP)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return stack


def _recent_table(model: QStandardItemModel) -> TitledTable:
    """The table of what was changed last."""
    table = TitledTable(0)
    table.setObjectName("overview.recent")
    table.setAccessibleName("Sửa gần đây")
    table.setModel(model)
    keep_size(table, least_height=_LEAST_RECENT)
    return table


class _FirstSteps(QFrame):
    """The first steps of an officer with an empty store, in order.

    Signals:
        chosen: show the page of a step; carries its name.
    """

    chosen = Signal(str)

    def __init__(self, steps: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setObjectName("overview.first_steps")
        self.buttons: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(SECTION_GAP, GROUP_GAP, SECTION_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(labelled("Bắt đầu", "section"))
        for place, (page, label, note) in enumerate(steps, start=1):
            row = QHBoxLayout()
            row.setSpacing(GROUP_GAP)
            row.addWidget(self._button(f"{place}. {label}", page))
            row.addWidget(labelled(note, "help", wrap=True), 1)
            column.addLayout(row)

    def _button(self, label: str, page: str) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(f"overview.step.{page}")
        button.clicked.connect(lambda: self.chosen.emit(page))
        keep_size(button, least_width=236)
        self.buttons.append(button)
        return button


def _recent_row(line: Mapping[str, str]) -> list[QStandardItem]:
    row = [QStandardItem(text) for text in (line["title"], line["label"], _day(line["at"]))]
    row[0].setData(line["id"], _ID)
    row[0].setToolTip(line["title"])
    return row


def _day(at: str) -> str:
    moment = moments.local(at)
    return f"{format_date(moment.date())} {moment:%H:%M}"
