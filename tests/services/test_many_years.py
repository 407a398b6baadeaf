"""A proposal of several years is paid within what each year has planned, with what earlier years have left."""

import pytest

from kcdesk.services import money, records

from .samples import approved, begin

YEARS = [{"year": 2018, "support": 120_000_000}, {"year": 2019, "support": 80_000_000}]


@pytest.fixture
def pays(workspace):
    """Asks for a payment out of a year's money; what stands in the way."""
    id_ = approved(workspace, multi_year=True, year_amounts=YEARS, ends_on="31/12/2019")
    with workspace.store.act("Chuẩn bị") as act:
        act.update(id_, {"state": "running"})

    def ask(year, amount, kind="interim", keep=True):
        paper = begin(workspace, id_, "payment")
        records.set_values(workspace, paper, {"payment_type": kind, "year": year, "amount": amount})
        found = money.problems_of_payment(workspace, workspace.store.record(paper))
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
