"""A visit of a group scheme looks at the machines and the money of its site, and at what is common once."""

from __future__ import annotations

import pytest

from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.records import changing, table_offers
from kcdesk.services.visits.acceptance import is_accepted_everywhere
from tests.services.samples import APPROVAL, MACHINE, answer, begin, beneficiary, contract, new, proposal

MONEY = {"cost": 190_000_000, "local": 60_000_000, "counterpart": 130_000_000}
TOTAL = {"approved_total": 570_000_000, "approved_support": 180_000_000, "approved_local": 180_000_000,
         "approved_counterpart": 390_000_000}  # fmt: skip
NAMES = ("Xưởng A", "Xưởng B", "Xưởng B")  # two sites of one name


@pytest.fixture
def group(workspace):
    """An approved group of three sites; two have a machine of the same name, one line is common."""
    owners = [beneficiary(workspace, name=f"Cơ sở {n}") for n in (1, 2, 3)]
    ids = ["s1", "s2", "s3"]
    sites = [
        {"id": id_, "name": name, "beneficiary": owner} for id_, name, owner in zip(ids, NAMES, owners, strict=True)
    ]
    lines = [{"item": "Mua máy", "site": id_, **MONEY} for id_ in ids[:2]]
    lines += [{"item": "Quản lý chung", **MONEY}]
    machines = [{**MACHINE, "site": id_, "unit_price": price} for id_, price in (("s1", 1), ("s2", 2), ("s3", 3))]
    id_ = proposal(
        workspace, scheme="group", beneficiaries=owners, sites=sites, budget=lines, machines=machines, place=None
    )
    steps.take_step(workspace, id_, "finalise")
    changing.set_values(workspace, id_, {**APPROVAL, **TOTAL})
    steps.take_step(workspace, id_, "approve")
    return id_


def seen(workspace, id_):
    visit = workspace.store.record(id_)
    machines = [row.get("contracted_value") for row in visit.rows("machines")]
    return visit.value("site"), machines, [row["item"] for row in visit.rows("budget")]


def test_each_visit_has_the_rows_of_its_site_and_what_is_common_once(workspace, group):
    visits = [begin(workspace, group, "acceptance") for _ in range(3)]
    assert [seen(workspace, id_) for id_ in visits] == [
        ("Xưởng A", [1], ["Mua máy", "Quản lý chung"]),
        ("Xưởng B (dòng 2)", [2], ["Mua máy"]),
        ("Xưởng B (dòng 3)", [3], []),
    ]
    inspection = workspace.store.record(new(workspace, "inspection", proposal=group, site="Xưởng B (dòng 2)"))
    assert inspection.rows("progress")[0]["item"] == "Mua máy"
    assert len(inspection.rows("machines")) == 1


def test_another_site_brings_its_own_rows_and_keeps_what_was_answered(workspace, group):
    id_ = begin(workspace, group, "acceptance")
    row = workspace.store.record(id_).rows("checklist")[0]["id"]
    changing.set_values(workspace, id_, {f"checklist/{row}/result": "pass"})
    changing.set_values(workspace, id_, {"site": "xưởng b (dòng 3)"})
    _, machines, lines = seen(workspace, id_)
    assert (machines, lines) == ([3], ["Quản lý chung"])
    visit = workspace.store.record(id_)
    assert visit.text("beneficiary") == visit.value("beneficiary")
    assert workspace.store.record(visit.value("beneficiary")).title() == "Cơ sở 3"
    assert visit.rows("checklist")[0]["result"] == "pass"
    machine = visit.rows("machines")[0]["id"]
    changing.set_values(workspace, id_, {f"machines/{machine}/serial_number": "M-7"})
    changing.set_values(workspace, id_, {"site": "Xưởng A"})
    assert seen(workspace, id_)[1] == [3], "what was written on site is not thrown away"
    assert seen(workspace, id_)[2] == ["Mua máy", "Quản lý chung"]


def test_a_contract_with_lines_of_one_name_gives_each_site_its_own(workspace, group):
    paper = begin(workspace, group, "contract")
    rows = workspace.store.record(paper).rows("budget")
    changing.set_values(workspace, paper, {f"budget/{rows[1]['id']}/cost": 150_000_000})
    changing.set_values(workspace, paper, {f"budget/{rows[1]['id']}/counterpart": 90_000_000})
    contract_values = {"basis": "contract", "number": "1", "signed_on": "5/3/2018", "party_b": "Trung tâm"}
    changing.set_values(workspace, paper, contract_values)
    steps.take_step(workspace, paper, "finalise")
    visits = [begin(workspace, group, "acceptance") for _ in range(2)]
    contracted = [[row.get("contracted") for row in workspace.store.record(id_).rows("budget")] for id_ in visits]
    assert contracted == [[190_000_000, 190_000_000], [150_000_000]]
    table_offers.fill_tables(workspace, visits[1], ("budget",))
    (line,) = workspace.store.record(visits[1]).rows("budget")
    assert (line["accepted"], line["accepted_support"], line["accepted_counterpart"]) == (
        150_000_000,
        60_000_000,
        90_000_000,
    )


def test_what_is_still_to_be_accepted_is_named_site_by_site(workspace, group):
    contract(workspace, group, basis="contract", party_b="Trung tâm")
    for conclusion in ("accepted", "refused"):
        id_ = begin(workspace, group, "acceptance")
        note = {"conclusion": conclusion, "conclusion_note": "Xong", "proposed_payment": 0}
        lines = [
            {**row, "done": 190_000_000, "accepted": 190_000_000, "accepted_support": 60_000_000,
             "accepted_counterpart": 130_000_000}
            for row in workspace.store.record(id_).rows("budget")
        ]  # fmt: skip
        machines = [
            {**row, "quantity": 1, "value": row["contracted_value"]}
            for row in workspace.store.record(id_).rows("machines")
        ]
        answer(workspace, id_, **note, budget=lines, machines=machines)
        steps.take_step(workspace, id_, "finalise")
        (problem,) = is_accepted_everywhere(workspace, workspace.store.record(group))
        if conclusion == "accepted":
            assert problem.message == "Còn 2 địa điểm chưa nghiệm thu: Xưởng B (dòng 2); Xưởng B (dòng 3)."
            assert problem.make == "acceptance"
        else:
            assert problem.message == "Còn 1 lần nghiệm thu chưa đạt: Xưởng B (dòng 2)."


def test_contract_and_settlement_keep_the_site_of_each_line_and_add_its_money_up(workspace, group):
    paper = contract(workspace, group, basis="contract", party_b="Trung tâm")
    record = workspace.store.record(paper)
    assert [record.text(f"budget/{row['id']}/site") for row in record.rows("budget")] == [
        "Xưởng A",
        "Xưởng B (dòng 2)",
        "",
    ]
    assert [row.get("support") for row in record.rows("sites")] == [60_000_000, 60_000_000, None]
    settlement = workspace.store.record(begin(workspace, group, "settlement"))
    assert [row.get("site") for row in settlement.rows("lines")] == ["s1", "s2", None]
    assert [row.get("planned") for row in settlement.rows("sites")] == [190_000_000, 190_000_000, None]


def test_a_contract_of_one_establishment_has_the_lines_and_the_support_of_its_sites(workspace, group):
    sites = {f"sites/{id_}/support": 60_000_000 for id_ in ("s1", "s2")}
    with workspace.store.act("Ghi") as act:
        act.update(group, sites)
    paper = begin(workspace, group, "contract")
    owner = workspace.store.record(group).rows("sites")[1]["beneficiary"]
    assert workspace.store.record(paper).value("value") == 180_000_000
    changing.set_values(workspace, paper, {"beneficiary": owner})
    record = workspace.store.record(paper)
    assert [row["name"] for row in record.rows("sites")] == ["Xưởng B"]
    assert [row["cost"] for row in record.rows("budget")] == [190_000_000]
    assert [row["unit_price"] for row in record.rows("machines")] == [2]
    assert (record.value("value"), record.value("party_b")) == (60_000_000, "Cơ sở 2")
    assert record.rows("budget")[0]["site"] == record.rows("sites")[0]["id"] == "s2"


def test_a_site_that_the_proposal_does_not_have_is_pointed_out(workspace, group):
    visit = begin(workspace, group, "acceptance")
    outlook = missing.outlook_of(workspace, workspace.store.record(visit))
    assert "site" not in {gap.field for gap in outlook.problems}
    changing.set_values(workspace, visit, {"site": "Xưởng Bê"})
    outlook = missing.outlook_of(workspace, workspace.store.record(visit))
    (gap,) = [gap for gap in outlook.problems if gap.field == "site"]
    assert "Xưởng A; Xưởng B (dòng 2); Xưởng B (dòng 3)" in gap.message
    assert gap.advice
