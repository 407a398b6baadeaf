"""What a database must be before it is opened as the store of its folder: ours, and locked as it always was."""

from __future__ import annotations

from pathlib import Path

from kcdesk.errors import UserError
from kcdesk.store.database import key, migrations, page_seals, reading_tables
from kcdesk.store.database.db import APPLICATION_ID, Connection, canonical, damaged, is_plain, translated
from kcdesk.store.identity import Identity
from kcdesk.store.safety import attempts, location
from kcdesk.store.safety.backup import STORE

_TABLES = ("record", "touched", "act", "change", "snapshot", "package", "setting", "secret")


def unlocked(folder: Path, passphrase: str) -> bytes | None:
    """The key of the store in `folder`; None for a store without one.

    UserError as for `attempts.unlock`, and `stripped_store` where a store with a key was used before.
    """
    with translated():
        if key.exists(folder) or page_seals.looks_encrypted(folder / STORE):
            return attempts.unlock(folder, passphrase)
        if not is_plain(folder / STORE):
            raise damaged()
    if location.was_locked(folder):
        raise _stripped("Kho trong thư mục này trước đây có mật khẩu, nay tệp dữ liệu không còn mã hoá.")
    return None


def connected(folder: Path, secret: bytes | None) -> Connection:
    """Open the database of a store; UserError `foreign_key` if its key is that of another store, `damaged_store`."""
    try:
        return Connection(folder / STORE, secret)
    except UserError as error:
        if secret is None or error.code != damaged().code or page_seals.is_locked_by(folder / STORE, secret):
            raise
        raise UserError(
            f"Mật khẩu đúng với tệp khoá {key.FILE}, nhưng tệp khoá này là của kho khác, hoặc của kho này trước khi đổi"
            f" khoá: nó không mở được {STORE}.",
            code="foreign_key",
            hint=f"Hãy đặt lại đúng {key.FILE} đi cùng {STORE} này, hoặc khôi phục từ bản sao lưu.",
        ) from None


def refuse_foreign(connection: Connection) -> None:
    """Refuse a database of another program; UserError `foreign_store`."""
    if connection.value("PRAGMA application_id") != APPLICATION_ID:
        raise UserError(
            "Tệp dữ liệu trong thư mục này không phải của kcdesk; chưa có gì bị thay đổi.",
            code="foreign_store",
            hint="Hãy chọn thư mục khác.",
        )


def refuse_planted(connection: Connection) -> None:
    """Refuse a database in which somebody else's statements would run: a trigger that is not ours, a view in the place
    of a table. UserError `foreign_store`. Triggers of the reading tables are judged by these themselves.
    """
    ours = set(migrations.guards_of_history())
    sql = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND NOT {reading_tables.OURS}"
    strange = [name for name, statement in connection.all(sql) if statement not in ours]
    sql = "SELECT name FROM sqlite_master WHERE type = 'view' AND name IN (SELECT value FROM json_each(?))"
    strange += [name for (name,) in connection.all(sql, [canonical(_TABLES)])]
    if strange:
        raise UserError(
            f"Tệp dữ liệu này có lệnh tự chạy lạ («{strange[0]}»), không do chương trình viết; không mở.",
            code="foreign_store",
            hint="Hãy dùng bản sao lưu khác, và hỏi xem tệp này từ đâu tới.",
        )


def refuse_stripped(connection: Connection, secret: bytes | None) -> None:
    """Refuse a plain database that is no practice store: its encryption was taken off. UserError `stripped_store`."""
    written = connection.value("SELECT value FROM setting WHERE name = 'identity'")
    try:
        practice = Identity.from_json(written).practice
    except (TypeError, ValueError, KeyError):
        raise damaged() from None
    if secret is None and practice is not True:
        raise _stripped("Đây là kho thật, nhưng tệp dữ liệu không mã hoá.")


def _stripped(what: str) -> UserError:
    return UserError(
        f"{what} Có thể tệp đã bị thay, nên chương trình không mở.",
        code="stripped_store",
        hint="Hãy khôi phục từ bản sao lưu có mật khẩu, và hỏi xem ai đã dùng máy này.",
    )
