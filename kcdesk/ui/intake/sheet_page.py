"""A spreadsheet of somebody else: its columns, its rows and its questions are seen before anything is written."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QTabWidget, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.runtime.frozen import replace
from kcdesk.services.intake import checked_files
from kcdesk.services.intake.cell_answers import SheetAnswers, judge_answers
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.planned_records import SheetJudgement
from kcdesk.services.intake.sheet_loading import LoadedSheet, apply_load, judge_book
from kcdesk.services.records.changing import Changes
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.book.foreign_book import ForeignBook
from kcdesk.sheets.book.reading_files import read_book
from kcdesk.text import format_integer
from kcdesk.ui.intake.column_panel import ColumnPanel
from kcdesk.ui.intake.question_panel import QuestionPanel
from kcdesk.ui.intake.row_panel import RowPanel
from kcdesk.ui.intake.sheet_choices import SheetChoices
from kcdesk.ui.intake.sheet_lines import STATUSES, SheetLines
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.shell.progress_line import ProgressLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled, set_tone

_SOON = 300  # milliseconds after an answer until the rows are judged again


class SheetPage(Page):
    """Shows what a file means for a kind; «Nhận N hồ sơ» writes it as one act."""

    help_topic = "foreign_sheet"

    def __init__(self, context: Context, kind: str, path: Path) -> None:
        super().__init__(context)
        self.kind, self._path = kind, path
        form = context.workspace.forms.current(kind, context.workspace.today())
        self.title = f"Nhập từ Excel: {form.plural.lower()}"
        self.belongs_to = kind
        self.loaded: LoadedSheet | None = None
        self.judged: SheetJudgement | None = None
        self._book: ForeignBook | None = None
        self._order = LoadOrder(kind=kind, path=path)
        self._shared = ""  # what a new record is called whose table all rows fill
        self.answers = SheetAnswers()
        self._begun = False
        self._stale = False  # records have changed since the rows were judged
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_SOON)
        self._again.timeout.connect(self._judge_again)
        self.summary = labelled(f"Đang đọc {path.name}…", "section", wrap=True)
        self.notes = labelled(role="muted", wrap=True)
        self.progress = ProgressLine()
        self.choices = SheetChoices(context.workspace, kind)
        self.columns = ColumnPanel(context.workspace, kind, context.theme)
        self.questions = QuestionPanel(context.workspace, context.theme, self.answers)
        self.row_panel = RowPanel(context.workspace, context.theme, self.answers)
        self.chips, self.rows = self.row_panel.chips, self.row_panel.table
        self.tabs = QTabWidget()
        self.tabs.setObjectName("sheet.tabs")
        self._wire()
        self._lay_out()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """Return taking in what is certain, unless the rows are being judged."""
        if self.loaded is None or self.loaded.is_applied or self.progress.busy or self._again.isActive():
            return None
        if self.judged is None or not self.judged.to_write:
            return None
        count = self.judged.own_records or len(self.judged.to_write)
        return PageCommand(f"Nhận {format_integer(count)} hồ sơ", self.take_in)

    def on_show(self) -> None:
        """Read the file at first; focus what is to be looked at."""
        if not self._begun:
            self._begun = True
            self._read()
        elif self.loaded is not None:
            self._focus()
            self._look_again()

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Judge the rows again when records were changed elsewhere: taking them in may have been undone."""
        if changes.items and initiator is not self and self.loaded is not None:
            self._stale = True
            if self.isVisible():
                self._look_again()

    def take_in(self) -> None:
        """Write what was judged as one act; one step of undo takes it back."""
        loaded, judged = self.loaded, self.judged
        if loaded is None or judged is None:
            return
        loaded.judged = judged

        def act(workspace: Workspace, progress: Progress) -> LoadedSheet:
            return apply_load(workspace, loaded, progress)

        blocking_task.run(
            self.context,
            self,
            act,
            text=f"Nhận hồ sơ từ {self._path.name}",
            done=self._took,
            failed=self.context.messages.error,
        )

    def save_checked(self) -> None:
        """Write a copy of the sheet in which the cells to look at are coloured; nothing else in it is changed."""
        loaded, messages = self.loaded, self.context.messages
        if loaded is None or self.judged is None:
            return
        place = checked_files.checked_place(self._path)
        path = messages.save_file("Lưu bảng tô màu", place.name, "Bảng tính Excel (*.xlsx)", purpose="lists")
        if path is None:
            return
        shown = replace(loaded, judged=self.judged)
        if messages.guarded(lambda: checked_files.write_checked(shown, path)) is not None:
            messages.notice(f"Đã lưu bảng tô màu: {path.name}. Sửa trong bảng ấy rồi nhập lại được.")

    # -- reading and judging -----------------------------------------------------------------------------------------

    def _read(self) -> None:
        """Read the file, or read it again by what was chosen, in the background."""
        order, workspace, book = self._order, self.context.workspace, self._book
        self._again.stop()

        def read(progress: Progress) -> LoadedSheet:
            with workspace.alongside() as beside:
                return judge_book(beside, order, book or read_book(order.path, progress), progress)

        job = self.context.worker.run(
            read,
            text=f"Đọc {self._path.name}",
            done=self._show,
            failed=self._failed,
            owner=self,
            only_reads=True,
        )
        self.progress.follow(job)
        self.title_changed.emit()

    def _look_again(self) -> None:
        if self._stale:
            self._stale = False
            self._again.start()

    def _judge_again(self) -> None:
        """Judge the rows with the answers given so far, in the background."""
        loaded, workspace = self.loaded, self.context.workspace
        if loaded is None or self.progress.busy:
            self._again.start()
            return
        loaded.is_applied = False  # what is judged now is still to be taken in
        answers = deepcopy(self.answers)  # as they are now: the officer goes on

        def judge(progress: Progress) -> SheetJudgement:
            with workspace.alongside() as beside:
                return judge_answers(beside, loaded, answers, progress)

        job = self.context.worker.run(
            judge,
            text="Đối chiếu lại",
            done=self._show_judged,
            failed=self._failed,
            owner=self,
            only_reads=True,
        )
        self.progress.follow(job)
        self.title_changed.emit()

    def _stopped(self) -> None:
        if self.progress.stopped and self.loaded is None:
            self.summary.setText(f"Đã dừng đọc {self._path.name}.")
        self.title_changed.emit()

    def _failed(self, error: KcdeskError) -> None:
        self.context.messages.error(error)
        if self.loaded is None:
            self.summary.setText(f"Không đọc được {self._path.name}.")
            self.notes.setText(str(error))
            set_tone(self.notes, "wrong")
        self.title_changed.emit()

    def _show(self, loaded: LoadedSheet) -> None:
        self.loaded, self._book = loaded, loaded.book
        self.choices.show()
        self.tabs.show()
        self.choices.show_loaded(loaded)
        self._offer_records(loaded)
        self._show_judged(loaded.judged)
        if self.answers.cells or self.answers.joins:
            self._again.start()
        if self.judged and (self.judged.asked or self.judged.refused):
            self.tabs.setCurrentIndex(2)
        self._focus()

    def _offer_records(self, loaded: LoadedSheet) -> None:
        """Offer the records where all rows are lines of one that the sheet does not name."""
        self._shared = loaded.shared or self._shared
        self.choices.offer_records(self._shared, loaded.order.into)

    def _show_judged(self, judged: SheetJudgement) -> None:
        if self.loaded is None:
            return
        self.judged = judged
        lines = SheetLines(self.context.workspace, self.loaded, judged, self.answers)
        self._lines = lines
        self.columns.show_sheet(self.loaded, lines.columns())
        self.questions.show_lines(lines)
        counts = lines.counts()
        self.row_panel.show_lines(lines)
        self._show_summary(counts, lines.waiting())
        self.title_changed.emit()

    def _show_summary(self, counts: dict[str, int], waiting: int) -> None:
        loaded = self.loaded
        assert loaded is not None, "called after a sheet was read"
        verb = "Đã nhận" if loaded.is_applied else "Sẽ nhận"
        shown = [(counts[name], label.lower()) for name, (label, _tone) in STATUSES.items() if counts[name]]
        parts = ", ".join(f"{format_integer(number)} {label}" for number, label in shown)
        self.summary.setText(f"{verb} trang «{loaded.layout.sheet.name}» của {self._path.name}: {parts}.")
        asked = f"{format_integer(waiting)} ô cần trả lời; ô chưa trả lời thì để trống." if waiting else ""
        self.notes.setText("\n".join(filter(None, (asked, self._linked(), *loaded.notes))))
        set_tone(self.notes, "waiting" if waiting and not loaded.is_applied else "")
        for place, (label, number) in enumerate(
            (("Cột", len(loaded.match.columns)), ("Dòng", sum(counts.values())), ("Cần trả lời", waiting))
        ):
            self.tabs.setTabText(place, f"{label} ({format_integer(number)})")

    def _linked(self) -> str:
        """Which records of other kinds the rows name, that are made or changed too."""
        plans = [plan for plan in self.judged.to_write if plan.kind != self.kind] if self.judged else []
        forms = self.context.workspace.forms
        labels = ", ".join(sorted({forms.current(plan.kind).label.lower() for plan in plans}))
        return f"Nhận kèm {format_integer(len(plans))} hồ sơ {labels} được nêu trong bảng." if plans else ""

    # -- acts of the officer -----------------------------------------------------------------------------------------

    def _reread(self) -> None:
        """Read again by another sheet, heading or hidden rows."""
        if self.loaded is None:
            return
        self.answers.forget()
        sheet = self.choices.sheet.currentData() or ""
        column_map = None
        if sheet == self.loaded.layout.sheet.name and (headings := self.choices.chosen_headings()):
            column_map = replace(self.columns.column_map(headings), columns={}, units={})
        hidden = "take" if self.choices.hidden.isChecked() and not self.choices.hidden.isHidden() else ""
        self._order = replace(self._order, sheet=sheet, column_map=column_map, hidden=hidden, into=self.choices.record)
        self._read()

    def _rematch(self) -> None:
        """Read again with other fields for the columns; the answers about all other columns stay."""
        if self.loaded is None:
            return
        self.answers.forget(self.columns.changed_letters())
        headings = self._order.column_map.headings if self._order.column_map else ()
        sheet = self.loaded.layout.sheet.name
        self._order = replace(self._order, sheet=sheet, column_map=self.columns.column_map(headings))
        self._read()

    def _took(self, loaded: LoadedSheet) -> None:
        own, written = loaded.judged.own_records, len(loaded.judged.to_write)
        further = f", kèm {format_integer(written - own)} hồ sơ được nêu trong bảng" if own < written else ""
        if loaded.changes is not None:
            self.context.announce(loaded.changes, self)
        self._show_judged(loaded.judged)
        self.context.messages.notice(f"Đã nhận {format_integer(own)} hồ sơ từ {self._path.name}{further}.")

    def _open_row(self, key: str) -> None:
        """Open the record of a row that stands in the store."""
        verdict = next((each for each in (self.judged.verdicts if self.judged else ()) if str(each.row) == key), None)
        plan = self.judged.plans.get(verdict.id) if verdict and self.judged else None
        if verdict and verdict.id and self.loaded and (self.loaded.is_applied or not (plan and plan.is_new)):
            self.open_requested.emit(verdict.id)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _focus(self) -> None:
        panels: tuple[QWidget, ...] = (self.columns.table, self.rows, self.questions.table)
        panels[self.tabs.currentIndex()].setFocus()

    def _wire(self) -> None:
        self.choices.changed.connect(self._reread)
        self.choices.unknown.connect(lambda sentence: self.context.messages.problem(sentence))
        self.columns.changed.connect(self._rematch)
        self.questions.answered.connect(self._note_answer)
        self.row_panel.answered.connect(self._note_answer)
        self.row_panel.opened.connect(self._open_row)
        self.questions.checked.clicked.connect(self.save_checked)
        self.progress.ended.connect(self._stopped)

    def _note_answer(self) -> None:
        self.questions.show_lines(self._lines)
        self._again.start()
        self.title_changed.emit()

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(GROUP_GAP, FIELD_GAP, GROUP_GAP, FIELD_GAP)
        for widget in (self.summary, self.notes, self.progress):
            inside.addWidget(widget)
        for panel, label in ((self.columns, "Cột"), (self.row_panel, "Dòng"), (self.questions, "Cần trả lời")):
            self.tabs.addTab(panel, label)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(card)
        column.addWidget(self.choices)
        column.addWidget(self.tabs, 1)
        column.addStretch(0)
        self.choices.hide()
        self.tabs.hide()
