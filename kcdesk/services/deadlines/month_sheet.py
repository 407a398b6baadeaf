"""The sheet of a month for the wall: deadlines and planned visits by day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from kcdesk.runtime.frozen import Value
from kcdesk.services.deadlines import listing
from kcdesk.services.papers.sheets import Topic, print_sheet
from kcdesk.services.records.titles import title_for_others
from kcdesk.services.visits import visits
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_date

LAYOUT = "month_sheet"


class MonthSheetLine(Value):
    """An item of `lines` in the layout; `source` is the article that sets the deadline."""

    day: str
    what: str
    title: str
    source: str


def lines(workspace: Workspace, day: date) -> list[MonthSheetLine]:
    """List deadlines and planned visits in the month of `day`, by day."""
    first, last = listing.month_of(day)
    dues = [(due.day, _of_due(workspace, due)) for due in listing.between(workspace, first, last)]
    planned = [
        (entry.day, MonthSheetLine(format_date(entry.day), entry.label, _title(workspace, entry), ""))
        for entries in visits.calendar(workspace, first, last).values()
        for entry in entries
        if entry.what == "planned"
    ]
    return [line for _day, line in sorted([*dues, *planned], key=lambda pair: pair[0])]


def print_month(workspace: Workspace, day: date, pdf: Path) -> dict[str, Any]:
    """Write the sheet of the month of `day` as PDF; returns {"pdf", "pages"}."""
    values = {
        "month": Topic(f"{day:%Y-%m}", f"tháng {day.month:02} năm {day.year}"),
        "lines": lines(workspace, day),
    }
    return print_sheet(workspace, LAYOUT, values, pdf)


def _of_due(workspace: Workspace, due: listing.Due) -> MonthSheetLine:
    return MonthSheetLine(format_date(due.day), due.what, _title(workspace, due), listing.basis(workspace, due))


def _title(workspace: Workspace, entry: listing.Due | visits.CalendarEntry) -> str:
    """The sheet hangs on a wall: what is personal in a title is masked."""
    return title_for_others(workspace, entry.title, entry.id)
