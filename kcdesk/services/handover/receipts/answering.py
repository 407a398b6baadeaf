"""What the answer of a receipt does to its dossier, besides the province's fields: the step that the answer means.

`answer` of a step in `forms/workflow.toml` names the result. Where the state has no such step, the dossier keeps its
state, and the answer stands in the receipt and in the province's fields alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.receipts import offers
from kcdesk.services.lifecycle import steps
from kcdesk.services.lifecycle.steps import PreparedStep
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.services.lifecycle.return_requests import Remark
    from kcdesk.store.writer import Writer


class PreparedAnswer(Value):
    """The checked changes of one dossier by a receipt: a whole step, or values by path.

    `amended`: the values replace a decision that was sent, whose version is kept.
    """

    record: str
    values: Mapping[str, Any]
    step: PreparedStep | None = None
    amended: bool = False

    def write(self, workspace: Workspace, act: Writer) -> None:
        """Write the answer into an act; nothing for an answer that changes nothing."""
        if self.step is not None:
            steps.write_step(workspace, act, self.step)
        elif self.amended:
            act.snapshot(self.record)
            act.update(self.record, self.values)
            steps.follow_step(workspace, act, self.record)
        elif self.values:
            act.update(self.record, self.values)


def prepare_answer(
    workspace: Workspace,
    record: Record,
    result: str,
    values: Mapping[str, Any],
    remarks: list[Remark],
    note: str,
    answer_by: date | None = None,
) -> PreparedAnswer:
    """Check the answer about a dossier; `values` are stored values to write, `remarks` the reasons of a return.

    `answer_by` is the day by which they are answered.

    UserError `wrong_step` if the state does not allow the answer, IncompleteError if the step lacks something.
    """
    if record.deleted:
        return PreparedAnswer(record.id, values)
    if why := offers.obstacle(workspace, record, result):
        raise UserError(f"«{record.title()}»: {why}", code="wrong_step", field=record.id)
    may_step = workspace.level.decides and offers.RESULT in record.form.by_name
    step = steps.answering(workspace, record, result) if may_step else None
    record.apply(values)
    if step is None:
        return _without_step(workspace, record, result, values, note)
    reason = note or "; ".join(sentence for _path, sentence in remarks)
    if step.needs_reason and not reason:
        return PreparedAnswer(record.id, values)
    asked = remarks if step.remarks else ()
    prepared = steps.prepare_step(workspace, record, step.name, reason, asked, values, answer_by)
    return PreparedAnswer(record.id, values, prepared)


def _without_step(
    workspace: Workspace, record: Record, result: str, values: Mapping[str, Any], note: str
) -> PreparedAnswer:
    """An answer that takes no step; the refusal of an approval that the unit wrote itself ends that all the same."""
    refusal = next((step for step in workspace.forms.workflow(record.kind).transitions if step.answer == result), None)
    is_claim = result == "rejected" and offers.reached_by(workspace, record, "approved")
    if refusal is None or not is_claim:
        return PreparedAnswer(record.id, values)
    record.data["state"] = refusal.to
    own = record.set(refusal.reason_field, note) if refusal.reason_field else {}
    return PreparedAnswer(record.id, {**values, **own, "state": refusal.to}, amended=True)
