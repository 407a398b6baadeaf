"""What lies in the folder of a store in place of its files and is none: opening it would wait or read without end."""

from __future__ import annotations

from pathlib import Path

from kcdesk.errors import UserError
from kcdesk.store import files
from kcdesk.store.safety import backup

_SUFFIXES = ("", "-wal", "-shm", "-journal")
_FILES = ("lock", *(f"{name}{suffix}" for name in (backup.STORE, files.NAME) for suffix in _SUFFIXES))


def refuse_odd_parts(folder: Path) -> None:
    """Refuse folders, pipes and devices in place of what SQLite and the lock open; UserError `odd_part`."""
    for path in (folder / name for name in _FILES):
        if path.exists() and not path.is_file():
            raise UserError(
                f"Trong thư mục kho, «{path.name}» không phải là tệp thường nên kho không được mở; chưa có gì đổi.",
                code="odd_part",
                hint=f"Chương trình không tạo ra thứ này. Hãy chuyển «{path.name}» ra nơi khác rồi mở lại.",
            )
