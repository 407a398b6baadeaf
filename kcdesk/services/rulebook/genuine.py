"""The genuine rules of a store: what was signed or shipped is kept in it, and the files on disk are held against it.

Rules lie on the disk as text that anybody may edit: a ceiling of 50 % is soon one of 90 %. So the store keeps a copy of
each update that was taken in, and, for an installed program, of the shipped rules of its version. At each opening the
contents are compared, not the times. A file that differs is written anew from the copy and named. Whoever tries rules
of his own says so (`ALLOWED`), and is told that they are in use.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path

import kcdesk
from kcdesk import paths, placing
from kcdesk.errors import KnownError
from kcdesk.services.rulebook import installed
from kcdesk.store.store import Store

ALLOWED = "KCDESK_EDITED_RULES"  # the environment variable of those who try rules of their own
TRYING = "Đang dùng quy định đã sửa trên đĩa (thử nghiệm): số liệu và giấy in theo đó không phải theo bản đã ký."
_KNOWN = "rules_kept"  # the setting with the names of the updates of which a copy is kept
_SECRET = "rules/"  # begins the names of the copies
_SHIPPED = "shipped"  # the copy of the shipped rules, with the setting that says of which version of the program
_ASSEMBLED = "rules_assembled"  # the setting with the hashes of the folder that was put together
_SUM = 32  # hexadecimal digits of a hash
_MOST_NAMED = 3

Texts = Mapping[str, str]


def put_right(store: Store) -> tuple[str, ...]:
    """Write anew what differs from the copies of the store; returns sentences, none if everything was genuine."""
    if are_tried():
        return (TRYING,)
    if store.is_damaged:  # it can keep nothing, and says more important things
        return ()
    edited = [*_put_shipped_right(store), *_put_updates_right(store)]
    strange = _move_strange_away(store)
    edited += [] if edited or strange else _put_assembled_right(store)
    named = ", ".join(dict.fromkeys(edited[:_MOST_NAMED])) + ("…" if len(edited) > _MOST_NAMED else "")
    sentences = [f"Tệp quy định trên đĩa bị sửa hoặc hỏng ({named}): đã dùng lại bản gốc giữ trong kho."]
    foreign = f"Có tệp quy định chưa từng nhận qua chương trình ({', '.join(strange)}): đã để riêng, không dùng."
    return (*(sentences if edited else ()), *([foreign] if strange else ()))


def are_tried() -> bool:
    """Whether somebody tries rules of his own."""
    return bool(os.environ.get(ALLOWED))


def place_update(store: Store, half: Path) -> None:
    """Keep a copy of an update that lies beside its place, which is the act, and move it there.

    A power cut between the two leaves what `finish_halves` moves; a disk that refuses the move takes the act back.
    """
    update = installed.place_of(half)
    with store.together():
        _keep_copy(store, update.name, _texts(half))
        store.set_setting(_KNOWN, sorted({*(store.setting(_KNOWN) or ()), update.name}))
    try:
        installed.put_in_place(half)
    except KnownError:
        _forget(store, update.name)
        installed.clear(half)
        raise


def withdraw_update(store: Store, update: Path) -> None:
    """Set an update aside, forget its copy, which is the act, and delete it; nothing is left half here either."""
    half = installed.set_aside(update)
    try:
        _forget(store, update.name)
    except KnownError:
        installed.put_in_place(half)
        raise
    installed.clear(half)


def finish_halves(store: Store) -> bool:
    """Do the rest of an act with an update that was killed; returns whether the rules in force are others now.

    What this store knows and no longer or not yet has in its place is moved there; any other half was never in force.
    """
    if store.is_damaged:
        return False
    known, moved = set(store.setting(_KNOWN) or ()), False
    for half in installed.halves(store.folder):
        update = installed.place_of(half)
        if update.name in known and not update.exists() and _texts(half) == _copy(store, update.name):
            installed.put_in_place(half)
            moved = True
        installed.clear(half)
    return moved


def is_installed_program() -> bool:
    """Whether the shipped rules are those of an installed program; in a checkout they are there to be edited."""
    return bool(getattr(sys, "frozen", False))


def _forget(store: Store, name: str) -> None:
    with store.together():
        store.set_setting(_KNOWN, [known for known in store.setting(_KNOWN) or () if known != name])
        store.set_secret(f"{_SECRET}{name}", b"")


def _put_shipped_right(store: Store) -> list[str]:
    """Hold the shipped rules against those of the first opening with this version of the program."""
    if not is_installed_program():
        return []
    place, here = installed.own_base(store.folder), _texts(paths.forms())
    if store.setting(_SHIPPED) != kcdesk.__version__:
        shutil.rmtree(place, ignore_errors=True)
        with store.together():
            _keep_copy(store, _SHIPPED, here)
            store.set_setting(_SHIPPED, kcdesk.__version__)
        return []
    genuine = _copy(store, _SHIPPED)
    differing = _differing(here, genuine)
    if not differing:
        shutil.rmtree(place, ignore_errors=True)
        return []
    if _texts(place) == genuine:
        return []
    _write_anew(place, genuine)
    return differing


def _put_updates_right(store: Store) -> list[str]:
    folder = store.folder / installed.FOLDER
    if store.setting(_KNOWN) is None:  # a store of an earlier version: what it used until now
        with store.together():
            for update in installed.updates(store.folder):
                _keep_copy(store, update.name, _texts(update))
            store.set_setting(_KNOWN, [update.name for update in installed.updates(store.folder)])
        return []
    edited = []
    for name in store.setting(_KNOWN):
        genuine = _copy(store, name)
        if differing := _differing(_texts(folder / name), genuine):
            _write_anew(folder / name, genuine)
            edited += [file.removeprefix("files/") for file in differing]
    return edited


def _move_strange_away(store: Store) -> list[str]:
    """Rename updates that this store never took in."""
    known, strange = set(store.setting(_KNOWN)), []
    for update in installed.updates(store.folder):
        if update.name not in known:
            target = update.with_name(f"strange-{update.name}")
            shutil.rmtree(target, ignore_errors=True)
            placing.move(update, target)
            strange.append(update.name)
    return strange


def _put_assembled_right(store: Store) -> list[str]:
    """Hold the folder that the program reads against what it was when it was put together."""
    if not installed.updates(store.folder):
        return []
    made_from, kept = installed.made_from(store.folder), store.setting(_ASSEMBLED) or {}
    here = _sums(installed.folder_in_force(store.folder))
    if kept.get("made_from") == made_from and kept.get("files") == here:
        return []
    installed.put_together_anew(store.folder)
    genuine = _sums(installed.folder_in_force(store.folder))
    store.set_setting(_ASSEMBLED, {"made_from": installed.made_from(store.folder), "files": genuine})
    return sorted(name for name in here.keys() | genuine.keys() if here.get(name) != genuine.get(name))


def _sums(folder: Path) -> dict[str, str]:
    """The beginning of the SHA-256 of each definition in a folder."""
    return {name: hashlib.sha256(text.encode()).hexdigest()[:_SUM] for name, text in _texts(folder).items()}


def _texts(folder: Path) -> dict[str, str]:
    """The definitions in a folder by their relative names; a file that is no text differs from every text."""
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in (".toml", ".json") and path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", errors="replace") for path in files}


def _differing(here: Texts, genuine: Texts) -> list[str]:
    return sorted(name for name in here.keys() | genuine.keys() if here.get(name) != genuine.get(name))


def _write_anew(folder: Path, texts: Texts) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    installed.write_files(folder, {name: text.encode() for name, text in texts.items()})


def _keep_copy(store: Store, name: str, texts: Texts) -> None:
    store.set_secret(f"{_SECRET}{name}", zlib.compress(json.dumps(texts, ensure_ascii=False).encode()))


def _copy(store: Store, name: str) -> dict[str, str]:
    kept = store.secret(f"{_SECRET}{name}")
    return dict(json.loads(zlib.decompress(kept))) if kept else {}
