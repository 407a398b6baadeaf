"""Texts that an officer typed and that no field could read: they stay in this store until they are corrected.

They are no values: lists, papers and packages do not have them. A record with such a text cannot be made final.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from kcdesk.errors import Problem, UserError
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.services.workspace import Workspace

_PREFIX = "unread/"
_LONGEST = 10_000  # characters of one text
_SHOWN = 40  # characters of a text in a sentence


def of_record(workspace: Workspace, id_: str) -> dict[str, str]:
    """The unread texts of a record by path; {} if there are none."""
    return dict(workspace.store.setting(_PREFIX + id_, {}))


def keep(workspace: Workspace, id_: str, texts: Mapping[str, str]) -> None:
    """Replace the unread texts of a record; {} forgets them."""
    kept = {path: text[:_LONGEST] for path, text in texts.items() if text.strip()}
    if kept:
        with workspace.store.together():
            workspace.store.write_begun(id_)  # something was typed: the record stays
            workspace.store.set_setting(_PREFIX + id_, kept)
    else:
        workspace.store.forget_setting(_PREFIX + id_)


def counts(workspace: Workspace) -> dict[str, int]:
    """The number of unread texts by record, of all records that are not deleted."""
    kept = {name.removeprefix(_PREFIX): texts for name, texts in workspace.store.settings(_PREFIX).items()}
    return {id_: len(texts) for id_, texts in kept.items() if _is_living(workspace, id_)}


def first(workspace: Workspace) -> tuple[str, str] | None:
    """The record and the path of an unread text, the first of the record with the smallest id; None for none."""
    id_ = min(counts(workspace), default="")
    return (id_, next(iter(of_record(workspace, id_)))) if id_ else None


def _is_living(workspace: Workspace, id_: str) -> bool:
    try:
        return workspace.store.get(id_).deleted is None
    except UserError:
        return False


def obstacles(workspace: Workspace, record: Record) -> list[Problem]:
    """A problem for each unread text in a visible field: the record is not made final before it is corrected."""
    texts = of_record(workspace, record.id)
    shown = [path for path in texts if _applies(record, path) and record.is_visible(path)]
    return [Problem(path, _sentence(record, path, texts[path])) for path in sorted(shown, key=partial(_place, record))]


def _place(record: Record, path: str) -> tuple[int, int, int]:
    """Where a path stands on the page: the field, and in a table the row (from 1) and the column; 0 for none."""
    name, row_id, column = (*path.split("/"), "", "")[:3]
    field = record.form.by_name[name]
    rows = [str(row["id"]) for row in record.rows(name)] if field.columns else []
    columns = [column.name for column in field.columns]
    return (
        list(record.form.by_name).index(name),
        rows.index(row_id) + 1 if row_id in rows else 0,
        columns.index(column) + 1 if column in columns else 0,
    )


def _applies(record: Record, path: str) -> bool:
    """Whether the form still has the field, and the table the row."""
    try:
        record.field(path)
    except UserError:
        return False
    table, row_id, *_ = (*path.split("/"), "")
    return "/" not in path or any(row["id"] == row_id for row in record.rows(table))


def _sentence(record: Record, path: str, text: str) -> str:
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    row = _place(record, path)[1]
    label = record.field(path).label
    where = f"Dòng {row}, {label}" if row else label
    return f"{where}: «{shown}» chưa được lưu. {_reason(record, path, text)}"


def _reason(record: Record, path: str, text: str) -> str:
    try:
        record.read(path, text)
    except ValueProblem as problem:
        return problem.message
    return "Hãy mở hồ sơ và rời ô này để lưu."
