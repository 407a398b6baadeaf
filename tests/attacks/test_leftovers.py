"""Every byte that the program leaves on a machine is searched for the people in an encrypted store.

After a normal end, and after a kill in the middle of an act with one more start: home, temporary folders, settings,
log, the store and its backups. Only the exports that the officer asked for may name anybody.
"""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest

from kcdesk.text import fold
from tests.attacks.officer_acts import PLANTED, SECRET
from tests.attacks.traces import traces, variants
from tests.examples import chosen

ROOT = Path(__file__).parents[2]

WANTED = {name: variants(value) for name, value in PLANTED.items()}
WANTED["surname"] = variants("Hồng Nhường")


def environment(home: Path) -> dict[str, str]:
    folders = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"), str(home))
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(home / "tmp"))
    own = {"PYTHONPATH": str(ROOT), "KCDESK_PASSPHRASE": SECRET, "PYTHONUTF8": "1", "QT_QPA_PLATFORM": "offscreen"}
    return {**os.environ, **folders, **temporary, **own}


def played(home: Path, exports: Path, cut: str, acts: str = "officer_acts") -> int:
    """The acts of an officer in a process of its own; how it ended."""
    for folder in (home / "tmp", exports):
        folder.mkdir(parents=True)
    command = [sys.executable, "-m", f"tests.attacks.{acts}", str(home / "store"), str(exports), cut]
    done = subprocess.run(command, env=environment(home), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def started_again(home: Path) -> None:
    """The next command over the same store."""
    command = [sys.executable, "-m", "kcdesk", "--store", str(home / "store"), "list", "beneficiary", "--json"]
    done = subprocess.run(command, env=environment(home), cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
    assert PLANTED["name"] in done.stdout, "the data are there"


@pytest.mark.skipif(os.name != "posix", reason="kills by a signal")
@pytest.mark.parametrize("cut", chosen(("", "package"), ["", "end", "package"]))
def test_nothing_names_a_person(tmp_path, cut):
    home, exports = tmp_path / "home", tmp_path / "exports"
    assert played(home, exports, cut) == (-signal.SIGKILL if cut else 0)
    if cut:
        assert traces(home, WANTED), "a killed program leaves its copies, else this proves little"
        started_again(home)
    assert traces(home, WANTED) == []
    assert [path.name for path in exports.iterdir() if path.name.startswith(".")] == []
    if not cut:
        assert "list.xlsx: name" in traces(exports, WANTED), "else the search is blind"
        assert open_to_others(home) == []


@pytest.mark.skipif(os.name != "posix", reason="kills by a signal")
@pytest.mark.parametrize("ending", chosen(("word",), ["", "word"]))
def test_nothing_that_came_in_names_a_person(tmp_path, ending):
    """Invoices, cards, plates, ticked sheets, sheets, legal texts and own Word forms, with a worker that was killed."""
    home, exports = tmp_path / "home", tmp_path / "exports"
    assert played(home, exports, ending, "arriving_acts") == (-signal.SIGKILL if ending else 0)
    if ending:
        assert traces(home, WANTED), "a killed program leaves its copies, else this proves little"
        started_again(home)
    assert traces(home, WANTED) == []
    assert [path.name for path in exports.iterdir() if path.name.startswith(".")] == []
    assert "given.checked.xlsx: name" in traces(exports, WANTED), "else the search is blind"


def open_to_others(home: Path) -> list[str]:
    """What others of the machine may read: the folders protect what is below them."""
    own = [path for path in home.iterdir() if path.name not in ("tmp",)]
    return [str(path) for top in own for path in (top, *top.rglob("*")) if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_the_search_finds_what_is_planted(tmp_path):
    name = PLANTED["name"]
    with zipfile.ZipFile(tmp_path / "a.bin", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b", zlib.compress(unicodedata.normalize("NFD", name).upper().encode("utf-16-le") * 3))
    (tmp_path / fold(name)).write_bytes(b"")
    assert traces(tmp_path, WANTED) == [
        "a.bin: name",
        "a.bin: surname",
        f"{fold(name)}: name",
        f"{fold(name)}: surname",
    ]
