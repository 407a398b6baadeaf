"""A report beside the same period of the year before: two columns more for each figure, in every output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kcdesk.reports.report_table import Figure, ReportRow, ReportTable, TableColumn, rounded
from kcdesk.runtime.frozen import replace
from kcdesk.services.reporting.running import Wanted

BEFORE, CHANGE = ".before", ".change"  # behind the name of a column
LABELS = {BEFORE: "– cùng kỳ năm trước", CHANGE: "– tăng (giảm), %"}  # of rows, where columns have no room
_NOTE = "Cùng kỳ là {period}. Tăng, giảm: so với cùng kỳ, theo phần trăm; của một tỷ lệ: theo điểm phần trăm."


def compared(table: ReportTable) -> ReportTable:
    """The table with the figures of the year before and the change beside each figure; as it is without them."""
    before = table.before
    if before is None:
        return table
    earlier = {row.key: row for row in before.rows}
    rows = [_beside(table, row, earlier.get(row.key)) for row in table.rows]
    known = {row.key for row in table.rows}
    rows += [_beside(table, _nothing(row), row) for row in before.rows if row.key not in known]
    return replace(
        table,
        columns=tuple(column for own in table.columns for column in (own, *_columns(own))),
        rows=tuple(rows),
        total=_beside(table, table.total, before.total),
        notes=(_NOTE.format(period=before.period_name), *table.notes),
        before=None,
    )


def is_compared(table: ReportTable) -> bool:
    """Whether the figures of the year before stand in columns of the table."""
    return any(column.name.endswith(BEFORE) for column in table.columns)


def own_columns(table: ReportTable) -> list[TableColumn]:
    """The columns of the report itself, without those of a comparison."""
    return [column for column in table.columns if not column.name.endswith((BEFORE, CHANGE))]


def asked_before(wanted: Wanted, column: str) -> tuple[Wanted, str]:
    """The question and the column behind a column of a compared table; those of the year before for `BEFORE`."""
    if column.endswith(BEFORE):
        return replace(wanted, period=wanted.period.a_year_before()), column.removesuffix(BEFORE)
    return wanted, column


def exact_change(now: Figure, before: Figure, column: TableColumn) -> Decimal | None:
    """By how much a figure differs from that of the year before: in percent, a rate in points.

    None if one of them is missing, or if the year before had nothing or less: a share of that would mean nothing.
    """
    if now is None or before is None:
        return None
    difference = Decimal(now) - Decimal(before)
    if column.rounding == "percent":
        return difference
    return difference * 100 / Decimal(before) if before > 0 else None


def _columns(column: TableColumn) -> Iterator[TableColumn]:
    is_rate = column.rounding == "percent"
    yield replace(
        column,
        name=f"{column.name}{BEFORE}",
        label=f"{column.label}, cùng kỳ năm trước",
        heading=f"{column.heading}, cùng kỳ",
    )
    yield replace(
        column,
        name=f"{column.name}{CHANGE}",
        label=f"{column.label}, tăng (giảm) so với cùng kỳ năm trước",
        heading=f"{column.heading}, tăng giảm",
        unit="điểm %" if is_rate else "%",
        rounding="percent",
        definition="Số trong kỳ trừ số cùng kỳ." if is_rate else "Số trong kỳ trừ số cùng kỳ, chia cho số cùng kỳ.",
        is_formula=True,
    )


def _beside(table: ReportTable, row: ReportRow, earlier: ReportRow | None) -> ReportRow:
    values: dict[str, Figure] = {}
    for column in table.columns:
        name = column.name
        now, before = row.values[name], _value(earlier, name, row.values[name])
        change = rounded(exact_change(now, before, column), "percent")
        values |= {name: now, f"{name}{BEFORE}": before, f"{name}{CHANGE}": change}
    return replace(row, values=values)


def _value(row: ReportRow | None, name: str, now: Figure) -> Figure:
    """The earlier figure; a row that was not there then had nothing, a rate of nothing is none."""
    if row is not None:
        return row.values[name]
    return None if now is None or isinstance(now, Decimal) else 0


def _nothing(row: ReportRow) -> ReportRow:
    """The row of now whose figures were only there the year before."""
    nothing: Mapping[str, Figure] = {name: 0 if isinstance(value, int) else None for name, value in row.values.items()}
    return replace(row, values=nothing)
