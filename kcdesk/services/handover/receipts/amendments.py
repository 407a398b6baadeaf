"""Decisions that were sent: they stand, and are changed only as new ones with a reason, which the unit is told too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import differences, value_at
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.receipts import answering, offers, passing_on
from kcdesk.services.handover.receipts.answering import PreparedAnswer
from kcdesk.services.handover.receipts.standing import LABELS
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.services.lifecycle.return_requests import Remark
    from kcdesk.store.handover.package_ledger import Answer
    from kcdesk.store.history import ChangeLine

_DECISIVE = ("returned", *offers.DECIDED)
_LASTING = ("revision",)  # a later version never gets the number of an earlier one


class SentDecision(Value):
    """A decision that went out in a receipt; `at` is UTC."""

    result: str
    at: str

    def sentence(self) -> str:
        """«Được phê duyệt» (gửi ngày 05/3/2026)."""
        return f"«{LABELS[self.result]}» (gửi ngày {text.format_date(moments.day(self.at))})"


def sent_decision(workspace: Workspace, package: str, record: Record) -> SentDecision | None:
    """The decision on a dossier that a receipt has sent and that binds the receipt for this package; None for none.

    It may have gone out in the receipt for another package with the same dossier.
    """
    answers = workspace.store.packages.answers_about(record.id, "out")
    own = next((answer for answer in answers if answer.package == package), None)
    given = own or next((answer for answer in answers[:1] if _binds(workspace, package, record, answer)), None)
    if given is None or given.result not in _DECISIVE:
        return None
    if passing_on.result_from_above(workspace, record) not in ("", given.result):
        return None  # an office above has decided otherwise since
    return SentDecision(given.result, given.at)


def why_not_amended(workspace: Workspace, record: Record) -> str:
    """Why a sent decision can no longer be changed here; "" if it can."""
    if record.deleted:
        return "Hồ sơ đã bị xoá."
    if passing_on.result_from_above(workspace, record):
        return "Quyết định này của cấp trên, chỉ nơi đó sửa được."
    if _decisive_line(workspace, record) is None:
        state = workspace.forms.workflow(record.kind).state(record.state).label
        return f"Hồ sơ đã đi tiếp, đang «{state}»: hãy trả lời ở gói mới, hoặc lập hồ sơ điều chỉnh."
    return ""


def before_decision(workspace: Workspace, record: Record) -> Record:
    """The dossier as if the sent decision had not been made; what was changed since stays."""
    line = _decisive_line(workspace, record)
    if line is None:
        raise UserError(why_not_amended(workspace, record), code="moved_on", field=record.id)
    earlier = record.copy()
    earlier.apply(_taken_back(earlier, line.before or {}, line.after or {}))
    return earlier


def prepare_amendment(
    workspace: Workspace,
    record: Record,
    result: str,
    values: Mapping[str, Any],
    remarks: list[Remark],
    note: str,
    answer_by: date | None = None,
) -> PreparedAnswer:
    """Check a new decision in place of the sent one; errors are those of `prepare_answer`, and `moved_on`."""
    amended = before_decision(workspace, record)
    prepared = answering.prepare_answer(workspace, amended, result, values, remarks, note, answer_by)
    changes = prepared.step.changes[record.id] if prepared.step else prepared.values
    after = before_decision(workspace, record)
    after.apply(changes)
    tables = tuple(table.name for table in record.form.tables)
    return PreparedAnswer(record.id, differences(record.data, after.data, tables), amended=True)


# -- inside --------------------------------------------------------------------------------------------------------


def _binds(workspace: Workspace, package: str, record: Record, answer: Answer) -> bool:
    """Whether an answer in the receipt for another package stands for this one too.

    It does for a package that had come before, and as long as the decision can still be changed only by an amendment. A
    dossier that the unit has sent again is judged anew.
    """
    entry = workspace.store.packages.get(package)
    stands = answer.result == record.value(offers.RESULT)
    came_before = entry is not None and entry.at <= answer.at
    return stands and (came_before or answer.result in offers.DECIDED) and not why_not_amended(workspace, record)


def _decisive_line(workspace: Workspace, record: Record) -> ChangeLine | None:
    """The change of this store that gave the dossier its present state, if that is the state of a decision."""
    workflow = workspace.forms.workflow(record.kind)
    ends = {step.to for step in workflow.transitions if step.answer in _DECISIVE}
    line = next((line for line in workspace.store.history(record.id) if "state" in (line.after or {})), None)
    if line is None or record.state not in ends or line.operation != "update":
        return None
    return line if (line.after or {})["state"] == record.state else None


def _taken_back(record: Record, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The values before a change, of the paths that still say what the change wrote."""
    return {
        path: before.get(path)
        for path, value in after.items()
        if path not in _LASTING and not _is_computed(record, path) and _says(record, path, value)
    }


def _is_computed(record: Record, path: str) -> bool:
    return path != "state" and bool(record.field(path).computed)


def _says(record: Record, path: str, value: Any) -> bool:
    return bool(_without_id(value_at(record.data, path)) == _without_id(value))


def _without_id(value: Any) -> Any:
    return {name: part for name, part in value.items() if name != "id"} if isinstance(value, dict) else value
