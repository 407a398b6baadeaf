"""A page whose record can be printed: preview, signed scans."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog

from kcdesk.services.papers import printing
from kcdesk.services.records import changing
from kcdesk.ui.papers.preview_dialog import PreviewDialog
from kcdesk.ui.papers.scan_dialog import ScanDialog
from kcdesk.ui.papers.ticked.sheet_reading_dialog import SheetReadingDialog
from kcdesk.ui.shell.page import Page, PageCommand

SIGNED_PAPERS = "signed_papers"  # the field with scans of signed papers


class PrintablePage(Page):
    """What a dossier does with its papers; what is being typed is saved first."""

    record_id: str

    def preview(self) -> None:
        """Show the print preview of the dossier's papers."""
        self.preview_dialog().exec()

    def preview_dialog(self, paper: str = "") -> QDialog:
        """Return the print preview, with the named paper first."""
        self._begin_paper()
        return PreviewDialog(self.context, self.record_id, self, paper)

    def scan_dialog(self) -> QDialog:
        """Return «Nhận bản ký» for this dossier."""
        self._begin_paper()
        return ScanDialog(self.context, self.record_id, self)

    def sheet_dialog(self) -> QDialog:
        """Return «Đọc phiếu ghi tay» for this dossier."""
        self._begin_paper()
        return SheetReadingDialog(self.context, self.record_id, self)

    def paper_commands(self) -> dict[str, PageCommand]:
        """Return the commands for the papers that the dossier has."""
        workspace = self.context.workspace
        record = workspace.store.record(self.record_id)
        offered = {"print": PageCommand("Xem và in", self.preview)} if self.can_preview() else {}
        if any(layout.answers and layout.kind == record.kind for layout in workspace.layouts.values()):
            offered["read_sheet"] = PageCommand("Đọc phiếu ghi tay…", lambda: self.sheet_dialog().exec())
        if SIGNED_PAPERS in record.form.by_name:
            offered["receive_signed"] = PageCommand("Nhận bản ký…", lambda: self.scan_dialog().exec())
        return offered

    def can_preview(self) -> bool:
        """Return whether the dossier has a paper to preview now."""
        return bool(printing.papers_of(self.context.workspace, self.record_id))

    def _begin_paper(self) -> None:
        self.on_leave()
        changing.write_begun(self.context.workspace, self.record_id)  # a paper of it is out: it stays
