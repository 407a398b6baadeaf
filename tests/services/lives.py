"""A proposal of any activity, answered from the forms alone, and the way from draft to archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kcdesk.demo.sample_lives import PLAIN
from kcdesk.formdef.model import Field
from kcdesk.formdef.record import Record
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from tests.services import samples
from tests.services.samples import begin

COST, SUPPORT, ADVANCE = 100_000_000, 4_000_000, 1_000_000

APPROVAL = {
    **{name: samples.APPROVAL[name] for name in ("decision_number", "decision_date", "decision_authority")},
    "approved_total": COST,
    "approved_support": SUPPORT,
    "approved_counterpart": COST - SUPPORT,
}


def write(workspace: Workspace, activity: str, programme: str = "local") -> str:
    """A complete draft of a proposal of that activity."""
    values = {
        "activity": activity,
        "programme": programme,
        "beneficiary_request": True,
        "budget": [{"item": "Khoản mẫu", "cost": COST, programme: SUPPORT, "counterpart": COST - SUPPORT}],
        "results": None,
    }
    id_ = samples.proposal(workspace, **values)
    answer(workspace, id_)
    record = workspace.store.record(id_)
    papers = workspace.forms.outline(record.data, workspace.today()).papers
    rows = [{"item": paper.item, "status": "copy"} for paper in papers]
    changing.set_values(workspace, id_, {"papers": rows})
    return id_


def answer(workspace: Workspace, id_: str) -> None:
    """Answer everything that a record still asks for, as the forms themselves say that it may be answered."""
    for _ in range(5):  # one answer may call for another
        record = workspace.store.record(id_)
        missing = record.missing()
        if not missing:
            return
        changing.set_values(workspace, id_, {p.field: _answer(workspace, record, p.field) for p in missing})


def _answer(workspace: Workspace, record: Record, path: str) -> Any:
    field = record.field(path)
    if field.columns:
        return [{column.name: _value(workspace, column) for column in field.columns if column.required}]
    return _value(workspace, field)


def _value(workspace: Workspace, field: Field) -> Any:
    if field.type in ("choice", "choices"):
        first = workspace.forms.choices(field)[0].value
        return first if field.type == "choice" else [choice.value for choice in workspace.forms.choices(field)[:2]]
    if field.type in ("reference", "references"):
        found = reading.list_page(workspace, field.target)[0].id
        return found if field.type == "reference" else [found]
    if field.type == "place":
        return {"commune": workspace.places.search("phuong ba dinh", 1)[0].commune}
    if isinstance(field.max, int):
        return min(5, field.max)
    return PLAIN.get(field.type, "Nội dung mẫu")


Take = Callable[..., None]  # how a step of the proposal itself is taken: by a service, or in the window


def take(workspace: Workspace, id_: str, *names: str) -> None:
    """Take steps one after the other."""
    for name in names:
        steps.take_step(workspace, id_, name)


def approve(workspace: Workspace, id_: str, step: Take = take) -> None:
    """The short way: only the decision is known."""
    step(workspace, id_, "finalise")
    programme = workspace.store.record(id_).value("programme")
    changing.set_values(workspace, id_, {**APPROVAL, f"approved_{programme}": SUPPORT})
    step(workspace, id_, "approve")


def sign(workspace: Workspace, id_: str, step: Take = take) -> str:
    """The contract of an approved proposal, on record and begun."""
    contract = samples.contract(workspace, id_, basis="contract")
    step(workspace, id_, "contract", "start")
    return contract


def pay(workspace: Workspace, id_: str, kind: str, **changes: Any) -> str:
    """A payment, asked for with all its papers and paid."""
    payment = begin(workspace, id_, "payment")
    asked = {"requested_on": "1/9/2018", "progress": 90, "override_reason": "Văn bản mẫu"}
    asked = asked if kind in ("advance", "remaining") else {"requested_on": "1/9/2018"}
    changing.set_values(workspace, payment, {"payment_type": kind, **asked, **changes})
    give_papers(workspace, payment)
    take(workspace, payment, "finalise")
    changing.set_values(workspace, payment, {"paid_on": "5/9/2018", "voucher_number": "UNC 01"})
    return payment


def give_papers(workspace: Workspace, id_: str) -> None:
    """Every paper is there."""
    rows = workspace.store.record(id_).rows("papers")
    changing.set_values(workspace, id_, {"papers": [row | {"paper_form": "original"} for row in rows]})


def accept(workspace: Workspace, id_: str, step: Take = take) -> None:
    """One visit that accepts everything; none where there is nothing to visit."""
    activity = workspace.forms.activity(workspace.store.record(id_).value("activity"))
    if activity.visit:
        visit = begin(workspace, id_, "acceptance")
        record = workspace.store.record(visit)
        money = {"done": COST, "accepted": COST, "accepted_support": SUPPORT, "accepted_counterpart": COST - SUPPORT}
        machines = [row | _as_contracted(row) for row in record.rows("machines")]
        found = {
            **samples.VISIT,
            "machines": machines,
            "checklist": [row | {"result": "pass"} for row in record.rows("checklist")],
            "budget": [row | money for row in record.rows("budget")],
        }
        changing.set_values(workspace, visit, found)
        answer(workspace, visit)
        take(workspace, visit, "finalise")
    step(workspace, id_, "accept")


def _as_contracted(row: dict[str, Any]) -> dict[str, Any]:
    quantity, value = row.get("contracted_quantity", 1), row.get("contracted_value", 1)
    return {"serial_number": "MAU-1", "quantity": quantity, "value": value}


def settle(workspace: Workspace, id_: str, step: Take = take) -> str:
    """The accounts of the whole support, with one voucher for each line."""
    settlement = begin(workspace, id_, "settlement")
    number = id_[-6:]  # an invoice stands in one dossier
    voucher = {"number": number, "dated": "1/8/2018", "content": "Chi mẫu", "amount": SUPPORT, "support": SUPPORT}
    lines = workspace.store.record(settlement).rows("lines")
    values = {
        "settled_on": "10/12/2018",
        "settled_support": SUPPORT,
        "vouchers": [voucher],
        "lines": [row | {"spent": SUPPORT, "support": SUPPORT} for row in lines],
    }
    changing.set_values(workspace, settlement, values)
    give_papers(workspace, settlement)
    take(workspace, settlement, "finalise")
    step(workspace, id_, "settle")
    return settlement


def close(workspace: Workspace, id_: str, contract: str, step: Take = take) -> None:
    """Wind up the contract and put the file away."""
    changing.set_values(workspace, contract, {"liquidated_on": "20/1/2019", "liquidation_number": "01/BB"})
    step(workspace, id_, "liquidate")
    changing.set_values(workspace, id_, {"archived_on": "1/3/2019", "archive_code": "KC-01"})
    step(workspace, id_, "archive")


def live(workspace: Workspace, id_: str, step: Take = take) -> None:
    """From the draft to the archive, the short way to approval."""
    approve(workspace, id_, step)
    contract = sign(workspace, id_, step)
    pay(workspace, id_, "advance", amount=ADVANCE)
    accept(workspace, id_, step)
    pay(workspace, id_, "remaining", amount=SUPPORT - ADVANCE)
    settle(workspace, id_, step)
    close(workspace, id_, contract, step)


def state(workspace: Workspace, id_: str) -> str:
    """Where a record stands."""
    return workspace.store.record(id_).state


def offered(workspace: Workspace, id_: str) -> list[str]:
    """The names of the steps that may be taken."""
    return [step.name for step in steps.possible(workspace, workspace.store.record(id_))]
