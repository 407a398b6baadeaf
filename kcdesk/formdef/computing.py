"""The named rules that compute a field from other fields."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from types import MappingProxyType
from typing import Any

from kcdesk import text
from kcdesk.formdef.model import Field
from kcdesk.formdef.scope import Scope
from kcdesk.formdef.types.number_types import NumberType
from kcdesk.formdef.types.registry import type_of

Numbers = Sequence[Decimal | None]
Operands = Sequence[Any]  # a number or a date for each named field, None if it is missing


@dataclass(frozen=True, slots=True)
class Computation:
    """How a computed field is computed from the fields that it names; they are numbers unless `takes` gives types."""

    compute: Callable[[Operands], Decimal | date | str | None]
    least: int
    most: int | None = None
    takes: tuple[str, ...] = ()
    gives: str = ""  # type of the computed field; "": any type of number
    each_number: bool = False  # takes all numbers of a column, not their total
    labelled: bool = False  # takes each number with its words: (heading, number, unit)
    gather: Callable[[Scope, Sequence[str]], list[Any]] | None = None  # its own function to read the operands


def total_of(numbers: Numbers) -> Decimal | None:
    """The total of the known numbers; None if none is known."""
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known else None


def _product(numbers: Numbers) -> Decimal | None:
    result = Decimal(1)
    for number in numbers:
        if number is None:
            return None
        result *= number
    return result


def _difference(numbers: Numbers) -> Decimal | None:
    first, second = numbers
    return None if first is None or second is None else first - second


def _percent_of(numbers: Numbers) -> Decimal | None:
    part, whole = numbers
    if part is None or not whole:
        return None
    return (part / whole * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _change_percent(numbers: Numbers) -> Decimal | None:
    before, _after = numbers
    return _percent_of((_difference(numbers[::-1]), before))


def _mean(numbers: Numbers) -> Decimal | None:
    """The average, rounded half up to two decimals."""
    total = total_of(numbers)
    known = [number for number in numbers if number is not None]
    return None if total is None else (total / len(known)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _part_of(numbers: Numbers) -> Decimal | None:
    """A percentage of an amount, rounded down to a whole number so that no more is given than allowed."""
    percent, whole = numbers
    return None if percent is None or whole is None else (whole * percent / 100).to_integral_value(ROUND_FLOOR)


def _least(numbers: Numbers) -> Decimal | None:
    """The smallest known number, if the first is known; None otherwise, as limits alone are no result."""
    known = [number for number in numbers if number is not None]
    return None if numbers[0] is None else min(known)


def _least_in_words(limits: Sequence[tuple[str, Decimal | None, str]]) -> str | None:
    """A sentence «Tối đa … vì …»: the smallest number, its label, and the higher limits."""
    known = [(label, number, unit) for label, number, unit in limits if number is not None]
    least = _least([number for _, number, _ in limits])
    if least is None:
        return None
    binding = [text.lower_first(label) for label, number, _ in known if number == least]
    higher = [f"{label}: {_with_unit(number, unit)}" for label, number, unit in known if number > least]
    limit = _with_unit(least, known[0][2])
    because = f"Tối đa {limit} vì {', '.join(binding)} là {limit}."
    return f"{because} {'; '.join(higher)}." if higher else because


def _with_unit(number: Decimal, unit: str) -> str:
    return f"{text.format_decimal(number)} {unit}".strip()


def _end_of_year(operands: Operands) -> date | None:
    """The last day of the n-th year; the year of the given day is the first."""
    day, years = operands
    if day is None or years is None or not date.min.year <= day.year + int(years) - 1 <= date.max.year:
        return None
    return date(day.year + int(years) - 1, 12, 31)


def _rows_so_far(scope: Scope, names: Sequence[str]) -> list[Any]:
    """The first column of the rows up to this row, without rows whose second column is filled; [] in such a row."""
    amount, left_out = names
    rows = [row for row in scope.rows(scope.table) if row.row_number <= scope.row_number]
    if not rows or rows[-1].values(left_out):
        return []
    return [row.number(amount) for row in rows if not row.values(left_out)]


def _of_same_rows(scope: Scope, names: Sequence[str]) -> list[Any]:
    """The first column, in rows of another table whose second column equals the third column of this row."""
    amount, key, own = names
    wanted = scope.values(own)
    rows = scope.rows(amount.partition(".")[0]) if wanted else ()
    return [row.number(amount) for row in rows if row.values(key) == wanted]


def _months_after(operands: Operands) -> date | None:
    """The same day a number of months later, or the last day of that month."""
    day, months = operands
    return None if day is None or months is None else months_after(day, int(months))


def months_after(day: date, months: int) -> date | None:
    """The same day a number of months later, or the last day of that month; None beyond the calendar."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


COMPUTATIONS: Mapping[str, Computation] = MappingProxyType(
    {
        "sum": Computation(total_of, 1),
        "mean": Computation(_mean, 1, 1, each_number=True),
        "running_total": Computation(total_of, 2, 2, takes=("money", "choice"), gives="money", gather=_rows_so_far),
        "sum_of_same": Computation(
            total_of, 3, 3, takes=("money", "choice", "choice"), gives="money", gather=_of_same_rows
        ),
        "product": Computation(_product, 2),
        "difference": Computation(_difference, 2, 2),
        "part_of": Computation(_part_of, 2, 2),
        "least": Computation(_least, 2),
        "least_in_words": Computation(_least_in_words, 2, gives="paragraph", labelled=True),
        "percent_of": Computation(_percent_of, 2, 2),
        "change_percent": Computation(_change_percent, 2, 2),
        "end_of_year": Computation(_end_of_year, 2, 2, takes=("date", "integer"), gives="date"),
        "months_after": Computation(_months_after, 2, 2, takes=("date", "integer"), gives="date"),
    }
)


def compute(field: Field, scope: Scope) -> Any | None:
    """Compute the stored value of a field; None if an operand is missing."""
    with localcontext(Context(prec=100)):
        computation = COMPUTATIONS[field.computed]
        if computation.gather:
            operands = computation.gather(scope, field.computed_from)
        else:
            operands = [operand for name in field.computed_from for operand in _read(scope, name, computation)]
        result = computation.compute(operands)
        if isinstance(result, str):
            return result
        if isinstance(result, date):
            return result.isoformat()
        field_type = type_of(field)
        return field_type.from_number(result) if result is not None and isinstance(field_type, NumberType) else None


def _read(scope: Scope, name: str, computation: Computation) -> Operands:
    if computation.each_number:
        return scope.numbers(name)
    if computation.labelled:
        field = scope.field(name)
        return [(field.heading, scope.number(name), field.unit)]
    return [scope.operand(name)]
