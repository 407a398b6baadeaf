"""What a dossier offers for codes: citizen cards and plates of machines."""

from __future__ import annotations

from kcdesk.services.codes import plate_codes
from kcdesk.ui.dossier.personal.card_dialog import card_command
from kcdesk.ui.dossier.personal.plate_dialog import PlateDialog
from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.shell.page import Page, PageCommand


def code_commands(page: Page, record_id: str, form: FormView) -> dict[str, PageCommand]:
    """Return the commands for a dossier that can be written and has a place for such a code."""
    return {**card_command(page, record_id, is_open=form.is_open), **_plate_command(page, record_id, form)}


def _plate_command(page: Page, record_id: str, form: FormView) -> dict[str, PageCommand]:
    if not (form.is_open and plate_codes.has_machines(form.record.form)):
        return {}

    def read() -> None:
        row = (form.focused_path() or form.last_path()).split("/")
        page.on_leave()
        rows = plate_codes.machine_rows(page.context.workspace.store.record(record_id))
        if not rows:
            page.context.messages.problem("Chưa có dòng máy nào để ghi số máy.", "Hãy thêm dòng máy trước.")
            return
        chosen = f"{row[0]}/{row[1]}/serial_number" if len(row) > 1 else ""
        PlateDialog(page.context, record_id, rows, chosen, page).exec()

    return {"read_plate": PageCommand("Đọc mã trên nhãn máy…", read)}
