"""The life of a proposal in the window: the next step on the button, the others in a menu, returns field by field."""

import shutil
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QWidget

from kcdesk.app import build_window
from kcdesk.demo import sample_lives as life
from kcdesk.formdef.loading.loader import load
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing, reading
from kcdesk.services.records import related as record_related
from kcdesk.settings import Settings
from kcdesk.ui.form.editors.base import Editor
from tests.examples import some
from tests.services import lives, samples
from tests.ui.conftest import ScriptedMessages
from tests.ui.form_support import sentences
from tests.ui.life_officer import LifeOfficer

ACTIVITIES = [activity.code for activity in load().activities]
# One that shows machines at the visit, one that shows classes, and one that is not visited. What follows «Chốt» in the
# life of other activities goes through the command line (tests/cli/test_lives.py), so through the same services.
WHOLE_LIVES = ("machinery", "vocational_training", "international_cooperation")


@pytest.fixture
def window(open_window, workspace):
    return open_window(workspace)


# -- every activity in the window ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def officer(practice_store, tmp_path_factory, theme):
    """One officer, one window, one store for every activity; the beneficiary is made in the window too."""
    workspace = opening.open_workspace(shutil.copytree(practice_store, tmp_path_factory.mktemp("lives") / "store"))
    window = build_window(workspace, Settings(), theme, ScriptedMessages())
    window.resize(1366, 768)
    window.show()
    officer = LifeOfficer(window)
    officer.new("beneficiary")
    officer.answer(life.OWNER)
    officer.take("Chốt")
    yield officer
    window.close()
    window.deleteLater()
    window.context.worker.close()
    workspace.close()


@pytest.mark.parametrize("activity", some(5, [activity for activity in ACTIVITIES if activity not in WHOLE_LIVES]))
def test_a_proposal_of_every_activity_is_written_and_made_final(officer, activity):
    write(officer, activity)
    assert officer.record.state == "final"
    assert officer.window.header.main.text() == "Gửi thẩm định"


@pytest.mark.parametrize("activity", WHOLE_LIVES)
def test_a_proposal_goes_from_draft_to_archive(officer, activity):
    write(officer, activity)
    officer.answer(life.approval(officer.record.data))
    officer.take("Ghi nhận phê duyệt")
    sign(officer)
    known = officer.record.data
    pay(officer, life.advance(known))
    accept(officer, known, visited=officer.forms.activity(activity).visit)
    pay(officer, life.remaining(known))
    settle(officer, known)
    wind_up(officer)
    officer.answer(life.ARCHIVED)
    officer.take("Đưa vào lưu trữ")
    assert officer.record.state == "archived"
    assert officer.window.header.main.isHidden()
    assert officer.window.header.steps.isHidden()


def write(officer, activity):
    """A proposal of an activity with every answer, made final."""
    owner = officer.window.context.workspace.store.page("beneficiary")[0].id
    answers = life.proposal(activity, beneficiaries=[owner])
    officer.new("proposal")
    officer.answer({name: answers.pop(name) for name in ("title", "activity")}, typed=("title", "activity"))
    officer.answer(answers)
    officer.window.context.messages.answers.append(True)  # not every usual paper is listed; it is closed all the same
    officer.take("Chốt")
    officer.window.context.messages.answers.clear()


def sign(officer):
    """The contract, with the lines of the proposal."""
    officer.begin("contract")
    officer.answer(life.CONTRACT)
    officer.take("Chốt")
    officer.back()
    officer.take("Ghi nhận hợp đồng", "Bắt đầu thực hiện")


def pay(officer, asked):
    """A payment with its papers, paid."""
    officer.begin("payment")
    officer.answer(asked)
    officer.answer(life.originals(officer.record.data))
    officer.take("Chốt")
    officer.answer(life.PAID)
    officer.back()


def accept(officer, known, *, visited):
    """One visit that accepts all, where there is something to visit."""
    if visited:
        officer.begin("acceptance")
        officer.answer(life.visit(officer.record.data, known))
        officer.answer_the_rest()
        officer.take("Chốt")
        officer.back()
    officer.take("Ghi nhận nghiệm thu")


def settle(officer, known):
    """The accounts."""
    officer.begin("settlement")
    officer.answer(life.settlement(officer.record.data, known))
    officer.answer_the_rest()
    officer.take("Chốt")
    officer.back()
    officer.take("Ghi nhận quyết toán")


def wind_up(officer):
    """The liquidation, on the contract that is opened from «Liên quan»."""
    officer.open_related(life.CONTRACT["number"])
    officer.answer(life.liquidation())
    officer.back()
    officer.take("Ghi nhận thanh lý hợp đồng")


# -- single steps ----------------------------------------------------------------------------------------------------


def test_the_other_steps_stand_in_a_menu_beside_the_next_one(window, workspace):
    id_ = lives.write(workspace, "brand")
    steps.take_step(workspace, id_, "finalise")
    window.open_record(id_)
    assert window.header.main.text() == "Gửi thẩm định"
    offered = [act.text().split(" – ") for act in window.header.steps.menu().actions()]
    order = [step.label for step in workspace.forms.workflow("proposal").transitions]
    labels = [label for label, _outcome in offered]
    assert {"Gửi thẩm định", "Ghi nhận phê duyệt", "Sửa thành bản mới"} <= set(labels)
    assert labels == sorted(labels, key=order.index)
    assert dict(offered)["Gửi thẩm định"] == "chuyển sang «Đã gửi thẩm định»"
    assert "sửa lại được, thành bản mới" in dict(offered)["Sửa thành bản mới"]
    assert not set(labels) & {act.text() for act in window.header.more.menu().actions()}


def test_the_other_steps_keep_their_places_when_another_one_is_next(window, workspace):
    id_ = lives.write(workspace, "brand")
    steps.take_step(workspace, id_, "finalise")
    window.open_record(id_)
    before = [act.text() for act in window.header.steps.menu().actions()]
    first = window.header.main.text()
    window.context.announce(changing.set_values(workspace, id_, life.approval(window.page.record.data)))
    assert window.header.main.text() != first
    assert [act.text() for act in window.header.steps.menu().actions()] == before


def test_a_dossier_is_returned_field_by_field(window, workspace, qtbot):
    page = window.open_record(lives.write(workspace, "brand"))
    step = next(one for one in workspace.forms.workflow("proposal").transitions if one.name == "return")
    dialog = page.return_dialog(step)
    qtbot.addWidget(dialog)
    send = dialog.findChild(QDialogButtonBox).buttons()[0]
    assert not send.isEnabled()
    dialog.findChild(QLineEdit, "return.reason").setText("Cần làm rõ")
    field = dialog.findChild(QComboBox, "return.field.2")
    field.setCurrentIndex(field.findText("Mục tiêu cụ thể của đề án cần đạt được"))
    dialog.findChild(QLineEdit, "return.why.2").setText("Chưa có số liệu")
    assert send.isEnabled()
    assert (dialog.reason(), dialog.remarks()) == ("Cần làm rõ", [("goals", "Chưa có số liệu")])
    assert dialog.answers()["answer_by"] == workspace.today() + timedelta(days=15)  # proposed
    day = dialog.findChild(QLineEdit, "return.day")
    day.setText("1/1/2020")
    assert not send.isEnabled()
    assert "đã qua" in dialog.findChild(QLabel, "return.wrong_day").text()


def test_the_letter_is_one_click_away_once_a_dossier_was_sent_back(open_window, offices, pair, qtbot):
    unit, province = pair
    id_ = lives.write(unit, "brand")
    lives.take(unit, id_, "finalise", "send")
    offices.send(unit, province)
    page = open_window(province).open_record(id_)
    assert not page.findChild(QPushButton, "supplement_letter").isVisible()
    changes = steps.take_step(province, id_, "return", "Thiếu giấy tờ", [("budget", "Thiếu báo giá")])
    page.window().context.announce(changes)
    assert page.findChild(QPushButton, "supplement_letter").isVisible()
    assert "Đơn vị còn phải bổ sung:" in sentences(page)
    assert page.main_action() is None  # sending it again is the unit's step
    letter = page.supplement_letter()
    qtbot.addWidget(letter)
    assert letter.findChild(QComboBox, "preview.paper").currentText() == "Công văn bổ sung hồ sơ đề án"
    letter.done(0)


def test_what_is_typed_last_decides_what_the_next_step_is(window, workspace):
    id_ = lives.write(workspace, "brand")
    steps.take_step(workspace, id_, "finalise")
    page = window.open_record(id_)
    for name, value in (*lives.APPROVAL.items(), ("approved_local", lives.SUPPORT)):
        editor = page.findChild(QWidget, f"proposal.{name}")
        editor.set_value("2018-02-15" if name == "decision_date" else value)
        editor.changed.emit()
    page.on_leave()
    assert window.header.main.text() == "Ghi nhận phê duyệt"
    window.run_main_action()
    assert lives.state(workspace, id_) == "approved", window.context.messages.said


def test_a_dossier_out_of_sight_catches_up_when_it_is_seen_again(window, workspace):
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    proposal = window.open_record(id_)
    proposal.findChild(QPushButton, "create.contract").click()
    number = window.page.findChild(Editor, "contract.number")
    number.set_value("05/HĐ")
    number.changed.emit()
    window.back()
    assert window.page is proposal
    assert any(button.toolTip().startswith("05/HĐ") for button in proposal.findChildren(QPushButton))


def test_what_belongs_to_a_dossier_follows_when_it_names_another(window, workspace, monkeypatch):
    asked = []
    related = record_related.related
    monkeypatch.setattr(record_related, "related", lambda *given: asked.append(given) or related(*given))
    page = window.open_record(lives.write(workspace, "brand"))
    asked.clear()
    title = page.findChild(Editor, "proposal.title")
    title.set_value("Tên khác")
    title.changed.emit()
    page.on_leave()
    assert asked == []
    owner = samples.beneficiary(workspace, name="Cơ sở thứ hai")
    asked.clear()
    owners = page.findChild(Editor, "proposal.beneficiaries")
    owners.set_value([*page.record.value("beneficiaries"), owner])
    owners.changed.emit()
    page.on_leave()
    assert len(asked) == 1


def test_what_was_typed_in_several_fields_is_kept_as_one_change_on_leaving(window, workspace):
    page = window.open_record(lives.write(workspace, "brand"))
    acts = len(reading.history(workspace, page.record_id))
    for name, value in (("goals", "Một nhãn hiệu"), ("scale", "Một làng nghề"), ("necessity", "Chưa có nhãn hiệu")):
        editor = page.findChild(Editor, f"proposal.{name}")
        editor.set_value(value)
        editor.changed.emit()
    page.on_leave()
    newest, *before = reading.history(workspace, page.record_id)
    assert len(before) == acts
    assert newest["fields"] == ["goals", "necessity", "scale"]
