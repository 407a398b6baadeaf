"""Take answers of a ticked sheet into their record: what was proposed surely, or what an officer has chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kcdesk.errors import UserError
from kcdesk.services.papers.ticked.asked_answers import NEW_ROW
from kcdesk.services.papers.ticked.sheet_reading import SheetReading
from kcdesk.services.records import changing, permissions
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

Chosen = Mapping[tuple[str, str], str]  # by path and row on paper: what the officer chose or typed


def sure_answers(reading: SheetReading) -> dict[tuple[str, str], str]:
    """The proposals without a doubt that differ from what the record has, as they are typed."""
    return {
        (answer.path, answer.row): answer.text
        for answer in reading.answers
        if answer.is_proposed and answer.text != answer.present
    }


def take_answers(workspace: Workspace, reading: SheetReading, chosen: Chosen) -> Changes:
    """Write answers into the record of a sheet, in one act; UserError `nothing_read` if there are none.

    Text is read as if it were typed; a cell that does not take it is refused by its name, and nothing is written.
    """
    if not chosen:
        raise UserError(
            "Phiếu không có câu trả lời nào để nhận.",
            code="nothing_read",
            hint="Hãy xem ảnh từng câu rồi chọn hoặc gõ, hoặc chụp lại rõ hơn.",
        )
    record = permissions.living(workspace, reading.record_id)
    changes: dict[str, Any] = {}
    added: dict[tuple[str, str], str] = {}
    for (path, row), typed in chosen.items():
        table, _, rest = path.partition("/")
        if rest.startswith(NEW_ROW):
            named_by, _, column = rest.removeprefix(NEW_ROW).partition("/")
            if (table, row) not in added:
                added[table, row], new = record.add_row(table, {named_by: row})
                changes |= new
            path = f"{table}/{added[table, row]}/{column}"
        changes |= record.parse(path, typed.strip() or None)
    return changing.save(workspace, record.id, changes, f"Nhận {reading.label[:1].lower()}{reading.label[1:]}").changes
