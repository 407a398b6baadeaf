"""A proposal for the national programme that was not approved, moved to the province's own plan."""

from __future__ import annotations

from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.services import guarding, preparing, steps
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

_FROM, _TO = "national", "local"  # programmes, and the columns of the budget that are named after them


def is_offered(workspace: Workspace, record: Record) -> bool:
    """Whether the dossier is a national proposal that the province has rejected, and this unit may move it."""
    data = record.data
    rejected = data.get("province_result") == "rejected" and data.get("programme") == _FROM
    return record.kind == "proposal" and rejected and workspace.identity.unit.level != "province"


def move(workspace: Workspace, id_: str) -> Changes:
    """Make the proposal a local one: a new version, its national money in the column of local money; one act.

    UserError `not_offered` when it was not rejected or is no national proposal.
    """
    record = guarding.living(workspace, id_)
    if not is_offered(workspace, record):
        raise UserError(
            "Chỉ chuyển được đề án khuyến công quốc gia không được phê duyệt.",
            code="not_offered",
            hint="Hãy xem ý kiến cấp tỉnh trong hồ sơ.",
        )
    changes = _reopened(workspace, record) | record.set("programme", _TO)
    for row in record.value("budget") or ():
        if (amount := row.get(_FROM)) is not None:
            changes |= record.set(f"budget/{row['id']}/{_TO}", amount + (row.get(_TO) or 0))
            changes |= record.set(f"budget/{row['id']}/{_FROM}", None)
    with workspace.store.act("Chuyển sang kế hoạch khuyến công địa phương") as act:
        act.update(id_, changes | preparing.follow(workspace, record, changes))
    return act.changes


def _reopened(workspace: Workspace, record: Record) -> dict[str, Any]:
    """A locked proposal is corrected in a new version; its paper stays."""
    if workspace.forms.workflow(record.kind).state(record.state).editable:
        return {}
    step = next(step for step in steps.possible(workspace, record) if step.new_revision)
    return record.set("state", step.to) | record.set("revision", record.revision + 1)
