"""Reads telephone numbers of foreign spreadsheets: several in a cell, lost zeros, area codes from before 2017."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from kcdesk import paths
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import ValueProblem, from_machine
from kcdesk.formdef.types.registry import type_of
from kcdesk.sheets.values import marks
from kcdesk.sheets.values.cells import Reading

_PHONE = Field(name="phone", type="phone", label="")
_LABEL = re.compile(
    r"(?:số\s*)?(?:điện thoại|đtdđ|đt|sđt|dđ|di động|tel|phone|mobile|hotline|cđ|cố định)\s*(?:liên hệ)?\s*[:.]*\s*",
    re.IGNORECASE,
)
_FAX = re.compile(r"[;,/\-\s]*fax.*$", re.IGNORECASE)
_REMARKS = re.compile(r"\([^()\d]*\)|\s*[-–]?\s*(?:zalo|viber|whatsapp)\b\.?", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[/,;&|\n]|\s[-–]\s|\s-|-\s|\bhoặc\b|\bvà\b)\s*", re.IGNORECASE)
_RUN = re.compile(r"\+?\(?\d[\d\s.\-()]*\d")
# «037.3851234», «(0511) 3.812345»: an area code, then the seven or eight digits of a line.
_AREA = re.compile(
    r"\(?0?(?P<area>\d{1,3})\)?(?P<gap>[\s.\-)]+)(?P<line>[2-9]\d{6,7}|[2-9]\d{0,3}[\s.\-]\d{3,4}(?:[\s.\-]?\d{2,4})?)"
)

_LANDLINE = 11  # digits of a landline today; no old area code of three digits is one of today
_CHANGED = 2018  # from this year on numbers that look like mobile ones are mobile ones


@cache
def _old_codes() -> tuple[dict[str, str], dict[str, str]]:
    """Area codes until 2017 and mobile codes until 2018, without their zero, and what each became."""
    table = tomllib.loads((paths.resources() / "telephone_codes.toml").read_text(encoding="utf-8"))
    return table["areas"], table["mobile"]


def read_phone(value: object, year: int | None = None) -> Reading:
    """Read a telephone number; the second one of a cell stands beside it. `year`: of the sheet, for old codes."""
    if isinstance(value, float) and value != int(value):
        return _split_by_point(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _single(str(int(value)), year)
    if not isinstance(value, str):
        return Reading(problem="Ô này không phải là số điện thoại.")
    if marks.exponent_digits(value):
        return Reading(problem=f"“{value}”: bảng tính đã làm mất các chữ số của số điện thoại; hãy nhập lại.")
    return _of_text(value, year)


def _of_text(written: str, year: int | None) -> Reading:
    bare = _REMARKS.sub("", _FAX.sub("", written) or written)
    bare = _LABEL.sub(" ", bare.replace("'", "")).strip(" .,;:-")
    whole = _single(bare, year)
    if not whole.problem:
        return whole
    parts = [part for part in _BETWEEN.split(bare) if part]
    if len(parts) < 2:
        return _inside(written, bare, year)
    readings = [_single(part, year) for part in parts]
    if any(reading.problem for reading in readings):
        return _inside(written, bare, year)
    first, second = readings[0], readings[1]
    if len(readings) > 2 or second.question:
        return Reading(first.value, f"“{marks.quoted_line(written)}” có nhiều số: lấy số {_shown(first.value)}?")
    return Reading(first.value, first.question, beside={"second_phone": second.value})


def _inside(written: str, bare: str, year: int | None) -> Reading:
    """The first number among other words, asked about."""
    sure = [reading for run in _RUN.findall(bare) if not (reading := _single(run.strip(), year)).problem]
    if not sure:
        return Reading(
            problem=f"“{marks.quoted_line(written)}” không phải là số điện thoại; hãy nhập ví dụ 0912 345 678."
        )
    return Reading(sure[0].value, f"“{marks.quoted_line(written)}”: lấy số {_shown(sure[0].value)}?")


def _single(written: str, year: int | None) -> Reading:
    """One number: as it is typed today, else by the codes of before."""
    if old := _grouped_old_number(written, year):
        return _asked(written, old)
    try:
        stored = type_of(_PHONE).parse(written, _PHONE)
    except ValueProblem as problem:
        old = _old_number(re.sub(r"\D", "", written).removeprefix("0"))
        return _asked(written, old) if old else Reading(problem=str(problem))
    is_of_then = len(str(stored)) == _LANDLINE or (year is not None and year < _CHANGED)
    if is_of_then and (old := _old_number(str(stored).removeprefix("0"))):
        return _asked(written, old)
    return Reading(stored)


def _grouped_old_number(written: str, year: int | None) -> str:
    """Today's number for one whose groups show an area code of before; "" for any other."""
    match = _AREA.fullmatch(written.strip())
    areas, _mobile = _old_codes()
    if match is None or match["area"] not in areas:
        return ""
    line = re.sub(r"\D", "", match["line"])
    parted = not match["line"].isdigit()
    if len(line) != _line_digits(match["area"]) or (
        parted and line[0] not in "2367" and (year or _CHANGED) >= _CHANGED
    ):
        return ""
    return f"0{areas[match['area']]}{line}"


def _line_digits(area: str) -> int:
    return 8 if len(area) == 1 else 7


def _old_number(digits: str) -> str:
    """Today's number for the digits of an old one behind its zero; "" if they are none."""
    areas, mobile = _old_codes()
    if len(digits) == 10 and (code := digits[:3]) in mobile:
        return f"0{mobile[code]}{digits[3:]}"
    for length in (1, 2, 3):
        area = digits[:length]
        if area in areas and len(digits) == length + _line_digits(area) and digits[length] in "23456789":
            return f"0{areas[area]}{digits[length:]}"
    return ""


def _asked(written: str, today: str) -> Reading:
    return Reading(today, f"“{marks.quoted_line(written)}” có vẻ mang đầu số cũ: số ngày nay là {_shown(today)}?")


def _split_by_point(value: float) -> Reading:
    """«292.3812345» read as a number: the point stands between area code and line; its last zeros may be lost."""
    whole, _, decimals = f"{from_machine(value):f}".partition(".")
    reading = _single(f"{whole}.{decimals}", None)
    if not reading.problem and not reading.question:
        return reading
    for zeros in ("0", "00", "000"):
        padded = _single(f"{whole}.{decimals}{zeros}", None)
        if not padded.problem and not padded.question:
            return Reading(padded.value, f"Bảng tính có thể đã bỏ số 0 ở cuối: số là {_shown(padded.value)}?")
    return reading


def _shown(stored: object) -> str:
    return type_of(_PHONE).text(stored, _PHONE)
