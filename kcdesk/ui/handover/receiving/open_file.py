"""«Nhận gói…»: from a chosen or dropped file to the page that previews it; nothing is received here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog

from kcdesk.errors import UserError
from kcdesk.progress import Progress
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.packages import decision_workbooks, edited_workbooks
from kcdesk.services.handover.packages import preview as package_preview
from kcdesk.services.handover.packages.preview import Preview
from kcdesk.services.handover.trust import partners
from kcdesk.services.staff import units_below
from kcdesk.services.workspace import Workspace
from kcdesk.ui.handover.fingerprint_dialog import FingerprintDialog, is_own_laptop
from kcdesk.ui.handover.package_names import PACKAGES
from kcdesk.ui.handover.password_dialog import ask_package_password
from kcdesk.ui.handover.receiving.edited_workbook_page import EditedWorkbookPage
from kcdesk.ui.handover.receiving.preview_page import IntakePage
from kcdesk.ui.intake.sheet_opening import open_sheet
from kcdesk.ui.shell.page import Page


class RecognisedFile(Value):
    """What a file is: a package, an edited workbook of this unit, or an identity workbook."""

    preview: Preview | None = None
    edited: dict[str, Any] | None = None
    card: dict[str, Any] | None = None


def recognise(workspace: Workspace, path: Path, password: str, trust: bool) -> RecognisedFile:
    """Recognise a file; runs in the worker."""
    preview = package_preview.preview_package(workspace, path, password, trust=trust)
    if preview.status == "edited" and edited_workbooks.is_edited(workspace, path, password):
        return RecognisedFile(edited=edited_workbooks.read_edits(workspace, path, password))
    if preview.code == "edited":
        return RecognisedFile(edited=edited_workbooks.read_changes_of_others(workspace, path, password))
    if preview.status == "foreign":
        try:
            return RecognisedFile(card=partners.read_identity(path))
        except UserError:
            if decision_workbooks.is_workbook(workspace, path, password):
                return RecognisedFile(edited=decision_workbooks.read_decisions(workspace, path, password))
            return RecognisedFile(preview=preview)
    return RecognisedFile(preview=preview)


class FileOpener:
    """Opens the page for a file over `page`; `compares`: a package of an unknown unit is opened to compare its key."""

    def __init__(self, page: Page, *, compares: bool = False) -> None:
        self._compares = compares
        self._page = page
        self._context = page.context

    def choose(self) -> None:
        """Let the officer choose a file and preview it."""
        path = self._context.messages.open_file("Chọn gói cần nhận", PACKAGES, purpose="packages")
        if path is not None:
            self.open(path)

    def open(
        self, path: Path, password: str = "", trusted: Callable[[], None] = lambda: None, *, listed: str = ""
    ) -> None:
        """Recognise a file in the background and preview it; for a locked file, ask for the password.

        `trusted` is called once the unit of an identity workbook is trusted. `listed` is the kind of records that a
        spreadsheet of somebody else's is taken to hold: it was dropped on their list.
        """
        workspace = self._context.workspace

        def act(_progress: Progress) -> RecognisedFile:
            with workspace.alongside() as alongside:
                return recognise(alongside, path, password, False)

        self._context.worker.run(
            act,
            text=f"Xem {path.name}",
            done=partial(self._show, path, password, trusted, listed),
            failed=lambda error: self._context.messages.error(
                error, lambda: self.open(path, password, trusted, listed=listed)
            ),
            owner=self._page,
        )

    def _show(self, path: Path, password: str, trusted: Callable[[], None], listed: str, file: RecognisedFile) -> None:
        if file.card is not None:
            if self.meet(path, file.card):
                trusted()
        elif (edited := file.edited) is not None:
            self._page.page_requested.emit(lambda context: EditedWorkbookPage(context, path, password, edited))
        elif (preview := file.preview) is not None and preview.status == "locked":
            self._unlock(path, tried=bool(password))
        elif preview is not None and preview.status == "foreign" and listed:
            open_sheet(self._page, listed, path)
        elif preview is not None:
            ask = self._compares and preview.code == "unknown_sender"
            self._page.page_requested.emit(lambda context: IntakePage(context, path, password, preview, ask=ask))

    def _unlock(self, path: Path, *, tried: bool) -> None:
        password = ask_package_password(self._context.messages, path, tried=tried)
        if password:
            self.open(path, password)

    def meet(self, path: Path, card: dict[str, Any]) -> bool:
        """Offer to trust the unit of an identity workbook; return whether it is trusted now."""
        messages = self._context.messages
        if any(_same(card, known) for known in partners.known_partners(self._context.workspace)):
            messages.notice(f"Khoá của {card['name']} đã được tin cậy từ trước.")
            return True
        is_own = card["unit"] == self._context.workspace.identity.unit.code
        if is_own and not is_own_laptop(messages):
            return False
        phone = units_below.phone_of(self._context.workspace, card["unit"], card["name"])
        dialog = FingerprintDialog(card["name"], card["unit"], card["fingerprint"], phone, self._page)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return False
        try:
            trusted = partners.trust(self._context.workspace, path, same_unit=is_own)
        except UserError as error:
            messages.error(error)
            return False
        renewed = " Khoá cũ của đơn vị này không còn hiệu lực." if trusted["renewed"] else ""
        messages.notice(f"Từ nay nhận gói của {card['name']}.{renewed}")
        return True


def _same(card: dict[str, Any], known: dict[str, Any]) -> bool:
    return bool(known["fingerprint"] == card["fingerprint"] and not known["ended"])
