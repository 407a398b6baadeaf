"""Guards of the steps that approve, contract or stop a proposal."""

from __future__ import annotations

from kcdesk.errors import Problem, as_problems
from kcdesk.formdef.record import Record
from kcdesk.services.lifecycle import return_requests
from kcdesk.services.records.children import final_children, stop_decisions
from kcdesk.services.workspace import Workspace


def is_appraised(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require that the newest final grassroots appraisal concludes «approve»."""
    appraisals = [
        appraisal
        for appraisal in final_children(workspace, proposal, "appraisal")
        if appraisal.value("level") == "grassroots"
    ]
    if not appraisals:
        return as_problems("Chưa có phiếu thẩm định cấp cơ sở nào của đề án được chốt.")
    if appraisals[-1].value("conclusion") != "approve":
        return as_problems(f"Phiếu thẩm định cấp cơ sở gần nhất kết luận «{appraisals[-1].text('conclusion')}».")
    return []


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
    contracts = final_children(workspace, proposal, "contract")
    return [] if contracts else as_problems("Chưa có hợp đồng nào của đề án được chốt.")


def is_stopped_by_decision(workspace: Workspace, proposal: Record) -> list[Problem]:
    """Require a decided adjustment of the type «Ngừng triển khai»."""
    if stop_decisions(workspace, proposal):
        return []
    return as_problems("Chưa có quyết định ngừng triển khai: hãy lập hồ sơ điều chỉnh loại «Ngừng triển khai» trước.")
