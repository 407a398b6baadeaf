"""One report: its choices, and what they give. Whatever is shown belongs to the choices above it, or says so."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSplitter, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError, UserError
from kcdesk.services.records import reading
from kcdesk.services.reporting import report_answer, running
from kcdesk.services.reporting.figures import scope_of
from kcdesk.services.reporting.report_answer import AskedReport, ReportAnswer
from kcdesk.text import lower_first
from kcdesk.ui.reports.answer_foot import AnswerFoot
from kcdesk.ui.reports.chart_picture import pixels_of_a_point
from kcdesk.ui.reports.figures_table import FiguresTable
from kcdesk.ui.reports.latest_questions import LatestQuestions
from kcdesk.ui.reports.report_choices import ReportChoices
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.kept_views import keep_splitter, keep_view, kept_view
from kcdesk.ui.toolkit.sizes import keep_size, scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled, set_tone

_CHART_WIDTH = (320.0, 640.0)  # points, at least and at most
_CALCULATING = "Đang tính…"
_BLANK_AFTER = 200  # milliseconds
_LEAST_HEIGHT = 220  # pixels of normal letters, for figures and notes together


class ReportView(QWidget):
    """Asks for the chosen report in the background and shows the answer.

    Signals:
        answered: another answer is shown, or none.
        begin_wanted: begin a record of the kind that the report counts; carries the kind.
    """

    answered = Signal()
    begin_wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.name = ""  # of the chosen report
        self.answer: ReportAnswer | None = None
        self.questions = LatestQuestions(context, self)
        self._place: tuple[str, str] | None = None  # where the officer was in the table before the open question
        self._blanking = QTimer(self, singleShot=True, interval=_BLANK_AFTER)
        self.choices = ReportChoices(context.workspace)
        self.problem = labelled("", "problem", wrap=True)
        self.heading = labelled("", "section", wrap=True)
        self.heading.setObjectName("reports.heading")
        self.busy = QProgressBar()
        self.empty = labelled("", "strong", wrap=True)
        self.way_out = QPushButton()
        self.table = FiguresTable(context.theme)
        self.foot = AnswerFoot()
        self._lay_out()
        self.choices.changed.connect(self.ask)
        self.way_out.clicked.connect(self._lead_out)
        self.questions.busy_changed.connect(self._show_busy)
        self.questions.stopped.connect(self._say_stopped)
        self._blanking.timeout.connect(self._blank)
        self._show_busy(False)

    def _lay_out(self) -> None:
        self.problem.hide()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setProperty("role", "bar")
        self.busy.setAccessibleName(_CALCULATING)
        self.way_out.setObjectName("reports.way_out")
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        out = QHBoxLayout()
        out.addWidget(self.empty, 1)
        out.addWidget(self.way_out)
        self._out = QWidget()
        self._out.setLayout(out)
        out.setContentsMargins(0, 0, 0, 0)
        self._out.hide()
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(self.table)
        self.parts.addWidget(self.foot)
        self.parts.setStretchFactor(1, 1)
        keep_splitter(self.parts, self._context.settings, "reports.parts")
        keep_size(self.parts, least_height=_LEAST_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(FIELD_GAP, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        for widget in (self.choices, self.problem):
            column.addWidget(widget)
        column.addLayout(head)
        column.addWidget(self.busy)
        column.addWidget(self._out)
        column.addWidget(self.parts, 1)

    # -- asking ----------------------------------------------------------------------------------------------------

    def show_report(self, name: str) -> None:
        """Show another report with the choices of the last time; nothing of the one before stays."""
        if name == self.name:
            return
        self.name = name
        self._show(None)
        self.choices.show_report(name, kept_view(self._context.settings, f"report.{name}"))
        self.ask()

    def ask(self) -> None:
        """Ask for the report with the present choices; a refusal stands beside them."""
        try:
            asked = self.choices.asked()
        except UserError as error:
            self.questions.forget()
            self._refuse(error)
            return
        keep_view(self._context.settings, f"report.{self.name}", self.choices.kept())
        self._say("")
        width = self._chart_width()
        self.questions.ask(
            lambda workspace: report_answer.answered(workspace, asked, width),
            text=f"Đang tính «{self._title(asked)}»",
            done=self._show,
            failed=self._refuse,
        )

    def _title(self, asked: AskedReport) -> str:
        return running.report_named(self._context.workspace, asked.wanted.name).label

    def _chart_width(self) -> float:
        """Return the width of charts in points, as far as there is room."""
        least, most = _CHART_WIDTH
        return min(max((self.foot.viewport().width() - 32) / pixels_of_a_point(), least), most)

    def _show_busy(self, busy: bool) -> None:
        """Show that the figures are on their way; older ones stay for a moment only, so that nothing flickers."""
        self.busy.setVisible(busy)
        if busy:
            self._place = self.table.place() or self._place
            self.heading.setText(_CALCULATING)
            self._out.hide()
            self._blanking.start()
        else:
            self._blanking.stop()

    def _blank(self) -> None:
        self.table.figures.show(None)
        self.foot.show_answer(None)

    def _refuse(self, error: KcdeskError) -> None:
        """Say what is wrong with the choices, and of which question the figures below still are."""
        self._show(self.answer)
        is_period = isinstance(error, UserError) and error.code == "bad_period"
        self._say(f"{error.sentence()}{self._older()}", is_period=is_period)

    def _say_stopped(self) -> None:
        self._show(self.answer)
        self._say(f"Đã dừng, chưa tính xong.{self._older()}")

    def _older(self) -> str:
        """Say of which question the figures below are."""
        return f" Bảng dưới đây vẫn của: {lower_first(scope_of(self.answer.table))}." if self.answer is not None else ""

    def _say(self, sentence: str, *, is_period: bool = False) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.choices.show_refused(is_period)
        set_tone(self.heading, "waiting" if sentence else "")

    # -- showing ---------------------------------------------------------------------------------------------------

    def _show(self, answer: ReportAnswer | None) -> None:
        place = self.table.place() or self._place
        self.answer, self._place = answer, None
        self.table.figures.show(answer)
        self.table.fit_columns()
        self.foot.show_answer(answer)
        self.heading.setText("")
        if answer is not None:
            self._show_heading(answer)
            self._give_room()
            self._show_way_out(answer)
            self._go_to(place)
        self.answered.emit()

    def _go_to(self, place: tuple[str, str] | None) -> None:
        """Go to the figure where the officer was, else to the first one."""
        if place is not None:
            self.table.go_to(*place)
        if self.table.place() is None and self.table.figures.rowCount() and self.table.figures.columnCount() > 1:
            self.table.setCurrentIndex(self.table.figures.index(0, 1))

    def _show_heading(self, answer: ReportAnswer) -> None:
        self.heading.setText(f"{answer.table.title} – {scope_of(answer.table)}")

    def _give_room(self) -> None:
        """Give the table what it needs, if notes and charts still have their part; a size set by hand stays."""
        if kept_view(self._context.settings, "reports.parts"):
            return
        whole = self.parts.height() - self.parts.handleWidth()
        needed = min(self.table.wanted_height(), max(whole - scaled(120), whole * 3 // 5))
        self.parts.setSizes([needed, whole - needed])

    def _show_way_out(self, answer: ReportAnswer) -> None:
        """Say why there is nothing to be seen, and what can be done."""
        self._out.setVisible(not answer.has_figures)
        form = reading.form_of(self._context.workspace, answer.report.subject)
        if not answer.has_subjects:
            self.empty.setText(f"Kho này chưa có {lower_first(form.plural)} nào, nên báo cáo chưa có số.")
            self.way_out.setText(form.new_label)
        elif not answer.table.period.is_open:
            self.empty.setText(f"Không có số nào trong kỳ này ({lower_first(answer.table.period_name)}).")
            self.way_out.setText("Xem tất cả các kỳ")
        else:
            self.empty.setText("Chưa có hồ sơ nào đến bước mà báo cáo này tính.")
        self.way_out.setVisible(not answer.has_subjects or not answer.table.period.is_open)

    def _lead_out(self) -> None:
        if self.answer is not None and not self.answer.has_subjects:
            self.begin_wanted.emit(self.answer.report.subject)
        else:
            self.choices.show_every_period()
