"""The files in which a report leaves the program."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kcdesk.reports.report_table import ReportTable
from kcdesk.services.reporting import csv_file, paper, report_workbook
from kcdesk.services.reporting.csv_file import Separator
from kcdesk.services.reporting.figures import DONG, MoneyUnit
from kcdesk.services.workspace import Workspace

KINDS = ("pdf", "docx", "xlsx", "csv", "png")  # also the ends of the names of the files


def write_files(
    workspace: Workspace,
    table: ReportTable,
    files: Mapping[str, Path],
    unit: MoneyUnit = DONG,
    separator: Separator = ";",
) -> dict[str, Any]:
    """Write a report to files by their kind; returns their paths by kind, and "pages" of a PDF.

    UserError `no_chart` for a picture of a report without a chart; KnownError if a file cannot be written.
    """
    written: dict[str, Any] = {}
    if "pdf" in files:
        written |= paper.print_report(workspace, table, files["pdf"], unit)
    if "docx" in files:
        written |= paper.write_report_docx(workspace, table, files["docx"], unit)
    if "xlsx" in files:
        written |= report_workbook.write_report_workbook(workspace, table, files["xlsx"], unit)
    if "csv" in files:
        csv_file.write_csv(table, files["csv"], separator, unit)
        written["csv"] = str(files["csv"])
    if "png" in files:
        written |= paper.write_picture(workspace, table, files["png"], unit)
    return written
