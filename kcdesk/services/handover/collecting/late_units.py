"""The list of units and whether they have handed over for a period: to print, to telephone, to send out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.collecting import period_handovers, periods
from kcdesk.services.handover.collecting.batch_receiving import FileVerdict
from kcdesk.services.handover.collecting.period_handovers import UnitHandover
from kcdesk.services.papers.sheets import Topic, print_sheet
from kcdesk.services.workspace import Workspace

LAYOUT = "reminder_list"


class LateUnitLine(Value):
    """An item of `units` in the layout."""

    name: str
    code: str
    last: str
    records: int | str
    phone: str
    missing: str
    state: str
    troubles: str


def print_late(
    workspace: Workspace, period: str, pdf: Path, due: date | None = None, verdicts: Sequence[FileVerdict] = ()
) -> list[UnitHandover]:
    """Write the list of all units for a period as PDF, late ones first; returns the listed units.

    `verdicts` are the files of a folder; see `period_handovers`. UserError `no_units` if there is no lower unit,
    KnownError if the file cannot be written.
    """
    handovers = period_handovers.period_handovers(workspace, period, due, verdicts)
    if not handovers:
        raise UserError(
            "Chưa biết đơn vị cấp dưới nào.",
            code="no_units",
            hint="Hãy nhận tệp nhận diện của các đơn vị, hoặc ghi các đơn vị ở «Đơn vị, cơ quan».",
        )
    values = {
        "period": Topic(period, periods.name(period)),
        "units": [_line(handover) for handover in handovers],
        "late": sum(handover.late for handover in handovers),
    }
    print_sheet(workspace, LAYOUT, values, pdf)
    return handovers


def _line(handover: UnitHandover) -> LateUnitLine:
    return LateUnitLine(
        name=handover.name,
        code=handover.unit,
        last=_last(handover),
        records=handover.records if handover.at else "–",
        phone=handover.phone,
        missing=", ".join(map(str, handover.missing)) or "–",
        state=state_text(handover),
        troubles="; ".join(handover.troubles),
    )


def due_period(workspace: Workspace) -> str:
    """The last complete month, `2026-10` in November: the newest period that is due."""
    return f"{workspace.today().replace(day=1) - timedelta(days=1):%Y-%m}"


def state_text(handover: UnitHandover) -> str:
    """«Đã bàn giao», «Quá hạn», «Chưa đến hạn», or since when a unit is known that was not yet to hand over."""
    if handover.new_since:
        return f"Mới biết từ {text.format_date(handover.new_since)}, chưa đến hạn"
    return "Đã bàn giao" if handover.covered else "Quá hạn" if handover.late else "Chưa đến hạn"


def _last(handover: UnitHandover) -> str:
    """The newest hand-over as text: «Kỳ 2026-02, ngày 05/3/2026»."""
    if not handover.at:
        return "Chưa bàn giao lần nào"
    day = moments.day(handover.at)
    return f"{periods.name(handover.period)}, ngày {text.format_date(day)}"
