"""Bảng đối chiếu: the contracts of a year between the same parties, each with what was paid, settled and is left."""

import pytest

from kcdesk.services.money import reconciliation
from kcdesk.services.records import changing
from tests.services import lives, samples
from tests.services.money.contract_money import pay, settle
from tests.services.samples import begin

TITLE = "Hỗ trợ ứng dụng máy móc tiên tiến (mẫu)"


def line(number, signed_on, value, paid="0", settled="Chưa", payable="Chưa quyết toán"):
    facts = {"number": number, "signed_on": signed_on, "title": TITLE}
    return facts | {"value": value, "paid": paid, "settled": settled, "payable": payable}


def of(workspace, id_):
    return workspace.store.record(id_)


def test_a_contract_stands_beside_those_of_its_year_and_parties(workspace, signed):
    id_, first, second = signed
    samples.contract(workspace, id_, basis="contract", value=1, number="03/HĐ", signed_on="1/2/2018")
    samples.contract(workspace, id_, basis="contract", value=1, number="Năm sau", signed_on="5/3/2019")
    samples.contract(workspace, id_, basis="contract", value=1, number="Bên A khác", party_a="Sở Công Thương mẫu")
    samples.contract(workspace, id_, basis="contract", value=1, number="Bên B khác", party_b="Cơ sở khác")
    begun = begin(workspace, id_, "contract")
    changing.set_values(workspace, begun, {"number": "Chưa chốt", "signed_on": "5/3/2018", "value": 1})
    expected = [
        line("03/HĐ", "01/02/2018", "1"),
        line("01/HĐ", "05/3/2018", "2.500.000"),
        line("02/HĐ", "06/3/2018", "1.500.000"),
    ]
    assert reconciliation.rows(workspace, of(workspace, first)) == expected
    assert reconciliation.rows(workspace, of(workspace, second)) == expected
    whole = {"year": "2018", "value": "4.000.001", "paid": "0", "settled": "Chưa", "payable": "Chưa quyết toán"}
    assert reconciliation.total(workspace, of(workspace, first)) == whole


def test_each_contract_shows_its_own_money(workspace, signed):
    id_, first, second = signed
    pay(workspace, id_, 2_000_000, first)
    pay(workspace, id_, 600_000, second)
    pay(workspace, id_, 200_000, second, "returned")
    settle(workspace, id_, first, 1_900_000)
    assert reconciliation.rows(workspace, of(workspace, first)) == [
        line("01/HĐ", "05/3/2018", "2.500.000", "2.000.000", "1.900.000", "-100.000"),
        line("02/HĐ", "06/3/2018", "1.500.000", "400.000"),  # an advance under way is no debt
    ]
    changing.set_values(workspace, second, {"settled_support": 450_000})
    assert reconciliation.rows(workspace, of(workspace, first))[1]["payable"] == "50.000"
    assert reconciliation.total(workspace, of(workspace, second)) == {
        "year": "2018",
        "value": "4.000.000",
        "paid": "2.400.000",
        "settled": "2.350.000",
        "payable": "-50.000",
    }
    assert reconciliation.years(workspace, of(workspace, first)) == [], "a proposal of one year has no years"


def test_a_contract_that_has_no_proposal_and_no_value_shows_nothing(workspace, signed):
    _, first, second = signed
    with workspace.store.act("Từ nơi khác") as act:
        act.update(second, {"proposal": None, "value": None, "settled_support": 30})
    shown = reconciliation.rows(workspace, of(workspace, first))[1]
    assert [shown[name] for name in ("value", "paid", "settled", "payable")] == ["0", "0", "30", "30"]
    with workspace.store.act("Cũng chưa quyết toán") as act:
        act.update(second, {"settled_support": None})
    shown = reconciliation.rows(workspace, of(workspace, first))[1]
    assert [shown[name] for name in ("value", "paid", "settled", "payable")] == ["0", "0", "Chưa", "Chưa quyết toán"]
    assert reconciliation.years(workspace, of(workspace, second)) == []


@pytest.fixture
def of_two_years(workspace):
    years = [{"year": 2018, "support": 120_000_000}, {"year": 2019, "support": 80_000_000}]
    id_ = samples.approved(workspace, multi_year=True, year_amounts=years, ends_on="31/12/2019")
    contracts = [
        samples.contract(workspace, id_, basis="contract", value=value, number=number)
        for number, value in (("01/HĐ", 150_000_000), ("02/HĐ", 50_000_000))
    ]
    lives.take(workspace, id_, "contract", "start")
    return id_, *contracts


def test_the_years_of_each_contract_are_listed_with_what_goes_on_to_the_next(workspace, of_two_years):
    id_, first, second = of_two_years
    pay(workspace, id_, 100_000_000, first, "interim", year=2018)
    pay(workspace, id_, 3_000_000, first, "returned", year=2018)
    pay(workspace, id_, 20_000_000, second, "interim", year=2018)
    accounts = settle(workspace, id_, first, 90_000_000)
    with workspace.store.act("Chuyển sang năm sau") as act:
        act.update(accounts, {"year": 2018, "unspent_action": "carried_over"})

    def shown(number, year, planned, carried_in, paid, returned, carried_out, settled):
        names = ("number", "year", "planned", "carried_in", "paid", "returned", "carried_out", "settled")
        values = (number, year, planned, carried_in, paid, returned, carried_out, settled)
        return dict(zip(names, values, strict=True))

    assert reconciliation.years(workspace, of(workspace, second)) == [
        shown("01/HĐ", "2018", "120.000.000", "0", "100.000.000", "3.000.000", "7.000.000", "90.000.000"),
        shown("01/HĐ", "2019", "80.000.000", "7.000.000", "0", "0", "0", "Chưa"),
        shown("02/HĐ", "2018", "120.000.000", "0", "20.000.000", "0", "0", "Chưa"),
        shown("02/HĐ", "2019", "80.000.000", "0", "0", "0", "0", "Chưa"),
    ]
    # 90 settled of 97 held, the other 7 carried over: nothing is owed; what is not settled yet does not count.
    payable = [row["payable"] for row in reconciliation.rows(workspace, of(workspace, first))]
    assert payable == ["0", "Chưa quyết toán"]
    with workspace.store.act("Nộp trả") as act:
        act.update(accounts, {"unspent_action": "returned"})
    payable = [row["payable"] for row in reconciliation.rows(workspace, of(workspace, first))]
    assert payable == ["-7.000.000", "Chưa quyết toán"]
