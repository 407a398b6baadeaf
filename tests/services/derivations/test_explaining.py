"""What a tree says besides the numbers: where a value comes from, who entered it, on which paper, what it exceeds."""

from decimal import Decimal

import pytest

from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.services.derivations import explaining, wording
from kcdesk.services.records import changing
from tests.services import lives, samples
from tests.services.samples import begin


def _why(workspace, id_, name):
    return explaining.why(workspace, id_, name)


def test_a_life_is_explained_from_the_settlement_to_the_decision(workspace):
    proposal = lives.write(workspace, "machinery")
    lives.live(workspace, proposal)
    contract, settlement = (workspace.store.children(proposal, kind)[0].id for kind in ("contract", "settlement"))
    payments = {p.data["payment_type"]: p.id for p in workspace.store.children(proposal, "payment")}

    payable = _why(workspace, settlement, "payable")
    assert (payable.operation, payable.value) == ("difference", Decimal(0))
    advanced = payable.parts[1]
    paid = {node.cell.record: node.value for node in advanced.walk() if node.label == "Số tiền lần này"}
    assert paid == {payments["advance"]: lives.ADVANCE, payments["remaining"]: lives.SUPPORT - lives.ADVANCE}
    assert not wording.has_fault(payable)

    before = _why(workspace, payments["remaining"], "paid_before")
    assert before.remark() == ""
    assert _why(workspace, payments["advance"], "paid_before").remark() == "", "a later payment is no earlier one"

    value = _why(workspace, contract, "value")
    approved = value.parts[0]
    assert (approved.label, approved.title) == (
        "Kinh phí khuyến công được phê duyệt hỗ trợ",
        workspace.store.record(proposal).title(),
    )
    assert approved.paper.number == "01/QĐ-MẪU"
    assert approved.paper.date == "2018-02-15"
    assert approved.entered.by == "Nguyễn Thị Mẫu"
    settled = _why(workspace, contract, "settled_support")
    assert settled.parts[0].parts[0].cell.record == settlement


def test_a_ceiling_names_percentage_cost_cap_and_articles(workspace):
    proposal = samples.proposal(workspace, programme="national", budget=[{**samples.MONEY, "national": 200_000_000}])
    ceiling = _why(workspace, proposal, "ceiling")
    assert (ceiling.operation, ceiling.value) == ("least", min(part.value for part in ceiling.parts))
    share = next(part for part in ceiling.parts if part.operation == "part_of")
    assert share.parts[1].cell.path == "total_cost"
    assert share.rule.instrument == "TT 28/2018/TT-BTC"
    assert share.rule.article.startswith("Khoản")


def test_an_amount_above_its_ceiling_says_so_with_the_reason(workspace):
    proposal = samples.proposal(
        workspace, programme="national", budget=[{"item": "Máy", "cost": 10**9, "national": 9 * 10**8}]
    )
    changing.set_values(workspace, proposal, {"ceiling_override_reason": "Văn bản số 5 cho phép"})
    asked = _why(workspace, proposal, "requested_support")
    assert asked.value == 9 * 10**8
    assert "Vượt «Mức hỗ trợ tối đa" in asked.note
    assert "Văn bản số 5 cho phép" in asked.note


def test_a_value_that_changed_at_its_source_says_both_numbers(workspace):
    proposal = lives.write(workspace, "machinery")
    lives.approve(workspace, proposal)
    contract = begin(workspace, proposal, "contract")
    assert _why(workspace, contract, "value").remark() == ""
    changing.set_values(workspace, contract, {"value": 3_000_000})
    value = _why(workspace, contract, "value")
    assert value.remark() == "Đang ghi 3.000.000 đồng; nơi lấy số nay là 4.000.000 đồng."
    assert not value.is_wrong


def test_a_computed_number_that_its_parts_do_not_give_is_a_fault(workspace):
    proposal = samples.proposal(workspace)
    record = workspace.store.record(proposal)
    wrong = record.data | {"total_cost": 1}
    with workspace.store.act("Ghi sai") as act:
        broken = act.insert("proposal", record.form.reference, wrong)
    tree = _why(workspace, broken, "total_cost")
    assert tree.is_wrong
    assert tree.remark() == ("Số này không khớp với các phần của nó: đang ghi 1 đồng, các phần cho 570.000.000 đồng.")
    lines = list(wording.in_lines(tree))
    assert tree.remark() in lines[2]
    assert lines[-1] == wording.FAULT
    assert wording.as_json(tree)["fault"] is True


def test_an_approval_follows_the_plan_and_does_not_run_in_circles(workspace):
    proposal = samples.proposal(workspace)
    record = workspace.store.record(proposal)
    form = workspace.forms.current("plan")
    row = {"id": "r1", "position": 1.0, "proposal": proposal, "total_cost": 570_000_000, "support": 200_000_000}
    plan = Record("", "plan", form, {"entries": [row]}, forms=workspace.forms)
    plan.apply({"year": 2018, "programme": "local", "budget": 10**9, "decision_number": "9/QĐ", "state": "decided"})
    with workspace.store.act("Lập kế hoạch") as act:
        plan_id = act.insert("plan", form.reference, plan.data)
        act.update(proposal, record.apply({"decision_number": "9/QĐ", "approved_support": 200_000_000}))
    approved = _why(workspace, proposal, "approved_support")
    entry = approved.parts[0]
    assert entry.cell.record == plan_id
    assert entry.parts[0].label == "Kinh phí khuyến công đề nghị hỗ trợ"
    remaining = _why(workspace, plan_id, "entries/r1/remaining")
    assert (remaining.operation, remaining.value) == ("difference", Decimal(800_000_000))


@pytest.mark.parametrize(
    ("name", "code"), [("title", "no_number"), ("nothing", "unknown_field"), ("year", "no_number")]
)
def test_what_is_no_number_is_refused_with_a_sentence(workspace, name, code):
    proposal = samples.proposal(workspace)
    with pytest.raises(UserError) as refused:
        explaining.why(workspace, proposal, name)
    assert refused.value.code == code


def test_a_proposal_without_norm_says_why_it_has_no_ceiling(workspace):
    with pytest.raises(UserError) as refused:
        explaining.why(workspace, samples.proposal(workspace), "ceiling")
    assert refused.value.code == "no_ceiling"
    assert "địa bàn" in refused.value.hint
