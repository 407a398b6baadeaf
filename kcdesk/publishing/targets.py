"""Where a publication goes: a folder, or a database of PostgreSQL; an address is shown without its password."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.publishing.extra import extra_library
from kcdesk.runtime.frozen import Value

_SCHEMES = ("postgresql://", "postgres://")
_OTHER_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")
# A sign that divides the parts of an address, standing in a password, would make a part of it the host or the database.
_SOUND = re.compile(r"postgres(ql)?://([^@/?]*@)?[^@/?]*(/[^@?]*)?(\?[^@]*)?", re.IGNORECASE)
_KEYWORDS = re.compile(r"\b(password|passwd|pwd|dbname|host)\s*=", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class FolderTarget(Value):
    """A folder for Parquet files."""

    folder: Path

    @property
    def shown(self) -> str:
        """The folder, as it was named."""
        return str(self.folder)


class ServerTarget(Value):
    """A database; `address` may hold a password, so that nothing shows it: `shown` is for people and the history."""

    address: str
    shown: str

    def __repr__(self) -> str:
        return f"ServerTarget({self.shown!r})"


def target_of(written: str) -> FolderTarget | ServerTarget:
    """Read what was given on the command line; UserError `bad_address`."""
    if written.lower().startswith(_SCHEMES):
        return ServerTarget(written, _shown(written))
    if _OTHER_SCHEME.match(written) or _KEYWORDS.search(written) or not written.strip():
        raise _bad_address()
    return FolderTarget(Path(written))


def _shown(address: str) -> str:
    """Host, port and database of an address."""
    if not _SOUND.fullmatch(address):
        raise _bad_address()
    psycopg = extra_library("psycopg")
    conninfo = extra_library("psycopg.conninfo")
    try:
        parts: dict[str, Any] = conninfo.conninfo_to_dict(address)
    except (psycopg.Error, ValueError):  # the message would repeat the address
        raise _bad_address() from None
    host = str(parts.get("host") or parts.get("hostaddr") or "localhost")
    port = f":{parts['port']}" if parts.get("port") else ""
    return _CONTROL.sub(" ", f"{host}{port}/{parts.get('dbname') or parts.get('user') or ''}")


def _bad_address() -> UserError:
    return UserError(
        "Nơi nhận phải là một thư mục, hoặc một địa chỉ của PostgreSQL.",
        code="bad_address",
        hint="Ví dụ: postgresql://tai_khoan@may_chu/co_so_du_lieu. Mật khẩu nên để trong PGPASSWORD hoặc tệp .pgpass; "
        "trong địa chỉ thì @ viết là %40, / là %2F, ? là %3F.",
    )
