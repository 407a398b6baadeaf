"""What payments and settlements take over from the dossiers that they belong to; what is answered stays."""

import pytest

from kcdesk.services.money import balances
from kcdesk.services.records import changing
from tests.services import lives, samples
from tests.services.money.contract_money import pay, settle
from tests.services.samples import begin

ADVANCE_SOURCE = "Điểm b khoản 2 Điều 13 TT 36/2013/TT-BCT"


def of(workspace, id_):
    return workspace.store.record(id_)


def filled(workspace, id_, kind, names, **values):
    """The named values of a new dossier below a proposal once these were typed."""
    made = begin(workspace, id_, kind)
    changing.set_values(workspace, made, values)
    record = of(workspace, made)
    return [record.value(name) for name in names]


PAYMENT = ("contract", "year", "programme", "activity", "support", "paid_before", "amount")


@pytest.fixture
def running(workspace):
    """A running proposal of 4 triệu with one contract, of which 1 triệu was advanced: both ids."""
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    contract = lives.sign(workspace, id_)
    lives.pay(workspace, id_, "advance", amount=1_000_000)
    return id_, contract


def test_a_payment_takes_over_the_only_contract_and_its_value(workspace, running):
    id_, contract = running
    with workspace.store.act("Hợp đồng ít hơn") as act:
        act.update(contract, {"value": 3_000_000})
    begun = [contract, 2018, "local", "brand", 3_000_000, None, None]
    assert filled(workspace, id_, "payment", PAYMENT) == begun
    advance = {"payment_type": "advance", "requested_on": "1/9/2018"}
    # 70 % of 3 triệu
    expected = [*begun[:5], 1_000_000, 2_100_000]
    assert filled(workspace, id_, "payment", PAYMENT, **advance) == expected
    assert filled(workspace, id_, "payment", PAYMENT, **advance, amount=5)[-1] == 5, "what is typed stays"
    early = {"payment_type": "advance", "requested_on": "9/2/2014"}
    assert filled(workspace, id_, "payment", PAYMENT, **early)[-1] is None, "no rate, no suggestion"


def test_of_several_contracts_none_is_chosen(workspace, signed):
    id_, first, _ = signed
    assert filled(workspace, id_, "payment", PAYMENT)[:5] == [None, 2018, "local", "brand", 4_000_000]
    assert filled(workspace, id_, "settlement", ("contract", "year")) == [None, None]
    pay(workspace, id_, 1_000_000, first)
    settle(workspace, id_, first, 900_000)
    returned = {"contract": first, "payment_type": "returned"}
    assert filled(workspace, id_, "payment", ("paid_before", "amount"), **returned) == [1_000_000, 100_000]
    interim = returned | {"payment_type": "interim"}
    assert filled(workspace, id_, "payment", ("paid_before", "amount"), **interim) == [1_000_000, None]


def test_what_was_filled_in_follows_the_contract_that_is_chosen(workspace, signed):
    id_, first, _ = signed
    with workspace.store.act("Hợp đồng ít hơn") as act:
        act.update(first, {"value": 3_000_000})
    made = begin(workspace, id_, "payment")
    changing.set_values(workspace, made, {"payment_type": "advance", "requested_on": "1/9/2018"})
    assert of(workspace, made).value("support") == 4_000_000  # what was approved, until a contract is chosen
    changing.set_values(workspace, made, {"contract": first})
    # 70 % of 3 triệu
    assert [of(workspace, made).value(name) for name in ("support", "amount")] == [3_000_000, 2_100_000]


def test_what_was_typed_stays_when_a_contract_is_chosen(workspace, signed):
    id_, first, _ = signed
    made = begin(workspace, id_, "payment")
    changing.set_values(workspace, made, {"support": 3_500_000})
    changing.set_values(workspace, made, {"contract": first})
    assert of(workspace, made).value("support") == 3_500_000


def test_the_rest_of_the_accepted_work_is_suggested(workspace, running):
    id_, _ = running
    lives.accept(workspace, id_)
    rest = {"payment_type": "remaining", "requested_on": "1/12/2018"}
    assert filled(workspace, id_, "payment", ("paid_before", "amount"), **rest) == [1_000_000, 3_000_000]
    assert filled(workspace, id_, "payment", ("amount",), payment_type="interim") == [None]
    assert filled(workspace, id_, "payment", ("amount",), payment_type="returned") == [None], "nothing is owed"


def papers(workspace, id_, kind, **values):
    (rows,) = filled(workspace, id_, kind, ("papers",), **values)
    return [(row["item"], row["source"]) for row in rows or ()]


def test_each_payment_asks_for_the_papers_of_its_article(workspace, running):
    id_, _ = running
    advance = papers(workspace, id_, "payment", payment_type="advance", requested_on="1/9/2018")
    assert advance == [
        ("Hợp đồng thực hiện đề án", ADVANCE_SOURCE),
        ("Kế hoạch tổ chức thực hiện đề án của đơn vị thực hiện", ADVANCE_SOURCE),
    ]
    rest = papers(workspace, id_, "payment", payment_type="remaining", requested_on="1/12/2018")
    assert rest[0] == (
        "Biên bản nghiệm thu cơ sở (theo Mẫu số 5a hoặc 5b hoặc 5c Phụ lục 1)",
        "Điều 14 TT 36/2013/TT-BCT",
    )
    checks = workspace.forms.checklist_items(of(workspace, id_).data, workspace.today())
    assert len(rest) == len([item for item in checks if item["group"] == "paper"]) < len(checks)
    assert papers(workspace, id_, "payment", payment_type="returned", requested_on="1/12/2018") == []
    assert papers(workspace, id_, "payment", payment_type="advance", requested_on="9/2/2014") == []


def test_the_papers_follow_the_kind_of_payment_until_one_is_answered(workspace, running):
    id_, _ = running
    payment = begin(workspace, id_, "payment")
    changing.set_values(workspace, payment, {"payment_type": "advance", "requested_on": "1/9/2018"})
    assert len(of(workspace, payment).rows("papers")) == 2
    ids = [row["id"] for row in of(workspace, payment).rows("papers")]
    changing.set_values(workspace, payment, {"activity": "management_training"})
    assert [row["id"] for row in of(workspace, payment).rows("papers")] == ids, "the same papers are not listed anew"
    changing.set_values(workspace, payment, {"payment_type": "returned"})
    assert of(workspace, payment).rows("papers") == []
    changing.set_values(workspace, payment, {"payment_type": "advance"})
    for answer in ({"paper_form": "original"}, {"note": "Nộp sau"}):
        rows = of(workspace, payment).rows("papers")
        changing.set_values(workspace, payment, {"papers": [rows[0] | answer, *rows[1:]]})
        changing.set_values(workspace, payment, {"payment_type": "returned"})
        assert len(of(workspace, payment).rows("papers")) == 2, answer
        clean = [{name: value for name, value in row.items() if name not in answer} for row in rows]
        changing.set_values(workspace, payment, {"papers": clean, "payment_type": "advance"})


SETTLEMENT = ("contract", "multi_year", "year", "last_accepted_on", "due_on", "accepted_support", "advanced")


def test_a_settlement_takes_over_contract_acceptance_and_payments(workspace, running):
    id_, contract = running
    assert filled(workspace, id_, "settlement", SETTLEMENT) == [contract, None, None, None, None, None, 1_000_000]
    lives.accept(workspace, id_)
    begun = [contract, None, None, "2018-12-05", "2018-12-20", 4_000_000, 1_000_000]
    assert filled(workspace, id_, "settlement", SETTLEMENT) == begun
    (visit,) = workspace.store.children(id_, "acceptance")
    with workspace.store.act("Nghiệm thu lần sau") as act:
        act.insert("acceptance", visit.form, {**visit.data, "visited_on": "2018-11-01"}, parent=id_)
    again = [contract, None, None, "2018-12-05", "2018-12-20", 8_000_000, 1_000_000]
    assert filled(workspace, id_, "settlement", SETTLEMENT) == again, "the last day, the sum of both"


def test_the_lines_are_those_of_the_contract_else_of_the_proposal(workspace, running):
    id_, contract = running

    def lines():
        (rows,) = filled(workspace, id_, "settlement", ("lines",))
        return [(row["item"], row["planned"]) for row in rows]

    with workspace.store.act("Hợp đồng có dự toán riêng") as act:
        act.update(contract, {"budget": [{"id": "a", "position": 1.0, "item": "Theo hợp đồng", "cost": 5}]})
    assert lines() == [("Theo hợp đồng", 5)]
    with workspace.store.act("Hợp đồng không có dự toán") as act:
        act.update(contract, {"budget": None})
    assert lines() == [("Khoản mẫu", 100_000_000)]


def test_the_papers_of_a_settlement_follow_what_is_supported(workspace, running):
    id_, _ = running
    plain = papers(workspace, id_, "settlement")
    assert plain[1] == (
        "Biểu đề nghị thanh toán kinh phí thực hiện đề án (Mẫu số 9), nếu có",
        "Điểm b khoản 1 Điều 19 TT 36/2013/TT-BCT",
    )
    assert plain[3][0] == "Bảng kê chứng từ đề nghị quyết toán (Mẫu số 8a) kèm chứng từ chi"
    assert plain[4] == (
        "Hồ sơ, tài liệu, chứng từ theo Điều 13, Điều 14, Điều 15, Điều 16",
        "Điều 19 TT 36/2013/TT-BCT",
    )
    assert plain[5] == (
        "Bảng đối chiếu kinh phí (Mẫu số 10), khi thanh lý hợp đồng cuối cùng trong năm",
        "Khoản 3 Điều 19 TT 36/2013/TT-BCT",
    )
    stopped = [item for item, _ in papers(workspace, id_, "settlement", force_majeure=True)]
    assert stopped == [
        "Bảng đối chiếu kinh phí (Mẫu số 10), khi thanh lý hợp đồng cuối cùng trong năm",
        "Văn bản giải trình của đơn vị thực hiện",
        "Biên bản nghiệm thu xác nhận khối lượng đã thực hiện"
        " của Sở Công Thương và Ủy ban nhân dân nơi thực hiện đề án",
        "Chứng từ chi cho khối lượng công việc đã thực hiện",
    ]
    percent = papers(workspace, id_, "settlement", percent_supported=True)
    assert percent[3][0].startswith("Bảng kê chứng từ đề nghị quyết toán, cả nguồn khác (Mẫu số 8b)")
    assert len(plain) == len(percent) == 6


@pytest.fixture
def of_two_years(workspace):
    """A running proposal of two years with one contract: both ids."""
    years = [{"year": 2018, "support": 120_000_000}, {"year": 2019, "support": 80_000_000}]
    id_ = samples.approved(workspace, multi_year=True, year_amounts=years, ends_on="31/12/2019", issues_invoice=False)
    contract = samples.contract(workspace, id_, basis="contract", due_on="31/12/2019")
    lives.take(workspace, id_, "contract", "start")
    return id_, contract


def test_a_year_is_settled_with_the_work_accepted_until_its_end(workspace, of_two_years):
    id_, contract = of_two_years
    pay(workspace, id_, 100_000_000, contract, "interim", year=2018)
    pay(workspace, id_, 5_000_000, contract, "returned", year=2018)
    names = (*SETTLEMENT, "issues_invoice", "carried_in", "year_advanced")
    begun = [contract, True, 2018, None, None, None, 95_000_000, False, 0, 95_000_000]
    assert filled(workspace, id_, "settlement", names) == begun
    with workspace.store.act("Nghiệm thu hai lần") as act:
        for day, support in (("2018-12-31", 90_000_000), ("2019-01-01", 70_000_000)):
            values = {"proposal": id_, "visited_on": day, "total_accepted_support": support, "state": "final"}
            act.insert("acceptance", workspace.forms.current("acceptance").reference, values, parent=id_)
    first = filled(workspace, id_, "settlement", names)
    assert first[3:7] == ["2018-12-31", "2019-01-15", 90_000_000, 95_000_000]

    accounts = settle(workspace, id_, contract, 88_000_000)
    with workspace.store.act("Chuyển sang năm sau") as act:
        act.update(accounts, {"unspent_action": "carried_over"})
    pay(workspace, id_, 60_000_000, contract, "interim", year=2019)
    second = filled(workspace, id_, "settlement", names)
    # 90 + 70 accepted, 88 of it settled before; 95 - 88 carried over
    assert second == [
        contract,
        True,
        2019,
        "2019-01-01",
        "2019-01-16",
        72_000_000,
        67_000_000,
        False,
        7_000_000,
        60_000_000,
    ]


def test_a_returned_payment_is_of_the_year_that_owes(workspace, of_two_years):
    id_, contract = of_two_years
    pay(workspace, id_, 100_000_000, contract, "interim", year=2018)
    names = ("year", "amount")
    returned = {"payment_type": "returned"}
    assert filled(workspace, id_, "payment", names, **returned) == [2018, None], "nothing is owed yet"
    settle(workspace, id_, contract, 90_000_000)
    assert filled(workspace, id_, "payment", names) == [2019, None], "the next year to settle"
    assert filled(workspace, id_, "payment", names, **returned) == [2018, 10_000_000]
    assert filled(workspace, id_, "payment", names, **returned, year=2018) == [2018, 10_000_000]


def test_a_returned_payment_may_be_of_any_year_that_owes(workspace, of_two_years):
    id_, contract = of_two_years
    for year in (2018, 2019):
        pay(workspace, id_, 60_000_000, contract, "interim", year=year)
        settle(workspace, id_, contract, 50_000_000)
    names = ("year", "amount")
    returned = {"payment_type": "returned"}
    assert filled(workspace, id_, "payment", names, **returned)[0] == 2018
    assert filled(workspace, id_, "payment", names, year=2019, **returned)[0] == 2019
    assert filled(workspace, id_, "payment", names, year=2020, **returned)[0] == 2018


def test_the_year_of_one_contract_does_not_count_the_money_of_another(workspace, of_two_years):
    id_, first = of_two_years
    second = samples.contract(workspace, id_, basis="contract", value=1_000_000, number="02/HĐ")
    pay(workspace, id_, 60_000_000, first, "interim", year=2018)
    pay(workspace, id_, 1_000_000, second, "interim", year=2018)
    with workspace.store.act("Nghiệm thu") as act:
        values = {"proposal": id_, "visited_on": "2018-12-05", "total_accepted_support": 61_000_000, "state": "final"}
        act.insert("acceptance", workspace.forms.current("acceptance").reference, values, parent=id_)
    names = ("accepted_support", "carried_in", "year_advanced", "advanced")
    of_second = {"contract": second, "year": 2018}
    assert filled(workspace, id_, "settlement", names, **of_second)[1:] == [0, 1_000_000, 1_000_000]
    settle(workspace, id_, first, 58_000_000)
    typed = begin(workspace, id_, "settlement")
    with workspace.store.act("Năm 2019 của hợp đồng kia") as act:
        act.update(typed, {"year": None, "accepted_support": None, "advanced": None})
    changing.set_values(workspace, typed, {"contract": second, "year": 2019})
    record = of(workspace, typed)
    assert record.value("accepted_support") == 61_000_000, "what the first contract has settled is not taken off"
    assert settlement_holds(workspace, record) == 0


def settlement_holds(workspace, record):
    return balances.held_for(workspace, of(workspace, record.value("proposal")), record)


def test_a_stop_asks_for_what_is_held_beyond_the_accepted_work(workspace, running):
    id_, _ = running
    names = ("advanced", "to_return")
    assert filled(workspace, id_, "adjustment", names, adjustment_type="extend") == [None, None]
    assert filled(workspace, id_, "adjustment", names, adjustment_type="stop") == [1_000_000, 1_000_000]
    with workspace.store.act("Một phần đã nghiệm thu") as act:
        values = {"proposal": id_, "visited_on": "2018-10-01", "total_accepted_support": 400_000, "state": "final"}
        act.insert("acceptance", workspace.forms.current("acceptance").reference, values, parent=id_)
    assert filled(workspace, id_, "adjustment", names, adjustment_type="stop") == [1_000_000, 600_000]
    with workspace.store.act("Nghiệm thu hơn số đã chi") as act:
        act.insert(
            "acceptance",
            workspace.forms.current("acceptance").reference,
            values | {"total_accepted_support": 10**9},
            parent=id_,
        )
    assert filled(workspace, id_, "adjustment", names, adjustment_type="stop") == [1_000_000, 0]
