"""A proposal of several years: paid within what each year has planned, settled year by year, wound up at the end."""

from contextlib import closing

import pytest
from pypdfium2 import PdfDocument

from kcdesk.errors import IncompleteError
from kcdesk.services.lifecycle import steps
from kcdesk.services.money import balances, payments, year_accounts
from kcdesk.services.overview import rules_panel
from kcdesk.services.papers import printing
from kcdesk.services.records import changing
from tests.services import lives, samples
from tests.services.samples import approved, begin

YEARS = [{"year": 2018, "support": 120_000_000}, {"year": 2019, "support": 80_000_000}]


@pytest.fixture
def pays(workspace):
    """Asks for a payment out of a year's money; what stands in the way."""
    id_ = approved(workspace, multi_year=True, year_amounts=YEARS, ends_on="31/12/2019")
    with workspace.store.act("Chuẩn bị") as act:
        act.update(id_, {"state": "running"})

    def ask(year, amount, kind="interim", keep=True):
        paper = begin(workspace, id_, "payment")
        changing.set_values(workspace, paper, {"payment_type": kind, "year": year, "amount": amount})
        found = payments.problems_of_payment(workspace, workspace.store.record(paper))
        if keep:
            with workspace.store.act("Chi") as act:
                act.update(paper, {"state": "final", "paid_on": f"{year}-06-01"})
        return [problem.message for problem in found if "phân bổ đến hết năm" in problem.message]

    return ask


def test_a_year_pays_what_it_has_planned_and_no_dong_more(pays):
    (said,) = pays(2018, 120_000_001, keep=False)
    assert "phân bổ đến hết năm 2018 là 120.000.000 đồng" in said
    assert "khoản 2 Điều 15 TT 36/2013/TT-BCT" in said
    assert not pays(2018, 120_000_000)
    assert pays(2018, 1, keep=False)


def test_what_a_year_has_not_spent_is_carried_over_and_what_came_back_may_be_spent_again(pays):
    assert not pays(2018, 100_000_000)
    assert pays(2019, 100_000_001, keep=False)
    assert not pays(2018, 10_000_000, "returned")
    assert not pays(2019, 110_000_000, keep=False)
    assert pays(2019, 110_000_001, keep=False)


def text_of(path):
    with closing(PdfDocument(path)) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)


# -- a settlement for every year -----------------------------------------------------------------------------------

_RETURN = {"unspent_action": "returned"}
_CARRY = {"unspent_action": "carried_over", "carry_decision_number": "5/QĐ", "carry_decision_date": "5/1/2019"}


@pytest.fixture
def running(workspace):
    """A running proposal of two years with one contract of the whole."""
    id_ = approved(workspace, multi_year=True, year_amounts=YEARS, ends_on="31/12/2019", issues_invoice=False)
    samples.contract(workspace, id_, basis="contract", due_on="31/12/2019")
    lives.take(workspace, id_, "contract", "start")
    return id_


def of(workspace, id_):
    return workspace.store.record(id_)


def pay(workspace, id_, year, amount, kind="interim", **changes):
    return lives.pay(workspace, id_, kind, amount=amount, year=year, requested_on=f"1/9/{year}", **changes)


def draft(workspace, id_, spent, **changes):
    """Accounts of the next year with one line and one voucher, ready to be made final."""
    settlement = begin(workspace, id_, "settlement")
    voucher = {"number": "01", "dated": "1/8/2018", "content": "Chi mẫu", "amount": spent, "support": spent}
    line = {"item": "Máy mẫu", "spent": spent, "support": spent}
    values = {"settled_on": "10/1/2020", "settled_support": spent, "vouchers": [voucher], "lines": [line]}
    changing.set_values(workspace, settlement, {**values, "late_reason": "Mẫu", **changes})
    lives.give_papers(workspace, settlement)
    return settlement


def settle(workspace, id_, spent, **changes):
    settlement = draft(workspace, id_, spent, **changes)
    steps.take_step(workspace, settlement, "finalise")
    return settlement


def refusals(workspace, id_, step="finalise"):
    with pytest.raises(IncompleteError) as refusal:
        steps.take_step(workspace, id_, step)
    return " ".join(problem.message for problem in refusal.value.problems)


def accept(workspace, id_):
    visit = begin(workspace, id_, "acceptance")
    samples.answer(workspace, visit, visited_on="5/12/2019")
    lives.answer(workspace, visit)
    steps.take_step(workspace, visit, "finalise")
    steps.take_step(workspace, id_, "accept")


def test_what_a_year_has_not_spent_goes_back_with_day_and_voucher(workspace, running):
    pay(workspace, running, 2018, 100_000_000)
    settlement = draft(workspace, running, 90_000_000)
    now = of(workspace, settlement)
    assert [now.value(name) for name in ("year", "carried_in", "year_advanced", "advanced", "unspent")] == [
        2018,
        0,
        100_000_000,
        100_000_000,
        10_000_000,
    ]
    assert "Phần chưa chi hết" in refusals(workspace, settlement)
    changing.set_values(workspace, settlement, _RETURN)
    steps.take_step(workspace, settlement, "finalise")
    assert balances.balance(workspace, of(workspace, running)).to_return == 10_000_000
    (contract,) = workspace.store.children(running, "contract")
    assert "settled_support" not in contract.data, "the contract is not settled before its last year"

    given = begin(workspace, running, "payment")
    changing.set_values(workspace, given, {"payment_type": "returned", "requested_on": "1/2/2019"})
    assert (of(workspace, given).value("year"), of(workspace, given).value("amount")) == (2018, 10_000_000)
    steps.take_step(workspace, given, "finalise")
    (problem,) = year_accounts.not_returned(workspace, of(workspace, running))
    assert problem.message == "Lần nộp trả của năm 2018 chưa ghi «Ngày chi, ngày nộp trả», «Số chứng từ»."
    changing.set_values(workspace, given, {"paid_on": "2/2/2019", "voucher_number": "GNT 01"})
    assert not list(year_accounts.not_returned(workspace, of(workspace, running)))
    assert balances.balance(workspace, of(workspace, running)).to_return == 0


def test_what_went_back_is_not_spent_by_a_later_year(workspace, running):
    pay(workspace, running, 2018, 100_000_000)
    settle(workspace, running, 90_000_000, **_RETURN)
    pay(workspace, running, 2018, 10_000_000, "returned")
    paper = begin(workspace, running, "payment")
    asked = {"payment_type": "interim", "requested_on": "1/9/2019", "year": 2019, "amount": 80_000_001}
    changing.set_values(workspace, paper, asked)
    assert "sau năm 2018 đã quyết toán" in refusals(workspace, paper)
    changing.set_values(workspace, paper, {"amount": 80_000_000})
    steps.take_step(workspace, paper, "finalise")


def test_what_is_carried_over_is_in_the_next_years_accounts(workspace, running):
    pay(workspace, running, 2018, 100_000_000)
    settlement = draft(workspace, running, 90_000_000, unspent_action="carried_over")
    assert "Số quyết định cho chuyển sang năm sau" in refusals(workspace, settlement)
    changing.set_values(workspace, settlement, _CARRY)
    steps.take_step(workspace, settlement, "finalise")
    assert balances.balance(workspace, of(workspace, running)).to_return == 0
    pay(workspace, running, 2019, 60_000_000)
    second = of(workspace, begin(workspace, running, "settlement"))
    assert [second.value(name) for name in ("year", "carried_in", "year_advanced", "advanced")] == [
        2019,
        10_000_000,
        60_000_000,
        70_000_000,
    ]
    (_title, *lines) = [line.text for line in rules_panel.beside(workspace, second)[-1].lines][-3:]
    assert lines == [
        "Năm 2018: phân bổ 120.000.000 đồng; đã tạm ứng 100.000.000 đồng; quyết toán 90.000.000 đồng; "
        "chuyển sang năm sau 10.000.000 đồng.",
        "Năm 2019: phân bổ 80.000.000 đồng; chuyển từ năm trước 10.000.000 đồng; đã tạm ứng 60.000.000 đồng; "
        "chưa quyết toán.",
    ]


def test_years_are_settled_in_their_order_and_once(workspace, running):
    pay(workspace, running, 2018, 100_000_000)
    later = draft(workspace, running, 1, year=2019)
    assert "Hãy chốt hồ sơ quyết toán năm 2018 trước năm 2019" in refusals(workspace, later)
    settle(workspace, running, 100_000_000)
    again = draft(workspace, running, 100_000_000, year=2018)
    assert "Năm 2018 của hợp đồng này đã có hồ sơ quyết toán" in refusals(workspace, again)
    strange = draft(workspace, running, 1, year=2021)
    assert "Năm 2021 không có trong phân bổ" in refusals(workspace, strange)
    last = draft(workspace, running, 1)
    assert "quyết toán sau khi nghiệm thu cơ sở" in refusals(workspace, last), "the last year waits for the acceptance"


def test_a_payment_names_a_year_of_the_proposal(workspace, running):
    paper = begin(workspace, running, "payment")
    asked = {"payment_type": "interim", "requested_on": "1/9/2018", "amount": 1_000_000, "year": 2017}
    changing.set_values(workspace, paper, asked)
    assert "phải là một năm của đề án: 2018, 2019" in refusals(workspace, paper)


def test_settling_and_filing_ask_for_every_year(workspace, running):
    pay(workspace, running, 2018, 100_000_000)
    settle(workspace, running, 95_000_000, **_CARRY)
    pay(workspace, running, 2019, 80_000_000)
    accept(workspace, running)
    assert refusals(workspace, running, "settle") == "Năm 2019 chưa có hồ sơ quyết toán được chốt."
    assert "không còn năm nào" in refusals(workspace, draft(workspace, running, 80_000_000, **_CARRY))
    settle(workspace, running, 80_000_000, **_RETURN)
    steps.take_step(workspace, running, "settle")
    contract = workspace.store.children(running, "contract")[0].id
    liquidated = of(workspace, contract)
    assert [liquidated.value(name) for name in ("done_value", "settled_support", "paid", "payable")] == [
        175_000_000,
        175_000_000,
        180_000_000,
        -5_000_000,
    ]
    changing.set_values(workspace, contract, {"liquidated_on": "20/1/2020", "paid": 180_000_000})
    steps.take_step(workspace, running, "liquidate")
    changing.set_values(workspace, running, {"archived_on": "1/3/2020"})
    assert refusals(workspace, running, "archive").startswith("Năm 2019: còn 5.000.000 đồng phải hoàn trả ngân sách")
    pay(workspace, running, 2019, 5_000_000, "returned")
    steps.take_step(workspace, running, "archive")


def test_a_stopped_proposal_is_asked_only_for_the_years_that_had_money(workspace, running):
    pay(workspace, running, 2018, 100_000_000)
    paper = begin(workspace, running, "adjustment")
    changing.set_values(
        workspace, paper, {"adjustment_type": "stop", "requested_on": "1/12/2018", "reason": "Cơ sở ngừng sản xuất"}
    )
    steps.take_step(workspace, paper, "finalise")
    decision = {"decided_by": "province", "decision_number": "9/QĐ", "decision_date": "5/12/2018"}
    changing.set_values(workspace, paper, decision)
    steps.take_step(workspace, paper, "decide")
    assert refusals(workspace, running, "settle") == "Năm 2018 chưa có hồ sơ quyết toán được chốt."
    settle(workspace, running, 60_000_000, **_RETURN)
    steps.take_step(workspace, running, "settle")
    assert balances.balance(workspace, of(workspace, running)).to_return == 40_000_000


def test_the_papers_name_the_year(workspace, running, tmp_path):
    payment = pay(workspace, running, 2018, 100_000_000)
    first = settle(workspace, running, 90_000_000, number="12", **_CARRY)
    (contract,) = workspace.store.children(running, "contract")
    said = {}
    papers = [(first, "settlement_detail"), (first, "vouchers_8a"), (payment, "payment_request")]
    for id_, name in [*papers, (contract.id, "reconciliation")]:
        printing.print_record(workspace, id_, name, tmp_path / f"{name}.pdf")
        said[name] = text_of(tmp_path / f"{name}.pdf")
    assert "kinh phí năm 2018" in said["settlement_detail"]
    assert "phải hoàn trả" not in said["settlement_detail"]
    assert "{{" not in "".join(said.values())
    assert "Chuyển sang năm sau theo quyết định số 5/QĐ, ngày 05 tháng 01 năm 2019" in said["settlement_detail"]
    assert "Kinh phí năm 2018" in said["vouchers_8a"]
    assert "Khuyến công địa phương, năm 2018" in said["payment_request"]
    assert "ký trong năm 2018" in said["reconciliation"]
    assert "200.000.000 100.000.000 90.000.000 0 Cộng" in said["reconciliation"], "what is carried over is not owed"
    assert "01/HĐ 2018 120.000.000 0 100.000.000 0 90.000.000 10.000.000" in said["reconciliation"]
    with workspace.store.act("Tỷ lệ phần trăm") as act:
        act.update(first, {"percent_supported": True})
    printing.print_record(workspace, first, "vouchers_8b", tmp_path / "8b.pdf")
    assert "Kinh phí năm 2018" in text_of(tmp_path / "8b.pdf")


def test_a_proposal_of_one_year_is_settled_as_before(workspace):
    id_ = lives.write(workspace, "brand")
    lives.live(workspace, id_)
    (settlement,) = workspace.store.children(id_, "settlement")
    assert not {"year", "multi_year", "carried_in", "unspent_action"} & settlement.data.keys()
    assert lives.state(workspace, id_) == "archived"
