"""The visits of the practice journey with their results. Names and findings are samples."""

from __future__ import annotations

from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing, related
from kcdesk.services.visits import visits
from kcdesk.services.workspace import Workspace

_VISITED_ON = date(2018, 10, 18)
_ANSWERED = 3  # answered items of the visit in progress


def inspect_progress(workspace: Workspace, proposal: str) -> None:
    """Inspect the work in progress: the machine is delivered but not installed yet."""
    inspection = begin_dossier(workspace, proposal, "inspection")
    visit = workspace.store.record(inspection)
    progress = {"claimed": 570_000_000, "found": 540_000_000, "note": "Chưa lắp đặt xong. (Nội dung mẫu.)"}
    states = ("done", "under_way", "not_begun")
    values = {
        "purpose": "interim",
        "visited_on": "15/8/2018",
        "participants": [
            _participant("department", "Sở Công Thương (mẫu)", "Người Mẫu Ba", "Phó Giám đốc", "chair"),
            _participant("department", "Sở Công Thương (mẫu)", "Người Mẫu Sáu", "Chuyên viên", "secretary"),
            _participant("beneficiary", "Cơ sở chế biến nông sản Mẫu Số Một", "Người Mẫu Một", "Chủ cơ sở"),
        ],
        "tasks": [row | {"found": state} for row, state in zip(visit.rows("tasks"), states, strict=True)],
        "progress": [row | progress for row in visit.rows("progress")],
        "machines": [
            row | {"found": "idle", "note": "Đang lắp đặt. (Nội dung mẫu.)"} for row in visit.rows("machines")
        ],
        "conclusion": "confirmed",
    }
    changing.set_values(workspace, inspection, values)
    steps.take_step(workspace, inspection, "finalise")


def accept(workspace: Workspace, proposal: str) -> str:
    """Create the acceptance visit, with every answer given by hand as on site."""
    acceptance = _visited(workspace, proposal)
    steps.take_step(workspace, proposal, "accept")
    return acceptance


def accept_conditionally(workspace: Workspace, proposal: str) -> str:
    """Accept the work under a condition, because one fact is not as required."""
    remedy = {
        "remedy": "Lắp biển cảnh báo an toàn tại nơi đặt máy (mẫu)",
        "responsible": "Đơn vị thụ hưởng",
        "due_on": "1/11/2018",
    }
    return _visited(
        workspace,
        proposal,
        failed="Nơi đặt máy chưa có biển cảnh báo an toàn. (Nội dung mẫu.)",
        number="06",
        conclusion="conditional",
        remedies=[remedy],
    )


def visit_again(workspace: Workspace, proposal: str, conditional: str) -> str:
    """Check only what the first visit left open; then the proposal is accepted."""
    second = visits.second_visit(workspace, conditional).items[0].id
    visit = workspace.store.record(second)
    parties = workspace.store.record(conditional).rows("participants")
    answers = {
        "number": "07",
        "visited_on": "9/11/2018",
        "participants": [{name: row[name] for name in row if name not in ("id", "position")} for row in parties],
        "checklist": [row | {"result": "pass"} for row in visit.rows("checklist")],
        "work_done": "Đã lắp biển cảnh báo an toàn tại nơi đặt máy. (Nội dung mẫu.)",
        "remedies": [row | {"done": True, "done_on": "5/11/2018"} for row in visit.rows("remedies")],
        "conclusion": "accepted",
    }
    changing.set_values(workspace, second, answers)
    steps.take_step(workspace, second, "finalise")
    steps.take_step(workspace, proposal, "accept")
    return second


def begin_visit(workspace: Workspace, proposal: str) -> str:
    """Begin a visit: the parties are present, a few items are answered."""
    acceptance = begin_dossier(workspace, proposal, "acceptance")
    visit = workspace.store.record(acceptance)
    answers, items = _answers(visit), visit.rows("checklist")
    seen = [row | {"result": "pass"} for row in items[:_ANSWERED]]
    basics = {name: answers[name] for name in ("visited_on", "started_at", "participants")}
    changing.set_values(workspace, acceptance, basics | {"checklist": [*seen, *items[_ANSWERED:]]})
    return acceptance


def _visited(workspace: Workspace, proposal: str, failed: str = "", **changes: Any) -> str:
    """Create a final visit with everything answered; with `failed`, the last item fails with this finding."""
    acceptance = begin_dossier(workspace, proposal, "acceptance")
    answers = _answers(workspace.store.record(acceptance)) | changes
    if failed:
        answers["checklist"][-1] |= {"result": "fail", "finding": failed}
    if number := changes.get("number"):
        answers["machines"][0] |= {"serial_number": f"MAU-2018-00{number}", "invoice": f"00000{number} (mẫu)"}
    changing.set_values(workspace, acceptance, answers)
    steps.take_step(workspace, acceptance, "finalise")
    return acceptance


def _answers(visit: Any) -> dict[str, Any]:
    machine = {
        "maker": "Hãng mẫu",
        "model": visit.rows("machines")[0]["contracted_model"],
        "serial_number": "MAU-2018-0001",
        "year": 2018,
        "is_new": True,
        "quantity": 1,
        "value": 570_000_000,
        "origin": "Việt Nam",
        "unit_price": 570_000_000,
        "invoice": "0000001 (mẫu)",
        "invoiced_on": "10/8/2018",
    }
    money = {
        "done": 570_000_000,
        "accepted": 570_000_000,
        "accepted_support": 200_000_000,
        "accepted_counterpart": 370_000_000,
    }
    results = {"Sản lượng": 176, "Số lao động": 29}
    return {
        "number": "05",
        "visited_on": text.format_date(_VISITED_ON),
        "started_at": "08:30",
        "ended_at": "11:15",
        "participants": [
            _participant(*person)
            for person in (
                ("department", "Sở Công Thương (mẫu)", "Người Mẫu Ba", "Phó Giám đốc", "chair"),
                ("department", "Sở Công Thương (mẫu)", "Người Mẫu Sáu", "Chuyên viên", "secretary"),
                ("implementing_unit", "Trung tâm Khuyến công (mẫu)", "Người Mẫu Hai", "Giám đốc"),
                ("beneficiary", "Cơ sở chế biến nông sản Mẫu Số Một", "Người Mẫu Một", "Chủ cơ sở"),
                ("commune", "Ủy ban nhân dân phường (mẫu)", "Người Mẫu Bốn", "Phó Chủ tịch"),
            )
        ],
        "checklist": [row | {"result": "pass"} for row in visit.value("checklist")],
        "work_done": "Máy đã lắp đặt, vận hành ổn định, đúng chủng loại theo hợp đồng. (Nội dung mẫu.)",
        "machines": [row | machine for row in visit.value("machines")],
        "budget": [row | money for row in visit.value("budget")],
        "advanced": 140_000_000,  # 70 %, khoản 2 Điều 13 TT 36/2013
        "results": [row | {"actual": results[row["goal"]]} for row in visit.value("results")],
        "opinions": [{"party": "beneficiary", "opinion": "Máy hoạt động tốt; đề nghị sớm thanh toán. (Nội dung mẫu.)"}],
        "conclusion": "accepted",
        "proposed_payment": 60_000_000,
        "copies": 5,
    }


def _participant(party: str, organisation: str, name: str, title: str, role: str = "") -> dict[str, str]:
    person = {"party": party, "organisation": organisation, "name": name, "title": title}
    return person | ({"role": role} if role else {})


def begin_dossier(workspace: Workspace, proposal: str, kind: str) -> str:
    """Create a dossier from another one; return its id."""
    return related.begin(workspace, workspace.store.record(proposal), kind).items[0].id
