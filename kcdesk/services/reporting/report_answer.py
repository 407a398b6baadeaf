"""The answer to a question about figures, as the window shows it: the table with its notes and its charts drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kcdesk.reports import opening
from kcdesk.runtime.frozen import Value
from kcdesk.services.reporting import charting, comparison, running
from kcdesk.services.reporting.figures import DONG, MoneyUnit, in_print, notes_of

if TYPE_CHECKING:
    from kcdesk.reports.model import Report
    from kcdesk.reports.report_table import BehindFigure, ReportTable
    from kcdesk.services.reporting.running import Wanted
    from kcdesk.services.workspace import Workspace

CHART_SCALE = 2.0  # pixels for a point: sharp on a screen with large letters too


class AskedReport(Value, kw_only=True):
    """What is asked: the report with its choices, the unit of money, whether last year stands beside it."""

    wanted: Wanted
    unit: MoneyUnit = DONG
    against_last_year: bool = False


class ReportAnswer(Value, kw_only=True):
    """What was asked, and what came out; `charts` are PNG pictures.

    `table` has the exact figures for files, `printed` those that are read: rounded parts that add up.
    """

    asked: AskedReport
    report: Report
    table: ReportTable
    printed: ReportTable
    notes: tuple[str, ...]
    bases: Mapping[str, str]  # the legal basis of each column as it is shown
    charts: tuple[bytes, ...] = ()
    has_subjects: bool = True  # whether the store has any record or earlier total that the report could count

    @property
    def has_figures(self) -> bool:
        """Whether any figure is more than nothing."""
        return not all(row.is_empty for row in (*self.table.rows, self.table.total))


def answered(workspace: Workspace, asked: AskedReport, chart_width: float) -> ReportAnswer:
    """Run a report and draw its charts, `chart_width` points wide; UserError as `running.run`."""
    table = comparison.compared(running.run(workspace, asked.wanted, against_last_year=asked.against_last_year))
    report = running.report_named(workspace, asked.wanted.name)
    return ReportAnswer(
        asked=asked,
        report=report,
        table=table,
        printed=in_print(table, asked.unit),
        notes=tuple(notes_of(table, asked.unit)),
        bases={
            column.name: workspace.forms.basis(column.source, unverified=column.unverified, on=workspace.today())
            for column in table.columns
        },
        charts=_drawn(report, table, asked.unit, chart_width),
        has_subjects=_has_subjects(workspace, report),
    )


def records_behind(workspace: Workspace, asked: AskedReport, row: str, column: str) -> list[BehindFigure]:
    """The records behind a figure of an answer, largest first; none behind a change, which is made of two figures."""
    if column.endswith(comparison.CHANGE):
        return []
    wanted, column = comparison.asked_before(asked.wanted, column)
    return running.behind(workspace, wanted, row, column)


def _drawn(report: Report, table: ReportTable, unit: MoneyUnit, width: float) -> tuple[bytes, ...]:
    from kcdesk.documents.charts import chart_png  # loads reportlab

    return tuple(chart_png(chart, width, scale=CHART_SCALE) for chart in charting.charts_of(report, table, unit))


def _has_subjects(workspace: Workspace, report: Report) -> bool:
    counts_totals = any(column.opening for column in report.columns) and opening.KIND in workspace.forms.kinds
    kinds = (report.subject, opening.KIND) if counts_totals else (report.subject,)
    return any(workspace.store.count(kind) for kind in kinds)
