"""Every byte that the program leaves on a machine is searched for the people in an encrypted store.

After a normal end, and after a kill in the middle of an act with one more start: home, temporary folders, settings,
log, the store and its backups. Only the exports that the officer asked for may name anybody.
"""

from __future__ import annotations

import io
import os
import signal
import stat
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kcdesk.text import fold
from tests.attacks.officer_acts import PLANTED, SECRET

ROOT = Path(__file__).parents[2]
_STREAMS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


def variants(value: str) -> set[bytes]:
    """How a text may lie in a file."""
    forms = {unicodedata.normalize(form, value) for form in ("NFC", "NFD", "NFKD")}
    forms |= {fold(value), fold(value).replace(" ", "-"), value.replace(" ", "")}
    spelled = {change(form) for form in forms for change in (str, str.lower, str.upper, str.casefold)}
    plain = {form.encode(coding) for form in spelled for coding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")}
    references = {form.encode("ascii", "xmlcharrefreplace") for form in spelled}  # as openpyxl writes
    return plain | references | {form.encode("unicode_escape") for form in spelled}


WANTED = {name: variants(value) for name, value in PLANTED.items()}
WANTED["surname"] = variants("Hồng Nhường")


def contents(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes, and what is packed in them."""
    yield data
    if depth > 3:
        return
    if data.find(b"PK\x03\x04") >= 0 and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.namelist():
                yield from contents(archive.read(part), depth + 1)
    for head in _STREAMS:
        place = data.find(head)
        while place >= 0:
            unpacker = zlib.decompressobj()
            try:
                unpacked = unpacker.decompress(data[place : place + (1 << 20)], 1 << 22)
            except zlib.error:
                unpacked = b""
            if len(unpacked) > 16:
                yield from contents(unpacked, depth + 1)
            place = data.find(head, place + 1)


def traces(home: Path) -> list[str]:
    """Which file of a home says what of whom."""
    left = []
    for path in sorted(home.rglob("*")):
        pieces = [str(path.relative_to(home)).encode(), *(contents(path.read_bytes()) if path.is_file() else ())]
        left += [
            f"{path.relative_to(home)}: {name}"
            for name, spellings in WANTED.items()
            if any(spelling in piece for piece in pieces for spelling in spellings)
        ]
    return left


def environment(home: Path) -> dict[str, str]:
    folders = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"), str(home))
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(home / "tmp"))
    own = {"PYTHONPATH": str(ROOT), "KCDESK_PASSPHRASE": SECRET, "PYTHONUTF8": "1", "QT_QPA_PLATFORM": "offscreen"}
    return {**os.environ, **folders, **temporary, **own}


def played(home: Path, exports: Path, chosen: str) -> int:
    """The acts of an officer in a process of its own; how it ended."""
    for folder in (home / "tmp", exports):
        folder.mkdir(parents=True)
    command = [sys.executable, "-m", "tests.attacks.officer_acts", str(home / "store"), str(exports), chosen]
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
@pytest.mark.parametrize("chosen", ["", "end", "package"])
def test_nothing_names_a_person(tmp_path, chosen):
    home, exports = tmp_path / "home", tmp_path / "exports"
    assert played(home, exports, chosen) == (-signal.SIGKILL if chosen else 0)
    if chosen:
        assert traces(home), "a killed program leaves its copies, else this proves little"
        started_again(home)
    assert traces(home) == []
    assert [path.name for path in exports.iterdir() if path.name.startswith(".")] == []
    if not chosen:
        assert "list.xlsx: name" in traces(exports), "else the search is blind"
        assert open_to_others(home) == []


def open_to_others(home: Path) -> list[str]:
    """What others of the machine may read: the folders protect what is below them."""
    own = [path for path in home.iterdir() if path.name not in ("tmp",)]
    return [str(path) for top in own for path in (top, *top.rglob("*")) if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_the_search_finds_what_is_planted(tmp_path):
    name = PLANTED["name"]
    with zipfile.ZipFile(tmp_path / "a.bin", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b", zlib.compress(unicodedata.normalize("NFD", name).upper().encode("utf-16-le") * 3))
    (tmp_path / fold(name)).write_bytes(b"")
    assert traces(tmp_path) == ["a.bin: name", "a.bin: surname", f"{fold(name)}: name", f"{fold(name)}: surname"]
