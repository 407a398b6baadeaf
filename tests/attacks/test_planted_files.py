"""Pipes, devices, folders, endless files in place of the files of a store: told at once, nothing waits or fills up."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kcdesk import log, placing
from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import opening, relocation
from kcdesk.services.records import changing
from tests.attacks.test_older_stores import SECRET, made

COPY = "2026-01-01_00-00-00"
LONGEST = 60  # seconds; each is told in less than two

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only there anybody can make pipes and devices")
KINDS: dict[str, Callable[[Path], object]] = {
    "pipe": lambda path: os.mkfifo(path),  # asked for when called: Windows has none, and reads this module too
    "device": lambda path: path.symlink_to("/dev/zero"),
    "folder": lambda path: path.mkdir(),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encrypted store with a copy."""
    folder = made(tmp_path_factory.mktemp("stores") / "store")
    workspace = opening.open_workspace(folder, SECRET)
    workspace.store.backup().rename(folder / "backups" / COPY)
    workspace.close()
    return folder


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Path]:
    """The store, and somebody who ends whatever waits for a pipe."""
    folder = Path(shutil.copytree(template, tmp_path / "store"))
    ended = threading.Timer(LONGEST, lambda: os._exit(1))
    ended.start()
    yield folder
    ended.cancel()


def work(folder: Path) -> str:
    """Open the store, work in it and copy it; the code of a refusal, "" if there was none."""
    try:
        workspace = opening.open_workspace(folder, SECRET)
        try:
            relocation.doubt(workspace)
            changing.add(workspace, "task", {"title": "Hai"})
            workspace.store.copies.listed()
            workspace.store.backup()
        finally:
            workspace.close()
    except KcdeskError as error:
        return error.code
    return ""


def plant(path: Path, kind: str) -> None:
    if path.is_file():
        path.unlink()
    path.parent.mkdir(exist_ok=True)
    KINDS[kind](path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["kcdesk.db-wal", "kcdesk.db-shm", "kcdesk.db-journal", "files.db", "lock"])
def test_what_sqlite_would_open_is_refused(store: Path, name: str, kind: str) -> None:
    before = (store / "kcdesk.db").read_bytes()
    plant(store / name, kind)
    assert work(store) == "odd_part"
    assert (store / "kcdesk.db").read_bytes() == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("key.json", "key_damaged"),
        ("kcdesk.anchor", ""),
        ("restore.ready/parts.json", ""),
        (f"backups/{COPY}/copy.json", ""),
        (f"backups/{COPY}/proof.json", ""),
    ],
)
def test_a_small_file_is_damaged_or_says_nothing(store: Path, name: str, code: str, kind: str) -> None:
    plant(store / name, kind)
    is_link = (store / name).is_symlink() and "/" not in name  # refused before anything is read
    assert work(store) == ("odd_part" if is_link else code)


def test_an_endless_file_is_no_log_and_is_not_copied(store: Path) -> None:
    log = store / "kcdesk.db-wal"
    log.touch()
    os.truncate(log, 1 << 40)
    try:
        assert work(store) == ""
    finally:
        for left in (log, *store.glob("backups/tep-la_*/kcdesk.db-wal")):
            left.unlink(missing_ok=True)


@pytest.mark.parametrize("kind", ["pipe", "device", "endless"])
def test_what_is_no_rule_goes_into_no_copy(store: Path, kind: str) -> None:
    planted = store / "rules" / "left" / "x.toml"
    planted.parent.mkdir(parents=True)
    if kind == "endless":
        planted.touch()
        os.truncate(planted, 1 << 40)
    else:
        KINDS[kind](planted)
    assert work(store) == ""
    assert list(store.glob("backups/*/rules/left/*")) == []


LINKED = ["backups", "rules", "restore.new", "restore.ready", "kcdesk.db", "key.json", "kcdesk.anchor", "backups/pages"]


@pytest.mark.parametrize("name", LINKED)
def test_what_leads_elsewhere_is_not_followed(store: Path, name: str, tmp_path: Path) -> None:
    """A link in place of a part: copies would be written and thinned in another store, or its key be used."""
    elsewhere = tmp_path / "elsewhere"
    if (store / name).exists():
        (store / name).rename(elsewhere)
    else:
        elsewhere.mkdir()
    (store / name).symlink_to(elsewhere)
    before = content_of(elsewhere)
    assert work(store) == "odd_part"
    assert content_of(elsewhere) == before


def test_a_copy_that_leads_elsewhere_is_no_copy(store: Path, tmp_path: Path) -> None:
    """Thinning would remove the copy of somebody else."""
    (store / "backups" / COPY).rename(tmp_path / COPY)
    (store / "backups" / COPY).symlink_to(tmp_path / COPY)
    assert work(store) == ""
    workspace = opening.open_workspace(store, SECRET)
    assert COPY not in [copy.folder.name for copy in workspace.store.copies.listed()]
    workspace.close()


@pytest.mark.parametrize("write", [placing.save, lambda data, path: placing.keep_own(path, data)], ids=["file", "own"])
def test_a_link_in_place_of_a_half_file_destroys_nothing(tmp_path: Path, write: Callable[[bytes, Path], None]) -> None:
    """On a stick that somebody else has prepared, or in the folder of the store."""
    victim, wanted = tmp_path / "victim", tmp_path / "package.xlsx"
    victim.write_bytes(b"mine")
    for name in (".package.xlsx.kcdesk-part", "package.xlsx.new"):
        (tmp_path / name).symlink_to(victim)
    write(b"new", wanted)
    assert wanted.read_bytes() == b"new"
    assert not wanted.is_symlink()
    assert victim.read_bytes() == b"mine"


def test_the_log_is_not_written_through_a_link(store: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"mine")
    (store / log.FILE_NAME).unlink(missing_ok=True)
    (store / log.FILE_NAME).symlink_to(tmp_path / "victim")
    assert log.to_file(store) is None
    assert (tmp_path / "victim").read_bytes() == b"mine"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [log.FILE_NAME, f"{log.FILE_NAME}.1"])
def test_what_is_no_log_keeps_nobody_waiting(store: Path, name: str, kind: str) -> None:
    plant(store / name, kind)
    log.stop(log.to_file(store))
    assert (store / name).exists()


def content_of(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else path.rglob("*")
    return {str(file): file.read_bytes() for file in files if file.is_file()}
