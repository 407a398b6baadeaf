"""A new key for the whole store: every page, attachment and kept paper is encrypted anew, beside the old store.

The new store is put in place by `restoring.commit`, as a restored backup is, so that an interruption leaves the old
store or the new one. A header of the old key opens neither the new database nor its attachments.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from kcdesk.errors import KnownError, UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.store import files
from kcdesk.store.database import key, sealed_key
from kcdesk.store.database.db import Connection, canonical, translated
from kcdesk.store.identity import Identity
from kcdesk.store.safety import anchor, backup, restoring

FORMER = "former_keys"  # the setting with the names of the keys that opened this store before
CONSENT = "recovery_consent"  # the setting that says to whose recovery key the key is sealed, and the seal itself


def stage(
    database: Connection,
    attachments: Connection | None,
    passphrase: str,
    code: str,
    to: str = "",
    progress: Progress = ignore_progress,
) -> None:
    """Prepare the store under a new key beside itself; `code` is its recovery code. KnownError `disk_full`.

    The new key is sealed to the public recovery key `to`; with "" nobody else opens the store any more.
    `progress` counts bytes and may raise to stop; then nothing of the new store is left.
    """
    folder = database.path.parent
    advance = _Advance(progress, [each.path for each in (database, attachments) if each is not None])
    staged = restoring.room_beside(folder, restoring.size_of(folder))
    try:
        with translated():
            secret, _ = key.create(staged, passphrase, code)
            _encrypt(database, staged / backup.STORE, secret, advance)
            _note_former(staged / backup.STORE, secret, key.name_of(folder))
            _seal(staged, secret, to)
            if attachments is not None:
                _encrypt(attachments, staged / files.NAME, secret, advance)
            if (folder / anchor.FILE).exists():  # its own key is a secret in the store
                shutil.copyfile(folder / anchor.FILE, staged / anchor.FILE)
            if (folder / backup.RULES).is_dir():
                backup.copy_rules(folder, staged)
            backup.make_private(staged)
            backup.sync(staged)
    except BaseException:
        restoring.discard(folder)
        raise


def old_copies(folder: Path, former: Sequence[str], elsewhere: Sequence[Path] = ()) -> list[Path]:
    """The copies that another key opens than that of the store: their old passphrases still open them.

    In `backups/` that is every copy with another key; `elsewhere` only those whose key is one of the `former` ones.
    """
    present = key.name_of(folder)
    beside = (folder / backup.FOLDER).glob("*/") if (folder / backup.FOLDER).is_dir() else ()
    near = [copy for copy in sorted(beside) if key.exists(copy) and key.name_of(copy) != present]
    return [*near, *(copy for copy in elsewhere if key.exists(copy) and key.name_of(copy) in former)]


def _note_former(database: Path, secret: bytes, name: str) -> None:
    """Note in the new store how the key was named that opened it before, "" where it had no name."""
    with closing(Connection(database, secret)) as connection:
        kept = connection.value("SELECT value FROM setting WHERE name = ?", [FORMER])
        names = [*json.loads(kept or "[]"), *([name] if name else [])]
        connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [FORMER, canonical(names)])


def _seal(staged: Path, secret: bytes, to: str) -> None:
    """Seal the new key to a recovery key and note that in the new store; with "" note that there is none."""
    with closing(Connection(staged / backup.STORE, secret)) as connection:
        if not to:
            connection.execute("DELETE FROM setting WHERE name = ?", [CONSENT])
            return
        consent = json.loads(connection.value("SELECT value FROM setting WHERE name = ?", [CONSENT]))
        store = Identity.from_json(connection.value("SELECT value FROM setting WHERE name = 'identity'")).store_id
        seal = sealed_key.sealed(secret, key.name_of(staged), store, to)
        consent["seal"] = seal.to_json()
        connection.execute("UPDATE setting SET value = ? WHERE name = ?", [canonical(consent), CONSENT])
    key.keep_seal(staged, seal)


class _Advance:
    """How much of some databases is written anew: each byte once when it is encrypted, once when it is read back."""

    def __init__(self, progress: Progress, sources: Sequence[Path]) -> None:
        self._progress = progress
        self._total = 2 * sum(_size(source) for source in sources)
        self._before = 0

    def of(self, file: Path, size: int) -> None:
        """Report that a file of `size` bytes at the end has grown to what it is."""
        self._progress(self._before + min(_size(file), size), self._total)

    def end(self, size: int) -> None:
        """Report that `size` bytes more are done."""
        self._before += size
        self._progress(self._before, self._total)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _encrypt(source: Connection, target: Path, secret: bytes, advance: _Advance) -> None:
    """Write a database anew under a key, and check it; KnownError `not_verified`."""
    size = _size(source.path)
    with source.watched(lambda: advance.of(target, size)):
        source.export(target, secret)
    advance.end(size)
    with closing(Connection(target, secret)) as copy, copy.watched(lambda: advance.end(0)):
        is_same = backup.holds_all(copy, source)
    advance.end(size)
    if not is_same:
        raise KnownError(
            "Kho mã hoá lại vừa ghi không đọc lại được; kho đang dùng giữ nguyên.",
            code="not_verified",
            hint="Hãy kiểm tra ổ đĩa của máy rồi thử lại.",
        )


def no_key() -> UserError:
    """The error for a practice store, which has neither passphrase nor recovery code."""
    return UserError("Kho thực hành không có mật khẩu và mã khôi phục.", code="practice_store")
