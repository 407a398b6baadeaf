"""What an answer in a receipt does to its dossier, at the province that writes it and at the unit that takes it in."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest

from kcdesk.errors import IncompleteError, UserError
from kcdesk.formdef.record import Record
from kcdesk.services.handover.packages import receiving
from kcdesk.services.handover.receipts import drafts, standing, writing
from kcdesk.services.handover.receipts.drafts import Decision
from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.proposals import support_differences
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from tests.services import lives, samples


def sent(unit: Workspace, **changes: Any) -> str:
    """A proposal that its unit has sent."""
    id_ = lives.write(unit, "brand")
    changing.set_values(unit, id_, changes)
    lives.take(unit, id_, "finalise", "send")
    return id_


def answered(offices: Any, pair: tuple[Workspace, Workspace], id_: str, decision: Decision) -> None:
    """The package goes up, the receipt with this decision comes down."""
    unit, province = pair
    package, _ = offices.send(unit, province)
    drafts.choose(province, package, id_, decision)
    path = offices.path()
    drafts.write_receipt(province, package, path)
    receiving.receive(unit, path)


def both(pair: tuple[Workspace, Workspace], id_: str) -> list[str]:
    return [workspace.store.record(id_).state for workspace in pair]


def test_a_returned_dossier_is_to_be_supplemented_at_both_ends(offices: Any, pair: tuple[Workspace, Workspace]) -> None:
    unit, province = pair
    id_ = sent(unit)
    reasons = (("goals", "Chưa rõ sản lượng"), ("", "Thiếu chữ ký"))
    answered(offices, pair, id_, Decision(result="returned", reasons=reasons))
    assert both(pair, id_) == ["supplement", "supplement"]
    for workspace in pair:
        rows = workspace.store.record(id_).rows("remarks")
        assert [(row.get("path", ""), row["reason"]) for row in rows] == list(reasons)
    told = missing.outlook_of(unit, unit.store.record(id_))
    assert told.step == "Gửi lại hồ sơ đã bổ sung"
    assert [problem.field for problem in told.problems][:2] == ["goals", "remarks"]
    changing.set_values(unit, id_, {"goals": "Mười tấn mỗi tháng"})  # it is open again, without withdrawing it
    (note,) = missing.outlook_of(province, province.store.record(id_)).notes
    assert note.text.startswith(f"Chờ {unit.identity.unit.name} bổ sung hồ sơ, từ ngày ")
    rows = [row | {"answer": "Đã bổ sung"} for row in unit.store.record(id_).rows("remarks")]
    changing.set_values(unit, id_, {"remarks": rows})
    lives.take(unit, id_, "resend")
    offices.send(unit, province)
    assert both(pair, id_) == ["sent", "sent"]


def test_a_command_that_returns_a_dossier_does_the_same(offices: Any, pair: tuple[Workspace, Workspace]) -> None:
    unit, province = pair
    id_ = sent(unit)
    package, _ = offices.send(unit, province)
    path = offices.path()
    writing.make(province, package, path, returned={id_: [("goals", "Chưa rõ")]})
    receiving.receive(unit, path)
    assert both(pair, id_) == ["supplement", "supplement"]


def test_a_refused_dossier_is_refused_at_both_ends(offices: Any, pair: tuple[Workspace, Workspace]) -> None:
    id_ = sent(pair[0])
    answered(offices, pair, id_, Decision(result="rejected", note="Hết nguồn"))
    assert both(pair, id_) == ["rejected", "rejected"]
    assert pair[0].store.record(id_).value("rejection_reason") == "Hết nguồn"


GRANTED = {
    "province_result": "approved",
    "province_support": 3_000_000,
    "province_decision_number": "12/QĐ-SCT",
    "province_decision_date": "2026-03-01",
}


def test_an_approval_from_a_province_that_sent_it_early_is_recorded_by_the_unit(
    offices: Any, pair: tuple[Workspace, Workspace]
) -> None:
    """Earlier versions of the program let a province approve before the appraisal."""
    unit, province = pair
    id_ = sent(unit)
    offices.send(unit, province)
    with province.store.act("Biên nhận") as act:
        act.update(id_, GRANTED)
    path, _ = offices.export(province, receiver=unit.identity.unit.code)
    receiving.receive(unit, path)
    assert both(pair, id_) == ["sent", "sent"]
    told = missing.outlook_of(unit, unit.store.record(id_))
    assert told.step == "Ghi nhận phê duyệt"
    asked = [problem.field for problem in told.must]
    assert "decision_authority" in asked
    assert not {"decision_number", "decision_date", "approved_support"} & set(asked)  # the receipt says them
    left = {"decision_authority": "Ủy ban nhân dân tỉnh", "approved_total": lives.COST}
    changing.set_values(unit, id_, {**left, "approved_counterpart": lives.COST - 3_000_000})
    steps.take_step(unit, id_, "approve_on_paper")
    record = unit.store.record(id_)
    assert (record.state, record.value("decision_number"), record.value("approved_support")) == (
        "approved", "12/QĐ-SCT", 3_000_000,
    )  # fmt: skip
    changing.undo(unit)
    assert unit.store.record(id_).value("decision_number") is None


def test_a_receipt_prepares_each_answer_once(offices: Any, pair: tuple[Workspace, Workspace]) -> None:
    unit, province = pair
    id_ = sent(unit)
    package, _ = offices.send(unit, province)
    of_proposal, prepared = province.extensions.answer_fillers["proposal"], []

    def counting(office: Workspace, record: Record, answer: str, reason: str) -> dict[str, Any]:
        prepared.append(record.id)
        return of_proposal(office, record, answer, reason)

    province.extensions = copy(province.extensions)
    vars(province.extensions)["answer_fillers"] = {"proposal": counting}
    drafts.choose(province, package, id_, Decision(result="returned", reasons=(("goals", "Chưa rõ sản lượng"),)))
    drafts.write_receipt(province, package, offices.path())
    assert province.store.record(id_).state == "supplement"
    assert prepared == [id_]


def test_a_command_that_approves_too_early_says_what_comes_first(
    offices: Any, pair: tuple[Workspace, Workspace]
) -> None:
    unit, province = pair
    id_ = sent(unit)
    package, _ = offices.send(unit, province)
    changing.set_values(province, id_, GRANTED)
    with pytest.raises(UserError, match="bước tiếp theo là «Nhận hồ sơ, thẩm định cấp cơ sở»"):
        writing.make(province, package, offices.path())
    with province.store.act("Đã thẩm định") as act:
        act.update(id_, {"state": "provincial_approval"})
    with pytest.raises(UserError, match="Cần có «Cơ quan phê duyệt»"):
        writing.make(province, package, offices.path())
    changing.set_values(province, id_, {"decision_authority": "Ủy ban", "approved_total": lives.COST})
    writing.make(province, package, offices.path())
    record = province.store.record(id_)
    assert (record.state, record.value("approved_support")) == ("approved", 3_000_000)


@pytest.mark.parametrize("in_the_window", [False, True])
def test_a_decision_taken_in_the_dossier_is_the_one_that_the_receipt_sends(
    offices: Any, pair: tuple[Workspace, Workspace], in_the_window: bool
) -> None:
    unit, province = pair
    ids = [sent(unit), sent(unit), sent(unit)]
    package, _ = offices.send(unit, province)
    with province.store.act("Đã thẩm định") as act:
        act.update(ids[0], {"state": "provincial_approval"})
    changing.set_values(province, ids[0], {**lives.APPROVAL, "approved_local": lives.SUPPORT})
    steps.take_step(province, ids[0], "approve")
    steps.take_step(province, ids[1], "reject", "Hết nguồn")
    steps.take_step(province, ids[2], "return", "Thiếu báo giá", [("budget", "Thiếu báo giá")])
    path = offices.path()
    write = drafts.write_receipt if in_the_window else writing.make
    written = write(province, package, path)
    made = written[0] if isinstance(written, tuple) else written
    assert {name: number for name, number in made["results"].items() if name != "received"} == {
        "approved": 1, "rejected": 1, "returned": 1,
    }  # fmt: skip
    receiving.receive(unit, path)
    record = unit.store.record(ids[0])
    assert (record.state, record.value("province_support")) == ("approved", lives.SUPPORT)
    assert unit.store.record(ids[1]).value("province_note") == "Hết nguồn"
    back = standing.handover_state(unit, ids[2])
    assert back.standing == "returned"
    assert any("Thiếu báo giá" in sentence for _path, sentence in back.reasons)
    for workspace in pair:
        assert workspace.store.record(ids[2]).value("province_note") == "Thiếu báo giá"


# -- amounts that differ -------------------------------------------------------------------------------------------


@pytest.fixture
def contracted(workspace: Workspace) -> tuple[str, str]:
    """An approved proposal of 200 million with a final contract."""
    id_ = samples.approved(workspace)
    return id_, samples.contract(workspace, id_, basis="contract")


def granted(workspace: Workspace, id_: str, support: int) -> None:
    with workspace.store.act("Biên nhận") as act:
        act.update(id_, {"province_result": "approved", "province_support": support})


def differences(workspace: Workspace, id_: str) -> list[str]:
    told = missing.outlook_of(workspace, workspace.store.record(id_))
    return [problem.message for problem in told.differences]


def test_what_the_receipt_grants_is_held_against_approval_and_contract(
    workspace: Workspace, contracted: tuple[str, str]
) -> None:
    id_, contract = contracted
    assert differences(workspace, id_) == differences(workspace, contract) == []
    granted(workspace, id_, 150_000_000)
    expected = [
        "Cấp tỉnh duyệt 150.000.000, phần «Phê duyệt» ghi 200.000.000, lệch 50.000.000.",
        "Cấp tỉnh duyệt 150.000.000, hợp đồng ghi 200.000.000, lệch 50.000.000.",
    ]
    assert differences(workspace, id_) == differences(workspace, contract) == expected
    assert [line.text for line in support_differences.every_difference(workspace)] == expected
    granted(workspace, id_, 200_000_000)
    assert support_differences.every_difference(workspace) == []


def test_a_contract_is_held_against_the_approval_while_it_is_written(workspace: Workspace) -> None:
    id_ = samples.approved(workspace)
    contract = samples.begin(workspace, id_, "contract")
    assert differences(workspace, contract) == []
    changing.set_values(workspace, contract, {"value": 230_000_000})
    assert differences(workspace, contract) == [
        "Quyết định phê duyệt 200.000.000, hợp đồng ghi 230.000.000, lệch 30.000.000."
    ]


def test_several_contracts_may_not_add_up_yet_but_not_exceed(workspace: Workspace) -> None:
    id_ = samples.approved(workspace)
    for value in (80_000_000, 70_000_000):
        samples.contract(workspace, id_, basis="contract", value=value)
    assert differences(workspace, id_) == []
    above = samples.begin(workspace, id_, "contract")
    answers = {"basis": "contract", "number": "03/HĐ", "signed_on": "5/3/2018", "value": 60_000_000}
    changing.set_values(workspace, above, answers)
    with pytest.raises(
        IncompleteError, match=r"Hợp đồng ghi 60\.000\.000, còn được duyệt 50\.000\.000: hơn 10\.000\.000"
    ):
        steps.take_step(workspace, above, "finalise")
    changing.set_values(workspace, above, {"note": "Theo phụ lục đã ký"})
    steps.take_step(workspace, above, "finalise")
    assert differences(workspace, id_) == [
        "Quyết định phê duyệt 200.000.000, hợp đồng ghi 210.000.000, lệch 10.000.000."
    ]
