"""Amounts of support held against what was asked for, the total cost, the ceiling and the year plan.

Above the total cost nothing may be granted. Above the other limits a reason is kept: in the proposal in
`ceiling_override_reason` for the ceiling and in `excess_reason` for request and plan, elsewhere in the field that the
sentence names. Proposals of the first version of the form have only the former field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.derivations import amounts
from kcdesk.formdef.derivations.amounts import Amount, figure
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.records.children import final_children, own_contracts
from kcdesk.services.records.copying import linked
from kcdesk.services.records.references import present
from kcdesk.services.rules import ceilings
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer

_APPROVED, _GRANTED = "approved_support", "province_support"
# By kind: the amount, the verb of the sentence, the field that takes the reason.
_AMOUNTS = {
    "appraisal": ("proposed_support", "Đề nghị duyệt", "opinion"),
    "contract": ("value", "Hợp đồng ghi", "note"),
}
EXCESS = "excess_reason"
_ROW_VERB = "Kế hoạch ghi"
_CEILING = "mức tối đa"


class Limit(Value):
    """An amount of support in đồng that is not exceeded without a reason.

    `refused`: not exceeded at all; `excused`: the proposal itself says why it asks for more, or was granted more.
    """

    label: str
    amount: Amount
    refused: bool = False
    excused: bool = False

    @property
    def is_ceiling(self) -> bool:
        """Whether it is the ceiling, whose reason has a field of its own."""
        return self.label == _CEILING


class Excess(Value):
    """An amount above a limit, as a sentence without its end."""

    text: str
    limit: Limit

    @property
    def refused(self) -> bool:
        """Whether no reason can justify it."""
        return self.limit.refused

    @property
    def is_of_ceiling(self) -> bool:
        """Whether the limit is the ceiling, whose reason has a field of its own."""
        return self.limit.is_ceiling


def limits(workspace: Workspace, proposal: Record, total: int | None = None) -> list[Limit]:
    """The limits of what may be granted to a proposal; `total` is the total cost that is approved with it."""
    planned = planned_support(workspace, proposal)
    own = _own_limits(workspace, proposal, None if total is None else figure("Tổng kinh phí được duyệt", total))
    return own if planned is None else [*own, Limit("kế hoạch năm ghi", planned)]


def _own_limits(workspace: Workspace, proposal: Record, total: Amount | None) -> list[Limit]:
    cost = total if total is not None else _first(proposal, "approved_total", "total_cost")
    requested, highest = _first(proposal, "requested_support"), ceilings.limit(workspace, proposal, cost)
    known = [] if requested is None else [Limit("đề nghị", requested)]
    if cost is not None:
        known.append(Limit("tổng kinh phí", cost, refused=True))
    if highest is not None:
        excused = bool(proposal.value(ceilings.OVERRIDE)) and (requested or 0) > highest
        known.append(Limit(_CEILING, highest, excused=excused))
    return known


def excesses(
    workspace: Workspace, proposal: Record, amount: int, total: int | None = None, *, verb: str = "Duyệt"
) -> list[Excess]:
    """«Duyệt 900.000.000, đề nghị 200.000.000: hơn 700.000.000» for each limit that an amount exceeds."""
    return list(_above(limits(workspace, proposal, total), amount, verb))


def reason_field(proposal: Record) -> str:
    """The field of a proposal that says why more is granted than was asked for or planned."""
    return EXCESS if EXCESS in proposal.form.by_name else ceilings.OVERRIDE


def reason_values(proposal: Record, above: Iterable[Excess], reason: str) -> dict[str, str]:
    """The reason by field, for each limit that is exceeded and has none yet."""
    own = reason_field(proposal)
    fields = [ceilings.OVERRIDE if excess.is_of_ceiling else own for excess in above if not excess.refused]
    return {name: reason for name in dict.fromkeys(fields) if reason and not proposal.value(name)}


def has_reason(proposal: Record, excess: Excess) -> bool:
    """Whether the proposal says why this limit is exceeded."""
    return _is_explained(proposal, excess.limit)


def planned_support(workspace: Workspace, proposal: Record) -> Amount | None:
    """What the newest closed year plan gives the proposal, in đồng; None if no plan holds it."""
    closed = workspace.forms.workflow("plan").locked
    plans = [plan for plan in workspace.store.find("plan", "entries/proposal", proposal.id) if not plan.deleted]
    rows = [
        (plan, f"entries/{row['id']}/support")
        for stored in sorted(plans, key=lambda stored: (stored.data.get("year", 0), stored.seq))
        if stored.data.get("state") in closed
        for plan in [stored.record(workspace.forms)]
        for row in plan.rows("entries")
        if row.get("proposal") == proposal.id and fits(row)
    ]
    return _first(*rows[-1]) if rows else None


def fits(row: dict[str, Any]) -> bool:
    """Whether a row of a plan is covered by the budget; a row added by a decision always is, unless left out."""
    if row.get("added_by"):
        return not row.get("left_out")
    remaining = row.get("remaining")
    return not row.get("left_out") and remaining is not None and int(remaining) >= 0


def remainder(proposal: Record, total: int, support: int) -> Amount:
    """What the support and the other sources leave of a total cost for the beneficiary, in đồng."""
    spent = amounts.total("Hỗ trợ và nguồn khác", (support, amounts.amount_of(proposal, "total_other")))
    left = amounts.difference("Tổng kinh phí trừ hỗ trợ và nguồn khác", total, spent)
    return amounts.at_least_zero("Phần của đơn vị thụ hưởng", left)


def limits_at(workspace: Workspace, record: Record, path: str) -> list[Derivation]:
    """The trees of the limits of the amount at a path, each under its name on the screen; [] for other paths."""
    reason = _reason_at(record, path)
    if (record.kind, path) == ("proposal", "requested_support"):
        return [replace(limit, note=reason) for limit in ceilings.limits_of_request(workspace, record)]
    return [
        replace(amounts.derivation_of(limit.amount, text.upper_first(limit.label)), note=reason)
        for limit in _limits_at(workspace, record, path)
    ]


def _reason_at(record: Record, path: str) -> str:
    """The reason that is kept for an amount above a limit, with the name of its field; "" for none."""
    name = {"proposal": ceilings.OVERRIDE, "plan": f"{path.rpartition('/')[0]}/reason"}.get(record.kind)
    name = name or _AMOUNTS[record.kind][2]
    reason = record.value(name)
    return f"{record.field(name).label}: {reason}" if reason else ""


def _limits_at(workspace: Workspace, record: Record, path: str) -> list[Limit]:
    if record.kind == "proposal":
        return limits(workspace, record) if path in (_APPROVED, _GRANTED) else []
    if record.kind == "plan":
        row = next((row for row in record.rows("entries") if path == f"entries/{row['id']}/support"), None)
        return _limits_of_row(workspace, record, row) if row else []
    proposal = linked(workspace, record, "proposal")
    if proposal is None or path != _AMOUNTS[record.kind][0]:
        return []
    is_contract = record.kind == "contract"
    return _left_for_contract(workspace, proposal, record) if is_contract else limits(workspace, proposal)


def obstacles(workspace: Workspace, record: Record) -> list[Problem]:
    """List the amounts of a record that are above a limit without a reason."""
    if record.kind == "proposal":
        return list(_of_approval(workspace, record))
    if record.kind == "plan":
        return [problem for row in record.rows("entries") for problem in _of_row(workspace, record, row)]
    if record.kind not in _AMOUNTS:
        return []
    name, _verb, reason = _AMOUNTS[record.kind]
    above = _of_amount(workspace, record, record.value(name))
    label, is_explained = record.field(reason).label, bool(record.value(reason))
    return [Problem(name, _sentence(excess, label)) for excess in above if _counts(excess, is_explained)]


def excess_text(workspace: Workspace, record_id: str, path: str, value: object) -> str:
    """What an amount exceeds, to be shown in red while it is typed; "" for other fields and amounts within limits."""
    if not isinstance(value, int) or path not in (_APPROVED, _GRANTED, *(name for name, *_rest in _AMOUNTS.values())):
        return ""
    record = workspace.store.record(record_id)
    if record.kind == "proposal" and path in (_APPROVED, _GRANTED):
        above = excesses(workspace, record, value)
    elif record.kind in _AMOUNTS and path == _AMOUNTS[record.kind][0]:
        above = _of_amount(workspace, record, value)
    else:
        return ""
    return " ".join(f"{excess.text}." for excess in above)


def row_excesses(workspace: Workspace, plan: Record, row: dict[str, Any]) -> list[Excess]:
    """What a row of a year plan gives above what its proposal asks for, its cost and its ceiling."""
    amount = row.get("support")
    if not isinstance(amount, int) or row.get("left_out"):
        return []
    return list(_above(_limits_of_row(workspace, plan, row), amount, _ROW_VERB))


def _limits_of_row(workspace: Workspace, plan: Record, row: dict[str, Any]) -> list[Limit]:
    """The limits of a row; a reason that was given when the proposal was granted as much counts here too."""
    stored = next(iter(present(workspace, [str(row.get("proposal", ""))])), None)
    if stored is None:
        return []
    proposal = stored.record(workspace.forms)
    known = _own_limits(workspace, proposal, _first(plan, f"entries/{row['id']}/total_cost"))
    if (proposal.value(_APPROVED) or 0) < (row.get("support") or 0):
        return known
    return [replace(limit, excused=limit.excused or _is_explained(proposal, limit)) for limit in known]


# -- inside --------------------------------------------------------------------------------------------------------


def _above(known: list[Limit], amount: int, verb: str) -> Iterator[Excess]:
    for limit in known:
        if amount > limit.amount:
            numbers = [format_integer(number) for number in (amount, limit.amount, amount - limit.amount)]
            yield Excess(f"{verb} {numbers[0]}, {limit.label} {numbers[1]}: hơn {numbers[2]}", limit)


def _is_explained(proposal: Record, limit: Limit) -> bool:
    return bool(proposal.value(ceilings.OVERRIDE if limit.is_ceiling else reason_field(proposal)))


def _counts(excess: Excess, is_explained: bool) -> bool:
    return excess.refused or not (is_explained or excess.limit.excused)


def _sentence(excess: Excess, label: str) -> str:
    remedy = "hãy giảm." if excess.refused else f"hãy giảm hoặc ghi lý do ở «{label}»."
    return f"{excess.text}; {remedy}"


def _of_approval(workspace: Workspace, proposal: Record) -> Iterator[Problem]:
    """The approved support above request, cost and plan; the ceiling has its own check."""
    amount = proposal.value(_APPROVED)
    if not isinstance(amount, int) or _is_adjusted(workspace, proposal):
        return
    label = proposal.field(reason_field(proposal)).label
    for excess in excesses(workspace, proposal, amount):
        if not excess.is_of_ceiling and _counts(excess, has_reason(proposal, excess)):
            yield Problem(_APPROVED, _sentence(excess, label))


def _is_adjusted(workspace: Workspace, proposal: Record) -> bool:
    """Whether a decision changed the proposal after its approval; that decision says why the amount is another."""
    workflow = workspace.forms.workflow("adjustment")
    return any(
        workflow.is_marked(adjustment.state, "decided")
        for adjustment in final_children(workspace, proposal, "adjustment")
    )


def _of_row(workspace: Workspace, plan: Record, row: dict[str, Any]) -> Iterator[Problem]:
    label = plan.form.field("entries").column("reason").heading
    for excess in row_excesses(workspace, plan, row):
        if _counts(excess, bool(row.get("reason"))):
            yield Problem(f"entries/{row['id']}/support", _sentence(excess, label))


def _of_amount(workspace: Workspace, record: Record, amount: object) -> list[Excess]:
    proposal = linked(workspace, record, "proposal")
    if proposal is None or not isinstance(amount, int):
        return []
    if record.kind == "contract":
        return list(_above(_left_for_contract(workspace, proposal, record), amount, _AMOUNTS["contract"][1]))
    return excesses(workspace, proposal, amount, verb=_AMOUNTS[record.kind][1])


def _left_for_contract(workspace: Workspace, proposal: Record, contract: Record) -> list[Limit]:
    """What the approval leaves for a contract besides the others; none for a contract with the beneficiary."""
    approved = proposal.value(_APPROVED)
    if not isinstance(approved, int) or contract.value("basis") == "support":
        return []
    others = [other for other in own_contracts(workspace, proposal) if other.id != contract.id]
    taken = amounts.total("Các hợp đồng khác", (amounts.amount_of(other, "value") for other in others))
    own = amounts.amount_of(proposal, _APPROVED)
    if not taken:
        return [Limit("được duyệt", own)]
    return [Limit("còn được duyệt", amounts.difference("Được duyệt trừ các hợp đồng khác", own, taken))]


def _first(record: Record, *paths: str) -> Amount | None:
    """The first filled amount of several."""
    filled = (path for path in paths if isinstance(record.value(path), int))
    return next((amounts.amount_of(record, path) for path in filled), None)
