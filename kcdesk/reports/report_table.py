"""The result of a report: what every output shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from kcdesk.runtime.frozen import Value

if TYPE_CHECKING:
    from kcdesk.formdef.law.register import LawRegister
    from kcdesk.reports.model import ReportColumn, Rounding
    from kcdesk.reports.report_period import Period

Figure = int | Decimal | None  # None: there is nothing to divide by, or an operand is missing
TOTAL = "total"  # the key of the row of totals
KEY_SEPARATOR = "+"  # between the keys of several groups


class TableColumn(Value, kw_only=True):
    """A column of a report."""

    name: str
    label: str
    heading: str
    unit: str
    rounding: Rounding
    definition: str
    source: str
    is_formula: bool = False
    adds_up: bool = False
    estimate: bool = False
    unverified: bool = False


class ReportRow(Value, kw_only=True):
    """A row of figures; `keys` are those of the groups, None where it is not known."""

    keys: tuple[str | None, ...]
    labels: tuple[str, ...]
    values: Mapping[str, Figure]

    @property
    def key(self) -> str:
        """The keys as one word, by which a record list asks for the row."""
        return KEY_SEPARATOR.join(key or "" for key in self.keys)

    @property
    def label(self) -> str:
        """The labels in one line."""
        return " – ".join(self.labels)

    @property
    def is_empty(self) -> bool:
        """Whether no figure of the row is more than nothing."""
        return not any(self.values.values())


class BehindFigure(Value, kw_only=True):
    """A record behind a number and what it adds to it."""

    id: str
    kind: str
    title: str
    value: Figure
    column: TableColumn

    def as_json(self) -> dict[str, Any]:
        """The record as JSON values."""
        value = json_number(self.value)
        return {"id": self.id, "kind": self.kind, "title": self.title, "value": value, "column": self.column.name}


class ReportTable(Value, kw_only=True):
    """A report that was run."""

    name: str
    title: str
    period: Period
    period_name: str
    source: str
    group_labels: tuple[str, ...]
    columns: tuple[TableColumn, ...]
    rows: tuple[ReportRow, ...]
    total: ReportRow
    opening: ReportRow  # the part of the total that comes from opening totals
    notes: tuple[str, ...]
    unit_name: str = ""  # of the one office whose records count; "" for all
    before: ReportTable | None = None  # the same period of the year before
    empty_label: str = ""  # what is said of a row without figures

    @property
    def lines(self) -> tuple[ReportRow, ...]:
        """The rows, and the total if the rows have one."""
        return (*self.rows, self.total) if self.total.label else self.rows

    def key_of(self, row: ReportRow) -> str:
        """The key by which a line is asked for; TOTAL for that of the totals."""
        return TOTAL if row is self.total else row.key

    def line(self, key: str) -> ReportRow | None:
        """The line with this key, that of the totals for TOTAL; None if there is none."""
        return self.total if key == TOTAL else next((row for row in self.rows if row.key == key), None)

    @property
    def has_money(self) -> bool:
        """Whether a column shows amounts."""
        return any(column.rounding == "money" for column in self.columns)

    def column(self, name: str) -> TableColumn:
        """The column with this name; KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]

    def label_of(self, row: ReportRow) -> str:
        """The label of a row as readers see it: «Tỉnh Mẫu (chưa thực hiện)» where there are no figures."""
        is_remarked = row.is_empty and row is not self.total and self.empty_label
        return f"{row.label} ({self.empty_label})" if is_remarked else row.label

    def as_json(self) -> dict[str, Any]:
        """The table as JSON values."""
        shape: dict[str, Any] = {
            "name": self.name,
            "title": self.title,
            "period": {**self.period.as_json(), "name": self.period_name},
            "columns": [{"name": column.name, "label": column.label, "unit": column.unit} for column in self.columns],
            "rows": [
                {"key": row.key, "label": row.label, "keys": list(row.keys), "values": _numbers(row)}
                for row in self.rows
            ],
            "total": _numbers(self.total),
            "opening": _numbers(self.opening),
            "notes": list(self.notes),
        }
        return shape | ({"before": self.before.as_json()} if self.before else {})


def described(column: ReportColumn, rounding: Rounding, law: LawRegister) -> TableColumn:
    """What outputs show of a column of a definition; its mark goes once two people have compared its source."""
    return TableColumn(
        name=column.name,
        label=column.label,
        heading=column.heading,
        unit=column.unit,
        rounding=rounding,
        definition=column.definition,
        source=column.source,
        is_formula=bool(column.formula),
        adds_up=column.adds_up,
        estimate=column.estimate,
        unverified=law.is_marked(column.source, unverified=column.unverified),
    )


def rounded(value: Decimal | None, rounding: Rounding) -> Figure:
    """A figure as it is kept: whole numbers, percentages with one decimal, halves away from zero."""
    if value is None:
        return None
    if rounding in ("whole", "money"):
        return int(value.to_integral_value(ROUND_HALF_UP))
    return value.quantize(Decimal("0.1") if rounding == "percent" else Decimal("0.01"), ROUND_HALF_UP)


def adding_up(values: Sequence[Decimal | None], total: Decimal, step: Decimal) -> list[Decimal | None]:
    """Round values to a step so that they add up to a total (largest remainder); nothing stays nothing.

    Those that lose most by rounding down get the steps that are left, at most one each.
    """
    floors = [None if value is None else (value / step).to_integral_value(ROUND_FLOOR) * step for value in values]
    left = int((total - sum((floor for floor in floors if floor is not None), Decimal(0))) / step)
    order = sorted(
        (place for place, floor in enumerate(floors) if floor is not None),
        key=lambda place: (floors[place] or Decimal(0)) - (values[place] or Decimal(0)),
    )
    for place in order[: max(left, 0)]:
        floors[place] = (floors[place] or Decimal(0)) + step
    return floors


def json_number(value: Figure) -> int | float | None:
    """A figure as a JSON number."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _numbers(row: ReportRow) -> dict[str, int | float | None]:
    return {name: json_number(value) for name, value in row.values.items()}
