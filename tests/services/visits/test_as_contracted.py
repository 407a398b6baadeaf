"""«Như hợp đồng»: machines, amounts and failed items are taken over on request, in one act."""

import pytest

from kcdesk.errors import UserError
from kcdesk.services.records import changing, table_offers
from kcdesk.services.visits import visits
from tests.services.samples import approved, begin, contract
from tests.services.visits.test_visits import conditional


@pytest.fixture
def acceptance(workspace):
    """An acceptance of a contract of 570 million: 200 million of support, 370 million of the establishment."""
    proposal = approved(workspace)
    contract(workspace, proposal)
    return begin(workspace, proposal, "acceptance")


def rows(workspace, id_, table):
    return workspace.store.record(id_).rows(table)


def change(workspace, id_, table, **values):
    changing.set_values(
        workspace, id_, {f"{table}/{rows(workspace, id_, table)[0]['id']}/{n}": v for n, v in values.items()}
    )


def amounts(row, *names):
    return [row.get(name) for name in names]


MONEY = ("done", "accepted", "accepted_support", "accepted_counterpart")


def test_amounts_and_machines_are_taken_from_the_contract_in_one_act(workspace, acceptance):
    before = workspace.store.get(acceptance).data
    table_offers.fill_tables(workspace, acceptance, ("machines", "budget"))
    (line,) = rows(workspace, acceptance, "budget")
    assert amounts(line, *MONEY) == [570_000_000, 570_000_000, 200_000_000, 370_000_000]
    (machine,) = rows(workspace, acceptance, "machines")
    assert (machine["quantity"], machine["value"]) == (machine["contracted_quantity"], machine["contracted_value"])
    changing.undo(workspace)
    assert workspace.store.get(acceptance).data == before


def test_what_was_seen_on_site_stays(workspace, acceptance):
    change(workspace, acceptance, "machines", value=500_000_000, name="Máy khác")
    change(workspace, acceptance, "budget", done=500_000_000)
    table_offers.fill_tables(workspace, acceptance, ("machines", "budget"))
    (machine,) = rows(workspace, acceptance, "machines")
    assert (machine["value"], machine["name"]) == (500_000_000, "Máy khác")
    (line,) = rows(workspace, acceptance, "budget")
    # 200 + 370 million do not make up 500 million: whose money is missing, only the officer knows
    assert amounts(line, *MONEY) == [500_000_000, 500_000_000, None, None]


def test_a_second_visit_takes_what_the_first_left(workspace):
    proposal = approved(workspace)
    contract(workspace, proposal)
    first = conditional(workspace, proposal)  # 400 of 570 million, of them 140 of support and 260 of own money
    second = visits.second_visit(workspace, first).items[0].id
    table_offers.fill_tables(workspace, second, ("budget",))
    assert amounts(rows(workspace, second, "budget")[0], *MONEY) == [170_000_000, 170_000_000, 60_000_000, 110_000_000]


def test_failed_items_become_remedies_once(workspace, acceptance):
    change(workspace, acceptance, "checklist", result="fail", finding="Thiếu chữ ký")
    table_offers.fill_tables(workspace, acceptance, ("remedies",))
    (remedy,) = rows(workspace, acceptance, "remedies")
    assert remedy["remedy"] == "Thiếu chữ ký"
    assert remedy["responsible"] == workspace.store.record(acceptance).value("site")
    with pytest.raises(UserError) as refused:
        table_offers.fill_tables(workspace, acceptance, ("remedies",))
    assert refused.value.code == "nothing_suggested"


def test_a_closed_acceptance_takes_nothing(workspace, acceptance):
    with workspace.store.act("Chốt") as act:
        act.update(acceptance, {"state": "final"})
    with pytest.raises(UserError):
        table_offers.fill_tables(workspace, acceptance, ("budget",))


def test_other_tables_offer_nothing(workspace, acceptance):
    with pytest.raises(UserError) as refused:
        table_offers.fill_tables(workspace, acceptance, ("participants",))
    assert refused.value.code == "no_suggestions"
    assert "machines, budget, remedies" in refused.value.hint
