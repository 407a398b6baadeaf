"""The list of units that have not handed over yet: to print, to phone along, to send out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.services.handover.packages import batch_receiving
from kcdesk.services.handover.packages.batch_receiving import Handed
from kcdesk.services.papers import printing
from kcdesk.services.papers.printing import Topic
from kcdesk.services.workspace import Workspace

LAYOUT = "reminder_list"


@dataclass(frozen=True, slots=True)
class Line:
    """One of `units` in the layout."""

    name: str
    code: str
    last: str
    records: int | str
    missing: str
    state: str


def print_late(workspace: Workspace, period: str, pdf: Path, due: date | None = None) -> list[Handed]:
    """Write the list of all units for a period as PDF, the late ones first; returns what stands on it.

    UserError `no_units` when no unit below is known, KnownError when the file cannot be written.
    """
    found = batch_receiving.late(workspace, period, due)
    if not found:
        raise UserError(
            "Chưa biết đơn vị cấp dưới nào.", code="no_units", hint="Hãy nhận tệp nhận diện của các đơn vị trước."
        )
    identity = workspace.identity
    context = {
        "period": Topic(period, period),
        "units": [_line(handed) for handed in found],
        "late": sum(handed.late for handed in found),
        "today": workspace.today().isoformat(),
        "unit": identity.unit,
        "officer": identity.officer,
        "practice": identity.practice,
    }
    printing.write_pdf(workspace.layouts[LAYOUT].render(context), pdf)
    return found


def _line(handed: Handed) -> Line:
    return Line(
        name=handed.name,
        code=handed.unit,
        last=_last(handed),
        records=handed.records if handed.at else "–",
        missing=", ".join(map(str, handed.missing)) or "–",
        state=state(handed),
    )


def state(handed: Handed) -> str:
    """«Đã bàn giao», «Quá hạn» or «Chưa đến hạn»."""
    return "Đã bàn giao" if handed.covered else "Quá hạn" if handed.late else "Chưa đến hạn"


def _last(handed: Handed) -> str:
    """The newest hand-over: «Kỳ 2026-02, ngày 05/3/2026»."""
    if not handed.at:
        return "Chưa bàn giao lần nào"
    day = datetime.fromisoformat(handed.at).astimezone().date()
    return f"Kỳ {handed.period}, ngày {text.format_date(day)}"
