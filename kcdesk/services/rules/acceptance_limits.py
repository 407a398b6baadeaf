"""What an acceptance may be given at most: the limits it takes over, and what all sites together may be given.

The form reckons with the limits itself (`recomputed_support`), so that the figure follows what is being typed; here
stands only what has to be read in other dossiers: approval, contract, the norm in force on the day of the decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.activities import activities_of, is_mixed
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.ceilings import Ceiling
from kcdesk.services.records.copying import fill, known, linked
from kcdesk.services.rules import ceilings
from kcdesk.services.rules.ceilings import OVERRIDE, Part
from kcdesk.services.workspace import Workspace

Row = Mapping[str, Any]

_BASIS_LENGTH = 500  # letters, as the form allows


def fill_limits(workspace: Workspace, acceptance: Record, proposal: Record, contract: Record | None, site: Row) -> None:
    """Take over what was approved and contracted for this site, and the norm that limits it."""
    part = _part(workspace.forms, acceptance, proposal, site)
    fill(acceptance, "approved_support", _approved(part, site))
    if contract is not None:
        total = contract.value("total_support")
        fill(acceptance, "contracted_support", contract.value("value") if total is None else total)
    _fill_ceiling(workspace, acceptance, part)


def obstacles(workspace: Workspace, acceptance: Record) -> list[Problem]:
    """More than was approved for the whole proposal, when all its sites are counted together."""
    proposal = linked(workspace, acceptance, "proposal") if acceptance.kind == "acceptance" else None
    approved = proposal.value("approved_support") if proposal else None
    support = acceptance.value("recomputed_support")
    if proposal is None or approved is None or support is None:
        return []
    over = support + _given_elsewhere(workspace, acceptance, proposal) - approved
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


def _given_elsewhere(workspace: Workspace, acceptance: Record, proposal: Record) -> int:
    """What the other sites were given; the last visit of a site counts, for it includes those before."""
    visits = [one.data for one in workspace.store.children(proposal.id, "acceptance") if one.id != acceptance.id]
    locked = workspace.forms.workflow("acceptance").locked
    final = [data for data in visits if data.get("state") in locked and _site(data) != _site(acceptance.data)]
    last = {_site(data): data.get("recomputed_support") or 0 for data in sorted(final, key=_day)}
    return sum(last.values())


def _site(data: Row) -> str:
    return text.fold(str(data.get("site", "")))


def _day(data: Row) -> str:
    return str(data.get("visited_on", ""))


def _part(forms: Forms, acceptance: Record, proposal: Record, site: Row) -> Record:
    """The proposal as if it were about this site, and what the visit looks at, only."""
    data = dict(proposal.data)
    if codes := activities_of(acceptance.data):  # a visit may look at some of the activities only
        data |= {"activity": codes[0], "other_activities": codes[1:]}
    if site:
        data["sites"] = [dict(site)]
    if beneficiary := acceptance.value("beneficiary"):
        data["beneficiaries"] = [beneficiary]
    return Record(proposal.id, proposal.kind, proposal.form, data, forms=forms)


def _approved(part: Record, site: Row) -> int | None:
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
        found = ceilings.in_force(workspace, part)
    except UserError:  # nothing on record: the officer writes the limit in, as the form's own help says
        return
    if found is None:
        return
    fill(acceptance, "ceiling_percent", _plain(found.percent))
    fill(acceptance, "ceiling_cap", None if found.cap is None else found.cap * found.count)
    fill(acceptance, "ceiling_basis", _basis(found))


def _fill_ceilings(workspace: Workspace, acceptance: Record, part: Record) -> None:
    """Of a flagship proposal: a line for each activity, with the norm that it has."""
    if acceptance.value("ceilings"):
        return
    for one in ceilings.of_proposal(workspace, part).parts:
        found = one.ceiling
        line = {"activity": one.activity, "basis": _basis(found) if found else _why_none(one)}
        if found:
            cap = None if found.cap is None else found.cap * found.count
            line |= known({"percent": _plain(found.percent), "cap": cap})
        acceptance.add_row("ceilings", known(line))


def _why_none(part: Part) -> str | None:
    return f"{part.why_none.text} (chưa đối chiếu)"[:_BASIS_LENGTH] if part.why_none else None


def _basis(found: Ceiling) -> str:
    mark = " (chưa đối chiếu)" if found.unverified else ""
    return f"{found.label}: {found.source}{mark}"[:_BASIS_LENGTH]


def _plain(percent: Decimal | None) -> str | None:
    return None if percent is None else format(percent, "f")
