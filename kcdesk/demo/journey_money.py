"""The money of the journey: advance, remaining advance, settlement, liquidation, archive; sample figures of 2018."""

from __future__ import annotations

from typing import Any

from kcdesk.demo.journey_visits import begin_dossier
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace

_PAID = {"advance": ("5/9/2018", "UNC 101 (mẫu)"), "remaining": ("5/11/2018", "UNC 142 (mẫu)")}


def advance(workspace: Workspace, proposal: str) -> str:
    """Pay 70 % of the support once more than 70 % of the investment is done (khoản 2 Điều 13 TT 36/2013)."""
    return _pay(workspace, proposal, "advance", {"requested_on": "20/8/2018", "progress": "94,7"})


def close(workspace: Workspace, proposal: str, contract: str) -> str:
    """Do everything after the acceptance until the file is archived; return the id of the settlement."""
    _pay(workspace, proposal, "remaining", {"requested_on": "25/10/2018"})
    settlement = _settle(workspace, proposal)
    steps.take_step(workspace, proposal, "settle")
    liquidation = {
        "liquidation_number": "01/BBTL (mẫu)",
        "liquidated_on": "15/1/2019",
        "liquidation_place": "Trụ sở đơn vị thực hiện (mẫu)",
        "liquidation_copies": 4,
    }
    changing.set_values(workspace, contract, liquidation)
    steps.take_step(workspace, proposal, "liquidate")
    changing.set_values(workspace, proposal, {"archived_on": "1/3/2019", "archive_code": "KC-2018-01 (mẫu)"})
    steps.take_step(workspace, proposal, "archive")
    return settlement


def _pay(workspace: Workspace, proposal: str, kind: str, values: dict[str, Any]) -> str:
    payment = begin_dossier(workspace, proposal, "payment")
    changing.set_values(workspace, payment, {"payment_type": kind, "department_confirmed": True, **values})
    _give_papers(workspace, payment)
    steps.take_step(workspace, payment, "finalise")
    paid_on, voucher = _PAID[kind]
    changing.set_values(workspace, payment, {"paid_on": paid_on, "voucher_number": voucher})
    return payment


def _settle(workspace: Workspace, proposal: str) -> str:
    settlement = begin_dossier(workspace, proposal, "settlement")
    lines = workspace.store.record(settlement).rows("lines")
    money = {"spent": 570_000_000, "support": 200_000_000, "other": 370_000_000}
    voucher = {"number": "0000001 (mẫu)", "dated": "10/8/2018", "content": "Mua máy chế biến nông sản"}
    values = {
        "settled_on": "31/10/2018",
        "percent_supported": True,
        "lines": [row | money for row in lines],
        "vouchers": [voucher | {"amount": 570_000_000, "support": 200_000_000, "other": 370_000_000}],
        "settled_support": 200_000_000,
    }
    changing.set_values(workspace, settlement, values)
    _give_papers(workspace, settlement)
    steps.take_step(workspace, settlement, "finalise")
    return settlement


def _give_papers(workspace: Workspace, id_: str) -> None:
    rows = workspace.store.record(id_).rows("papers")
    changing.set_values(workspace, id_, {"papers": [row | {"paper_form": "original"} for row in rows]})
