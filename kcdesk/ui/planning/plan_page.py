"""The dossier of a year plan: fill it, order it with reasons, decide it, change it later, write its workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtWidgets import QPushButton, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.formdef.regulations.governing_days import dossier_day
from kcdesk.runtime.frozen import replace
from kcdesk.services.plans import plan_decisions, ranking, workbook, year_plans
from kcdesk.services.records import changing
from kcdesk.services.records.changing import Changes
from kcdesk.text import file_name
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.planning import plan_dialogs
from kcdesk.ui.planning.plan_board import PlanBoard
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import PageCommand
from kcdesk.ui.toolkit.icons import set_icon

_WRITE = "Ghi quyết định vào đề án"


class PlanPage(DossierPage):
    """A dossier with commands for all its proposals."""

    def __init__(self, context: Context, record_id: str) -> None:
        self._buttons: dict[str, QPushButton] = {}
        self._blocked: list[plan_decisions.Blocked] = []  # the proposals that cannot take the decision now
        super().__init__(context, record_id)

    def _lay_out(self) -> None:
        super()._lay_out()
        self.board = PlanBoard(self.context.theme)
        self.board.opened.connect(self.open_requested)
        self.board.unnamed.connect(lambda row: self.form.focus_path(f"entries/{row}/proposal"))
        self.board.moved.connect(self.move_row)
        self.board.left_out.connect(self.leave_out)
        self._column.removeItem(self._body)
        self._below = QWidget()
        self._below.setLayout(self._body)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._below, 1)
        self._column.insertWidget(1, self.board)
        self.board.widened.connect(self._widen)
        for name, label, icon, run in (
            ("fill", "Lấy đề án đã đăng ký", "refresh-cw", self.fill),
            ("add", "Bổ sung đề án…", "plus", self.add),
            ("budget", "Đổi kinh phí…", "pencil", self.change_budget),
            ("workbook", "Xuất bảng tính…", "file-spreadsheet", self.write_workbook),
        ):
            self._top.addWidget(self._button(name, label, icon, run))

    def _button(self, name: str, label: str, icon: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(f"plan.{name}")
        set_icon(button, icon)
        button.clicked.connect(lambda: run())
        self._buttons[name] = button
        return button

    def _widen(self, is_wide: bool) -> None:
        """Give the rows the whole page, in a low window above all; or show the form below them again."""
        self._below.setHidden(is_wide)
        self._column.setStretchFactor(self.board, int(is_wide))

    def return_to(self, place: Mapping[str, str]) -> None:
        """Go to a field, which is shown again if the rows have the whole page."""
        if place.get("field"):
            self.board.wide.setChecked(False)
        super().return_to(place)

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the commands for all its proposals."""
        offered = {"workbook": PageCommand("Xuất bảng tính Mẫu số 2…", self.write_workbook)}
        if self.form.is_open:
            offered["fill"] = PageCommand("Lấy đề án đã đăng ký", self.fill)
            offered["reorder"] = PageCommand("Chuyển dòng…", self.reorder)
        if year_plans.is_decided(self.context.workspace, self.record):
            offered["approve"] = PageCommand(_WRITE, self.approve)
            offered["add"] = PageCommand("Bổ sung đề án…", self.add)
            offered["budget"] = PageCommand("Đổi kinh phí…", self.change_budget)
        return {**offered, **super().commands()}

    def fill(self) -> None:
        """Add the registered proposals; what the officer decided by hand stays."""
        self.form.flush()
        workspace = self.context.workspace
        changes = self.context.act(lambda: year_plans.fill_plan(workspace, self.record_id))
        if changes is not None:  # what the plan holds and what is blocked stands above its rows
            number = len(workspace.store.record(self.record_id).rows("entries"))
            self.context.messages.notice(f"{changes.action}: {number} dòng.", self._take_back)

    def reorder(self) -> None:
        """Move the current row to another place, with a reason."""
        if self.board.row():
            self.move_row(self.board.row(), 0)

    def move_row(self, row_id: str, places: int) -> None:
        """Ask for place and reason, and move a row; `places` is how far the officer has moved it already."""
        self.form.flush()
        rows = self.record.rows("entries")
        if not self.form.is_open or not 1 <= _place(rows, row_id) + places <= len(rows):
            return
        workspace = self.context.workspace

        def move(answers: Mapping[str, str]) -> Changes:
            return year_plans.move(workspace, self.record_id, row_id, int(answers["place"]), answers["reason"])

        self._tell(plan_dialogs.move_question(self, rows, row_id, places).perform(move))
        self.board.table.go_to(row_id)

    def leave_out(self, row_id: str) -> None:
        """Ask why a row is not taken into this year's plan, and mark it."""
        self.form.flush()
        workspace = self.context.workspace

        def leave_out(answers: Mapping[str, str]) -> Changes:
            values = {f"entries/{row_id}/{name}": value for name, value in answers.items()}
            return changing.set_values(workspace, self.record_id, values)

        if self.form.is_open:
            self._tell(plan_dialogs.leave_out_question(self, self.record, row_id).perform(leave_out))

    def add(self) -> None:
        """Add a proposal after the decision, with a decision of its own."""
        workspace = self.context.workspace
        dialog = plan_dialogs.addition_question(self, workspace, self.record)
        if dialog is None:
            self.context.messages.notice("Không có đề án nào của năm và nguồn này để bổ sung.")
        else:
            self._tell(dialog.perform(lambda answers: plan_dialogs.add_proposal(workspace, self.record_id, answers)))

    def change_budget(self) -> None:
        """Change the budget after the decision, with a decision of its own."""
        workspace = self.context.workspace
        dialog = plan_dialogs.budget_question(self, self.record)
        self._tell(dialog.perform(lambda answers: plan_dialogs.change_budget(workspace, self.record_id, answers)))

    def write_workbook(self) -> None:
        """Write the plan as an Excel table."""
        self.form.flush()
        name = f"{file_name(f'Mẫu số 2 - {self.record.title()}')}.xlsx"
        path = self.context.messages.save_file("Xuất bảng tính", name, "Bảng tính Excel (*.xlsx)", purpose="lists")
        if path is None:
            return
        try:
            made = workbook.write_workbook(self.context.workspace, self.record_id, path)
        except KcdeskError as error:
            self.context.messages.error(error, self.write_workbook)
        else:
            self.context.messages.notice(f"Đã xuất {made['rows']} đề án vào {path.name}.")

    def approve(self) -> None:
        """Write the plan's decision into the proposals that can take it; the others are listed in «Còn thiếu»."""
        workspace = self.context.workspace
        changes = self.context.act(lambda: plan_decisions.approve_proposals(workspace, self.record_id))
        if changes is not None:
            self.context.messages.notice(f"{changes.action}.", self._take_back)

    # -- inside --------------------------------------------------------------------------------------------------

    def _main_command(self) -> PageCommand | None:
        """Return writing the decision into the proposals while any of a decided plan can take it."""
        workspace, plan = self.context.workspace, self.record
        waiting = plan_decisions.waiting_rows(workspace, plan) if year_plans.is_decided(workspace, plan) else []
        if len(waiting) > len(self._blocked):
            return PageCommand(_WRITE, self.approve)
        command = super()._main_command()
        return command and replace(command, run=partial(self._in_sight, command.run))

    def _in_sight(self, run: Callable[[], object]) -> None:
        """Take a step with the form in sight: it may lead to a field that is still empty."""
        self.board.wide.setChecked(False)
        run()

    def _tell(self, changes: Changes | None) -> None:
        """Announce what a question has done."""
        if changes is not None:
            self.context.announce(changes)
            self.context.messages.notice(f"{changes.action}.", self._take_back)

    def _take_back(self) -> None:
        undoing.undo(self.context)

    def _show_beside(self) -> None:
        record, workspace = self.record, self.context.workspace
        blocked = self._blocked = plan_decisions.blocked(workspace, record)
        super()._show_beside()
        day = dossier_day(record, workspace.today())
        notes = [
            f"{note.text} ({workspace.forms.basis(note.source, unverified=note.unverified, on=day)})"
            for note in workspace.priorities.notes
        ]
        has_rows = bool(record.rows("entries"))
        summary = year_plans.summary(record).sentence() if has_rows else notes[0] if notes else ""
        is_open = self.form.is_open
        ranked = ranking.ranking(workspace, record, blocked)
        cut, sentence = ranking.cut_sentence(record, ranked), plan_decisions.blocked_sentence(blocked)
        self.board.show_plan(ranked, cut, summary, sentence, is_open=is_open)
        self.board.summary.setToolTip("\n".join(notes))
        is_decided = year_plans.is_decided(workspace, record)
        self._buttons["fill"].setVisible(is_open)
        for name in ("add", "budget"):
            self._buttons[name].setVisible(is_decided)


def _place(rows: list[dict[str, object]], row_id: str) -> int:
    return next((place for place, row in enumerate(rows, start=1) if row["id"] == row_id), 0)
