"""Attachments, each kept once by its SHA-256, in `files.db` beside the store, encrypted with the same key."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kcdesk import placing
from kcdesk.bounded import limits
from kcdesk.errors import UserError
from kcdesk.foreign_files.file_names import safe_name
from kcdesk.foreign_files.judging import refuse_program
from kcdesk.store.clock import iso, now_ms
from kcdesk.store.database.db import Connection, translated
from kcdesk.store.stored_record import new_id

NAME = "files.db"
_TABLE = """
CREATE TABLE file (
  sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, added TEXT NOT NULL, content BLOB NOT NULL
) STRICT
"""


class Files:
    """The attachments of one store; their database is made when the first file is added."""

    def __init__(self, folder: Path, key: bytes | None) -> None:
        self._path, self._key = folder / NAME, key
        self._connection: Connection | None = None

    def add(self, source: Path | bytes, name: str) -> dict[str, Any]:
        """Keep a file; returns the value for a field of files: {"id", "name", "sha256", "size", "mime", "caption"}."""
        content = source if isinstance(source, bytes) else _content(source)
        sha256 = hashlib.sha256(content).hexdigest()
        connection = self._opened() or self._created()
        with connection.atomic():
            connection.execute(
                "INSERT OR IGNORE INTO file VALUES (?, ?, ?, ?)", [sha256, len(content), iso(now_ms()), content]
            )
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return {"id": new_id(), "name": name, "sha256": sha256, "size": len(content), "mime": mime, "caption": ""}

    def take_in(self, path: Path) -> dict[str, Any]:
        """Keep a file that an officer chose, under a name in which nothing hides; UserError `program_file`."""
        content = _content(path)
        refuse_program(path.name, content)
        return self.add(content, safe_name(path.name))

    def read(self, sha256: str) -> bytes:
        """The content of a file; UserError `not_found` if the store does not have it."""
        connection = self._opened()
        content = connection.value("SELECT content FROM file WHERE sha256 = ?", [sha256]) if connection else None
        if content is None:
            raise UserError("Tệp đính kèm không có trong kho này.", code="not_found")
        return bytes(content)

    def has(self, sha256: str) -> bool:
        """Whether the store has the content."""
        connection = self._opened()
        return bool(connection and connection.value("SELECT 1 FROM file WHERE sha256 = ?", [sha256]))

    def forget(self, sha256: str) -> None:
        """Remove a file that was added for an act which then failed."""
        if connection := self._opened():
            connection.execute("DELETE FROM file WHERE sha256 = ?", [sha256])

    def faults(self) -> Iterator[str]:
        """Yield a sentence for every file whose content no longer matches its SHA-256."""
        connection = self._opened()
        if connection is None:
            return
        for (sha256,) in connection.all("SELECT sha256 FROM file"):
            if hashlib.sha256(self.read(sha256)).hexdigest() != sha256:
                yield f"Tệp đính kèm {sha256[:12]} bị hỏng."

    def connection(self) -> Connection | None:
        """The database, for the backup; None if no file was ever attached."""
        return self._opened()

    def close(self) -> None:
        """Close the database if it is open."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _opened(self) -> Connection | None:
        if self._connection is None and self._path.exists():
            self._connection = Connection(self._path, self._key)
            self._connection.configure()
        return self._connection

    def _created(self) -> Connection:
        """Make the database under a temporary name, then rename it, so that a power cut leaves no empty database."""
        beside = self._path.with_name(f"{NAME}.new")
        connection = Connection.create(beside, self._key)
        connection.execute(_TABLE)
        connection.close()
        placing.move(beside, self._path)
        opened = self._opened()
        assert opened is not None
        return opened


def _content(path: Path) -> bytes:
    """The bytes of a file; UserError `file_missing` if it does not exist, KnownError if it cannot be read."""
    if not path.is_file():
        raise UserError(f"Không tìm thấy tệp «{path.name}».", code="file_missing", hint="Hãy chọn lại tệp.")
    with translated():
        limits.ATTACHMENT.refuse_size(path)
        return path.read_bytes()
