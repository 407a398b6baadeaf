"""Offices between their days, who works there, and what is refused about them."""

from datetime import date

import pytest

from kcdesk.errors import IncompleteError, UserError
from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.records import changing
from kcdesk.services.staff import offices, open_work, work_handovers
from kcdesk.services.staff.work_handovers import WorkHandoverOrder
from kcdesk.services.workspace import Workspace
from tests.services import samples

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def office(workspace: Workspace, name: str, **values: object) -> str:
    return samples.new(workspace, "office", name=name, **{"level": "province", **values})


def officer(workspace: Workspace, name: str, **values: object) -> str:
    return samples.new(workspace, "staff", name=name, title="Chuyên viên", **values)


@pytest.fixture
def offices_of_a_province(workspace: Workspace) -> dict[str, str]:
    """A department, a district office that ended on 30 June 2025, and the commune that took over its work."""
    top = office(workspace, "Sở Công Thương mẫu")
    return {
        "top": top,
        "district": office(workspace, "Phòng Kinh tế huyện Mẫu", level="district", above=top, valid_to="30/6/2025"),
        "commune": office(workspace, "UBND xã Mẫu", level="commune", above=top, valid_from="1/7/2025"),
    }


def names(lines: list[offices.Office]) -> list[tuple[str, int]]:
    return [(line.name, line.depth) for line in lines]


@pytest.mark.usefixtures("offices_of_a_province")
def test_the_tree_is_that_of_the_day(workspace: Workspace) -> None:
    top = ("Sở Công Thương mẫu", 0)
    assert names(offices.tree(workspace, BEFORE)) == [top, ("Phòng Kinh tế huyện Mẫu", 1)]
    assert names(offices.tree(workspace, AFTER)) == [top, ("UBND xã Mẫu", 1)]
    assert names(offices.tree(workspace, AFTER, ended=True)) == [
        top,
        ("Phòng Kinh tế huyện Mẫu", 1),
        ("UBND xã Mẫu", 1),
    ]


def test_people_and_their_open_work_are_counted(workspace: Workspace, offices_of_a_province: dict[str, str]) -> None:
    there = officer(workspace, "Cán bộ Mẫu Hai", office=offices_of_a_province["commune"], serves_from="1/7/2025")
    gone = officer(workspace, "Cán bộ Mẫu Ba", office=offices_of_a_province["commune"], serves_to="31/12/2025")
    nowhere = officer(workspace, "Cán bộ Mẫu Bốn")
    samples.proposal(workspace, handler=there)
    last, commune = offices.tree(workspace)[-1], offices.tree(workspace)[1]
    assert (commune.people, commune.dossiers) == (1, 1)
    assert (last.id, last.people) == (offices.NO_OFFICE, 1)
    assert [one.id for one in offices.people(workspace, offices_of_a_province["commune"])] == [there]
    assert [one.id for one in offices.people(workspace, offices_of_a_province["commune"], ended=True)] == [there, gone]
    assert [one.id for one in offices.people(workspace, offices.NO_OFFICE)] == [nowhere]


def test_an_office_never_stands_above_itself(workspace: Workspace, offices_of_a_province: dict[str, str]) -> None:
    with pytest.raises(UserError) as refusal:
        changing.set_values(workspace, offices_of_a_province["top"], {"above": offices_of_a_province["commune"]})
    assert refusal.value.code == "loop"
    assert "Sở Công Thương mẫu → UBND xã Mẫu → Sở Công Thương mẫu" in refusal.value.message


def test_a_loop_that_came_from_elsewhere_is_still_shown(
    workspace: Workspace, offices_of_a_province: dict[str, str]
) -> None:
    with workspace.store.act("Nhận gói") as act:
        act.update(offices_of_a_province["top"], {"above": offices_of_a_province["commune"]})
    shown = offices.tree(workspace, ended=True)
    assert {line.id for line in shown} == set(offices_of_a_province.values())
    assert len(shown) == 3


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"level": "commune", "valid_from": "1/7/2025", "above": "district"}, "above", "kết thúc ngày 30/6/2025"),
        ({"level": "ministry", "above": "top"}, "above", "thấp hơn đơn vị này"),
        ({"level": "commune", "valid_to": "1/1/2020", "above": "commune"}, "above", "chỉ hoạt động từ ngày 01/7/2025"),
    ],
)
def test_an_office_fits_the_one_above(
    workspace: Workspace, offices_of_a_province: dict[str, str], changes: dict, field: str, words: str
) -> None:
    id_ = office(workspace, "Đơn vị mới", **{**changes, "above": offices_of_a_province[changes["above"]]})
    said = {
        problem.field: problem.message
        for problem in missing.outlook_of(workspace, workspace.store.record(id_)).problems
    }
    assert words in said[field]
    with pytest.raises(IncompleteError) as refusal:
        steps.take_step(workspace, id_, "finalise")
    assert any(words in problem.message for problem in refusal.value.problems)


def test_an_office_does_not_end_before_what_hangs_on_it(
    workspace: Workspace, offices_of_a_province: dict[str, str]
) -> None:
    officer(workspace, "Cán bộ Mẫu Hai", office=offices_of_a_province["top"])
    changing.set_values(workspace, offices_of_a_province["top"], {"valid_to": "31/12/2025"})
    problems = offices.problems_of_office(workspace, workspace.store.record(offices_of_a_province["top"]))
    assert [problem.message for problem in problems] == [
        "Đơn vị trực thuộc «UBND xã Mẫu» còn hoạt động sau ngày 31/12/2025.",
        "Cán bộ «Cán bộ Mẫu Hai» còn làm việc ở đây sau ngày 31/12/2025.",
    ]


def test_an_officer_serves_while_his_office_exists(workspace: Workspace, offices_of_a_province: dict[str, str]) -> None:
    id_ = officer(workspace, "Cán bộ Mẫu Hai", office=offices_of_a_province["district"])
    with pytest.raises(IncompleteError) as refusal:
        steps.take_step(workspace, id_, "finalise")
    assert refusal.value.problems[0].field == "serves_to"
    changing.set_values(workspace, id_, {"serves_to": "30/6/2025"})
    steps.take_step(workspace, id_, "finalise")


def test_nobody_leaves_open_work_behind(workspace: Workspace) -> None:
    id_ = officer(workspace, "Cán bộ Mẫu Hai")
    samples.proposal(workspace, handler=id_)
    changing.set_values(workspace, id_, {"serves_to": "1/3/2026"})
    with pytest.raises(IncompleteError) as refusal:
        steps.take_step(workspace, id_, "finalise")
    assert refusal.value.problems[0].message == "Còn phụ trách 1 đề án đang làm: hãy bàn giao công việc trước."


def test_work_whose_officer_has_left_stays_in_sight(workspace: Workspace) -> None:
    """Their record may have come in a package, or is not closed yet: the work must be somewhere all the same."""
    department = office(workspace, "Sở Công Thương mẫu")
    for name in ("Cán bộ Mẫu Đã Nghỉ", "Cán bộ Mẫu Nghỉ Sạch"):
        gone = officer(workspace, name, office=department)
        if name == "Cán bộ Mẫu Đã Nghỉ":
            samples.proposal(workspace, handler=gone)
        changing.set_values(workspace, gone, {"serves_to": "1/3/2018"})
    (person,) = offices.people(workspace, department)
    assert (person.name, person.serves, person.dossiers) == ("Cán bộ Mẫu Đã Nghỉ", False, 1)
    assert [(line.people, line.dossiers) for line in offices.tree(workspace)] == [(1, 1)]


def test_who_has_left_is_put_in_charge_of_nothing(workspace: Workspace) -> None:
    gone = officer(workspace, "Cán bộ Mẫu Ba", serves_to="31/12/2025")
    proposal = samples.proposal(workspace)
    for act in (
        lambda: changing.set_values(workspace, proposal, {"handler": gone}),
        lambda: work_handovers.assign(workspace, [proposal], gone),
    ):
        with pytest.raises(UserError) as refusal:
            act()
        assert refusal.value.message == "«Cán bộ Mẫu Ba» đã thôi làm việc từ sau ngày 31/12/2025."


# -- handing over --------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(workspace: Workspace) -> tuple[str, str, list[str]]:
    """Two officers, the first in charge of three open proposals."""
    giver, receiver = officer(workspace, "Cán bộ Mẫu Hai"), officer(workspace, "Cán bộ Mẫu Bốn")
    titles = ("Đề án một", "Đề án hai", "Đề án ba")
    return giver, receiver, [samples.proposal(workspace, handler=giver, title=title) for title in titles]


def handing(pair: tuple[str, str, list[str]], dossiers: list[str], **changes: object) -> WorkHandoverOrder:
    given = {"giver": pair[0], "receiver": pair[1], "reason": "move", "dossiers": dossiers, "on": date(2026, 3, 5)}
    return WorkHandoverOrder(**{**given, **changes})


def test_work_passes_in_one_act_with_its_record(workspace: Workspace, pair: tuple) -> None:
    giver, receiver, (one, two, three) = pair
    changes = work_handovers.carry_out(workspace, handing(pair, [one, three]))
    record = workspace.store.record(next(item.id for item in changes.items if item.kind == "work_handover"))
    assert record.state == "final"
    assert [row["title"] for row in record.rows("dossiers")] == ["Đề án một", "Đề án ba"]
    assert record.rows("dossiers")[0]["next"] == "Chốt"
    charge = [workspace.store.record(id_).value("handler") for id_ in (one, two, three)]
    assert charge == [receiver, giver, receiver]
    assert open_work.number_of_open(workspace, receiver) == 2

    changing.undo(workspace)
    assert open_work.number_of_open(workspace, giver) == 3
    assert workspace.store.count("work_handover") == 0


def test_looking_changes_nothing(workspace: Workspace, pair: tuple, tmp_path) -> None:
    from kcdesk.documents.preview import page_text

    work_handovers.print_draft(workspace, handing(pair, pair[2][:1]), tmp_path / "thử.pdf")
    assert "Đề án một" in page_text(tmp_path / "thử.pdf", 0)
    assert workspace.store.count("work_handover") == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"dossiers": []}, "dossiers"), ({"reason": ""}, "reason"), ({"on": date(2026, 12, 1)}, "to_staff")],
)
def test_what_is_missing_is_said(workspace: Workspace, pair: tuple, changes: dict, field: str) -> None:
    changing.set_values(workspace, pair[1], {"serves_to": "30/6/2026"})
    with pytest.raises(IncompleteError) as refusal:
        work_handovers.carry_out(workspace, handing(pair, **{"dossiers": pair[2], **changes}))
    assert refusal.value.problems[0].field == field
    assert workspace.store.count("work_handover") == 0


def test_only_the_givers_own_open_work_is_handed_over(workspace: Workspace, pair: tuple) -> None:
    stranger = samples.proposal(workspace, title="Đề án của người khác")
    with pytest.raises(UserError) as refusal:
        work_handovers.carry_out(workspace, handing(pair, [stranger]))
    assert refusal.value.code == "not_in_charge"


def test_work_of_nobody_is_given_to_somebody(workspace: Workspace, pair: tuple) -> None:
    stray = samples.proposal(workspace, title="Đề án chưa giao")
    assert [dossier.id for dossier in open_work.open_of(workspace, "")] == [stray]
    work_handovers.assign(workspace, [stray], pair[1])
    assert open_work.open_of(workspace, "") == []
    changing.undo(workspace)
    assert [dossier.id for dossier in open_work.open_of(workspace, "")] == [stray]
