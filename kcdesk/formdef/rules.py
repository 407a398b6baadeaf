"""The named rules of the forms: what computes a value, and what must hold between several values."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.model import Check, Field, Form
from kcdesk.formdef.types import is_blank, type_of
from kcdesk.formdef.types_number import NumberType, number_in
from kcdesk.formdef.types_text import stored_date

if TYPE_CHECKING:
    from kcdesk.formdef.forms import Forms

Numbers = Sequence[Decimal | None]
Operands = Sequence[Any]  # a number or a date for each field that is named, None where there is none

# What the message of a check may hold; a unit begins with its space, so that none leaves no gap.
PLACEHOLDERS = frozenset({"row", "item", "label", "value", "other_label", "other", "difference", "unit"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rule looks at: a record, or one row of one of its tables."""

    form: Form
    data: Mapping[str, Any]
    forms: Forms | None = None
    table: str = ""
    row: Mapping[str, Any] | None = None
    row_number: int = 0

    def rows(self, table: str) -> Iterator[Scope]:
        """One scope for each row."""
        rows = self.data.get(table)
        for number, row in enumerate(rows if isinstance(rows, list) else (), start=1):
            if isinstance(row, dict):
                yield Scope(self.form, self.data, self.forms, table, row, number)

    def field(self, name: str) -> Field:
        """The definition of "field", "table.column" or, in a row, "column"."""
        table, _, column = name.rpartition(".")
        if table:
            return self.form.field(table).column(column)
        columns = self.form.field(self.table).columns if self.table else ()
        return next((item for item in columns if item.name == name), None) or self.form.field(name)

    def values(self, name: str) -> list[Any]:
        """What stands there: none or one, or one for each row when a column is seen from outside its rows."""
        table, _, column = name.rpartition(".")
        if table and table != self.table:
            return [value for scope in self.rows(table) for value in scope.values(name)]
        in_row = self.row is not None and self.field(name) in self.form.field(self.table).columns
        value = (self.row or {}).get(column) if in_row else self.data.get(column)
        return [] if is_blank(value) else [value]

    def number(self, name: str) -> Decimal | None:
        """The number there, the total of a column; None when there is none."""
        numbers = [number_in(type_of(self.field(name)), value) for value in self.values(name)]
        counted = [number for number in numbers if number is not None]
        return sum(counted, Decimal(0)) if counted else None

    def operand(self, name: str) -> Decimal | date | None:
        """What a computation takes from there: a date, or a number."""
        if self.field(name).type != "date":
            return self.number(name)
        return next((stored_date(value) for value in self.values(name)), None)

    def text(self, name: str) -> str:
        """The value as on the screen, without its unit."""
        field = replace(self.field(name), unit="")
        return "; ".join(type_of(field).text(value, field, self.forms) for value in self.values(name))

    def path(self, name: str) -> str:
        """Where the value stands in the record."""
        table, _, column = name.rpartition(".")
        if self.row is not None and table == self.table:
            return f"{table}/{self.row.get('id', '')}/{column}"
        return table or column


# ---- computed values


@dataclass(frozen=True, slots=True)
class Computation:
    """How a computed field gets its value from the fields that it names: numbers, unless a type is given for each."""

    compute: Callable[[Operands], Decimal | date | None]
    least: int
    most: int | None = None
    takes: tuple[str, ...] = ()
    gives: str = ""  # type of the computed field; any kind of number when empty


def _sum(numbers: Numbers) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known else None


def _product(numbers: Numbers) -> Decimal | None:
    result = Decimal(1)
    for number in numbers:
        if number is None:
            return None
        result *= number
    return result


def _difference(numbers: Numbers) -> Decimal | None:
    first, second = numbers
    return None if first is None or second is None else first - second


def _percent_of(numbers: Numbers) -> Decimal | None:
    part, whole = numbers
    if part is None or not whole:
        return None
    return (part / whole * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _change_percent(numbers: Numbers) -> Decimal | None:
    before, _after = numbers
    return _percent_of((_difference(numbers[::-1]), before))


def _months_after(operands: Operands) -> date | None:
    """The same day so many months later, or the last of that month where it has no such day."""
    day, months = operands
    if day is None or months is None:
        return None
    years, month = divmod(day.month - 1 + int(months), 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


COMPUTATIONS: Mapping[str, Computation] = MappingProxyType(
    {
        "sum": Computation(_sum, 1),
        "product": Computation(_product, 2),
        "difference": Computation(_difference, 2, 2),
        "percent_of": Computation(_percent_of, 2, 2),
        "change_percent": Computation(_change_percent, 2, 2),
        "months_after": Computation(_months_after, 2, 2, takes=("date", "integer"), gives="date"),
    }
)


def compute(field: Field, scope: Scope) -> Any | None:
    """The stored value of a computed field; None where something that it needs is missing."""
    with localcontext(Context(prec=100)):
        result = COMPUTATIONS[field.computed].compute([scope.operand(name) for name in field.computed_from])
        if isinstance(result, date):
            return result.isoformat()
        field_type = type_of(field)
        return field_type.from_number(result) if result is not None and isinstance(field_type, NumberType) else None


# ---- checks


@dataclass(frozen=True, slots=True)
class CheckRule:
    """What must hold; `find` gives the words for the message when it does not."""

    find: Callable[[Scope, tuple[str, ...]], dict[str, str] | None]
    message: str
    least: int
    most: int | None = None
    by_row: bool = True  # looked at in each row when the fields are columns of one table
    shows: int = 0  # which of its fields is at fault
    numeric: bool = False  # whether it takes numbers only


def _budget_closes(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    amounts = [scope.number(name) for name in names]
    if all(amount is None for amount in amounts):
        return None
    value = amounts[0] or Decimal(0)
    other = _sum(amounts[1:]) or Decimal(0)
    return _different(scope, value, list(names[1:]), other)


def _sum_equals(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    total, *parts = names
    value, other = scope.number(total), _sum([scope.number(name) for name in parts])
    if value is None or other is None:
        return None
    return _different(scope, value, parts, other)


def _different(scope: Scope, value: Decimal, parts: list[str], other: Decimal) -> dict[str, str] | None:
    if value == other:
        return None
    return {
        "value": text.format_decimal(value),
        "other": text.format_decimal(other),
        "other_label": " + ".join(scope.field(part).heading for part in parts),
        "difference": text.format_decimal(abs(value - other)),
    }


def _date_order(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """Text that sorts as time does: dates with dates, times with times."""
    filled = [name for name in names if scope.values(name)]
    for before, after in pairwise(filled):
        if str(scope.values(before)[0]) > str(scope.values(after)[0]):
            return {
                "label": scope.field(before).heading,
                "value": scope.text(before),
                "other_label": scope.field(after).heading,
                "other": scope.text(after),
            }
    return None


def _at_most(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    name, limit_name = names
    value, limit = scope.number(name), scope.number(limit_name)
    if value is None or limit is None or value <= limit:
        return None
    return _different(scope, value, [limit_name], limit)


def _matches(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """Two values are equal, or the third field says why not; what is not filled is not compared."""
    name, other, *notes = names
    first, second = scope.values(name), scope.values(other)
    if not first or not second or first == second or any(scope.values(note) for note in notes):
        return None
    return {
        "value": scope.text(name),
        "other_label": scope.field(other).heading,
        "other": scope.text(other),
    }


def _fail_needs_finding(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    result, finding = names
    return {} if scope.values(result) == ["fail"] and not scope.values(finding) else None


def _missing_fails(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    result, form = names
    return {} if scope.values(result) == ["pass"] and scope.values(form) == ["missing"] else None


def _is_yes(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """What is not answered is for `required` to say."""
    return {} if scope.values(names[0]) == [False] else None


def _named_row(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """Every value of a column names a row of another table."""
    name, known = names
    for value in scope.values(name):
        if value not in scope.values(known):
            return {"value": str(value), "other_label": scope.field(known).heading}
    return None


def _parts_within(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """The amounts that name a row of another table are together no more than that row's own amount."""
    part_of, part, whole_of, whole = names
    for whole_scope in scope.rows(whole_of.partition(".")[0]):
        named = whole_scope.values(whole_of)
        parts = _sum([row.number(part) for row in scope.rows(part.partition(".")[0]) if row.values(part_of) == named])
        limit = whole_scope.number(whole)
        if named and parts is not None and limit is not None and parts > limit:
            return {"item": str(named[0])} | (_different(whole_scope, parts, [whole], limit) or {})
    return None


def _checklist_answered(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    return None if scope.values(names[0]) else {}


def _rows_present(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    return None if scope.values(names[0]) else {}


def _two_different(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """What has no row yet is for `required` to say."""
    return {} if len(set(map(str, scope.values(names[0])))) == 1 else None


def _any_filled(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    if any(scope.values(name) for name in names):
        return None
    return {"other_label": ", ".join(scope.field(name).heading for name in names)}


CHECKS: Mapping[str, CheckRule] = MappingProxyType(
    {
        "budget_closes": CheckRule(
            _budget_closes,
            "{label} là {value} nhưng tổng các nguồn là {other}, lệch {difference}{unit}.",
            2,
            numeric=True,
        ),
        "sum_equals": CheckRule(
            _sum_equals,
            "{label} là {value} nhưng {other_label} là {other}, lệch {difference}{unit}.",
            2,
            by_row=False,
            numeric=True,
        ),
        "date_order": CheckRule(_date_order, "{label} ({value}) không được sau {other_label} ({other}).", 2),
        "at_most": CheckRule(
            _at_most,
            "{label} là {value}, vượt {other_label} ({other}) {difference}{unit}.",
            2,
            2,
            numeric=True,
        ),
        "matches": CheckRule(_matches, "{label} là {value}, khác {other_label} ({other}).", 2, 3),
        "fail_needs_finding": CheckRule(_fail_needs_finding, "Không đạt thì phải ghi {label}.", 2, 2, shows=1),
        "missing_fails": CheckRule(_missing_fails, "Hồ sơ còn thiếu thì không thể ghi Đạt.", 2, 2),
        "is_yes": CheckRule(_is_yes, "{label}: câu trả lời là Không.", 1, 1),
        "named_row": CheckRule(_named_row, "{label}: “{value}” không có ở {other_label}.", 2, 2),
        "parts_within": CheckRule(
            _parts_within,
            "“{item}”: các khoản cộng lại là {value}, vượt {other_label} ({other}) {difference}{unit}.",
            4,
            4,
            shows=1,
        ),
        "checklist_answered": CheckRule(_checklist_answered, "Chưa ghi {label}.", 1, 1),
        "rows_present": CheckRule(_rows_present, "{label}: cần ít nhất một dòng.", 1, 1, by_row=False),
        "two_different": CheckRule(_two_different, "{label}: cần ít nhất hai giá trị khác nhau.", 1, 1, by_row=False),
        "any_filled": CheckRule(_any_filled, "Cần nhập ít nhất một trong: {other_label}.", 2, by_row=False),
    }
)


def run(check: Check, record: Scope) -> Iterator[Problem]:
    """The problems that one check finds in a record."""
    rule = CHECKS[check.rule]
    tables = {name.partition(".")[0] for name in check.fields if "." in name}
    by_row = rule.by_row and len(tables) == 1
    for scope in record.rows(tables.pop()) if by_row else (record,):
        words = rule.find(scope, check.fields)
        if words is not None:
            yield _problem(check, rule, scope, words)


def _problem(check: Check, rule: CheckRule, scope: Scope, words: dict[str, str]) -> Problem:
    at_fault = check.fields[rule.shows]
    field = scope.field(at_fault)
    known = {
        "row": str(scope.row_number or ""),
        "item": _item(scope),
        "label": field.heading,
        "unit": f" {field.unit}" if field.unit else "",
    }
    message = check.message or rule.message
    sentence = message.format_map(dict.fromkeys(PLACEHOLDERS, "") | known | words)
    if scope.row is not None and not {"{row}", "{item}"} & set(re.findall(r"\{\w+\}", message)):
        sentence = f"{row_name(scope)}: {sentence}"
    place = check.field if scope.row is None or "." in check.field else at_fault
    return Problem(scope.path(place), sentence)


def row_name(scope: Scope) -> str:
    """“Dự toán, dòng 2 (Máy cắt)”: how a sentence names a row."""
    item = _item(scope)
    number = f"{scope.form.field(scope.table).heading}, dòng {scope.row_number}"
    return f"{number} ({item})" if item else number


def _item(scope: Scope) -> str:
    """The words by which people know a row: the first that it must have, else the first that it has."""
    if scope.row is None:
        return ""
    for column in sorted(scope.form.field(scope.table).columns, key=lambda column: not column.required):
        value = scope.row.get(column.name)
        if column.type in ("text", "paragraph", "unit") and isinstance(value, str) and value.strip():
            words = " ".join(value.split())
            return words if len(words) <= 60 else f"{words[:59]}…"
    return ""
