"""Conversion between values and cells of Excel, in both directions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from kcdesk import notations, text
from kcdesk.formdef.types.base import Cell, ReadCell, from_machine, span_text
from kcdesk.formdef.values import Percentage, Unreadable

MAX_TEXT = 32_767  # characters in a cell, counted by Excel in UTF-16 units
MAX_SHEET_NAME = 31
TOO_BIG = 10**15  # Excel keeps only fifteen digits of a number
_FIRST_DAY = date(1900, 3, 1)  # Excel counts earlier days wrongly
_CUT_NOTE = "… [còn nữa, toàn bộ {total} ký tự nằm trong hồ sơ điện tử của gói này]"
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads "_x0041_" as an escape; in a text it must be kept
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def to_cell(value: Cell) -> Cell:
    """The value for a cell; numbers, dates and texts that Excel would change become safe text."""
    if isinstance(value, str):
        return _cut(text.portable(value))
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, int) and not -TOO_BIG < value < TOO_BIG:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, date) and value < _FIRST_DAY:
        return text.format_date(value)
    return value


def to_xml(shown: str) -> str:
    """The text of a cell as it is written in the file."""
    return _ESCAPE_LIKE.sub("_x005F_", shown) if "_x" in shown else shown


def from_xml(value: object) -> ReadCell:
    """The value of a cell read from a file: escapes decoded, a date with time as a date, blank (and only that) as None.

    What is no value of a cell is Unreadable, so that it never counts as emptied.
    """
    if isinstance(value, str):
        plain = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), value) if "_x" in value else value
        return text.portable(plain) or None
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, int | float | date | time | timedelta | Unreadable):
        return value
    return Unreadable("Ô này chứa thứ mà chương trình không đọc được; hãy nhập lại giá trị.", str(value))


def same(shown: ReadCell, expected: Cell) -> bool:
    """Whether a cell read from a file is equal to the value written; a blank text is equal to an empty cell."""
    expected = to_cell(expected)
    if isinstance(shown, int | float) and isinstance(expected, int | float):
        return math.isclose(shown, expected, rel_tol=1e-14)
    if isinstance(expected, int | float):
        return False
    return (None if shown == "" else shown) == (None if expected == "" else expected)


def seen_text(value: ReadCell) -> str:
    """A cell that came back, in a text for people; "" if it is empty."""
    if isinstance(value, timedelta):
        return span_text(value)
    if isinstance(value, Percentage) and math.isfinite(value):
        return f"{notations.typed_percent(from_machine(value).scaleb(2))}%"
    return f"{value:%H:%M}" if isinstance(value, time) else str("" if value is None else value)


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Valid sheet names for the wanted names: at most 31 characters, unique without regard to case."""
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
    name = " ".join(_NOT_IN_NAMES.sub(" ", text.portable(label)).split())
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
    """The beginning of a text that fits into a number of UTF-16 units, without a divided character."""
    return shown.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")


def _units(shown: str) -> int:
    return len(shown.encode("utf-16-le")) // 2
