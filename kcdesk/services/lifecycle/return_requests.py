"""Requests for supplement: fields that an appraiser sends back, each with its reason, stored in the dossier."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from kcdesk import notations, text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

TABLE, _DAY_COLUMN = "remarks", "answer_by"
_BEFORE = "trước ngày"
_DAY = re.compile(rf"{_BEFORE} (\d{{1,2}}/\d{{1,2}}/\d{{4}})")

Remark = tuple[str, str]  # path of a field ("" for the whole record), reason


def add_remarks(
    workspace: Workspace, record: Record, remarks: Iterable[Remark], answer_by: date | None = None
) -> dict[str, Any]:
    """Add remarks to the record and return the changes by path; `answer_by` is the day by which they are answered.

    UserError for an unknown field, an empty reason, or a day that has passed.
    """
    if why := wrong_day(workspace, answer_by):
        raise UserError(why, code="day_passed", field=_DAY_COLUMN)
    changes: dict[str, Any] = {}
    for path, reason in remarks:
        cleaned = text.clean(reason).strip()
        if not cleaned:
            raise UserError(f"Chưa ghi lý do yêu cầu bổ sung{_about(record, path)}.", code="reason_missing", field=path)
        changes |= record.add_row(TABLE, _row(workspace, record, path, cleaned, answer_by))[1]
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


def wrong_day(workspace: Workspace, answer_by: date | None) -> str:
    """Why a remark cannot be answered by this day; "" if it can."""
    if answer_by is None or answer_by >= workspace.today():
        return ""
    return f"Hạn bổ sung {text.format_date(answer_by)} đã qua; hãy ghi hôm nay hoặc ngày sau."


def typed_day(workspace: Workspace, typed: str) -> tuple[date | None, str]:
    """The day that is typed, and why it cannot be taken ("" if it can); None for an empty text."""
    if not typed.strip():
        return None, ""
    try:
        day = notations.parse_date(typed)
    except ValueError:
        return None, f"“{typed.strip()}” không phải là ngày; hãy nhập ví dụ 15/12/2026."
    return day, wrong_day(workspace, day)


def usual_day(workspace: Workspace) -> date:
    """The day by which remarks are usually answered."""
    return workspace.today() + timedelta(days=workspace.calendar.answer_within)


def _row(workspace: Workspace, record: Record, path: str, reason: str, answer_by: date | None) -> dict[str, Any]:
    officer = workspace.identity.officer
    has_day = keeps_day(record)
    sentence = reason if has_day else with_answer_day(reason, answer_by)
    return {
        "asked_on": workspace.today().isoformat(),
        "asked_by": ", ".join(filter(None, (officer.name, workspace.identity.unit.name))),
        "reason": sentence,
        **({_DAY_COLUMN: answer_by.isoformat()} if has_day and answer_by else {}),
        **({"path": path, "subject": record.field(path).label} if path else {}),
    }


def open_problems(record: Record) -> list[Problem]:
    """List the unanswered remarks as problems of the fields concerned."""
    if not has_remarks(record):
        return []
    return [
        Problem(_field_path(record, row), f"Yêu cầu bổ sung{subject_text(row)}: {row.get('reason', '')}{_due(row)}")
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


def keeps_day(record: Record) -> bool:
    """Whether the day by which a remark is answered has a field of its own; else it stands in the reason."""
    tables = {table.name: table for table in record.form.tables}
    return TABLE in tables and _DAY_COLUMN in {column.name for column in tables[TABLE].columns}


def with_answer_day(reason: str, day: date | None) -> str:
    """The reason of a return with the day by which the unit has to answer, unless it says that already."""
    if _DAY.search(reason):
        return reason
    return f"{reason.rstrip(' .')}. Bổ sung {_BEFORE} {text.format_date(day)}." if day else reason


def answer_day(_workspace: Workspace, record: Record) -> str | None:
    """The ISO day by which the unit has to answer: the last one of the open remarks; None if there is none.

    Earlier versions of the program wrote it into a sentence.
    """
    if days := [str(row[_DAY_COLUMN]) for row in _unanswered(record) if row.get(_DAY_COLUMN)]:
        return max(days)
    written = " ".join([str(record.data.get("province_note", "")), *(row["message"] for row in asked_rows(record))])
    sentences = _DAY.findall(written)
    try:
        return notations.parse_date(sentences[-1]).isoformat() if sentences else None
    except ValueError:
        return None


def _due(row: dict[str, Any]) -> str:
    """« (hạn 14/12/2026)» for a remark with a day."""
    day = row.get(_DAY_COLUMN)
    return f" (hạn {text.format_date(date.fromisoformat(str(day)))})" if day else ""


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
