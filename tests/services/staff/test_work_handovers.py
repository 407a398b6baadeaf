"""Offices with dates, and open work that passes from one officer to another."""

from pathlib import Path

import pytest

from kcdesk.errors import IncompleteError
from kcdesk.services.lifecycle import steps
from kcdesk.services.papers import printing
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from tests.services import samples


def officer(workspace: Workspace, name: str, **values: object) -> str:
    return samples.new(workspace, "staff", name=name, title="Chuyên viên", **values)


def handover(workspace: Workspace, giver: str, receiver: str) -> str:
    return samples.new(workspace, "work_handover", from_staff=giver, to_staff=receiver, reason="move")


def test_open_proposals_pass_to_the_next_officer(workspace: Workspace) -> None:
    giver, receiver = officer(workspace, "Cán bộ Mẫu Hai"), officer(workspace, "Cán bộ Mẫu Bốn")
    open_one = samples.proposal(workspace, handler=giver)
    others = samples.proposal(workspace, handler=receiver, title="Đề án của người khác")
    id_ = handover(workspace, giver, receiver)
    record = workspace.store.record(id_)
    assert [row["proposal"] for row in record.rows("dossiers")] == [open_one]
    assert record.rows("dossiers")[0]["stage"] == "Đang soạn"
    assert record.value("from_name") == "Cán bộ Mẫu Hai, Chuyên viên"

    changes = steps.take_step(workspace, id_, "finalise")
    assert {item.id for item in changes.items} == {id_, open_one}
    assert workspace.store.record(open_one).value("handler") == receiver
    assert workspace.store.record(others).value("handler") == receiver
    changing.undo(workspace)
    assert workspace.store.record(open_one).value("handler") == giver
    assert workspace.store.record(id_).state == "draft"


def test_a_locked_proposal_passes_on_too(workspace: Workspace) -> None:
    giver, receiver = officer(workspace, "Cán bộ Mẫu Hai"), officer(workspace, "Cán bộ Mẫu Bốn")
    proposal = samples.proposal(workspace, handler=giver)
    steps.take_step(workspace, proposal, "finalise")
    steps.take_step(workspace, handover(workspace, giver, receiver), "finalise")
    record = workspace.store.record(proposal)
    assert (record.state, record.value("handler")) == ("final", receiver)


def test_work_passes_to_somebody_else(workspace: Workspace) -> None:
    person = officer(workspace, "Cán bộ Mẫu Hai")
    samples.proposal(workspace, handler=person)
    with pytest.raises(IncompleteError) as refusal:
        steps.take_step(workspace, handover(workspace, person, person), "finalise")
    assert refusal.value.problems[0].field == "to_staff"


def test_nothing_to_hand_over_is_said(workspace: Workspace) -> None:
    id_ = handover(workspace, officer(workspace, "Cán bộ Mẫu Hai"), officer(workspace, "Cán bộ Mẫu Bốn"))
    with pytest.raises(IncompleteError) as refusal:
        steps.take_step(workspace, id_, "finalise")
    assert refusal.value.problems[0].field == "dossiers"


def test_the_record_lists_what_passes(workspace: Workspace, tmp_path: Path) -> None:
    from kcdesk.documents.preview import page_text

    giver = officer(workspace, "Cán bộ Mẫu Hai")
    samples.proposal(workspace, handler=giver)
    pdf = tmp_path / "bàn giao.pdf"
    id_ = handover(workspace, giver, officer(workspace, "Cán bộ Mẫu Bốn"))
    printing.print_record(workspace, id_, "work_handover_record", pdf)
    words = " ".join(page_text(pdf, 0).split())
    for said in ("Cán bộ Mẫu Hai, Chuyên viên", samples.PROPOSAL["title"], "Đang soạn", "Chuyển công tác"):
        assert said in words


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"level": "district", "valid_to": "30/6/2025"}, None),
        ({"level": "district", "valid_to": "1/7/2025"}, "valid_to"),
        ({"level": "district"}, "valid_to"),
        ({"level": "commune", "valid_from": "1/7/2025"}, None),
        ({"level": "commune", "valid_from": "1/1/2000"}, "valid_from"),
        ({"level": "commune", "valid_from": "1/1/2000", "valid_to": "30/6/2025"}, None),
        ({"level": "province", "valid_from": "2/7/2025", "valid_to": "1/7/2025"}, "valid_to"),
    ],
)
def test_an_office_exists_between_its_days(workspace: Workspace, answers: dict, field: str | None) -> None:
    id_ = samples.new(workspace, "office", name="Phòng Kinh tế mẫu", **answers)
    problems = workspace.store.record(id_).problems(final=True)
    assert [problem.field for problem in problems] == ([field] if field else [])


def test_officers_stand_under_their_office(workspace: Workspace) -> None:
    from kcdesk.services.records import related

    office = samples.new(workspace, "office", name="Trung tâm Khuyến công mẫu", level="province")
    person = officer(workspace, "Cán bộ Mẫu Hai", office=office)
    groups = related.related(workspace, workspace.store.record(office)).groups
    assert [line.id for group in groups if group.kind == "staff" for line in group.lines] == [person]


@pytest.mark.parametrize(
    ("level", "programme", "expected"),
    [
        ("province", "local", "Trình phê duyệt cấp tỉnh"),
        ("province", "national", "Trình thẩm định cấp Bộ"),
        ("lower", "local", "Chờ cấp tỉnh thẩm định cấp cơ sở"),
    ],
)
def test_work_is_handed_over_with_the_step_of_its_programme_and_level(
    request: pytest.FixtureRequest, level: str, programme: str, expected: str
) -> None:
    workspace = request.getfixturevalue("workspace" if level == "lower" else "province")
    giver = officer(workspace, "Cán bộ Mẫu Hai")
    id_ = samples.proposal(workspace, handler=giver, programme=programme)
    with workspace.store.act("Đang thẩm định") as act:
        act.update(id_, {"state": "grassroots_appraisal"})
    record = workspace.store.record(handover(workspace, giver, officer(workspace, "Cán bộ Mẫu Bốn")))
    assert [row["next"] for row in record.rows("dossiers")] == [expected]
