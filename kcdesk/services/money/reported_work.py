"""What has been done and paid of a proposal or of one contract, as its reports print it (Điều 14, Điều 23 TT 36/2013).

Every function takes the contract or the proposal that a paper is about; a settlement stands for its contract. Nothing
is reckoned here that a record says: sums are those of `balances`, percentages those of the last inspection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from kcdesk import text
from kcdesk.formdef.record import Record
from kcdesk.services.money import balances
from kcdesk.services.money.balances import whole_amount
from kcdesk.services.records.children import difficulties_of, figures_of_records, final_children, last_inspection
from kcdesk.services.records.copying import linked
from kcdesk.services.workspace import Workspace

NOTHING_YET = "chưa có"
_AMOUNTS = ("contracted", "support", "found", "accepted", "accepted_support")
_KINDS = ("contract", "inspection", "acceptance", "payment", "settlement", "adjustment")  # on which the reports depend
_NOT_SHOWN = ("remaining", "held")
_IF_ANY = ("asked", "returned", "return_ordered", "to_return")  # amounts that most proposals never have


def proposal_of(workspace: Workspace, record: Record) -> Record | None:
    """The proposal that a record is, or belongs to."""
    return record if record.kind == "proposal" else linked(workspace, record, "proposal")


def _contract_of(workspace: Workspace, record: Record) -> Record | None:
    """The contract that a record is, or names."""
    return record if record.kind == "contract" else linked(workspace, record, "contract")


def dossiers_behind(workspace: Workspace, record: Record) -> list[list[object]]:
    """Which dossiers the reports show, and in which revision: what makes a report another one."""
    proposal = proposal_of(workspace, record)
    if proposal is None:
        return []
    children = (child for kind in _KINDS for child in final_children(workspace, proposal, kind))
    return [
        *figures_of_records(workspace, children),
        *([paid.id, paid.value("paid_on")] for paid in final_children(workspace, proposal, "payment")),
        *([wish.id, wish.revision, wish.data] for wish in difficulties_of(workspace, proposal)),
    ]


# -- volume and money by item of cost ----------------------------------------------------------------------------------


def volumes(workspace: Workspace, record: Record) -> list[dict[str, Any]]:
    """The items of cost with their sum: as contracted, as last inspected, as accepted; printed text, in đồng."""
    lines = _items(workspace, record)
    known = {name: [line[name] for line in lines if line[name] is not None] for name in _AMOUNTS}
    whole = {"item": "Cộng", **{name: sum(amounts) if amounts else None for name, amounts in known.items()}}
    return [
        {"item": line["item"], "is_total": line is whole, **{name: _printed(line[name]) for name in _AMOUNTS}}
        for line in (*lines, whole)
    ]


def _printed(amount: int | None) -> str:
    return NOTHING_YET if amount is None else text.format_integer(amount)


def _items(workspace: Workspace, record: Record) -> list[dict[str, Any]]:
    """The items of cost with their amounts in đồng; None where nobody has looked yet."""
    proposal = proposal_of(workspace, record)
    if proposal is None:
        return []
    contract = _contract_of(workspace, record)
    lines: dict[str, dict[str, Any]] = {}
    source = contract if contract is not None and contract.rows("budget") else proposal
    for row in source.rows("budget"):
        support = whole_amount(row.get("national")) + whole_amount(row.get("local"))
        _add(lines, row, {"contracted": row.get("cost"), "support": support})
    inspection = last_inspection(workspace, proposal, contract.id if contract else None)
    for row in inspection.rows("progress") if inspection else ():
        _add(lines, row, {"found": row.get("found")})
    for visit in _acceptances(workspace, proposal, contract):
        for row in visit.rows("budget"):
            amounts = {"accepted": row.get("accepted"), "accepted_support": row.get("accepted_support")}
            _add(lines, row, amounts)
    return list(lines.values())


def _add(lines: dict[str, dict[str, Any]], row: Mapping[str, Any], amounts: Mapping[str, int | None]) -> None:
    """Add amounts to the line of the same item; sites of a group scheme have lines of one name."""
    item = str(row.get("item") or "")
    line = lines.setdefault(text.fold(item), {"item": item, **dict.fromkeys(_AMOUNTS)})
    for name, amount in amounts.items():
        if amount is not None:
            line[name] = (line[name] or 0) + amount


def _acceptances(workspace: Workspace, proposal: Record, contract: Record | None) -> list[Record]:
    visits = final_children(workspace, proposal, "acceptance")
    return [visit for visit in visits if contract is None or visit.value("contract") in (None, contract.id)]


# -- progress ----------------------------------------------------------------------------------------------------------


def tasks(workspace: Workspace, record: Record) -> list[dict[str, str]]:
    """The tasks of the work plan with what the last inspection found of them; dates as on paper."""
    proposal = proposal_of(workspace, record)
    if proposal is None:
        return []
    contract = _contract_of(workspace, record)
    inspection = last_inspection(workspace, proposal, contract.id if contract else None)
    seen = {text.fold(str(row.get("task") or "")): row for row in (inspection.rows("tasks") if inspection else ())}
    return [
        {
            "task": str(row.get("task") or ""),
            "responsible": str(row.get("responsible") or ""),
            "ends_on": proposal.text(f"work_plan/{row['id']}/ends_on"),
            **_inspected_task(inspection, seen.get(text.fold(str(row.get("task") or "")))),
        }
        for row in proposal.rows("work_plan")
    ]


def _inspected_task(inspection: Record | None, row: Mapping[str, Any] | None) -> dict[str, str]:
    """What an inspection found of a task, in words; nothing for a task that no inspection has seen."""
    if inspection is None or row is None:
        return {"found": "", "note": ""}
    return {"found": inspection.text(f"tasks/{row['id']}/found"), "note": str(row.get("note") or "")}


def seen(workspace: Workspace, record: Record) -> dict[str, str]:
    """The last inspection: `visited_on`, `number`, `percent`, `conclusion`; all empty before the first."""
    proposal = proposal_of(workspace, record)
    contract = _contract_of(workspace, record)
    inspection = last_inspection(workspace, proposal, contract.id if contract else None) if proposal else None
    names = {"visited_on": "visited_on", "number": "number", "percent": "found_percent", "conclusion": "conclusion"}
    return {name: inspection.text(path) if inspection else "" for name, path in names.items()}


def troubles(workspace: Workspace, record: Record) -> list[dict[str, str]]:
    """The difficulties that were raised about the proposal, with the answer."""
    proposal = proposal_of(workspace, record)
    names = ("raised_on", "content", "wish", "answer")
    wishes = difficulties_of(workspace, proposal) if proposal else []
    return [{name: wish.text(name) for name in names} for wish in wishes]


# -- money and results -------------------------------------------------------------------------------------------------


def money_lines(workspace: Workspace, record: Record) -> list[dict[str, str]]:
    """The money of the contract or the proposal: label and amount as printed, in đồng."""
    proposal = proposal_of(workspace, record)
    if proposal is None:
        return []
    contract = _contract_of(workspace, record)
    balance = balances.balance(workspace, proposal, contract.id if contract else None)
    shown = {name: label for name, label in balances.LABELS.items() if name not in _NOT_SHOWN}
    lines = {
        name: (label, amount)
        for name, label in shown.items()
        if (amount := getattr(balance, name)) or name not in _IF_ANY
    }
    if contract is None and not final_children(workspace, proposal, "contract"):
        lines.pop("support")
    known = [*_approved(proposal), *lines.values()]
    return [{"label": label, "amount": _printed(amount)} for label, amount in known]


def _approved(proposal: Record) -> Iterator[tuple[str, int | None]]:
    for name in ("approved_total", "approved_support", "approved_counterpart"):
        amount = proposal.value(name)
        yield proposal.field(name).label, amount if isinstance(amount, int) else None


def visited_sites(workspace: Workspace, record: Record) -> list[dict[str, str]]:
    """The final acceptances: where, when, what was accepted; printed text."""
    proposal = proposal_of(workspace, record)
    visits = _acceptances(workspace, proposal, _contract_of(workspace, record)) if proposal else []
    return [
        {
            **{name: visit.text(name) for name in ("site", "number", "visited_on", "conclusion", "work_done")},
            "cost": _printed(whole_amount(visit.value("total_accepted"))),
            "support": _printed(whole_amount(visit.value("total_accepted_support"))),
        }
        for visit in visits
    ]


def results_reached(workspace: Workspace, record: Record) -> list[dict[str, Any]]:
    """The goals with the figures of the acceptances; of the proposal alone before the first one."""
    proposal = proposal_of(workspace, record)
    visits = _acceptances(workspace, proposal, _contract_of(workspace, record)) if proposal else []
    followed = {visit.value("previous") for visit in visits}
    last = [visit for visit in visits if visit.id not in followed]
    rows = [_result(visit, row) for visit in last for row in visit.rows("results")]
    return rows or [_result(None, row) for row in (proposal.rows("results") if proposal else ())]


def _result(visit: Record | None, row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("goal", "unit", "before", "target", "actual")
    return {"site": visit.text("site") if visit else "", **{name: row.get(name, "") for name in names}}


def effects(workspace: Workspace, record: Record) -> list[dict[str, str]]:
    """What the acceptances say of the effect, each with its site."""
    proposal = proposal_of(workspace, record)
    visits: Iterable[Record] = final_children(workspace, proposal, "acceptance") if proposal else ()
    visits_with_effect = [visit for visit in visits if visit.value("effect")]
    return [{"site": visit.text("site"), "effect": visit.text("effect")} for visit in visits_with_effect]


SOURCES = MappingProxyType(  # of papers, by the names that layouts use
    {
        "money_lines": money_lines,
        "effects": effects,
        "results_reached": results_reached,
        "seen": seen,
        "tasks": tasks,
        "troubles": troubles,
        "visited_sites": visited_sites,
        "volumes": volumes,
    }
)
