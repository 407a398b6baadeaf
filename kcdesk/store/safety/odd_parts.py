"""What lies in the folder of a store in place of its files and is none: opening it would wait or read without end.

A name that leads to another place is none either: copies would be written and thinned there, in somebody else's folder.
"""

from __future__ import annotations

from pathlib import Path

from kcdesk.errors import UserError
from kcdesk.given_files import leads_elsewhere
from kcdesk.store import files
from kcdesk.store.copies import page_pool
from kcdesk.store.database import key
from kcdesk.store.safety import anchor, backup, restoring

_SUFFIXES = ("", "-wal", "-shm", "-journal")
_FILES = ("lock", *(f"{name}{suffix}" for name in (backup.STORE, files.NAME) for suffix in _SUFFIXES))
_FOLDERS = (backup.FOLDER, backup.RULES, restoring.STAGED, restoring.READY)
_PLACED = (*_FILES, *_FOLDERS, key.FILE, anchor.FILE)


def refuse_odd_parts(folder: Path) -> None:
    """Refuse folders, pipes, devices and links in place of what belongs to a store; UserError `odd_part`."""
    for path in (folder / name for name in _FILES):
        if path.exists() and not path.is_file():
            raise UserError(
                f"Trong thư mục kho, «{path.name}» không phải là tệp thường nên kho không được mở; chưa có gì đổi.",
                code="odd_part",
                hint=f"Chương trình không tạo ra thứ này. Hãy chuyển «{path.name}» ra nơi khác rồi mở lại.",
            )
    for name in (*_PLACED, f"{backup.FOLDER}/{page_pool.FOLDER}"):
        if leads_elsewhere(folder / name):
            raise UserError(
                f"Trong thư mục kho, «{name}» chỉ là liên kết dẫn sang nơi khác nên kho không được mở; chưa có gì đổi.",
                code="odd_part",
                hint=f"Chương trình không tạo liên kết. Hãy xoá liên kết «{name}» (không xoá nơi nó dẫn tới), chép"
                " tệp hoặc thư mục thật về đúng chỗ nếu có, rồi mở lại.",
            )
