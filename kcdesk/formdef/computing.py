"""The named rules that compute a field from other fields."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Context, Decimal, localcontext
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.formdef.derivations.arithmetic import OPERATIONS, least_of
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.record_values import put, rows_of
from kcdesk.formdef.scope import Scope
from kcdesk.formdef.types.number_types import NumberType
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms

Place = tuple[Scope, str]  # where an operand is read, and its name there
Operands = Sequence[Any]  # a number or a date for each named field, None if it is missing

_IN_EVERY_MONTH = 28  # the last day that no month lacks


class Computation(Value):
    """How a computed field is computed from the fields that it names; they are numbers unless `takes` gives types.

    `operation` is what is done with the numbers, by its name in `derivations/arithmetic`; "" if the result is none.
    """

    compute: Callable[[Operands], Decimal | date | str | None]
    least: int
    most: int | None = None
    takes: tuple[str, ...] = ()
    gives: str = ""  # type of the computed field; "": any type of number
    each_number: bool = False  # takes all numbers of a column, not their total
    labelled: bool = False  # takes each number with its words: (heading, number, unit)
    gather: Callable[[Scope, Sequence[str]], list[Place]] | None = None  # its own choice of what is read
    operation: str = ""


def _least_in_words(limits: Sequence[tuple[str, Decimal | None, str]]) -> str | None:
    """A sentence «Tối đa … vì …»: the smallest number, its label, and the higher limits."""
    known = [(label, number, unit) for label, number, unit in limits if number is not None]
    least = least_of([number for _, number, _ in limits])
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


def _rows_so_far(scope: Scope, names: Sequence[str]) -> list[Place]:
    """The first column of the rows up to this row, without rows whose second column is filled; [] in such a row."""
    amount, left_out = names
    rows = [row for row in scope.rows(scope.table) if row.row_number <= scope.row_number]
    if not rows or rows[-1].values(left_out):
        return []
    return [(row, amount) for row in rows if not row.values(left_out)]


def _of_same_rows(scope: Scope, names: Sequence[str]) -> list[Place]:
    """The first column, in rows of another table whose second column equals the third column of this row."""
    amount, key, own = names
    wanted = scope.values(own)
    rows = scope.rows(amount.partition(".")[0]) if wanted else ()
    return [(row, amount) for row in rows if row.values(key) == wanted]


def _of_rows_that_name(scope: Scope, names: Sequence[str]) -> list[Place]:
    """The amounts of the rows of another table that name this row; the first name is the naming column."""
    own = (scope.row or {}).get("id")
    return _amounts(scope, names, lambda named: named == own)


def _of_rows_without(scope: Scope, names: Sequence[str]) -> list[Place]:
    """The amounts of the rows that name no row, or none that is there."""
    table, _, column = names[0].partition(".")
    there = {row["id"] for row in rows_of(scope.data, scope.form.field(table).column(column).rows_from)}
    return _amounts(scope, names, lambda named: named not in there)


def _amounts(scope: Scope, names: Sequence[str], wanted: Callable[[object], bool]) -> list[Place]:
    """The filled amounts (columns `names[1:]`) of the rows whose first column is wanted."""
    table, _, naming = names[0].partition(".")
    amounts = [(name, name.partition(".")[2]) for name in names[1:]]
    # As `Scope.rows`, but with a scope for wanted rows only: the table is read again for each row of the other one.
    rows, places = scope.data.get(table), []
    for number, row in enumerate(rows if isinstance(rows, list) else (), start=1):
        if isinstance(row, dict) and wanted(row.get(naming)):
            chosen = Scope(scope.form, scope.data, scope.forms, table, row, number)
            places += [(chosen, name) for name, column in amounts if column in row]
    return places


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
    last = day.day if day.day <= _IN_EVERY_MONTH else monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _arithmetic(operation: str, least: int, most: int | None = None, **more: Any) -> Computation:
    return Computation(OPERATIONS[operation], least, most, operation=operation, **more)


COMPUTATIONS: Mapping[str, Computation] = MappingProxyType(
    {
        "sum": _arithmetic("sum", 1),
        "mean": _arithmetic("mean", 1, 1, each_number=True),
        "running_total": _arithmetic("sum", 2, 2, takes=("money", "choice"), gives="money", gather=_rows_so_far),
        "sum_of_same": _arithmetic(
            "sum", 3, 3, takes=("money", "choice", "choice"), gives="money", gather=_of_same_rows
        ),
        "sum_of_named": _arithmetic("sum", 2, takes=("table_row",), gives="money", gather=_of_rows_that_name),
        "sum_of_unnamed": _arithmetic("sum", 2, takes=("table_row",), gives="money", gather=_of_rows_without),
        "product": _arithmetic("product", 2),
        "difference": _arithmetic("difference", 2, 2),
        "shortfall": _arithmetic("shortfall", 2, 2),
        "part_of": _arithmetic("part_of", 2, 2),
        "least": _arithmetic("least", 2),
        "least_in_words": Computation(_least_in_words, 2, gives="paragraph", labelled=True),
        "percent_of": _arithmetic("percent_of", 2, 2),
        "change_percent": _arithmetic("change_percent", 2, 2),
        "end_of_year": Computation(_end_of_year, 2, 2, takes=("date", "integer"), gives="date"),
        "months_after": Computation(_months_after, 2, 2, takes=("date", "integer"), gives="date"),
    }
)


def compute_all(form: Form, data: dict[str, Any], forms: Forms | None) -> None:
    """Compute every computed value of a record in place, until nothing changes: one may need another."""
    while _compute_once(form, data, forms):  # the loader refuses circles
        pass


def _compute_once(form: Form, data: dict[str, Any], forms: Forms | None) -> bool:
    changed = False
    for field in form.fields:
        if field.computed:
            changed |= _put(data, field, Scope(form, data, forms))
        for column in field.columns:
            if column.computed:
                for number, row in enumerate(rows_of(data, field.name), start=1):
                    changed |= _put(row, column, Scope(form, data, forms, field.name, row, number))
    return changed


def _put(target: dict[str, Any], field: Field, scope: Scope) -> bool:
    old = target.get(field.name)
    put(target, field.name, compute(field, scope))
    return bool(target.get(field.name) != old)


def compute(field: Field, scope: Scope) -> Any | None:
    """Compute the stored value of a field; None if an operand is missing."""
    with localcontext(Context(prec=100)):
        computation = COMPUTATIONS[field.computed]
        read = [operand for place, name in places(field, scope) for operand in _read(place, name, computation)]
        result = computation.compute(read)
        if isinstance(result, str):
            return result
        if isinstance(result, date):
            return result.isoformat()
        field_type = type_of(field)
        return field_type.from_number(result) if result is not None and isinstance(field_type, NumberType) else None


def places(field: Field, scope: Scope) -> list[Place]:
    """What a computed field reads: the fields that it names, or the rows that its rule chooses."""
    gather = COMPUTATIONS[field.computed].gather
    return gather(scope, field.computed_from) if gather else [(scope, name) for name in field.computed_from]


def _read(scope: Scope, name: str, computation: Computation) -> Operands:
    if computation.each_number:
        return scope.numbers(name)
    if computation.labelled:
        field = scope.field(name)
        return [(field.heading, scope.number(name), field.unit)]
    return [scope.operand(name)]
