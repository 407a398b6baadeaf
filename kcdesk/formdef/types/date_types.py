"""Field types of days and times, stored as YYYY-MM-DD and HH:MM."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from kcdesk import notations, text
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import Cell, FieldType, as_text, span_text, typed_line
from kcdesk.formdef.values import Lookups, Stored, today


class DateType(FieldType):
    """A day, stored as YYYY-MM-DD."""

    is_ordered = True
    forms_groups = True
    editor = "date"
    is_date = True
    align = "center"
    cell_format = "dd/mm/yyyy"

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse a value that is no date or is outside the limits."""
        if not isinstance(stored, str) or stored_date(stored) is None:
            return "Phải là một ngày có trong lịch."
        if field.min is not None and stored < (low := _limit(field.min)):
            return f"Không được trước ngày {text.format_date(date.fromisoformat(low))}."
        if field.max is not None and stored > (high := _limit(field.max)):
            return f"Không được sau ngày {text.format_date(date.fromisoformat(high))}."
        return ""

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The text on the screen: 05/3/2026."""
        day = stored_date(stored)
        return text.format_date(day) if day else str(stored)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The text on the screen."""
        return self.text(stored, field)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """A real date."""
        return stored_date(stored) or str(stored)

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        if isinstance(raw, datetime):
            raw = raw.date()
        written = raw if isinstance(raw, str | date) else as_text(raw)
        return (written if isinstance(written, date) else notations.parse_date(written, today())).isoformat()


def stored_date(stored: Stored) -> date | None:
    """The date of a stored value; None if it is no date."""
    if not isinstance(stored, str) or not re.fullmatch(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", stored):
        return None
    try:
        return date.fromisoformat(stored)
    except ValueError:
        return None


def _limit(limit: int | str) -> str:
    return today().isoformat() if limit == "today" else str(limit)


class TimeType(FieldType):
    """A time of day, stored as HH:MM."""

    is_time = True
    is_ordered = True
    editor = "time"
    align = "center"

    _PATTERNS = (
        re.compile(r"([0-9]{1,2}) ?: ?([0-9]{2})(?::00)?"),
        re.compile(r"([0-9]{1,2}) ?(?:h|g|giờ|gio) ?(?:([0-9]{1,2}) ?(?:p|phút|phut)?)?"),
        re.compile(r"([0-9]{1,2})()"),  # typed «8»; the number of a cell is refused before
    )

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse a value that is no time of the day."""
        right = isinstance(stored, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", stored)
        return "" if right else "Giờ phải từ 00:00 đến 23:59, ví dụ 8:30 hoặc 8h30."

    def paper(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The text on paper: 08 giờ 30."""
        return str(stored).replace(":", " giờ ")

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        if isinstance(raw, time | datetime | timedelta):
            return _time_of_cell(raw)
        if isinstance(raw, int | float):
            raise ValueError(_NO_TIME)  # a spreadsheet's fraction of a day, or no time at all
        written = typed_line(raw).lower()
        match = next(filter(None, (pattern.fullmatch(written) for pattern in self._PATTERNS)), None)
        if match is None:
            raise ValueError(_NO_TIME)
        return f"{int(match[1]):02}:{int(match[2] or 0):02}"


_NO_TIME = "Giờ phải viết như 8:30 hoặc 8h30."
_DAY_ZERO_YEARS = range(1899, 1905)  # where spreadsheets put a time that has no day


def _time_of_cell(moment: time | datetime | timedelta) -> str:
    """The time of a cell: whole minutes of one day; ValueError for a moment of a real day and a longer span."""
    if isinstance(moment, timedelta):
        if not timedelta(0) <= moment < timedelta(days=1):
            raise ValueError(f"Ô này là khoảng giờ {span_text(moment)}, không phải giờ trong ngày. {_NO_TIME}")
        moment = datetime(1900, 1, 1) + moment  # noqa: DTZ001 (cells have no zone)
    if isinstance(moment, datetime):
        if moment.year not in _DAY_ZERO_YEARS:
            raise ValueError(f"Ô này có cả ngày {text.format_date(moment)}; hãy chỉ nhập giờ. {_NO_TIME}")
        moment = moment.time()
    if moment.second or moment.microsecond:
        raise ValueError(f"Ô này có cả giây ({moment:%H:%M:%S}). {_NO_TIME}")
    return f"{moment:%H:%M}"
