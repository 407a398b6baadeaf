"""The life of each kind of record: what a step asks for, what it does, what comes after it."""

import pytest

from kcdesk.errors import IncompleteError, UserError
from kcdesk.formdef.forms import Forms
from kcdesk.runtime.frozen import replace
from kcdesk.services import catalogue
from kcdesk.services.lifecycle import steps
from kcdesk.services.lifecycle.steps import take_step
from kcdesk.services.records import changing
from kcdesk.services.records.changing import set_values
from tests.services import samples
from tests.services.samples import begin, new


def obstacles(workspace, id_, step):
    """The fields and sentences that stand in a step's way."""
    with pytest.raises(IncompleteError) as caught:
        take_step(workspace, id_, step)
    return [(problem.field, problem.message) for problem in caught.value.problems]


def state(workspace, id_):
    record = workspace.store.record(id_)
    return record.state, record.revision


def test_finalising_lists_everything_that_is_missing_or_wrong_at_once(workspace):
    id_ = new(workspace, "beneficiary", name="A", legal_form="cooperative", workers=3)
    with pytest.raises(IncompleteError) as caught:
        take_step(workspace, id_, "finalise")
    error = caught.value
    fields = [problem.field for problem in error.problems]
    missing = ["tax_code", "representative", "phone", "place", "territory", "sector", "figures_year"]
    assert (error.code, error.field, fields) == ("incomplete", "tax_code", missing)
    assert "7 điểm" in error.message
    assert state(workspace, id_) == ("draft", 1)


def test_finalising_keeps_what_the_paper_said(workspace):
    id_ = samples.beneficiary(workspace)
    take_step(workspace, id_, "finalise")
    assert state(workspace, id_) == ("final", 1)
    (kept,) = workspace.store.snapshots(id_)
    assert (kept.value("name"), kept.state) == (samples.BENEFICIARY["name"], "final")


def test_a_correction_needs_a_reason_and_begins_the_next_revision(workspace):
    id_ = samples.beneficiary(workspace)
    take_step(workspace, id_, "finalise")
    for empty in ("", " \t"):
        with pytest.raises(UserError) as caught:
            take_step(workspace, id_, "correct", empty)
        assert (caught.value.code, caught.value.field) == ("reason_missing", "reason")
    assert take_step(workspace, id_, "correct", "Ghi\x07 nhầm tên").action.endswith(": Ghi nhầm tên")
    assert state(workspace, id_) == ("draft", 2)
    set_values(workspace, id_, {"name": "Tên đúng"})
    take_step(workspace, id_, "finalise")
    assert [(kept.revision, kept.value("name")) for kept in workspace.store.snapshots(id_)] == [
        (1, samples.BENEFICIARY["name"]),
        (2, "Tên đúng"),
    ]


def test_steps_are_undone_whole(workspace):
    id_ = samples.beneficiary(workspace)
    take_step(workspace, id_, "finalise")
    take_step(workspace, id_, "correct", "Nhầm")
    changing.undo(workspace)
    assert state(workspace, id_) == ("final", 1)
    changing.undo(workspace)
    assert state(workspace, id_) == ("draft", 1)
    assert workspace.store.check() == []


def test_a_step_that_the_state_does_not_have_is_refused_with_those_it_has(workspace):
    id_ = new(workspace, "proposal", title="A")
    for unknown in ("approve", "nonsense"):
        with pytest.raises(UserError) as caught:
            take_step(workspace, id_, unknown)
        assert caught.value.code == "wrong_step"
        assert "finalise (Chốt)" in caught.value.hint


def test_a_proposal_goes_the_whole_way_and_each_step_asks_for_its_own(workspace):
    id_ = samples.proposal(workspace)
    take_step(workspace, id_, "finalise")
    asked = obstacles(workspace, id_, "approve")
    assert [field for field, _ in asked] == [
        "decision_number",
        "decision_date",
        "decision_authority",
        "approved_total",
        "approved_support",
    ]
    assert "ghi nhận phê duyệt" in asked[0][1]
    set_values(workspace, id_, samples.APPROVAL | {"approved_local": 1})
    assert [field for field, _ in obstacles(workspace, id_, "approve")] == ["approved_support"]
    set_values(workspace, id_, samples.APPROVAL)
    take_step(workspace, id_, "approve")
    assert obstacles(workspace, id_, "contract") == [("", "Chưa có hợp đồng nào của đề án được chốt.")]
    draft = begin(workspace, id_, "contract")
    assert obstacles(workspace, id_, "contract")
    changing.delete(workspace, draft)
    samples.contract(workspace, id_)
    take_step(workspace, id_, "contract")

    assert obstacles(workspace, id_, "accept") == [("", "Chưa có biên bản nghiệm thu nào của đề án được chốt.")]
    visit = begin(workspace, id_, "acceptance")
    samples.answer(workspace, visit, conclusion="refused", conclusion_note="Máy cũ")
    take_step(workspace, visit, "finalise")
    assert obstacles(workspace, id_, "accept") == [("", "Còn 1 lần nghiệm thu chưa đạt.")]
    take_step(workspace, visit, "correct", "Đã thay máy")
    set_values(workspace, visit, {"conclusion": "accepted"})
    take_step(workspace, visit, "finalise")
    take_step(workspace, id_, "accept")
    assert state(workspace, id_) == ("accepted", 1)
    assert [step.name for step in steps.possible(workspace, workspace.store.record(id_))] == ["settle"]
    assert workspace.store.check() == []


def test_a_visit_is_final_only_when_every_result_was_found(workspace):
    id_ = samples.approved(workspace)
    visit = begin(workspace, id_, "acceptance")
    asked = {field.split("/")[-1] for field, _ in obstacles(workspace, visit, "finalise")}
    assert {"visited_on", "participants", "result", "quantity", "value", "done", "accepted", "actual"} <= asked


def test_every_site_of_a_group_must_have_been_visited(workspace):
    id_ = samples.approved(workspace, scheme="group", sites=[{"name": "Xưởng A"}, {"name": "Xưởng B"}])
    samples.contract(workspace, id_)
    take_step(workspace, id_, "contract")
    visit = begin(workspace, id_, "acceptance")
    assert workspace.store.record(visit).value("site") == "Xưởng A"
    samples.answer(workspace, visit)
    take_step(workspace, visit, "finalise")
    assert obstacles(workspace, id_, "accept") == [("", "Còn 1 địa điểm chưa nghiệm thu: Xưởng B.")]


def test_every_guard_in_the_data_is_known(workspace):
    catalogue.refuse_unknown_names(workspace.forms)
    workflows = [workspace.forms.workflow(kind) for kind in workspace.forms.kinds]
    steps_ = [step for workflow in workflows for step in workflow.transitions]
    tasks = {state.task for workflow in workflows for state in workflow.states}
    known = catalogue.extensions()
    assert ({step.guard for step in steps_} | tasks) - {""} == set(known.guards)
    assert {step.effect for step in steps_} - {""} == set(known.effects)
    assert {step.fill for step in steps_} - {""} == set(known.fillers)


def test_an_unknown_guard_is_named_before_a_store_is_opened(workspace):
    forms = workspace.forms
    workflow = forms.workflow("proposal")
    step = replace(workflow.transitions[0], guard="is_full_moon")
    odd = replace(workflow, transitions=(step,))
    with pytest.raises(UserError, match="is_full_moon"):
        catalogue.refuse_unknown_names(Forms((forms.current("proposal"),), workflows=(odd,)))
