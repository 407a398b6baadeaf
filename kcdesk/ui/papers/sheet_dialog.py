"""The preview of a paper that belongs to no dossier: of a day, a period, a package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kcdesk.services.papers.printing import Paper, PreparedPaper
from kcdesk.ui.papers.preview_dialog import PreviewDialog
from kcdesk.ui.shell.context import Context


class SheetDialog(PreviewDialog):
    """Shows the paper that `write(path)` makes; `name` is the suggested file name, and its label without a layout."""

    has_word = has_archive = False

    def __init__(
        self,
        context: Context,
        layout: str,
        write: Callable[[Path], object],
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        self._layout_id, self._write_sheet, self._name = layout, write, name
        super().__init__(context, "", parent)
        self._papers.hide()
        self._blank.hide()
        self._revisions.hide()

    def _fill(self) -> None:
        layout = self._context.workspace.layouts.get(self._layout_id)
        label = layout.label if layout is not None else self._name
        self._papers.addItem(label, Paper(self._layout_id, label, unverified=False))

    def _writing(self) -> PreparedPaper:
        return PreparedPaper(lambda path, _progress: self._write_sheet(path))

    def _file_name(self, suffix: str) -> str:
        return f"{self._name}{suffix}"
