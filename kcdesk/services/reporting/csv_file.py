"""A report as a CSV file that Excel opens by a double click: UTF-8 with its mark, no text that becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Literal

from kcdesk import placing
from kcdesk.reports.report_table import ReportRow, ReportTable
from kcdesk.services.reporting.figures import DONG, MoneyUnit, head_of, in_print, notes_of, scaled, scope_of
from kcdesk.text import disarmed

Separator = Literal[";", ","]
_MARK = "\ufeff"  # by which Excel knows UTF-8


def write_csv(table: ReportTable, path: Path, separator: Separator = ";", unit: MoneyUnit = DONG) -> None:
    """Write a report: keys, labels, figures, the total, then its notes. KnownError if the file cannot be written.

    Beside semicolons decimals have a comma, as a Vietnamese Excel expects; beside commas a point.
    """
    table = in_print(table, unit)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    heads = [head_of(column, unit) for column in table.columns]
    writer.writerow(["Mã", *map(disarmed, table.group_labels or ("Chỉ tiêu",)), *map(disarmed, heads)])
    for row in table.lines:
        writer.writerow(_cells(table, row, separator, unit))
    writer.writerows([disarmed(note)] for note in _remarks(table, unit))
    placing.save((_MARK + text.getvalue()).encode("utf-8"), path)


def _cells(table: ReportTable, row: ReportRow, separator: Separator, unit: MoneyUnit) -> list[str]:
    width = max(len(table.group_labels), 1)
    labels = [*row.labels, *[""] * (width - len(row.labels))]
    figures = [_number(scaled(row.values[column.name], column, unit), separator) for column in table.columns]
    return [disarmed(row.key), *map(disarmed, labels), *figures]


def _number(number: Decimal | None, separator: Separator) -> str:
    if number is None:
        return ""
    plain = f"{number:f}"
    return plain.replace(".", ",") if separator == ";" else plain


def _remarks(table: ReportTable, unit: MoneyUnit) -> Iterator[str]:
    yield f"{table.title} – {scope_of(table)}"
    yield from notes_of(table, unit)
    yield f"Căn cứ: {table.source}"
