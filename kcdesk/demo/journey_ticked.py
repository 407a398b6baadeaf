"""The step of the demo in which a checklist ticked by hand comes in: printed, ticked, scanned, read, agreed to."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from kcdesk.services.papers import printing
from kcdesk.services.papers.ticked import sheet_reading, taking_answers
from kcdesk.services.papers.ticked.sheet_reading import PlannedSheet, SheetReading
from kcdesk.services.workspace import Workspace

BLANK, SCAN = "checklist.pdf", "checklist-ticked.png"
_DPI = 200
_PIXELS = _DPI / 25.4  # of a millimetre
_PEN = (25, 40, 140)
_HOOK = ((0.1, 0.5), (0.4, 0.9), (1.1, -0.15))  # in sides of a box


def take_in_sheet(workspace: Workspace, visit: str, folder: Path) -> tuple[Path, str]:
    """Tick «Đạt» on the first page of the checklist of a visit and take it in; the scan and what was read."""
    path, reading = ticked_sheet(workspace, visit, folder)
    taking_answers.take_answers(workspace, reading, taking_answers.sure_answers(reading))
    return path, reading.sentence


def ticked_sheet(workspace: Workspace, visit: str, folder: Path) -> tuple[Path, SheetReading]:
    """Print the checklist of a visit, tick «Đạt» on its first page by hand, scan and read it; nothing is taken in."""
    pdf, path = folder / BLANK, folder / SCAN
    printing.print_record(workspace, visit, "blank_checklist", pdf)
    path.write_bytes(printing.page_image(pdf, 0, _DPI))
    plan = sheet_reading.sheet_plan(workspace, sheet_reading.sheet_pages([path]), visit)
    _tick(path, plan.sheets[0])
    return path, sheet_reading.read_plan(plan, [path])


def _tick(path: Path, sheet: PlannedSheet) -> None:
    with Image.open(BytesIO(path.read_bytes())) as picture:
        pen = ImageDraw.Draw(picture)
        for left, top, side, _height in _places(sheet):
            points = [((left + side * u) * _PIXELS, (top + side * v) * _PIXELS) for u, v in _HOOK]
            pen.line(points, _PEN, round(0.5 * _PIXELS))
        picture.save(path)


def _places(sheet: PlannedSheet) -> Iterator[list[float]]:
    """The place of the first box of each result on the first page."""
    page = sheet.given["pages"]["1"]
    boxes = iter(page["boxes"])
    for number in page["asked"]:
        answer = sheet.asked[number]
        places = [next(boxes) for _box in answer.boxes]
        if places and answer.path.endswith("/result"):
            yield places[0]
