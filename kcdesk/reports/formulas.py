"""Formulas over the columns of a report, in exact decimals; division by nothing gives nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from kcdesk.reports.expressions import Call, Expression, Name, Number, Operation

Values = Mapping[str, Decimal | None]
_HUNDRED = Decimal(100)


def evaluate(tree: Expression, row: Values, total: Values) -> Decimal | None:
    """The value of a checked formula in a row; None if an operand is missing or a divisor is zero."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return row[tree.name]
    if isinstance(tree, Operation):
        left, right = evaluate(tree.left, row, total), evaluate(tree.right, row, total)
        return None if left is None or right is None else _OPERATIONS[tree.sign](left, right)
    return _call(tree, row, total)


def _call(tree: Call, row: Values, total: Values) -> Decimal | None:
    if tree.function == "share":
        return _rate(evaluate(tree.operands[0], row, total), evaluate(tree.operands[0], total, total))
    values = [evaluate(operand, row, total) for operand in tree.operands]
    if tree.function == "first":
        return next((value for value in values if value is not None), None)
    return _rate(values[0], values[1])


def _rate(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """A part of a whole as a percentage."""
    return None if part is None or not whole else part * _HUNDRED / whole


def _divided(left: Decimal, right: Decimal) -> Decimal | None:
    return left / right if right else None


_OPERATIONS: Mapping[str, Callable[[Decimal, Decimal], Decimal | None]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divided,
}
FORMULA_FUNCTIONS: Mapping[str, tuple[int, int]] = {"rate": (2, 2), "share": (1, 1), "first": (2, 9)}
_ADDITIVE = ("+", "-")


def signed_columns(tree: Expression) -> dict[str, int] | None:
    """The columns that a formula only adds and subtracts, each with 1 or -1; None for any other formula."""
    if isinstance(tree, Name):
        return {tree.name: 1}
    if not isinstance(tree, Operation) or tree.sign not in _ADDITIVE:
        return {} if tree == Number(Decimal(0)) else None
    left, right = signed_columns(tree.left), signed_columns(tree.right)
    if left is None or right is None or left.keys() & right.keys():
        return None
    return left | {name: sign if tree.sign == "+" else -sign for name, sign in right.items()}
