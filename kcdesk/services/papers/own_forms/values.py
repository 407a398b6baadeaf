"""What the placeholders of a paper print: values of records as our own papers write them, or samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from kcdesk.documents import blank_marks
from kcdesk.documents.blocks import Blank, OwnList, OwnRow, OwnValue, Tick
from kcdesk.documents.layouts.templates import FILTERS
from kcdesk.documents.own_forms.filling import OF_PAPER
from kcdesk.documents.own_forms.placeholders import NUMBER_OF_ROW
from kcdesk.documents.paper_values import Missing, stored, wrap
from kcdesk.formdef.loading.placeholder_names import ROW_COUNT
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.papers.own_forms import placeholders
from kcdesk.services.papers.own_forms.placeholders import CAPTION, FIRST, LISTED, TOTAL, Placeholder
from kcdesk.text import format_integer

TICKED, OPEN = "\u2612", "\u2610"
_BLANK_ROWS = 3  # rows to write on, of a list on a blank print
_MOST_DOTS = 80
_FILTERS = {placeholders.NUMBER: "number", placeholders.CAPITALS: "upper"}
_PART_OF_DATE = {placeholders.DAY: slice(8, 10), placeholders.MONTH: slice(5, 7), placeholders.YEAR: slice(0, 4)}
_DOTS_OF_DATE = 6  # letters of the blank for a part of a date
Names = Mapping[str, Any]  # the records and other values of a paper, as templates use them


def values_of(used: Iterable[Placeholder], names: Names, *, blank: bool) -> tuple[list[OwnValue], list[OwnList]]:
    """What the placeholders print for the records of a paper; `blank`: answers are left open."""
    single: list[OwnValue] = []
    by_list: dict[str, list[Placeholder]] = {}
    for placeholder in used:
        if placeholder.name in OF_PAPER or placeholder.name == NUMBER_OF_ROW:
            continue
        if placeholder.repeats:
            by_list.setdefault(placeholder.list, []).append(placeholder)
        elif placeholder.is_condition:
            single.append(OwnValue(placeholder.name, "1" if blank or _is_there(placeholder, names) else ""))
        else:
            single.append(OwnValue(placeholder.name, printed(single_value(placeholder, names))))
    return single, [_list(name, members, names, blank) for name, members in by_list.items()]


def _is_there(placeholder: Placeholder, names: Names) -> bool:
    """Whether there is a value, or at least one row; a box counts if it is ticked, «no» does not."""
    if placeholder.together == ROW_COUNT:
        return any(True for _row in _rows(placeholder, names))
    value = single_value(placeholder, names)
    return bool(value) and blank_marks.tick(False) != value


def _list(name: str, members: list[Placeholder], names: Names, blank: bool) -> OwnList:
    rows = list(_rows(members[0], names))
    made = [OwnRow(tuple(_cell(member, row, blank) for member in members)) for row in rows]
    if not made:
        empty = OwnRow(tuple(OwnValue(member.name, "") for member in members))
        made = [empty] * (_BLANK_ROWS if blank else 1)
    return OwnList(name, tuple(made))


def _cell(member: Placeholder, row: Any, blank: bool) -> OwnValue:
    if member.is_picture:
        return OwnValue(member.name, str(row.caption or row.name or ""), str(row.sha256))
    if member.column == CAPTION and member.field is not None and type_of(member.field).holds_files:
        return OwnValue(member.name, printed(row.caption or row.name))
    value = written(member, _column(row, member))
    is_open = isinstance(value, Missing) and not blank
    return OwnValue(member.name, "" if is_open else printed(value))  # nobody writes into a cell of a printed row


def _rows(member: Placeholder, names: Names) -> Iterator[Any]:
    """The rows of the list of a placeholder: of a table, of files, or of a source that is a list."""
    value = names[member.source]
    if member.path:
        value = getattr(value, member.path)
        if member.field is not None and type_of(member.field).holds_files:
            yield from getattr(value, "pictures", ()) or ()
            return
    column, wanted = member.only
    for row in value or ():
        if not column or getattr(row, column) == wanted or _is_among(getattr(row, column), wanted):
            yield row


def _is_among(value: object, wanted: str) -> bool:
    return isinstance(stored(value), list) and wanted in stored(value)


def _column(row: Any, member: Placeholder) -> object:
    value = getattr(row, member.column)
    return value if isinstance(value, Missing) or hasattr(value, "stored") else _wrapped(value, member.field)


def _wrapped(value: object, field: Field | None) -> object:
    """A value of a source that is no record, written as its type says."""
    assert field is not None, "a value has a field"
    is_printed = isinstance(value, str) and (type_of(field).is_money or type_of(field).groups_digits)
    return value if is_printed else wrap(value, field, None)


def single_value(placeholder: Placeholder, names: Names) -> object:
    """The value of a placeholder that stands by itself, as a text with marks for blanks and ticks, or missing."""
    if placeholder.together == ROW_COUNT:
        return format_integer(sum(1 for _row in _rows(placeholder, names)))
    if placeholder.together:
        return _together(placeholder, names)
    value = names[placeholder.source]
    if placeholder.path:
        value = getattr(value, placeholder.path)
    if isinstance(value, str | int) and not isinstance(value, bool):
        value = _wrapped(value, placeholder.field)
    return written(placeholder, value)


def _together(placeholder: Placeholder, names: Names) -> object:
    values = [_column(row, placeholder) for row in _rows(placeholder, names)]
    known = [value for value in values if not isinstance(value, Missing)]
    if not known:
        return written(placeholder, Missing())
    if placeholder.together == TOTAL:
        return written(placeholder, wrap(_sum(known), _field(placeholder), None))
    if placeholder.together == LISTED:
        return ", ".join(str(written(placeholder, value)) for value in known)
    assert placeholder.together == FIRST, placeholder.together
    return written(placeholder, values[0])


def _sum(values: list[Any]) -> object:
    """The sum as the type of the column stores it."""
    numbers = [stored(value) for value in values]
    if all(isinstance(number, int) for number in numbers):
        return sum(numbers)
    return str(sum(map(Decimal, map(str, numbers)), Decimal(0)))


def _field(placeholder: Placeholder) -> Field:
    assert placeholder.field is not None, "a value has a field"
    return placeholder.field


def written(placeholder: Placeholder, value: Any) -> object:
    """A value as the end of its placeholder says: in words, as a part of a date, as a box that is ticked."""
    way, field = placeholder.written, placeholder.field
    if placeholder.choice:
        answer = None if isinstance(value, Missing) else stored(value)
        return blank_marks.tick(
            placeholder.choice in answer if isinstance(answer, list) else placeholder.choice == answer
        )
    if way in (placeholders.YES, placeholders.NO):
        return blank_marks.tick(not isinstance(value, Missing) and bool(stored(value)) == (way == placeholders.YES))
    if way in _PART_OF_DATE:
        return Missing(_DOTS_OF_DATE) if isinstance(value, Missing) else str(stored(value))[_PART_OF_DATE[way]]
    if way == placeholders.WORDS:
        kind = type_of(field) if field else None
        name = "money_words" if kind and kind.is_money else "date_words" if kind and kind.is_date else "time_words"
        return FILTERS[name](value)  # type: ignore[operator]  # every filter takes a value
    if way in _FILTERS:
        return FILTERS[_FILTERS[way]](value)  # type: ignore[operator]  # every filter takes a value
    return value


def printed(value: object) -> str:
    """The text of a value: dots for a blank, a box for a tick."""
    pieces = blank_marks.to_inline(str(value))
    return "".join(_plain(piece) for piece in pieces)


def _plain(piece: str | Blank | Tick) -> str:
    if isinstance(piece, Blank):
        return "." * (piece.lines * min(piece.letters + piece.letters // 2, _MOST_DOTS))
    return piece if isinstance(piece, str) else TICKED if piece.on else OPEN


_SAMPLES: Mapping[str, object] = {
    "money": 125_000_000, "integer": 12, "decimal": "12.5", "percent": "46.7", "year": 2026, "date": "2026-11-15",
    "time": "08:30", "yes_no": True, "phone": "0901234567", "tax_code": "0100109106", "citizen_id": "001090000001",
    "email": "co.so@vi.du", "place": None, "reference": None, "references": None,
}  # fmt: skip


def sample_of(placeholder: Placeholder) -> str:
    """A value such as the placeholder prints, for the list of placeholders and for trying a form."""
    field = placeholder.field
    if field is None or placeholder.together == ROW_COUNT:
        return {"giay.ma": "1A2B3C4D-1-5E6F70", "giay.ngay_in": "15/11/2026"}.get(placeholder.name, "1")
    if placeholder.is_picture:
        return "(ảnh)"
    if placeholder.choice:
        return TICKED
    if type_of(field).offers_choices:
        return f"({field.label})"
    known = _SAMPLES.get(field.type)
    value = wrap(known, field, None) if known is not None else f"({field.label})"
    return printed(written(placeholder, value))


def sample_values(used: Iterable[Placeholder]) -> tuple[list[OwnValue], list[OwnList]]:
    """Samples for all placeholders of a form, with two rows in each list."""
    single: list[OwnValue] = []
    by_list: dict[str, list[OwnValue]] = {}
    for placeholder in used:
        if placeholder.name in OF_PAPER or placeholder.name == NUMBER_OF_ROW:
            continue
        value = OwnValue(placeholder.name, "1" if placeholder.is_condition else sample_of(placeholder))
        if placeholder.repeats:
            by_list.setdefault(placeholder.list, []).append(value)
        else:
            single.append(value)
    return single, [OwnList(name, (OwnRow(tuple(members)),) * 2) for name, members in by_list.items()]
