"""How figures are shown: the only place that writes a figure of a report as text."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.reports.report_table import BehindFigure, Figure, ReportRow, ReportTable, TableColumn, adding_up
from kcdesk.runtime.frozen import Value, replace

NOTHING = "–"  # nothing to divide by, or an operand is missing
_TENTH = Decimal("0.1")


class MoneyUnit(Value):
    """The unit in which amounts are shown, and its step: whole đồng, or a tenth of a unit."""

    name: str
    dong: int

    @property
    def step(self) -> Decimal:
        """The smallest difference that is shown, in this unit."""
        return Decimal(1) if self.dong == 1 else _TENTH


MONEY_UNITS = (
    MoneyUnit("đồng", 1),
    MoneyUnit("nghìn đồng", 10**3),
    MoneyUnit("triệu đồng", 10**6),
    MoneyUnit("tỷ đồng", 10**9),
)
DONG = MONEY_UNITS[0]


def money_unit(name: str) -> MoneyUnit:
    """The unit with a name («tỷ», «triệu đồng»); UserError `no_money_unit`."""
    wanted = text.fold(name).removesuffix(" dong").replace("ti", "ty")
    for unit in MONEY_UNITS:
        if wanted == text.fold(unit.name).removesuffix(" dong"):
            return unit
    names = ", ".join(unit.name for unit in MONEY_UNITS)
    raise UserError(f"Không có đơn vị tiền «{name}».", code="no_money_unit", hint=f"Các đơn vị: {names}.")


def scaled(value: Figure, column: TableColumn, unit: MoneyUnit = DONG) -> Decimal | None:
    """A figure as it is shown, in the unit of money if it is an amount; halves away from zero."""
    if value is None:
        return None
    if column.rounding == "percent":  # parts that were made to add up to 100 may be whole
        return Decimal(value).quantize(_TENTH, ROUND_HALF_UP)
    if column.rounding != "money":
        return Decimal(value)
    return (Decimal(value) / unit.dong).quantize(unit.step, ROUND_HALF_UP)


def shown(value: Figure, column: TableColumn, unit: MoneyUnit = DONG) -> str:
    """A figure as text, without its unit: «1.250.000», «95,2», «–»."""
    number = scaled(value, column, unit)
    if number is None:
        return NOTHING
    if column.rounding == "decimal":
        number = Decimal(f"{number.normalize():f}")
    return text.format_decimal(number)


def unit_of(column: TableColumn, unit: MoneyUnit = DONG) -> str:
    """The unit that stands in the head of a column: «triệu đồng», «triệu đồng/năm»."""
    return unit.name + column.unit.removeprefix(DONG.name) if column.rounding == "money" else column.unit


def rounding_notes(table: ReportTable, unit: MoneyUnit) -> Iterator[str]:
    """A note for each column whose shown parts do not add up to the shown total."""
    table = in_print(table, unit)
    for column in table.columns:
        if column.rounding != "money" or column.is_formula or not table.rows:
            continue
        parts = sum((scaled(row.values[column.name], column, unit) or Decimal(0) for row in table.rows), Decimal(0))
        total = scaled(table.total.values[column.name], column, unit) or Decimal(0)
        if parts != total:
            yield (
                f"{column.heading}: các phần cộng lại {text.format_decimal(parts)} so với "
                f"{text.format_decimal(total)} {unit.name} đã in, do làm tròn."
            )


def notes_of(table: ReportTable, unit: MoneyUnit) -> list[str]:
    """Every note below the table when its amounts are shown in this unit."""
    return [*table.notes, *rounding_notes(table, unit)]


def in_print(table: ReportTable, unit: MoneyUnit) -> ReportTable:
    """The table as it is printed in a unit: columns of money that `adds_up` marks are rounded to add up to their total.

    Where the rows are not the whole (different things counted once), nothing is changed.
    """
    for column in table.columns:
        if column.adds_up and column.rounding == "money" and not column.is_formula and table.rows:
            table = _added_up(table, column, unit)
    return table


def _added_up(table: ReportTable, column: TableColumn, unit: MoneyUnit) -> ReportTable:
    values = [row.values[column.name] for row in table.rows]
    total = table.total.values[column.name]
    if sum(Decimal(value or 0) for value in values) != Decimal(total or 0):
        return table
    step, shown_total = unit.step * unit.dong, (scaled(total, column, unit) or Decimal(0)) * unit.dong
    parts = adding_up([None if value is None else Decimal(value) for value in values], shown_total, step)
    rows = (replace(row, values={**row.values, column.name: part}) for row, part in zip(table.rows, parts, strict=True))
    return replace(table, rows=tuple(rows))


def lines(table: ReportTable, unit: MoneyUnit = DONG) -> list[list[str]]:
    """The table as text: the heads, the rows, the total."""
    table = in_print(table, unit)
    heads = [head_of_rows(table)]
    heads += [head_of(column, unit) for column in table.columns]
    return [heads, *(_line(table, row, unit) for row in table.lines)]


def head_of_rows(table: ReportTable) -> str:
    """The head of the column with the labels of the rows."""
    return " / ".join(table.group_labels) or "Chỉ tiêu"


def scope_of(table: ReportTable) -> str:
    """The period of a table and, if only its records count, the office."""
    return " – ".join(filter(None, (table.period_name, table.unit_name)))


def head_of(column: TableColumn, unit: MoneyUnit = DONG) -> str:
    """The head of a column with its unit unless it says it; the rows of indicators have units of their own."""
    name = unit_of(column, unit)
    own = name if text.fold(name) != text.fold(column.heading) else ""
    remarks = "; ".join(filter(None, (own, *marks_of(column))))
    return f"{column.heading} ({remarks})" if remarks else column.heading


def head_in_print(column: TableColumn) -> str:
    """The head of a column on paper, where the unit of money is said once above the table."""
    return head_of(replace(column, rounding="whole", unit="") if column.rounding == "money" else column)


def marks_of(column: TableColumn) -> Iterator[str]:
    """What must be said of a figure wherever it is shown."""
    if column.estimate:
        yield "ước tính"
    if column.unverified:
        yield "chưa đối chiếu"


def record_line(record: BehindFigure, unit: MoneyUnit = DONG) -> str:
    """A record behind a figure, with what it adds to the figure, as one line of text."""
    value = f"{shown(record.value, record.column, unit)} {unit_of(record.column, unit)}".rstrip()
    return f"{record.id}  {value}  {record.title}".rstrip()


def _line(table: ReportTable, row: ReportRow, unit: MoneyUnit) -> list[str]:
    return [table.label_of(row), *(shown(row.values[column.name], column, unit) for column in table.columns)]
