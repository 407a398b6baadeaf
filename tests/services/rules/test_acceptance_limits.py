"""Support reckoned again from what was accepted: cases worked by hand, a group of sites, what is carried on."""

import tomllib
from pathlib import Path

import pytest

from kcdesk.errors import IncompleteError
from kcdesk.services.lifecycle import steps
from kcdesk.services.lifecycle.steps import possible, step_obstacles
from kcdesk.services.records import changing
from kcdesk.services.visits import visits
from tests.services import samples
from tests.services.samples import answer, approved, begin, contract

CASES = tomllib.loads((Path(__file__).parents[2] / "data" / "support_cases.toml").read_text(encoding="utf-8"))["case"]
LINE = {"item": "Máy mẫu", "cost": 570_000_000, "national": 200_000_000, "counterpart": 370_000_000}


def stored(workspace, id_):
    return workspace.store.record(id_)


def visit_of(workspace, **changes):
    """The acceptance of an approved and contracted proposal, as it opens."""
    proposal = approved(workspace, **changes)
    contract(workspace, proposal)
    return begin(workspace, proposal, "acceptance")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_cases_worked_by_hand(workspace, case):
    id_ = visit_of(workspace, programme=case["programme"], budget=case["budget"])
    visit = stored(workspace, id_)
    lines = [row | line for row, line in zip(visit.rows("budget"), case["accepted"], strict=True)]
    changing.set_values(workspace, id_, {"budget": lines, "advanced": case["advanced"]})
    visit = stored(workspace, id_)
    assert visit.value("recomputed_support") == case["support"], visit.value("recomputed_reason")
    assert visit.value("remaining") == case["remaining"]
    assert visit.value("recomputed_reason").startswith(case["reason"])
    assert visit.value("recomputed_support") <= visit.value("approved_support")


def test_nothing_is_reckoned_before_something_was_accepted(workspace):
    visit = stored(workspace, visit_of(workspace))
    assert visit.value("recomputed_support") is None
    assert visit.value("remaining") is None
    assert visit.value("approved_support") == visit.value("contracted_support") == 200_000_000


def test_a_norm_that_is_not_on_record_can_be_written_by_hand(workspace):
    id_ = visit_of(workspace)  # a local proposal of a province without norms
    assert stored(workspace, id_).value("ceiling_basis") is None
    changing.set_values(workspace, id_, {"ceiling_cap": "150 triệu", "ceiling_basis": "Nghị quyết của tỉnh"})
    answer(workspace, id_)
    visit = stored(workspace, id_)
    assert visit.value("recomputed_support") == 150_000_000
    assert "mức trần hỗ trợ là 150.000.000 đồng" in visit.value("recomputed_reason")


def test_an_excess_that_was_approved_with_its_reason_is_not_cut(workspace):
    line = {**LINE, "national": 400_000_000, "counterpart": 170_000_000}
    id_ = visit_of(workspace, programme="national", budget=[line], ceiling_override_reason="Văn bản cho phép")
    visit = stored(workspace, id_)
    assert visit.value("ceiling_cap") is None
    assert visit.value("ceiling_basis") == "Được phê duyệt vượt mức tối đa: Văn bản cho phép"


def test_more_than_the_reckoning_gives_stands_in_the_way(workspace):
    id_ = visit_of(workspace, programme="national", budget=[LINE])
    answer(workspace, id_, ceiling_cap=150_000_000)
    with pytest.raises(IncompleteError) as refused:
        steps.take_step(workspace, id_, "finalise")
    assert {problem.field for problem in refused.value.problems} == {"recomputed_support"}


def test_a_second_visit_counts_on_from_the_first(workspace):
    first = visit_of(workspace)
    half = {"done": 570_000_000, "accepted": 285_000_000}
    half |= {"accepted_support": 80_000_000, "accepted_counterpart": 205_000_000}
    answer(
        workspace,
        first,
        budget=[row | half for row in stored(workspace, first).rows("budget")],
        conclusion="conditional",
        remedies=[{"remedy": "Lắp nốt", "responsible": "Cơ sở", "due_on": "31/12/2018"}],
    )
    steps.take_step(workspace, first, "finalise")
    second = stored(workspace, visits.second_visit(workspace, first).items[0].id)
    assert (second.value("support_before"), second.value("cost_before")) == (80_000_000, 285_000_000)
    assert second.rows("budget")[0]["contracted_support"] == 120_000_000
    rest = {"done": 285_000_000, "accepted": 285_000_000, "accepted_support": 130_000_000}
    rest |= {"accepted_counterpart": 155_000_000}
    changing.set_values(workspace, second.id, {"budget": [row | rest for row in second.rows("budget")]})
    second = stored(workspace, second.id)
    assert second.value("support_so_far") == 210_000_000
    assert second.value("recomputed_support") == 200_000_000  # 80 of the first visit, 120 left of the line


def test_the_sites_of_a_group_are_not_given_more_than_the_whole(workspace):
    owners = [samples.beneficiary(workspace, name=name) for name in ("Cơ sở A", "Cơ sở B")]
    sites = [{"name": name, "beneficiary": owner} for name, owner in zip(("Xưởng A", "Xưởng B"), owners, strict=True)]
    proposal = approved(workspace, scheme="group", beneficiaries=owners, sites=sites)
    first = begin(workspace, proposal, "acceptance")
    answer(workspace, first)
    steps.take_step(workspace, first, "finalise")
    second = begin(workspace, proposal, "acceptance")
    answer(workspace, second)
    record = stored(workspace, second)
    finalise = next(step for step in possible(workspace, record) if step.name == "finalise")
    (problem,) = step_obstacles(workspace, record, finalise)
    assert problem.message.endswith("(200.000.000 đồng) là 200.000.000 đồng.")


def test_the_share_of_a_site_is_what_was_approved_for_it(workspace):
    owners = [samples.beneficiary(workspace, name=name) for name in ("Cơ sở A", "Cơ sở B")]
    sites = [
        {"name": name, "beneficiary": owner, "support": support}
        for name, owner, support in zip(("Xưởng A", "Xưởng B"), owners, (120_000_000, 80_000_000), strict=True)
    ]
    line = {**LINE, "cost": 570_000_000}
    group = {"scheme": "group", "beneficiaries": owners, "sites": sites, "budget": [line], "programme": "national"}
    visit = stored(workspace, begin(workspace, approved(workspace, **group), "acceptance"))
    assert visit.value("approved_support") == 120_000_000
    assert visit.value("ceiling_cap") == 200_000_000  # of one establishment, though the group has two
