"""Files that are dragged from a file manager, or copied there; fields into which codes are scanned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from kcdesk import given_files

TAKES_CODES = "takes_codes"  # property of a field into which a reader is meant to type a code
SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".fods", ".csv")


def dragged_files(data: QMimeData) -> list[Path]:
    """Return the files of this machine that are dragged or copied."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class FileTarget:
    """A widget onto which files are dropped, as long as it accepts drops. Stands before Qt's class."""

    def take_files(self, files: list[Path]) -> None:
        """Do what dropped files are for; there is at least one."""
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files dragged from a file manager."""
        if dragged_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the dropped files."""
        if files := dragged_files(event.mimeData()):
            event.acceptProposedAction()
            self.take_files(files)


def dropped(data: QMimeData) -> list[Path]:
    """Return the spreadsheets and folders being dragged, or the update; an empty list for any other file among them.

    A spreadsheet of another format is taken too: opening it says how to save it.
    """
    paths = dragged_files(data)
    if is_update(paths) or all(path.suffix.lower() in SPREADSHEETS or path.is_dir() for path in paths):
        return paths
    return []


def is_update(paths: Sequence[Path]) -> bool:
    """Return whether the files are one update of the program."""
    return len(paths) == 1 and paths[0].suffix.lower() == given_files.UPDATE
