"""Whatever a command is given as a file or folder, and whatever reads its output: a sentence, and nothing is harmed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import uuid6

import kcdesk
from kcdesk.cli.given_paths import GivenPath
from kcdesk.cli.parser import commands
from kcdesk.cli.program import main
from kcdesk.services.records import changing
from tests.examples import one_of

ROOT = Path(kcdesk.__file__).parent.parent
ROOM = "o"  # the folder of odd things, below the test's own
SECONDS = 60  # after which a command counts as waiting for ever
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the odd things of other systems")


@pytest.fixture
def odd(tmp_path):
    """Everything that is no plain file, by what it is."""
    room = tmp_path / ROOM
    (room / "folder" / "inner").mkdir(parents=True)
    os.mkfifo(room / "pipe.xlsx")
    (room / "link.pdf").symlink_to("/dev/zero")
    (room / "loop.pdf").symlink_to(room / "loop.pdf")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(room / "socket.pdf"))
        yield {
            "a folder": room / "folder",
            "a pipe": room / "pipe.xlsx",
            "a link to a device": room / "link.pdf",
            "a link to itself": room / "loop.pdf",
            "a socket": room / "socket.pdf",
            "a full device": Path("/dev/full"),
            "an endless device": Path("/dev/zero"),
            "a name over the limit": room / ("d" * 300 + ".pdf"),
            "a path over the limit": Path("/" + "d/" * 3000 + "x.pdf"),
            "a name with an end inside": f"{room}/a\0b.pdf",
            "a name of no letters": os.fsdecode(bytes(room) + b"/\xff\xfe.pdf"),
            "a folder that is a file": Path("/etc/hostname/x.pdf"),
            "nothing": room / "nowhere" / "x.pdf",
        }


def named_files():
    """Every command of the parser with each of its arguments that name a file."""
    for name, arguments in commands().items():
        for flag, details in arguments:
            if details.get("type") is GivenPath:
                yield name, flag


@pytest.fixture
def ids(played):
    """What the commands need besides files: a dossier, a package, a vote, a plan."""
    workspace, journey = played
    made = {
        "product_vote": {"year": 2026, "level": "province"},
        "plan": {"year": 2027},
    }
    kinds = {kind: changing.add(workspace, kind, values).items[0].id for kind, values in made.items()}
    kinds["acceptance"] = workspace.store.page("acceptance", limit=1)[0].id
    package = next(entry.id for entry in workspace.store.packages.list())
    workspace.close()
    return journey, kinds, package


def line_of(name, tested, value, ids):
    """A command line in which every other argument is right, as far as the practice store can say."""
    _, kinds, package = ids
    right = {
        "id": kinds.get({"plan": "plan", "vote": "product_vote"}.get(name, "acceptance"), "x"),
        "package": package,
        "field": "photos",
        "--document": "minutes_5a",
        "kind": "acceptance",
        "act": {"plan": "workbook", "vote": "sheets"}.get(name, ""),
    }
    words = [name]
    for flag, details in commands()[name]:
        is_needed = details.get("required") or not (flag.startswith("-") or details.get("nargs") == "?")
        if flag == tested or is_needed:
            words += [*([flag] if flag.startswith("-") else []), str(value if flag == tested else right.get(flag, "x"))]
    return words


def test_every_command_takes_every_odd_file_with_a_sentence(odd, ids, tmp_path, capsys, monkeypatch):
    """Generated from the parser; a command that waits is stopped and fails the test."""
    store = ids[0].store
    monkeypatch.chdir(tmp_path)  # what a command writes beside the tested argument
    before = {what: kind_of(path) for what, path in odd.items()}
    asked = 0
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    for number, (name, flag) in enumerate(named_files()):
        for what, path in one_of(3, list(odd.items())[number % 3 :]):  # each thing at another third of the commands
            if name == "demo" or (name in ("restore", "backup", "salvage") and what == "nothing"):
                continue
            line = ["--store", str(store), *line_of(name, flag, path, ids)]
            capsys.readouterr()
            signal.alarm(SECONDS)
            try:
                code = main(line)
            except SystemExit as end:
                code = end.code
            finally:
                signal.alarm(0)
            printed = "".join(capsys.readouterr())
            assert code in (0, 1, 2), (line, code)
            assert "Traceback" not in printed, line
            assert printed.strip(), line
            if code == 0:
                assert what in ("a folder", "a name of no letters", "nothing"), (line, printed)
            asked += 1
    assert asked > 70
    assert {what: kind_of(path) for what, path in odd.items() if what != "a name of no letters"} == {
        what: kind for what, kind in before.items() if what != "a name of no letters"
    }


def kind_of(path):
    """What stands there: its type and device, "" for nothing."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return ""
    return status.st_mode & 0o170000, status.st_rdev


@pytest.mark.parametrize("what", ["a pipe", "a link to a device", "a name over the limit", "a name with an end inside"])
def test_a_store_and_rows_from_odd_files_are_refused(odd, ids, what, capsys):
    store, path = ids[0].store, odd[what]
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.alarm(SECONDS)
    try:
        for line in (["--store", str(path), "list", "task"], ["--store", str(store), "add", "task", f"title=@{path}"]):
            assert main(line) == 1
            assert "Traceback" not in capsys.readouterr().err
    finally:
        signal.alarm(0)


def test_every_argument_that_says_that_it_is_a_file_is_looked_at():
    marked = set(named_files())
    for name, arguments in commands().items():
        for flag, details in arguments:
            if any(mark in str(details.get("metavar", "")) for mark in ("TỆP", "THƯ_MỤC", "SAO_LƯU", "DIR")):
                assert (name, flag) in marked
    assert len(marked) > 15


# -- the output ------------------------------------------------------------------------------------------------------


def piped(store, line, output):
    """Run the program as a person does, its output going elsewhere; exit code and what the terminal shows."""
    command = f"{sys.executable} -m kcdesk --store '{store}' {line} {output}"
    run = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, cwd=ROOT, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return run.returncode, run.stderr


def test_a_closed_pipe_ends_quietly(ids):
    store = ids[0].store
    for line in ("list proposal --json --full", "--help", "show x"):
        code, terminal = piped(store, line, "2>/dev/null | true" if line == "show x" else "| true")
        assert terminal == "", line
        assert code in (0, 1)


def test_an_output_that_takes_nothing_is_said(ids):
    code, terminal = piped(ids[0].store, "list proposal", "> /dev/full")
    assert code == 1
    assert "không còn đủ chỗ" in terminal
    assert "Traceback" not in terminal


def test_a_long_name_that_the_system_takes_is_written(ids, tmp_path):
    """The mark of a file that is being written does not make a right name too long."""
    path = tmp_path / ("d" * 251 + ".pdf")
    journey, kinds, _ = ids
    line = ["--store", str(journey.store), "print", kinds["acceptance"], "--document", "minutes_5a", "--pdf", str(path)]
    assert main(line) == 0
    assert path.read_bytes().startswith(b"%PDF")
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []
    shutil.rmtree(journey.store)


def test_a_fault_of_the_program_is_a_sentence_and_its_traceback_a_file(ids, monkeypatch, capsys, caplog):
    """A library answers what no part of the program can expect."""
    monkeypatch.setattr(uuid6, "uuid7", lambda: int("no number"))
    assert main(["--store", str(ids[0].store), "add", "task", "title=Việc"]) == 1
    said = capsys.readouterr().err
    assert "lỗi không lường trước" in said
    assert "Traceback" not in said
    report = next(Path(word) for word in said.split() if word.endswith("kcdesk-loi.txt"))
    assert "ValueError" in report.read_text(encoding="utf-8")
    assert re.search(r"kcdesk/\w+/\S+\.py:\d+ \w+", report.read_text(encoding="utf-8"))
    assert "ValueError" in caplog.text
    caplog.clear()
