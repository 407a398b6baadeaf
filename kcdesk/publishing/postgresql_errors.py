"""What PostgreSQL refuses, as sentences; a password is in none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from kcdesk.errors import KcdeskError, KnownError, UserError
from kcdesk.publishing.extra import extra_library

_NOTHING = "Chưa có gì được công bố."
_TRY_AGAIN = "Hãy thử lại sau; nếu vẫn vậy, hãy báo người quản trị máy chủ."
# State of SQL, or its first two letters: code, sentence, what to do.
_STATES: Mapping[str, tuple[str, str, str]] = {
    "28P01": ("wrong_login", "Máy chủ không nhận tên đăng nhập hoặc mật khẩu.", "Hãy xem lại tên và mật khẩu."),
    "28000": ("wrong_login", "Máy chủ không cho tài khoản này vào từ máy này.", "Hãy báo người quản trị máy chủ."),
    "3D000": ("no_database", "Máy chủ không có kho ấy.", "Hãy xem lại tên ở cuối địa chỉ."),
    "42501": (
        "no_rights",
        "Tài khoản này không có quyền lập hoặc ghi bảng ở đó.",
        "Hãy nhờ người quản trị cấp quyền CREATE trên kho ấy, hoặc lập sẵn schema cho tài khoản này.",
    ),
    "42939": ("bad_schema", "Tên schema này dành riêng cho máy chủ.", "Hãy chọn tên khác bằng --schema."),
    "53100": ("disk_full", "Ổ đĩa của máy chủ không còn đủ chỗ.", "Hãy báo người quản trị máy chủ."),
    "53300": ("server_busy", "Máy chủ đang có quá nhiều kết nối.", _TRY_AGAIN),
    "55P03": ("server_busy", "Có lần công bố khác đang ghi vào đó.", "Hãy đợi nó xong rồi thử lại."),
    "25006": ("no_rights", "Máy chủ này chỉ cho đọc.", "Hãy dùng địa chỉ của máy chủ chính."),
    "2BP01": (
        "in_use",
        "Có khung nhìn hoặc bảng của người khác dùng một cột không còn được công bố.",
        "Hãy bỏ khung nhìn ấy rồi công bố lại.",
    ),
    "57014": ("server_stopped", "Máy chủ đã dừng việc này giữa chừng.", _TRY_AGAIN),
    "53": ("server_busy", "Máy chủ không còn đủ bộ nhớ hoặc chỗ làm việc.", _TRY_AGAIN),
    "57": ("server_gone", "Máy chủ đã ngắt giữa chừng.", _TRY_AGAIN),
    "08": ("server_gone", "Mất kết nối với máy chủ giữa chừng.", _TRY_AGAIN),
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@contextmanager
def server_errors(place: str) -> Iterator[None]:
    """Turn an error of psycopg into a sentence about the server at `place`."""
    psycopg = extra_library("psycopg")
    try:
        yield
    except psycopg.Error as error:
        if not error.sqlstate and not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            raise  # a fault of ours
        raise _refusal(error, place) from None  # its text may repeat the whole address


def connection_refusal(error: Any, place: str) -> KcdeskError:
    """Why no connection came about; what libpq says is in the language of the server, so its state is asked."""
    state = getattr(error, "sqlstate", None) or _state_of_login(error)
    if state in _STATES:
        return _sentence(state, place)
    return KnownError(
        f"Không nối được với máy chủ {place}.",
        code="no_server",
        hint="Hãy kiểm tra tên máy, cổng, mạng, và máy chủ có đang chạy không.",
    )


def _state_of_login(error: Any) -> str:
    """What is told by the connection that failed: the server asked for a password, or refused it."""
    failed = getattr(error, "pgconn", None)
    if failed is not None and (failed.needs_password or failed.used_password):
        return "28P01"
    message = str(error)
    return next((state for words, state in _ENGLISH.items() if words in message), "")


# Of a server that speaks English; another one gets the general sentence.
_ENGLISH: Mapping[str, str] = {
    "does not exist": "3D000",
    "no pg_hba.conf entry": "28000",
    "authentication failed": "28000",
    "too many": "53300",
}


def _refusal(error: Any, place: str) -> KcdeskError:
    state = getattr(error, "sqlstate", None) or ""
    known = next((part for part in (state, state[:2]) if part in _STATES), "")
    if known:
        return _sentence(known, place)
    if not state:  # libpq lost the connection before the server could say anything
        return _sentence("08", place)
    words = _CONTROL.sub(" ", str(getattr(error.diag, "message_primary", "") or ""))[:200]
    return KnownError(
        f"Máy chủ {place} từ chối (mã {state}): {words}. {_NOTHING}", code="server_refused", hint=_TRY_AGAIN
    )


def _sentence(sql_state: str, place: str) -> KcdeskError:
    code, sentence, hint = _STATES[sql_state]
    kind = KnownError if code in ("disk_full", "server_busy", "server_gone", "server_stopped") else UserError
    return kind(f"{sentence} ({place}) {_NOTHING}", code=code, hint=hint)
