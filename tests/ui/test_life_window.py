"""The life of a proposal in the window: the next step on the button, the others in a menu, returns field by field."""

import pytest
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLineEdit, QPushButton, QWidget

from kcdesk.app import build_window
from kcdesk.formdef.loader import load
from kcdesk.services import records, steps
from kcdesk.settings import Settings
from kcdesk.store.changes import Change, Changes
from tests.services import lives

_OF_GROUP: dict[str, list[str]] = {}
for _activity in load().activities:
    _OF_GROUP.setdefault(_activity.group, []).append(_activity.code)


@pytest.fixture
def window(qtbot, workspace, theme, messages):
    window = build_window(workspace, Settings(), theme, messages)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    yield window
    window.close()
    window.context.worker.close()


def in_window(window):
    """How a step is taken: by the button where it is the next one, else from the menu beside it."""

    def step(workspace, id_, *names):
        for name in names:
            page = window.open_record(id_)
            window.context.announce(Changes("", (Change(id_, "proposal", ("state",)),), ""))  # what services did
            label = next(one.label for one in steps.possible(workspace, page.record) if one.name == name)
            if window.header.main.text() == label:
                window.header.main.click()
            else:
                next(act for act in window.header.steps.menu().actions() if act.text() == label).trigger()
            assert window.context.messages.said[-1].startswith(f"{label}: "), window.context.messages.said

    return step


@pytest.mark.parametrize("group", _OF_GROUP)
def test_one_proposal_of_each_group_goes_from_draft_to_archive(window, workspace, group):
    id_ = lives.write(workspace, _OF_GROUP[group][0])
    lives.live(workspace, id_, in_window(window))
    assert lives.state(workspace, id_) == "archived"
    assert window.header.main.isHidden()
    assert window.header.steps.isHidden()


@pytest.mark.parametrize("group", [group for group, codes in _OF_GROUP.items() if codes[1:]])
def test_the_others_of_a_group_are_made_final_in_the_window(window, workspace, group):
    for activity in _OF_GROUP[group][1:]:
        id_ = lives.write(workspace, activity)
        window.open_record(id_)
        window.header.main.click()
        assert lives.state(workspace, id_) == "final", activity
        window.back()


def test_the_other_steps_stand_in_a_menu_beside_the_next_one(window, workspace):
    id_ = lives.write(workspace, "brand")
    records.move(workspace, id_, "finalise")
    window.open_record(id_)
    assert window.header.main.text() == "Gửi thẩm định"
    others = [act.text() for act in window.header.steps.menu().actions()]
    assert others == ["Ghi nhận phê duyệt", "Ghi nhận không được phê duyệt", "Sửa thành bản mới"]
    assert not set(others) & {act.text() for act in window.header.more.menu().actions()}


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


def test_the_letter_for_what_is_missing_is_one_click_away(window, workspace, qtbot):
    made = records.add(workspace, "proposal", {"title": "Đề án mẫu", "activity": "brand"})
    page = window.open_record(made.items[0].id)
    assert page.findChild(QPushButton, "supplement_letter").isVisible()
    letter = page.supplement_letter()
    qtbot.addWidget(letter)
    assert letter.findChild(QComboBox, "preview.paper").currentText() == "Công văn bổ sung hồ sơ đề án"
    letter.done(0)


def test_what_is_typed_last_decides_what_the_next_step_is(window, workspace):
    id_ = lives.write(workspace, "brand")
    records.move(workspace, id_, "finalise")
    page = window.open_record(id_)
    for name, value in (*lives.APPROVAL.items(), ("approved_local", lives.SUPPORT)):
        editor = page.findChild(QWidget, f"proposal.{name}")
        editor.set_value("2018-02-15" if name == "decision_date" else value)
        editor.changed.emit()
    page.on_leave()
    assert window.header.main.text() == "Ghi nhận phê duyệt"
    window.run_main_action()
    assert lives.state(workspace, id_) == "approved", window.context.messages.said
