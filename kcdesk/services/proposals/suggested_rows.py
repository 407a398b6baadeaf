"""The usual rows of a proposal's activity, offered below its tables."""

from __future__ import annotations

from functools import partial

from kcdesk.errors import UserError
from kcdesk.formdef import suggested_rows
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import ValueChanges
from kcdesk.formdef.suggested_rows import Suggestion
from kcdesk.services.workspace import TableOffer, Workspace

TABLES = ("budget", "results", "papers")
_TIP = "Ghi thêm các dòng mà nội dung hoạt động này thường có"


def offers() -> dict[tuple[str, str], TableOffer]:
    """The offer of each table of a proposal."""
    return {("proposal", table): TableOffer("Thêm dòng gợi ý", _TIP, partial(_add_rows, table)) for table in TABLES}


def _add_rows(table: str, workspace: Workspace, record: Record) -> tuple[ValueChanges, str]:
    """Add the rows that the proposal does not have; UserError `not_chosen` without an activity."""
    if not record.value("activity"):
        raise UserError(
            "Chưa chọn «Nội dung hoạt động khuyến công» nên chưa có dòng gợi ý.", code="not_chosen", field="activity"
        )
    added = suggested_rows.suggestions(record, table)
    return suggested_rows.add_suggested_rows(record, table), _note(workspace, added)


def _note(workspace: Workspace, added: list[Suggestion]) -> str:
    """Describe the added suggestions, with the legal texts that they are based on."""
    if not added:
        return "Các dòng gợi ý đều đã có."
    sources = "; ".join(dict.fromkeys(workspace.forms.law.bare(entry.source) for entry in added))
    law = workspace.forms.law
    is_marked = any(law.is_marked(entry.source, unverified=entry.unverified) for entry in added)
    mark = " Có dòng chưa đối chiếu với văn bản gốc." if is_marked else ""
    return f"Đã thêm {len(added)} dòng gợi ý theo: {sources}.{mark} Dòng không dùng thì xoá (Ctrl+Delete)."
