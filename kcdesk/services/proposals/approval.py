"""Guards of the steps that approve, contract or stop a proposal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kcdesk.errors import Problem
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.record import Record
from kcdesk.services.lifecycle import return_requests
from kcdesk.services.records.children import final_children, needed, stop_decisions
from kcdesk.services.records.copying import linked, origins_of, plain, taken
from kcdesk.services.workspace import Workspace


def is_appraised(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require that the newest final grassroots appraisal concludes «approve»."""
    appraisals = [
        appraisal
        for appraisal in final_children(workspace, proposal, "appraisal")
        if appraisal.value("level") == "grassroots"
    ]
    if not appraisals:
        sentence = "Chưa có phiếu thẩm định cấp cơ sở nào của đề án được chốt."
        of_level = lambda draft: draft.value("level") == "grassroots"  # noqa: E731 - asked once, below
        return [needed(workspace, proposal, "appraisal", sentence, of_level, {"level": "grassroots"})]
    last = appraisals[-1]
    if last.value("conclusion") != "approve":
        sentence = f"Phiếu thẩm định cấp cơ sở gần nhất kết luận «{last.text('conclusion')}»."
        return [Problem("", sentence, record=last.id, there="conclusion")]
    return []


def is_handed_in(workspace: Workspace, appraisal: Record) -> list[Problem]:
    """Require that the dossier of an appraisal is no longer a draft (khoản 1 Điều 8 TT 36/2013/TT-BCT)."""
    proposal = linked(workspace, appraisal, "proposal")
    workflow = workspace.forms.workflow("proposal")
    if proposal is None or proposal.state != workflow.initial:
        return []
    sentence = f"Đề án đang «{workflow.state(proposal.state).label}», chưa gửi thẩm định."
    return [Problem("", sentence, record=proposal.id)]


def has_answered_remarks(_workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require an answer to every remark of a return for supplement."""
    return [
        Problem(
            f"remarks/{row['id']}/answer",
            f"Chưa ghi đã bổ sung{return_requests.subject_text(row)} thế nào:"
            f" {str(row.get('reason', '')).rstrip('.')}.",
        )
        for row in proposal.rows("remarks")
        if not row.get("answer")
    ]


def has_final_contract(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require at least one final contract."""
    if final_children(workspace, proposal, "contract"):
        return []
    return [needed(workspace, proposal, "contract", "Chưa có hợp đồng nào của đề án được chốt.")]


def is_stopped_by_decision(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require a decided adjustment of the type «Ngừng triển khai»."""
    if stop_decisions(workspace, proposal):
        return []
    sentence = "Chưa có quyết định ngừng triển khai: hãy lập hồ sơ điều chỉnh loại «Ngừng triển khai» trước."
    requested = _undecided_stop(workspace, proposal)
    if requested:
        return [
            Problem(
                "",
                f"{sentence} Đề nghị «{requested.title()}» chưa có quyết định.",
                record=requested.id,
                there="decision_number",
            )
        ]
    return [needed(workspace, proposal, "adjustment", sentence, _is_stop, {"adjustment_type": "stop"})]


def _undecided_stop(workspace: Workspace, proposal: Record) -> Record | None:
    """The final request to stop the proposal that still waits for its decision."""
    workflow = workspace.forms.workflow("adjustment")
    requests = [adjustment for adjustment in final_children(workspace, proposal, "adjustment") if _is_stop(adjustment)]
    return next((request for request in requests if workflow.leaving(request.state)), None)


def _is_stop(adjustment: Record) -> bool:
    return adjustment.value("adjustment_type") == "stop"


def granted_by_receipt(_workspace: Workspace, proposal: Record) -> dict[str, Any]:
    """The approval as far as the province's receipt says it: number, day and support, in đồng.

    Who decided is read from the paper. If the support is what was asked for, the other amounts are those of the budget.
    """
    return {name: plain(value) for name, value in _granted(proposal).items() if name in proposal.form.by_name}


def _granted(proposal: Record) -> dict[str, Any]:
    """The values of an approval by receipt; {} if the province has not approved."""
    if proposal.value("province_result") != "approved":
        return {}
    support = taken(proposal, "province_support")
    values = {
        "decision_number": proposal.value("province_decision_number"),
        "decision_date": proposal.value("province_decision_date"),
        "approved_support": support,
        f"approved_{proposal.value('programme')}": support,
    }
    if support is not None and support.value == proposal.value("requested_support"):
        values |= {
            "approved_total": taken(proposal, "total_cost"),
            "approved_counterpart": taken(proposal, "total_counterpart"),
            "approved_other": taken(proposal, "total_other"),
        }
    return values


def origins_in_receipt(_workspace: Workspace, proposal: Record, path: str) -> Iterator[Derivation]:
    """What the province's receipt says of an approved amount, and the approval that a receipt sends."""
    value = taken(proposal, "approved_support") if path == "province_support" else _granted(proposal).get(path)
    yield from origins_of(value)


def answer_of_province(workspace: Workspace, proposal: Record, result: str, reason: str) -> dict[str, Any]:
    """The province's fields that say what a step of the province decided; {} if they already do, or at another office.

    So a decision taken in the dossier or in the plan is the one that the receipt sends.
    """
    field = proposal.form.by_name.get("province_result")
    if field is None or field.owner != workspace.identity.unit.level or proposal.value("province_result") == result:
        return {}
    values: dict[str, Any] = {"province_result": result}
    if result == "approved":
        values |= {
            "province_support": proposal.value("approved_support"),
            "province_decision_number": proposal.value("decision_number"),
            "province_decision_date": proposal.value("decision_date"),
        }
    elif reason:
        values["province_note"] = reason
    return proposal.apply({name: value for name, value in values.items() if name in proposal.form.by_name})
