"""Add the usual rows of an activity to a proposal, in one act."""

from __future__ import annotations

from kcdesk.errors import UserError
from kcdesk.formdef import suggested_rows
from kcdesk.services.records import changing, permissions
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

TABLES = ("budget", "results", "papers")


def add_suggested_rows(workspace: Workspace, id_: str, tables: tuple[str, ...] = TABLES) -> Changes:
    """Add the suggested rows of the tables; UserError `nothing_suggested` if none are missing or none are known."""
    record = permissions.living(workspace, id_)
    if not all(suggested_rows.is_suggested(record.kind, table) for table in tables):
        raise UserError(
            f"{record.form.label} không có dòng gợi ý cho bảng này.",
            code="no_suggestions",
            hint=f"Các bảng có gợi ý, của đề án: {', '.join(TABLES)}.",
        )
    for table in tables:
        permissions.refuse_unless_editable(workspace, record, table)
    if not record.value("activity"):
        raise UserError(
            "Chưa chọn «Nội dung hoạt động khuyến công» nên chưa có dòng gợi ý.", code="not_chosen", field="activity"
        )
    changes = {
        path: value for table in tables for path, value in suggested_rows.add_suggested_rows(record, table).items()
    }
    if not changes:
        raise UserError("Các dòng gợi ý đều đã có.", code="nothing_suggested")
    return changing.save(workspace, id_, changes).changes
