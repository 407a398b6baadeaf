"""A report as a paper to sign, PDF or Word, and its charts as pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kcdesk import placing
from kcdesk.documents.blocks import Chart, Document
from kcdesk.errors import UserError
from kcdesk.reports.report_table import ReportTable
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.papers.sheets import Topic, filled_sheet, write_sheet
from kcdesk.services.reporting import comparison
from kcdesk.services.reporting.charting import charts_of
from kcdesk.services.reporting.figures import (
    DONG,
    MoneyUnit,
    head_in_print,
    head_of_rows,
    in_print,
    notes_of,
    scope_of,
    shown,
)
from kcdesk.services.reporting.running import report_named
from kcdesk.services.workspace import Workspace

LAYOUT = "report"
PICTURE_WIDTH = 640.0  # points, of two pixels each


class PaperReport(Topic):
    """`report` in the layout."""

    period: str = ""
    head: str = ""  # of the column of labels
    money: str = ""  # the unit of amounts
    source: str = ""


class PaperColumnHead(Value):
    """An item of `columns` in the layout."""

    name: str
    heading: str


class PaperLine(Value):
    """An item of `rows` in the layout; the line of totals has no number."""

    number: int
    label: str
    cells: Mapping[str, str]
    is_total: bool = False


class PaperNote(Value):
    """An item of `notes` in the layout."""

    text: str


class PaperChart(Value):
    """An item of `charts` in the layout."""

    drawn: Chart


def report_paper(workspace: Workspace, table: ReportTable, unit: MoneyUnit = DONG) -> Document:
    """The paper of a report that was run."""
    table = in_print(table, unit)
    values: dict[str, Any] = {
        "report": _topic(table, unit),
        "columns": [PaperColumnHead(column.name, head_in_print(column)) for column in comparison.own_columns(table)],
        "rows": list(_paper_lines(table, unit)),
        "charts": [PaperChart(chart) for chart in charts_of(report_named(workspace, table.name), table, unit)],
        "notes": [PaperNote(note) for note in notes_of(table, unit)],
        "province": workspace.places.province_name(workspace.identity.unit.province),
    }
    return replace(filled_sheet(workspace, LAYOUT, values), qr="")  # no record is found by its code


def print_report(workspace: Workspace, table: ReportTable, pdf: Path, unit: MoneyUnit = DONG) -> dict[str, Any]:
    """Write a report as PDF; returns {"pdf", "pages"}. KnownError if the file cannot be written."""
    return write_sheet(report_paper(workspace, table, unit), pdf)


def write_report_docx(workspace: Workspace, table: ReportTable, docx: Path, unit: MoneyUnit = DONG) -> dict[str, Any]:
    """Write a report for Word; returns {"docx"}. KnownError if the file cannot be written."""
    return write_sheet(report_paper(workspace, table, unit), docx=docx)


def write_picture(workspace: Workspace, table: ReportTable, png: Path, unit: MoneyUnit = DONG) -> dict[str, Any]:
    """Write the first chart as PNG; returns {"png"}. UserError `no_chart`; KnownError if the file cannot be written."""
    from kcdesk.documents.charts import chart_png  # loads reportlab

    chart = next(charts_of(report_named(workspace, table.name), table, unit), None)
    if chart is None:
        raise UserError(
            f"Báo cáo «{table.title}» không có biểu đồ với cách chia dòng này.",
            code="no_chart",
            hint="Hãy chia dòng theo nguồn, năm, tháng (--by) hoặc chọn báo cáo khác.",
        )
    placing.save(chart_png(chart, PICTURE_WIDTH), png)
    return {"png": str(png)}


def _topic(table: ReportTable, unit: MoneyUnit) -> PaperReport:
    return PaperReport(
        id=table.name,
        name=table.title,
        period=scope_of(table),
        head=head_of_rows(table),
        money=unit.name if table.has_money else "",
        source=table.source,
    )


def _paper_lines(table: ReportTable, unit: MoneyUnit) -> Iterator[PaperLine]:
    """The rows; those of a comparison take three lines each, since three times the columns fit on no sheet."""
    for number, row in enumerate(table.lines, 1):
        is_total = row is table.total
        labels = {"": table.label_of(row)} | (comparison.LABELS if comparison.is_compared(table) else {})
        for suffix, label in labels.items():
            cells = {
                column.name: shown(row.values[f"{column.name}{suffix}"], table.column(f"{column.name}{suffix}"), unit)
                for column in comparison.own_columns(table)
            }
            yield PaperLine(0 if is_total or suffix else number, label, cells, is_total)
