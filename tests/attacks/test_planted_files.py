"""Pipes, devices, folders, endless files in place of the files of a store: told at once, nothing waits or fills up."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import opening, relocation
from kcdesk.services.records import changing
from tests.attacks.test_older_stores import SECRET, made

COPY = "2026-01-01_00-00-00"
LONGEST = 60  # seconds; each is told in less than two

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only there anybody can make pipes and devices")
KINDS: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
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
    assert work(store) == code


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
