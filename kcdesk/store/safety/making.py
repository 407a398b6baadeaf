"""Making a store: complete in a folder beside its place, and never where anything of another store lies.

A database can be missing for a while, in the quarantine of a virus scanner or on its way back from a repair: a new key
in its folder would leave nothing that opens it.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from kcdesk.errors import UserError
from kcdesk.placing import Disk
from kcdesk.store.copies import thinning
from kcdesk.store.database import key, migrations
from kcdesk.store.database.db import Connection, translated
from kcdesk.store.identity import Identity
from kcdesk.store.safety import backup, restoring

_NEW = "create.new"


def make_store(folder: Path, passphrase: str | None, identity: Identity) -> tuple[bytes | None, str]:
    """Make the database and, with a passphrase, the key of a new store; returns the key and the recovery code.

    The database comes last to its place, so that an interruption leaves no half store. UserError `store_remains`.
    """
    new = folder / _NEW
    with translated():
        _clear_interrupted(folder)
        refuse_remains(folder)
        new.mkdir(mode=0o700)
        secret, code = (None, "") if passphrase is None else key.create(new, passphrase)
        build_database(new / backup.STORE, secret, identity)
        backup.sync(new)
        if secret is not None:
            key.place(folder, (new / key.FILE).read_bytes())
        (new / backup.STORE).rename(folder / backup.STORE)
        Disk().sync_folder(folder)
        shutil.rmtree(new)
    return secret, code


def build_database(path: Path, secret: bytes | None, identity: Identity) -> None:
    """Write the database of a new store: every migration from the first, and who it belongs to."""
    connection = Connection.create(path, secret)
    try:
        migrations.apply(connection)
        connection.execute("INSERT INTO setting VALUES ('identity', ?)", [identity.to_json()])
    finally:
        connection.close()


def refuse_remains(folder: Path) -> None:
    """Refuse a folder in which something of a store lies though its database does not; UserError `store_remains`."""
    copies = (backup.FOLDER,) if backup.listed(folder) else ()
    waiting = (restoring.READY,) if (folder / restoring.READY).exists() else ()
    lying = (*restoring.remains(folder), *copies, *waiting)
    if lying:
        raise UserError(
            f"Thư mục này không có tệp dữ liệu {backup.STORE}, nhưng còn {', '.join(lying)} của một kho đã có;"
            " không lập kho mới ở đây để không mất kho ấy.",
            code="store_remains",
            hint=f"Nếu phần mềm diệt vi-rút đã cách ly {backup.STORE}, hãy lấy tệp ấy về đúng thư mục này rồi thử lại;"
            " nếu không còn tệp, hãy khôi phục từ bản sao lưu; muốn lập kho mới thì chọn thư mục khác.",
        )


def sweep(folder: Path) -> None:
    """Remove what interrupted acts left in the folder of a store that is open; whatever cannot be removed stays."""
    for path in (folder / _NEW, folder / restoring.STAGED):
        shutil.rmtree(path, ignore_errors=True)
    thinning.sweep(folder / backup.FOLDER, rooms=True)
    with suppress(OSError):
        key.discard_unplaced(folder)


def _clear_interrupted(folder: Path) -> None:
    """Remove what an interrupted making left: its key has opened nothing yet, and nobody has seen its recovery code."""
    new = folder / _NEW
    if not new.is_dir() or (folder / backup.STORE).exists():
        return
    placed, made = folder / key.FILE, new / key.FILE
    if placed.is_file() and made.is_file() and placed.read_bytes() == made.read_bytes():
        placed.unlink()
    shutil.rmtree(new)
