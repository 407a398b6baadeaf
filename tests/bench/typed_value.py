"""How far one edited cell of a budget goes: from the key that leaves the cell to the screen."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kcdesk.app import build_window
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing
from kcdesk.settings import Settings
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.form.table_editor import TableEditor
from kcdesk.ui.toolkit.theme import Theme

ROWS = 8
TIMES = 15
_BUDGET = [
    {"item": f"Máy {n}", "quantity": 1, "cost": 100_000_000 + n, "local": 40_000_000, "counterpart": 60_000_000}
    for n in range(ROWS)
]
_PROPOSAL = {"title": "Máy cưa", "year": 2026, "programme": "local", "scheme": "single", "activity": "machinery"}


def measure() -> dict[str, object]:
    """Files entered, calls made and milliseconds taken once Enter leaves a cell whose amount was changed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as name:
        answers = opening.NewStore(
            unit="Đơn vị", code="TT", level="lower", province="Cần Thơ", officer="A", practice=True
        )
        workspace, _ = opening.create_workspace(Path(name) / "store", answers)
        id_ = changing.add(workspace, "proposal", {**_PROPOSAL, "budget": _BUDGET}).items[0].id
        window = build_window(workspace, Settings(), Theme(application, "light"))
        window.resize(1366, 768)
        window.show()
        window.open_record(id_)
        application.processEvents()
        page = window.page
        assert isinstance(page, DossierPage)
        page.focus_field("budget")
        table = page.findChild(TableEditor, "proposal.budget")
        assert isinstance(table, TableEditor)
        seconds = sorted(_leave(_type(table, 120_000_000 + number)) for number in range(TIMES))
        files, calls = _traced(_type(table, 130_000_000))
        window.close()
        window.context.worker.close()
        workspace.close()
    return {"files": files, "calls": calls, "ms": round(1000 * seconds[TIMES // 2], 1)}


def _type(table: TableEditor, amount: int) -> QWidget:
    """Type an amount into the first cell of costs; the open editor."""
    column = [column.name for column in table.model.columns].index("cost")
    cell = table.model.index(0, column)
    table.view.setCurrentIndex(cell)
    table.view.setFocus()
    table.view.edit(cell)
    QApplication.processEvents()
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, str(amount))
    return editor


def _leave(editor: QWidget) -> float:
    start = time.perf_counter()
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    return time.perf_counter() - start


def _traced(editor: QWidget) -> tuple[int, int]:
    """How many files of the program are entered, and how many of its functions are called."""
    calls: dict[str, int] = {}

    def count(frame: FrameType, event: str, _argument: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and f"{os.sep}kcdesk{os.sep}" in name:
            calls[name] = calls.get(name, 0) + 1

    sys.setprofile(count)
    try:
        _leave(editor)
    finally:
        sys.setprofile(None)
    return len(calls), sum(calls.values())
