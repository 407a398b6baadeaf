"""The charts of a report, as its definition asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kcdesk.documents.blocks import Chart, ChartSeries
from kcdesk.services.reporting.figures import MoneyUnit, scaled, shown, unit_of

if TYPE_CHECKING:
    from kcdesk.reports.model import Report, ReportChart
    from kcdesk.reports.report_table import ReportRow, ReportTable, TableColumn

MOST = 12  # categories that can be told apart at a glance


def wanted_charts(report: Report, table: ReportTable) -> Iterator[tuple[ReportChart, list[TableColumn]]]:
    """The charts of a table with their columns; none where there is only a total, or no figure."""
    for chart in report.charts:
        columns = [column for column in table.columns if column.name in chart.columns]
        if len(table.rows) > 1 and any(_has_figures(row, columns) for row in table.rows):
            yield chart, columns


def _has_figures(row: ReportRow, columns: Sequence[TableColumn]) -> bool:
    return any(row.values[column.name] for column in columns)


def charts_of(report: Report, table: ReportTable, unit: MoneyUnit) -> Iterator[Chart]:
    """The charts of a table as they are drawn on paper and on the screen."""
    return (_chart(chart, table, columns, unit) for chart, columns in wanted_charts(report, table))


def _chart(chart: ReportChart, table: ReportTable, columns: list[TableColumn], unit: MoneyUnit) -> Chart:
    rows = table.rows
    if chart.style == "bars" and len(rows) > MOST:  # rows without figures would hide those that have some
        rows = tuple(row for row in rows if _has_figures(row, columns))
    rest = f", {MOST} dòng đầu" if len(rows) > MOST else ""
    rows = rows[:MOST]
    return Chart(
        title=f"{chart.label}{rest}",
        unit=unit_of(columns[0], unit),
        style=chart.style,
        categories=tuple(row.label for row in rows),
        series=tuple(_series(column, rows, unit) for column in columns),
    )


def _series(column: TableColumn, rows: tuple[ReportRow, ...], unit: MoneyUnit) -> ChartSeries:
    figures = [row.values[column.name] for row in rows]
    return ChartSeries(
        name=column.heading,
        values=tuple(float(scaled(figure, column, unit) or 0) for figure in figures),
        texts=tuple(shown(figure, column, unit) for figure in figures),
    )
