"""From the start of the process to a window that shows its first page, against an empty Qt window.

Measured are an installed program, whose modules are compiled, and one whose folder Python may not write to, so that it
compiles our modules at each start. The store has been opened before, at its place: it keeps its definitions, and
nothing is asked. A start that asks all the same, or takes too long, is ended and told.
"""

from __future__ import annotations

import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from subprocess import PIPE
from typing import NamedTuple

import kcdesk
from kcdesk.services.maintenance import opening, relocation
from tests.bench import big_store

_RUNS = 5
_LONGEST = 60  # seconds of one start
AIM_RATIO = 3.0

_EMPTY = """
import time
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.show()
application.processEvents()
print(time.process_time(), 0.0)
"""

PROGRAM = """
import os, sys, time
from pathlib import Path
from kcdesk.runtime import collector
with collector.at_rest():
    from kcdesk.app import Start
start = Start([])
from PySide6.QtCore import QTimer
def end_of_questions():
    asked = start.application.activeModalWidget()
    if asked is not None:
        print(f"the start asks: {asked.windowTitle()}", file=sys.stderr, flush=True)
        os._exit(3)
QTimer.singleShot(0, end_of_questions)
window = start.open(Path(sys.argv[1]))
window.show()
start.application.processEvents()
assert window.isVisible()
usable = time.process_time(), time.perf_counter()
print(usable[0], end=" ", flush=True)
while window.page.questions.are_open:
    start.application.processEvents()
print(time.perf_counter() - usable[1])
start.close()
"""


class NoStartError(Exception):
    """A start that came to no window, with what it said."""


class _Start(NamedTuple):
    """Seconds of one start: on the clock, of the processor, and from the window to a page with all its figures."""

    elapsed: float
    processor: float
    filled_after: float


def measure() -> dict[str, object]:
    """Median seconds in turn, and their ratios to an empty window; of the processor where others use the machine."""
    store = str(settled(big_store.folder()))
    with tempfile.TemporaryDirectory() as folder:
        installed = _copied(Path(folder))
        _run(PROGRAM, store, installed)  # the store keeps the definitions
        uncompiled = [_run(PROGRAM, store, installed) for _ in range(_RUNS)]
        compileall.compile_dir(installed / "kcdesk", quiet=1)
        empty, ours = [], []
        for _ in range(_RUNS):
            empty.append(_run(_EMPTY, store, installed))
            ours.append(_run(PROGRAM, store, installed))
    return {
        "installed_s": _median(ours, "elapsed"),
        "empty_window_s": _median(empty, "elapsed"),
        "ratio": round(_median(ours, "elapsed") / _median(empty, "elapsed"), 2),
        "processor_ratio": round(_median(ours, "processor") / _median(empty, "processor"), 2),
        "without_bytecode_ratio": round(_median(uncompiled, "elapsed") / _median(empty, "elapsed"), 2),
        "page_filled_after_s": _median(ours, "filled_after"),
        "aim": AIM_RATIO,
    }


def settled(folder: Path) -> Path:
    """The folder of a store of which no start asks where it comes from, as after another program opened it."""
    workspace = opening.open_workspace(folder)
    try:
        if suspicion := relocation.doubt(workspace):
            relocation.settle(workspace, suspicion, relocation.possible_answers(suspicion)[0])
    finally:
        workspace.close()
    return folder


def _copied(folder: Path) -> Path:
    """A copy of the program without bytecode."""
    package = Path(kcdesk.__file__).parent
    for part in ("kcdesk", "forms", "resources"):
        shutil.copytree(package.parent / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def _run(program: str, store: str, installed: Path) -> _Start:
    own = {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, **own}
    return timed([sys.executable, "-c", program, store], environment, installed)


def timed(command: list[str], environment: dict[str, str], folder: Path, longest: float = _LONGEST) -> _Start:
    """One start; NoStartError if it ends without a window, because it asks something or takes `longest` seconds."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, env=environment, cwd=folder) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        limit = threading.Timer(longest, process.kill)
        limit.start()
        try:
            first = process.stdout.read(1)
            elapsed = time.perf_counter() - began
            figures = (first + process.stdout.readline()).split()
        finally:
            limit.cancel()
        if len(figures) < len(("processor", "filled_after")):
            said = process.stderr.read().strip()
            raise NoStartError(said or f"no window after {longest:g} seconds")
        return _Start(elapsed, *map(float, figures))


def _median(starts: list[_Start], figure: str) -> float:
    figures: list[float] = [getattr(start, figure) for start in starts]
    return round(statistics.median(figures), 3)
