"""The base class of field types, with all conversions between stored value, typed text, paper and cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import ClassVar, Literal

from kcdesk import notations, text
from kcdesk.errors import UserError
from kcdesk.formdef.model import Field
from kcdesk.formdef.values import Lookups, Percentage, Stored, Unreadable, is_blank

DIGITS = 15  # the number of digits that a spreadsheet keeps exactly

KEPT_MARK = " (ghi theo giấy)"
_LONGEST_KEPT = 200  # characters of a text kept as it stands on paper

Cell = str | int | float | date | bool | None  # a value for a cell of a spreadsheet
ReadCell = Cell | time | timedelta | Unreadable  # what a cell holds when it comes back; None only if it is empty


class ValueProblem(UserError):  # noqa: N818 (a sentence for the officer, as errors.Problem)
    """A field refuses a value; the message is shown beside the field."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message, code="bad_value", field=field)


class FieldType:
    """The base of all types: plain text; each subclass defines only its differences."""

    editor: ClassVar[str] = "text"
    sql: ClassVar[Literal["TEXT", "INTEGER", "REAL"]] = "TEXT"
    align: ClassVar[Literal["left", "right", "center"]] = "left"
    cell_format: ClassVar[str] = "@"
    unit: ClassVar[str] = ""  # unit of every value, besides the unit of the field

    # Properties of a type that the rest of the program uses; a class with the property sets it to True.
    is_text: ClassVar[bool] = False  # typed words or a typed code: searched unless the form leaves it out
    is_plain_text: ClassVar[bool] = False  # one line of any words
    is_paragraph: ClassVar[bool] = False  # words over several lines
    is_choice: ClassVar[bool] = False  # one value of a list
    is_yes_no: ClassVar[bool] = False
    is_date: ClassVar[bool] = False
    is_time: ClassVar[bool] = False
    is_year: ClassVar[bool] = False
    is_money: ClassVar[bool] = False
    is_decimal: ClassVar[bool] = False  # a number other than an amount, a percentage or a count
    is_place: ClassVar[bool] = False  # an administrative unit
    is_reference: ClassVar[bool] = False  # refers to one other record
    is_table_row: ClassVar[bool] = False  # names a row of another table of the same record
    names_records: ClassVar[bool] = False  # refers to one or several other records
    is_ordered: ClassVar[bool] = False  # of two values one comes before the other: numbers, days, times
    adds_up: ClassVar[bool] = False  # the sum of values means something
    forms_groups: ClassVar[bool] = False  # lists can be divided into groups of equal values
    offers_choices: ClassVar[bool] = False  # one or several values of a list
    is_list: ClassVar[bool] = False  # several values of a list, or several other records
    holds_files: ClassVar[bool] = False
    is_checklist: ClassVar[bool] = False
    is_plain: ClassVar[bool] = True  # can be shown and sorted by its own value: no rows, files or ids of records
    is_filtered: ClassVar[bool] = False  # lists can be filtered by its values
    sorts_as_words: ClassVar[bool] = False  # in the order of the Vietnamese alphabet
    keeps_writing: ClassVar[bool] = False  # an officer may keep a text as it stands on paper, although it is wrong
    groups_digits: ClassVar[bool] = False  # written with a dot between thousands

    def parse(self, raw: object, field: Field, lookups: Lookups | None = None) -> Stored | None:
        """Read typed text, JSON or a cell as a stored value; None for blank; ValueProblem if refused or unreadable."""
        if isinstance(raw, Unreadable):
            raise ValueProblem(raw.reason)
        if is_blank(raw) or (isinstance(raw, str) and not notations.plain_line(raw)):
            return None
        try:
            stored = self._read(raw, field, lookups)
        except ValueError as error:
            raise ValueProblem(str(error)) from None
        if is_blank(stored):
            return None
        if sentence := self.refusal(stored, field, lookups):
            raise ValueProblem(sentence)
        return stored

    def wrong(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Why a stored value is wrong, as a sentence; "" if it is right. Accepts any JSON value."""
        return self.refusal(stored, field, lookups)

    def written(self, raw: object) -> str:
        """A text to keep as it stands on paper; ValueProblem if this type keeps none or the text is too long."""
        text_kept = as_text(raw)
        if not self.keeps_writing or not 0 < len(text_kept) <= _LONGEST_KEPT:
            raise ValueProblem("Ô này không giữ được chữ như trên giấy.")
        return text_kept

    def is_kept(self, stored: object) -> bool:
        """Whether a stored value may be a text kept as it stands on paper."""
        return (
            self.keeps_writing
            and isinstance(stored, str)
            and 0 < len(stored) <= _LONGEST_KEPT
            and stored == as_text(stored)
        )

    def mark(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """What stands behind a value on lists and papers if it is kept as written on paper; "" for a right value."""
        return KEPT_MARK if self.is_kept(stored) and self.refusal(stored, field, lookups) else ""

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The part of `wrong` that rejects typed input; other problems are kept and reported."""
        raise NotImplementedError

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The text on the screen."""
        return str(stored)

    def paper(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The text on paper."""
        return self.text(stored, field, lookups)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The text in an editor; `parse` reads it back."""
        return str(stored)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The value in a spreadsheet cell; `from_cell` reads it back."""
        return str(stored)

    def from_cell(self, value: object, field: Field, lookups: Lookups | None = None) -> Stored | None:
        """The stored value of a spreadsheet cell."""
        return self.parse(value, field, lookups)

    def search_text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The words by which the value can be searched."""
        return self.text(stored, field, lookups)

    def named_records(self, stored: Stored | None) -> Sequence[str]:
        """The ids of the records to which a stored value refers; () if there are none."""
        return ()

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        """The stored value of input that is not blank; ValueError with a sentence if it cannot be read."""
        raise NotImplementedError


def as_text(raw: object) -> str:
    """Clean text on one line, from typed text or from a cell that holds a number.

    ValueProblem for a cell whose text the spreadsheet has turned into something else: nobody knows what was typed.
    """
    return " ".join(text.clean(_written(raw)).split())


def typed_line(raw: object) -> str:
    """The text of a code, a number or a date: without unseen marks; two lines stay two, so that they are not joined."""
    return notations.plain_line(raw if isinstance(raw, str) else as_text(raw))


def _written(raw: object) -> str:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return _number_in_words(raw)
    raise ValueProblem(f"Ô này {_kind_of(raw)}; hãy định dạng ô là văn bản (Text) rồi nhập lại.")


def _number_in_words(number: int | float | Decimal) -> str:
    """The digits of a number as an officer sees them: 1.5 as "1,5", 0.5 shown as a percentage as "50%"."""
    if not math.isfinite(number) or abs(number) >= 10**DIGITS:
        raise ValueProblem(f"Số quá dài; bảng tính chỉ giữ {DIGITS} chữ số, hãy định dạng ô là văn bản (Text).")
    exact = from_machine(number)
    shown, sign = (exact.scaleb(2), "%") if isinstance(number, Percentage) else (exact, "")
    return f"{shown.normalize():f}".replace(".", ",") + sign


def _kind_of(raw: object) -> str:
    if isinstance(raw, bool):
        return f"là giá trị {'TRUE' if raw else 'FALSE'} của bảng tính"
    if isinstance(raw, date):
        return f"đã bị bảng tính đổi thành ngày ({text.format_date(raw)})"
    if isinstance(raw, time):
        return f"đã bị bảng tính đổi thành giờ ({raw:%H:%M})"
    if isinstance(raw, timedelta):
        return f"đã bị bảng tính đổi thành khoảng giờ ({span_text(raw)})"
    return "chỉ nhận một giá trị, không nhận danh sách"


def from_machine(number: int | float | Decimal) -> Decimal:
    """The decimal for a number of JSON or of a cell; a binary fraction is rounded to 15 digits. ValueError."""
    if not math.isfinite(number):
        raise ValueError("Phải là một số.")
    return Decimal(format(float(number), f".{DIGITS}g")) if isinstance(number, float) else Decimal(number)


def span_text(span: timedelta) -> str:
    """A span of time in hours and minutes, as a spreadsheet shows it: 30:00."""
    minutes = round(span.total_seconds() / 60)
    return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02}"
