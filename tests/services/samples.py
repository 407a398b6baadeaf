"""Made-up dossiers that are complete, and short ways to bring them to a state."""

from __future__ import annotations

from typing import Any

from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing, related
from kcdesk.services.workspace import Workspace
from kcdesk.store.database import views

MONEY = {"item": "Máy mẫu", "cost": 570_000_000, "local": 200_000_000, "counterpart": 370_000_000}
MACHINE = {"name": "Máy mẫu", "maker": "Hãng mẫu", "model": "M-01", "quantity": 1, "unit_price": 570_000_000}

BENEFICIARY: dict[str, Any] = {
    "name": "Cơ sở chế biến Mẫu",
    "legal_form": "household_business",
    "representative": "Người Mẫu Một",
    "phone": "0900000001",
    "territory": "provincial_ward",
    "sector": "a",
}
PROPOSAL: dict[str, Any] = {
    "title": "Hỗ trợ ứng dụng máy móc tiên tiến (mẫu)",
    "year": 2018,
    "programme": "local",
    "scheme": "single",
    "activity": "machinery",
    "implementing_unit": "Trung tâm Khuyến công (mẫu)",
    "necessity": "Cần thiết",
    "legal_basis": "NĐ 45/2012/NĐ-CP",
    "goals": "Một máy",
    "scale": "Một cơ sở",
    "machine_kind": "single",
    "machines_new": True,
    "machine_benefits": ["productivity"],
    "machines": [MACHINE],
    "starts_on": "01/3/2018",
    "ends_on": "31/12/2018",
    "work_plan": [{"task": "Mua máy", "responsible": "Cơ sở"}],
    "budget": [MONEY],
    "organisation": "Trung tâm tổ chức",
    "economic_effect": "Tăng năng suất",
    "social_effect": "Thêm việc làm",
    "environmental_effect": "Giảm bụi",
    "results": [{"goal": "Sản lượng", "unit": "tấn", "before": 10, "target": 20}],
}
# The ceilings of a province that has none in the shipped definitions.
CEILINGS = """
programme = "local"
label = "Khuyến công địa phương tỉnh Lạng Sơn"
province = "20"

[[line]]
id = "machinery"
label = "Ứng dụng máy móc thiết bị"
activities = ["machinery"]
per = "cơ sở"

[[line.period]]
effective_from = 2026-01-01
document = "NQ 01/2025/NQ-HĐND (mẫu)"
article = "Điều 5"
percent = 50
cap = 250_000_000
"""
APPROVAL: dict[str, Any] = {
    "decision_number": "01/QĐ-MẪU",
    "decision_date": "15/2/2018",
    "decision_authority": "Ủy ban nhân dân tỉnh (mẫu)",
    "approved_total": 570_000_000,
    "approved_support": 200_000_000,
    "approved_local": 200_000_000,
    "approved_counterpart": 370_000_000,
}
VISIT: dict[str, Any] = {
    "visited_on": "5/12/2018",
    "participants": [
        {"party": "department", "name": "Người Mẫu Ba"},
        {"party": "beneficiary", "name": "Người Mẫu Một"},
    ],
    "work_done": "Đã mua và lắp đặt",
    "conclusion": "accepted",
}


def practice_answers(**changes: Any) -> opening.NewStore:
    """What an officer of a sample unit answers at first start."""
    answers = {
        "unit": "Trung tâm Khuyến công mẫu",
        "code": "TTKC-MAU",
        "level": "lower",
        "province": "Lạng Sơn",
        "parent": "Sở Công Thương mẫu",
        "officer": "Nguyễn Thị Mẫu",
        "practice": True,
    }
    return opening.NewStore(**{**answers, **changes})


def new(workspace: Workspace, kind: str, **values: Any) -> str:
    """A record of typed values; its id."""
    return changing.add(workspace, kind, values).items[0].id


def beneficiary(workspace: Workspace, **changes: Any) -> str:
    """A complete beneficiary."""
    place = workspace.places.search("phuong ba dinh", 1)[0].commune
    return new(workspace, "beneficiary", **{**BENEFICIARY, "place": {"commune": place}, **changes})


def proposal(workspace: Workspace, **changes: Any) -> str:
    """A complete proposal for machines."""
    place = workspace.places.search("phuong ba dinh", 1)[0].commune
    values = {**PROPOSAL, "place": {"commune": place}, **changes}
    values.setdefault("beneficiaries", [beneficiary(workspace)])
    if values["scheme"] == "group" and values.get("sites"):  # every machine stands at a site: here one at each
        values["sites"] = [{"id": f"site{number}", **site} for number, site in enumerate(values["sites"], start=1)]
        ids = [site["id"] for site in values["sites"]]
        placed = [machine for machine in values["machines"] if "site" in machine]
        values["machines"] = placed or [{"site": id_, **machine} for id_ in ids for machine in values["machines"]]
    return new(workspace, "proposal", **{name: value for name, value in values.items() if value is not None})


def approved(workspace: Workspace, **changes: Any) -> str:
    """A proposal with its approval on record."""
    id_ = proposal(workspace, **changes)
    steps.take_step(workspace, id_, "finalise")
    changing.set_values(workspace, id_, APPROVAL)
    steps.take_step(workspace, id_, "approve")
    return id_


def contract(workspace: Workspace, proposal_id: str, **changes: Any) -> str:
    """A final contract of an approved proposal; its note lets a test sign more than was approved."""
    id_ = begin(workspace, proposal_id, "contract")
    signed = {"basis": "support", "number": "01/HĐ", "signed_on": "5/3/2018", "note": "Theo phụ lục (mẫu)"}
    changing.set_values(workspace, id_, {**signed, **changes})
    steps.take_step(workspace, id_, "finalise")
    return id_


def answer(workspace: Workspace, acceptance: str, **changes: Any) -> None:
    """Everything that a visit has to find out, answered."""
    visit = workspace.store.record(acceptance)
    machine = {"serial_number": "MAU-1", "quantity": 1, "value": 570_000_000}
    money = dict.fromkeys(("done", "accepted"), 570_000_000)
    money |= {"accepted_support": 200_000_000, "accepted_counterpart": 370_000_000}
    found = {
        "checklist": [row | {"result": "pass"} for row in visit.rows("checklist")],
        "machines": [row | machine for row in visit.rows("machines")],
        "budget": [row | money for row in visit.rows("budget")],
        "results": [row | {"actual": 19} for row in visit.rows("results")],
    }
    changing.set_values(workspace, acceptance, {**VISIT, **found, **changes})


def begin(workspace: Workspace, above: str, kind: str) -> str:
    """A dossier begun from another one."""
    return related.begin(workspace, workspace.store.record(above), kind).items[0].id


def crowd(workspace: Workspace, *kinds: str) -> None:
    """So many empty records of each kind that it has all its indexes."""
    with workspace.store.act("Nhiều hồ sơ mẫu") as act:
        for kind in kinds:
            form = workspace.forms.current(kind).reference
            for _ in range(views.MANY):
                act.insert(kind, form, {})
    workspace.store.analyze()
