"""Evaluates the conditions of forms on the values of a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from kcdesk.formdef.activities import NAME, activities_of
from kcdesk.formdef.model import Condition
from kcdesk.formdef.values import is_blank


def holds(condition: Condition, values: Mapping[str, Any]) -> bool:
    """Whether every part of a condition holds; an empty condition holds. A missing value is equal to nothing."""
    return all(_part_holds(wanted, _asked(name, values)) for name, wanted in condition.items())


def _asked(name: str, values: Mapping[str, Any]) -> object:
    """The value of a name: a field, or the derived list of activities."""
    return activities_of(values) if name == NAME else values.get(name)


def _part_holds(wanted: object, value: object) -> bool:
    if isinstance(wanted, Mapping):
        return all(COMPARISONS[word](value, limit) for word, limit in wanted.items())
    return _is(value, wanted)


def _is(value: object, wanted: object) -> bool:
    if isinstance(wanted, list | tuple):
        return any(_is(value, option) for option in wanted)
    return type(value) is type(wanted) and value == wanted


def _contains(value: object, wanted: object) -> bool:
    return isinstance(value, list | tuple) and any(_is(entry, wanted) for entry in value)


def _within(value: object, wanted: object) -> bool:
    """Whether every entry of a list is among the wanted values; false for an empty list."""
    return isinstance(value, list | tuple) and bool(value) and all(_is(entry, wanted) for entry in value)


def _filled(value: object, wanted: object) -> bool:
    return is_blank(value) is not wanted


def _compare(better: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    def compare(value: object, limit: object) -> bool:
        try:
            return better(_comparable(value), _comparable(limit))
        except TypeError:  # a missing value, or values of different types
            return False

    return compare


def _comparable(value: object) -> Decimal | str | None:
    """A number (decimals are stored as text), or a text such as a date; None for other values."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return number if number.is_finite() else None


COMPARISONS: Mapping[str, Callable[[object, object], bool]] = {
    "is": _is,
    "is_not": lambda value, wanted: not _is(value, wanted),
    "at_least": _compare(lambda value, limit: value >= limit),
    "at_most": _compare(lambda value, limit: value <= limit),
    "above": _compare(lambda value, limit: value > limit),
    "below": _compare(lambda value, limit: value < limit),
    "filled": _filled,
    "contains": _contains,
    "within": _within,
    "not_within": lambda value, wanted: not _within(value, wanted),
}
