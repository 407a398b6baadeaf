"""The deadlines of one unit or one officer as a list to print or to give on as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk.runtime.frozen import Value
from kcdesk.services.deadlines import listing
from kcdesk.services.deadlines.due_owners import NOBODY, DueOwner
from kcdesk.services.deadlines.listing import Due
from kcdesk.services.papers.sheets import Topic, print_sheet, write_table
from kcdesk.services.records.titles import title_for_others
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_date

LAYOUT = "deadline_list"
NOTHING = "–"  # in print, for a deadline that is of no dossier, unit or officer
_COLUMNS = (  # of the workbook, with their widths in characters
    ("Hạn", 12),
    ("Còn lại", 16),
    ("Việc phải làm", 50),
    ("Hồ sơ", 60),
    ("Đơn vị", 36),
    ("Cán bộ", 28),
)


class DueLine(Value):
    """An item of `dues` in the layout."""

    day: str
    left: str
    what: str
    title: str
    unit_name: str
    officer_name: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts below the heads of the workbook."""
        return (self.day, self.left, self.what, self.title, self.unit_name, self.officer_name)


def due_lines(workspace: Workspace, dues: Sequence[Due], owners: Mapping[str, DueOwner]) -> list[DueLine]:
    """The deadlines as texts; what is personal in a title is masked, for the list is handed on."""
    on = workspace.today()
    return [
        DueLine(
            format_date(due.day),
            listing.days_left(due, on),
            due.what,
            title_for_others(workspace, due.title, due.id),
            owners.get(due.id, NOBODY).unit_name,
            owners.get(due.id, NOBODY).officer_name,
        )
        for due in dues
    ]


def print_dues(
    workspace: Workspace, dues: Sequence[Due], owners: Mapping[str, DueOwner], heading: str, pdf: Path
) -> dict[str, Any]:
    """Write the deadlines as PDF; `heading` says whose they are, "" for everybody's. Returns {"pdf", "pages"}."""
    lines = due_lines(workspace, dues, owners)
    values = {
        "period": Topic("dues", heading or f"Tính đến ngày {format_date(workspace.today())}"),
        "dues": [DueLine(*(cell or NOTHING for cell in line.cells)) for line in lines],  # nobody writes into these
    }
    return print_sheet(workspace, LAYOUT, values, pdf)


def write_dues(
    workspace: Workspace, dues: Sequence[Due], owners: Mapping[str, DueOwner], heading: str, path: Path
) -> dict[str, Any]:
    """Write the deadlines as a workbook; returns {"xlsx", "dues"}."""
    title = f"Thời hạn{': ' if heading else ''}{heading}"
    write_table(path, "Thời hạn", title, _COLUMNS, (line.cells for line in due_lines(workspace, dues, owners)))
    return {"xlsx": str(path), "dues": len(dues)}
