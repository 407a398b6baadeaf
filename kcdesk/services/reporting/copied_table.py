"""Cells of a report for the clipboard: as text for any program, as HTML with exact numbers for Excel and Calc."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape

from kcdesk.reports.report_table import ReportRow, ReportTable, TableColumn
from kcdesk.services.reporting.figures import MoneyUnit, head_of, head_of_rows, scaled, shown
from kcdesk.text import disarmed

LABELS = ""  # stands for the column of labels among the names of columns
_GRID = "border:1px solid #808080;padding:2px 4px"
_TEXT = r'mso-number-format:"\@"'  # Excel takes nothing in such a cell for a formula


def as_text(
    table: ReportTable, unit: MoneyUnit, rows: Sequence[ReportRow], names: Sequence[str], *, heads: bool
) -> str:
    """The cells with tabs between them; numbers without dots, with the decimal comma of a Vietnamese Excel."""
    lines = [[_head(table, name, unit) for name in names]] if heads else []
    lines += [[_plain(table, row, name, unit) for name in names] for row in rows]
    return "\n".join("\t".join(line) for line in lines)


def as_html(
    table: ReportTable, unit: MoneyUnit, rows: Sequence[ReportRow], names: Sequence[str], *, heads: bool
) -> str:
    """The cells as a table: what is read is as on the screen, and each number also stands there exactly."""
    return "".join(_html(table, unit, rows, names, heads=heads))


def _html(
    table: ReportTable, unit: MoneyUnit, rows: Sequence[ReportRow], names: Sequence[str], *, heads: bool
) -> Iterator[str]:
    yield '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head><body>'
    yield '<table style="border-collapse:collapse">'
    if heads:
        cells = "".join(f'<th style="{_GRID}">{escape(_head(table, name, unit))}</th>' for name in names)
        yield f"<tr>{cells}</tr>"
    for row in rows:
        yield f"<tr>{''.join(_cell(table, row, name, unit) for name in names)}</tr>"
    yield "</table></body></html>"


def _cell(table: ReportTable, row: ReportRow, name: str, unit: MoneyUnit) -> str:
    bold = ";font-weight:bold" if row is table.total else ""
    if name == LABELS:
        return f"<td style='{_GRID}{bold};{_TEXT}'>{escape(disarmed(table.label_of(row)))}</td>"
    column = table.column(name)
    number = scaled(row.values[name], column, unit)
    exact = f' x:num="{number:f}" sdval="{number:f}"' if number is not None else ""
    look = f"{_GRID};text-align:right{bold};{_format(number, column)}"
    return f"<td style='{look}'{exact}>{escape(shown(row.values[name], column, unit))}</td>"


def _format(number: Decimal | None, column: TableColumn) -> str:
    """The number format of Excel: as many decimals as are shown."""
    exponent = number.as_tuple().exponent if number is not None else 0
    decimals = -exponent if isinstance(exponent, int) and column.rounding != "whole" else 0
    point = r"\." + "0" * decimals if decimals > 0 else ""
    return rf'mso-number-format:"\#\,\#\#0{point}"'


def _head(table: ReportTable, name: str, unit: MoneyUnit) -> str:
    return disarmed(head_of_rows(table) if name == LABELS else head_of(table.column(name), unit))


def _plain(table: ReportTable, row: ReportRow, name: str, unit: MoneyUnit) -> str:
    if name == LABELS:
        return disarmed(" ".join(table.label_of(row).split()))
    number = scaled(row.values[name], table.column(name), unit)
    return "" if number is None else f"{number:f}".replace(".", ",")
