"""Requests for supplement: fields that an appraiser sends back, each with its reason, stored in the dossier."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from kcdesk import notations, text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

TABLE = "remarks"
_BEFORE = "trước ngày"
_DAY = re.compile(rf"{_BEFORE} (\d{{1,2}}/\d{{1,2}}/\d{{4}})")

Remark = tuple[str, str]  # path of a field ("" for the whole record), reason


def add_remarks(workspace: Workspace, record: Record, remarks: Iterable[Remark]) -> dict[str, Any]:
    """Add remarks to the record and return the changes by path; UserError for an unknown field or an empty reason."""
    changes: dict[str, Any] = {}
    for path, reason in remarks:
        cleaned = text.clean(reason).strip()
        if not cleaned:
            raise UserError(f"Chưa ghi lý do yêu cầu bổ sung{_about(record, path)}.", code="reason_missing", field=path)
        changes |= record.add_row(TABLE, _row(workspace, record, path, cleaned))[1]
    return changes


def asked(workspace: Workspace, record: Record, remarks: Iterable[Remark], reason: str) -> list[Remark]:
    """The remarks that a return keeps: also its general reason if nothing else in the dossier would say it."""
    given = list(remarks)
    opinion = record.form.by_name.get("province_note")
    is_kept = opinion is not None and opinion.owner == workspace.identity.unit.level
    is_covered = reason == "; ".join(sentence for _path, sentence in given)
    return given if given and (is_kept or is_covered) else [*given, ("", reason)]


def _about(record: Record, path: str) -> str:
    """The label of the field, to be put into a sentence; "" for the whole record."""
    return f" «{record.field(path).label}»" if path else ""


def _row(workspace: Workspace, record: Record, path: str, reason: str) -> dict[str, Any]:
    officer = workspace.identity.officer
    return {
        "asked_on": workspace.today().isoformat(),
        "asked_by": ", ".join(filter(None, (officer.name, workspace.identity.unit.name))),
        "reason": reason,
        **({"path": path, "subject": record.field(path).label} if path else {}),
    }


def open_problems(record: Record) -> list[Problem]:
    """List the unanswered remarks as problems of the fields concerned."""
    if not has_remarks(record):
        return []
    return [
        Problem(_field_path(record, row), f"Yêu cầu bổ sung{subject_text(row)}: {row.get('reason', '')}")
        for row in _unanswered(record)
    ]


def has_remarks(record: Record) -> bool:
    """Whether records of this kind are sent back with remarks."""
    return any(table.name == TABLE for table in record.form.tables)


def remarks_of(record: Record) -> list[Problem]:
    """The unanswered remarks in the appraiser's own words, at the fields concerned."""
    return [Problem(str(row.get("path", "")), str(row.get("reason", ""))) for row in _unanswered(record)]


def asked_rows(record: Record) -> list[dict[str, str]]:
    """The unanswered remarks for a letter, in the appraiser's own words: rows of {"section", "message"}."""
    return [
        {"section": str(row.get("subject", "")), "message": str(row.get("reason", ""))} for row in _unanswered(record)
    ]


def with_answer_day(reason: str, day: date | None) -> str:
    """The reason of a return with the day by which the unit has to answer."""
    return f"{reason.rstrip(' .')}. Bổ sung {_BEFORE} {text.format_date(day)}." if day else reason


def answer_day(_workspace: Workspace, record: Record) -> str | None:
    """The ISO day by which the unit has to answer, as the return says it; None if it says none."""
    written = " ".join([str(record.data.get("province_note", "")), *(row["message"] for row in asked_rows(record))])
    days = _DAY.findall(written)
    try:
        return notations.parse_date(days[-1]).isoformat() if days else None
    except ValueError:
        return None


def subject_text(row: dict[str, Any]) -> str:
    """The label of the field of a remark, to be put into a sentence; "" for none."""
    subject = row.get("subject")
    return f" «{subject}»" if subject else ""


def _unanswered(record: Record) -> list[dict[str, Any]]:
    return [row for row in record.rows(TABLE) if not row.get("answer")]


def _field_path(record: Record, row: dict[str, Any]) -> str:
    """The path of the remark's field; its row or the table of remarks if the field no longer exists."""
    path = str(row.get("path", ""))
    try:
        record.field(path)
    except UserError:
        return TABLE
    name, *rest = path.split("/")
    return name if rest and record.value(f"{name}/{rest[0]}") is None else path
