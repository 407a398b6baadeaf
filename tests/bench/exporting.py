"""What writing a package of 20,000 changed records costs, beside openpyxl writing the same cells in write-only mode."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook, load_workbook

from kcdesk.services import handoff, setup
from tests.bench import hand_off

AIM = 1.5  # times the bare cells by XlsxWriter's constant-memory mode, which takes three quarters of openpyxl's time


def measure() -> dict[str, object]:
    """Seconds for the whole package (signed, sealed, read back) and for its bare cells."""
    place = hand_off.folder()
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(place / "sender", Path(name) / "sender")
        workspace = setup.open_workspace(Path(name) / "sender")
        start = time.perf_counter()
        handoff.make(workspace, handoff.Order(path=Path(name) / "package.xlsx", full=True, period="2027"))
        seconds = time.perf_counter() - start
        workspace.close()
        bare = _bare_cells(place / "package.xlsx", Path(name) / "bare.xlsx")
    return {
        "records": hand_off.RECORDS,
        "seconds": round(seconds, 1),
        "bare_cells_seconds": round(bare, 1),
        "ratio": round(seconds / bare, 2),
        "aim": AIM,
    }


def _bare_cells(package: Path, path: Path) -> float:
    sheets = [list(sheet.values) for sheet in load_workbook(package, read_only=True)]
    start = time.perf_counter()
    book = Workbook(write_only=True)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)
    return time.perf_counter() - start
