"""«Hồ sơ còn thiếu gì?» tells everything that the next step would refuse, before anybody takes it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kcdesk.errors import IncompleteError, UserError
from kcdesk.services.deadlines import listing
from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.lifecycle import missing, return_requests, steps
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from tests.services import lives
from tests.services.samples import begin, beneficiary, new, proposal


def told(workspace: Workspace, id_: str) -> set[str]:
    """The sentences beside the dossier."""
    return {problem.message for problem in missing.outlook_of(workspace, workspace.store.record(id_)).problems}


def refused(workspace: Workspace, id_: str, step: str = "finalise") -> set[str]:
    """The sentences of the step that is taken all the same."""
    with pytest.raises(IncompleteError) as refusal:
        steps.take_step(workspace, id_, step)
    return {problem.message for problem in refusal.value.problems}


def test_an_amount_over_the_ceiling_is_told_while_it_is_written(workspace: Workspace) -> None:
    line = {"item": "Máy mẫu", "cost": 700_000_000, "national": 400_000_000, "counterpart": 300_000_000}
    id_ = proposal(workspace, programme="national", budget=[line])
    [over] = [said for said in told(workspace, id_) if "vượt mức tối đa" in said]
    assert over in refused(workspace, id_)
    changing.set_values(workspace, id_, {"ceiling_override_reason": "Văn bản số 10 (mẫu)"})
    assert over not in told(workspace, id_)


def test_a_cost_in_two_dossiers_is_told_while_it_is_written(workspace: Workspace) -> None:
    owner = beneficiary(workspace)
    first = proposal(workspace, beneficiaries=[owner])
    second = proposal(workspace, beneficiaries=[owner], title="Đề án thứ hai (mẫu)")
    assert any("đã có trong đề án" in said for said in told(workspace, second))
    assert refused(workspace, second) <= told(workspace, second)
    changing.delete(workspace, first)
    assert not any("đã có trong đề án" in said for said in told(workspace, second))


def test_a_payment_tells_what_its_rule_forbids_while_it_is_written(workspace: Workspace) -> None:
    id_ = lives.write(workspace, "machinery")
    lives.approve(workspace, id_)
    lives.sign(workspace, id_)
    payment = begin(workspace, id_, "payment")
    asked = {"payment_type": "advance", "requested_on": "1/9/2018", "progress": 60, "amount": 4_000_000}
    changing.set_values(workspace, payment, asked)
    said = told(workspace, payment)
    assert any("không quá 70%" in sentence for sentence in said)
    assert any("trên 70% khối lượng" in sentence for sentence in said)
    assert refused(workspace, payment) <= said


def test_a_request_to_supplement_names_its_field_and_is_told_once(province: Workspace) -> None:
    id_ = lives.write(province, "brand")
    lives.take(province, id_, "finalise", "send", "appraise")
    steps.take_step(province, id_, "return", "Bổ sung hồ sơ", [("goals", "Chưa rõ sản lượng")])
    found = missing.outlook_of(province, province.store.record(id_)).problems
    asked = "«Mục tiêu cụ thể của đề án cần đạt được»"
    about = [(problem.field, problem.message) for problem in found if asked in problem.message]
    assert about == [("goals", f"Yêu cầu bổ sung {asked}: Chưa rõ sản lượng")]
    assert refused(province, id_, "resend") == {f"Chưa ghi đã bổ sung {asked} thế nào: Chưa rõ sản lượng."}


def test_a_plan_asks_for_its_report_as_advice(workspace: Workspace) -> None:
    plan = new(workspace, "plan", year=2027, programme="local", budget=1_000_000_000, goals="Tăng sản lượng")
    found = missing.outlook_of(workspace, workspace.store.record(plan))
    assert [problem.field for problem in found.advice] == ["previous_results", "current_assessment"]
    assert not {problem.field for problem in found.must} & {"previous_results", "current_assessment"}


def test_a_letter_demands_the_remarks_of_the_appraiser_alone(workspace: Workspace) -> None:
    id_ = proposal(workspace, papers=None, goals="")
    record = workspace.store.record(id_)
    assert missing.outlook_of(workspace, record).must
    assert missing.paper_rows(workspace, record) == []
    return_requests.add_remarks(workspace, record, [("budget", "Thiếu báo giá"), ("", "Thiếu chữ ký")])
    assert missing.paper_rows(workspace, record) == [
        {"section": "Dự toán kinh phí", "message": "Thiếu báo giá"},
        {"section": "", "message": "Thiếu chữ ký"},
    ]


def test_the_letter_belongs_to_the_province_that_has_sent_a_dossier_back(offices: Any, pair: Any) -> None:
    unit, province = pair
    id_ = lives.write(unit, "brand")
    assert not missing.offers_letter(unit, unit.store.record(id_))
    lives.take(unit, id_, "finalise", "send")
    offices.send(unit, province)
    assert not missing.offers_letter(province, province.store.record(id_))
    asked = [("budget", "Thiếu báo giá")]
    with pytest.raises(UserError, match="đã qua"):
        steps.take_step(province, id_, "return", "Thiếu giấy tờ", asked, answer_by=date(2026, 3, 4))
    steps.take_step(province, id_, "return", "Thiếu giấy tờ", asked, answer_by=date(2026, 3, 15))
    record = province.store.record(id_)
    assert missing.offers_letter(province, record)
    assert return_requests.answer_day(province, record) == "2026-03-15"
    receiving.receive(unit, offices.export(province, receiver=unit.identity.unit.name)[0])
    for office in (unit, province):  # both see when it is due
        due = next(due for due in listing.listing(office).later if due.what == "Hạn bổ sung hồ sơ: Thiếu báo giá")
        assert (due.day, due.id) == (date(2026, 3, 15), id_)
    told = missing.outlook_of(province, record)
    assert (told.step, told.possible) == ("", ())  # no button of the unit
    (note,) = told.notes
    assert note.text.startswith(f"Chờ {unit.identity.unit.name} bổ sung hồ sơ, từ ngày ")
    with pytest.raises(UserError):
        changing.set_values(province, id_, {"goals": "Sửa hộ"})


def test_a_proposal_has_a_letter_and_an_office_has_none(workspace: Workspace) -> None:
    assert missing.letter(workspace, "proposal").startswith("supplement_letter")
    assert missing.letter(workspace, "office") == ""


def test_how_a_dossier_is_sent_is_said_until_it_is_sent_and_again_when_it_has_more(
    workspace: Workspace, tmp_path: Path
) -> None:
    def hint() -> str:
        [note, *_] = missing.outlook_of(workspace, workspace.store.record(id_)).notes
        return note.hint

    id_ = lives.write(workspace, "brand")
    lives.take(workspace, id_, "finalise", "send")
    assert hint().startswith("Chưa gửi gói: vào Bàn giao → Kết xuất gói. Có biên nhận thì")
    sending.make(workspace, sending.HandoverOrder(path=tmp_path / "goi.xlsx"))
    assert hint().startswith("Có biên nhận thì vào Bàn giao → Nhận gói")
    steps.take_step(workspace, id_, "withdraw", reason="Sửa số tiền")
    lives.take(workspace, id_, "finalise", "send")
    assert hint().startswith("Chưa gửi gói")
