"""The deadlines of one unit or one officer as a list to print or to give on as a workbook."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kcdesk import placing
from kcdesk.services.deadlines import listing
from kcdesk.services.deadlines.due_owners import NOBODY, DueOwner
from kcdesk.services.deadlines.listing import Due
from kcdesk.services.papers.sheets import Topic, print_sheet
from kcdesk.services.records.titles import title_for_others
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_date

LAYOUT = "deadline_list"
_HEADS = ("Hạn", "Còn lại", "Việc phải làm", "Hồ sơ", "Đơn vị", "Cán bộ")


@dataclass(frozen=True, slots=True)
class DueLine:
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
    """Write the deadlines as PDF; `heading` says whose they are. Returns {"pdf", "pages"}."""
    values = {
        "period": Topic("dues", heading),
        "dues": due_lines(workspace, dues, owners),
    }
    return print_sheet(workspace, LAYOUT, values, pdf)


def write_dues(
    workspace: Workspace, dues: Sequence[Due], owners: Mapping[str, DueOwner], heading: str, path: Path
) -> dict[str, Any]:
    """Write the deadlines as a workbook; returns {"xlsx", "dues"}."""
    from openpyxl import Workbook  # openpyxl takes 150 ms

    from kcdesk.exchange.workbook import looks  # openpyxl takes 150 ms

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Thời hạn")
    looks.set_widths(sheet, [12, 16, 50, 60, 36, 28])
    sheet.freeze_panes = "A3"
    looks.set_page(sheet)
    styler = looks.styler(sheet)
    sheet.append([styler.cell(f"Thời hạn{': ' if heading else ''}{heading}", looks.TITLE)])
    sheet.append([styler.cell(head, looks.PALE_HEAD) for head in _HEADS])
    for line in due_lines(workspace, dues, owners):
        sheet.append([styler.cell(cell, looks.Look(grid=True)) for cell in line.cells])
    content = io.BytesIO()
    workbook.save(content)
    placing.save(content.getvalue(), path)
    return {"xlsx": str(path), "dues": len(dues)}
