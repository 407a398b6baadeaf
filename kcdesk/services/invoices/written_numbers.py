"""Numbers of an invoice: «1000000.00» and «1.000.000» stand in files of different producers, each true to itself.

The format wants a point before decimals and no marks between thousands; not every producer keeps to it. A mark that
stands twice in a number, or before other than three digits, says what it means in the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

POINT, COMMA = ".", ","
_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_EXPONENT = re.compile(r"-?\d+(\.\d+)?[eE][+-]?\d{1,2}")
_PATTERNS = {
    mark: re.compile(rf"-?(?:\d{{1,3}}(?:{re.escape(other)}\d{{3}})+|\d+)(?:{re.escape(mark)}\d+)?")
    for mark, other in ((POINT, COMMA), (COMMA, POINT))
}
_MOST = 40  # letters


def marks(written: Iterable[str]) -> list[str]:
    """The decimal marks with which every number can be read, the one of the format first; both if none does."""
    numbers = [_bare(text) for text in written]
    able = [mark for mark, pattern in _PATTERNS.items() if all(_is_number(text, pattern) for text in numbers)]
    return able or [POINT, COMMA]


def number(written: str, mark: str) -> Decimal | None:
    """The number with this decimal mark, else with the other; None if it is no number."""
    bare = _bare(written)
    if len(bare) > _MOST:
        return None
    if _EXPONENT.fullmatch(bare):
        return _finite(bare)
    for decimal in (mark, *(other for other in _PATTERNS if other != mark)):
        if _PATTERNS[decimal].fullmatch(bare):
            thousands = COMMA if decimal == POINT else POINT
            return _finite(bare.replace(thousands, "").replace(decimal, "."))
    return None


def _is_number(text: str, pattern: re.Pattern[str]) -> bool:
    return not text or bool(pattern.fullmatch(text) or _EXPONENT.fullmatch(text))


def _bare(written: str) -> str:
    text = _SPACES.sub("", written)
    return f"-{text[1:-1]}" if text.startswith("(") and text.endswith(")") else text


def _finite(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < Decimal(10) ** 18 else None
