"""A list in groups: how many records each value has, and the sums of their amounts, with the whole below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.questions import grammar
from kcdesk.services.questions.grammar import FieldPath
from kcdesk.services.workspace import Workspace
from kcdesk.text import sort_key

EMPTY = "(để trống)"


class ListGroup(Value):
    """The records with one value; `sums` by field, None where none of them has a number."""

    value: Any
    label: str
    count: int
    sums: Mapping[str, int | float | None]


class GroupedList(Value):
    """The groups in the order of their labels, the largest value of a year first, and all together."""

    by: FieldPath
    groups: tuple[ListGroup, ...]
    total: ListGroup


def grouped(
    workspace: Workspace, kind: str, by: str, sums: Sequence[str], *, search: str = "", where: Mapping[str, Any]
) -> GroupedList:
    """Group a list by a field, or one of a record that it names, and add up others.

    UserError `unknown_field`, `not_filterable`.
    """
    path = grammar.path_of(workspace, kind, by)
    summed = [_summed(workspace, kind, name) for name in sums]
    if not _may_group(workspace, kind, path):
        raise UserError(f"Không nhóm được theo «{path.label}».", code="not_filterable", field=by)
    rows = workspace.store.groups(kind, path.path, summed, search=search, where=where)
    groups = [_group(workspace, path, row, summed) for row in rows]
    groups.sort(key=lambda group: (group.value is None, sort_key(group.label)))
    return GroupedList(path, tuple(groups), _total(groups, summed))


def paths_to_group(workspace: Workspace, kind: str) -> list[FieldPath]:
    """The fields by which the list of a kind can be grouped, also those of records that it names."""
    return [path for path in grammar.paths(workspace, kind) if _may_group(workspace, kind, path)]


def paths_to_sum(workspace: Workspace, kind: str) -> list[FieldPath]:
    """The fields of a kind whose numbers are added up in groups: those that its list shows, else all."""
    listed = workspace.forms.current(kind, workspace.today()).list
    paths = [path for path in grammar.paths(workspace, kind) if _may_sum(path)]
    return [path for path in paths if path.path in listed] or paths


def condition_of(group: GroupedList, chosen: ListGroup) -> str:
    """The condition that shows the records of a group."""
    return f"{group.by.path} empty" if chosen.value is None else f"{group.by.path} = {_typed(group.by, chosen)}"


def groups_as_json(result: GroupedList) -> dict[str, Any]:
    """{"by", "groups": [{"value", "label", "count", "sums"}], "total"}, as the command line prints it."""
    return {
        "by": result.by.path,
        "groups": [_as_json(group) for group in result.groups],
        "total": _as_json(result.total),
    }


def _as_json(group: ListGroup) -> dict[str, Any]:
    return {"value": group.value, "label": group.label, "count": group.count, "sums": dict(group.sums)}


def _typed(by: FieldPath, chosen: ListGroup) -> str:
    is_named = by.field is not None and (type_of(by.field).is_yes_no or type_of(by.field).is_place)
    return chosen.label if is_named else str(chosen.value)


def _may_group(workspace: Workspace, kind: str, path: FieldPath) -> bool:
    """Whether a record has one value there: lists and tables on the way would count it several times."""
    *way, _last = path.path.split(".")
    for name in way:
        field = grammar.path_of(workspace, kind, name).field
        if field is None or not type_of(field).is_reference:
            return False
        kind = field.target
    return path.field is None or (type_of(path.field).forms_groups and not path.field.columns)


def _may_sum(path: FieldPath) -> bool:
    return "." not in path.path and path.field is not None and type_of(path.field).adds_up


def _summed(workspace: Workspace, kind: str, name: str) -> str:
    path = grammar.path_of(workspace, kind, name)
    if not _may_sum(path):
        raise UserError(f"Không cộng được «{path.label}».", code="not_filterable", field=name)
    return path.path


def _group(workspace: Workspace, path: FieldPath, row: Sequence[Any], sums: Sequence[str]) -> ListGroup:
    value, count, *amounts = row
    return ListGroup(value, _label(workspace, path, value), count, dict(zip(sums, amounts, strict=True)))


def _label(workspace: Workspace, path: FieldPath, value: Any) -> str:
    if value is None:
        return EMPTY
    if path.field is not None and type_of(path.field).is_place:
        known = workspace.places.has({"commune": value})
        return workspace.places.commune(value).address if known else str(value)
    if path.field is not None and type_of(path.field).is_yes_no:
        return "Có" if value else "Không"
    return grammar.value_in_words(workspace, path, value)


def _total(groups: Sequence[ListGroup], sums: Sequence[str]) -> ListGroup:
    added: dict[str, int | float | None] = {}
    for name in sums:
        known = [Decimal(str(amount)) for group in groups if (amount := group.sums[name]) is not None]
        whole = sum(known, Decimal(0)) if known else None
        added[name] = None if whole is None else int(whole) if whole == int(whole) else float(whole)
    return ListGroup(None, "Cộng", sum(group.count for group in groups), added)
