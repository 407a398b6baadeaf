"""Databases in which a connection of this process has met damaged pages: nothing is written to them any more."""

from __future__ import annotations

from pathlib import Path

from kcdesk.errors import UserError

_FROZEN: set[Path] = set()


def note(path: Path) -> None:
    """Write nothing more to a database."""
    _FROZEN.add(path)


def is_known(path: Path) -> bool:
    """Whether damaged pages were met since the database was opened."""
    return path in _FROZEN


def thaw(path: Path) -> None:
    """Judge a database anew, which is being opened."""
    _FROZEN.discard(path)


def frozen() -> UserError:
    """The error for a change in a store that is only read because pages of it are damaged."""
    return UserError(
        "Kho dữ liệu có chỗ hỏng nên chỉ đọc được; thay đổi này chưa được lưu.",
        code="damaged_read_only",
        hint="Hãy đóng rồi mở lại kho, lưu những gì đọc được và khôi phục từ bản sao lưu.",
    )
