"""The whole walk: every kind × state × level × programme leaves an officer with a next step, or says whom it waits for.

A test of the data in forms/workflow.toml as much as of the code: a state added there without a way on fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kcdesk.errors import Problem, UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.model import State
from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.lifecycle.missing import Outlook
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing, parents, related
from kcdesk.services.workspace import Workspace
from tests import store_files
from tests.examples import some
from tests.services import samples

UNIT = "PKT-MAU"  # the unit that made the records which the province looks at
PROGRAMMES = ("national", "local")


def bases(workspace: Workspace, programme: str) -> dict[str, str]:
    """A record of every kind; those that belong to another one belong to it."""
    ids: dict[str, str] = {}
    owner = ids["beneficiary"] = samples.beneficiary(workspace)
    ids["proposal"] = samples.proposal(workspace, programme=programme, beneficiaries=[owner])
    ids["product_vote"] = samples.new(workspace, "product_vote", name="Kỳ mẫu", year=2026, level="province")
    for kind in workspace.forms.kinds:
        if kind in ids:
            continue
        above = parents.parent_kind(workspace, kind)
        form = workspace.forms.current(kind)
        ids[kind] = samples.new(workspace, kind, **({form.parent: ids[above]} if above else {}))
    return ids


def force(workspace: Workspace, id_: str, state: str) -> None:
    with workspace.store.act("Chuẩn bị") as act:
        act.update(id_, {"state": state})


LEVELS = load().levels.names


@pytest.fixture(params=some(2, LEVELS))
def level(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def office(level: str, request: pytest.FixtureRequest) -> Workspace:
    """An office of every level that forms/levels.toml names."""
    return request.getfixturevalue({LEVELS[0]: "workspace", "province": "province"}.get(level, "above"))


@pytest.fixture
def above(tmp_path: Path, level: str) -> Iterator[Workspace]:
    """The practice store of an office above the provinces."""
    opened, _ = opening.create_workspace(tmp_path / level, samples.practice_answers(level=level, province=""))
    yield opened
    opened.close()


def walk(workspace: Workspace) -> Iterator[tuple[str, State, str, str]]:
    """Bring a record of every kind into each of its states: kind, state, programme, id."""
    for programme in PROGRAMMES:
        ids = bases(workspace, programme)
        if workspace.level.name != LEVELS[0]:
            store_files.change(workspace.store.folder, f"UPDATE record SET unit = '{UNIT}'")
        for kind, id_ in ids.items():
            for state in workspace.forms.workflow(kind).states:
                force(workspace, id_, state.name)
                yield kind, state, programme, id_
            force(workspace, id_, workspace.forms.workflow(kind).initial)


def outlook(workspace: Workspace, id_: str) -> Outlook:
    return missing.outlook_of(workspace, workspace.store.record(id_))


def says_something(told: Outlook) -> bool:
    """A step of the officer's own, something left to do, or a sentence with its day or its link."""
    return bool(told.next_step or told.problems or [note for note in told.notes if _is_whole(note.text, note.record)])


def _is_whole(text: str, record: str) -> bool:
    return "từ ngày" in text or bool(record)


def test_no_state_leaves_an_officer_without_a_word(office: Workspace, level: str) -> None:
    """Who does not hold a dossier is told for whom it waits, and since when."""
    silent, held = [], 0
    for kind, state, programme, id_ in walk(office):
        told = outlook(office, id_)
        if not says_something(told):
            silent.append(f"{kind} {state.name} {programme}")
        notes, step = told.notes, told.next_step
        if state.holder and state.holder != level and not (step and level in step.by and not notes):
            held += 1
            assert notes, (kind, state.name, programme)
            assert notes[0].text.startswith(("Chờ", "Cấp tỉnh đã"))
            assert "từ ngày" in notes[0].text
    assert not silent
    assert held


def test_a_unit_ends_no_dossier_that_lies_with_the_province(workspace: Workspace) -> None:
    workflow = workspace.forms.workflow("proposal")
    appraised = [state.name for state in workflow.states if state.holder == "province" and state.name != "sent"]
    assert appraised == ["grassroots_appraisal", "ministry_appraisal", "provincial_approval"]
    id_ = samples.proposal(workspace)
    for name in appraised:
        force(workspace, id_, name)
        ends = [
            step.name
            for step in steps.possible(workspace, workspace.store.record(id_))
            if workflow.is_marked(step.to, "ended")
        ]
        assert ends == []
        with pytest.raises(UserError, match="do cấp tỉnh làm"):
            steps.take_step(workspace, id_, "reject", "Không còn nguồn")


def test_a_paper_decision_is_entered_while_the_dossier_is_sent(workspace: Workspace) -> None:
    id_ = samples.proposal(workspace)
    for step in ("finalise", "send"):
        changing.set_values(workspace, id_, {"beneficiary_request": True}) if step == "finalise" else None
        steps.take_step(workspace, id_, step)
    told = outlook(workspace, id_)
    assert told.step == "Ghi nhận phê duyệt"
    assert {problem.field for problem in told.must} >= {"decision_number", "decision_date", "decision_authority"}
    assert told.notes[0].text.startswith("Chờ cấp tỉnh nhận, thẩm định hồ sơ, từ ngày ")
    changing.set_values(workspace, id_, samples.APPROVAL)
    steps.take_step(workspace, id_, "approve_on_paper")
    assert workspace.store.record(id_).state == "approved"
    assert workspace.store.record(id_).revision == 1


def test_the_button_of_the_unit_is_not_that_of_the_province(province: Workspace) -> None:
    id_ = samples.proposal(province)
    store_files.change(province.store.folder, f"UPDATE record SET unit = '{UNIT}' WHERE id = '{id_}'")
    force(province, id_, "supplement")
    told = outlook(province, id_)
    assert told.next_step is None
    assert told.notes[0].text.startswith(f"Chờ {UNIT} bổ sung hồ sơ, từ ngày ")
    with pytest.raises(UserError) as refused:
        changing.set_values(province, id_, {"goals": "Sửa hộ"})
    assert refused.value.code == "not_holder"


def test_a_province_supplements_its_own_dossier(province: Workspace) -> None:
    id_ = samples.proposal(province)
    force(province, id_, "supplement")
    assert outlook(province, id_).step == "Gửi lại hồ sơ đã bổ sung"
    changing.set_values(province, id_, {"goals": "Sửa"})


def test_a_failed_proposal_shows_both_ways(workspace: Workspace) -> None:
    id_ = samples.proposal(workspace)
    force(workspace, id_, "failed")
    told = outlook(workspace, id_)
    assert told.step == "Ghi nhận quyết toán"
    assert [note.step for note in told.notes] == ["resume"]


def test_what_is_final_points_to_the_next_step_of_its_proposal(workspace: Workspace) -> None:
    id_ = samples.approved(workspace)
    contract = samples.contract(workspace, id_)
    (note,) = outlook(workspace, contract).notes
    assert note.record == id_
    assert "«Ghi nhận hợp đồng»" in note.text


# -- every line of «Còn thiếu» does something ----------------------------------------------------------------------


def gaps(workspace: Workspace, id_: str) -> Iterator[Problem]:
    """Everything that is missing in the present state, for the next step and for every other one."""
    record = workspace.store.record(id_)
    told = missing.outlook_of(workspace, record)
    yield from (*told.problems, *told.differences)
    for step in told.possible:
        yield from steps.step_obstacles(workspace, record, step)


def leads_somewhere(workspace: Workspace, id_: str, gap: Problem) -> bool:
    record = workspace.store.record(id_)
    if gap.make:
        above = workspace.store.record(gap.record or id_)
        values = related.tie_values(workspace, above, gap.make)
        form = workspace.forms.current(gap.make)
        return form.parent in values or bool(parents.parent_kind(workspace, gap.make))
    if gap.record:
        return not workspace.store.get(gap.record).deleted
    return bool(gap.field) and record.is_visible(gap.field)


def test_every_gap_of_every_kind_and_state_leads_somewhere(office: Workspace) -> None:
    dead, seen = set(), 0
    for kind, state, _programme, id_ in walk(office):
        for gap in gaps(office, id_):
            seen += 1
            if not leads_somewhere(office, id_, gap):
                dead.add(f"{kind} {state.name}: {gap.field} {gap.message}")
    assert seen > 100
    assert not dead
