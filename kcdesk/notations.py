"""How numbers, amounts, percentages and dates are written, and what each notation means.

Vietnamese custom decides: a dot groups thousands, a comma starts the decimals, the day goes before the month. A
notation of another custom is read if it can mean only one thing ("46.7", "1,234,567.8"); with two readings it is
refused with a question that shows both and how to write each («hỏi lại»). Text that cannot be read raises ValueError
with a sentence for the officer. tests/data/notations.toml is the table of notations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from kcdesk import moments, text
from kcdesk.runtime.frozen import Value

_SPACES = re.compile("[ \u00a0\u2000-\u200a\u202f\u205f]+")  # not line ends: two lines are two values
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def plain_line(raw: str) -> str:
    """The text without unseen marks, full-width characters as common ones, every kind of space as one space."""
    return _SPACES.sub(" ", text.plain_code(raw)).strip()


class Doubt(ValueError):  # noqa: N818 (a question for the officer, no fault of the program)
    """A text with several readings: the question, and what it may mean, that of Vietnamese custom first."""

    def __init__(self, question: str, meanings: Iterable[object]) -> None:
        super().__init__(question)
        self.meanings = tuple(meanings)


# -- numbers -------------------------------------------------------------------------------------------------------

# "05" is how papers write numbers below ten; more zeros in front belong to a code or a telephone number.
_WHOLE = re.compile(r"0[1-9]?|[1-9][0-9]*")
_DOT_GROUPS = re.compile(r"([1-9][0-9]{0,2}(?:([. ])[0-9]{3})(?:\2[0-9]{3})*)(?:,([0-9]+))?")
_COMMA_GROUPS = re.compile(r"([1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
_LONGEST = 100  # signs of a number
_COMMA_DECIMAL = re.compile(r"(0|[1-9][0-9]*),([0-9]+)")
_DOT_DECIMAL = re.compile(r"(0|[1-9][0-9]*)\.([0-9]+)")
_LIKE_A_CODE = re.compile(r"[+-]?0[0-9][0-9., ]*")
_LONG = 4  # digits: an ungrouped number of this length was not broken off while its groups were typed


class _Reading(Value):
    """One meaning of a written number: its digits without groups, and its decimals."""

    digits: str
    decimals: str = ""
    grouped: bool = False

    @property
    def number(self) -> Decimal:
        """The value."""
        return Decimal(f"{self.digits}.{self.decimals or 0}")

    @property
    def is_whole(self) -> bool:
        """Whether no decimals are meant: ",00" behind a long number says so, but "300.00" is half typed."""
        if not self.decimals:
            return True
        is_complete = self.grouped or len(self.digits) >= _LONG
        return is_complete and len(self.decimals) <= 2 and not self.decimals.strip("0")


def _readings(written: str) -> list[_Reading]:
    """Every meaning of a number without sign, that of Vietnamese custom first; [] if it is no number.

    A dot before three digits groups by custom; of "1,234" the custom and the foreign meaning are both given.
    """
    if len(written) > _LONGEST:  # computing with it would take minutes
        return []
    if _WHOLE.fullmatch(written):
        return [_Reading(written)]
    if match := _DOT_GROUPS.fullmatch(written):
        return [_Reading(re.sub("[. ]", "", match[1]), match[3] or "", grouped=True)]
    readings = []
    if match := _COMMA_DECIMAL.fullmatch(written) or _DOT_DECIMAL.fullmatch(written):
        readings.append(_Reading(match[1], match[2]))
    if match := _COMMA_GROUPS.fullmatch(written):
        readings.append(_Reading(match[1].replace(",", ""), match[2] or "", grouped=True))
    return readings


def _signed(raw: str) -> tuple[int, str]:
    """The sign (1 or -1) and what is written after it."""
    written = _DASHES.sub("-", plain_line(raw))
    return (-1 if written.startswith("-") else 1), re.sub("^[+-] ?", "", written, count=1)


def parse_decimal(raw: str) -> Decimal:
    """Read a number as people write it: "1.234,5", "46,7", also "46.7", "1,234,567.8"; not for stored numbers.

    "1.234" is one thousand two hundred and thirty-four, as this program shows it too; "1,234" is asked about.
    """
    sign, written = _signed(raw)
    readings = _readings(written)
    if not readings:
        raise ValueError(_no_number(raw, "số; hãy nhập chữ số, ví dụ 1.234 hoặc 46,7"))
    if len(readings) > 1:
        numbers = [sign * reading.number for reading in readings]
        raise Doubt(_question(raw, map(typed_decimal, numbers)), numbers)
    return sign * readings[0].number


def parse_percent(raw: str) -> Decimal:
    """Read a percentage with or without its sign: "46,7%". No percentage has thousands, so "33.333" is asked about."""
    sign, written = _signed(plain_line(raw).removesuffix("%"))
    readings = _readings(written)
    if not readings:
        raise ValueError(_no_number(raw, "tỷ lệ phần trăm; hãy nhập ví dụ 50 hoặc 46,7%"))
    if re.fullmatch(r"[0-9]+\.[0-9]{3}", written) and readings[0].grouped:
        meant = (sign * Decimal(written), sign * readings[0].number)
        raise Doubt(_question(raw, (f"{typed_percent(percent)}%" for percent in meant)), meant)
    return sign * readings[0].number


def parse_integer(raw: str) -> int:
    """Read a whole number as people write it: "1.234"; "1,234" too, because a whole number has no decimals."""
    sign, written = _signed(raw)
    readings = _readings(written)
    if not readings:
        raise ValueError(_no_number(raw, "số; hãy nhập chữ số, ví dụ 1.234"))
    whole = [reading for reading in readings if reading.is_whole]
    if not whole:
        raise ValueError(f"“{_shown(raw)}” không phải là số nguyên; hãy nhập số không có phần lẻ, ví dụ 1.234.")
    return sign * int(whole[0].number)


def typed_decimal(number: Decimal) -> str:
    """Write a decimal number in the notation that is read back without a question: 1.234 as "1,2340"."""
    shown = text.format_decimal(f"{number.normalize():f}")
    return f"{shown}0" if _COMMA_GROUPS.fullmatch(shown.lstrip("-")) else shown


def typed_percent(number: Decimal) -> str:
    """Write a percentage without its sign in the notation that is read back without a question: "1250,5"."""
    return f"{number.normalize():f}".replace(".", ",")


# -- amounts -------------------------------------------------------------------------------------------------------

_CURRENCY_BEFORE = re.compile(r"(?:vnđ|vnd|₫) ?")
_CURRENCY_AFTER = re.compile(r" ?\.? ?(?:(?:đồng|dong|vnđ|vnd|đ|d|₫)\.?)")
_UNITS = {
    **dict.fromkeys(("tỷ", "tỉ", "ty", "ti"), 10**9),
    **dict.fromkeys(("triệu", "trieu", "tr"), 10**6),
    **dict.fromkeys(("nghìn", "nghin", "ngàn", "ngan", "k"), 1000),
}
_PART = re.compile(rf" ?([0-9](?:[0-9., ]*[0-9])?) ?({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![a-zà-ỹđ]) ?")
_TAIL = re.compile("[0-9]{1,3}")


def parse_money(raw: str) -> int:
    """Read an amount in whole đồng: "1.250.000.000", "1,25 tỷ", "300tr", "1 tỷ 250 triệu đồng".

    Without a unit a comma before three digits groups thousands ("300,000"), because a đồng has no parts; with a unit
    it may also start the decimals ("1,250 triệu") and is asked about.
    """
    sign, written = _signed(raw.lower())
    written = _without_currency(written)
    parts, tail = _parts(written)
    if not parts:
        return sign * _bare_amount(raw, written)
    if tail:
        raise _cut_amount(raw, parts, tail)
    amounts = list(_sums(parts))
    if not amounts:
        raise ValueError(_no_amount(raw))
    if len(amounts) > 1:
        meant = [sign * amount for amount in amounts]
        raise Doubt(_question(raw, map(_in_dong, meant)), meant)
    if amounts[0] != int(amounts[0]):
        raise ValueError(f"“{_shown(raw)}” không phải là số đồng chẵn; hãy bỏ phần lẻ.")
    return sign * int(amounts[0])


def _without_currency(written: str) -> str:
    before = _CURRENCY_BEFORE.match(written)
    bare = written[before.end() :] if before else written
    after = next((match for match in _CURRENCY_AFTER.finditer(bare) if match.end() == len(bare)), None)
    return bare[: after.start()] if after else bare


def _bare_amount(raw: str, written: str) -> int:
    readings = _readings(written)
    if not readings:
        raise ValueError(_no_amount(raw))
    whole = [reading for reading in readings if reading.is_whole]
    if not whole:
        hint = f"nếu là nghìn, triệu hay tỷ thì ghi cả đơn vị, ví dụ «{written} triệu»"
        raise ValueError(f"“{_shown(raw)}” không phải là số đồng chẵn; hãy bỏ phần lẻ, {hint}.")
    return int(whole[0].number)


_Part = tuple[list[_Reading], int]  # what a number may mean, and the đồng of its unit


def _parts(written: str) -> tuple[list[_Part], str]:
    """The numbers with their units in "1 tỷ 250 triệu", and what is left behind the last unit."""
    parts, position = [], 0
    while match := _PART.match(written, position):
        parts.append((_readings(match[1]), _UNITS[match[2]]))
        position = match.end()
    return parts, written[position:].strip()


def _sums(parts: list[_Part]) -> Iterator[Decimal]:
    """The amounts that the parts may mean: each part is smaller than the unit before it, only the last has decimals."""
    below = Decimal("Infinity")
    total = Decimal(0)
    for readings, unit in parts[:-1]:
        if len(readings) != 1 or readings[0].decimals or (amount := readings[0].number * unit) >= below:
            return
        total, below = total + amount, Decimal(unit)
    readings, unit = parts[-1]
    yield from (total + r.number * unit for r in readings if r.number * unit < below and unit < below)


def _cut_amount(raw: str, parts: list[_Part], tail: str) -> ValueError:
    """The error for "2tr5" and "1 tỷ 250", whose last digits have no unit."""
    sums = list(_sums(parts))
    if not _TAIL.fullmatch(tail) or len(sums) != 1 or parts[-1][0][0].decimals:
        return ValueError(_no_amount(raw))
    unit = parts[-1][1]
    meant = [sums[0] + Decimal(int(tail) * step) for step in (unit // 10 ** len(tail), unit // 1000, 1)]
    return Doubt(_question(raw, map(_in_dong, meant)), meant)


def _in_dong(amount: Decimal) -> str:
    whole = amount == int(amount)
    return f"{text.format_integer(int(amount)) if whole else text.format_decimal(amount.normalize())} đồng"


# -- dates ---------------------------------------------------------------------------------------------------------

_TIME = r"(?:(?: |t)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_DAY = r"(?:(?:ngày|ngay) )?(?P<d>[0-9]{1,2})"
_DATE_FORMS = (
    re.compile(rf"{_DAY} ?([/.\- ]) ?(?P<m>[0-9]{{1,2}}) ?\2 ?(?P<y>[0-9]{{4}}|[0-9]{{2}}){_TIME}"),
    re.compile(rf"(?P<y>[0-9]{{4}})([-/.])(?P<m>[0-9]{{1,2}})\2(?P<d>[0-9]{{1,2}}){_TIME}"),
    re.compile(r"(?P<y>(?:19|20)[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-9]{2})"),
    re.compile(r"(?P<d>[0-9]{2})(?P<m>[0-9]{2})(?P<y>[0-9]{4})"),
    re.compile(r"(?:(?:ngày|ngay) )?(?P<d>[0-9]{1,2}) (?:tháng|thang) (?P<m>[0-9]{1,2}),? (?:năm|nam) (?P<y>[0-9]{4})"),
)
_WITHOUT_YEAR = (
    re.compile(rf"{_DAY} ?([/\-]) ?(?P<m>[0-9]{{1,2}})"),
    re.compile(rf"{_DAY} (?:tháng|thang) (?P<m>[0-9]{{1,2}})"),
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199  # a year outside this range is a typing mistake
# Two digits: papers of this work are of these years; those between could belong to either century.
_THIS_CENTURY, _LAST_CENTURY = range(40), range(70, 100)
_NEAR = timedelta(days=92)  # a day without a year is this year's if it is no further away


def parse_date(raw: str, today: date | None = None) -> date:
    """Read a date as people write it: "5/3/26", "05.3.2026", "20260305", "2026-03-05", "05 tháng 3 năm 2026".

    "30/11" is a day of this year if it is within three months of `today`. A time of the day behind a date is left out.
    """
    written = _DASHES.sub("-", plain_line(raw)).lower()
    if match := _first(_DATE_FORMS, written):
        return _day(raw, int(match["d"]), int(match["m"]), _full_year(raw, match))
    if match := _first(_WITHOUT_YEAR, written):
        return _nearby_day(raw, int(match["d"]), int(match["m"]), today or moments.today())
    raise ValueError(_no_number(raw, "ngày; hãy nhập ví dụ 5/3/2026"))


def _first(forms: Iterable[re.Pattern[str]], written: str) -> re.Match[str] | None:
    return next(filter(None, (form.fullmatch(written) for form in forms)), None)


def _day(raw: str, day: int, month: int, year: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"Năm {year} không hợp lý; hãy nhập năm từ {_FIRST_YEAR} đến {_LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(
            f"Ngày {day}/{month}/{year} không có trong lịch; hãy xem lại “{_shown(raw)}”: ngày ghi trước tháng."
        ) from None


def _full_year(raw: str, match: re.Match[str]) -> int:
    digits = match["y"]
    year = int(digits)
    if len(digits) > 2:
        return year
    if year in _THIS_CENTURY or year in _LAST_CENTURY:
        return year + (2000 if year in _THIS_CENTURY else 1900)
    days = (f"{match['d']}/{match['m']}/{century}{digits}" for century in (19, 20))
    raise Doubt(_question(raw, days), (1900 + year, 2000 + year))


def _nearby_day(raw: str, day: int, month: int, today: date) -> date:
    days = [near for year in (today.year - 1, today.year, today.year + 1) if (near := _day_or_none(day, month, year))]
    if not days:
        raise ValueError(_no_number(raw, "ngày; hãy nhập đủ ngày, tháng, năm, ví dụ 5/3/2026"))
    nearest = sorted(days, key=lambda near: abs(near - today))
    if nearest[0].year == today.year and abs(nearest[0] - today) <= _NEAR:
        return nearest[0]
    meant = sorted(nearest[:2])
    raise Doubt(_question(raw, map(text.format_date, meant)), meant)


def _day_or_none(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# -- sentences -----------------------------------------------------------------------------------------------------


def _question(raw: str, meanings: Iterable[str]) -> str:
    """The sentence that asks which of some meanings is right; each is written as it can be typed."""
    *others, last = (f"«{meaning}»" for meaning in dict.fromkeys(meanings))
    either = f"{', '.join(others)} hoặc {last}" if others else last
    return f"“{_shown(raw)}” có thể hiểu là {either}; hãy nhập rõ theo cách viết muốn chọn."


def _no_number(raw: str, wanted: str) -> str:
    written = plain_line(raw)
    if _LIKE_A_CODE.fullmatch(written):
        wanted = f"{wanted}; số không bắt đầu bằng chữ số 0 như mã hay số điện thoại"
    return f"“{_shown(raw)}” không phải là {wanted}."


def _no_amount(raw: str) -> str:
    return _no_number(raw, "số tiền; hãy nhập ví dụ 300.000.000 hoặc 300 triệu")


def _shown(raw: str) -> str:
    """The text, shortened to at most 40 characters so that a sentence can quote it."""
    line = " ".join(text.clean(raw).split())
    return line if len(line) <= 40 else f"{line[:39]}…"
