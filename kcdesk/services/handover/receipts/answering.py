"""What the answer of a receipt does to its dossier, besides the province's fields: the step that the answer means.

`answer` of a step in `forms/workflow.toml` names the result. Where the order of steps does not allow it, the dossier
keeps its state, and the answer stands in the province's fields alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kcdesk.formdef.model import Transition
from kcdesk.formdef.record import Record
from kcdesk.services.lifecycle import steps
from kcdesk.services.lifecycle.steps import PreparedStep
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.services.lifecycle.return_requests import Remark
    from kcdesk.store.writer import Writer


@dataclass(frozen=True, slots=True)
class PreparedAnswer:
    """The checked changes of one dossier by a receipt: a whole step, or values by path."""

    record: str
    values: Mapping[str, Any]
    step: PreparedStep | None = None

    def write(self, workspace: Workspace, act: Writer) -> None:
        """Write the answer into an act; nothing for an answer that changes nothing."""
        if self.step is not None:
            steps.write_step(workspace, act, self.step)
        elif self.values:
            act.update(self.record, self.values)


def prepare_answer(
    workspace: Workspace, id_: str, result: str, values: Mapping[str, Any], remarks: list[Remark], note: str
) -> PreparedAnswer:
    """Check the answer about a dossier; `values` are the province's fields, `remarks` the reasons of a return."""
    record = workspace.store.record(id_)
    if record.deleted:
        return PreparedAnswer(id_, values)
    record.apply(values)
    step = steps.answering(workspace, record, result)
    if step is None:
        return PreparedAnswer(id_, values)
    if steps.step_obstacles(workspace, record, step):
        return PreparedAnswer(id_, {**values, **_fillable(workspace, record, step)})
    reason = note or "; ".join(sentence for _path, sentence in remarks)
    if step.needs_reason and not reason:
        return PreparedAnswer(id_, values)
    prepared = steps.prepare_step(workspace, record, step.name, reason, remarks if step.remarks else (), values)
    return PreparedAnswer(id_, values, prepared)


def _fillable(workspace: Workspace, record: Record, step: Transition) -> dict[str, Any]:
    """The values that the step would fill in, with what follows from them, as far as their fields are open."""
    values = steps.filled_values(workspace, record, step)
    open_values = {name: value for name, value in values.items() if reading.is_editable(workspace, record.id, name)}
    return record.apply(open_values) if open_values else {}
