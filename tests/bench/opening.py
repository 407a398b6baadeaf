"""Opening a dossier, «Lập mới» and another theme in the window, against a plain form of as many inputs in the same run.

All times are those of the processor, so that a busy machine changes them less. The first opening of a process is told
apart: it imports what prints and reads the layouts of papers. `warm_…` ends when the first fields are seen, `whole_…`
when the fields below them are built too, which otherwise happens in the pauses of the window.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QFormLayout, QLabel, QLineEdit, QScrollArea, QWidget

from kcdesk.app import Start
from kcdesk.demo import tour_store
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.window.main_window import MainWindow
from tests.bench.own_process import figures_of

AIM_MS = {"warm": 50, "first": 250, "new": 300, "theme": 300}
_KINDS = ("beneficiary", "proposal", "contract", "acceptance")
_ROUNDS = 3
_INPUTS = 100  # of the plain form


def measure() -> dict[str, object]:
    """Milliseconds of the first opening, of later ones by kind, of «Lập mới», of a theme; ratios to a plain form."""
    with tempfile.TemporaryDirectory() as folder:
        return {"aim_ms": AIM_MS, **figures_of("tests.bench.opening", folder)}


def _in_process(folder: Path) -> dict[str, object]:
    store = tour_store.make(folder / "store")
    start = Start([])
    window = start.open(store)
    assert window is not None, "the store of the tour asks for nothing"
    window.resize(1366, 768)
    window.show()
    window.go("proposal")
    _settle()
    kept = window.context.workspace.store
    ids = {kind: [stored.id for stored in kept.page(kind, limit=4)] for kind in _KINDS}
    figures = {"first": _opened(window, ids["proposal"][0])}
    for kind, records in ids.items():
        _opened(window, records[0])
        figures[f"warm_{kind}"] = _median(_opened(window, id_) for _ in range(_ROUNDS) for id_ in records)
        figures[f"whole_{kind}"] = _median(_opened(window, id_, whole=True) for _ in range(_ROUNDS) for id_ in records)
    figures["new"] = _median(_begun(window) for _ in range(_ROUNDS))
    figures["theme"] = _median(_timed(partial(window.context.theme.choose, name)) for name in ("dark", "light"))
    plain = _median(_timed(_plain_form) for _ in range(_ROUNDS))
    start.close()
    ratios = {f"{name}_ratio": round(taken / plain, 2) for name, taken in figures.items()}
    return {**{name: round(taken) for name, taken in figures.items()}, "plain": round(plain), **ratios}


def _opened(window: MainWindow, id_: str, *, whole: bool = False) -> float:
    """The milliseconds until the dossier stands on the screen, or until all of it does; it is left again."""

    def open_it() -> None:
        page = window.open_record(id_)
        assert isinstance(page, DossierPage), "every record of the tour opens"
        if whole:
            page.complete()

    taken = _timed(open_it)
    window.back()
    _settle()
    return taken


def _begun(window: MainWindow) -> float:
    taken = _timed(window.begin_new)
    window.back()
    _settle()
    return taken


def _plain_form() -> None:
    area, form = QScrollArea(), QWidget()
    lines = QFormLayout(form)
    for number in range(_INPUTS):
        lines.addRow(QLabel(f"Ô số {number}"), QLineEdit(str(number)))
    area.setWidget(form)
    area.show()
    _settle()
    area.deleteLater()
    _settle()


def _timed(act: Callable[[], object]) -> float:
    """The milliseconds of the processor until an act is done and drawn."""
    begun = time.process_time()
    act()
    QApplication.processEvents()
    return 1000 * (time.process_time() - begun)


def _median(taken: Iterable[float]) -> float:
    return statistics.median(taken)


def _settle() -> None:
    for _ in range(4):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()


if __name__ == "__main__":
    print(json.dumps(_in_process(Path(sys.argv[1]))))
