"""Files that are dragged from a file manager, or copied there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".fods", ".csv")


def dragged_files(data: QMimeData) -> list[Path]:
    """Return the files of this machine that are dragged or copied."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def dropped(data: QMimeData) -> list[Path]:
    """Return the spreadsheets and folders being dragged; an empty list when any other file is among them.

    A spreadsheet of another format is taken too: opening it says how to save it.
    """
    paths = dragged_files(data)
    return paths if all(path.suffix.lower() in SPREADSHEETS or path.is_dir() for path in paths) else []
