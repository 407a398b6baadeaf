"""The proof of a copy: it is unfolded beside, opened with its own key, checked page by page and counted."""

from __future__ import annotations

import shutil
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from kcdesk import moments
from kcdesk.bounded.small_files import small_file
from kcdesk.errors import KcdeskError, UserError
from kcdesk.given_files import leads_elsewhere
from kcdesk.store import files
from kcdesk.store.copies import kept_copies
from kcdesk.store.copies.page_pool import PagePool
from kcdesk.store.database import key
from kcdesk.store.database.db import PAGE_FAULTS, Connection, translated
from kcdesk.store.safety import anchor, backup

ROOM = f"proof{backup.PART}"  # where a copy is unfolded; swept when the store is opened
_SPOILT = "Một phần dữ liệu của bản sao đã hỏng trên ổ đĩa."
_NOT_OPENED = "Bản sao không mở được."
_NOT_WHOLE = "Bản sao mở được nhưng có chỗ hỏng."


def prove(folder: Path, secret: bytes | None, store: Path) -> kept_copies.Copy:
    """Prove a copy with the key of the store in `store`, and keep the result beside it; returns what is known of it.

    It is unfolded in the store's own folder of copies, which nothing else may use meanwhile (`kept_copies.alone`).
    UserError `other_key` for a copy of a time with another key: nothing is kept of it; KnownError if the disk refuses.
    """
    place = store / backup.FOLDER / ROOM
    with translated():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700, parents=True)
    try:
        findings = _findings(folder, secret, store, place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    kept_copies.note_proof(folder, {"at": moments.utc_now(), **findings})
    proved = kept_copies.described_copy(folder)
    assert proved is not None
    return proved


def is_of_key(folder: Path, store: Path) -> bool:
    """Whether the key of the store opens a copy: none, or one of the same name or with the same header."""
    if not (key.exists(store) and key.exists(folder)):
        return key.exists(store) == key.exists(folder)
    if name := key.name_of(store):
        return key.name_of(folder) == name
    return (folder / key.FILE).read_bytes() == (store / key.FILE).read_bytes()


def refuse_other_key(folder: Path, store: Path) -> None:
    """Refuse a copy that another key opens than that of the store; UserError `other_key`."""
    if not is_of_key(folder, store):
        raise UserError(
            "Bản sao này mở bằng mật khẩu của lúc sao lưu, không phải mật khẩu bây giờ.",
            code="other_key",
            hint="Hãy bấm «Khôi phục…» và gõ mật khẩu lúc ấy, hoặc «Mở bên cạnh».",
        )


def _findings(folder: Path, secret: bytes | None, store: Path, place: Path) -> dict[str, Any]:
    """What there is to say of a copy: {"records", "last", "tip", "problem"}."""
    try:
        spoilt = PagePool(folder.parent).spoilt(kept_copies.packs_of(folder))
        unfold_or_copy(folder, place)
        counted = _counted(place, secret)
    except KcdeskError as error:
        if error.code == "pages_missing":
            return {"problem": error.message}
        if error.code not in PAGE_FAULTS:
            raise
        refuse_other_key(folder, store)
        return {"problem": _NOT_OPENED}
    return {**counted, "problem": _SPOILT} if spoilt else counted


def unfold_or_copy(folder: Path, target: Path) -> None:
    """Write the databases of any copy, whole or not, into the folder `target`, with its anchor; it does not change."""
    _take_anchor_along(folder / anchor.FILE, target)
    if kept_copies.is_copy(folder):
        kept_copies.unfold(folder, target)
        return
    with translated():
        for name in (backup.STORE, files.NAME):
            for path in (folder / name, folder / f"{name}-wal"):
                if path.is_file():
                    shutil.copyfile(path, target / path.name)


def _take_anchor_along(path: Path, target: Path) -> None:
    with suppress(OSError):
        if not leads_elsewhere(path):
            (target / anchor.FILE).write_bytes(small_file(path, anchor.LONGEST))


def _counted(place: Path, secret: bytes | None) -> dict[str, Any]:
    with closing(Connection(place / backup.STORE, secret)) as connection:
        is_whole = backup.is_whole(connection)
        counted = {
            "records": connection.value("SELECT count(*) FROM record WHERE deleted IS NULL"),
            "last": connection.value("SELECT max(updated) FROM record") or "",
            "tip": connection.value("SELECT max(stamp) FROM act") or "",
        }
    if (place / files.NAME).exists():
        with closing(Connection(place / files.NAME, secret)) as attachments:
            is_whole = is_whole and backup.is_whole(attachments)
    return {**counted, "problem": "" if is_whole else _NOT_WHOLE}
