"""The cells of a sheet that came back: a value, nothing, or something that cannot be read, with the reason."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta

from lxml import etree
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import from_excel

from kcdesk import moments
from kcdesk.exchange.workbook.book_parts import BookParts, local_name, text_in
from kcdesk.exchange.workbook.cells import MAX_TEXT, from_xml
from kcdesk.formdef.types.base import ReadCell
from kcdesk.formdef.values import Percentage, Unreadable
from kcdesk.runtime.frozen import Value

_ERROR = re.compile(r"#(REF!|VALUE!|DIV/0!|NAME\?|N/A|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)|Err:[0-9]{3}")
FORMULA = "Ô này là công thức; lấy kết quả mà bảng tính đã tính."
_LONGEST_NUMBER = 40  # characters; Excel writes at most 24
_DAY_LETTERS = re.compile(r"[dy]", re.IGNORECASE)
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')  # the parts of a format that are no letters of it
_FALSE_DAYS = 61  # days from 1900-01-01 that Excel counts wrongly, because it takes 1900 for a leap year


class _Style(Value):
    """What a number in a style means: a percentage, a day, a time of the day, or a span of time."""

    is_percent: bool = False
    is_day: bool = False
    is_clock: bool = False
    is_span: bool = False


class CellReader:
    """Reads the cells of one workbook."""

    def __init__(self, book: BookParts) -> None:
        self._book = book
        self._styles: list[_Style] | None = None

    def read(self, cell: etree._Element) -> tuple[ReadCell, bool]:
        """The value of a cell, and whether a formula made it."""
        kind = cell.get("t", "n")
        content, formula = "", None
        for child in cell:
            name = local_name(child)
            if name == "v":
                content = child.text or ""
            elif name == "is":
                content = text_in(child)
            elif name == "f":
                formula = child.text or ""
        value = self._value(kind, content, cell.get("s", ""))
        return (value, False) if formula is None else (_result(value, formula), True)

    def _value(self, kind: str, content: str, style: str) -> ReadCell:
        if not content:
            return None
        if kind == "n":
            return self._number(content, style)
        if kind == "s":
            return self._shared(content)
        if kind in ("inlineStr", "str"):
            return _text(content)
        if kind == "b":
            return content.strip().lower() in ("1", "true")
        if kind == "d":
            return _day(content)
        return _error(content) if kind == "e" else _strange(content)

    def _shared(self, content: str) -> ReadCell:
        text = self._book.shared_text(content)
        return _strange(content) if text is None else _text(text)

    def _number(self, content: str, style: str) -> ReadCell:
        number = _plain_number(content.strip())
        if number is None:
            return _strange(content)
        meaning = self._meaning(style)
        if meaning.is_percent:
            return Percentage(number)
        if not (meaning.is_day or meaning.is_clock or meaning.is_span):
            return number
        try:
            return _moment(number, meaning, self._book.epoch)
        except (OverflowError, ValueError):
            return Unreadable(
                f"Ô này được định dạng là ngày nhưng {content} không phải ngày nào; hãy nhập lại.", content
            )

    def _meaning(self, style: str) -> _Style:
        if self._styles is None:
            self._styles = [_style(written) for written in self._book.formats]
        place = int(style) if style.isdecimal() and len(style) < 7 else 0
        return self._styles[place] if place < len(self._styles) else _Style()


def _style(written: str) -> _Style:
    if "%" in _NOT_SHOWN.sub("", written):
        return _Style(is_percent=True)
    if is_timedelta_format(written):
        return _Style(is_span=True)
    if not is_date_format(written):
        return _Style()
    is_day = _DAY_LETTERS.search(_NOT_SHOWN.sub("", written)) is not None
    return _Style(is_day=is_day, is_clock=not is_day)


def _plain_number(content: str) -> int | float | None:
    """The number in a cell; None if it is none."""
    if len(content) > _LONGEST_NUMBER:
        return None
    try:
        number = float(content)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(content) if content.removeprefix("-").isdecimal() else number


def _moment(number: int | float, meaning: _Style, epoch: datetime) -> date | time | timedelta:
    """The day, time or span of a number; ValueError, OverflowError if there is none such."""
    if number < 0:
        raise ValueError("before the first day")
    if meaning.is_span or (meaning.is_clock and number >= 1):
        return timedelta(seconds=round(number * 86_400))
    moment = from_excel(number, epoch)
    if isinstance(moment, time):
        return moment
    if epoch.year < 1900 and number < _FALSE_DAYS:
        raise ValueError("Excel counts these days wrongly")
    assert isinstance(moment, datetime)
    return moment.date() if moment.time() == time() else moment


def _text(content: str) -> ReadCell:
    value = from_xml(content)
    return _error(value) if isinstance(value, str) and _ERROR.fullmatch(value) else value


def _day(content: str) -> ReadCell:
    """A day or time as Strict Open XML and some libraries write it: 2026-03-05T08:30:00."""
    try:
        if content.startswith(("T", "t")) or ":" in content[:3]:
            return time.fromisoformat(content.lstrip("Tt").removesuffix("Z"))
        moment = moments.as_written(content)
    except ValueError:
        return _strange(content)
    return moment.date() if moment.time() == time() else moment.replace(tzinfo=None)


def _result(value: ReadCell, formula: str) -> ReadCell:
    """The result of a formula; a formula without one is not an empty cell."""
    if value is not None:
        return value
    sentence = "Ô này là công thức không có kết quả; hãy chép rồi dán lại thành giá trị."
    return Unreadable(sentence, f"={formula}"[:MAX_TEXT])


def _error(content: str) -> Unreadable:
    return Unreadable(f"Ô này báo lỗi công thức ({content}); hãy nhập lại giá trị.", content)


def _strange(content: str) -> Unreadable:
    return Unreadable("Ô này chứa thứ mà chương trình không đọc được; hãy nhập lại giá trị.", content[:100])


def opens_as_formula(shown: ReadCell) -> bool:
    """Whether a text looks like a formula: programs keep a formula that is typed into a cell of text as text."""
    return isinstance(shown, str) and shown.startswith("=")
