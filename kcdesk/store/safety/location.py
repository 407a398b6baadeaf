"""Where a store was last opened: kept in it as hashes, so that the next opening notices another machine or folder.

A copied folder and a disk image bring along the identity of a store. Inside the store stand hashes of the machine, of
the folder and of the place of the file on its disk. Outside, in the officer's own folder, stands of each folder whether
its store has a key. Neither tells a name or a path. What the store lacks of its own work its anchors tell (`anchor`).
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from kcdesk import paths, placing
from kcdesk.bounded.json_text import parsed_file
from kcdesk.runtime.frozen import Value, asdict

Doubt = Literal["", "elsewhere", "older", "foreign"]

_LOCKED = "locked"
_LONGEST = 1 << 20  # bytes of a note
_LENGTH = 16  # hexadecimal digits of a hash
_LINUX = (
    "/etc/machine-id",
    "/sys/class/dmi/id/board_vendor",
    "/sys/class/dmi/id/board_name",
    "/sys/class/dmi/id/product_name",
)
_WINDOWS = ((r"SOFTWARE\Microsoft\Cryptography", "MachineGuid"), (r"SYSTEM\HardwareConfig", "LastConfig"))

if sys.platform == "win32":
    import winreg

    def _names() -> list[str]:
        names = []
        for key, name in _WINDOWS:
            with suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as opened:
                names.append(str(winreg.QueryValueEx(opened, name)[0]))
        return names

else:

    def _names() -> list[str]:
        names = []
        for path in _LINUX:
            with suppress(OSError):
                names.append(Path(path).read_text(encoding="utf-8", errors="replace").strip())
        return names


class Location(Value):
    """Hashes of the machine, of the path of the folder, and of the disk and number of the database file."""

    machine: str
    folder: str
    file: str


def here(database: Path, store_id: str) -> Location:
    """The place of an open store; the hashes of one place differ from store to store."""
    parts = (machine_name(), str(database.resolve().parent), _file_number(database))
    return Location(*(_hash(store_id, part) for part in parts))


def doubt_of(kept: dict[str, str] | None, now: Location, loss: Doubt = "") -> Doubt:
    """Whether a store may be a copy: "elsewhere" has another place; `loss` is what its anchors say, which comes first.

    A folder that was renamed, or a file that came back to its folder, is at its place. A store that travels with the
    program on a stick is everywhere at home.
    """
    if loss:
        return loss
    if kept is None or kept == asdict(now) or paths.is_portable():
        return ""
    is_same_machine = kept["machine"] == now.machine
    return "" if is_same_machine and (kept["folder"] == now.folder or kept["file"] == now.file) else "elsewhere"


def last_write(store_id: str, device: str) -> str:
    """The stamp of the last write that an earlier version, which kept no anchor, has noted here; "" for none."""
    return str(_kept(_note(store_id)).get(_hash(store_id, device), ""))


def was_locked(folder: Path) -> bool:
    """Whether the store that was last opened in this folder on this machine had a key."""
    return bool(noted_of_folder(folder, _LOCKED))


def note_locked(folder: Path, *, is_locked: bool) -> None:
    """Note outside the store whether it has a key."""
    if was_locked(folder) != is_locked:
        note_of_folder(folder, _LOCKED, is_locked)


def noted_of_folder(folder: Path, name: str) -> Any:
    """What this machine has noted under a name about the store of a folder; None for nothing."""
    return _kept(_note(str(folder.resolve()))).get(name)


def note_of_folder(folder: Path, name: str, value: Any) -> None:
    """Note something about the store of a folder outside of it."""
    _keep(_note(str(folder.resolve())), name, value)


def noted_of_store(store_id: str, name: str) -> Any:
    """What this machine has noted under a name about a store; None for nothing."""
    return _kept(_note(store_id)).get(name)


def note_of_store(store_id: str, name: str, value: Any) -> None:
    """Note something about a store outside of it."""
    _keep(_note(store_id), name, value)


def _kept(note: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        noted = parsed_file(note, _LONGEST)
        return noted if isinstance(noted, dict) else {}
    return {}


def _keep(note: Path, name: str, value: Any) -> None:
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        placing.keep_own(note, json.dumps({**_kept(note), name: value}).encode())


def machine_name() -> str:
    """What tells this machine from others, as the system knows it."""
    return "|".join(_names()) or platform.node()


def _file_number(database: Path) -> str:
    status = database.stat()
    disk = os.statvfs(database).f_fsid if hasattr(os, "statvfs") else status.st_dev
    return f"{disk}/{status.st_ino}"


def _note(subject: str) -> Path:
    """The note about a store, by its id, or about a folder: each has its own, which only its store writes."""
    return paths.machine_folder() / f"{_hash(subject, 'note')}.json"


def _hash(store_id: str, text: str) -> str:
    return hashlib.sha256(f"{store_id}\n{text}".encode(errors="surrogatepass")).hexdigest()[:_LENGTH]
