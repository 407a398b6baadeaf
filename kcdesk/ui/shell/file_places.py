"""Where the file dialogs begin: every purpose has its own folder, remembered apart."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QStandardPaths

FilePurpose = Literal["packages", "papers", "lists", "attachments", "photos", "scans", "backups", "rules", "update"]

_Standard = QStandardPaths.StandardLocation


class FilePlaces:
    """The folder of the last file of each purpose, in a mapping that the settings keep."""

    def __init__(self, folders: dict[str, str]) -> None:
        self._folders = folders

    def start(self, purpose: FilePurpose) -> Path:
        """Return the folder to begin in: the last one if it is still there, else that of documents or pictures.

        Never the working directory: it is the program's own folder, or wherever the program was started from.
        """
        kept = self._folders.get(purpose, "")
        if kept and Path(kept).is_dir():
            return Path(kept)
        standard = _Standard.PicturesLocation if purpose in ("photos", "scans") else _Standard.DocumentsLocation
        usual = Path(QStandardPaths.writableLocation(standard))
        return usual if usual.is_dir() else Path.home()

    def keep(self, purpose: FilePurpose, folder: Path) -> None:
        """Begin in this folder the next time."""
        self._folders[purpose] = str(folder)
