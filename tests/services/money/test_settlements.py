"""What stands in the way of a settlement, until when it is due, and what it writes into its contract."""

from datetime import date

import pytest

from kcdesk import text
from kcdesk.services.lifecycle import missing
from kcdesk.services.money import settlements
from kcdesk.services.records import changing
from tests.services import lives, samples
from tests.services.money.contract_money import pay
from tests.services.samples import begin


def of(workspace, id_):
    return workspace.store.record(id_)


def obstacles(workspace, settlement):
    found = settlements.problems_of_settlement(workspace, of(workspace, settlement))
    return [(problem.field, problem.message) for problem in found]


def test_accounts_wait_for_the_acceptance_and_agree_with_the_payments(workspace, signed):
    id_, first, second = signed
    pay(workspace, id_, 1_000_000, first)
    pay(workspace, id_, 300_000, second)
    settlement = begin(workspace, id_, "settlement")
    changing.set_values(workspace, settlement, {"contract": first, "advanced": 1_000_007})
    assert obstacles(workspace, settlement) == [
        ("proposal", "Đề án ở trạng thái «Đang thực hiện»: quyết toán sau khi nghiệm thu cơ sở."),
        (
            "advanced",
            "Ghi đã tạm ứng 1.000.007 đồng nhưng các lần chi đã ghi nhận là 1.000.000 đồng, lệch 7 đồng.",
        ),
    ]
    lives.accept(workspace, id_)
    changing.set_values(workspace, settlement, {"advanced": 1_000_000})
    assert obstacles(workspace, settlement) == []
    changing.set_values(workspace, settlement, {"advanced": None})
    ((_, message),) = obstacles(workspace, settlement)
    assert message == "Ghi đã tạm ứng 0 đồng nhưng các lần chi đã ghi nhận là 1.000.000 đồng, lệch 1.000.000 đồng."


def test_a_missing_paper_of_a_settlement_is_named(workspace, signed):
    id_, *_ = signed
    lives.accept(workspace, id_)
    settlement = begin(workspace, id_, "settlement")
    rows = of(workspace, settlement).rows("papers")
    changing.set_values(workspace, settlement, {"papers": [rows[0] | {"paper_form": "missing"}, *rows[1:]]})
    message = "Thiếu: Biên bản nghiệm thu cơ sở (Mẫu số 5a) (Điểm a khoản 1 Điều 19 TT 36/2013/TT-BCT)."
    assert obstacles(workspace, settlement) == [(f"papers/{rows[0]['id']}/paper_form", message)]


def test_a_contract_is_wound_up_after_its_end_else_after_its_signing(workspace, signed):
    _, first, second = signed
    with workspace.store.act("Có hạn") as act:
        act.update(second, {"due_on": "2019-12-31"})
    (by_signing, rule), (by_end, _) = (
        settlements.liquidation_due(workspace, of(workspace, id_)) for id_ in (first, second)
    )
    assert (by_signing, by_end) == (date(2019, 1, 22), date(2020, 1, 22))
    assert rule.about == "liquidation"
    with workspace.store.act("Chưa ký") as act:
        act.update(first, {"signed_on": None})
    assert settlements.liquidation_due(workspace, of(workspace, first)) is None


def test_the_rule_of_the_papers_is_that_of_the_day(workspace):
    assert settlements.settlement_rule(workspace, date(2014, 2, 9)) is None
    assert settlements.settlement_rule(workspace, date(2014, 2, 10)).source == "Điều 19 TT 36/2013/TT-BCT"


def test_accounts_are_due_fifteen_days_after_the_last_acceptance(workspace, signed):
    id_, *_ = signed
    settlement = of(workspace, begin(workspace, id_, "settlement"))
    day, rule = settlements.settlement_due(workspace, settlement, date(2018, 12, 5))
    assert (day, rule.about) == (date(2018, 12, 20), "settlement")
    assert settlements.settlement_due(workspace, settlement, date(2000, 1, 1)) is None, "no rule that early"


@pytest.fixture
def settled_draft(workspace, signed):
    """Accounts of the first contract that are about to be made final."""
    id_, first, _ = signed
    pay(workspace, id_, 1_000_000, first)
    settlement = begin(workspace, id_, "settlement")
    lines = [
        {"item": "Máy", "spent": 900_000, "support": 900_000},
        {"item": "Thuế", "spent": 50_000},
        {"item": "Không"},
    ]
    changing.set_values(workspace, settlement, {"contract": first, "lines": lines, "settled_support": 900_000})
    changing.set_values(workspace, settlement, {"advanced": 1_000_000})
    return settlement, first


def test_a_settlement_fills_in_what_its_contract_does_not_say_yet(workspace, settled_draft):
    settlement, first = settled_draft
    (values,) = settlements.contract_values(workspace, of(workspace, settlement)).values()
    assert values == {
        "done_value": 950_000,
        "settled_support": 900_000,
        "paid": 1_000_000,
        "payable": -100_000,  # computed by the contract itself
    }
    changing.set_values(workspace, first, {"done_value": 1, "paid": 2})
    assert settlements.contract_values(workspace, of(workspace, settlement)) == {
        first: {"settled_support": 900_000, "payable": 899_998}
    }
    changing.set_values(workspace, first, {"settled_support": 3})
    assert settlements.contract_values(workspace, of(workspace, settlement)) == {}


def test_a_settlement_of_nothing_leaves_the_value_of_the_work_open(workspace, settled_draft):
    settlement, first = settled_draft
    changing.set_values(workspace, settlement, {"lines": [{"item": "Không"}]})
    assert "done_value" not in settlements.contract_values(workspace, of(workspace, settlement))[first]


def test_accounts_of_the_whole_write_into_no_contract(workspace, settled_draft):
    settlement, _ = settled_draft
    changing.set_values(workspace, settlement, {"contract": None})
    assert settlements.contract_values(workspace, of(workspace, settlement)) == {}


def test_the_contract_of_several_years_is_filled_in_with_the_last(workspace):
    years = [{"year": 2018, "support": 120_000_000}, {"year": 2019, "support": 80_000_000}]
    id_ = samples.approved(workspace, multi_year=True, year_amounts=years, ends_on="31/12/2019")
    first, other = (
        samples.contract(workspace, id_, basis="contract", value=100_000_000, number=number) for number in ("1", "2")
    )
    lives.take(workspace, id_, "contract", "start")
    pay(workspace, id_, 60_000_000, first, "interim", year=2018)
    pay(workspace, id_, 7_000_000, other, "interim", year=2018)
    made = {}
    for year, contract, spent in ((2018, first, 50), (2018, other, 7), (2019, first, 30)):
        accounts = begin(workspace, id_, "settlement")
        lines = [{"item": "Máy", "spent": spent, "support": spent}]
        values = {"contract": contract, "year": year, "lines": lines, "settled_support": spent}
        changing.set_values(workspace, accounts, values)
        with workspace.store.act("Chốt") as act:
            act.update(accounts, {"state": "final"})
        made[year, contract] = of(workspace, accounts)
    assert settlements.contract_values(workspace, made[2018, first]) == {}, "not before the last year"
    assert settlements.contract_values(workspace, made[2019, first]) == {
        first: {"done_value": 80, "settled_support": 80, "paid": 60_000_000, "payable": 80 - 60_000_000}
    }


def test_the_step_itself_writes_into_the_contract(workspace):
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    contract = lives.sign(workspace, id_)
    lives.accept(workspace, id_)
    settlement = lives.settle(workspace, id_)
    assert of(workspace, settlement).state == "final"
    assert of(workspace, contract).value("settled_support") == lives.SUPPORT


def test_what_is_settled_and_not_paid_is_pointed_out(workspace):
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    lives.sign(workspace, id_)
    lives.pay(workspace, id_, "advance", amount=lives.ADVANCE)
    lives.accept(workspace, id_)
    lives.settle(workspace, id_)
    left = text.format_integer(lives.SUPPORT - lives.ADVANCE)
    (difference,) = missing.outlook_of(workspace, of(workspace, id_)).differences
    assert f"còn {left} đồng chưa ghi lần thanh toán" in difference.message
    assert difference.make == "payment"
    lives.pay(workspace, id_, "remaining", amount=lives.SUPPORT - lives.ADVANCE)
    assert missing.outlook_of(workspace, of(workspace, id_)).differences == ()
