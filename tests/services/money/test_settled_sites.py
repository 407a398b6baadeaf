"""A settlement takes over what was accepted of each line, and is held against the acceptance of each site."""

import pytest

from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.records import changing, table_offers
from tests.services import samples

SITES = ("Xưởng A", "Xưởng B")
PLANNED = {"quantity": 1, "cost": 190_000_000, "local": 60_000_000, "counterpart": 130_000_000}
TOTAL = {
    "approved_total": 570_000_000,
    "approved_support": 180_000_000,
    "approved_local": 180_000_000,
    "approved_counterpart": 390_000_000,
}


@pytest.fixture
def group(workspace):
    """A running group of two sites with a line each, and a line of both."""
    owners = [samples.beneficiary(workspace, name=f"Cơ sở {number}") for number in (1, 2)]
    sites = [{"name": name, "beneficiary": owner} for name, owner in zip(SITES, owners, strict=True)]
    lines = [{"item": f"Máy của {name}", "site": f"site{n}", **PLANNED} for n, name in enumerate(SITES, start=1)]
    lines += [{"item": "Quản lý chung", **PLANNED}]
    values = {"scheme": "group", "beneficiaries": owners, "sites": sites, "budget": lines, "place": None}
    id_ = samples.proposal(workspace, **values)
    steps.take_step(workspace, id_, "finalise")
    changing.set_values(workspace, id_, {**samples.APPROVAL, **TOTAL})
    steps.take_step(workspace, id_, "approve")
    samples.contract(workspace, id_, basis="contract", party_b="Trung tâm")
    return id_


def accept(workspace, group, support):
    """Visit the next site and accept so many đồng of support of each of its lines."""
    visit = samples.begin(workspace, group, "acceptance")
    record = workspace.store.record(visit)
    money = {"done": 190_000_000, "accepted": support + 130_000_000, "accepted_support": support}
    money |= {"accepted_counterpart": 130_000_000}
    lines, machines = [row | money for row in record.rows("budget")], record.rows("machines")
    machines = [row | {"serial_number": "M1", "quantity": 1, "value": row["contracted_value"]} for row in machines]
    samples.answer(workspace, visit, conclusion="accepted", budget=lines, machines=machines)
    steps.take_step(workspace, visit, "finalise")
    return workspace.store.record(visit).value("site")


def settle(workspace, group, *supports):
    settlement = samples.begin(workspace, group, "settlement")
    rows = workspace.store.record(settlement).rows("lines")
    lines = [row | {"spent": 190_000_000, "support": support} for row, support in zip(rows, supports, strict=True)]
    changing.set_values(workspace, settlement, {"lines": lines})
    return workspace.store.record(settlement)


def told(workspace, settlement):
    """What is said of sites: what is wrong, and what is only pointed out."""
    outlook = missing.outlook_of(workspace, settlement)
    of_sites = [problem for problem in outlook.problems if problem.field.startswith("sites/")]
    return [(problem.message.partition(" Phần còn lại")[0], problem.advice) for problem in of_sites]


def test_a_site_settles_no_more_than_was_accepted_there(workspace, group):
    assert [accept(workspace, group, 60_000_000), accept(workspace, group, 40_000_000)] == list(SITES)
    even = settle(workspace, group, 60_000_000, 40_000_000, 60_000_000)
    assert told(workspace, even) == []
    changing.delete(workspace, even.id)
    shifted = settle(workspace, group, 40_000_000, 60_000_000, 60_000_000)  # the same sum
    sentence = "quyết toán 60.000.000 đồng, hơn số được nghiệm thu 40.000.000 đồng là 20.000.000 đồng."
    assert (f"Địa điểm «Xưởng B»: {sentence}", False) in told(workspace, shifted)


def test_the_lines_take_over_what_was_accepted_at_their_site(workspace, group):
    accept(workspace, group, 60_000_000)
    accept(workspace, group, 40_000_000)
    settlement = samples.begin(workspace, group, "settlement")
    first = workspace.store.record(settlement).rows("lines")[0]["id"]
    changing.set_values(workspace, settlement, {f"lines/{first}/spent": 185_000_000})
    table_offers.fill_tables(workspace, settlement, ("lines",))
    record = workspace.store.record(settlement)
    assert [(row["spent"], row["support"], row["other"]) for row in record.rows("lines")] == [
        (185_000_000, 60_000_000, 125_000_000),
        (170_000_000, 40_000_000, 130_000_000),
        (190_000_000, 60_000_000, 130_000_000),
    ]
    assert record.value("settled_support") == 160_000_000
    assert told(workspace, record) == []


def test_a_site_that_settles_less_is_pointed_out_and_prevents_nothing(workspace, group):
    accept(workspace, group, 60_000_000)
    accept(workspace, group, 60_000_000)
    settlement = settle(workspace, group, 60_000_000, 10_000_000, 0)
    sentence = "quyết toán 10.000.000 đồng, ít hơn số được nghiệm thu 60.000.000 đồng là 50.000.000 đồng."
    assert (f"Địa điểm «Xưởng B»: {sentence}", True) in told(workspace, settlement)


def test_a_site_without_minutes_settles_nothing(workspace, group):
    accept(workspace, group, 60_000_000)
    settlement = settle(workspace, group, 60_000_000, 60_000_000, 60_000_000)
    sentence = "quyết toán 60.000.000 đồng nhưng chưa có biên bản nghiệm thu nào đã chốt ở đó."
    assert (f"Địa điểm «Xưởng B»: {sentence}", False) in told(workspace, settlement)
