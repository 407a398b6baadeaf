"""The report of the practice journey: the money of its year by source, as a paper and as a workbook."""

from __future__ import annotations

from pathlib import Path

from kcdesk.services.reporting import report_files, running
from kcdesk.services.reporting.figures import money_unit
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.workspace import Workspace

YEAR = "2018"  # of the journey's dossiers


def write_reports(workspace: Workspace, folder: Path) -> list[Path]:
    """Write `report.pdf` and `report.xlsx` into the folder; returns their paths."""
    wanted = Wanted(name="funding", period=running.wanted_period("", "", YEAR))
    files = {kind: folder / f"report.{kind}" for kind in ("pdf", "xlsx")}
    report_files.write_files(workspace, running.run(workspace, wanted), files, money_unit("triệu"))
    return list(files.values())
