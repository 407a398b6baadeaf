"""What the program knows of a state stands in forms/workflow.toml: a mark added or taken away there is obeyed."""

import re
import shutil

import pytest

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.runtime.frozen import replace
from kcdesk.services.lifecycle import steps
from kcdesk.services.money import payments
from kcdesk.services.plans import plan_decisions, year_plans
from kcdesk.services.records import changing
from tests.services.samples import approved, begin, contract, new, proposal


def force(workspace, id_, **data):
    with workspace.store.act("Chuẩn bị") as act:
        act.update(id_, data)


def test_a_plan_takes_in_the_states_that_are_marked_and_no_other(workspace):
    plan = new(workspace, "plan", year=2027, programme="local", budget=1_000_000_000)
    states = workspace.forms.workflow("proposal").states
    owner = proposal(workspace)
    known = {}
    for state in states:
        known[state.name] = proposal(
            workspace, year=2027, beneficiaries=workspace.store.record(owner).value("beneficiaries")
        )
        force(workspace, known[state.name], state=state.name)

    year_plans.fill_plan(workspace, plan)

    taken = {row["proposal"] for row in workspace.store.record(plan).rows("entries")}
    assert {name for name, id_ in known.items() if id_ in taken} == {s.name for s in states if "registered" in s.marks}
    assert {"draft", "rejected", "stopped"}.isdisjoint(name for name, id_ in known.items() if id_ in taken)


@pytest.fixture
def other_rules(workspace, tmp_path):
    """The same office under definitions in which one line of the workflow is another."""

    def changed(old, new_):
        folder = shutil.copytree(paths.forms(), tmp_path / "forms")
        text = (folder / "workflow.toml").read_text(encoding="utf-8")
        assert old in text
        (folder / "workflow.toml").write_text(text.replace(old, new_, 1), encoding="utf-8")
        return replace(workspace, forms=load(folder))

    return changed


def test_a_mark_that_nobody_knows_is_a_fault_with_its_place(other_rules):
    with pytest.raises(FormsError) as refused:
        other_rules('marks = ["ended", "decided"]', 'marks = ["endet", "decided"]')
    (fault,) = refused.value.faults
    assert str(fault) == "workflow.toml, proposal/rejected: “marks” không nhận “endet” (có phải ý là “ended”)"


def test_what_may_be_paid_is_said_by_the_data(workspace, other_rules):
    id_ = approved(workspace)
    contract(workspace, id_)
    payment = begin(workspace, id_, "payment")
    force(workspace, id_, state="contracted")

    assert not _refused(payments.problems_of_payment(workspace, workspace.store.record(payment)))
    closed = other_rules(
        'marks = ["registered", "adjustable", "payable", "decided"]', 'marks = ["registered", "adjustable"]'
    )
    assert _refused(payments.problems_of_payment(closed, workspace.store.record(payment)))


def _refused(problems):
    return [problem for problem in problems if problem.field == "proposal"]


def planned(workspace, ids):
    plan = new(workspace, "plan", year=2018, programme="local", budget=1_000_000_000)
    for id_ in ids:
        steps.take_step(workspace, id_, "finalise")
    year_plans.fill_plan(workspace, plan)
    steps.take_step(workspace, plan, "finalise")
    decision = {"decision_number": "9/QĐ", "decision_date": "1/3/2018", "decision_authority": "Ủy ban"}
    changing.set_values(workspace, plan, decision)
    steps.take_step(workspace, plan, "decide")
    return plan


def test_a_workflow_that_names_no_answers_still_approves_a_plan(workspace, tmp_path):
    """Rules that were received before the steps named the answers of a receipt lie over today's files."""
    folder = shutil.copytree(paths.forms(), tmp_path / "forms")
    text = (folder / "workflow.toml").read_text(encoding="utf-8")
    without, number = re.subn(r"(?m)^(answer|fill) = .*\n", "", text)
    assert number > 4
    (folder / "workflow.toml").write_text(without, encoding="utf-8")
    plan = planned(workspace, [proposal(workspace)])
    plan_decisions.approve_proposals(replace(workspace, forms=load(folder)), plan)
    assert [stored.data["state"] for stored in workspace.store.page("proposal")] == ["approved"]


def test_a_plan_approves_through_the_door_of_every_step(workspace, other_rules):
    """Guard, completeness and snapshot of the step hold for a whole plan too, and one act writes them all."""
    ids = [proposal(workspace, title=title) for title in ("Đề án một", "Đề án hai")]
    plan = planned(workspace, ids)
    guarded = other_rules('name = "approve"\n', 'name = "approve"\nguard = "has_final_contract"\n')
    with pytest.raises(UserError, match="Đề án «Đề án một»: Chưa có hợp đồng"):
        plan_decisions.approve_proposals(guarded, plan)
    assert [workspace.store.record(id_).state for id_ in ids] == ["final", "final"]

    plan_decisions.approve_proposals(workspace, plan)

    assert set(workspace.store.acts(1)[0].records) == set(ids)
    assert [workspace.store.record(id_).state for id_ in ids] == ["approved", "approved"]
    changing.undo(workspace)
    assert [workspace.store.record(id_).state for id_ in ids] == ["final", "final"]
