"""The sheet of a day, printed before leaving: sites, contacts and contracts of the visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.regulations.dated_names import DatedNames, names_on
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers.sheets import Topic, print_sheet
from kcdesk.services.records.copying import linked
from kcdesk.services.visits import visits
from kcdesk.services.visits.visits import CalendarEntry
from kcdesk.services.workspace import Workspace

LAYOUT = "day_sheet"
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


class DaySheetLine(Value):
    """An item of `visits` in the layout; an empty text prints as a blank."""

    what: str
    site: str
    address: str
    beneficiary: str
    contact: str
    proposal: str
    contract: str


def day_name(day: date) -> str:
    """«Thứ Năm, ngày 05 tháng 3 năm 2026»."""
    return f"{_WEEKDAYS[day.weekday()]}, {text.date_in_words(day)}"


def entries(workspace: Workspace, day: date) -> Sequence[CalendarEntry]:
    """List the visits, due remedies and revisits of a day."""
    return visits.calendar(workspace, day, day).get(day, ())


def print_day(workspace: Workspace, day: date, pdf: Path) -> Path:
    """Write the sheet of a day as PDF; UserError `empty_day` when the day has no entries."""
    day_entries = entries(workspace, day)
    if not day_entries:
        raise UserError(
            f"Không có việc nào vào {text.date_in_words(day)}.", code="empty_day", hint="Hãy chọn ngày khác."
        )
    values = {
        "day": Topic(day.isoformat(), day_name(day)),
        "visits": [_line(workspace, entry, names_on(workspace.forms, day)) for entry in day_entries],
    }
    print_sheet(workspace, LAYOUT, values, pdf)
    return pdf


def _line(workspace: Workspace, entry: CalendarEntry, names: DatedNames) -> DaySheetLine:
    visit = workspace.store.record(entry.id)
    proposal, contract, beneficiary = (linked(workspace, visit, n) for n in ("proposal", "contract", "beneficiary"))
    known = beneficiary.text if beneficiary else lambda _name: ""
    number, signed = visit.text("contract_number"), visit.text("contract_signed_on")
    return DaySheetLine(
        what=entry.label,
        site=visit.text("site"),
        address=", ".join(filter(None, (visit.text("address"), names.text(visit, "place")))),
        beneficiary=beneficiary.title() if beneficiary else "",
        contact=", ".join(filter(None, (known("representative"), known("phone")))),
        proposal=proposal.title() if proposal else "",
        contract=" ngày ".join(filter(None, (number or (contract.title() if contract else ""), signed))),
    )
