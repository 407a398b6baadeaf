"""Reads amounts of foreign spreadsheets: in the unit of the column, of a neighbouring cell or of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from kcdesk import notations, text
from kcdesk.formdef.types.base import from_machine
from kcdesk.sheets.values import marks
from kcdesk.sheets.values.cells import ForeignCell, Reading
from kcdesk.sheets.values.units import named_unit
from kcdesk.sheets.values.worded_numbers import number_in_words

_MILLION = 10**6
_LEAST = 1000  # đồng: a smaller amount was probably meant in another unit
_MOST = 10**12  # đồng: a larger one too
_OWN_UNIT = re.compile(r"\d\s*(?:tỷ|tỉ|ty|ti|triệu|trieu|tr|nghìn|nghin|ngàn|ngan|k)(?![a-zà-ỹ])", re.IGNORECASE)
_CURRENCY = re.compile(r"đ|₫|vnd|đồng|dong", re.IGNORECASE)
_PER = re.compile(r"(?<=[\dđ₫dgĐD])\s*/\s*[^\W\d_][^\d/]*(?:/[^\W\d_][^\d/]*)?$")
_ACCOUNTANT = re.compile(r"\((.+)\)")
_TAIL = re.compile(r"[,.]\s*-+$|\s+-+$|[.,]$")
_SINGLE_GROUP = re.compile(r"[+-]?\s?[1-9]\d{0,2}([.,])\d{3}")
_UNIT_HEADINGS = frozenset({"dvt", "don vi tinh", "don vi", "dv"})
_FOREIGN = re.compile(r"usd|\$|eur|€|¥|jpy|cny", re.IGNORECASE)


def read_amount(value: object, unit: int, row: Mapping[str, ForeignCell], number_format: str = "") -> Reading:
    """Read a number or a text as whole đồng; `unit`: the đồng of 1, unless the text or a cell beside says otherwise."""
    unit = _unit_beside(row) or unit
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return Reading(problem="Ô này không phải là số tiền; hãy nhập ví dụ 300.000.000 hoặc 300 triệu.")
    if isinstance(value, str):
        return _read_text(value, unit)
    if "%" in number_format:
        return Reading(problem="Ô này ghi tỷ lệ phần trăm, không phải là số tiền.")
    return _in_unit(from_machine(value), unit, _shown_number(value))


def _unit_beside(row: Mapping[str, ForeignCell]) -> int:
    """The đồng that a cell under «ĐVT» names; 0 if there is none: «cái», «bộ» count machines."""
    for heading, cell in row.items():
        if isinstance(cell.value, str) and names_units(heading):
            return named_unit(f"({cell.value})")
    return 0


@lru_cache(maxsize=500)
def names_units(heading: str) -> bool:
    """Whether the cells under a heading name a unit: «ĐVT»."""
    return text.fold(heading).strip(" .:()") in _UNIT_HEADINGS


def _read_text(written: str, unit: int) -> Reading:
    bare, about = marks.without_about(written.strip())
    bare, remark = marks.without_remark(bare) if not _ACCOUNTANT.fullmatch(bare) else (bare, "")
    if _FOREIGN.search(bare):
        return Reading(problem=f"“{marks.quoted_line(written)}” là tiền nước ngoài; hãy ghi số tiền bằng đồng.")
    if marks.is_range(bare):
        return _range(written, bare)
    reading = _read_bare(_without_ornaments(bare), unit)
    if reading.problem or reading.value is None or not (about or remark):
        return reading
    return Reading(reading.value, f"“{marks.quoted_line(written)}”: lấy số {_in_dong(reading.value)}?")


def _range(written: str, bare: str) -> Reading:
    """Between two amounts nobody may choose; with a unit at least what they are is clear."""
    if _OWN_UNIT.search(bare):
        return Reading(question=f"“{marks.quoted_line(written)}” là một khoảng: hãy ghi một số tiền.")
    return Reading(problem=f"“{marks.quoted_line(written)}” là một khoảng, không phải một số tiền; hãy ghi một số.")


def _without_ornaments(written: str) -> str:
    """The amount without «,-», «/chai» and the brackets by which accountants write a negative one."""
    bare = _TAIL.sub("", _PER.sub("", written.lstrip("'= "))).strip()
    if match := _ACCOUNTANT.fullmatch(bare):
        return f"-{match[1].strip()}"
    return bare


def _read_bare(written: str, unit: int) -> Reading:
    if digits := marks.exponent_digits(written):
        return _exponent(written, digits, unit)
    if (spelled := number_in_words(written)) is not None:
        return spelled
    if _OWN_UNIT.search(written):
        return _as_typed(written)
    if unit == 1:
        return _in_dong_column(written)
    if _CURRENCY.search(written):
        return _against_column(written, unit)
    return _number_text(written, unit)


def _exponent(written: str, digits: int, unit: int) -> Reading:
    amount = marks.expanded_exponent(written) * unit
    if digits <= 3:
        return Reading(amount)
    return Reading(amount, f"“{written}” đã mất các chữ số cuối: có đúng là {_in_dong(amount)} không?")


def _as_typed(written: str) -> Reading:
    """An amount as it is read when it is typed; what has several readings is asked."""
    try:
        return Reading(notations.parse_money(written))
    except notations.Doubt as doubt:
        return Reading(_whole(doubt.meanings), str(doubt))
    except ValueError as error:
        return Reading(problem=str(error))


def _in_dong_column(written: str) -> Reading:
    reading = _as_typed(written)
    if reading.value is None or reading.question:
        return reading
    number = re.sub(rf"\s*(?:{_CURRENCY.pattern})\.?", "", written, flags=re.IGNORECASE).strip()
    if (group := _SINGLE_GROUP.fullmatch(number)) and group[1] == ",":
        return Reading(reading.value, f"“{written}”: dấu phẩy là dấu nhóm hàng nghìn, tức {_in_dong(reading.value)}?")
    return _plausible(reading.value, 1, written)


def _against_column(written: str, unit: int) -> Reading:
    """An amount «250.000 đ» under «nghìn đồng»: as it stands if it can be nothing else."""
    reading = _as_typed(written)
    if reading.value is None or reading.question or abs(reading.value) * unit > _MOST:
        return reading
    other = _in_dong(reading.value * unit)
    return Reading(
        reading.value,
        f"“{written}” trong cột tính bằng {_unit_name(unit)}: là {_in_dong(reading.value)} hay {other}?",
    )


def _number_text(written: str, unit: int) -> Reading:
    group = _SINGLE_GROUP.fullmatch(written)
    if group and (unit >= _MILLION or group[1] == ","):
        return _grouped_or_decimal(written, unit)
    try:
        number = notations.parse_decimal(written)
    except notations.Doubt as doubt:
        amounts = [meaning * unit for meaning in doubt.meanings if isinstance(meaning, Decimal)]
        return Reading(_whole(amounts), _choice(written, unit, amounts))
    except ValueError:
        return _as_typed(written)  # its sentence speaks of amounts
    return _in_unit(number, unit, written)


def _grouped_or_decimal(written: str, unit: int) -> Reading:
    """«47.875» under «triệu đồng»: 47.875 triệu or 47,875 triệu; the likelier of both is suggested."""
    digits = re.sub("[.,+ ]", "", written)
    grouped, decimal = Decimal(digits) * unit, Decimal(digits) * unit / 1000
    likely = sorted((grouped, decimal), key=lambda amount: abs(amount) > _MOST // 100)
    return Reading(_whole(likely), _choice(written, unit, (grouped, decimal)))


def _choice(written: str, unit: int, amounts: Iterable[Decimal]) -> str:
    meant = " hay ".join(_in_dong(amount) for amount in amounts)
    return f"“{written}” trong cột tính bằng {_unit_name(unit)}: là {meant}?"


def _in_unit(number: Decimal, unit: int, shown: str) -> Reading:
    amount = number * unit
    if amount != amount.to_integral_value():
        rounded = int(amount.to_integral_value(ROUND_HALF_UP))
        return Reading(rounded, f"“{shown}” không phải là số đồng chẵn: lấy {_in_dong(rounded)}?")
    return _plausible(int(amount), unit, shown)


def _plausible(amount: int, unit: int, shown: str) -> Reading:
    """The amount, asked about if it is so small or so large that another unit was probably meant."""
    if unit == 1 and 0 < abs(amount) < _LEAST:
        return Reading(amount, f"“{shown}” chỉ là {_in_dong(amount)}: có đúng đơn vị là đồng không?")
    if unit > 1 and abs(amount) > _MOST:
        return Reading(
            amount // unit, f"“{shown}” trong cột tính bằng {_unit_name(unit)}: là {_in_dong(amount // unit)}?"
        )
    return Reading(amount)


def _whole(amounts: Iterable[object]) -> int | None:
    """The first amount that is whole đồng."""
    whole = (int(amount) for amount in amounts if isinstance(amount, Decimal | int) and amount == int(amount))
    return next(whole, None)


def _in_dong(amount: Decimal | int) -> str:
    return f"{text.format_decimal(Decimal(amount).normalize())} đồng"


def _unit_name(unit: int) -> str:
    names = {1000: "nghìn đồng", 10**6: "triệu đồng", 10**9: "tỷ đồng"}
    return names.get(unit, f"{text.format_integer(unit)} đồng")


def _shown_number(value: int | float) -> str:
    return text.format_decimal(f"{from_machine(value).normalize():f}")
