"""What the window takes in memory while an officer opens one dossier after another, in a process of its own."""

from __future__ import annotations

import gc
import json
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from kcdesk.app import Start
from kcdesk.demo import tour_store
from tests.bench.own_process import figures_of

AIM_MB = 200
AIM_IDLE_MB = 100  # of the first page
_ROUNDS = 5  # times that two dossiers of each kind are opened and left


def measure() -> dict[str, object]:
    """Resident megabytes with the first page, with all pages, after each round of dossiers, and the Python objects."""
    with tempfile.TemporaryDirectory() as folder:
        store = tour_store.make(Path(folder) / "store")  # here: making it loads what an officer's window does not
        return {"aim_mb": AIM_MB, "aim_idle_mb": AIM_IDLE_MB, **figures_of("tests.bench.window_memory", str(store))}


def _open_and_leave(store: Path) -> dict[str, object]:
    start = Start([])
    window = start.open(store)
    assert window is not None, "the store of the tour asks for nothing"
    window.resize(1366, 768)
    window.show()
    figures: dict[str, object] = {"first_page_mb": _resident()}
    for name in ("beneficiary", "proposal", "acceptance", "registers", "handoff", "reports", "settings", "overview"):
        window.go(name)
        _settle()
    figures["pages_mb"] = _resident()
    kept = window.context.workspace.store
    ids = [stored.id for kind in window.context.workspace.forms.kinds for stored in kept.page(kind, limit=2)]
    rounds, objects = [], []
    for _ in range(_ROUNDS):
        for id_ in ids:
            window.open_record(id_)
            _settle()
            window.back()
            _settle()
        rounds.append(_resident())
        objects.append(len(gc.get_objects()))
    start.close()
    return {**figures, "dossiers": len(ids), "rounds_mb": rounds, "objects": objects}


def _settle() -> None:
    for _ in range(4):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()


def _resident() -> int:
    _settle()
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    told = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return round(int(told.split()[1]) / 1024)


if __name__ == "__main__":
    print(json.dumps(_open_and_leave(Path(sys.argv[1]))))
