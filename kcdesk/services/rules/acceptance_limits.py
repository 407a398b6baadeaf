"""The limits of the support of an acceptance, and the limit for all sites together.

The form computes `recomputed_support` from the limits, so that it follows what is typed. This module reads the limits
from other dossiers: approval, contract, the norm in force on the day of the decision.
"""

from __future__ import annotations

from typing import Any

from kcdesk import text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.activities import activities_of, is_mixed
from kcdesk.formdef.derivations.amounts import Amount, amount_of, least
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.ceilings import Ceiling
from kcdesk.services.records.copying import RowValues, Taken, add_row, fill, linked, taken
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
        fill(acceptance, "contracted_support", taken(contract, "total_support") or taken(contract, "value"))
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


def _approved(part: Record, site: RowValues) -> Amount | None:
    """The approved support of the proposal, at most the support of this site."""
    paths = ["approved_support", *([f"sites/{site['id']}/support"] if site else [])]
    amounts = [amount_of(part, path) for path in paths if part.value(path) is not None]
    return least("Được phê duyệt, không quá phần của địa điểm", amounts) if amounts else None


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
    fill(acceptance, "ceiling_percent", _percent(norm))
    fill(acceptance, "ceiling_cap", norm.whole_cap)
    fill(acceptance, "ceiling_basis", _basis(workspace, norm))


def _fill_ceilings(workspace: Workspace, acceptance: Record, part: Record) -> None:
    """Add a line for each activity of a flagship proposal, with its norm."""
    if acceptance.value("ceilings"):
        return
    for activity_part in ceilings.of_proposal(workspace, part).parts:
        norm = activity_part.ceiling
        line: dict[str, Any] = {
            "activity": activity_part.activity,
            "basis": _basis(workspace, norm) if norm else _why_none(activity_part),
        }
        if norm:
            line |= {"percent": _percent(norm), "cap": norm.whole_cap}
        add_row(acceptance, "ceilings", line)


def _why_none(part: CeilingPart) -> str | None:
    return f"{part.why_none.text} (chưa đối chiếu)"[:_BASIS_LENGTH] if part.why_none else None


def _basis(workspace: Workspace, norm: Ceiling) -> str:
    source = workspace.forms.basis(norm.source, unverified=norm.unverified, on=norm.on)
    return f"{norm.label}: {source}"[:_BASIS_LENGTH]


def _percent(norm: Ceiling) -> Taken | None:
    """The percentage of a norm as it is stored, with its rule."""
    if norm.percent is None:
        return None
    leaf = Derivation(label="Tỷ lệ hỗ trợ theo định mức", value=norm.percent, unit="%", decimals=None, rule=norm.basis)
    return Taken(format(norm.percent, "f"), leaf)
