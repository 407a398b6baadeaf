"""Expressions over fields as SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kcdesk.formdef.types.registry import type_of
from kcdesk.reports.expressions import Call, Expression, Name, Number, Operation
from kcdesk.reports.scope import MOMENT, FieldScope
from kcdesk.reports.sql.dialects import Dialect


def expression_sql(tree: Expression, scope: FieldScope, dialect: Dialect, end: str = "") -> str:
    """The SQL of a checked expression; NULL where an operand is missing. `end` is the last day of the period."""
    if isinstance(tree, Number):
        return f"{tree.value:f}"
    if isinstance(tree, Name):
        column = scope.resolve(tree.name)
        if column.field is MOMENT:
            return dialect.day_of_moment(column.sql)
        return dialect.as_day(column.sql) if type_of(column.field).is_date else column.sql
    if isinstance(tree, Operation):
        left = expression_sql(tree.left, scope, dialect, end)
        right = expression_sql(tree.right, scope, dialect, end)
        return dialect.quotient(left, right) if tree.sign == "/" else f"({left} {tree.sign} {right})"
    return _call(tree, scope, dialect, end)


def _call(tree: Call, scope: FieldScope, dialect: Dialect, end: str) -> str:
    operands = [expression_sql(operand, scope, dialect, end) for operand in tree.operands]
    if tree.function == UNTIL_END:
        operands.append(f"'{end}'")
    return FUNCTIONS[tree.function][2](operands, dialect)


def _first(operands: list[str], _dialect: Dialect) -> str:
    return f"COALESCE({', '.join(operands)})"


def _within(operands: list[str], _dialect: Dialect) -> str:
    """A day, kept inside a year: what is decided before the year begins counts on its first day."""
    year = f"CAST({operands[0]} AS TEXT)"
    first, last = f"({year} || '-01-01')", f"({year} || '-12-31')"
    if len(operands) == 1:
        return f"CASE WHEN {operands[0]} IS NULL THEN NULL ELSE {first} END"
    day = operands[1]
    return (
        f"CASE WHEN {operands[0]} IS NULL THEN {day} WHEN {day} IS NULL OR {day} < {first} THEN {first}"
        f" WHEN {day} > {last} THEN {last} ELSE {day} END"
    )


def _days(operands: list[str], dialect: Dialect) -> str:
    return dialect.days_between(operands[0], operands[1])


def _part(operands: list[str], dialect: Dialect) -> str:
    """The part of an amount that stands in the proportion of two others, in whole đồng."""
    return dialect.rounded(dialect.quotient(f"{dialect.real(operands[0])} * {operands[1]}", operands[2]))


UNTIL_END = "until_end"  # the days from a day to the end of the period
_Writer = Callable[[list[str], Dialect], str]
# least and largest number of operands, and the SQL; the operands are expressions
FUNCTIONS: Mapping[str, tuple[int, int, _Writer]] = {
    "first": (2, 9, _first),
    "within": (1, 2, _within),
    "days": (2, 2, _days),
    "part": (3, 3, _part),
    UNTIL_END: (1, 1, _days),
}
