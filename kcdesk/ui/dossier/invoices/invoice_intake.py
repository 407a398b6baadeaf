"""How the file of an invoice comes to a dossier: chosen in the menu, dropped on its page or on its field of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.services.invoices import opened_files, taking_in
from kcdesk.services.invoices.opened_files import OpenedFile
from kcdesk.ui.dossier.invoices.invoice_dialog import InvoiceDialog
from kcdesk.ui.form.form_host import ServiceHost
from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.drop_targets import dragged_files

FILTER = "Hóa đơn điện tử (*.xml *.zip *.pdf);;Mọi tệp (*)"
KINDS = ("acceptance", "settlement", "payment")
_DRAGGED = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class InvoiceIntake(QObject):
    """Listens on a page for dropped invoices, and offers the command that lets the officer choose one."""

    def __init__(self, page: Page, record_id: str, form: FormView, host: ServiceHost) -> None:
        super().__init__(page)
        self._page, self._record_id, self._form = page, record_id, form
        host.intakes[taking_in.FILES] = self.open
        page.setAcceptDrops(True)
        page.installEventFilter(self)

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the command, for a dossier that takes invoices."""
        return {"invoice": PageCommand("Lấy từ hóa đơn…", self.choose)} if self._takes() else {}

    def choose(self) -> None:
        """Let the officer choose the file."""
        messages = self._page.context.messages
        if path := messages.open_file("Chọn tệp hóa đơn", FILTER, purpose="attachments"):
            self.open([path])

    def open(self, paths: Sequence[Path]) -> None:
        """Read files in the background, and show each invoice."""
        self._form.flush()
        context = self._page.context
        for path in paths:
            context.worker.run(
                partial(_opened, path),
                text="Đang đọc hóa đơn",
                done=self._show,
                failed=context.messages.error,
                owner=self._page,
                only_reads=True,
            )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take invoices that are dropped anywhere on the page; everything else goes to the window."""
        if event.type() not in _DRAGGED or not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        paths = dropped_invoices(event.mimeData()) if self._takes() else []
        if not paths:
            event.ignore()
            return isinstance(event, QDragEnterEvent)
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.open(paths)
        return True

    def _takes(self) -> bool:
        record, workspace = self._form.record, self._page.context.workspace
        is_open = workspace.forms.workflow(record.kind).state(record.state).editable
        return record.kind in KINDS and is_open

    def _show(self, files: list[OpenedFile]) -> None:
        try:
            dialog = InvoiceDialog(self._page.context, self._record_id, files, self._page)
        except KcdeskError as error:
            self._page.context.messages.error(error)
            return
        dialog.exec()
        self._form.focus_path(dialog.written)


def _opened(path: Path, _progress: Progress) -> list[OpenedFile]:
    return opened_files.opened(path)


def dropped_invoices(data: QMimeData) -> list[Path]:
    """Return the files that may be invoices; an empty list when any other file is among them."""
    paths = dragged_files(data)
    return paths if all(path.suffix.lower() in opened_files.ENDINGS for path in paths) else []
