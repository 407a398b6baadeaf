"""Texts that an officer typed and that no field could read: they stay in this store until they are corrected.

They are no values: lists, papers and packages do not have them. A record with such a text cannot be made final.
"""

from __future__ import annotations

from collections.abc import Mapping

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
        workspace.store.write_begun(id_)  # something was typed: the record stays
        workspace.store.set_setting(_PREFIX + id_, kept)
    else:
        workspace.store.forget_setting(_PREFIX + id_)


def counts(workspace: Workspace) -> dict[str, int]:
    """The number of unread texts by record, of all records that are not deleted."""
    kept = {name.removeprefix(_PREFIX): texts for name, texts in workspace.store.settings(_PREFIX).items()}
    return {id_: len(texts) for id_, texts in kept.items() if _is_living(workspace, id_)}


def _is_living(workspace: Workspace, id_: str) -> bool:
    try:
        return workspace.store.get(id_).deleted is None
    except UserError:
        return False


def obstacles(workspace: Workspace, record: Record) -> list[Problem]:
    """A problem for each unread text in a visible field: the record is not made final before it is corrected."""
    texts = of_record(workspace, record.id)
    return [
        Problem(path, _sentence(record, path, text))
        for path, text in texts.items()
        if _applies(record, path) and record.is_visible(path)
    ]


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
    return f"{record.field(path).label}: «{shown}» chưa được lưu. {_reason(record, path, text)}"


def _reason(record: Record, path: str, text: str) -> str:
    try:
        record.read(path, text)
    except ValueProblem as problem:
        return problem.message
    return "Hãy mở hồ sơ và rời ô này để lưu."
