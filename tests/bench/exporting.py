"""What writing a package of 20,000 changed records costs, beside XlsxWriter in constant memory writing its cells."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

import xlsxwriter

from kcdesk.exchange.verification import opened_package
from kcdesk.exchange.workbook.cells import to_cell
from kcdesk.exchange.workbook.sheet_content import Content
from kcdesk.exchange.workbook.sheets import sheets
from kcdesk.exchange.workbook.titles import titles
from kcdesk.formdef.types.base import Cell
from kcdesk.services.handover.packages import sending
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import opening
from tests.bench import hand_off

AIM = 1.2

Rows = list[list[Cell]]


def measure() -> dict[str, object]:
    """Seconds of the processor for the whole package (gathered, signed, sealed, read back) and for its bare cells."""
    place = hand_off.folder()
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(place / "sender", Path(name) / "sender")
        workspace = opening.open_workspace(Path(name) / "sender")
        order = sending.HandoverOrder(path=Path(name) / "package.xlsx", full=True, period="2027")
        start, wall = os.times().user, time.perf_counter()
        sending.make(workspace, order)
        seconds, wall = os.times().user - start, time.perf_counter() - wall
        workspace.close()
        bare = _bare_cells(_cells(place), Path(name) / "bare.xlsx")
    return {
        "records": hand_off.RECORDS,
        "seconds": round(seconds, 1),
        "elapsed_seconds": round(wall, 1),
        "bare_cells_seconds": round(bare, 1),
        "ratio": round(seconds / bare, 2),
        "aim": AIM,
    }


def _cells(place: Path) -> list[Rows]:
    """What stands in the sheets of rows; a cell that is empty there is None."""
    workspace = opening.open_workspace(place / "receiver")
    with opened_package(place / "package.xlsx", "", partners.known_keys(workspace)) as package:
        content = Content(workspace.forms, package.entries, titles(workspace.store, package.entries))
        found = [[list(map(to_cell, sheet.cells(line))) for line in sheet.lines] for sheet in sheets(content)]
    workspace.close()
    return found


def _bare_cells(planned: list[Rows], path: Path) -> float:
    start = os.times().user
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for rows in planned:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif value is not None:
                    sheet.write_number(row, column, value)
    book.close()
    return os.times().user - start
