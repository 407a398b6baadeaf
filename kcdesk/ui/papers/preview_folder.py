"""The folder of the files that a dialog makes to show them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog

from kcdesk.temporary import private_files
from kcdesk.ui.shell.progress_line import ProgressLine


class PreviewFolder:
    """A temporary folder that is deleted when its dialog is closed, once no job writes into it any more.

    On Windows a file that another program still shows stays until the next start.
    """

    def __init__(self, dialog: QDialog, progress: ProgressLine) -> None:
        self._folder = private_files.new_folder()
        self._progress = progress
        dialog.finished.connect(self._tidy_up)

    def path(self, name: str) -> Path:
        """Return the path of a file in the folder."""
        return self._folder / name

    def _tidy_up(self) -> None:
        """Stop the running job; delete the folder now, or when the job has ended."""
        if self._progress.busy:
            self._progress.stop()
            self._progress.ended.connect(self._remove)
        else:
            self._remove()

    def _remove(self) -> None:
        private_files.remove(self._folder)
