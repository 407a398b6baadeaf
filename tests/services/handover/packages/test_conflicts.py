"""The pile: who wrote what where and when, and deciding it once for everybody."""

import pytest

from kcdesk.errors import UserError
from kcdesk.services.handover.packages import conflicts, receiving
from kcdesk.services.handover.receipts import standing, writing
from kcdesk.services.records import changing
from tests.services.samples import new


@pytest.fixture
def pair(offices):
    """A unit and its province with one dossier that both have."""
    unit, province = offices.make("TT-A"), offices.make("SCT", "province")
    offices.acquaint(unit, province)
    id_ = new(unit, "proposal", title="Gốc", budget=[{"item": "Máy", "cost": 5}])
    offices.send(unit, province)
    return unit, province, id_


def answer(offices, province, unit):
    receipt = offices.path()
    writing.make(province, standing.packages(province)[0]["package"], receipt)
    receiving.receive(unit, receipt)


def test_both_sides_are_named_and_the_decision_reaches_the_other_office(offices, pair):
    unit, province, id_ = pair
    changing.set_values(province, id_, {"title": "Của tỉnh"})
    changing.set_values(unit, id_, {"title": "Của trung tâm"})
    offices.send(unit, province)
    (question,) = conflicts.pile(province)
    sides = {side.text: (side.unit, side.officer) for side in (question.shown, *question.waiting)}
    assert sides == {
        "Của tỉnh": ("Sở Công Thương mẫu", "Cán bộ SCT"),
        "Của trung tâm": ("Trung tâm TT-A", "Cán bộ TT-A"),
    }
    assert (question.label, question.title) == ("Tên đề án", question.shown.text)
    assert all(side.at for side in (question.shown, *question.waiting))
    answer(offices, province, unit)
    assert conflicts.pile(unit)[0].shown.text == question.shown.text
    wanted = question.waiting[0]
    conflicts.decide(province, id_, "title", wanted.stamp)
    assert conflicts.pile(province) == []
    assert province.store.get(id_).data["title"] == wanted.text
    offices.send(unit, province, full=True)
    answer(offices, province, unit)
    assert conflicts.pile(unit) == []
    assert unit.store.get(id_).data["title"] == wanted.text


def test_what_is_shown_may_stay(offices, pair):
    unit, province, id_ = pair
    changing.set_values(province, id_, {"title": "Của tỉnh"})
    changing.set_values(unit, id_, {"title": "Của trung tâm"})
    offices.send(unit, province)
    (question,) = conflicts.pile(province, id_)
    conflicts.decide(province, id_, "title")
    assert province.store.get(id_).data["title"] == question.shown.text
    with pytest.raises(UserError) as caught:
        conflicts.decide(province, id_, "title")
    assert caught.value.code == "not_found"


def test_undo_after_keeping_what_is_shown_takes_nothing_of_the_other_office(offices, pair):
    unit, province, id_ = pair
    changing.set_values(province, id_, {"goals": "Một mục tiêu"})
    changing.set_values(unit, id_, {"title": "Của trung tâm"})
    changing.set_values(province, id_, {"title": "Của tỉnh"})
    offices.send(unit, province)
    conflicts.decide(province, id_, "title")
    assert province.store.get(id_).data["title"] == "Của tỉnh"
    assert changing.undo_label(province) == "Sửa tên đề án", "keeping it changed nothing, and is nothing to undo"
    assert len(province.store.undo_steps()[0].run) == 1, "nor does it join the edit before it"
    changing.undo(province)
    assert province.store.get(id_).data["title"] == "Gốc"
    assert province.store.get(id_).data["goals"] == "Một mục tiêu"
    assert province.store.check() == []


def test_undo_after_taking_the_other_value_brings_the_shown_one_back(offices, pair):
    unit, province, id_ = pair
    changing.set_values(province, id_, {"title": "Của tỉnh"})
    changing.set_values(unit, id_, {"title": "Của trung tâm"})
    offices.send(unit, province)
    (question,) = conflicts.pile(province, id_)
    conflicts.decide(province, id_, "title", question.waiting[0].stamp)
    changing.undo(province)
    assert province.store.get(id_).data["title"] == question.shown.text


def test_a_cell_of_a_row_that_went_can_be_brought_back(offices, pair):
    unit, province, id_ = pair
    row = unit.store.record(id_).rows("budget")[0]["id"]
    changing.set_values(province, id_, {f"budget/{row}/item": "Máy tốt hơn"})
    changing.save(unit, id_, {f"budget/{row}": None})
    offices.send(unit, province)
    (question,) = conflicts.pile(province)
    assert (question.shown.text, question.waiting[0].text) == ("", "Máy tốt hơn")
    conflicts.decide(province, id_, question.path, question.waiting[0].stamp)
    assert province.store.record(id_).rows("budget")[0]["item"] == "Máy tốt hơn"
    assert province.store.check() == []


@pytest.fixture
def shared_group(offices):
    """A group scheme of two sites that two offices have; its one line is at the first."""
    unit, province = offices.make("TT-A"), offices.make("SCT", "province")
    offices.acquaint(unit, province)
    sites = [{"id": "a", "name": "Xưởng A"}, {"id": "b", "name": "Xưởng B"}]
    line = {"id": "l", "item": "Máy", "site": "a", "cost": 5}
    id_ = new(unit, "proposal", title="Nhóm", scheme="group", sites=sites, budget=[line])
    offices.send(unit, province)
    return unit, province, id_


def test_offices_that_changed_different_sites_meet_and_the_sums_follow(offices, shared_group):
    unit, province, id_ = shared_group
    changing.set_values(province, id_, {"sites/a/name": "Xưởng A mới"})
    changing.set_values(unit, id_, {"budget/l/site": "Xưởng B", "sites/b/address": "Thôn B"})
    offices.send(unit, province)
    assert conflicts.pile(province) == []
    record = province.store.record(id_)
    assert (record.text("budget/l/site"), record.value("sites/a/name")) == ("Xưởng B", "Xưởng A mới")
    assert [row.get("cost") for row in record.rows("sites")] == [None, 5]


def test_two_sites_chosen_for_one_line_wait_with_their_names(offices, shared_group):
    unit, province, id_ = shared_group
    changing.set_values(province, id_, {"sites/c": {"name": "Xưởng C"}, "budget/l/site": "Xưởng C"})
    changing.set_values(unit, id_, {"budget/l/site": "Xưởng B"})
    offices.send(unit, province)
    (question,) = conflicts.pile(province)
    assert {side.text for side in (question.shown, *question.waiting)} == {"Xưởng B", "Xưởng C"}


def test_a_site_deleted_elsewhere_leaves_no_line_silently_at_it(offices, shared_group):
    unit, province, id_ = shared_group
    changing.save(province, id_, {"sites/a": None})
    changing.set_values(unit, id_, {"budget/m": {"item": "Máy hai", "site": "Xưởng A", "cost": 7}})
    offices.send(unit, province)
    record = province.store.record(id_)
    named = {row["item"]: record.text(f"budget/{row['id']}/site") for row in record.rows("budget")}
    assert named == {"Máy": "", "Máy hai": "(dòng đã xoá)"}
    assert any("hãy chọn lại" in problem.message for problem in record.problems())
    assert record.value("unplaced_cost") == 12
