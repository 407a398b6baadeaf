"""The limits of the support of an acceptance, and the limit for all sites together.

The form computes `recomputed_support` from the limits, so that it follows what is typed. This module reads the limits
from other dossiers: approval, contract, the norm in force on the day of the decision.
"""

from __future__ import annotations

from decimal import Decimal

from kcdesk import text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.activities import activities_of, is_mixed
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.ceilings import Ceiling
from kcdesk.services.records.copying import RowValues, fill, known, linked
from kcdesk.services.rules import ceilings
from kcdesk.services.rules.ceilings import OVERRIDE, CeilingPart
from kcdesk.services.workspace import Workspace

_BASIS_LENGTH = 500  # characters, the maximum of the field


def fill_limits(
    workspace: Workspace, acceptance: Record, proposal: Record, contract: Record | None, site: RowValues
) -> None:
    """Fill in the approved and contracted support of this site in đồng, and the norm that limits it."""
    part = _proposal_of_site(workspace.forms, acceptance, proposal, site)
    fill(acceptance, "approved_support", _approved(part, site))
    if contract is not None:
        total = contract.value("total_support")
        fill(acceptance, "contracted_support", contract.value("value") if total is None else total)
    _fill_ceiling(workspace, acceptance, part)


def obstacles(workspace: Workspace, acceptance: Record) -> list[Problem]:
    """Report that the support of all sites together exceeds the approved support of the proposal."""
    proposal = linked(workspace, acceptance, "proposal") if acceptance.kind == "acceptance" else None
    approved = proposal.value("approved_support") if proposal else None
    support = acceptance.value("recomputed_support")
    if proposal is None or approved is None or support is None:
        return []
    over = support + _support_elsewhere(workspace, acceptance, proposal) - approved
    if over <= 0:
        return []
    label = acceptance.field("recomputed_support").label
    return [
        Problem(
            "recomputed_support",
            f"{label} của các lần nghiệm thu cộng lại vượt kinh phí được phê duyệt của đề án "
            f"({text.format_integer(approved)} đồng) là {text.format_integer(over)} đồng.",
        )
    ]


def _support_elsewhere(workspace: Workspace, acceptance: Record, proposal: Record) -> int:
    """The support of the other sites in đồng; the last visit of a site includes earlier ones."""
    visits = [other.data for other in workspace.store.children(proposal.id, "acceptance") if other.id != acceptance.id]
    locked = workspace.forms.workflow("acceptance").locked
    final = [data for data in visits if data.get("state") in locked and _site(data) != _site(acceptance.data)]
    last = {_site(data): data.get("recomputed_support") or 0 for data in sorted(final, key=_day)}
    return sum(last.values())


def _site(data: RowValues) -> str:
    return text.fold(str(data.get("site", "")))


def _day(data: RowValues) -> str:
    return str(data.get("visited_on", ""))


def _proposal_of_site(forms: Forms, acceptance: Record, proposal: Record, site: RowValues) -> Record:
    """A copy of the proposal limited to this site, its beneficiary, and the activities of the visit."""
    data = dict(proposal.data)
    if codes := activities_of(acceptance.data):  # a visit may cover only some of the activities
        data |= {"activity": codes[0], "other_activities": codes[1:]}
    if site:
        data["sites"] = [dict(site)]
    if beneficiary := acceptance.value("beneficiary"):
        data["beneficiaries"] = [beneficiary]
    return Record(proposal.id, proposal.kind, proposal.form, data, forms=forms)


def _approved(part: Record, site: RowValues) -> int | None:
    approved = part.value("approved_support")
    known = [amount for amount in (approved, site.get("support")) if amount is not None]
    return min(known, default=None)


def _fill_ceiling(workspace: Workspace, acceptance: Record, part: Record) -> None:
    if reason := part.value(OVERRIDE):
        fill(acceptance, "ceiling_basis", f"Được phê duyệt vượt mức tối đa: {reason}"[:_BASIS_LENGTH])
        return
    if is_mixed(part.data):
        _fill_ceilings(workspace, acceptance, part)
        return
    try:
        norm = ceilings.in_force(workspace, part)
    except UserError:  # no norm is known: the officer types the limit, as the help of the field says
        return
    if norm is None:
        return
    fill(acceptance, "ceiling_percent", _plain(norm.percent))
    fill(acceptance, "ceiling_cap", None if norm.cap is None else norm.cap * norm.count)
    fill(acceptance, "ceiling_basis", _basis(norm))


def _fill_ceilings(workspace: Workspace, acceptance: Record, part: Record) -> None:
    """Add a line for each activity of a flagship proposal, with its norm."""
    if acceptance.value("ceilings"):
        return
    for activity_part in ceilings.of_proposal(workspace, part).parts:
        norm = activity_part.ceiling
        line = {"activity": activity_part.activity, "basis": _basis(norm) if norm else _why_none(activity_part)}
        if norm:
            cap = None if norm.cap is None else norm.cap * norm.count
            line |= known({"percent": _plain(norm.percent), "cap": cap})
        acceptance.add_row("ceilings", known(line))


def _why_none(part: CeilingPart) -> str | None:
    return f"{part.why_none.text} (chưa đối chiếu)"[:_BASIS_LENGTH] if part.why_none else None


def _basis(norm: Ceiling) -> str:
    mark = " (chưa đối chiếu)" if norm.unverified else ""
    return f"{norm.label}: {norm.source}{mark}"[:_BASIS_LENGTH]


def _plain(percent: Decimal | None) -> str | None:
    return None if percent is None else format(percent, "f")
