"""Reads days and years of foreign spreadsheets: real dates, serial numbers, texts of several customs, periods."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from kcdesk import notations, text
from kcdesk.runtime.frozen import Value
from kcdesk.sheets.values import marks
from kcdesk.sheets.values.cells import Reading

_DAY_ZERO = date(1899, 12, 30)  # of the serial numbers of spreadsheets, from March 1900 on
_SERIALS = range(25569, 58441)  # 1970 to 2059: a smaller or larger number is no day of this work
_NUMERIC = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})")
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_ENGLISH = (
    re.compile(rf"(?P<d>\d{{1,2}})[\s\-/]*{_MONTH_NAME}[\s,\-/]*(?P<y>\d{{4}}|\d{{2}})", re.IGNORECASE),
    re.compile(rf"{_MONTH_NAME}[\s\-/]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s,\-/]+(?P<y>\d{{4}})", re.IGNORECASE),
)
_INSIDE = re.compile(
    r"(?<![\d/.\-])(?:\d{1,2}([/.\-])\d{1,2}\1\d{4}|\d{1,2} tháng \d{1,2},? năm \d{4})(?![\d/\-]|\.\d)", re.IGNORECASE
)
_FROM_TO = re.compile(r"\d\s*(?:\s[-–—]\s|đến|tới|→|÷)\s*(?:ngày\s*)?\d", re.IGNORECASE)  # «01/3 - 05/6/2018»
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER = re.compile(
    rf"(?:quý|quí|quy|qui|q)\s*\.?\s*(?P<q>iv|i{{1,3}}|[1-4])\s*(?:[/,.\-–]|năm|nam)?\s*(?:năm|nam)?\s*{_YEAR}"
)
_MONTH = re.compile(
    rf"(?:(?:tháng|thang|th|t)\s*\.?\s*)?(?P<m>0?[1-9]|1[0-2])\s*(?:[/.\-–]|năm|nam)\s*(?:năm|nam)?\s*{_YEAR}"
)
_NAMED_MONTH = re.compile(rf"{_MONTH_NAME}[\s,\-/]+{_YEAR}")
_PART_OF_YEAR = re.compile(
    rf"(?:(?:đầu|giữa|cuối|6 tháng (?:đầu|cuối)|9 tháng(?: đầu)?|hết)\s+)?(?:năm|nam|n)?\s*\.?\s*{_YEAR}"
)
_YEARS = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_YEAR_IN_WORDS = re.compile(rf"(?:năm|nam)\s*{_YEAR}(?!\d|\s*[-–/]\s*\d)", re.IGNORECASE)


class WrittenPeriod(Value):
    """A year or a part of one, as people write it."""

    year: int
    shown: str
    is_whole_year: bool = False


def period_of(written: str) -> WrittenPeriod | None:
    """The period that a text names: «quý II/2018», «tháng 5/2018», «2018»; None for anything else, also for a day."""
    bare = " ".join(notations.plain_line(written).lower().split()).strip(" .")
    for pattern, is_year in ((_QUARTER, False), (_MONTH, False), (_NAMED_MONTH, False), (_PART_OF_YEAR, True)):
        if match := pattern.fullmatch(bare):
            return WrittenPeriod(int(match["y"]), marks.quoted_line(written), is_year)
    return None


def read_day(value: object, month_first: bool | None, *, swapped: bool = False) -> Reading:
    """Read a day as YYYY-MM-DD. A period is no day; a day that the column does not settle is asked about."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _real_day(value, swapped)
    if isinstance(value, str):
        return _day_of_text(value.strip().lstrip("'"), month_first)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _day_of_number(value)
    return Reading(problem="Ô này không phải là ngày; hãy nhập ví dụ 5/3/2026.")


def _real_day(day: date, swapped: bool) -> Reading:
    if not swapped or day.day > 12 or day.day == day.month:
        return Reading(day.isoformat())
    other = date(day.year, day.day, day.month)
    question = f"Bảng tính có thể đã đổi chỗ ngày và tháng: là {text.format_date(other)} hay {text.format_date(day)}?"
    return Reading(other.isoformat(), question)


def _day_of_number(value: int | float) -> Reading:
    whole = int(value)
    if whole in _SERIALS:
        return Reading((_DAY_ZERO + timedelta(days=whole)).isoformat())
    if 1900 <= value <= 2199:
        return Reading(problem=f"Ô này chỉ ghi năm {whole}, không có ngày; hãy ghi đủ ngày, tháng, năm.")
    if value == whole and 10**6 <= whole < 10**8:
        return _day_of_text(f"{whole:08}", None)
    return Reading(
        problem=f"Số {text.format_decimal(Decimal(str(value)))} không phải là ngày; hãy nhập ví dụ 5/3/2026."
    )


def _day_of_text(written: str, month_first: bool | None) -> Reading:
    if digits := re.fullmatch(r"\d{5}(?:[.,]\d+)?", written):
        return _day_of_number(int(digits[0][:5]))
    if match := next(filter(None, (pattern.fullmatch(written) for pattern in _ENGLISH)), None):
        return _calendar(written, int(match["d"]), _english_month(match["name"]), match["y"])
    if (match := _NUMERIC.fullmatch(written.split(" ")[0])) and (month_first or int(match[3]) > 12 >= int(match[1])):
        return _american(written, match, month_first)
    if period := period_of(written):
        kind = "năm" if period.is_whole_year else "tháng, quý"
        return Reading(problem=f"“{period.shown}” chỉ ghi {kind}, không có ngày; hãy ghi đủ ngày, tháng, năm.")
    try:
        return Reading(notations.parse_date(written).isoformat())
    except notations.Doubt as doubt:
        days = [meaning for meaning in doubt.meanings if isinstance(meaning, date)]
        return Reading(days[0].isoformat() if days else None, str(doubt))
    except ValueError as error:
        return _day_inside(written, str(error))


def _american(written: str, match: re.Match[str], month_first: bool | None) -> Reading:
    """A day whose month goes first, by its own figures or by those of its column."""
    if int(match[3]) <= 12 and int(match[1]) > 12:  # the column says so, this cell cannot be
        return Reading(None, f"“{written}”: các ô khác của cột ghi tháng trước ngày; hãy ghi lại ngày này.")
    reading = _calendar(written, int(match[3]), int(match[1]), match[4])
    if month_first or reading.value is None:
        return reading
    day = text.format_date(date.fromisoformat(reading.value))
    return Reading(reading.value, f"“{written}” ghi tháng trước ngày: là {day}?")


def _calendar(written: str, day: int, month: int, year: str) -> Reading:
    try:
        return Reading(notations.parse_date(f"{day}/{month}/{year}").isoformat())
    except notations.Doubt as doubt:
        return Reading(None, str(doubt))
    except ValueError:
        return Reading(
            problem=f"“{marks.quoted_line(written)}” không phải là ngày có trong lịch; hãy nhập ví dụ 5/3/2026."
        )


def _day_inside(written: str, problem: str) -> Reading:
    """The only day among other words; sure behind «ngày», else asked about."""
    if _FROM_TO.search(written):
        shown = marks.quoted_line(written)
        return Reading(problem=f"“{shown}” là một khoảng ngày, không phải một ngày; hãy ghi một ngày.")
    days = list(_INSIDE.finditer(written))
    if len(days) != 1 or days[0][0] == written:
        return Reading(problem=problem)
    reading = _day_of_text(days[0][0], None)
    if reading.value is None or reading.question:
        return Reading(reading.value, reading.question, problem if reading.value is None else "")
    if re.search(r"(?:ngày|ngay)\s*$", written[: days[0].start()], re.IGNORECASE) and days[0].end() == len(written):
        return reading
    day = text.format_date(date.fromisoformat(reading.value))
    return Reading(reading.value, f"“{marks.quoted_line(written)}”: lấy ngày {day}?")


def _english_month(name: str) -> int:
    return _ENGLISH_MONTHS.index(name.lower()[:3]) + 1


def read_year(value: object) -> Reading:
    """Read a year: of a number, a day, a period, or of a text that names one year."""
    if isinstance(value, date):
        return Reading(value.year)
    if isinstance(value, str):
        return _year_of_text(value.strip().lstrip("'"))
    if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value) and 1900 <= value <= 2199:
        return Reading(int(value))
    return Reading(problem="Ô này không phải là năm; hãy nhập bốn chữ số, ví dụ 2026.")


def _year_of_text(written: str) -> Reading:
    if period := period_of(written):
        return Reading(period.year)
    years = {int(match["y"]) for match in _YEARS.finditer(written)}
    if len(years) != 1:
        what = "nhiều năm" if years else "không có năm nào"
        return Reading(problem=f"“{marks.quoted_line(written)}” ghi {what}; hãy nhập một năm, ví dụ 2026.")
    year = years.pop()
    if _YEAR_IN_WORDS.search(written) or _INSIDE.fullmatch(written):
        return Reading(year)
    return Reading(year, f"“{marks.quoted_line(written)}”: lấy năm {year}?")


def month_first_of(values: Iterable[object]) -> bool | None:
    """Whether the texts of a column write the month before the day: by those that can be only one of both."""
    customs = set()
    for value in values:
        match = _NUMERIC.fullmatch(value.strip().split(" ")[0]) if isinstance(value, str) and value.strip() else None
        if match and (int(match[1]) > 12) != (int(match[3]) > 12):
            customs.add(int(match[3]) > 12)
    return customs.pop() if len(customs) == 1 else None


def are_days_swapped(values: Iterable[object]) -> bool:
    """Whether a spreadsheet has probably taken days for months: it left «13/05/2020» as text and read all the others.

    Where it reads the month first, no real date of the column has a day above 12, and only such days stay texts.
    """
    listed = list(values)
    real = [value for value in listed if isinstance(value, date)]
    left = [value for value in listed if isinstance(value, str) and _NUMERIC.fullmatch(value.strip())]
    unread = [value for value in left if int(value.strip().replace("-", "/").replace(".", "/").split("/")[0]) > 12]
    return bool(real and unread) and len(unread) == len(left) and all(day.day <= 12 for day in real)
