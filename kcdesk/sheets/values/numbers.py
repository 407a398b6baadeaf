"""Reads counts, measures, percentages and years of foreign spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from kcdesk import notations, text
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import ValueProblem, from_machine
from kcdesk.formdef.types.number_types import NumberType
from kcdesk.formdef.types.registry import type_of
from kcdesk.sheets.values import marks
from kcdesk.sheets.values.cells import Reading
from kcdesk.sheets.values.worded_numbers import number_in_words

_WITH_WORDS = re.compile(r"([+-]?[0-9][0-9., ]*)\s*([^\W\d_][^\d]*|m[23²³])")
_PLUS = re.compile(r"^\+\s*")
_PERCENT_WORDS = re.compile(r"\s*(?:phần trăm|percent)$", re.IGNORECASE)


def read_number(field: Field, value: object, heading: str) -> Reading:
    """Read a count or a measure; words behind the number that neither unit nor heading have are asked about."""
    if not isinstance(value, str):
        return typed(field, value)
    bare, about = marks.without_about(_PLUS.sub("", value.strip()))
    bare, remark = marks.without_remark(bare)
    if marks.is_range(bare):
        return Reading(problem=f"“{marks.quoted_line(value)}” là một khoảng, không phải một số; hãy ghi một số.")
    reading = _read_bare(field, bare, heading)
    if reading.problem or reading.question or not (about or remark):
        return reading
    return Reading(reading.value, f"“{marks.quoted_line(value)}”: lấy số {_shown(field, reading.value)}?")


def _read_bare(field: Field, written: str, heading: str) -> Reading:
    if marks.exponent_digits(written):
        number = marks.expanded_exponent(written)
        return Reading(
            typed(field, number).value,
            f"“{written}” đã mất các chữ số cuối: có đúng là {text.format_integer(number)} không?",
        )
    if (spelled := number_in_words(written)) is not None:
        return Reading(_number_type(field).from_number(Decimal(spelled.value)), spelled.question)
    reading = typed(field, written)
    match = _WITH_WORDS.fullmatch(written)
    if not reading.problem or match is None:
        return reading
    counted = typed(field, match[1].strip())
    if counted.value is None or counted.question or _is_named(match[2], field, heading):
        return counted
    return Reading(counted.value, f"“{marks.quoted_line(written)}”: lấy số {_shown(field, counted.value)}?")


def _is_named(words: str, field: Field, heading: str) -> bool:
    """Whether words behind a number only repeat what the column counts: «15 lao động» under «Số lao động»."""
    named = text.fold(f" {heading} {field.label} {field.unit} ")
    return f" {text.fold(words).strip(' .')} " in f" {re.sub('[^a-z0-9 ]', ' ', named)} "


def read_percentage(field: Field, value: object, number_format: str, heading: str) -> Reading:
    """Read a percentage: a number shown as one is a fraction; a bare number is sure under a heading with «%»."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _percentage_of_number(field, value, number_format, "%" in heading)
    if not isinstance(value, str):
        return typed(field, value)
    bare, about = marks.without_about(_PERCENT_WORDS.sub("%", value.strip()))
    if marks.is_range(bare):
        return Reading(problem=f"“{marks.quoted_line(value)}” là một khoảng, không phải một tỷ lệ; hãy ghi một số.")
    reading = typed(field, bare, lambda: notations.parse_percent(bare))
    if reading.problem or reading.question:
        return reading
    is_part = (
        reading.value is not None and Decimal(reading.value) <= 1 and "%" not in bare and Decimal(reading.value) != 0
    )
    if not about and not is_part:
        return reading
    return Reading(reading.value, f"“{marks.quoted_line(value)}”: lấy {_shown(field, reading.value)}?")


def _percentage_of_number(field: Field, value: int | float, number_format: str, is_headed: bool) -> Reading:
    number = from_machine(value)
    percents = _number_type(field)
    if "%" in number_format:
        return Reading(percents.from_number(number.scaleb(2)))
    if not number or (is_headed and number > 1):
        return Reading(percents.from_number(number))
    likely, other = (number.scaleb(2), number) if number <= 1 else (number, number.scaleb(2))
    question = f"Ô này ghi số {text.format_decimal(f'{number.normalize():f}')}, không có dấu %: là {_percent(likely)}"
    question += f" hay {_percent(other)}?" if number <= 1 else " phải không?"
    return Reading(percents.from_number(likely), question)


def _percent(number: Decimal) -> str:
    return f"{text.format_decimal(f'{number.normalize():f}')}%"


def typed(field: Field, value: object, parse: Callable[[], Decimal] | None = None) -> Reading:
    """Read a value as if it were typed; a question of the notation stays a question, with its first meaning."""
    try:
        if isinstance(value, str) and (parse or type_of(field).is_decimal):
            (parse or (lambda: notations.parse_decimal(value)))()
        return Reading(type_of(field).parse(value, field))
    except notations.Doubt as doubt:
        first = doubt.meanings[0]
        stored = _number_type(field).from_number(first) if isinstance(first, Decimal) else None
        return Reading(stored, str(doubt))
    except ValueProblem as problem:
        return Reading(problem=str(problem))
    except ValueError:
        return _typed_again(field, value)


def _typed_again(field: Field, value: object) -> Reading:
    """A text that is no bare number: the type may know its unit, and has the sentence if it does not."""
    try:
        return Reading(type_of(field).parse(value, field))
    except ValueProblem as problem:
        return Reading(problem=str(problem))


def _number_type(field: Field) -> NumberType:
    number_type = type_of(field)
    if not isinstance(number_type, NumberType):
        raise TypeError(field.type)
    return number_type


def _shown(field: Field, stored: Any) -> str:
    return type_of(field).text(stored, field) if stored is not None else ""
