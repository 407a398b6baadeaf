"""The named rules between several values of a record, used by the checks of forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.derivations.arithmetic import total_of
from kcdesk.formdef.model import Check
from kcdesk.formdef.scope import Scope
from kcdesk.formdef.types import identity_rules
from kcdesk.formdef.types.row_links import name_of_row
from kcdesk.runtime.frozen import Value

# The placeholders in the message of a check; a unit begins with its space, so that a missing unit leaves no gap.
PLACEHOLDERS = frozenset({"row", "item", "label", "value", "other_label", "other", "difference", "unit"})


class CheckRule(Value):
    """A rule; `find` returns None if it holds, else the values for the placeholders of the message."""

    find: Callable[..., dict[str, str] | None]  # takes (scope, names) and, if the rule counts, the allowed numbers
    message: str
    least: int
    most: int | None = None
    by_row: bool = True  # evaluated for each row if the fields are columns of one table
    shows: int = 0  # index of the field at which the problem is shown
    numeric: bool = False  # accepts only numbers
    counts: bool = False  # the check gives the allowed numbers of rows


def _budget_closes(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    amounts = [scope.number(name) for name in names]
    if all(amount is None for amount in amounts):
        return None
    value = amounts[0] or Decimal(0)
    other = total_of(amounts[1:]) or Decimal(0)
    return _different(scope, value, list(names[1:]), other)


def _sum_equals(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    total, *parts = names
    value, other = scope.number(total), total_of([scope.number(name) for name in parts])
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
    """Dates, or times, must be in order; their stored texts sort by time."""
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
    """Two values must be equal, or the third field must give a reason; missing values are not compared."""
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
    """The answer must not be no; a missing answer is a matter of `required`."""
    return {} if scope.values(names[0]) == [False] else None


def _named_row(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """Every value of a column must name a row of another table."""
    name, known = names
    for value in scope.values(name):
        if value not in scope.values(known):
            return {"value": str(value), "other_label": scope.field(known).heading}
    return None


def _parts_within(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """The sum of the amounts that name a row of another table must not exceed the amount of that row."""
    part_of, part, whole_of, whole = names
    for whole_scope in scope.rows(whole_of.partition(".")[0]):
        named = whole_scope.values(whole_of)
        parts = total_of(
            [row.number(part) for row in scope.rows(part.partition(".")[0]) if row.values(part_of) == named]
        )
        limit = whole_scope.number(whole)
        if named and parts is not None and limit is not None and parts > limit:
            return {"item": str(named[0])} | (_different(whole_scope, parts, [whole], limit) or {})
    return None


def _checklist_answered(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    return None if scope.values(names[0]) else {}


def _rows_present(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    return None if scope.values(names[0]) else {}


def _row_count(scope: Scope, names: tuple[str, ...], allowed: tuple[int, ...]) -> dict[str, str] | None:
    """The number of rows must be allowed; an empty table is a matter of `required`."""
    number = len(list(scope.rows(names[0])))
    if not number or number in allowed:
        return None
    return {"value": str(number), "other": " hoặc ".join(map(str, allowed))}


def _odd_row_count(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    number = len(list(scope.rows(names[0])))
    return None if number % 2 or not number else {"value": str(number)}


def _different_rows(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """No two rows of a table may have the same values in these columns; empty cells are not compared."""
    seen: dict[tuple[str, ...], Scope] = {}
    for row in scope.rows(names[0].partition(".")[0]):
        key = tuple(str(row.values(name)) for name in names)
        if not all(row.values(name) for name in names):
            continue
        if key in seen:
            return {"row": str(row.row_number), "other": str(seen[key].row_number), "value": row.text(names[0])}
        seen[key] = row
    return None


def _two_different(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """There must be at least two different values; an empty table is a matter of `required`."""
    values = [value for name in names for value in scope.values(name)]
    distinct = {str(item) for value in values for item in (value if isinstance(value, list) else [value])}
    return {} if len(distinct) == 1 else None


def _not_allowed(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """Always fails: the condition of the check (`when`) describes what is not allowed."""
    return {"value": scope.text(names[0])}


def _any_filled(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    if any(scope.values(name) for name in names):
        return None
    return {"other_label": ", ".join(scope.field(name).heading for name in names)}


def _in_order(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """Numbers of consecutive rows (first name) must not decrease, unless a row gives a reason (second name)."""
    number, reason = names
    rows = scope.rows(number.partition(".")[0])
    numbered = [(row, place) for row in rows if (place := row.number(number)) is not None]
    for (before, first), (after, second) in pairwise(numbered):
        if first > second and not (before.values(reason) or after.values(reason)):
            return {"row": str(before.row_number), "other": str(after.row_number)}
    return None


CHECKS: Mapping[str, CheckRule] = MappingProxyType(
    {
        "lost_zeros": CheckRule(
            identity_rules.lost_zeros,
            "{label} {value} có thể là số định danh {other} bị bảng tính bỏ số 0 ở đầu; hãy đối chiếu giấy đăng ký.",
            1,
            2,
        ),
        "digit_count": CheckRule(
            identity_rules.digit_count,
            "{label} {value} có {difference} chữ số, quy định là {other}; hãy đối chiếu với giấy đăng ký.",
            1,
            1,
            counts=True,
        ),
        "same_number": CheckRule(identity_rules.same_number, "{label} {value} khác {other_label} ({other}).", 2, 2),
        "born_in_year": CheckRule(
            identity_rules.born_in_year,
            "{label} cho biết năm sinh {value}, nhưng {other_label} ghi {other}; hãy đối chiếu với giấy tờ.",
            2,
            2,
        ),
        "sex_in_number": CheckRule(
            identity_rules.sex_in_number,
            "{label} là của {value}, nhưng {other_label} ghi {other}; hãy đối chiếu với giấy tờ.",
            2,
            2,
        ),
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
        "row_count": CheckRule(
            _row_count, "{label}: có {value} dòng, quy định là {other}.", 1, 1, by_row=False, counts=True
        ),
        "odd_row_count": CheckRule(_odd_row_count, "{label}: có {value} dòng, quy định là số lẻ.", 1, 1, by_row=False),
        "in_order": CheckRule(
            _in_order, "Dòng {row} và {other} xếp khác thứ tự quy định mà chưa ghi lý do.", 2, 2, by_row=False
        ),
        "different_rows": CheckRule(
            _different_rows, "Dòng {other} và dòng {row} trùng nhau: {value}.", 1, by_row=False
        ),
        "two_different": CheckRule(_two_different, "{label}: cần ít nhất hai giá trị khác nhau.", 1, by_row=False),
        "not_allowed": CheckRule(_not_allowed, "{label}: {value} không được chấp nhận.", 1, by_row=False),
        "any_filled": CheckRule(_any_filled, "Cần nhập ít nhất một trong: {other_label}.", 2, by_row=False),
    }
)


def run(check: Check, record: Scope) -> Iterator[Problem]:
    """Yield the problems of one check in a record."""
    rule = CHECKS[check.rule]
    tables = {name.partition(".")[0] for name in check.fields if "." in name}
    by_row = rule.by_row and len(tables) == 1
    for scope in record.rows(tables.pop()) if by_row else (record,):
        words = rule.find(scope, check.fields, *((check.counts,) if rule.counts else ()))
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
    return Problem(scope.path(place), sentence, advice=check.advice)


def row_name(scope: Scope) -> str:
    """The name of a row in a sentence: “Dự toán, dòng 2 (Máy cắt)”."""
    item = _item(scope)
    number = f"{scope.form.field(scope.table).heading}, dòng {scope.row_number}"
    return f"{number} ({item})" if item else number


def _item(scope: Scope) -> str:
    """The text that identifies a row for people: its first required text, else its first text."""
    if scope.row is None:
        return ""
    words = name_of_row(scope.form.field(scope.table), scope.row)
    return words if len(words) <= 60 else f"{words[:59]}…"
