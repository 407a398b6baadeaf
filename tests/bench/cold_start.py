"""From the start of the process to a window that shows its first page, against an empty Qt window.

Measured are an installed program, whose modules are compiled, and one whose folder Python may not write to, so that it
compiles our modules at each start. The store has been opened before: it keeps its definitions.
"""

from __future__ import annotations

import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import kcdesk
from tests.bench import big_store

_RUNS = 5
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

_KCDESK = """
import sys, time
from pathlib import Path
from kcdesk.runtime import collector
with collector.at_rest():
    from kcdesk.app import Start
start = Start([])
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


class _Start(NamedTuple):
    """Seconds of one start: on the clock, of the processor, and from the window to a page with all its figures."""

    elapsed: float
    processor: float
    filled_after: float


def measure() -> dict[str, object]:
    """Median seconds in turn, and their ratios to an empty window; of the processor where others use the machine."""
    store = str(big_store.folder())
    with tempfile.TemporaryDirectory() as folder:
        installed = _copied(Path(folder))
        _run(_KCDESK, store, installed)  # the store keeps the definitions
        uncompiled = [_run(_KCDESK, store, installed) for _ in range(_RUNS)]
        compileall.compile_dir(installed / "kcdesk", quiet=1)
        empty, ours = [], []
        for _ in range(_RUNS):
            empty.append(_run(_EMPTY, store, installed))
            ours.append(_run(_KCDESK, store, installed))
    return {
        "installed_s": _median(ours, "elapsed"),
        "empty_window_s": _median(empty, "elapsed"),
        "ratio": round(_median(ours, "elapsed") / _median(empty, "elapsed"), 2),
        "processor_ratio": round(_median(ours, "processor") / _median(empty, "processor"), 2),
        "without_bytecode_ratio": round(_median(uncompiled, "elapsed") / _median(empty, "elapsed"), 2),
        "page_filled_after_s": _median(ours, "filled_after"),
        "aim": AIM_RATIO,
    }


def _copied(folder: Path) -> Path:
    """A copy of the program without bytecode."""
    package = Path(kcdesk.__file__).parent
    for part in ("kcdesk", "forms", "resources"):
        shutil.copytree(package.parent / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def _run(program: str, store: str, installed: Path) -> _Start:
    own = {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, **own}
    command = [sys.executable, "-c", program, store]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=installed) as process:
        assert process.stdout is not None
        first = process.stdout.read(1)
        elapsed = time.perf_counter() - began
        processor, filled_after = (first + process.stdout.readline()).split()
        return _Start(elapsed, float(processor), float(filled_after))


def _median(starts: list[_Start], figure: str) -> float:
    figures: list[float] = [getattr(start, figure) for start in starts]
    return round(statistics.median(figures), 3)
