"""The dossier of an officer: who leaves hands over the open work from here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from kcdesk import notations, text
from kcdesk.services.maintenance import passphrases
from kcdesk.services.staff import leaving, open_work
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.opening.passphrase_dialog import change_passphrase
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.page import PageCommand
from kcdesk.ui.shell.small_dialogs import AskedField, FieldsQuestion, refusal
from kcdesk.ui.staff.offices_page import show_record
from kcdesk.ui.staff.work_handover_dialog import HandWorkDialog

_LABEL = "Bàn giao công việc…"
_UNCHANGED = "Đã ghi ngày thôi việc. Mật khẩu chưa đổi: người này còn biết thì vào «Cài đặt», «Đổi mật khẩu…»."


class StaffPage(DossierPage):
    """A dossier with a command that hands over the officer's work, while there is any."""

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the dossier's commands and handing over the work."""
        has_work = open_work.number_of_open(self.context.workspace, self.record_id) > 0
        offered = {"hand_over": PageCommand(_LABEL, self.hand_over)} if has_work else {}
        if not self.record.value("serves_to"):
            offered["leave"] = PageCommand("Cán bộ thôi việc…", self.leave)
        return {**offered, **super().commands()}

    def hand_over(self) -> None:
        """Hand over the officer's work; the hand-over record can be printed at once."""
        self.form.flush()
        dialog = HandWorkDialog(self.context, self.record_id, self)
        if dialog.exec() and dialog.made:
            show_record(self.context, dialog.made, self)

    def leave(self) -> None:
        """Lead through an officer's leaving: the open work, the last day, then another passphrase for the store."""
        self.form.flush()
        workspace = self.context.workspace
        if open_work.number_of_open(workspace, self.record_id):
            HandWorkDialog(self.context, self.record_id, self).exec()
            if open_work.number_of_open(workspace, self.record_id):
                return
        changes = self._leaving_question().perform(
            lambda answers: leaving.end_service(workspace, self.record_id, notations.parse_date(answers["day"]))
        )
        if changes is None:
            return
        self.context.announce(changes)
        self.context.messages.notice(f"{changes.action}.", partial(undoing.undo, self.context))
        if not workspace.identity.practice and not change_passphrase(self.context, self.window()):
            self.context.messages.notice(_UNCHANGED)

    def _leaving_question(self) -> FieldsQuestion:
        """Ask for the last day; say what the officer can still open the store and its copies with."""
        workspace = self.context.workspace
        fields = [AskedField("day", "Ngày làm việc cuối", text.format_date(workspace.today()), hint="ngày/tháng/năm")]
        wrong = lambda answers: refusal(notations.parse_date, answers["day"])  # noqa: E731 - one short question
        label = "Ghi thôi việc" if workspace.identity.practice else "Ghi thôi việc, rồi đổi mật khẩu"
        detail = "\n".join((f"«{self.record.title()}» thôi việc.", *passphrases.ways_in(workspace)))
        return FieldsQuestion("Cán bộ thôi việc", fields, label, "Giữ nguyên", self, detail=detail, check=wrong)

    def _main_command(self) -> PageCommand | None:
        """Return handing over the work where that alone stops the next step."""
        must = self._outlook.must
        has_work = bool(must) and open_work.number_of_open(self.context.workspace, self.record_id) > 0
        if has_work and all(gap.field == "serves_to" for gap in must):
            return PageCommand(_LABEL, self.hand_over)
        return super()._main_command()
