"""The list of units and whether they have handed over for a period: to print, to telephone, to send out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.services.handover.packages import batch_receiving
from kcdesk.services.handover.packages.batch_receiving import UnitHandover
from kcdesk.services.papers import printing
from kcdesk.services.papers.printing import Topic
from kcdesk.services.workspace import Workspace

LAYOUT = "reminder_list"


@dataclass(frozen=True, slots=True)
class LateUnitLine:
    """An item of `units` in the layout."""

    name: str
    code: str
    last: str
    records: int | str
    missing: str
    state: str


def print_late(workspace: Workspace, period: str, pdf: Path, due: date | None = None) -> list[UnitHandover]:
    """Write the list of all units for a period as PDF, late ones first; returns the listed units.

    UserError `no_units` if no lower unit is known, KnownError if the file cannot be written.
    """
    handovers = batch_receiving.period_handovers(workspace, period, due)
    if not handovers:
        raise UserError(
            "Chưa biết đơn vị cấp dưới nào.", code="no_units", hint="Hãy nhận tệp nhận diện của các đơn vị trước."
        )
    identity = workspace.identity
    context = {
        "period": Topic(period, period),
        "units": [_line(handover) for handover in handovers],
        "late": sum(handover.late for handover in handovers),
        "today": workspace.today().isoformat(),
        "unit": identity.unit,
        "officer": identity.officer,
        "practice": identity.practice,
    }
    printing.write_pdf(workspace.layouts[LAYOUT].render(context), pdf)
    return handovers


def _line(handover: UnitHandover) -> LateUnitLine:
    return LateUnitLine(
        name=handover.name,
        code=handover.unit,
        last=_last(handover),
        records=handover.records if handover.at else "–",
        missing=", ".join(map(str, handover.missing)) or "–",
        state=state_text(handover),
    )


def state_text(handover: UnitHandover) -> str:
    """«Đã bàn giao», «Quá hạn» or «Chưa đến hạn»."""
    return "Đã bàn giao" if handover.covered else "Quá hạn" if handover.late else "Chưa đến hạn"


def _last(handover: UnitHandover) -> str:
    """The newest hand-over as text: «Kỳ 2026-02, ngày 05/3/2026»."""
    if not handover.at:
        return "Chưa bàn giao lần nào"
    day = moments.day(handover.at)
    return f"Kỳ {handover.period}, ngày {text.format_date(day)}"
