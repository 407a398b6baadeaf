"""Drives a built program as an officer does: `python .ci/bundle/drive.py dist/kcdesk`; three minutes.

It plays the whole `demo` with its pictures of the window, checks the store, inspects the package, reads a PDF in the
worker process, opens the window with a file, and asks whether the program without a console keeps its streams. The
command in KCDESK_RUNNER stands before each program: `wine`, where Windows programs are driven on Linux.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from kcdesk import __version__  # noqa: E402 - found by the line above

RUNNER = os.environ.get("KCDESK_RUNNER", "").split()
_LONGEST = 900  # seconds of one command
_PICTURES = 40  # of the window, at least
_OPENING = 90  # seconds until the window holds its store
PAPERS = ("minutes.pdf", "package.xlsx", "receipt.xlsx", "report.xlsx", "half-year.docx", "own-form-filled.docx")


def main(arguments: list[str]) -> int:
    """Drive the program in a folder; any fault ends with its reason."""
    program = Program(Path(arguments[0]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "thử nghiệm"
        out.mkdir()
        try:
            steps = (program.tells_its_version, program.plays, program.checks, program.inspects, program.reads)
            for step in (*steps, program.writes_a_calendar):
                begun = time.monotonic()
                step(out)
                print(f"{step.__name__.replace('_', ' ')}: {time.monotonic() - begun:.1f} s", flush=True)
            for step in (program.refuses_in_the_window, program.opens_the_window):
                step(out)
                print(step.__name__.replace("_", " "), flush=True)
        finally:
            if keep := os.environ.get("KCDESK_KEEP"):
                shutil.copytree(out / "demo" / "screens", keep, dirs_exist_ok=True)
    return 0


class Program:
    """The two programs of one folder."""

    def __init__(self, folder: Path) -> None:
        ending = ".exe" if (folder / "kcdesk.exe").exists() else ""
        self._window, self._commands = folder / f"kcdesk{ending}", folder / f"kcdesk-cli{ending}"
        self._environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "WINEDEBUG": "-all"}

    def run(self, *words: object) -> str:
        """Run a command; what it prints."""
        command = [*RUNNER, str(self._commands), *map(_named, words)]
        done = self._done(command)
        printed, complained = done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")
        assert done.returncode == 0, f"{' '.join(command)}: {done.returncode}\n{printed[-2000:]}\n{complained[-2000:]}"
        return printed

    def _done(self, command: list[str]) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end; it reads nothing, and Wine wants pipes."""
        nothing, pipe = subprocess.DEVNULL, subprocess.PIPE
        with subprocess.Popen(command, stdin=nothing, stdout=pipe, stderr=pipe, env=self._environment) as process:
            printed, complained = process.communicate(timeout=_LONGEST)
        return subprocess.CompletedProcess(command, process.returncode, printed, complained)

    def tells_its_version(self, _out: Path) -> None:
        """The frozen code is this code."""
        assert self.run("--version").strip() == f"kcdesk {__version__}"

    def plays(self, out: Path) -> None:
        """The whole demo, with papers, packages and pictures of the window."""
        self.run("demo", "--no-window", "--out", out / "demo")
        lacking = [name for name in PAPERS if not (out / "demo" / name).stat().st_size]
        pictures = list((out / "demo" / "screens").glob("*.png"))
        assert not lacking, lacking
        assert len(pictures) >= _PICTURES, len(pictures)

    def checks(self, out: Path) -> None:
        """The store of the demo is sound."""
        assert json.loads(self.run("--store", out / "demo" / "store", "--json", "check"))["sound"] is True

    def inspects(self, out: Path) -> None:
        """The package is genuine."""
        answer = json.loads(
            self.run("--store", out / "demo" / "store", "--json", "inspect", out / "demo" / "package.xlsx")
        )
        assert answer["status"] == "authentic", answer

    def writes_a_calendar(self, out: Path) -> None:
        """Deadlines as a calendar, with the time of Viet Nam."""
        self.run("--store", out / "demo" / "store", "deadlines", "--ics", out / "lich.ics")
        assert "BEGIN:VCALENDAR" in (out / "lich.ics").read_text("utf-8")

    def reads(self, out: Path) -> None:
        """A PDF, which the worker process opens."""
        paper = out / "demo" / "minutes.pdf"
        self.run("--store", out / "demo" / "store", "law-text", "TT 28/2018/TT-BTC", "--text", paper)
        hits = self.run("--store", out / "demo" / "store", "law-text", "--find", "biên bản")
        assert "28/2018" in hits, hits

    def refuses_in_the_window(self, out: Path) -> None:
        """The program without a console gives its exit code, and prints where somebody reads."""
        command = [*RUNNER, str(self._window), "--store", _named(out / "demo" / "store"), "--json", "check"]
        done = self._done(command)
        assert done.returncode == 0, done
        assert b'"sound": true' in done.stdout, done.stdout

    def opens_the_window(self, out: Path) -> None:
        """The window opens with a file given, and holds the store."""
        store = out / "demo" / "store"
        command = [*RUNNER, str(self._window), "--store", _named(store), "open", _named(out / "demo" / "receipt.xlsx")]
        pipe = subprocess.PIPE  # Wine wants pipes; nothing much is printed
        window = subprocess.Popen(command, env=self._environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)
        try:
            until = time.monotonic() + _OPENING
            while not self._is_open(store) and time.monotonic() < until:
                assert window.poll() is None, f"the window ended with {window.returncode}"
                time.sleep(1)
            assert self._is_open(store), "no window holds the store"
        finally:
            window.terminate()
            window.wait(60)

    def _is_open(self, store: Path) -> bool:
        command = [*RUNNER, str(self._commands), "--store", _named(store), "--json", "check"]
        done = self._done(command)
        return b'"in_use"' in done.stdout


def _named(word: object) -> str:
    """A word of a command; Wine sees the folders of Linux as a drive."""
    return f"Z:{word}".replace("/", "\\") if RUNNER and isinstance(word, Path) else str(word)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
