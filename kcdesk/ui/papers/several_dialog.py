"""The preview of one paper of several records: printed and saved together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kcdesk.progress import Progress
from kcdesk.services.papers import joint_printing
from kcdesk.services.papers.printing import PreparedPaper
from kcdesk.text import format_integer
from kcdesk.ui.papers.preview_dialog import PreviewDialog
from kcdesk.ui.shell.context import Context

_FEW = 3  # records still written without a background job


class SeveralDialog(PreviewDialog):
    """Shows the chosen paper of each record, one after the other; records without that paper are left out."""

    has_word = False

    def __init__(self, context: Context, ids: Sequence[str], parent: QWidget | None = None) -> None:
        self._ids = tuple(ids)
        super().__init__(context, self._ids[0], parent)
        self.setWindowTitle(f"Xem và in {format_integer(len(self._ids))} hồ sơ")

    def _fill(self) -> None:
        for paper, count in joint_printing.papers_of_several(self._context.workspace, self._ids):
            title = paper.title if count == len(self._ids) else f"{paper.title} ({count}/{len(self._ids)} hồ sơ)"
            self._papers.addItem(title, paper)
        self._papers.currentIndexChanged.connect(self._show_paper)
        self._blank.toggled.connect(self._show_paper)

    def _offer(self) -> None:
        """Offer no number of copies: it stands in each paper and is asked for in each record."""
        self._blank.setEnabled(not self._shown().always_blank)
        for widget in (self._copies_label, self._copies, self._revisions):
            widget.hide()

    def _writing(self) -> PreparedPaper:
        workspace, ids, document, blank = self._context.workspace, self._ids, self._paper(), self._blank.isChecked()

        def write(path: Path, progress: Progress) -> None:
            with workspace.alongside() as beside:
                joint_printing.print_several(beside, ids, document, path, progress, blank=blank)

        return PreparedPaper(write)

    def _is_long(self, _writing: PreparedPaper) -> bool:
        return len(self._ids) > _FEW

    def _work_name(self, _writing: PreparedPaper) -> str:
        return f"Đang dựng văn bản của {len(self._ids)} hồ sơ"

    def _file_name(self, suffix: str) -> str:
        return f"{self._shown().title} – {len(self._ids)} hồ sơ{suffix}"
