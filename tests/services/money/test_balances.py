"""What a proposal has received, may still receive and must give back; what must be settled before it is closed."""

from datetime import date

import pytest

from kcdesk.services.lifecycle import steps
from kcdesk.services.money import balances, guards, year_accounts
from kcdesk.services.money.balances import Balance
from kcdesk.services.money.year_accounts import YearAccount
from kcdesk.services.records import changing
from tests.services import lives, samples
from tests.services.money.contract_money import pay, settle
from tests.services.samples import begin


def of(**changes):
    amounts = {"support": 100, "paid": 70, "asked": 0, "returned": 0, "accepted": 90, "settled": None}
    return Balance(**{**amounts, **changes})


def year(number, **changes):
    amounts = {"planned": 60, "carried_in": 0, "paid": 50, "returned": 0, "settled": 40, "rest": "returned"}
    return YearAccount(year=number, **{**amounts, **changes})


@pytest.mark.parametrize(
    ("money", "held", "remaining", "to_return"),
    [
        (of(), 70, 20, 0),
        (of(returned=10), 60, 30, 0),
        (of(accepted=120), 70, 30, 0),  # never more than the contract
        (of(accepted=50), 70, 0, 0),  # paid beyond the accepted work: nothing more
        (of(return_ordered=30), 70, 20, 30),  # by the decision that stopped the proposal
        (of(return_ordered=30, returned=10), 60, 30, 20),
        (of(return_ordered=30, returned=40), 30, 60, 0),
        (of(return_ordered=200), 70, 20, 70),  # no more than is held
        (of(settled=65), 70, 20, 5),
        (of(settled=65, return_ordered=30), 70, 20, 5),  # the settlement has the last word
        (of(settled=70), 70, 20, 0),
        (of(settled=75), 70, 20, 0),
        (of(settled=65, years=(year(2018), year(2019, rest="carried_over"))), 70, 20, 10),
    ],
)
def test_amounts_follow_from_what_was_paid_accepted_and_settled(money, held, remaining, to_return):
    assert (money.held, money.remaining, money.to_return) == (held, remaining, to_return)


@pytest.mark.parametrize(
    ("account", "amounts", "has_money", "sentence"),
    [
        (year(2018), (50, 10, 0, 10), True, "60; đã tạm ứng 50; quyết toán 40; còn phải nộp trả 10"),
        (
            year(2018, returned=4),
            (46, 6, 0, 6),
            True,
            "60; đã tạm ứng 50; đã nộp trả 4; quyết toán 40; còn phải nộp trả 6",
        ),
        (
            year(2018, carried_in=5, rest="carried_over"),
            (55, 15, 15, 0),
            True,
            "60; chuyển từ năm trước 5; đã tạm ứng 50; quyết toán 40; chuyển sang năm sau 15",
        ),
        (year(2018, settled=55), (50, 0, 0, 0), True, "60; đã tạm ứng 50; quyết toán 55"),
        (year(2018, settled=None), (50, 0, 0, 0), True, "60; đã tạm ứng 50; chưa quyết toán"),
        (year(2018, paid=0, settled=0), (0, 0, 0, 0), True, "60"),
        (year(2018, paid=0, settled=None), (0, 0, 0, 0), False, "60; chưa quyết toán"),
        (
            year(2018, paid=0, carried_in=5, settled=None),
            (5, 0, 0, 0),
            True,
            "60; chuyển từ năm trước 5; chưa quyết toán",
        ),
    ],
)
def test_a_year_has_its_account(account, amounts, has_money, sentence):
    """`amounts`: held, unspent, carried over, still to be returned; `sentence` without «đồng»."""
    assert (account.held, account.unspent, account.carried_out, account.to_return) == amounts
    assert account.has_money is has_money
    assert account.sentence().replace(" đồng", "") == f"Năm 2018: phân bổ {sentence}."


def test_the_sentence_of_a_year_leaves_out_what_is_nothing():
    assert year(2018, planned=0, paid=0, settled=None, rest="").sentence() == "Năm 2018: chưa quyết toán."
    assert year(2018, planned=1_000_000, paid=0, settled=0).sentence() == "Năm 2018: phân bổ 1.000.000 đồng."


def balance(workspace, id_, *arguments):
    return balances.balance(workspace, workspace.store.record(id_), *arguments)


def test_before_a_contract_the_approved_support_is_the_limit(workspace):
    id_ = lives.write(workspace, "brand")
    assert balance(workspace, id_).support == 0
    lives.approve(workspace, id_)
    assert balance(workspace, id_).support == 4_000_000


def test_each_contract_has_its_own_balance(workspace, signed):
    id_, first, second = signed
    assert balance(workspace, id_) == Balance(4_000_000, 0, 0, 0, 0, None)
    pay(workspace, id_, 2_000_000, first)
    kept = pay(workspace, id_, 600_000, second)
    pay(workspace, id_, 200_000, second, "returned")
    asked = pay(workspace, id_, 100_000, second)
    changing.set_values(workspace, asked, {"paid_on": None, "voucher_number": None})
    begun = begin(workspace, id_, "payment")
    changing.set_values(workspace, begun, {"payment_type": "advance", "amount": 7, "contract": second})
    lives.accept(workspace, id_)
    assert balance(workspace, id_) == Balance(4_000_000, 2_600_000, 100_000, 200_000, 4_000_000, None)
    assert balance(workspace, id_, first) == Balance(2_500_000, 2_000_000, 0, 0, 4_000_000, None)
    assert balance(workspace, id_, second) == Balance(1_500_000, 600_000, 100_000, 200_000, 4_000_000, None)
    assert balance(workspace, id_, second, kept) == Balance(1_500_000, 0, 100_000, 200_000, 4_000_000, None)


def messages(problems):
    return [problem.message for problem in problems]


def test_a_proposal_is_settled_contract_by_contract(workspace, signed):
    id_, first, second = signed
    of_record = workspace.store.record
    assert messages(guards.is_settled(workspace, of_record(id_))) == [
        "Chưa có hồ sơ quyết toán nào của đề án được chốt."
    ]
    settle(workspace, id_, first, 1_900_000)
    assert messages(guards.is_settled(workspace, of_record(id_))) == [
        "Hợp đồng «02/HĐ – Cơ sở chế biến Mẫu» chưa có hồ sơ quyết toán được chốt."
    ]
    assert (balance(workspace, id_, first).settled, balance(workspace, id_, second).settled) == (1_900_000, None)
    settle(workspace, id_, second, 500_000)
    assert guards.is_settled(workspace, of_record(id_)) == []
    assert balance(workspace, id_).settled == 2_400_000


def test_accounts_without_a_contract_are_those_of_the_whole(workspace, signed):
    id_, *_ = signed
    settle(workspace, id_, None, 1_000_000)
    assert guards.is_settled(workspace, workspace.store.record(id_)) == []


def test_a_liquidation_is_complete_and_agrees_with_the_payments(workspace, signed):
    id_, first, second = signed
    pay(workspace, id_, 2_000_000, first)
    named = {id_: f"Hợp đồng «0{number}/HĐ – Cơ sở chế biến Mẫu»" for number, id_ in ((1, first), (2, second))}
    changing.set_values(workspace, second, {"liquidated_on": "20/1/2019"})
    proposal = workspace.store.record(id_)
    assert messages(guards.is_liquidated(workspace, proposal)) == [
        f"{named[first]} chưa ghi «Ngày thanh lý», «Kinh phí khuyến công được quyết toán».",
        f"{named[second]} chưa ghi «Kinh phí khuyến công được quyết toán».",
    ]
    changing.set_values(workspace, first, {"liquidated_on": "20/1/2019", "settled_support": 1, "paid": 1_999_999})
    changing.set_values(workspace, second, {"settled_support": 1, "paid": 3})
    assert messages(guards.is_liquidated(workspace, proposal)) == [
        f"{named[first]} ghi đã tạm ứng 1.999.999 đồng nhưng các lần chi đã ghi nhận là 2.000.000 đồng, lệch 1 đồng.",
        f"{named[second]} ghi đã tạm ứng 3 đồng nhưng các lần chi đã ghi nhận là 0 đồng, lệch 3 đồng.",
    ]
    changing.set_values(workspace, first, {"paid": 2_000_000})
    changing.set_values(workspace, second, {"paid": 0})
    assert guards.is_liquidated(workspace, proposal) == []


def test_a_contract_that_only_passes_money_on_is_not_held_against_the_payments(workspace):
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    samples.contract(workspace, id_, basis="contract")
    passing = samples.contract(workspace, id_, basis="support", number="02/HĐ")
    for contract in workspace.store.children(id_, "contract"):
        values = {"liquidated_on": "20/1/2019", "settled_support": 1, "paid": 0 if contract.id != passing else 9}
        changing.set_values(workspace, contract.id, values)
    assert guards.is_liquidated(workspace, workspace.store.record(id_)) == []


def test_what_is_left_of_the_money_goes_back_before_the_file_is_closed(workspace, signed):
    id_, first, _ = signed
    pay(workspace, id_, 2_000_000, first)
    assert guards.owes_nothing(workspace, workspace.store.record(id_)) == []
    settle(workspace, id_, first, 1_900_000)
    assert messages(guards.owes_nothing(workspace, workspace.store.record(id_))) == [
        "Còn 100.000 đồng phải hoàn trả ngân sách: hãy ghi lần nộp trả ở «Tạm ứng, thanh toán»."
    ]
    pay(workspace, id_, 100_000, first, "returned")
    assert guards.owes_nothing(workspace, workspace.store.record(id_)) == []


def test_a_proposal_that_ended_with_nothing_to_settle_gives_everything_back(workspace, signed):
    id_, first, _ = signed
    pay(workspace, id_, 2_000_000, first)
    with workspace.store.act("Từ chối") as act:
        act.update(id_, {"state": "rejected"})
    assert (balance(workspace, id_).settled, balance(workspace, id_).to_return) == (0, 2_000_000)


def test_stopping_asks_back_what_is_held_beyond_the_accepted_work(workspace, signed):
    id_, first, _ = signed
    pay(workspace, id_, 2_000_000, first)
    paper = begin(workspace, id_, "adjustment")
    changing.set_values(workspace, paper, {"adjustment_type": "stop", "requested_on": "1/12/2018", "reason": "Ngừng"})
    written = workspace.store.record(paper)
    assert (written.value("advanced"), written.value("to_return")) == (2_000_000, 2_000_000)
    steps.take_step(workspace, paper, "finalise")
    decision = {"decided_by": "province", "decision_number": "9/QĐ", "decision_date": "5/12/2018"}
    changing.set_values(workspace, paper, decision)
    steps.take_step(workspace, paper, "decide")
    whole = balance(workspace, id_)
    assert (whole.return_ordered, whole.to_return) == (2_000_000, 2_000_000)
    assert balance(workspace, id_, first).return_ordered == 0, "the decision concerns the proposal, not one contract"


def test_the_day_of_the_rules_is_the_one_that_is_written(workspace, signed):
    id_, *_ = signed
    for kind, name in (("payment", "requested_on"), ("settlement", "settled_on")):
        made = begin(workspace, id_, kind)
        assert balances.day_of(workspace, workspace.store.record(made)) == date(2026, 3, 5), "today"
        changing.set_values(workspace, made, {name: "9/2/2014"})
        assert balances.day_of(workspace, workspace.store.record(made)) == date(2014, 2, 9)


# -- what a year of a multi-year proposal falls back on --------------------------------------------------------------


def years_of(workspace, **changes):
    """A running proposal of several years, read anew."""
    planned = [{"year": 2018, "support": 120_000_000}, {"year": 2019}, {"support": 5}]
    values = {"multi_year": True, "year_amounts": planned, "ends_on": "31/12/2019"}
    id_ = samples.proposal(workspace, **values)
    with workspace.store.act("Chuẩn bị") as act:
        act.update(id_, {"state": "running", "approved_support": 200_000_000, **changes})
    return workspace.store.record(id_)


def unpaid_return(workspace, proposal):
    """A payment that comes back and names neither year nor day."""
    payment = begin(workspace, proposal.id, "payment")
    with workspace.store.act("Nộp trả") as act:
        act.update(payment, {"payment_type": "returned", "amount": 7, "state": "final", "year": None, "paid_on": None})


def test_a_year_without_an_amount_has_nothing_planned_and_a_payment_without_a_year_is_of_the_first(workspace):
    proposal = years_of(workspace)
    unpaid_return(workspace, proposal)
    accounts = year_accounts.accounts_of(workspace, proposal)
    assert [(account.year, account.planned, account.returned) for account in accounts] == [
        (2018, 120_000_000, 7),
        (2019, 0, 0),
    ]
    assert messages(year_accounts.not_returned(workspace, proposal)) == [
        "Lần nộp trả của năm 2018 chưa ghi «Ngày chi, ngày nộp trả», «Số chứng từ»."
    ]
    assert (year_accounts.first_year(proposal), year_accounts.last_year(proposal)) == (2018, 2019)


def test_a_plan_without_a_year_begins_and_ends_at_none(workspace):
    proposal = years_of(workspace, year_amounts=[{"id": "a", "position": 1.0, "support": 5}])
    assert (year_accounts.first_year(proposal), year_accounts.last_year(proposal)) == (0, 0)
    unpaid_return(workspace, proposal)
    assert [account.year for account in year_accounts.accounts_of(workspace, proposal)] == [0]


def test_the_year_of_a_settlement_is_planned_open_and_in_its_order(workspace):
    proposal = years_of(workspace)
    settlement = begin(workspace, proposal.id, "settlement")

    def problems(year, action=None):
        with workspace.store.act("Năm") as act:
            act.update(settlement, {"year": year, "unspent_action": action})
        found = year_accounts.problems_of_year(workspace, workspace.store.record(settlement), proposal)
        return [(problem.field, problem.message) for problem in found]

    assert problems(2018) == []
    assert problems(2018, "carried_over") == []
    assert problems(2021) == [
        (
            "year",
            "Năm 2021 không có trong phân bổ kinh phí theo năm của đề án (khoản 2 Điều 15 TT 36/2013/TT-BCT).",
        )
    ]
    early = ("year", "Hãy chốt hồ sơ quyết toán năm 2018 trước năm 2019.")
    assert problems(2019) == [early]
    assert problems(2019, "carried_over") == [
        early,
        (
            "unspent_action",
            "Sau năm 2019 đề án không còn năm nào để chuyển kinh phí sang: hãy nộp trả ngân sách, hoặc điều chỉnh đề"
            " án trước.",
        ),
    ]
    settle(workspace, proposal.id, None, 5)
    assert problems(2018) == [("year", "Năm 2018 của hợp đồng này đã có hồ sơ quyết toán được chốt.")]
