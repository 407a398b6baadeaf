"""The reports of the practice journey: the money of its year, the half-year in words, those on its proposal."""

from __future__ import annotations

from pathlib import Path

from kcdesk.progress import ignore_progress
from kcdesk.services.papers import printing
from kcdesk.services.reporting import report_files, running, summaries, summary_paper
from kcdesk.services.reporting.figures import money_unit
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.reporting.summaries import WantedSummary
from kcdesk.services.warnings import review_table
from kcdesk.services.workspace import Workspace

YEAR = "2018"  # of the journey's dossiers
HALF_YEAR = "2018-H2"  # in which they were accepted


def write_reports(workspace: Workspace, folder: Path) -> list[Path]:
    """Write the report of money, the half-year in words and the review table into the folder; returns their paths."""
    wanted = Wanted(name="funding", period=running.wanted_period("", "", YEAR))
    files = {kind: folder / f"report.{kind}" for kind in ("pdf", "xlsx")}
    report_files.write_files(workspace, running.run(workspace, wanted), files, money_unit("triệu"))
    half_year = folder / "half-year.docx"
    period = running.wanted_period("", "", HALF_YEAR)
    summary_paper.write_summary(
        workspace, summaries.fill(workspace, WantedSummary(name="", period=period)), docx=half_year
    )
    review = {kind: folder / f"review.{kind}" for kind in ("pdf", "xlsx")}
    lines = review_table.review_lines(workspace, int(YEAR))
    review_table.print_review(workspace, int(YEAR), lines, review["pdf"])
    review_table.write_workbook(workspace, int(YEAR), lines, review["xlsx"])
    return [*files.values(), half_year, *review.values()]


def write_papers(workspace: Workspace, proposal: str, contract: str, folder: Path) -> list[Path]:
    """Write `result-report.pdf` of a proposal and `volume-report.docx` of its contract; returns their paths."""
    result, volume = folder / "result-report.pdf", folder / "volume-report.docx"
    printing.print_record(workspace, proposal, "result_report", result)
    paper = printing.prepare_paper(workspace, contract, "volume_report")
    assert paper.docx is not None, "a report can be saved for Word"
    paper.docx(volume, ignore_progress)
    return [result, volume]


def write_ceilings(workspace: Workspace, proposal: str, folder: Path) -> Path:
    """Write `ceilings.pdf` of a proposal of this year, with the cautions about texts that nobody has read."""
    ceilings = folder / "ceilings.pdf"
    printing.print_record(workspace, proposal, "proposal_ceilings", ceilings)
    return ceilings
