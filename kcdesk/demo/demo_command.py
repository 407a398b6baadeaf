"""`kcdesk demo`: the practice journey with its papers, its package and pictures of the window.

The pictures are taken in a separate process: drawn off screen, they look the same on every machine.
"""

from __future__ import annotations

import os
import shutil
import sys
from multiprocessing import get_context
from pathlib import Path

from kcdesk.demo import journey as demo_journey
from kcdesk.demo import journey_invoice, journey_sheets, journey_ticked
from kcdesk.demo.journey_reports import write_ceilings, write_papers, write_reports
from kcdesk.errors import UserError
from kcdesk.services.maintenance import opening

_OURS = (
    *("store", "province", "screens", "minutes.pdf", "package.xlsx", "receipt.xlsx", "supplement.xlsx"),
    *("report.pdf", "report.xlsx", "half-year.docx", "own-form.docx", "own-form-filled.docx"),
    *("review.pdf", "review.xlsx"),
    *("result-report.pdf", "volume-report.docx", "ceilings.pdf"),
    *(journey_sheets.SHEET, journey_sheets.CHECKED),
    journey_invoice.NAME,
    *(journey_ticked.BLANK, journey_ticked.SCAN),
)


def run_demo(folder: Path, *, window: bool = True) -> int:
    """Play the journey into `folder`, print each path, then open the window if there is a display."""
    _make_room(folder)
    journey = demo_journey.play(folder, more_visits=True, answered=True)
    print(journey.minutes)
    print(journey.package)
    if journey.own_form is not None:
        print(journey.own_form)
    if (exchange := journey.exchange) is not None:
        print(f"{exchange.receipt}\n{exchange.supplement}")
    for report in _reports(journey, folder):
        print(report)
    for file in _taken_in(journey, folder):
        print(file)
    for picture in _screens(journey, folder / "screens"):
        print(picture)
    for sheet in _sheets(journey, folder):
        print(sheet)
    print(f"{journey.store}\n{journey.province}")
    if window and _has_display():
        from kcdesk.app import run_window  # Qt is loaded only if there is a display

        return run_window(journey.store)
    return 0


def _make_room(folder: Path) -> None:
    """Delete an earlier demo; raise UserError for a folder with any other content."""
    if not folder.exists():
        return
    strangers = [entry.name for entry in folder.iterdir() if entry.name not in _OURS]
    if strangers:
        raise UserError(
            f"Thư mục {folder} có dữ liệu khác ({strangers[0]}).",
            code="folder_not_empty",
            hint="Hãy chọn một thư mục trống bằng --out.",
        )
    for name in _OURS:
        entry = folder / name
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink(missing_ok=True)


def _reports(journey: demo_journey.Journey, folder: Path) -> list[Path]:
    workspace = opening.open_workspace(journey.store)
    try:
        reports = write_reports(workspace, folder)
        assert journey.more is not None, "the demo has every visit"
        ceilings = write_ceilings(workspace, journey.more.scheme, folder)
        return [*reports, *write_papers(workspace, journey.proposal, journey.contract, folder), ceilings]
    finally:
        workspace.close()


def _sheets(journey: demo_journey.Journey, folder: Path) -> list[Path]:
    workspace = opening.open_workspace(journey.store)
    try:
        return journey_sheets.write_old_list(workspace, folder)
    finally:
        workspace.close()


def _taken_in(journey: demo_journey.Journey, folder: Path) -> list[Path]:
    """An electronic invoice and a checklist ticked by hand come into the visit that is under way."""
    workspace = opening.open_workspace(journey.store)
    try:
        assert journey.more is not None, "the demo has every visit"
        return [
            journey_invoice.take_in_invoice(workspace, journey.more.under_way, folder),
            journey_ticked.take_in_sheet(workspace, journey.more.under_way, folder)[0],
        ]
    finally:
        workspace.close()


def _screens(journey: demo_journey.Journey, folder: Path) -> list[Path]:

    dossiers = {
        "beneficiary": journey.beneficiary,
        "proposal": journey.proposal,
        "contract": journey.contract,
        "acceptance": journey.acceptance,
    }
    if (more := journey.more) is not None:
        dossiers |= {"conditional": more.conditional, "second": more.second, "field": more.under_way}
    painter = get_context("spawn").Process(target=_paint, args=(journey, dossiers, folder))
    painter.start()
    painter.join()
    if painter.exitcode:
        raise RuntimeError(f"the pictures were not finished: {painter.exitcode}")
    return sorted(folder.glob("*.png"))


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _paint(journey: demo_journey.Journey, dossiers: dict[str, str], folder: Path) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from kcdesk.demo.pictures import paint  # Qt is loaded in this process only

    paint(journey, dossiers, folder)
