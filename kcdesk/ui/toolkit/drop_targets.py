"""Files that may be dropped on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".fods", ".csv")


def dropped(data: QMimeData) -> list[Path]:
    """Return the spreadsheets and folders being dragged; an empty list when any other file is among them.

    A spreadsheet of another format is taken too: opening it says how to save it.
    """
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return paths if all(path.suffix.lower() in SPREADSHEETS or path.is_dir() for path in paths) else []
