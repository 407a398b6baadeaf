"""What a step will do, in half a line, from its definition: nothing has to be written beside it."""

from __future__ import annotations

from kcdesk.formdef.model import State, Transition, Workflow


def outcome(workflow: Workflow, now: State, step: Transition) -> str:
    """Say where the step leads and whether the dossier can be changed afterwards."""
    to = workflow.state(step.to)
    parts = [f"chuyển sang «{to.label}»" if to != now else "vẫn ở trạng thái này"]
    if step.new_revision:
        parts.append("sửa lại được, thành bản mới, bản cũ vẫn giữ")
    elif to.editable and not now.editable:
        parts.append("sửa lại được")
    elif now.editable and not to.editable:
        parts.append("không sửa trực tiếp được nữa")
    if step.needs_reason:
        parts.append("phải ghi lý do")
    return ", ".join(parts)
