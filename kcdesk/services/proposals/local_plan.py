"""Move a national proposal that was rejected to the local plan of the province, directly from the receipt."""

from __future__ import annotations

from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import permissions, prefill
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

_STEP = "move_to_local"  # of forms/workflow.toml


def is_offered(workspace: Workspace, record: Record) -> bool:
    """Whether the record is a national proposal that the province rejected, and this unit makes proposals."""
    data = record.data
    rejected = data.get("province_result") == "rejected" and data.get("programme") == "national"
    return record.kind == "proposal" and rejected and not workspace.collects


def move_to_local_plan(workspace: Workspace, proposal_id: str) -> Changes:
    """Turn the proposal into a local proposal, in a new revision if it is locked; one act.

    If the rejection was recorded as a step, this takes the step «move_to_local»; otherwise the receipt counts as the
    rejection. UserError `not_offered` if the proposal was not rejected or is not national.
    """
    record = permissions.living(workspace, proposal_id)
    if not is_offered(workspace, record):
        raise UserError(
            "Chỉ chuyển được đề án khuyến công quốc gia không được phê duyệt.",
            code="not_offered",
            hint="Hãy xem ý kiến cấp tỉnh trong hồ sơ.",
        )
    if any(step.name == _STEP for step in steps.possible(workspace, record)):
        return steps.take_step(workspace, proposal_id, _STEP)
    changes = local_plan_changes(workspace, record)[proposal_id]
    workflow = workspace.forms.workflow(record.kind)
    is_locked = not workflow.state(record.state).editable
    if is_locked:
        changes |= record.set("state", workflow.initial) | record.set("revision", record.revision + 1)
    with workspace.store.act("Chuyển sang kế hoạch khuyến công địa phương", record=proposal_id) as act:
        if is_locked:  # keeps the paper of the revision that ends here
            act.snapshot(proposal_id)
        act.update(proposal_id, changes | prefill.follow(workspace, record, changes))
    return act.changes


def local_plan_changes(workspace: Workspace, proposal: Record) -> dict[str, dict[str, Any]]:
    """Move the national share of every budget line to the local share, as changes by record id."""
    changes = proposal.set("programme", "local")
    changes |= proposal.set("moved_on", workspace.today().isoformat())
    for row in proposal.rows("budget"):
        if national := row.get("national"):
            changes |= proposal.set(f"budget/{row['id']}/local", national + row.get("local", 0))
            changes |= proposal.set(f"budget/{row['id']}/national", None)
    return {proposal.id: changes}
