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
_CHOOSE_NAME = "Hãy chọn tên khác, ngắn hơn."


def refuse_odd_file(path: Path) -> None:
    """Refuse what exists and is no plain file, and a name that no file can have; UserError `not_a_file`, `bad_name`.

    A file that does not exist passes: whoever opens it says so.
    """
    if (status := _status(path)) is None or stat.S_ISREG(status.st_mode):
        return
    what = next((words for is_kind, words in _KINDS if is_kind(status.st_mode)), "không phải là tệp thường")
    raise UserError(f"{_shown(path)} {what}, không phải là tệp.", code="not_a_file", hint="Hãy chọn một tệp.")


def refuse_odd_place(path: Path) -> None:
    """As `refuse_odd_file`, for a name that may be that of a file or of a folder."""
    status = _status(path)
    if status is None or not stat.S_ISDIR(status.st_mode):
        refuse_odd_file(path)


def given_text_of(path: Path, limits: Limits) -> str:
    """The text of a given file in UTF-8; UserError for an odd or too large file, OSError, UnicodeDecodeError."""
    refuse_odd_file(path)
    limits.refuse_size(path)
    return path.read_text("utf-8-sig")


def explained_error(error: OSError | ValueError) -> UserError | KnownError:
    """What the system says of a file that a command was given, as a sentence."""
    name = getattr(error, "filename", None)
    shown = _shown(Path(os.fsdecode(name))) if isinstance(name, str | bytes) and name else "tệp này"
    code = getattr(error, "errno", None)
    if code == errno.ENAMETOOLONG:
        return _bad_name(shown, "dài quá mức của hệ thống")
    if code in (errno.ENOSPC, errno.EDQUOT):
        return KnownError("Ổ đĩa hoặc thẻ nhớ không còn đủ chỗ.", code="disk_full", hint="Hãy giải phóng dung lượng.")
    if code in (errno.ENOENT, errno.ENOTDIR):
        return UserError(f"Không có {shown}.", code="no_file", hint="Hãy xem lại đường dẫn.")
    return KnownError(
        f"Không đọc hoặc ghi được {shown}.", code="file_error", hint="Hãy kiểm tra ổ đĩa, quyền truy cập rồi thử lại."
    )


def _status(path: Path) -> os.stat_result | None:
    """What the system knows of a file; None if there is none."""
    if os.name == "nt" and path.name.partition(".")[0].strip().casefold() in _DEVICES:
        raise _bad_name(_shown(path), "là tên thiết bị của Windows")
    try:
        return path.stat()
    except ValueError:
        raise _bad_name("Tên tệp", "có ký tự mà hệ thống không nhận") from None
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL):
            raise explained_error(error) from error
        return None


def _shown(path: Path) -> str:
    """The name of a file, shortened so that a sentence can quote it."""
    name = path.name or str(path)
    return f"«{name}»" if len(name) <= _QUOTED else f"«{name[: _QUOTED - 1]}…»"


def _bad_name(name: str, what: str) -> UserError:
    return UserError(f"{name} {what}.".replace("«", "Tên «", 1), code="bad_name", hint=_CHOOSE_NAME)
