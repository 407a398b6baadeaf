"""The anchor: how far the history went, kept beside the database and once more in the officer's own folder.

A database that was put back, a log of SQLite that is gone or a history that was cut is sound in itself: only something
outside can tell that it lacks what was done. After each act the number of acts, the last stamp and the last hash of
the history are written here, after the database: so the anchor may be behind the database when the power fails, but
it is never ahead, unless the database has lost something. Two places are written in turn, so that a torn write leaves
the other one. A third place holds the end that the key of the unit signed at the last closing (`closings`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from kcdesk import paths
from kcdesk.bounded.small_files import small_file
from kcdesk.errors import KcdeskError
from kcdesk.placing import Disk
from kcdesk.runtime.frozen import Value, asdict, names
from kcdesk.store.clock import moment_of
from kcdesk.store.database import strength
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.identity import Identity
from kcdesk.store.safety import closings, location
from kcdesk.store.safety.closings import SignedEnd, read_closing

FILE = "kcdesk.anchor"
_SECRET = "anchor"  # the name of the key among the secrets of the store: it survives another passphrase
_PLACE_BYTES = 1024  # of each of the two places
_PLACES = 2
LONGEST = 1 << 20  # bytes of a file that somebody else may have written
_WAL_MAGIC = (bytes.fromhex("377f0682"), bytes.fromhex("377f0683"))
_WAL_HEADER, _SALTS = 32, slice(16, 24)  # bytes of the header of SQLite's log, and where its salts stand

_LAST_ACT = "SELECT seq, stamp FROM act ORDER BY seq DESC LIMIT 1"
_LAST_LINE = "SELECT seq, hash FROM change ORDER BY seq DESC LIMIT 1"


class Tip(Value, kw_only=True):
    """The end of a history: numbers of its acts and lines, last stamp and last hash; `log` names the log of SQLite."""

    owner: str  # a hash of the id of the store
    device: str
    acts: int
    stamp: str
    lines: int
    hash: str
    log: str = ""


class Loss(Value, kw_only=True):
    """What a database lacks that was anchored: its sort, the number of acts, the last moment here and there (UTC)."""

    sort: Literal["older", "rewritten", "unsigned", "foreign"]
    acts: int = 0
    here: str = ""
    anchored: str = ""

    @property
    def doubt(self) -> Literal["older", "foreign"]:
        """What the officer is asked about."""
        return "foreign" if self.sort == "foreign" else "older"


class Anchors:
    """The anchors of an open store; nothing is written while a loss is not settled."""

    def __init__(self, connection: Connection, identity: Identity) -> None:
        self._folder, self._identity = connection.path.parent, identity
        self._key = b""
        self.loss: Loss | None = None
        self.copy_loss: Loss | None = None  # by the anchor that lies beside, which a copy brings along
        if connection.is_frozen:  # what is damaged is told first, and no anchor of it is kept
            return
        self._key = _key(connection)
        self.copy_loss = self._loss(connection, self._beside)
        self.loss = self._compared(connection)
        if self.loss is None and (not self._beside.exists() or not self._outside.exists()):
            self.keep(connection, identity)

    def keep(self, connection: Connection, identity: Identity, *, lasting: bool = False) -> None:
        """Write how far the history goes now; `lasting` waits for the disk. A disk that refuses is none of an act's."""
        self._identity = identity
        if self.loss is not None or connection.is_frozen:
            return
        tip = tip_of(connection, identity)
        for path in (self._beside, self._outside):
            with suppress(OSError):
                _write(path, tip, self._key, lasting=lasting)

    def keep_closing(self, closing: SignedEnd) -> None:
        """Lay a signed end of the history beside the anchors; a disk that refuses keeps nobody here."""
        for path in (self._beside, self._outside):
            with suppress(OSError):
                _put(path, _PLACES, asdict(closing), self._key, lasting=True)

    def closings(self) -> set[SignedEnd]:
        """The signed ends that lie beside the anchors; what is torn, or of somebody without the key, is none."""
        return {closing for path in (self._beside, self._outside) for closing in self._closing_of(path)}

    def _closing_of(self, path: Path) -> Iterator[SignedEnd]:
        for entry in _proven(_read(path, _PLACES, _PLACES + 1), self._key):
            if (closing := read_closing(entry)) is not None:
                yield closing

    def note_lost(self, connection: Connection, closing: SignedEnd, *, is_signed: bool) -> None:
        """Note a loss that a closing has shown: the history lacks it, or the key of the unit has not signed it."""
        shown = lost(connection, closing) if is_signed else None
        self.loss = self.loss or shown or Loss(sort="unsigned", here=_last_moment(connection))

    def settle(self, connection: Connection, identity: Identity) -> None:
        """Begin anew with the history as it is: the officer goes on with it, or the store has a new device."""
        self._identity, self.loss = identity, None
        for path in (self._beside, self._outside):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        self.keep(connection, identity, lasting=True)

    @property
    def _beside(self) -> Path:
        return self._folder / FILE

    @property
    def _outside(self) -> Path:
        """The place in the officer's own folder, one for each device of each store."""
        name = _hash(f"{self._identity.store_id}\n{self._identity.device_id}\nanchor")
        return paths.machine_folder() / f"{name}.anchor"

    def _compared(self, connection: Connection) -> Loss | None:
        """What the database lacks of the two anchors; the greater loss."""
        losses = [loss for path in (self._beside, self._outside) if (loss := self._loss(connection, path))]
        noted = location.last_write(self._identity.store_id, self._identity.device_id)
        if noted and connection.first("SELECT 1 FROM act WHERE stamp = ?", [noted]) is None:
            losses.append(Loss(sort="older", here=_last_moment(connection), anchored=moment_of(noted)))
        return max(losses, key=lambda loss: (loss.sort == "foreign", loss.acts), default=None)

    def _loss(self, connection: Connection, path: Path) -> Loss | None:
        written = _read(path)
        tip = _newest(written, self._key)
        if tip is not None:
            return lost(connection, tip)
        if not written:  # no anchor yet, or a disk that spoilt both places
            return None
        is_ours = any(entry.get("owner") == owner_of(self._identity.store_id) for entry in written)
        return Loss(sort="rewritten" if is_ours else "foreign", here=_last_moment(connection))


def write_beside(folder: Path, connection: Connection) -> None:
    """Lay beside a copy how far the history goes that the connection sees, with the last end that was signed.

    Nothing where the store has no anchors.
    """
    with suppress(OSError, KcdeskError):
        kept = connection.value("SELECT value FROM secret WHERE name = ?", [_SECRET])
        identity = Identity.from_json(connection.value("SELECT value FROM setting WHERE name = 'identity'"))
        if kept is not None:
            _write(folder / FILE, tip_of(connection, identity), bytes(kept), lasting=True)
            if (closing := closings.last(connection)) is not None:
                _put(folder / FILE, _PLACES, asdict(closing), bytes(kept), lasting=True)


def tip_of(connection: Connection, identity: Identity) -> Tip:
    """How far the history of a database goes."""
    acts, stamp = connection.first(_LAST_ACT) or (0, "")
    lines, hash_ = connection.first(_LAST_LINE) or (0, "")
    return Tip(
        owner=owner_of(identity.store_id),
        device=identity.device_id,
        acts=acts,
        stamp=stamp,
        lines=lines,
        hash=hash_,
        log=log_name(connection.path),
    )


def end_of(connection: Connection, identity: Identity) -> SignedEnd:
    """How far the history of a database goes, to be signed."""
    values = asdict(tip_of(connection, identity))
    del values["log"]
    return SignedEnd(**values)


def lost(connection: Connection, tip: Tip | SignedEnd) -> Loss | None:
    """What a database lacks of an anchored history; None if its own history contains it."""
    act = connection.value("SELECT stamp FROM act WHERE seq = ?", [tip.acts]) if tip.acts else ""
    line = connection.value("SELECT hash FROM change WHERE seq = ?", [tip.lines]) if tip.lines else ""
    if (act, line) == (tip.stamp, tip.hash):
        return None
    missing = tip.acts - (connection.value("SELECT max(seq) FROM act") or 0)
    anchored = moment_of(tip.stamp) if tip.stamp else ""
    return Loss(
        sort="older" if missing > 0 else "rewritten",
        acts=max(0, missing),
        here=_last_moment(connection),
        anchored=anchored,
    )


def owner_of(store_id: str) -> str:
    """What stands for a store in its anchors and signed ends."""
    return _hash(store_id)


def holds(connection: Connection, path: Path) -> bool:
    """Whether a database holds what an anchor says, as far as the anchor is of this store."""
    kept = connection.value("SELECT value FROM secret WHERE name = ?", [_SECRET])
    tip = _newest(_read(path), bytes(kept)) if kept is not None else None
    return tip is not None and lost(connection, tip) is None


def anchored_log(folder: Path) -> str | None:
    """The log of SQLite that the store in `folder` last wrote, unproven; None if there is no anchor."""
    written = _read(folder / FILE)
    return str(max(written, key=_order).get("log", "")) if written else None


def log_name(database: Path) -> str:
    """What tells one log of SQLite from others: the salts in its header; "" if there is no log."""
    with suppress(OSError), database.with_name(f"{database.name}-wal").open("rb") as file:
        header = file.read(_WAL_HEADER)
        return header[_SALTS].hex() if len(header) == _WAL_HEADER else ""
    return ""


def is_log(path: Path) -> bool:
    """Whether a file begins as a log of SQLite does."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(_WAL_MAGIC[0])) in _WAL_MAGIC
    return False


def _key(connection: Connection) -> bytes:
    """The key of the anchors, made at first use and kept in the store."""
    kept = connection.value("SELECT value FROM secret WHERE name = ?", [_SECRET])
    if kept is None:
        kept = secrets.token_bytes(32)
        connection.execute("INSERT INTO secret VALUES (?, ?)", [_SECRET, kept])
    return bytes(kept)


def _last_moment(connection: Connection) -> str:
    _, stamp = connection.first(_LAST_ACT) or (0, "")
    return moment_of(stamp) if stamp else ""


def _sealed(entry: dict[str, Any], key: bytes) -> str:
    return hmac.new(key, canonical(entry).encode(), hashlib.sha256).hexdigest()


def _write(path: Path, tip: Tip, key: bytes, *, lasting: bool) -> None:
    _put(path, tip.acts % _PLACES, asdict(tip), key, lasting=lasting)


def _put(path: Path, place: int, entry: dict[str, Any], key: bytes, *, lasting: bool) -> None:
    content = canonical(entry | {"seal": _sealed(entry, key)}).encode().ljust(_PLACE_BYTES - 1) + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "rb+") as file:
        file.seek(place * _PLACE_BYTES)
        file.write(content)
        if lasting and strength.current_strength().synchronous:
            Disk().sync(file)


def _read(path: Path, first: int = 0, end: int = _PLACES) -> list[dict[str, Any]]:
    """What some places of an anchor say, unproven; a torn place says nothing."""
    try:
        content = small_file(path, LONGEST)
    except OSError:
        return []
    entries = []
    for start in range(first * _PLACE_BYTES, end * _PLACE_BYTES, _PLACE_BYTES):
        with suppress(ValueError, RecursionError):
            entry = json.loads(content[start : start + _PLACE_BYTES].strip(b"\0 \n"))
            entries += [entry] if isinstance(entry, dict) else []
    return entries


def _proven(entries: Iterable[dict[str, Any]], key: bytes) -> Iterator[dict[str, Any]]:
    """The values of the entries that were written with this key."""
    for entry in entries:
        values = {name: value for name, value in entry.items() if name != "seal"}
        if hmac.compare_digest(str(entry.get("seal", "")).encode(), _sealed(values, key).encode()):
            yield values


def _newest(entries: list[dict[str, Any]], key: bytes) -> Tip | None:
    """The newest place that was written with this key."""
    written = names(Tip)  # another version of the program may write more
    proven = [
        Tip(**{name: values[name] for name in written})
        for values in _proven(entries, key)
        if values.keys() >= set(written)
    ]
    return max(proven, key=lambda tip: tip.acts, default=None)


def _order(entry: dict[str, Any]) -> int:
    acts = entry.get("acts")
    return acts if isinstance(acts, int) else -1


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
