"""A failed item may need a photo: by the checklist of the day of the visit, until one shows it or a note says why."""

import pytest

from kcdesk.errors import IncompleteError, UserError
from kcdesk.progress import ignore_progress
from kcdesk.services.attachments import photos
from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.records import changing
from kcdesk.services.visits import failed_photos
from tests.services import samples
from tests.services.attachments.test_photos import content, scene

SINCE, BEFORE = "30/11/2026", "29/11/2026"  # of version 2 of the checklist of machinery
OWN = "safety"


@pytest.fixture
def visit(workspace):
    """A visit with everything answered, in which one item that is to be seen has failed."""
    proposal = samples.approved(workspace)
    samples.contract(workspace, proposal)
    steps.take_step(workspace, proposal, "contract")
    id_ = samples.begin(workspace, proposal, "acceptance")
    samples.answer(workspace, id_)
    fail(workspace, id_, SINCE)
    return id_


def fail(workspace, id_, visited_on, **cells):
    rows = workspace.store.record(id_).rows("checklist")
    failed = {"result": "fail", "finding": "Lối thoát bị che"} | cells
    rows = [row | (failed if row["code"] == OWN else {"result": "pass"}) for row in rows]
    changing.set_values(workspace, id_, {"visited_on": visited_on, "checklist": rows})


def take(workspace, id_, item):
    number = len(workspace.store.record(id_).value("photos") or [])
    photos.add_photos(workspace, id_, "photos", [content(scene(number))], ignore_progress, item)


def asked(workspace, id_):
    problems = failed_photos.obstacles(workspace, workspace.store.record(id_))
    return [(problem.field.split("/")[2], problem.advice) for problem in problems]


def row_of(workspace, id_):
    rows = workspace.store.record(id_).rows("checklist")
    return next(f"checklist/{row['id']}" for row in rows if row["code"] == OWN)


def test_it_stops_closing_until_a_photo_shows_the_item(workspace, visit):
    outlook = missing.outlook_of(workspace, workspace.store.record(visit))
    sentence = next(problem.message for problem in outlook.must if "ảnh" in problem.message)
    assert "Nơi đặt máy" in sentence
    assert "Đề xuất của chương trình, chưa có văn bản quy định" in sentence
    with pytest.raises(IncompleteError):
        steps.take_step(workspace, visit, "finalise")
    with pytest.raises(UserError) as refused:
        take(workspace, visit, "checklist/none")
    assert refused.value.code == "no_such_row"
    take(workspace, visit, "")
    assert asked(workspace, visit) == [("result", False)]
    take(workspace, visit, row_of(workspace, visit))
    assert asked(workspace, visit) == []
    kept = workspace.store.record(visit).value("photos")
    assert [file.get("item") for file in kept] == [None, row_of(workspace, visit)]
    changing.set_values(workspace, visit, {"photos": []})
    assert asked(workspace, visit) == [("result", False)]


def test_a_note_that_says_why_there_is_none_leaves_advice(workspace, visit):
    fail(workspace, visit, SINCE, note="Máy ảnh hết pin")
    assert asked(workspace, visit) == [("result", True)]


def test_earlier_visits_and_other_items_need_none(workspace, visit):
    fail(workspace, visit, BEFORE)
    assert asked(workspace, visit) == []
    fail(workspace, visit, SINCE, result="not_applicable")
    assert asked(workspace, visit) == []
    rows = workspace.store.record(visit).rows("checklist")
    failed = {"result": "fail", "finding": "Chưa ký"}
    rows = [row | (failed if row["code"] == "purchase_contract" else {"result": "pass"}) for row in rows]
    changing.set_values(workspace, visit, {"checklist": rows})
    assert asked(workspace, visit) == []
