"""A cell of a foreign spreadsheet, what is known of its column, and what a cell is read as."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from kcdesk.runtime.frozen import Value, field
from kcdesk.sheets.values.lettering import UNICODE, Letters

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class ForeignCell(Value):
    """One cell as it stands in the file."""

    place: str  # "G15"
    value: str | int | float | bool | date | datetime | time | None = None  # None: blank
    shown: str = ""  # what the spreadsheet program shows, where the reader can know it
    number_format: str = ""
    error: str = ""  # "#REF!"
    has_formula: bool = False


class ForeignColumn(Value):
    """What is known of all cells of a column."""

    heading: str = ""
    unit: int = 1  # the đồng of 1: 1000000 under «triệu đồng»
    letters: Letters = UNICODE
    year: int | None = None  # the year in the title of the sheet
    month_first: bool | None = None  # its dates are written month/day: None if nothing in the column tells
    days_swapped: bool = False  # its real dates may be days taken for months


class Reading(Value):
    """What a cell means for a field: a value, a value to be agreed to, or nothing that can be read."""

    value: Any = None  # the stored value of the field's type; None if the cell is empty or cannot be read
    question: str = ""  # the value is only suggested: what to ask
    problem: str = ""  # the cell cannot be read: why, and what to do
    # What else the cell says, by what it is: "phone", "second_phone", "position", "citizen_id", "legal_form", "note".
    beside: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    refused_value: Any = None  # what was read for sure, but the field does not take: asked about, without a suggestion


def outside_limits(value: Any, wrong: str) -> Reading:
    """A value that was read for sure and that its field does not take; `wrong` says why, as a sentence."""
    return Reading(question=f"{wrong} Hãy ghi giá trị khác hoặc để trống.", refused_value=value)
