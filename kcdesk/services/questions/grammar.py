"""The one grammar of conditions on a list, for the window and the command line.

    year>=2017        date between 1/1/2024 and 30/6/2024        state in draft,sent        title ~ gạch
    proposal.year=2024        machines.price > 500 tr        phone empty        decision_date filled

A path names a field, a column of a table (`table.column`), or goes on through a reference (`beneficiary.place`).
Operators: `=` `!=` `>=` `<=` `>` `<` `~` (each word begins a word of the text, without accents) `!~` `between A and B`
`in A,B` `not in A,B` (with `;` where a value has a comma) `empty` `filled`. Values are typed as in the field; a choice
or a state by its name or its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from kcdesk import likeness
from kcdesk.errors import UserError
from kcdesk.formdef.model import OF_EVERY_RECORD, Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.database.path_conditions import Comparison, Comparisons, Operator
from kcdesk.store.search import has_facet
from kcdesk.text import all_begin, fold, tokens

WORDS = {  # what the operators are called in the window
    "=": "là",
    "!=": "không phải",
    ">=": "từ",
    "<=": "đến",
    ">": "hơn",
    "<": "dưới",
    "between": "trong khoảng",
    "in": "một trong",
    "not in": "không thuộc",
    "~": "chứa",
    "!~": "không chứa",
    "empty": "để trống",
    "filled": "có ghi",
}
WITHOUT_VALUE = ("empty", "filled")
_ASKED: dict[str, Operator] = {"=": "in", "!=": "not in", **{each: each for each in get_args(Operator)}}  # of the store
_SYMBOLS = (">=", "<=", "!=", "<>", "!~", "=", ">", "<", "~")
_CONDITION = re.compile(
    r"\s*(?P<path>.+?)\s*(?:(?P<symbol>>=|<=|!=|<>|!~|=|>|<|~)|\s(?P<word>between|not\s+in|in|empty|filled|not\s+empty)\b)"
    r"\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_EXAMPLE = "Ví dụ: year>=2017; title ~ gạch; state in draft,sent; decision_date between 1/1/2024 and 30/6/2024."
_PLACES_NAMED = 5_000  # communes whose name has the words: all of them
_OWN = {"unit": "Đơn vị lập hồ sơ"}  # of every record, besides its fields


class FieldPath(Value):
    """A path that can be asked: its labels from left to right, and the field at its end, None for the state."""

    path: str
    label: str
    kind: str  # of the record at its end
    field: Field | None


class Condition(Value):
    """One condition as it is typed, and as it is asked."""

    path: FieldPath
    operator: str
    comparison: Comparison
    value: str = ""  # as typed

    @property
    def text(self) -> str:
        """The condition as the command line takes it."""
        return f"{self.path.path} {self.operator} {self.value}".strip()


def parsed(workspace: Workspace, kind: str, typed: str) -> Condition:
    """Read one condition. UserError `bad_pair`, `unknown_field`, `bad_operator`, `bad_value`, `not_filterable`."""
    read = _CONDITION.fullmatch(typed)
    if read is None:
        raise UserError(f"Không hiểu điều kiện «{typed}».", code="bad_pair", hint=_EXAMPLE)
    operator = " ".join((read["symbol"] or read["word"]).lower().split())
    operator = {"<>": "!=", "not empty": "filled"}.get(operator, operator)
    path = path_of(workspace, kind, read["path"].strip())
    return condition(workspace, path, operator, read["value"].strip())


def condition(workspace: Workspace, path: FieldPath, operator: str, value: str) -> Condition:
    """Make a condition of its parts; errors are those of `parsed`."""
    if operator not in operators(path):
        allowed = ", ".join(operators(path))
        raise UserError(
            f"«{path.label}» không dùng được phép so sánh «{operator}».",
            code="not_filterable" if path.field is not None and path.field.columns else "bad_operator",
            field=path.path,
            hint=f"Dùng được: {allowed}.",
        )
    if operator == "=" and not value:
        operator = "empty"
    if operator in WITHOUT_VALUE and value:
        raise _bad_value(path, f"«{operator}» không có giá trị đi sau, ở đây có «{value}»")
    if value[:1] in ("=", ">", "<", "~") and operator in _SYMBOLS:
        raise UserError(
            f"Không có phép so sánh «{operator}{value[0]}».",
            code="bad_operator",
            field=path.path,
            hint=f"Dùng được: {', '.join(operators(path))}.",
        )
    return Condition(path, operator, _comparison(workspace, path, operator, value), value)


def where_of(conditions: Iterable[Condition]) -> dict[str, Any]:
    """The conditions as the filter of a list; those of one path hold together.

    A single choice, year, unit or reference becomes a plain value, which the search index answers at once.
    """
    by_path: dict[str, list[Comparison]] = {}
    fields = {}
    for each in conditions:
        by_path.setdefault(each.path.path, []).append(each.comparison)
        fields[each.path.path] = each.path.field
    return {
        path: _plain(path, fields[path], comparisons) or Comparisons(tuple(comparisons))
        for path, comparisons in by_path.items()
    }


def _plain(path: str, field: Field | None, comparisons: Sequence[Comparison]) -> list[Any] | None:
    only = comparisons[0] if len(comparisons) == 1 and "." not in path else None
    if only is None or only.operator != "in" or not only.values:
        return None
    return list(only.values) if field is None or has_facet(field) else None


def joined(chosen: Mapping[str, Any], conditions: Iterable[Condition]) -> dict[str, Any]:
    """The filter of a list from chosen values and conditions; what both say of one field holds together."""
    asked = where_of(conditions)
    both = {path for path in asked if path in chosen}
    return {**chosen, **asked} | {path: Comparisons((*_parts(chosen[path]), *_parts(asked[path]))) for path in both}


def _parts(wanted: Any) -> tuple[Comparison, ...]:
    if isinstance(wanted, Comparisons):
        return wanted.parts
    if wanted is None:
        return (Comparison("empty"),)
    return (Comparison("in", tuple(wanted) if isinstance(wanted, list | tuple) else (wanted,)),)


def in_words(workspace: Workspace, each: Condition) -> str:
    """«Năm từ 2017», for headings and chips."""
    return " ".join(filter(None, (each.path.label, WORDS[each.operator], _value_in_words(workspace, each))))


def _value_in_words(workspace: Workspace, each: Condition) -> str:
    field = each.path.field
    if not each.comparison.values or each.operator in ("~", "!~"):
        return f"«{each.value}»" if each.value else ""
    if each.operator not in ("=", "!=", "in", "not in") or (field is not None and type_of(field).is_place):
        return each.value.replace(" and ", " – ")
    return ", ".join(value_in_words(workspace, each.path, value) for value in each.comparison.values)


def value_in_words(workspace: Workspace, path: FieldPath, value: Any) -> str:
    """A stored value as people read it."""
    if path.path.rpartition(".")[2] == "state":
        return workspace.forms.workflow(path.kind).state(value).label
    if path.field is None:
        return reading.unit_names(workspace).get(value, str(value))
    if type_of(path.field).names_records:
        return reading.title_of(workspace, str(value))
    return type_of(path.field).text(value, path.field, workspace.forms)


# -- paths -------------------------------------------------------------------------------------------------------------


def path_of(workspace: Workspace, kind: str, typed: str) -> FieldPath:
    """The path that was typed, by the names or by the labels of its fields. UserError `unknown_field`."""
    parts, labels, place, field = typed.replace("/", ".").split("."), [], kind, None
    names: list[str] = []
    table: Field | None = None
    for number, part in enumerate(parts):
        known = _known(workspace, place, table)
        name = _recognised(workspace, part.strip(), known, place, typed)
        field, is_last = known[name], number == len(parts) - 1
        names.append(name)
        labels.append(field.heading if field else _OWN.get(name) or OF_EVERY_RECORD[name].label)
        if field is not None and field.columns:
            table = field
            continue
        table = None
        if not is_last:
            if field is None or not type_of(field).names_records:
                raise UserError(
                    f"«{labels[-1]}» không có ô con «{parts[number + 1]}».", code="unknown_field", field=typed
                )
            place = field.target
    if field is not None and field.sensitive:
        raise UserError(f"«{field.label}» là dữ liệu nhạy cảm nên không lọc được.", code="not_filterable", field=typed)
    if field is not None and type_of(field).holds_files:
        raise UserError(f"Không lọc được theo «{field.label}».", code="not_filterable", field=typed)
    return FieldPath(".".join(names), ": ".join(labels), place, field)


def _known(workspace: Workspace, kind: str, table: Field | None) -> dict[str, Field | None]:
    """The names that may stand here: columns of the table, or fields of the kind and what every record has."""
    if table is not None:
        return {column.name: column for column in table.columns}
    form = reading.form_of(workspace, kind)
    return {**{field.name: field for field in form.fields}, **dict.fromkeys((*OF_EVERY_RECORD, *_OWN))}


def _recognised(workspace: Workspace, part: str, known: dict[str, Field | None], kind: str, typed: str) -> str:
    if part in known:
        return part
    newest = workspace.forms.renames(kind).newest(part)
    if newest in known:
        return newest
    labels = {fold(label): name for name, field in known.items() for label in _labels(name, field)}
    if fold(part) in labels:
        return labels[fold(part)]
    close = get_close_matches(fold(part), [*known, *labels], 1, 0.6)
    meant = labels.get(close[0], close[0]) if close else ""
    names = ", ".join(sorted(known))
    raise UserError(
        f"Không có trường «{part}»." + (f" Có phải ý là «{meant}»?" if meant else ""),
        code="unknown_field",
        field=typed,
        hint="" if meant else f"Các trường: {names}.",
    )


def _labels(name: str, field: Field | None) -> tuple[str, ...]:
    return (field.label, field.heading) if field else (_OWN.get(name) or OF_EVERY_RECORD[name].label,)


def paths(workspace: Workspace, kind: str) -> Iterator[FieldPath]:
    """Yield every path that the window offers: the fields, the columns of tables, the fields of named records."""
    form = reading.form_of(workspace, kind)
    if workspace.forms.has_steps(kind):
        yield FieldPath("state", OF_EVERY_RECORD["state"].label, kind, None)
    yield FieldPath("unit", _OWN["unit"], kind, None)
    for field in form.fields:
        yield from _paths_from(field, kind)
    for field in form.fields:
        if type_of(field).names_records:
            target = reading.form_of(workspace, field.target)
            yield from (
                FieldPath(f"{field.name}.{path.path}", f"{field.heading}: {path.label}", path.kind, path.field)
                for own in target.fields
                if not own.columns
                for path in _paths_from(own, field.target)
            )


def _paths_from(field: Field, kind: str) -> Iterator[FieldPath]:
    if field.sensitive or type_of(field).holds_files:
        return
    yield FieldPath(field.name, field.heading, kind, field)
    for column in field.columns:
        if not column.sensitive and not type_of(column).holds_files:
            yield FieldPath(f"{field.name}.{column.name}", f"{field.heading}: {column.heading}", kind, column)


def operators(path: FieldPath) -> tuple[str, ...]:
    """The operators that a path can be asked with, the usual one first."""
    field = path.field
    if field is None:
        return ("=", "!=", "in", "not in")
    if field.columns:
        return ("filled", "empty")
    if type_of(field).is_yes_no:
        return ("=", "!=", "empty", "filled")
    if type_of(field).is_ordered:
        return (">=", "<=", "between", "=", "!=", ">", "<", "in", "not in", "empty", "filled")
    if type_of(field).offers_choices:
        return ("=", "!=", "in", "not in", "~", "!~", "empty", "filled")
    return ("~", "!~", "=", "!=", "in", "not in", "empty", "filled")


# -- values ------------------------------------------------------------------------------------------------------------


def _comparison(workspace: Workspace, path: FieldPath, operator: str, value: str) -> Comparison:
    asked = _ASKED[operator]
    if operator in WITHOUT_VALUE:
        return Comparison(asked)
    if not value:
        raise _bad_value(path, f"sau «{operator}» phải có giá trị")
    if operator in ("~", "!~"):
        return _containing(workspace, path, asked, value)
    if operator == "between":
        return _between(workspace, path, value)
    typed = _listed(value) if operator in ("in", "not in") else [value]
    return Comparison(asked, tuple(stored for part in typed for stored in _stored(workspace, path, part)))


def _listed(value: str) -> list[str]:
    """The values of a list; a label or an amount with a comma needs the semicolon."""
    parts = value.split(";" if ";" in value else ",")
    return [part.strip() for part in parts if part.strip()]


def _between(workspace: Workspace, path: FieldPath, value: str) -> Comparison:
    parts = re.split(r"\s+(?:and|đến|và)\s+|\s*\.\.\s*", value, flags=re.IGNORECASE)
    if len(parts) != 2:
        raise _bad_value(path, f"«between» cần hai giá trị: between A and B; ở đây là «{value}»")
    low, high = (_stored(workspace, path, part)[0] for part in parts)
    if _number(path, low) > _number(path, high):
        raise _bad_value(path, f"«{parts[0]}» phải đứng trước «{parts[1]}»")
    return Comparison("between", (low, high))


def _number(path: FieldPath, stored: Any) -> Any:
    return float(stored) if path.field is not None and type_of(path.field).sql == "REAL" else stored


def _containing(workspace: Workspace, path: FieldPath, operator: Operator, value: str) -> Comparison:
    """Words of a text; of a choice or a place, the values whose name has the words."""
    field = path.field
    among: Operator = "in" if operator == "~" else "not in"
    if field is not None and type_of(field).is_place:
        matches = workspace.places.search(value, _PLACES_NAMED)
        codes = dict.fromkeys(code for match in matches for code in (match.commune, match.old_commune) if code)
        return Comparison(among, tuple(codes))
    if field is not None and type_of(field).offers_choices:
        labels = [(choice.value, tokens(choice.label)) for choice in workspace.forms.choices(field)]
        words = tokens(value)
        return Comparison(among, tuple(stored for stored, own in labels if all_begin(words, own)))
    return Comparison(operator, (value,))


def _stored(workspace: Workspace, path: FieldPath, typed: str) -> list[Any]:
    """The stored values that a typed value means: one, or for a place its codes of today and before."""
    name = path.path.rpartition(".")[2]
    if path.field is None:
        return [_state_or_unit(workspace, path, name, typed)]
    try:
        stored = type_of(path.field).parse(typed, path.field, workspace.forms)
    except ValueProblem as problem:
        raise ValueProblem(problem.message, path.path) from None
    if stored is None:
        raise _bad_value(path, "giá trị để trống")
    if isinstance(stored, dict):
        return [code for code in (stored.get("commune"), stored.get("old_commune")) if code]
    return list(stored) if isinstance(stored, list) else [stored]


def _state_or_unit(workspace: Workspace, path: FieldPath, name: str, typed: str) -> Any:
    if name == "revision":
        if not typed.isdecimal():
            raise _bad_value(path, f"«{typed}» phải là số nguyên")
        return int(typed)
    if name == "unit":
        names = {fold(label): code for code, label in reading.unit_names(workspace).items()}
        return names.get(fold(typed), typed)
    states = workspace.forms.workflow(path.kind).states
    for state in states:
        if typed == state.name or fold(typed) == fold(state.label):
            return state.name
    label = reading.form_of(workspace, path.kind).label
    alike = likeness.nearest_words(typed, (name for state in states for name in (state.label, state.name)))
    raise UserError(
        f"{label} không có trạng thái «{typed}»{alike}.",
        code="unknown_state",
        field="state",
        hint=f"Các trạng thái: {', '.join(f'{state.name} ({state.label})' for state in states)}.",
    )


def _bad_value(path: FieldPath, sentence: str) -> ValueProblem:
    return ValueProblem(f"{path.label}: {sentence}.", path.path)
