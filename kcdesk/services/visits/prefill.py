"""Fill in a visit from the proposal, its contract and an earlier visit.

Only known facts are copied: contract figures, planned machines, checklist items. Results, quantities and values done
and accepted stay empty, because the visit has to establish them. A second visit begins with the open points of the
first.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from kcdesk.formdef.activities import activities_of, is_mixed
from kcdesk.formdef.derivations.amounts import Amount, amount_of, at_least_zero, difference, total
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row, ValueChanges
from kcdesk.services.law import governing
from kcdesk.services.records.copying import (
    RowValues,
    add_row,
    copy_rows,
    fill,
    known,
    linked,
    linked_title,
    only_id,
    overwrite,
    taken,
)
from kcdesk.services.rules import acceptance_limits
from kcdesk.services.visits import site_lines
from kcdesk.services.workspace import Workspace

_VISITED_MACHINE = {
    "contracted_name": "name",
    "contracted_model": "model",
    "contracted_quantity": "quantity",
    "contracted_value": "amount",
    "name": "name",
}
_VISITED_CLASS = {"name": "name", "planned_learners": "learners"}
_VISITED_RESULT = {name: name for name in ("goal", "unit", "before", "target")}
_VISITED_TASK = {name: name for name in ("task", "responsible", "ends_on")}
_VISITED_LINE = {"item": "item", "contracted": "cost"}
_SEEN_MACHINE = {"name": "name", "model": "model"}
_ACCEPTED_MACHINE = {**_SEEN_MACHINE, "known_serial_number": "serial_number"}
_ACCEPTED_RESULT = {**_VISITED_RESULT, "accepted": "actual"}
_ACCEPTED_BENEFIT = {"indicator": "indicator", "before": "before", "accepted": "actual"}
_OPEN_ITEM = {**{name: name for name in ("code", "group", "item", "source")}, "earlier_finding": "finding"}
_OPEN_MACHINE = {
    name: name
    for name in (
        *("contracted_name", "contracted_model", "contracted_quantity", "contracted_value"),
        *("name", "maker", "origin", "model", "serial_number", "year"),
    )
}
_CARRIED_CEILING = {**{name: name for name in ("activity", "percent", "cap", "basis")}, "before": "so_far"}
_PARTICIPANT = {name: name for name in ("party", "role", "organisation", "name", "title", "authority")}
_REMEDY = ("remedy", "responsible", "due_on", "since")
# Fields that two visits of the same site share.
_OF_THE_SITE = (
    *("proposal", "contract", "activity", "other_activities", "contract_number", "contract_signed_on"),
    *("site", "address", "place", "beneficiary"),
)
# Who organises a second visit is who organised the first.
_ORGANISED = ("organiser", "organiser_code", "organiser_name")
# The limits of the support of a site: filled in on the first visit, copied to later ones.
_LIMITS = ("approved_support", "contracted_support", "ceiling_percent", "ceiling_cap", "ceiling_basis")


CHECKLIST_TOPIC = "checklist"  # in forms/governing_days.toml
ACCEPTANCE_TIES = frozenset(
    ("proposal", "previous", "site", "visited_on")
)  # the day of the visit chooses the checklist
INSPECTION_TIES = frozenset(("proposal", "previous", "acceptance", "site"))


def prepare_acceptance(workspace: Workspace, acceptance: Record) -> None:
    """Fill in an acceptance from its previous visit, else from the proposal and the contract of the site."""
    previous = linked(workspace, acceptance, "previous")
    if previous is not None:
        _prepare_second(acceptance, previous)
        return
    proposal = linked(workspace, acceptance, "proposal")
    if proposal is None:
        return
    visited = site_lines.visited_names(workspace, proposal, acceptance.id)
    site = site_lines.site_row(proposal, acceptance.value("site"), visited)
    contract = _fill_contract(workspace, acceptance, proposal, site)
    if proposal.value("issues_invoice") is False:  # Điều 19 TT 36/2013; with an invoice the model is 5b or 5c
        fill(acceptance, "model", "5a")
    _fill_site(workspace, acceptance, proposal, contract, site)
    _fill_checklist(workspace, acceptance, proposal)
    _copy_of_site(workspace, acceptance, "machines", proposal, contract, "machines", _VISITED_MACHINE, site)
    _fill_money(workspace, acceptance, proposal, contract, site)
    _fill_limits(workspace, acceptance, proposal, contract, site)
    copy_rows(acceptance, "classes", proposal, "classes", _VISITED_CLASS)
    copy_rows(acceptance, "results", proposal, "results", _VISITED_RESULT)


def _prepare_second(acceptance: Record, first: Record) -> None:
    """Copy the open points of the first visit, who took part, and its number and date."""
    for name in (*_OF_THE_SITE, "model", "advanced", *_LIMITS):
        fill(acceptance, name, taken(first, name))
    for name in _ORGANISED:
        if (value := taken(first, name)) is not None:
            overwrite(acceptance, name, value)  # a new visit begins with the default of its form
    fill(acceptance, "previous_number", first.value("number"))
    fill(acceptance, "previous_visited_on", first.value("visited_on"))
    fill(acceptance, "support_before", taken(first, "support_so_far"))
    fill(acceptance, "cost_before", taken(first, "cost_so_far"))
    copy_rows(acceptance, "participants", first, "participants", _PARTICIPANT)
    copy_rows(acceptance, "checklist", first, "checklist", _OPEN_ITEM, _is_open_item)
    copy_rows(acceptance, "machines", first, "machines", _OPEN_MACHINE, _is_open_machine)
    _fill_open_money(acceptance, first)
    copy_rows(acceptance, "ceilings", first, "ceilings", _CARRIED_CEILING)
    _carry_remedies(acceptance, first)


def prepare_inspection(workspace: Workspace, inspection: Record) -> None:
    """Fill in an inspection from its acceptance (a revisit), its previous visit, the proposal and the contract."""
    acceptance = linked(workspace, inspection, "acceptance")
    previous = linked(workspace, inspection, "previous")
    for source in filter(None, (acceptance, previous)):
        for name in _OF_THE_SITE:
            fill(inspection, name, source.value(name))
        _carry_remedies(inspection, source)
    proposal = linked(workspace, inspection, "proposal")
    if proposal is None:
        return
    site = site_lines.site_row(proposal, inspection.value("site"), set())
    contract = _fill_contract(workspace, inspection, proposal, site)
    _fill_site(workspace, inspection, proposal, contract, site)
    if acceptance is not None:
        copy_rows(inspection, "machines", acceptance, "machines", _ACCEPTED_MACHINE)
        copy_rows(inspection, "results", acceptance, "results", _ACCEPTED_RESULT)
        copy_rows(inspection, "benefits", acceptance, "benefits", _ACCEPTED_BENEFIT)
        return
    copy_rows(inspection, "tasks", proposal, "work_plan", _VISITED_TASK)
    _copy_of_site(workspace, inspection, "progress", proposal, contract, "budget", _VISITED_LINE, site)
    _copy_of_site(workspace, inspection, "machines", proposal, contract, "machines", _SEEN_MACHINE, site)


def _copy_of_site(
    workspace: Workspace,
    visit: Record,
    table: str,
    proposal: Record,
    contract: Record | None,
    source: str,
    columns: Mapping[str, str],
    site: RowValues,
) -> None:
    """Copy the contract's rows, without a contract the proposal's, that are at the site of the visit."""
    rows = site_lines.rows_to_visit(workspace, visit, proposal, contract, source, site)
    ids = {row["id"] for row in rows}
    copy_rows(visit, table, contract or proposal, source, columns, lambda row: row["id"] in ids)


def _fill_contract(workspace: Workspace, visit: Record, proposal: Record, site: RowValues) -> Record | None:
    """Fill in the newest contract for this site unless a contract is named, with its number and date; return it."""
    activities = activities_of(proposal.data)
    fill(visit, "activity", next(iter(activities), None))
    fill(visit, "other_activities", activities[1:])
    beneficiary = visit.value("beneficiary") or site.get("beneficiary")
    fill(visit, "contract", _newest_contract(workspace, proposal, beneficiary))
    contract = linked(workspace, visit, "contract")
    if contract is not None:
        fill(visit, "contract_number", contract.value("number"))
        fill(visit, "contract_signed_on", contract.value("signed_on"))
    return contract


def _fill_site(
    workspace: Workspace, acceptance: Record, proposal: Record, contract: Record | None, site: RowValues
) -> None:
    """Fill in name, address and beneficiary of the site from the proposal."""
    of_contract = contract.value("beneficiary") if contract else None
    beneficiary = site.get("beneficiary") or of_contract or only_id(proposal.value("beneficiaries"))
    fill(acceptance, "beneficiary", beneficiary)
    name = site_lines.site_names(proposal)[site["id"]] if site.get("name") else None
    fill(acceptance, "site", name or linked_title(workspace, beneficiary))
    fill(acceptance, "address", site.get("address") or proposal.value("address"))
    fill(acceptance, "place", site.get("place") or proposal.value("place"))


def _fill_checklist(workspace: Workspace, acceptance: Record, proposal: Record) -> None:
    if acceptance.value("checklist"):
        return
    day = governing.day_for(workspace, acceptance, CHECKLIST_TOPIC).on
    for item in workspace.forms.checklist_items(proposal.data, day, at_visit=True):
        acceptance.add_row("checklist", item)


def _fill_money(
    workspace: Workspace, acceptance: Record, proposal: Record, contract: Record | None, site: RowValues
) -> None:
    """Add a line per budget line of the site: planned from the proposal, contracted from the contract's line for it.

    If the proposal has several sites, only lines in the contract of this site are added.
    """
    if acceptance.value("budget"):
        return
    pairs = site_lines.contracted_rows(proposal, contract, "budget")
    of_site = pairs if site_lines.site_names(proposal) else {}
    supported = _lines_support(proposal, contract, pairs)
    for row in site_lines.planned_rows(workspace, acceptance, proposal, "budget", site):
        if of_site and row["id"] not in of_site:
            continue
        in_contract = pairs.get(row["id"])
        line = {
            "item": row.get("item"),
            "planned": taken(proposal, f"budget/{row['id']}/cost"),
            "contracted": taken(contract, f"budget/{in_contract['id']}/cost") if contract and in_contract else None,
            "contracted_support": supported.get(row["id"], 0) if supported else None,
            "activity": row.get("activity") if is_mixed(proposal.data) else None,
        }
        add_row(acceptance, "budget", line)


def _fill_open_money(acceptance: Record, first: Record) -> None:
    """Add the lines that are not fully accepted, with the value accepted so far."""
    if acceptance.value("budget"):
        return
    for row in filter(_is_open_line, first.rows("budget")):
        path = f"budget/{row['id']}"
        line = {name: taken(first, f"{path}/{name}") for name in ("item", "planned", "contracted", "activity")}
        add_row(
            acceptance,
            "budget",
            {**line, **_support_left(first, row), "accepted_before": _accepted_so_far(first, path)},
        )


def _lines_support(proposal: Record, contract: Record | None, pairs: Mapping[str, Row]) -> dict[str, Amount]:
    """The support in đồng of the proposal's lines by row: of their `pairs` in the contract, else their own."""
    in_contract = {id_: _support(contract, row) for id_, row in pairs.items()} if contract else {}
    if any(in_contract.values()):
        return in_contract
    own = {row["id"]: _support(proposal, row) for row in proposal.rows("budget")}
    return own if any(own.values()) else {}


def _support(source: Record, row: RowValues) -> Amount:
    names = ("national", "local")
    return total("Kinh phí khuyến công của dòng", (amount_of(source, f"budget/{row['id']}/{name}") for name in names))


def _support_left(first: Record, row: RowValues) -> ValueChanges:
    """The support of a line that the first visit did not accept; {} where the line has none."""
    if row.get("contracted_support") is None:
        return {}
    contracted, accepted = (
        amount_of(first, f"budget/{row['id']}/{name}") for name in ("contracted_support", "accepted_support")
    )
    left = difference("Hỗ trợ của dòng trừ phần đã nghiệm thu", contracted, accepted)
    return {"contracted_support": at_least_zero("Hỗ trợ của dòng còn lại", left)}


def _accepted_so_far(first: Record, path: str) -> Amount:
    names = ("accepted_before", "accepted")
    return total("Đã nghiệm thu các lần trước", (amount_of(first, f"{path}/{name}") for name in names))


def _fill_limits(
    workspace: Workspace, acceptance: Record, proposal: Record, contract: Record | None, site: RowValues
) -> None:
    acceptance_limits.fill_limits(workspace, acceptance, proposal, contract, site)


def _carry_remedies(visit: Record, earlier: Record) -> None:
    """Copy remedies that an earlier visit demanded and that are not done, with the date of the first demand."""
    if visit.value("remedies"):
        return
    for row in earlier.rows("remedies"):
        if row.get("done") is not True:
            remedy = {"since": earlier.value("visited_on"), **known({name: row.get(name) for name in _REMEDY})}
            visit.add_row("remedies", known(remedy))


def _is_open_item(row: RowValues) -> bool:
    is_missing = row.get("paper_form") == "missing" and row.get("result") != "not_applicable"
    return row.get("result") == "fail" or is_missing


def _is_open_machine(row: RowValues) -> bool:
    """Whether the machine differs from the contract in model, quantity or value, or is not new."""
    differs = any(Decimal(row.get(name, 0)) != 0 for name in ("quantity_difference", "value_difference"))
    pairs = (("contracted_name", "name"), ("contracted_model", "model"))
    is_another = any(
        row[contracted] != row[visited] for contracted, visited in pairs if {contracted, visited} <= row.keys()
    )
    return differs or is_another or row.get("is_new") is False


def _is_open_line(row: RowValues) -> bool:
    planned = row.get("contracted", row.get("planned", 0))
    return _accepted(row) < max(int(row.get("done", 0)), int(planned))


def _accepted(row: RowValues) -> int:
    return int(row.get("accepted_before", 0)) + int(row.get("accepted", 0))


def _newest_contract(workspace: Workspace, proposal: Record, beneficiary: str | None) -> str | None:
    """The id of the newest contract with the beneficiary, else of the newest without a beneficiary; never another's."""
    contracts = workspace.store.children(proposal.id, "contract")
    owners = (
        (beneficiary,) if any(contract.data.get("beneficiary") == beneficiary for contract in contracts) else (None,)
    )
    candidates = [
        contract.id for contract in contracts if beneficiary is None or contract.data.get("beneficiary") in owners
    ]
    return max(candidates, default=None)
