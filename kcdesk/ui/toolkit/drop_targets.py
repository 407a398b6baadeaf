"""Files that may be dropped on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData


def dropped(data: QMimeData) -> list[Path]:
    """Return the workbooks and folders being dragged; an empty list when any other file is among them."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return paths if all(path.suffix.lower() == ".xlsx" or path.is_dir() for path in paths) else []
