"""What every field type offers: the only conversions between stored value, typed text, paper and cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import ClassVar, Literal

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.model import Field
from kcdesk.formdef.values import Lookups, Stored, is_blank

Cell = str | int | float | date | bool | None


class ValueProblem(UserError):  # noqa: N818 (a sentence for the officer, as errors.Problem)
    """A value that a field refuses, with the sentence shown beside the field."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message, code="bad_value", field=field)


class FieldType:
    """Text as it stands: the base of all types; each subclass says only what differs."""

    editor: ClassVar[str] = "text"
    sql: ClassVar[Literal["TEXT", "INTEGER", "REAL"]] = "TEXT"
    align: ClassVar[Literal["left", "right", "center"]] = "left"
    cell_format: ClassVar[str] = "@"
    unit: ClassVar[str] = ""  # that every value has, besides the field's own

    # What the rest of the program asks of a field; each class that answers yes says so.
    is_text: ClassVar[bool] = False  # words or a code that are typed: searched unless the form says no
    is_plain_text: ClassVar[bool] = False  # one line of any words
    is_paragraph: ClassVar[bool] = False  # words over several lines
    is_choice: ClassVar[bool] = False  # one value of a list
    is_yes_no: ClassVar[bool] = False
    is_date: ClassVar[bool] = False
    is_year: ClassVar[bool] = False
    is_money: ClassVar[bool] = False
    is_decimal: ClassVar[bool] = False  # a number that is no amount, share or count
    is_place: ClassVar[bool] = False  # an administrative unit
    is_reference: ClassVar[bool] = False  # names one other record
    names_records: ClassVar[bool] = False  # names one other record, or several
    holds_files: ClassVar[bool] = False
    is_checklist: ClassVar[bool] = False
    is_plain: ClassVar[bool] = True  # shown and ordered by itself: no rows, no files, no ids of records
    is_filtered: ClassVar[bool] = False  # lists are filtered by single values of it
    sorts_as_words: ClassVar[bool] = False  # in the order of the Vietnamese alphabet
    groups_digits: ClassVar[bool] = False  # written with a dot between thousands

    def parse(self, raw: object, field: Field, lookups: Lookups | None = None) -> Stored | None:
        """The stored value of typed text, JSON or a cell; None for blank; ValueProblem when refused."""
        if is_blank(raw):
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
        """Why a stored value cannot stand, as a sentence; empty when it can. Takes any JSON value."""
        return self.refusal(stored, field, lookups)

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The part of `wrong` for which typed input is not even kept."""
        raise NotImplementedError

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The value on the screen."""
        return str(stored)

    def paper(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The value on paper."""
        return self.text(stored, field, lookups)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The value in an editor; `parse` reads it back."""
        return str(stored)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The value in a spreadsheet cell; `from_cell` reads it back."""
        return str(stored)

    def from_cell(self, value: object, field: Field, lookups: Lookups | None = None) -> Stored | None:
        """The stored value of a spreadsheet cell."""
        return self.parse(value, field, lookups)

    def search_text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The words by which the value is found."""
        return self.text(stored, field, lookups)

    def named_records(self, stored: Stored | None) -> Sequence[str]:
        """The ids of the records that a stored value names; none where it names no record."""
        return ()

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        """The stored value of what is not blank; ValueError with a sentence when it cannot be read."""
        raise NotImplementedError


def as_text(raw: object) -> str:
    """Typed text, or a cell that holds a code as a number, on one line and clean."""
    return " ".join(text.clean(_written(raw)).split())


def _written(raw: object) -> str:
    if isinstance(raw, bool):
        return "có" if raw else "không"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, date | datetime):
        return text.format_date(raw)
    if isinstance(raw, str | int | float | Decimal | time):
        return str(raw)
    raise ValueProblem("Ô này chỉ nhận một giá trị, không nhận danh sách.")
