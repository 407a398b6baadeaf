"""Number types: stored exactly, shown in Vietnamese notation, real numbers in a spreadsheet."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar, Literal

from kcdesk import notations, text
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import DIGITS, Cell, FieldType, ValueProblem, from_machine, typed_line
from kcdesk.formdef.values import Lookups, Percentage, Stored, today

_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class NumberType(FieldType):
    """The base of all number types: limits, units and exactness."""

    is_ordered = True
    editor = "number"
    align: ClassVar[Literal["left", "right", "center"]] = "right"

    def number(self, stored: Stored) -> Decimal | None:
        """The number of a stored value; None if the value is not of this type."""
        raise NotImplementedError

    def from_number(self, number: Decimal) -> Stored:
        """The stored value for a number, for example a computed one."""
        raise NotImplementedError

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse a value that is no number, has too many digits or is outside the limits."""
        number = self.number(stored)
        if number is None:
            return self._not_a_number()
        if _too_long(number):
            return f"Số quá dài; nhiều nhất {DIGITS} chữ số."
        return self._outside(number, field)

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The number with its unit."""
        return f"{self._in_groups(stored)} {field.unit}".strip()

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The number in Vietnamese notation, without its unit."""
        return self._in_groups(stored)

    def search_text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The stored digits."""
        return str(stored)

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool | Percentage):
            return self.from_number(self._exact(from_machine(raw)))
        return self.from_number(self._parse(_without_unit(typed_line(raw), field)))

    def _in_groups(self, stored: Stored) -> str:
        """The number in Vietnamese notation as people read it."""
        number = self.number(stored)
        return str(stored) if number is None else text.format_decimal(number)

    def _parse(self, written: str) -> Decimal:
        return notations.parse_decimal(written)

    def _exact(self, number: Decimal) -> Decimal:
        """The number if the type can hold it; ValueError otherwise."""
        return number

    def _not_a_number(self) -> str:
        return "Phải là một số."

    def _outside(self, number: Decimal, field: Field) -> str:
        if field.min is not None and number < (low := self._limit(field.min)):
            return f"Phải từ {self._shown(low, field)} trở lên."
        if field.max is not None and number > (high := self._limit(field.max)):
            return f"Nhiều nhất là {self._shown(high, field)}."
        return ""

    def _limit(self, limit: int | str) -> Decimal:
        return Decimal(limit)

    def _shown(self, number: Decimal, field: Field) -> str:
        return self.text(self.from_number(number), field)


class IntegerType(NumberType):
    """A whole number."""

    adds_up = True
    forms_groups = True
    sql = "INTEGER"
    groups_digits = True
    cell_format = "#,##0"

    def number(self, stored: Stored) -> Decimal | None:
        """The number of a stored integer."""
        return Decimal(stored) if isinstance(stored, int) and not isinstance(stored, bool) else None

    def from_number(self, number: Decimal) -> Stored:
        """The number rounded half up, as accountants do."""
        return int(number.to_integral_value(ROUND_HALF_UP))

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The number."""
        return stored if self.number(stored) is not None else str(stored)

    def _parse(self, written: str) -> Decimal:
        return Decimal(notations.parse_integer(written))

    def _exact(self, number: Decimal) -> Decimal:
        if number != number.to_integral_value():
            raise ValueError(f"{text.format_decimal(number)} không phải là số nguyên.")
        return number

    def _not_a_number(self) -> str:
        return "Phải là một số nguyên."


class MoneyType(IntegerType):
    """An amount in whole đồng."""

    editor = "money"
    unit = "đồng"
    is_money = True

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        if isinstance(raw, str):
            return notations.parse_money(raw)
        return super()._read(raw, field, lookups)


class YearType(IntegerType):
    """A year of the calendar."""

    adds_up = False
    editor = "year"
    is_year = True
    is_filtered = True
    groups_digits = False
    align = "center"
    cell_format = "0"

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse a value that is no year from 1900 to 2199 or is outside the limits."""
        number = self.number(stored)
        if number is None or not 1900 <= number <= 2199:
            return "Phải là một năm, ví dụ 2026."
        return self._outside(number, field)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """Four digits without a dot."""
        return str(stored)

    def _in_groups(self, stored: Stored) -> str:
        return str(stored)

    def _parse(self, written: str) -> Decimal:
        match = re.fullmatch(r"(?:(?:năm|nam) )?([0-9]{4})", written.lower())
        if match is None:
            raise ValueError("Năm phải có bốn chữ số, ví dụ 2026.")
        return Decimal(match[1])

    def _limit(self, limit: int | str) -> Decimal:
        return Decimal(today().year if limit == "today" else limit)


class DecimalType(NumberType):
    """A number with decimals, stored as plain text ("46.7") so that no digit is lost."""

    adds_up = True
    sql = "REAL"
    is_decimal = True
    cell_format = "General"

    def number(self, stored: Stored) -> Decimal | None:
        """The number of a stored decimal."""
        return Decimal(stored) if isinstance(stored, str) and _PLAIN.fullmatch(stored) else None

    def from_number(self, number: Decimal) -> Stored:
        """The number as plain digits without trailing zeros."""
        return format(number.normalize(), "f") if number else "0"

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The number in the notation that has only one reading: 1.234 as "1,2340"."""
        number = self.number(stored)
        return str(stored) if number is None else notations.typed_decimal(number)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The number."""
        number = self.number(stored)
        return str(stored) if number is None else float(number)


class PercentType(DecimalType):
    """A percentage, stored as the number before the sign ("46.7"), a real percentage in a spreadsheet."""

    adds_up = False
    cell_format = "0.00%"
    unit = "%"
    is_decimal = False

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The text on the screen: 46,7%."""
        return f"{self._in_groups(stored)}%"

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The number without groups, because "33.333" may mean two percentages."""
        number = self.number(stored)
        return str(stored) if number is None else notations.typed_percent(number)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The fraction that the spreadsheet shows as a percentage."""
        number = self.number(stored)
        return str(stored) if number is None else Percentage(number.scaleb(-2))

    def from_cell(self, value: object, field: Field, lookups: Lookups | None = None) -> Stored | None:
        """Read a cell: a number that is shown as a percentage is a fraction, a text is the number before the sign.

        Any other number is asked about: 0.5 may be 50% or 0,5%.
        """
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            number = from_machine(value)
            if not isinstance(value, Percentage) and number:
                written, hundredfold = map(notations.typed_percent, (number, number.scaleb(2)))
                raise ValueProblem(
                    f"Ô này ghi số {written}, không có dấu %: có thể hiểu là «{written}%» hoặc «{hundredfold}%»; "
                    "hãy nhập lại kèm dấu %."
                )
            value = number.scaleb(2)
        return self.parse(value, field, lookups)

    def _parse(self, written: str) -> Decimal:
        return notations.parse_percent(written)


def _without_unit(written: str, field: Field) -> str:
    """The number before the unit of the field, written with or without accents."""
    match = re.fullmatch(r"(.*[0-9]) ?([^0-9]+)", written) if field.unit else None
    return match[1] if match and text.fold(match[2]) == text.fold(field.unit) else written


def _too_long(number: Decimal) -> bool:
    """Whether a spreadsheet would lose digits before or after the decimal comma."""
    _, digits, exponent = number.normalize().as_tuple()
    return len(digits) > DIGITS or abs(number) >= 10**DIGITS or (isinstance(exponent, int) and exponent < -DIGITS)


def number_in(field_type: FieldType, stored: Any) -> Decimal | None:
    """The number of a stored value of any type; None if the type is no number type."""
    return field_type.number(stored) if isinstance(field_type, NumberType) else None
