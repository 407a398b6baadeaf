"""Where the support of a proposal is not the same amount in the receipt, in the approval and in the contracts.

A difference prevents no step, because the paper decides; it is shown until somebody has put it right.
"""

from __future__ import annotations

from collections.abc import Iterator

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.proposals import adjustments
from kcdesk.services.records import parents, titles
from kcdesk.services.records.children import final_children, own_contracts
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace
from kcdesk.store.database.views import extracted

_GRANTED, _APPROVED, _VALUE = "province_support", "approved_support", "value"


class SupportDifference(Value):
    """A difference of a proposal; `record` is the dossier in which it is put right."""

    proposal: str
    title: str
    text: str
    record: str


def problems_beside(workspace: Workspace, record: Record) -> list[Problem]:
    """The differences of a proposal, or between a contract and its proposal, as red lines beside the dossier."""
    if record.kind == "proposal":
        return list(_differences(workspace, record, own_contracts(workspace, record)))
    proposal = parents.parent_of(workspace, record) if record.kind == "contract" else None
    if proposal is None or record.value("basis") == "support":
        return []
    others = [contract for contract in own_contracts(workspace, proposal) if contract.id != record.id]
    return list(_differences(workspace, proposal, [*others, record]))


def every_difference(workspace: Workspace) -> list[SupportDifference]:
    """The differences of all proposals, the newest proposal first."""
    lines = []
    for stored in present(workspace, _suspects(workspace)):
        proposal = stored.record(workspace.forms)
        for problem in problems_beside(workspace, proposal):
            title = titles.title_of(workspace, proposal)
            lines.append(SupportDifference(proposal.id, title, problem.message, problem.record or proposal.id))
    return lines


def _differences(workspace: Workspace, proposal: Record, contracts: list[Record]) -> Iterator[Problem]:
    granted = _granted(workspace, proposal)
    approved = proposal.value(_APPROVED)
    contracted, contract = _contracted(contracts), contracts[0].id if len(contracts) == 1 else ""
    if granted is not None and approved is not None and granted != approved:
        yield Problem(_APPROVED, _sentence("Cấp tỉnh duyệt", granted, "phần «Phê duyệt» ghi", approved))
    limit, who = (granted, "Cấp tỉnh duyệt") if granted is not None else (approved, "Quyết định phê duyệt")
    if limit is not None and contracted is not None and contracted != limit and (contract or contracted > limit):
        yield Problem("", _sentence(who, limit, "hợp đồng ghi", contracted), record=contract or proposal.id)


def _sentence(who: str, amount: int, where: str, other: int) -> str:
    numbers = [text.format_integer(number) for number in (amount, other, abs(amount - other))]
    return f"{who} {numbers[0]}, {where} {numbers[1]}, lệch {numbers[2]}."


def _granted(workspace: Workspace, proposal: Record) -> int | None:
    """The support granted by the receipt, in đồng; None if a later decision adjusted the support."""
    if proposal.value("province_result") != "approved" or _is_adjusted(workspace, proposal):
        return None
    return proposal.value(_GRANTED)


def _is_adjusted(workspace: Workspace, proposal: Record) -> bool:
    workflow = workspace.forms.workflow("adjustment")
    return any(
        workflow.is_marked(adjustment.state, "decided") and {"support", "budget"} & adjustments.subjects(adjustment)
        for adjustment in final_children(workspace, proposal, "adjustment")
    )


def _contracted(contracts: list[Record]) -> int | None:
    """The sum of the contracts in đồng; None if none says an amount."""
    values = [value for contract in contracts if isinstance(value := contract.value(_VALUE), int)]
    return sum(values) if values else None


def _suspects(workspace: Workspace) -> list[str]:
    """The ids of proposals in which two amounts differ at first sight; SQLite compares, so that 10,000 cost little."""
    renames, of_contract = workspace.forms.renames("proposal"), workspace.forms.renames("contract")
    granted, approved = (extracted("proposal.data", renames.names(name)) for name in (_GRANTED, _APPROVED))
    value = extracted("contract.data", of_contract.names(_VALUE))
    sql = (
        "SELECT DISTINCT proposal.id FROM record AS proposal LEFT JOIN record AS contract"
        f" ON contract.parent = proposal.id AND {_living('contract')}"
        f" WHERE {_living('proposal')}"
        f" AND ({granted} <> {approved} OR {value} <> {granted} OR {value} <> {approved}) ORDER BY proposal.id DESC"
    )
    return [row["id"] for row in workspace.store.query(sql, {})]


def _living(kind: str) -> str:
    return f"{kind}.kind = '{kind}' AND {kind}.deleted IS NULL"
