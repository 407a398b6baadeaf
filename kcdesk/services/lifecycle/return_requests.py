"""What an appraiser asks to be put right: the fields by name, each with its reason, kept in the dossier itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

TABLE = "remarks"

Remark = tuple[str, str]  # path of a field, reason


def write(workspace: Workspace, record: Record, remarks: Iterable[Remark]) -> dict[str, Any]:
    """Add the remarks to the record; the paths changed. UserError for a field that the form does not have."""
    changes: dict[str, Any] = {}
    for path, reason in remarks:
        cleaned = text.clean(reason).strip()
        if not cleaned:
            raise UserError(
                f"Chưa ghi lý do yêu cầu bổ sung «{record.field(path).label}».", code="reason_missing", field=path
            )
        changes |= record.add_row(TABLE, _row(workspace, record, path, cleaned))[1]
    return changes


def _row(workspace: Workspace, record: Record, path: str, reason: str) -> dict[str, Any]:
    officer = workspace.identity.officer
    return {
        "asked_on": workspace.today().isoformat(),
        "asked_by": ", ".join(filter(None, (officer.name, workspace.identity.unit.name))),
        "path": path,
        "subject": record.field(path).label,
        "reason": reason,
    }


def open_problems(record: Record) -> list[Problem]:
    """The remarks that nobody has answered, each at the field that it is about."""
    if not any(table.name == TABLE for table in record.form.tables):
        return []
    return [
        Problem(_place(record, row), f"Yêu cầu bổ sung{named(row)}: {row.get('reason', '')}")
        for row in record.rows(TABLE)
        if not row.get("answer")
    ]


def named(row: dict[str, Any]) -> str:
    """The field that a remark is about, as a sentence names it."""
    subject = row.get("subject")
    return f" «{subject}»" if subject else ""


def _place(record: Record, row: dict[str, Any]) -> str:
    """The field, as long as the form and the record still have it."""
    path = str(row.get("path", ""))
    try:
        record.field(path)
    except UserError:
        return TABLE
    name, *rest = path.split("/")
    return name if rest and record.value(f"{name}/{rest[0]}") is None else path
