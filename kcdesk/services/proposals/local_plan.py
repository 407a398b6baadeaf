"""A national proposal that the province has rejected, moved to the province's own plan straight from the receipt."""

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
    """Whether the dossier is a national proposal that the province has rejected, and this unit may move it."""
    data = record.data
    rejected = data.get("province_result") == "rejected" and data.get("programme") == "national"
    return record.kind == "proposal" and rejected and workspace.identity.unit.level != "province"


def move(workspace: Workspace, id_: str) -> Changes:
    """Make the proposal a local one in a new version; one act.

    Where the refusal has been recorded as a step, this is the next step; else the receipt is the refusal. UserError
    `not_offered` when it was not rejected or is no national proposal.
    """
    record = permissions.living(workspace, id_)
    if not is_offered(workspace, record):
        raise UserError(
            "Chỉ chuyển được đề án khuyến công quốc gia không được phê duyệt.",
            code="not_offered",
            hint="Hãy xem ý kiến cấp tỉnh trong hồ sơ.",
        )
    if any(step.name == _STEP for step in steps.possible(workspace, record)):
        return steps.take(workspace, id_, _STEP)
    changes = moved_to_local(workspace, record)[id_]
    workflow = workspace.forms.workflow(record.kind)
    is_locked = not workflow.state(record.state).editable
    if is_locked:
        changes |= record.set("state", workflow.initial) | record.set("revision", record.revision + 1)
    with workspace.store.act("Chuyển sang kế hoạch khuyến công địa phương") as act:
        if is_locked:  # the paper of the version that ends here
            act.snapshot(id_)
        act.update(id_, changes | prefill.follow(workspace, record, changes))
    return act.changes


def moved_to_local(workspace: Workspace, proposal: Record) -> dict[str, dict[str, Any]]:
    """The national share of every line becomes the province's; the refusal stays on record."""
    changes = proposal.set("programme", "local")
    changes |= proposal.set("moved_on", workspace.today().isoformat())
    for row in proposal.rows("budget"):
        if national := row.get("national"):
            changes |= proposal.set(f"budget/{row['id']}/local", national + row.get("local", 0))
            changes |= proposal.set(f"budget/{row['id']}/national", None)
    return {proposal.id: changes}
