"""Reads a cell of a foreign spreadsheet for a field of a form: a value, a question or a problem.

What an officer may type is read as it is when typed (`formdef/types`). Here stands what only foreign spreadsheets have:
units of a column, zeros that are lost, remarks beside a value. In doubt the cell is asked about; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import FieldType, ValueProblem
from kcdesk.formdef.types.code_types import CitizenIdType, EmailType, PhoneType, TaxCodeType
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import Lookups
from kcdesk.sheets.values import marks
from kcdesk.sheets.values.amounts import read_amount
from kcdesk.sheets.values.cells import ForeignCell, ForeignColumn, Reading, outside_limits
from kcdesk.sheets.values.codes import read_code
from kcdesk.sheets.values.days import read_day, read_year
from kcdesk.sheets.values.lettering import is_damaged
from kcdesk.sheets.values.numbers import read_number, read_percentage
from kcdesk.sheets.values.phones import read_phone
from kcdesk.sheets.values.place_names import read_place
from kcdesk.sheets.values.words import joined_words, read_choice, read_choices, read_words, read_yes_no

_EMAILS = re.compile(r"[^\s,;/<>()]+@[^\s,;/<>()]+")


def read_cell(
    field: Field,
    cell: ForeignCell,
    column: ForeignColumn,
    row: Mapping[str, ForeignCell],
    lookups: Lookups | None = None,
) -> Reading:
    """Read a cell for a field; `row` holds the other cells of its row by heading, where a unit may stand."""
    if cell.error:
        return Reading(problem=_without_result(cell.error))
    if not isinstance(cell.value, str):
        return (
            Reading() if cell.value is None else _limited(field, _read(field, cell, cell.value, column, row, lookups))
        )
    written = column.letters.decoded(cell.value)
    if marks.is_blank_mark(joined_words(written).strip()):
        return Reading()
    if marks.is_ditto(written):
        return Reading(problem=f"“{written.strip()}” nghĩa là như ô trên; hãy ghi lại giá trị của ô trên.")
    if is_damaged(written):
        return Reading(problem=f"Chữ trong ô đã hỏng (“{marks.quoted_line(written)}”); hãy gõ lại.")
    if column.letters.is_doubtful(cell.value):
        return _two_codes(field, cell, column, lookups)
    return _limited(field, _read(field, cell, written, column, row, lookups))


def _without_result(error: str) -> str:
    """Why a formula gives no value, and what to do."""
    if error == marks.UNCOMPUTED:
        return (
            "Công thức trong ô này chưa được tính, tệp không có kết quả; hãy mở bảng bằng Excel hoặc LibreOffice, "
            "lưu lại rồi nạp lại."
        )
    return f"Ô này báo lỗi {error}; hãy sửa công thức rồi nạp lại."


def _two_codes(field: Field, cell: ForeignCell, column: ForeignColumn, lookups: Lookups | None) -> Reading:
    """A text that may be in Unicode or in the code of its column: what it becomes is suggested."""
    written = str(cell.value)
    converted = column.letters.converted(written)
    question = (
        f"“{marks.quoted_line(written)}” có thể gõ bằng mã {column.letters.name}: là «{marks.quoted_line(converted)}»?"
    )
    try:
        return Reading(type_of(field).parse(converted, field, lookups), question)
    except ValueProblem:
        return Reading(None, question)


def _read(
    field: Field,
    cell: ForeignCell,
    value: object,
    column: ForeignColumn,
    row: Mapping[str, ForeignCell],
    lookups: Lookups | None,
) -> Reading:
    field_type = type_of(field)
    if field_type.is_money:
        return read_amount(value, column.unit, row, cell.number_format)
    if field_type.is_date:
        return read_day(value, column.month_first, swapped=column.days_swapped)
    if field_type.is_year:
        return read_year(value)
    if field_type.is_yes_no:
        return read_yes_no(field, value)
    if field_type.is_place:
        return read_place(field, value, lookups)
    if field_type.is_choice:
        return read_choice(field, value, lookups)
    if field_type.offers_choices:
        return read_choices(field, value, lookups)
    return _of_numbers_and_codes(field, field_type, cell, value, column)


def _of_numbers_and_codes(
    field: Field, field_type: FieldType, cell: ForeignCell, value: object, column: ForeignColumn
) -> Reading:
    if isinstance(field_type, PhoneType):
        return read_phone(value, column.year)
    if isinstance(field_type, TaxCodeType | CitizenIdType):
        return read_code(field, value, is_personal=isinstance(field_type, CitizenIdType))
    if field_type.unit == "%":
        return read_percentage(field, value, cell.number_format, column.heading)
    if field_type.is_decimal or (field_type.is_ordered and field_type.adds_up):
        return read_number(field, value, column.heading)
    if isinstance(field_type, EmailType) and isinstance(value, str):
        return _read_email(field, value)
    return read_words(field, value)


def _read_email(field: Field, written: str) -> Reading:
    """Read an address of electronic mail; the first of several is asked about."""
    several = _EMAILS.findall(written)
    if len(several) < 2:
        return read_words(field, written.strip().removeprefix("mailto:").split(" ")[-1])
    first = read_words(field, several[0])
    if first.problem:
        return first
    return Reading(first.value, f"“{marks.quoted_line(written)}” có nhiều thư điện tử: lấy {first.value}?")


def _limited(field: Field, reading: Reading) -> Reading:
    """The reading, asked about if the field does not take the value: a day in the future, an amount below its limit."""
    if reading.value is None:
        return reading
    wrong = type_of(field).refusal(reading.value, field)
    if not wrong or type_of(field).offers_choices or type_of(field).is_place:
        return reading
    return outside_limits(reading.value, wrong)
