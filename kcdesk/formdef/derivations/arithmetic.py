"""The operations by which a number follows from others; forms and services compute with the same functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from types import MappingProxyType

Numbers = Sequence[Decimal | None]


def total_of(numbers: Numbers) -> Decimal | None:
    """The total of the known numbers; None if none is known."""
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known else None


def product(numbers: Numbers) -> Decimal | None:
    """All numbers multiplied; None if one is missing."""
    result = Decimal(1)
    for number in numbers:
        if number is None:
            return None
        result *= number
    return result


def difference(numbers: Numbers) -> Decimal | None:
    """The first number less the second; None if one is missing."""
    first, second = numbers
    return None if first is None or second is None else first - second


def quotient(numbers: Numbers) -> Decimal | None:
    """The first number divided by the second; None if one is missing or the second is 0."""
    first, second = numbers
    return None if first is None or not second else first / second


def percent_of(numbers: Numbers) -> Decimal | None:
    """The first as a percentage of the second, rounded half up to one decimal; None without a whole."""
    part, whole = numbers
    if part is None or not whole:
        return None
    return (part / whole * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def change_percent(numbers: Numbers) -> Decimal | None:
    """The change from the first to the second, in percent of the first."""
    before, _after = numbers
    return percent_of((difference(numbers[::-1]), before))


def mean(numbers: Numbers) -> Decimal | None:
    """The average, rounded half up to two decimals."""
    total = total_of(numbers)
    known = [number for number in numbers if number is not None]
    return None if total is None else (total / len(known)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def part_of(numbers: Numbers) -> Decimal | None:
    """A percentage of an amount, rounded down to a whole number so that no more is given than allowed."""
    percent, whole = numbers
    return None if percent is None or whole is None else (whole * percent / 100).to_integral_value(ROUND_FLOOR)


def least_of(numbers: Numbers) -> Decimal | None:
    """The smallest known number, if the first is known; None otherwise, as limits alone are no result."""
    known = [number for number in numbers if number is not None]
    return None if numbers[0] is None else min(known)


def at_least_zero(numbers: Numbers) -> Decimal | None:
    """The number, 0 instead of a negative one."""
    (number,) = numbers
    return None if number is None else max(Decimal(0), number)


def shortfall(numbers: Numbers) -> Decimal | None:
    """How much the second number lacks of the first; 0 if it is larger. A number that is not known yet is 0."""
    if all(number is None for number in numbers):
        return None
    first, second = (number or Decimal(0) for number in numbers)
    return max(Decimal(0), first - second)


def same(numbers: Numbers) -> Decimal | None:
    """The number itself, taken over from elsewhere."""
    (number,) = numbers
    return number


# By the name of an operation; `running_total` and `sum_of_same` of the forms are sums of chosen rows.
OPERATIONS: Mapping[str, Callable[[Numbers], Decimal | None]] = MappingProxyType(
    {
        "sum": total_of,
        "difference": difference,
        "product": product,
        "quotient": quotient,
        "part_of": part_of,
        "least": least_of,
        "percent_of": percent_of,
        "change_percent": change_percent,
        "mean": mean,
        "at_least_zero": at_least_zero,
        "shortfall": shortfall,
        "taken_over": same,
    }
)
