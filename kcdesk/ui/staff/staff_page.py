"""The dossier of an officer: who leaves hands over the open work from here."""

from __future__ import annotations

from collections.abc import Mapping

from kcdesk.services.staff import open_work
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.shell.page import PageCommand
from kcdesk.ui.staff.offices_page import show_record
from kcdesk.ui.staff.work_handover_dialog import HandWorkDialog

_LABEL = "Bàn giao công việc…"


class StaffPage(DossierPage):
    """A dossier with a command that hands over the officer's work, while there is any."""

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the dossier's commands and handing over the work."""
        has_work = open_work.number_of_open(self.context.workspace, self.record_id) > 0
        offered = {"hand_over": PageCommand(_LABEL, self.hand_over)} if has_work else {}
        return {**offered, **super().commands()}

    def hand_over(self) -> None:
        """Hand over the officer's work; the hand-over record can be printed at once."""
        self.form.flush()
        dialog = HandWorkDialog(self.context, self.record_id, self)
        if dialog.exec() and dialog.made:
            show_record(self.context, dialog.made, self)

    def _main_command(self) -> PageCommand | None:
        """Return handing over the work where that alone stops the next step."""
        must = self._outlook.must
        has_work = bool(must) and open_work.number_of_open(self.context.workspace, self.record_id) > 0
        if has_work and all(gap.field == "serves_to" for gap in must):
            return PageCommand(_LABEL, self.hand_over)
        return super()._main_command()
