"""What a cell of Excel can hold: the one border between values and cells, both ways."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime

from kcdesk import text
from kcdesk.formdef.types.base import Cell

MAX_TEXT = 32_767  # characters of a cell, counted by Excel in UTF-16
MAX_SHEET_NAME = 31
_TOO_BIG = 10**15  # Excel keeps no more than fifteen digits of a number
_FIRST_DAY = date(1900, 3, 1)  # Excel miscounts the days before it
_CUT_NOTE = "… [còn nữa, toàn bộ {total} ký tự nằm trong hồ sơ điện tử của gói này]"
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # "_x0041_" is an escape to Excel; in a text it is itself
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def to_cell(value: Cell) -> Cell:
    """The value as a cell holds it: numbers, dates and texts that Excel would spoil become safe text."""
    if isinstance(value, str):
        return _cut(text.clean(value))
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, int) and not -_TOO_BIG < value < _TOO_BIG:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, date) and value < _FIRST_DAY:
        return text.format_date(value)
    return value


def to_xml(shown: str) -> str:
    """A cell's text as the file spells it."""
    return _ESCAPE_LIKE.sub("_x005F_", shown) if "_x" in shown else shown


def from_xml(value: object) -> Cell:
    """What a cell read from a file holds: escapes undone, moments as days, blanks as None."""
    if isinstance(value, str):
        plain = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), value) if "_x" in value else value
        return text.clean(plain) or None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, int | float | date) else None


def same(shown: Cell, expected: Cell) -> bool:
    """Whether a cell read from a file shows what was written there; a blank text is no cell."""
    expected = to_cell(expected)
    if isinstance(shown, int | float) and isinstance(expected, int | float):
        return math.isclose(shown, expected, rel_tol=1e-14)
    return (shown or None) == (expected or None) if not isinstance(expected, int | float) else False


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Legal names of sheets for the wanted ones: at most 31 characters, none twice, whatever the case."""
    names: list[str] = []
    for label in wanted:
        name = _legal_name(label, MAX_SHEET_NAME)
        number = 2
        while name.casefold() in (other.casefold() for other in names):
            suffix = f" ({number})"
            name = _legal_name(label, MAX_SHEET_NAME - len(suffix)) + suffix
            number += 1
        names.append(name)
    return names


def _legal_name(label: str, size: int) -> str:
    name = " ".join(_NOT_IN_NAMES.sub(" ", text.clean(label)).split())
    if _units(name) > size:
        start = _start(name, size - 1)
        name = f"{(start.rpartition(' ')[0] or start).rstrip(' ,;-')}…"
    return name.strip("' ") or "Trang"


def _cut(shown: str) -> str:
    if len(shown) <= MAX_TEXT // 2 or _units(shown) <= MAX_TEXT:
        return shown
    note = _CUT_NOTE.format(total=text.format_integer(len(shown)))
    return _start(shown, MAX_TEXT - _units(note)) + note


def _start(shown: str, units: int) -> str:
    """As much of the text as fits into so many UTF-16 units, no character halved."""
    return shown.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")


def _units(shown: str) -> int:
    return len(shown.encode("utf-16-le")) // 2
