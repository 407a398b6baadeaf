"""Temporary files: in one private folder, with names that tell nothing, swept whatever happens."""

from __future__ import annotations

import ast
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kcdesk
from kcdesk import paths, placing
from kcdesk.cli.program import main
from kcdesk.temporary import private_files
from tests.sources import modules_with

ROOT = Path(kcdesk.__file__).parent
HOLDING = """
import sys
from kcdesk.temporary import private_files
with private_files.begun():
    path = private_files.new_file(".txt")
    path.write_text("Nguyễn Văn An")
    print(path, flush=True)
    sys.stdin.readline()
"""


def holding() -> tuple[subprocess.Popen[str], Path]:
    """Another process with a temporary file, which it tells."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT.parent), "PYTHONUTF8": "1"},
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=30)


def left() -> list[Path]:
    return [path for path in paths.temporary_root().rglob("*") if path.is_file() and path.name != "lock"]


def test_no_other_module_makes_temporary_files():
    makers = {"tempfile", "QTemporaryFile", "QTemporaryDir", "mkdtemp", "mkstemp", "gettempdir"}
    guilty = []
    for path, tree in modules_with("|".join(makers)):
        named = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        named |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        guilty += [path.name] if named & makers and path.name != "private_files.py" else []
    assert guilty == []


def test_what_a_running_program_holds_stays_and_what_a_killed_one_held_goes():
    running, kept = holding()
    killed, lost = holding()
    assert kept.is_file()
    assert lost.is_file()
    killed.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    killed.communicate()
    assert lost.is_file()
    with private_files.begun():
        assert not lost.exists()
        assert kept.is_file()
    end(running)
    assert left() == []


def test_a_command_leaves_nothing_and_gives_the_environment_back(capsys):
    before = (dict(os.environ), tempfile.gettempdir())
    assert main(["help"]) == 0
    assert (dict(os.environ), tempfile.gettempdir()) == before
    assert capsys.readouterr().out
    assert left() == []


def test_libraries_and_other_programs_get_their_own_places():
    usual = tempfile.gettempdir()
    with private_files.begun():
        own = private_files.new_folder().parent
        assert os.environ["TMPDIR"] == tempfile.gettempdir() == str(own)
        with private_files.outside():
            assert tempfile.gettempdir() == usual
        with tempfile.NamedTemporaryFile() as file:
            assert Path(file.name).parent == own


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_what_the_program_writes_is_its_owners(tmp_path):
    with private_files.begun():
        file = private_files.new_file(".pdf")
        file.write_bytes(b"x")
        placing.save(b"x", tmp_path / "export.xlsx")
        written = [file, *file.parents[:2], tmp_path / "export.xlsx", paths.temporary_root()]
        assert [stat.S_IMODE(path.stat().st_mode) & 0o077 for path in written] == [0] * 5


def test_a_half_written_export_is_deleted_at_the_next_start(tmp_path):
    target = tmp_path / "Nguyễn Văn An.xlsx"
    program = (
        "import os, sys; from pathlib import Path\n"
        "from kcdesk import placing; from kcdesk.temporary import private_files\n"
        "def fill(file): file.write(b'half'); file.flush(); os.kill(os.getpid(), 9)\n"
        "with private_files.begun(): placing.place(Path(sys.argv[1]), fill, lambda path: None)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT.parent)}
    subprocess.run([sys.executable, "-c", program, str(target)], env=environment, check=False)
    assert [path.name.startswith(f".{target.name}.") for path in tmp_path.iterdir()] == [True]
    with private_files.begun():
        assert list(tmp_path.iterdir()) == []
    assert left() == []


def test_leftovers_of_earlier_versions_go_after_a_day(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, young, strange = (tmp_path / name for name in ("kcdesk-ab12_3cd", "kcdesk-ab12_3ce", "kcdesk-data-of-mine"))
    for folder in (old, young, strange):
        folder.mkdir()
        (folder / "quyet-dinh.pdf").write_bytes(b"x")
    for folder in (old, strange):
        os.utime(folder, (time.time() - 90_000,) * 2)
    with private_files.begun():
        assert sorted(path.name for path in tmp_path.iterdir()) == [young.name, strange.name]


def test_read_only_files_and_links_are_no_obstacle(tmp_path):
    outside = tmp_path / "mine.txt"
    outside.write_text("mine", encoding="utf-8")
    with private_files.folder() as folder:
        (folder / "a").mkdir()
        (folder / "a" / "tep.docx").write_bytes(b"x")
        (folder / "a" / "tep.docx").chmod(0o400)
        (folder / "a").chmod(0o700)
        if os.name == "posix":
            (folder / "link").symlink_to(outside)
            outside.chmod(0o400)
    assert not folder.exists()
    assert outside.read_text(encoding="utf-8") == "mine"
    assert os.name != "posix" or stat.S_IMODE(outside.stat().st_mode) == 0o400


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks at open files")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux shows files without a name")
def test_large_bytes_lie_encrypted():
    secret = "Nguyễn Văn An 012345678901".encode()
    with private_files.spool(100) as spool:
        spool.write(secret * 1000)
        spool.flush()
        files = held_files()
        assert files
        content = b"".join(path.read_bytes() for path in files)
        assert len(content) == len(secret) * 1000
        assert secret[:12] not in content
        spool.seek(0)
        assert spool.read() == secret * 1000


def held_files() -> list[Path]:
    """The nameless files in the private folder, as Linux shows them."""
    held = []
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            name = str(path.readlink())
            held += [path] if str(paths.temporary_root()) in name and "deleted" in name else []
    return held


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.binary(max_size=80)),
        st.tuples(st.just("seek"), st.integers(0, 200)),
        st.tuples(st.just("read"), st.integers(0, 80)),
        st.tuples(st.just("truncate"), st.integers(0, 200)),
    ),
    max_size=20,
)


@given(ACTS)
def test_a_spool_reads_as_a_file_does(acts):
    with tempfile.TemporaryFile() as file, private_files.spool(20) as spool:
        for act, argument in acts:
            if act == "truncate":  # where `tell` is afterwards, BytesIO and files do not agree
                argument = min(argument, file.seek(0, os.SEEK_END))
                spool.seek(0, os.SEEK_END)
            assert getattr(spool, act)(argument) == getattr(file, act)(argument)
            assert spool.tell() == file.tell()
        file.seek(0)
        spool.seek(0)
        assert spool.read() == file.read()


def test_a_zip_in_a_spool_is_whole():
    with private_files.spool(1000) as spool:
        with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(50):
                archive.writestr(f"{number}.bin", os.urandom(1000))
        with zipfile.ZipFile(spool) as archive:
            assert archive.testzip() is None
            assert len(archive.namelist()) == 50
