"""Files that an officer names: what is no plain file is refused before it is opened or replaced.

A pipe would wait for ever, a device such as /dev/zero has no end, and a name like NUL or CON means a device on Windows.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from kcdesk.bounded.limits import Limits
from kcdesk.errors import KnownError, UserError

UPDATE = ".kcupdate"  # ending of a file that updates the program
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"))
)
_KINDS = (
    (stat.S_ISDIR, "là một thư mục"),
    (stat.S_ISFIFO, "là một ống dẫn (pipe)"),
    (stat.S_ISSOCK, "là một ổ cắm (socket)"),
    (stat.S_ISCHR, "là một thiết bị"),
    (stat.S_ISBLK, "là một thiết bị"),
)
_QUOTED = 60  # letters
_MISSING_PATH, _FILENAME_EXCEEDS_RANGE = 3, 206  # of Windows
_LONGEST_PATH = 247  # letters on Windows: above that no folder can be made
_JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0xA0000003)
_WITHOUT_LIMIT = "\\\\?\\"  # begins a path for which that does not hold
_CHECK_PATH = "Hãy xem lại đường dẫn."
_CHOOSE_NAME = "Hãy chọn tên khác, ngắn hơn."


def refuse_odd_file(path: Path) -> None:
    """Refuse what exists and is no plain file, and a name that no file can have; UserError `not_a_file`, `bad_name`.

    A file that does not exist passes: whoever opens it says so.
    """
    if (status := _status(path)) is None or stat.S_ISREG(status.st_mode):
        return
    what = next((words for is_kind, words in _KINDS if is_kind(status.st_mode)), "không phải là tệp thường")
    raise UserError(f"{shown_name(path)} {what}, không phải là tệp.", code="not_a_file", hint="Hãy chọn một tệp.")


def refuse_missing_file(path: Path) -> None:
    """As `refuse_odd_file`; UserError `no_file` if there is none."""
    refuse_odd_file(path)
    if not path.is_file():
        raise UserError(f"Không có {shown_name(path)}.", code="no_file", hint=_CHECK_PATH)


def refuse_missing_folder(path: Path) -> None:
    """As `refuse_odd_place`; UserError `no_folder` if there is no folder of that name."""
    refuse_odd_place(path)
    if not path.is_dir():
        raise UserError(f"Không có thư mục {shown_name(path)}.", code="no_folder", hint=_CHECK_PATH)


def refuse_odd_place(path: Path) -> None:
    """As `refuse_odd_file`, for a name that may be that of a file or of a folder."""
    status = _status(path)
    if status is None or not stat.S_ISDIR(status.st_mode):
        refuse_odd_file(path)


def leads_elsewhere(path: Path) -> bool:
    """Whether a name only leads to another place: a symbolic link, or a junction of Windows."""
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION


def given_text_of(path: Path, limits: Limits) -> str:
    """The text of a given file in UTF-8; UserError for an odd or too large file, OSError, UnicodeDecodeError."""
    refuse_odd_file(path)
    limits.refuse_size(path)
    return path.read_text("utf-8-sig")


def explained_error(error: OSError | ValueError) -> UserError | KnownError:
    """What the system says of a file that a command was given, as a sentence."""
    name = getattr(error, "filename", None)
    shown = shown_name(Path(os.fsdecode(name))) if isinstance(name, str | bytes) and name else "tệp này"
    if is_too_long(error):
        return too_long(shown)
    code = getattr(error, "errno", None)
    if code in (errno.ENOSPC, errno.EDQUOT):
        return KnownError("Ổ đĩa hoặc thẻ nhớ không còn đủ chỗ.", code="disk_full", hint="Hãy giải phóng dung lượng.")
    if code in (errno.ENOENT, errno.ENOTDIR):
        return UserError(f"Không có {shown}.", code="no_file", hint=_CHECK_PATH)
    return KnownError(
        f"Không đọc hoặc ghi được {shown}.", code="file_error", hint="Hãy kiểm tra ổ đĩa, quyền truy cập rồi thử lại."
    )


def is_too_long(error: BaseException) -> bool:
    """Whether the name of a file, or on Windows its whole path, is longer than the system takes.

    Windows says «not found» of a path above its limit, with or without an error number of its own.
    """
    on_windows, name = getattr(error, "winerror", None), getattr(error, "filename", None)
    if getattr(error, "errno", None) == errno.ENAMETOOLONG or on_windows == _FILENAME_EXCEEDS_RANGE:
        return True
    if on_windows != _MISSING_PATH or not isinstance(name, str) or name.startswith(_WITHOUT_LIMIT):
        return False
    return len(str(Path(name).absolute())) >= _LONGEST_PATH


def too_long(shown: str) -> UserError:
    """The error for a name or path that is too long."""
    return UserError(
        f"Tên hoặc đường dẫn của {shown} dài quá mức của hệ thống.",
        code="bad_name",
        hint="Hãy đặt tên ngắn hơn, hoặc chọn thư mục gần gốc ổ đĩa hơn (ví dụ D:\\KC).",
    )


def _status(path: Path) -> os.stat_result | None:
    """What the system knows of a file; None if there is none."""
    if os.name == "nt" and path.name.partition(".")[0].strip().casefold() in _DEVICES:
        raise _bad_name(shown_name(path), "là tên thiết bị của Windows")
    try:
        return path.stat()
    except ValueError:
        raise _bad_name("Tên tệp", "có ký tự mà hệ thống không nhận") from None
    except OSError as error:
        if is_too_long(error) or error.errno in (errno.ELOOP, errno.EINVAL):
            raise explained_error(error) from error
        return None


def shown_name(path: Path) -> str:
    """The name of a file, shortened so that a sentence can quote it."""
    name = path.name or str(path)
    return f"«{name}»" if len(name) <= _QUOTED else f"«{name[: _QUOTED - 1]}…»"


def _bad_name(name: str, what: str) -> UserError:
    return UserError(f"{name} {what}.".replace("«", "Tên «", 1), code="bad_name", hint=_CHOOSE_NAME)
