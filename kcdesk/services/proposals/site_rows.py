"""The sites of a group or flagship proposal: what is known of each establishment, and whether their money adds up."""

from __future__ import annotations

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace

SITES = "sites"
_OWNER = "beneficiary"  # the column that ties a site to its establishment
TIES = frozenset((f"{SITES}/{_OWNER}",))
_TOTALS = ("approved_support", "requested_support")  # the first that is known


def prepare_sites(workspace: Workspace, proposal: Record) -> None:
    """Fill in name, address and commune of each site from its establishment; typed values stay."""
    rows = proposal.rows(SITES)
    owners = {stored.id: stored.data for stored in present(workspace, [r[_OWNER] for r in rows if _is_owned(r)])}
    for row in rows:
        owner = owners.get(str(row.get(_OWNER, "")), {})
        known = {
            "name": owner.get("name"),
            "address": owner.get("production_address") or owner.get("address"),
            "place": owner.get("production_place") or owner.get("place"),
        }
        for name, value in known.items():
            if value and row.get(name) is None:
                proposal.set(f"{SITES}/{row['id']}/{name}", value)


def differing_support(_workspace: Workspace, proposal: Record) -> list[Problem]:
    """Say that the support of the sites is not that of the proposal: once every site has its own, or if it is more."""
    if proposal.kind != "proposal" or not proposal.is_visible(SITES):
        return []
    amounts = [row.get("support") for row in proposal.rows(SITES)]
    label, total = next(((n, proposal.value(n)) for n in _TOTALS if proposal.value(n) is not None), ("", None))
    known = [int(amount) for amount in amounts if amount is not None]
    if not known or total is None or sum(known) == total or (len(known) < len(amounts) and sum(known) < total):
        return []
    added, whole, difference = map(text.format_integer, (sum(known), total, abs(sum(known) - total)))
    name = text.lower_first(proposal.field(label).label)
    sentence = f"Hỗ trợ của các địa điểm cộng lại là {added} đồng, {name} là {whole} đồng, lệch {difference} đồng."
    return [Problem(SITES, sentence)]


def _is_owned(row: dict[str, object]) -> bool:
    return isinstance(row.get(_OWNER), str)
