"""What an answer in a receipt does to its dossier, at the province that writes it and at the unit that takes it in."""

from __future__ import annotations

from typing import Any

import pytest

from kcdesk.services.handover.packages import receiving
from kcdesk.services.handover.receipts import drafts, writing
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


GRANTED = Decision(result="approved", support="3 triệu", number="12/QĐ-SCT", date="1/3/2026")


def test_an_approval_before_the_appraisal_keeps_the_order_of_steps(
    offices: Any, pair: tuple[Workspace, Workspace]
) -> None:
    id_ = sent(pair[0])
    answered(offices, pair, id_, GRANTED)
    assert both(pair, id_) == ["sent", "sent"]
    unit = pair[0]
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


def test_after_the_appraisal_the_answer_fills_the_approval(offices: Any, pair: tuple[Workspace, Workspace]) -> None:
    unit, province = pair
    id_ = sent(unit)
    package, _ = offices.send(unit, province)
    with province.store.act("Đã thẩm định") as act:
        act.update(id_, {"state": "provincial_approval"})
    drafts.choose(province, package, id_, GRANTED)
    drafts.write_receipt(province, package, offices.path())
    record = province.store.record(id_)
    assert (record.state, record.value("approved_support")) == ("provincial_approval", 3_000_000)
    assert record.value("decision_number") == "12/QĐ-SCT"


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
    samples.contract(workspace, id_, basis="contract", value=60_000_000)
    assert differences(workspace, id_) == [
        "Quyết định phê duyệt 200.000.000, hợp đồng ghi 210.000.000, lệch 10.000.000."
    ]
