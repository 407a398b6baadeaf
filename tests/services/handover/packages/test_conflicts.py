"""The pile: who wrote what where and when, and deciding it once for everybody."""

import pytest

from kcdesk.demo import sample_lives
from kcdesk.errors import UserError
from kcdesk.services.handover.packages import conflicts, receiving
from kcdesk.services.handover.receipts import standing, writing
from kcdesk.services.lifecycle import steps
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


def answer_and_undo(province, id_, stamp):
    """Decide the only open conflict, undo, redo and undo again; the questions after each of these."""
    conflicts.decide(province, id_, "title", stamp)
    after = [conflicts.pile(province)]
    for act in (changing.undo, changing.redo, changing.undo):
        act(province)
        after.append(conflicts.pile(province))
    return after


def test_a_locked_record_says_first_that_another_value_needs_a_new_revision(offices, pair):
    unit, province, _id = pair
    owner = new(unit, "beneficiary", **sample_lives.OWNER)
    steps.take_step(unit, owner, "finalise")
    offices.send(unit, province)

    def one_about(path):
        return next(one for one in conflicts.pile(province, owner) if one.path == path)

    for office, phone in ((unit, "0905999111"), (province, "0905888222")):
        steps.take_step(office, owner, "correct", "Đổi số điện thoại")
        changing.set_values(office, owner, {"phone": phone})
        steps.take_step(office, owner, "finalise")
    offices.send(unit, province)
    question = one_about("phone")
    assert question.obstacle == (
        "Đơn vị thụ hưởng «Cơ sở Mẫu» đang ở trạng thái «Đã chốt» nên không sửa được. "
        "Muốn dùng bản này thì mở hồ sơ, chọn «Sửa thành bản mới», rồi trở lại đây."
    )
    with pytest.raises(UserError, match="Đã chốt"):
        conflicts.decide(province, owner, "phone", question.waiting[0].stamp)
    steps.take_step(province, owner, "correct", "Theo số của đơn vị")
    question = one_about("phone")
    assert question.obstacle == ""
    conflicts.decide(province, owner, "phone", question.waiting[0].stamp)
    assert not [one for one in conflicts.pile(province, owner) if one.path == "phone"]


def test_an_undone_decision_is_open_again_whichever_value_it_chose(offices, pair):
    unit, province, id_ = pair
    changing.set_values(unit, id_, {"title": "Của trung tâm"})
    changing.set_values(province, id_, {"title": "Của tỉnh"})
    offices.send(unit, province)
    (question,) = conflicts.pile(province)
    texts = (question.shown.text, question.waiting[0].text, question.waiting[0].stamp)
    for stamp in ("", question.waiting[0].stamp):
        decided, open_again, settled, last = answer_and_undo(province, id_, stamp)
        assert (decided, settled) == ([], [])
        for questions in (open_again, last):
            (again,) = questions
            assert (again.shown.text, again.waiting[0].text, again.waiting[0].stamp) == texts
        assert province.store.get(id_).data["title"] == "Của tỉnh"
    conflicts.decide(province, id_, "title", question.waiting[0].stamp)
    assert province.store.get(id_).data["title"] == "Của trung tâm", "the question that came back can be answered"
    assert province.store.check() == []


def test_a_reopened_decision_is_no_part_of_the_edit_before_it_and_travels_as_it_stands(offices, pair):
    unit, province, id_ = pair
    changing.set_values(province, id_, {"title": "Của tỉnh"})
    changing.set_values(unit, id_, {"title": "Của trung tâm"})
    offices.send(unit, province)
    (question,) = conflicts.pile(province)
    conflicts.decide(province, id_, "title")
    assert len(province.store.undo_steps()[0].run) == 1
    changing.undo(province)
    answer(offices, province, unit)
    assert [side.text for side in (conflicts.pile(unit)[0].shown, *conflicts.pile(unit)[0].waiting)] == [
        question.shown.text,
        question.waiting[0].text,
    ]


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
