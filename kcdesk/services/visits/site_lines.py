"""The rows at the site of a visit: machines and budget lines of a group scheme say at which site they are.

A row without a site belongs to the whole proposal: it is offered to the first visit, and to no later one that finds it
there. A proposal whose rows name no sites offers all of them to every visit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row
from kcdesk.services.records.copying import RowValues, linked, shows_site
from kcdesk.services.rules.earlier_support import SITES, sites_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord
from kcdesk.text import fold

_SITE = "site"
_LISTED = 5  # names in a sentence
# The words by which a row of a table is known again in a contract and in a visit.
_WORDS = {"budget": ("item",), "machines": ("name", "model")}
_SEEN_WORDS = {"budget": ("item",), "machines": ("contracted_name", "contracted_model")}


def site_names(proposal: Record) -> Mapping[str, str]:
    """The names of the sites by row, each another one; {} for a scheme without sites."""
    return proposal.row_names(SITES) if proposal.is_visible(SITES) else {}


def site_row(proposal: Record, name: object, visited: set[str]) -> dict[str, Any]:
    """The site with this name; without a name the first site that was not visited; {} for none."""
    names = site_names(proposal)
    for row in sites_of(proposal):
        known = {fold(str(row.get("name", ""))), fold(names[row["id"]])}
        if fold(str(name)) in known if name else known.isdisjoint(visited):
            return row
    return {}


def unknown_site(workspace: Workspace, visit: Record) -> list[Problem]:
    """Point out, as advice, that the proposal has several sites and none of this name."""
    proposal, name = linked(workspace, visit, "proposal"), visit.value(_SITE)
    names = list(site_names(proposal).values()) if proposal and name else []
    if not proposal or len(names) < 2 or site_row(proposal, name, set()):
        return []
    listed = text.first_few(names, _LISTED, "; ")
    sentence = f"«{name}» không phải là địa điểm nào của đề án; chọn (↓) một trong: {listed}."
    return [Problem(_SITE, sentence, advice=True)]


def visited_names(workspace: Workspace, proposal: Record, but: str = "") -> set[str]:
    """The folded names of the sites of all acceptances of a proposal, except one acceptance."""
    return {fold(str(visit.data.get(_SITE, ""))) for visit in _other_visits(workspace, proposal, but)}


def _are_placed(proposal: Record, table: str) -> bool:
    """Whether rows of a table say at which site they are, in a scheme that shows it."""
    return shows_site(proposal, table) and any(row.get(_SITE) for row in proposal.rows(table))


def planned_rows(workspace: Workspace, visit: Record, proposal: Record, table: str, site: RowValues) -> list[Row]:
    """The rows of the proposal that a visit of this site looks at."""
    rows = proposal.rows(table)
    if not site or not _are_placed(proposal, table):
        return rows
    seen = _seen_elsewhere(workspace, visit, proposal, table)
    own = [row for row in rows if row.get(_SITE) == site["id"]]
    return own + [row for row in rows if not row.get(_SITE) and _key(row, table) not in seen]


def contracted_rows(proposal: Record, contract: Record | None, table: str) -> dict[str, Row]:
    """The row of the contract for each row of the proposal, by its id: of the same words, and at its site if named.

    Rows of the same words that name no site are taken in their order.
    """
    waiting: dict[tuple[str, ...], list[Row]] = {}
    for row in contract.rows(table) if contract else ():
        waiting.setdefault((str(row.get(_SITE, "")), *_key(row, table)), []).append(row)
    pairs = {}
    for row in (row for row in proposal.rows(table) if _may_be_in(contract, proposal, row)):
        keys = [(site, *_key(row, table)) for site in dict.fromkeys((str(row.get(_SITE, "")), ""))]
        if key := next((key for key in keys if waiting.get(key)), None):
            pairs[row["id"]] = waiting[key].pop(0)
    return pairs


def rows_to_visit(
    workspace: Workspace, visit: Record, proposal: Record, contract: Record | None, table: str, site: RowValues
) -> list[Row]:
    """The rows of the contract, without a contract those of the proposal, that a visit of this site looks at."""
    if contract is None:
        return planned_rows(workspace, visit, proposal, table, site)
    rows = contract.rows(table)
    if not site or not _are_placed(proposal, table):
        return rows
    pairs = contracted_rows(proposal, contract, table)
    planned = planned_rows(workspace, visit, proposal, table, site)
    own = [pairs[row["id"]]["id"] for row in planned if row["id"] in pairs]
    seen = _seen_elsewhere(workspace, visit, proposal, table)
    paired = {row["id"] for row in pairs.values()}
    return [row for row in rows if row["id"] in own or (row["id"] not in paired and _key(row, table) not in seen)]


def lines_behind(workspace: Workspace, visit: Record, table: str) -> list[Row]:
    """The rows of the contract, else of the proposal, behind the rows that a visit has; those of its site first."""
    proposal, contract = linked(workspace, visit, "proposal"), linked(workspace, visit, "contract")
    if proposal is None:
        return contract.rows(table) if contract else []
    source = contract if contract is not None and contract.rows(table) else proposal
    site = site_row(proposal, visit.value(_SITE), set()) if visit.value(_SITE) else {}
    at_site = {row["id"] for row in rows_to_visit(workspace, visit, proposal, contract, table, site)}
    return sorted(source.rows(table), key=lambda row: row["id"] not in at_site)


def _may_be_in(contract: Record | None, proposal: Record, row: Row) -> bool:
    """Whether a contract may hold a row: one of a single establishment holds only rows of its sites."""
    owner = contract.value("beneficiary") if contract else None
    sites = {site["id"] for site in proposal.rows(SITES) if owner and site.get("beneficiary") == owner}
    return not sites or row.get(_SITE) in (*sites, None)


def _seen_elsewhere(workspace: Workspace, visit: Record, proposal: Record, table: str) -> set[tuple[str, ...]]:
    """The words of the rows that other acceptances of the proposal have."""
    others = _other_visits(workspace, proposal, visit.id)
    return {_folded(row, _SEEN_WORDS[table]) for other in others for row in other.data.get(table, ())}


def _other_visits(workspace: Workspace, proposal: Record, but: str) -> list[StoredRecord]:
    return [visit for visit in workspace.store.children(proposal.id, "acceptance") if visit.id != but]


def _key(row: Row, table: str) -> tuple[str, ...]:
    return _folded(row, _WORDS[table])


def _folded(row: Row, columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(str(row.get(name, ""))) for name in columns)
