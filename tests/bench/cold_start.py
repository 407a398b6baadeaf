"""From the start of the process to a window that shows its first list, against an empty Qt window."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from tests.bench import big_store

_RUNS = 5
AIM_RATIO = 3.0

_EMPTY = """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.show()
application.processEvents()
print("usable", flush=True)
"""

_KCDESK = """
import sys
from pathlib import Path
from kcdesk.app import Start
start = Start([])
window = start.open(Path(sys.argv[1]))
window.show()
start.application.processEvents()
assert window.isVisible()
print("usable", flush=True)
start.close()
"""


def measure() -> dict[str, object]:
    """Median seconds of both, in turn, and their ratio."""
    store = str(big_store.folder())
    empty, ours = [], []
    for _ in range(_RUNS):
        empty.append(_run(_EMPTY))
        ours.append(_run(_KCDESK, store))
    ratio = statistics.median(ours) / statistics.median(empty)
    return {
        "kcdesk_s": round(statistics.median(ours), 3),
        "empty_window_s": round(statistics.median(empty), 3),
        "ratio": round(ratio, 2),
        "aim": AIM_RATIO,
    }


def _run(program: str, *arguments: str) -> float:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    start = time.perf_counter()
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "usable\n", "the window did not come"
        return time.perf_counter() - start
