"""The print preview of the letter that asks a unit for its original package."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from kcdesk import text
from kcdesk.services.handover.packages import original_requests
from kcdesk.services.handover.packages.original_requests import OriginalRequest
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell.context import Context


def letter_dialog(context: Context, request: OriginalRequest, parent: QWidget) -> QDialog:
    """Return the print preview of the letter."""
    workspace = context.workspace
    write = lambda path: original_requests.print_request(workspace, request, path)  # noqa: E731 - one short act
    name = f"Xin gói gốc {text.slug(request.sender or request.file)}"
    return SheetDialog(context, original_requests.LAYOUT, write, name, parent)
