"""The period of a report: its days, read as officers write them, and its name."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from kcdesk import notations, text
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value

_YEAR = re.compile(r"(?:nam )?(\d{4})")
_MONTH = re.compile(r"(?:thang )?(\d{1,2}) ?[/-] ?(\d{4})|(\d{4})-(\d{1,2})")
_QUARTER = re.compile(r"(?:q|quy ) ?([1-4]|iv|i{1,3})[/ -]+(?:nam )?(\d{4})|(\d{4})[/ -]*(?:q|quy ) ?([1-4]|iv|i{1,3})")
_HALF = re.compile(
    r"(?:h|6 thang dau|6 thang cuoi|nua dau|nua cuoi) ?([12])?[/ -]*(?:nam )?(\d{4})|(\d{4})[/ -]*h ?([12])"
)
_FIRST_MONTHS = re.compile(r"(\d{1,2}) ?(?:m|thang dau)[/ -]*(?:nam )?(\d{4})")  # «6m2026», «9 tháng đầu năm 2026»
# The words around the ends of a span, with and without accents: «từ 1/3/2026 đến 15/3/2026», «Các năm 2021–2025».
_DAY = r"(?:ngày\s|ngay\s|năm\s|nam\s)?\s*"
_FROM = rf"(?:từ\s|tu\s|các\s|cac\s)?\s*{_DAY}"
_SPAN = re.compile(
    rf"{_FROM}(?P<first>.+?)\s*(?:–|—|\s-\s|\s(?:đến|den)\s)\s*(?:hết\s|het\s)?\s*{_DAY}(?P<last>.+)|"
    r"(?P<year>\d{4})-(?P<to>\d{4})",
    re.IGNORECASE,
)
_OPEN = re.compile(rf"(?:(?P<since>từ|tu)|đến|den)\s+{_DAY}(?P<day>.+)", re.IGNORECASE)
_EVERYTHING = ("tat ca", "tat ca cac ky")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_KINDS = {1: "month", 3: "quarter", 6: "half_year", 12: "year"}  # by the number of months
_EARLIEST, _LATEST = 1900, 2199
_EXAMPLES = "2022; 2022-Q1; 2022-H1; 6m2022; 03/2022; 01/01/2022; 2022-01-01; 2021..2025"


class Period(Value):
    """The days from `first` to `last`, both included; None is open."""

    first: date | None = None
    last: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether the period has neither beginning nor end."""
        return self.first is None and self.last is None

    @property
    def name(self) -> str:
        """The period as an officer says it: «Năm 2022», «Quý I/2022», «Từ 01/01/2022 đến 15/3/2022»."""
        if self.first is None or self.last is None:
            if self.first is not None:
                return f"Từ ngày {text.format_date(self.first)}"
            return f"Đến ngày {text.format_date(self.last)}" if self.last is not None else "Tất cả các kỳ"
        return _named(self.first, self.last) or (
            f"Từ ngày {text.format_date(self.first)} đến ngày {text.format_date(self.last)}"
        )

    @property
    def kind(self) -> str:
        """`month`, `quarter`, `half_year` or `year` if it is a whole one, else `other`."""
        if self.first is None or self.last is None or not _is_whole(self.first, self.last):
            return "other"
        months = self.last.month - self.first.month + 1
        is_regular = self.first.year == self.last.year and (self.first.month - 1) % months == 0
        return _KINDS.get(months, "other") if is_regular else "other"

    @property
    def following(self) -> Period:
        """The period of its kind after it; after any other one the rest of the year, or the next year."""
        first, last = self._ends()
        start = last + timedelta(days=1)
        months = last.month - first.month + 1 if self.kind != "other" else 13 - start.month
        end_month = start.month + months - 1
        return Period(start, date(start.year, end_month, calendar.monthrange(start.year, end_month)[1]))

    @property
    def year_to_its_end(self) -> Period:
        """From the beginning of its last year to its end; UserError if an end is open."""
        _first, last = self._ends()
        return Period(date(last.year, 1, 1), last)

    def _ends(self) -> tuple[date, date]:
        if self.first is None or self.last is None:
            raise UserError("Báo cáo tổng hợp cần một kỳ có ngày đầu và ngày cuối.", code="bad_period", hint=_hint())
        return self.first, self.last

    @property
    def until_its_end(self) -> Period:
        """The period from the beginning of all records to the end of this one, for cumulative figures."""
        return Period(None, self.last)

    def as_json(self) -> dict[str, str | None]:
        """The days as ISO text, None for an open end."""
        return {
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
        }

    def years(self) -> list[int]:
        """The years of the period; [] if it has an open end."""
        if self.first is None or self.last is None:
            return []
        return list(range(self.first.year, self.last.year + 1))

    def months(self) -> list[str]:
        """The months of the period as «2022-03»; [] if it has an open end."""
        if self.first is None or self.last is None:
            return []
        numbers = range(self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month)
        return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]

    def a_year_before(self) -> Period:
        """The same days of the year before; UserError if an end is open."""
        if self.first is None or self.last is None:
            raise UserError("So với năm trước cần một kỳ có ngày đầu và ngày cuối.", code="bad_period", hint=_hint())
        return Period(_year_back(self.first), _year_back(self.last, keeps_end=True))


def period_of(first: str = "", last: str = "", named: str = "") -> Period:
    """Read a period from its beginning and end, or from its name («2022-Q1»); UserError `bad_period`.

    An end that is written as a year, quarter or month means its last day, a beginning its first day.
    """
    if named and (first or last):
        raise UserError("Chỉ dùng «--period», hoặc «--from» với «--to».", code="bad_period")
    if named:
        return _period_named(text.clean(named))
    start = _days(first)[0] if first else None
    end_day = _days(last)[1] if last else None
    if start and end_day and end_day < start:
        raise UserError(
            f"Kỳ báo cáo kết thúc ngày {text.format_date(end_day)}, trước khi bắt đầu ngày {text.format_date(start)}.",
            code="bad_period",
            hint="Hãy đổi lại ngày đầu và ngày cuối.",
        )
    return Period(start, end_day)


def _period_named(named: str) -> Period:
    """The period with a name, in every notation in which `Period.name` writes it."""
    begin, separator, end = named.partition("..")
    if separator:
        return period_of(begin, end)
    if text.fold(named) in _EVERYTHING:
        return Period()
    if _year_months(text.fold(named)) is not None:  # «quý IV - 2022» is no span
        return period_of(named, named)
    if match := _SPAN.fullmatch(named):
        return period_of(match["first"] or match["year"], match["last"] or match["to"])
    if match := _OPEN.fullmatch(named):
        return period_of(match["day"]) if match["since"] else period_of(last=match["day"])
    return period_of(named, named)


def _days(written: str) -> tuple[date, date]:
    """The first and the last day that a text means."""
    folded = text.fold(written)
    months = _year_months(folded)
    if months is not None:
        year, first, last = months
        if _EARLIEST <= year <= _LATEST and 1 <= first <= last <= 12:
            return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
        raise _unreadable(written)
    if not re.search(r"\d\D+\d", written):  # «20188», «nay»: not even a day that is written wrongly
        raise _unreadable(written)
    try:
        day = notations.parse_date(re.sub(r"^\s*(?:ngày|ngay)\s+", "", written, flags=re.IGNORECASE))
    except ValueError as error:
        raise UserError(str(error), code="bad_period", hint=_hint()) from error
    return day, day


def _year_months(folded: str) -> tuple[int, int, int] | None:
    """Year, first and last month of a year, half-year, quarter or month; None for any other text."""
    if match := _YEAR.fullmatch(folded):
        return int(match[1]), 1, 12
    if match := _MONTH.fullmatch(folded):
        month = int(match[1] or match[4])
        return int(match[2] or match[3]), month, month
    if match := _QUARTER.fullmatch(folded):
        written = match[1] or match[4]
        quarter = _ROMAN.get(written) or int(written)
        return int(match[2] or match[3]), 3 * quarter - 2, 3 * quarter
    if match := _HALF.fullmatch(folded):
        half = int(match[1] or match[4] or (2 if "cuoi" in folded else 1))
        return int(match[2] or match[3]), 6 * half - 5, 6 * half
    if match := _FIRST_MONTHS.fullmatch(folded):
        return int(match[2]), 1, int(match[1])
    return None


def _is_whole(first: date, last: date) -> bool:
    """Whether the days are whole months."""
    return first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]


def _named(first: date, last: date) -> str:
    """The name of whole months, quarters, half-years and years; "" for other days."""
    if not _is_whole(first, last):
        return f"Ngày {text.format_date(first)}" if first == last else ""
    if first.year != last.year:
        return f"Các năm {first.year}–{last.year}" if (first.month, last.month) == (1, 12) else ""
    months = (first.month, last.month)
    if first.month == last.month:
        return f"Tháng {first.month}/{first.year}"
    if months == (1, 12):
        return f"Năm {first.year}"
    if months in ((1, 6), (7, 12)):
        return f"6 tháng {'đầu' if first.month == 1 else 'cuối'} năm {first.year}"
    if first.month % 3 == 1 and last.month - first.month == 2:
        return f"Quý {('I', 'II', 'III', 'IV')[first.month // 3]}/{first.year}"
    return f"{last.month} tháng đầu năm {first.year}" if first.month == 1 else ""


def _year_back(day: date, *, keeps_end: bool = False) -> date:
    """The same day of the year before; the last day of a month stays one if it ends a period."""
    days, days_before = (calendar.monthrange(year, day.month)[1] for year in (day.year, day.year - 1))
    ends_month = keeps_end and day.day == days
    return date(day.year - 1, day.month, days_before if ends_month else min(day.day, days_before))


def _unreadable(written: str) -> UserError:
    return UserError(f"“{written}” không phải là một kỳ báo cáo.", code="bad_period", hint=_hint())


def _hint() -> str:
    return f"Ví dụ: {_EXAMPLES}."
