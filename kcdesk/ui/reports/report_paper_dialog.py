"""The print preview of a report or of its annex of evidence: long ones are made in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kcdesk.progress import Progress
from kcdesk.services.papers.printing import PreparedPaper
from kcdesk.services.workspace import Workspace
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell.context import Context

ReportWriter = Callable[[Workspace, Path, Progress], object]


class ReportPaperDialog(SheetDialog):
    """Shows what `pdf(workspace, path, progress)` writes; with `docx` it can be saved for Word as well."""

    def __init__(
        self,
        context: Context,
        layout: str,
        name: str,
        pdf: ReportWriter,
        docx: ReportWriter | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._pdf_writer, self._docx_writer = pdf, docx
        self.has_word = docx is not None
        super().__init__(context, layout, lambda _path: None, name, parent)

    def _writing(self) -> PreparedPaper:
        docx = self._docx_writer
        return PreparedPaper(self._apart(self._pdf_writer), self._apart(docx) if docx is not None else None)

    def _apart(self, write: ReportWriter) -> Callable[[Path, Progress], object]:
        """Write over a connection of its own: the paper is made in the background."""
        workspace = self._context.workspace

        def written(path: Path, progress: Progress) -> object:
            with workspace.alongside() as beside:
                return write(beside, path, progress)

        return written

    def _is_long(self, writing: PreparedPaper) -> bool:
        del writing
        return True

    def _work_name(self, writing: PreparedPaper) -> str:
        del writing
        return "Đang lập văn bản"
