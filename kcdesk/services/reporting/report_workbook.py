"""A report as a workbook: real numbers, sums that stay sums, charts that Excel can change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from kcdesk.documents.blocks import CHART_SHADES
from kcdesk.reports.model import ReportChart
from kcdesk.reports.report_table import Figure, ReportRow, ReportTable, TableColumn
from kcdesk.services.papers.sheets import save_workbook
from kcdesk.services.reporting.charting import wanted_charts
from kcdesk.services.reporting.figures import DONG, MoneyUnit, head_of, head_of_rows, notes_of, scope_of
from kcdesk.services.reporting.running import report_named
from kcdesk.services.workspace import Workspace

_HEAD = 4  # the row of heads; 1 title, 2 period, 3 unit of money
_LABELS, _FIGURES = 36, 14  # characters
_FORMATS = {"whole": "#,##0", "money": "#,##0", "decimal": "#,##0.##", "percent": "0.0"}
_CHART_SIZE = (24.0, 9.0)  # centimetres


def write_report_workbook(
    workspace: Workspace, table: ReportTable, path: Path, unit: MoneyUnit = DONG
) -> dict[str, Any]:
    """Write a report as a workbook; returns {"xlsx"}. KnownError if the file cannot be written."""
    from openpyxl import Workbook  # openpyxl takes 150 ms

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Số liệu"
    _Sheet(sheet, table, unit).fill()
    charts = wanted_charts(report_named(workspace, table.name), table)
    for number, (chart, columns) in enumerate(charts):
        _add_chart(sheet, table, chart, columns, number)
    save_workbook(workbook, path)
    return {"xlsx": str(path)}


class _Sheet:
    """Fills the sheet of a report."""

    def __init__(self, sheet: Any, table: ReportTable, unit: MoneyUnit) -> None:
        from kcdesk.exchange.workbook import looks  # openpyxl takes 150 ms

        self.sheet, self.table, self.unit, self.looks = sheet, table, unit, looks
        self.styler = looks.styler(sheet)

    def fill(self) -> None:
        """Write title, heads, rows, totals and notes."""
        table, looks = self.table, self.looks
        looks.set_widths(self.sheet, [_LABELS, *[_FIGURES] * len(table.columns)])
        looks.set_page(self.sheet)
        self.sheet.freeze_panes = self.sheet.cell(_HEAD + 1, 2)
        self._put(1, 1, table.title, looks.TITLE)
        self._put(2, 1, scope_of(table), looks.PLAIN)
        self._put(3, 1, f"Đơn vị tính tiền: {self.unit.name}", looks.PLAIN)
        self.sheet.row_dimensions[_HEAD].height = 3 * looks.LINE_HEIGHT
        self._put(_HEAD, 1, head_of_rows(table), looks.PALE_HEAD)
        for place, column in enumerate(table.columns, 2):
            self._put(_HEAD, place, head_of(column, self.unit), looks.PALE_HEAD)
        for number, row in enumerate(table.rows, _HEAD + 1):
            self._row(number, row)
        last = _HEAD + len(table.rows) + 1
        if table.total in table.lines:
            self._totals(last)
        notes = (*notes_of(table, self.unit), f"Căn cứ: {table.source}")
        for number, note in enumerate(notes, last + 2):
            self._put(number, 1, note, looks.PLAIN)

    def _row(self, number: int, row: ReportRow) -> None:
        self._put(number, 1, self.table.label_of(row), self.looks.BODY)
        for place, column in enumerate(self.table.columns, 2):
            self._put(number, place, self._number(row.values[column.name], column), self._look(column))

    def _totals(self, number: int) -> None:
        self._put(number, 1, self.table.total.label, self.looks.Look(bold=True, grid=True))
        for place, column in enumerate(self.table.columns, 2):
            value: Any = self._number(self.table.total.values[column.name], column)
            if self._adds_up(column):
                letter = self.sheet.cell(number, place).column_letter
                value = self.looks.Sum(f"=SUM({letter}{_HEAD + 1}:{letter}{number - 1})")
            self._put(number, place, value, self._look(column, bold=True))

    def _adds_up(self, column: TableColumn) -> bool:
        """Whether the total is the sum of the rows; different things counted once, and rates, are not."""
        values = [row.values[column.name] for row in self.table.rows]
        total = self.table.total.values[column.name]
        return bool(values) and not column.is_formula and sum(Decimal(value or 0) for value in values) == total

    def _number(self, value: Figure, column: TableColumn) -> float | int | None:
        """The exact figure, in the unit of money if it is an amount; an empty cell for nothing."""
        if value is None:
            return None
        if column.rounding != "money":
            return float(value) if isinstance(value, Decimal) else value
        return int(value) if self.unit.dong == 1 else float(Decimal(value) / self.unit.dong)

    def _look(self, column: TableColumn, *, bold: bool = False) -> Any:
        shape = _FORMATS[column.rounding]
        if column.rounding == "money" and self.unit.dong > 1:
            shape = "#,##0.0"
        return self.looks.Look(format=shape, align="right", bold=bold, grid=True)

    def _put(self, row: int, column: int, value: Any, look: Any) -> None:
        self.styler.fill(self.sheet.cell(row, column), value, look)


def _add_chart(
    sheet: Any, table: ReportTable, wanted: ReportChart, columns: Sequence[TableColumn], number: int
) -> None:
    """A chart of Excel's own below the table, one below the other."""
    from openpyxl.chart import BarChart, LineChart, Reference  # openpyxl takes 150 ms

    last = _HEAD + len(table.rows)
    chart: Any = LineChart() if wanted.style == "lines" else BarChart()
    for place, column in enumerate(table.columns, 2):
        if column in columns:
            chart.add_data(Reference(sheet, min_col=place, min_row=_HEAD, max_row=last), titles_from_data=True)
    for series, shade in zip(chart.series, CHART_SHADES, strict=False):
        properties = series.graphicalProperties
        properties.solidFill = properties.line.solidFill = shade
    chart.set_categories(Reference(sheet, min_col=1, min_row=_HEAD + 1, max_row=last))
    chart.title, (chart.width, chart.height) = wanted.label, _CHART_SIZE
    chart.x_axis.delete = chart.y_axis.delete = False
    below = last + len(table.notes) + 6 + number * 20
    sheet.add_chart(chart, f"A{below}")
