"""The copies of a store in a folder: making one, listing them, unfolding one as the store that it was.

Each copy is a folder named after its time, with the key, the rules and a list (`copy.json`) of where its pages lie; the
pages themselves lie once in the pool beside the copies. Folders with a whole database, as earlier versions of the
program made them, or as a replaced store becomes one, are copies too.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from kcdesk import __version__, moments, placing
from kcdesk.bounded.json_text import parsed_file
from kcdesk.bounded.small_files import small_file
from kcdesk.errors import KnownError, UserError
from kcdesk.given_files import leads_elsewhere
from kcdesk.placing import Disk
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value
from kcdesk.store import files
from kcdesk.store.copies.page_pool import FOLDER, PageList, PagePool, missing
from kcdesk.store.copies.still_file import still_file
from kcdesk.store.database import key
from kcdesk.store.database.db import damage_mark, translated
from kcdesk.store.database.lock import Lock
from kcdesk.store.safety import anchor, backup

LIST = "copy.json"
PROOF = "proof.json"
DAMAGED = "hong_"  # begins the name of the copy of a store that was found damaged
_DATABASES = (backup.STORE, files.NAME)
_LOGS = {f"{name}{log}" for name in _DATABASES for log in ("-wal", "-shm")}  # of a store that was moved away
_PARTS = {*_DATABASES, *_LOGS, key.FILE, anchor.FILE, backup.RULES, LIST, PROOF}
_NAME = re.compile(r"(hong_)?\d{4}(-\d\d){2}_\d\d(-\d\d){2}[+-]\d{4}(_\d{1,4})?", re.ASCII)
_STAMP = len("2026-11-30_08-00-00+0700")
_LONGEST = 64 << 20  # bytes of a list
_SINGLY = threading.RLock()


class Copy(Value, kw_only=True):
    """A copy of the store; `reason` is a word of `reasons` in the policy, "" where nobody noted it.

    `proved` is when it was opened and checked (ISO), "" if it never was; then `records` and `last`, the time of the
    last change, are unknown. `problem` says what was found wrong. `size` is that of the databases, in bytes.
    """

    folder: Path
    moment: datetime
    reason: str
    size: int
    proved: str = ""
    records: int = 0
    last: str = ""
    problem: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether it was opened, checked and found whole."""
        return bool(self.proved) and not self.problem


def is_copy(folder: Path) -> bool:
    """Whether a folder is a copy that has to be unfolded: it has a list and no database."""
    return (folder / LIST).is_file() and not (folder / backup.STORE).exists()


@contextmanager
def alone(copies: Path) -> Iterator[None]:
    """Keep other threads and programs from writing into a folder of copies; KnownError `copies_in_use`."""
    with _SINGLY:
        with translated():
            copies.mkdir(mode=0o700, parents=True, exist_ok=True)
            _refuse_link(copies / FOLDER)
            (copies / FOLDER).mkdir(mode=0o700, exist_ok=True)
        try:
            lock = Lock(copies / FOLDER)
        except KnownError as error:
            if error.code != "in_use":
                raise
            raise KnownError(
                "Một cửa sổ khác đang ghi bản sao lưu vào đây.", code="copies_in_use", hint="Hãy thử lại sau ít phút."
            ) from error
        try:
            yield
        finally:
            lock.release()


def write_copy(
    store: Path, secret: bytes | None, copies: Path, reason: str, progress: Progress = ignore_progress
) -> Path:
    """Copy the store in `store` into the folder `copies`; returns the new folder, which is not proved yet.

    Only what the copy before lacks is written. KnownError if the disk refuses: then nothing of it is left but pages
    that no copy uses, which the next thinning removes.
    """
    target = backup.free_name(copies)
    beside = target.with_name(f"{target.name}{backup.PART}")
    try:
        with placing.explained(target):
            copies.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.mkdir(mode=0o700)
            content = _list_of(store, secret, PagePool(copies, progress), reason, beside)
            if (store / backup.RULES).is_dir():
                backup.copy_rules(store, beside)
            key.take_along(store, beside)
            placing.save(json.dumps(content).encode(), beside / LIST)
            backup.make_private(beside)
            backup.sync(beside)
            beside.rename(target)
            Disk().sync_folder(copies)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return target


def listed_copies(copies: Path) -> list[Copy]:
    """The copies in a folder, newest first; folders that are no copies are passed over."""
    if not copies.is_dir():
        return []
    made = [copy for path in copies.iterdir() if (copy := described_copy(path)) is not None]
    return sorted(made, key=lambda copy: (copy.moment, backup.in_its_second(copy.folder.name)), reverse=True)


def described_copy(folder: Path) -> Copy | None:
    """What is noted of a copy; None if the folder is none."""
    moment = backup.moment_of(folder.name.removeprefix(DAMAGED))
    if moment is None or leads_elsewhere(folder) or not (is_copy(folder) or (folder / backup.STORE).is_file()):
        return None
    noted, proof = _noted(folder / LIST), _proof(folder)
    try:
        size = sum(pages.size for pages in _page_lists(noted).values()) if is_copy(folder) else _size(folder)
    except (ValueError, KeyError, TypeError):
        return Copy(folder=folder, moment=moment, reason="", size=0, problem=missing().message)
    return Copy(
        folder=folder,
        moment=moment,
        reason=str(noted.get("reason", "")),
        size=size,
        proved=str(proof.get("at", "")),
        records=int(proof.get("records", 0)),
        last=str(proof.get("last", "")),
        problem=str(proof.get("problem", "")),
    )


def is_ours(folder: Path) -> bool:
    """Whether a folder has the name and nothing but the content that this program gives a copy: it may be removed.

    A copy that an officer has renamed, or that was opened as a store, is not ours any more.
    """
    with suppress(OSError):
        names = {path.name for path in folder.iterdir()}
        was_opened = {LIST, backup.STORE} <= names and not _is_whole(folder)
        return _NAME.fullmatch(folder.name) is not None and names <= _PARTS and not was_opened
    return False


def used_packs(copies: Path) -> set[str] | None:
    """The packs that the copies of a folder use; None if a list cannot be read."""
    try:
        return {pack for _, lists in page_lists(copies) for pages in lists.values() for pack in pages.packs}
    except UserError:
        return None


def drop_unused_pages(copies: Path) -> None:
    """Remove the packs that no copy uses, unless the list of a copy cannot be read."""
    used = used_packs(copies) if copies.is_dir() else None
    if used is not None:
        PagePool(copies).collect(used)


def page_lists(copies: Path) -> Iterator[tuple[Path, Mapping[str, PageList]]]:
    """Every folder whose pages lie in the pool, damaged and half removed ones too, with its lists, newest first.

    UserError `pages_missing` at a list that cannot be read.
    """
    for path in sorted(copies.iterdir(), reverse=True):
        if (path / LIST).is_file() and not _is_whole(path):
            yield path, lists_of(path)


def move_pages(folder: Path, lists: Mapping[str, PageList]) -> None:
    """Note that the same pages lie elsewhere; what was proved of the copy stays proved."""
    proof = _proof(folder)
    databases = {name: pages.to_json() for name, pages in lists.items()}
    _keep(folder / LIST, {**_noted(folder / LIST), "databases": databases})
    if proof:
        note_proof(folder, proof)


def packs_of(folder: Path) -> set[str]:
    """The packs that a copy uses; empty for one with a whole database. UserError `pages_missing`."""
    return {pack for pages in lists_of(folder).values() for pack in pages.packs} if is_copy(folder) else set()


def size_of(folder: Path) -> int:
    """The bytes of the databases of a copy when it is unfolded. UserError `pages_missing`."""
    return sum(pages.size for pages in lists_of(folder).values()) if is_copy(folder) else _size(folder)


def times_of(database: Path) -> dict[str, int]:
    """When a database and its log were last written, in nanoseconds, by file name."""
    paths = (database, database.with_name(f"{database.name}-wal"))
    return {path.name: path.stat().st_mtime_ns for path in paths if path.is_file()}


def are_behind(store: Path, copies: Path) -> bool:
    """Whether something may have been written to the store since the newest copy was made."""
    newest = next((copy.folder for copy in listed_copies(copies) if not copy.folder.name.startswith(DAMAGED)), None)
    if newest is None or not is_copy(newest):
        return True
    now: dict[str, int] = {}
    for name in _DATABASES:
        now |= times_of(store / name)
    return bool(_noted(newest / LIST).get("times") != now)


def holds_same(folder: Path, other: Path) -> bool:
    """Whether two copies hold the very same pages."""
    return is_copy(folder) and is_copy(other) and lists_of(folder) == lists_of(other)


def unfold(folder: Path, target: Path) -> None:
    """Write the databases of a copy into the folder `target`, that of the store last; the copy does not change.

    Pages that another thread is moving together just now are looked for once more.
    UserError `pages_missing`, KnownError if the disk refuses.
    """
    lists = lists_of(folder)
    try:
        _unfold(folder, lists, target)
    except UserError:
        if lists == (moved := lists_of(folder)):
            raise
        _unfold(folder, moved, target)


def _unfold(folder: Path, lists: Mapping[str, PageList], target: Path) -> None:
    pool = PagePool(folder.parent)
    for name in sorted(lists, key=lambda name: name == backup.STORE):
        beside = target / f"{name}{backup.PART}"
        try:
            pool.unfold(lists[name], beside)
            with placing.explained(target / name):
                beside.chmod(0o600)
                beside.replace(target / name)
                Disk().sync_folder(target)
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def note_proof(folder: Path, proof: dict[str, Any]) -> None:
    """Keep beside a copy what its proof found; it counts for this list only."""
    _keep(folder / PROOF, {**proof, "of": _digest(folder)})


def note_reason(folder: Path, reason: str) -> None:
    """Note why a whole store was put into a folder of copies."""
    _keep(folder / LIST, {"reason": reason, "at": moments.utc_now()})


def set_apart(folder: Path) -> Path:
    """Rename the copy of a damaged store, so that it is never taken for a good one; returns its new path."""
    number, apart = 1, folder.with_name(f"{DAMAGED}{folder.name}")
    while apart.exists():
        number += 1
        apart = folder.with_name(f"{DAMAGED}{folder.name[:_STAMP]}_{number}")
    with placing.explained(apart):
        folder.rename(apart)
        Disk().sync_folder(apart.parent)
    return apart


# -- inside --------------------------------------------------------------------------------------------------------


def _refuse_link(pool: Path) -> None:
    if leads_elsewhere(pool):
        raise UserError(
            f"Thư mục «{pool.name}» của các bản sao lưu chỉ là liên kết dẫn sang nơi khác nên chưa ghi gì.",
            code="odd_part",
            hint="Chương trình không tạo liên kết. Hãy xoá liên kết ấy, hoặc chọn nơi sao lưu khác.",
        )


def _keep(path: Path, content: dict[str, Any]) -> None:
    placing.save(json.dumps(content).encode(), path)
    with suppress(OSError):  # a file system without rights, such as that of a stick
        path.chmod(0o600)


def _list_of(store: Path, secret: bytes | None, pool: PagePool, reason: str, copy: Path) -> dict[str, Any]:
    """Put the pages of the databases into the pool, the anchor into the copy; returns what its list says."""
    before, databases = _newest_lists(pool.folder.parent), dict[str, Any]()
    times: dict[str, int] = {}
    for name in _DATABASES:  # attachments come after the records that name them: none of these lacks its files
        database = store / name
        if not database.exists():
            continue
        with still_file(database, secret) as reader:
            if name == backup.STORE:
                anchor.write_beside(copy, reader)
            times |= times_of(database)
            pages, _ = pool.add(database, before.get(name), is_locked=secret is not None)
        databases[name] = pages.to_json()
    return {
        "version": 1,
        "program": __version__,
        "at": moments.utc_now(),
        "reason": reason,
        "marked": damage_mark(store / backup.STORE).exists(),
        "databases": databases,
        "times": times,
    }


def _is_whole(folder: Path) -> bool:
    """Whether a copy never had pages in the pool: its list says nothing but the reason."""
    return (folder / backup.STORE).is_file() and "databases" not in _noted(folder / LIST)


def _newest_lists(copies: Path) -> dict[str, PageList]:
    for path in sorted(copies.iterdir(), reverse=True):
        if backup.moment_of(path.name) is not None and is_copy(path):
            with suppress(UserError):
                return lists_of(path)
    return {}


def lists_of(folder: Path) -> dict[str, PageList]:
    """Where the pages of each database of a copy lie. UserError `pages_missing`."""
    try:
        return _page_lists(_noted(folder / LIST))
    except (ValueError, KeyError, TypeError):
        raise missing() from None


def _page_lists(noted: dict[str, Any]) -> dict[str, PageList]:
    """The lists of the databases of a copy; ValueError, KeyError or TypeError for a list that is not whole."""
    databases = {str(name): PageList.from_json(pages) for name, pages in noted["databases"].items()}
    if backup.STORE not in databases or not databases.keys() <= set(_DATABASES):
        raise ValueError("databases")
    return databases


def _noted(path: Path) -> dict[str, Any]:
    """The content of a small JSON file; empty if it is not there or not whole."""
    with suppress(OSError, ValueError):
        content = parsed_file(path, _LONGEST)
        return content if isinstance(content, dict) else {}
    return {}


def _proof(folder: Path) -> dict[str, Any]:
    """What the last proof of a copy found; empty if it was for another list."""
    proof = _noted(folder / PROOF)
    is_number = type(proof.get("records", 0)) is int
    return proof if is_number and proof.get("of") == _digest(folder) else {}


def _digest(folder: Path) -> str:
    """What ties a proof to its copy: the hash of the list, or the size and time of a whole database."""
    if is_copy(folder):
        return hashlib.sha256(small_file(folder / LIST, _LONGEST)).hexdigest()
    status = (folder / backup.STORE).stat()
    return f"{status.st_size}-{status.st_mtime_ns}"


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for name in _DATABASES if (path := folder / name).is_file())
