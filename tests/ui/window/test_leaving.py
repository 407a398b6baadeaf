"""On leaving a page an untouched new record is not kept, a deleted record has no page, and a late answer is dropped."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from shiboken6 import isValid

from kcdesk.errors import UserError
from kcdesk.services.overview import counters
from kcdesk.services.records import changing, copies, parents, reading
from kcdesk.ui.shell.page import Page
from kcdesk.ui.shell.questions import ChoiceQuestion
from kcdesk.ui.shell.worker import is_gone
from tests.ui.form_support import press, rest, type_text

_EXEC = QDialog.exec  # other tests refuse dialogs that wait


@pytest.fixture
def window(open_window, workspace):
    return open_window(workspace)


# -- new records ---------------------------------------------------------------------------------------------------


def traces(workspace):
    """Everything that a record may leave: itself, the step of undo and redo, the counter, the history."""
    return (
        {kind: reading.count(workspace, kind) for kind in workspace.forms.kinds},
        changing.undo_label(workspace),
        changing.redo_label(workspace),
        counters.to_hand_over(workspace),
        [act.id for act in workspace.store.acts(100)],
    )


def test_a_new_record_of_any_kind_leaves_no_trace_when_it_is_left_untouched(window, workspace):
    above = {
        kind: changing.add(workspace, kind, {}).items[0].id for kind in ("proposal", "beneficiary", "product_vote")
    }
    window.go("overview")
    before = traces(workspace)
    opened = []
    for kind in workspace.forms.kinds:
        form, needed = workspace.forms.current(kind), parents.parent_kind(workspace, kind)
        if needed and needed not in above:
            continue
        begun = changing.begin(workspace, kind, {form.parent: above[needed]} if needed else {})
        if window.open_record(begun) is None:
            continue
        opened.append(kind)
        assert window.page.record_id == begun
        press(window, "Alt+Left")
        assert window.page.title == "Tổng quan", kind
        assert traces(workspace) == before, kind
        with pytest.raises(UserError):
            workspace.store.get(begun)
    assert {"beneficiary", "proposal", "acceptance", "inspection", "contract", "plan", "task"} <= set(opened)
    assert workspace.store.check() == []


def test_ctrl_n_on_a_list_and_leaving_by_any_way_leaves_no_trace(window, workspace):
    before = traces(workspace)
    for leave in ("Alt+Left", "Alt+1", "Ctrl+Z"):
        window.go("proposal")
        press(window, "Ctrl+N")
        assert window.page.record.kind == "proposal"
        press(window, leave)
        assert not hasattr(window.page, "record_id"), leave
        assert traces(workspace) == before, leave
    window.go("proposal")
    press(window, "Ctrl+N")
    window.close()
    assert traces(workspace) == before


def test_the_first_letter_writes_the_record_and_undo_takes_back_one_after_the_other(window, workspace):
    window.go("beneficiary")
    press(window, "Ctrl+N")
    type_text("Cơ sở")
    press(window, "Return")
    assert [row.title for row in reading.list_page(workspace, "beneficiary")] == ["Cơ sở"]
    window.undo()
    assert reading.count(workspace, "beneficiary") == 1
    window.undo()
    assert reading.count(workspace, "beneficiary") == 0
    window.redo()
    window.redo()
    assert [row.title for row in reading.list_page(workspace, "beneficiary")] == ["Cơ sở"]


@pytest.mark.parametrize("leave", ["Alt+Left", "Alt+1", "close"])
def test_a_new_record_whose_typing_was_undone_is_not_left_behind_empty(window, workspace, leave):
    window.go("beneficiary")
    press(window, "Ctrl+N")
    type_text("Cơ sở")
    press(window, "Return")
    press(window, "Ctrl+Z")
    assert window.page.record.kind == "beneficiary", "he may type something else"
    window.close() if leave == "close" else press(window, leave)
    assert reading.count(workspace, "beneficiary") == 0
    changing.redo(workspace)
    changing.redo(workspace)
    assert [row.title for row in reading.list_page(workspace, "beneficiary")] == ["Cơ sở"]


def test_what_undoing_brings_back_to_its_beginning_stays_if_it_was_made_otherwise(window, workspace):
    """A copy has something to lose."""
    model = changing.add(workspace, "proposal", {"title": "Máy mẫu"}).items[0].id
    copy = copies.copy(workspace, model).items[0].id
    window.open_record(copy)
    window.context.announce(changing.set_values(workspace, copy, {"note": "Mẫu"}))
    window.undo()
    window.back()
    assert workspace.store.get(copy).deleted is None


def test_a_contract_begun_from_an_untouched_proposal_brings_it_along_with_its_first_change(workspace):
    proposal = changing.begin(workspace, "proposal", {})
    contract = changing.begin(workspace, "contract", {"proposal": proposal})
    changing.save(workspace, contract, {"number": "1/HĐ"})
    assert workspace.store.record(contract).value("proposal") == proposal
    assert [stored.id for stored in workspace.store.page("proposal")] == [proposal]
    assert workspace.store.check() == []


# -- records that are deleted --------------------------------------------------------------------------------------


def test_undoing_that_the_record_in_front_was_made_leaves_its_page(window, workspace):
    proposal = changing.add(workspace, "proposal", {"title": "Đề án"}).items[0].id
    visit = changing.add(workspace, "acceptance", {"proposal": proposal}).items[0].id
    window.go("acceptance")
    window.open_record(visit)
    window.undo()
    assert window.page.title == "Nghiệm thu"
    press(window, "F9")
    rest()
    assert window.page.title == "Nghiệm thu"
    window.redo()
    assert window.open_record(visit) is not None


def test_a_record_that_is_deleted_while_one_types_in_it_goes_without_a_word_about_its_field(
    window, workspace, messages
):
    id_ = changing.add(workspace, "beneficiary", {"name": "Cơ sở"}).items[0].id
    window.go("beneficiary")
    window.open_record(id_)
    window.page.focus_field("name")
    type_text(" đang gõ")
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    window.context.act(lambda: changing.delete(workspace, id_))
    rest()
    assert window.page.title == "Đơn vị thụ hưởng"
    assert messages.said == []
    assert reading.count(workspace, "beneficiary") == 0


def test_the_page_above_stays_when_the_record_below_it_is_deleted(window, workspace):
    below = changing.add(workspace, "beneficiary", {"name": "Cơ sở"}).items[0].id
    above = changing.add(workspace, "proposal", {"title": "Đề án"}).items[0].id
    window.go("beneficiary")
    window.open_record(below)
    window.open_record(above)
    window.context.act(lambda: changing.delete(workspace, below))
    rest()
    assert window.page.record_id == above
    window.back()
    assert window.page.title == "Đơn vị thụ hưởng"


# -- answers for pages that are gone -------------------------------------------------------------------------------


class AskingPage(Page):
    """A page that waits for a long task."""

    title = "Xem tệp"

    def __init__(self, context):
        super().__init__(context)
        self.answers = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def test_an_answer_is_dropped_and_its_task_stopped_when_the_page_that_waits_for_it_is_gone(window, qtbot):
    answers, begun = [], threading.Event()
    page = window.open_page(AskingPage)

    def work(progress):
        begun.set()
        while True:
            progress(0, 0, "")

    job = window.context.worker.run(work, text="", done=answers.append, failed=answers.append, owner=page)
    last = window.context.worker.run(
        lambda _progress: "xong", text="", done=answers.append, failed=answers.append, owner=page
    )
    assert begun.wait(5)
    with qtbot.waitSignals([job.ended, last.ended]):
        window.go("proposal")
    rest()
    assert answers == []


def test_a_page_that_is_ready_later_does_not_push_itself_before_the_officer(window):
    window.go("handoff")
    asking = window.page
    window.go("proposal")
    asking.page_requested.emit(AskingPage)
    assert window.page.title == "Đề án"
    assert window.notices.text() == "«Bàn giao» đã xem xong tệp."
    window.notices.act()
    assert window.page.title == "Xem tệp"


def test_a_new_record_with_a_text_that_cannot_be_read_stays(window, workspace):
    window.go("beneficiary")
    press(window, "Ctrl+N")
    new = window.page.record_id
    window.page.focus_field("tax_code")
    type_text("không phải mã số thuế")
    press(window, "Alt+Left")
    assert window.page.title == "Đơn vị thụ hưởng"
    assert [stored.id for stored in workspace.store.page("beneficiary")] == [new]


def test_undo_and_redo_say_what_they_changed_and_survive_a_change_of_page(window, workspace, messages):
    id_ = changing.add(workspace, "beneficiary", {"name": "Cơ sở Mẫu"}).items[0].id
    window.open_record(id_)
    window.context.act(lambda: changing.set_values(workspace, id_, {"phone": "0912345678"}))
    window.go("reports")
    window.go("proposal")
    press(window, "Ctrl+Z")
    assert messages.said[-1] == "Đã hoàn tác: sửa điện thoại – «Cơ sở Mẫu»."
    assert "phone" not in workspace.store.get(id_).data
    press(window, "Ctrl+Shift+Z")
    assert messages.said[-1] == "Đã làm lại: sửa điện thoại – «Cơ sở Mẫu»."
    assert workspace.store.get(id_).data["phone"] == "0912345678"
    assert window.notices.text() == messages.said[-1]


# -- under a dialog ------------------------------------------------------------------------------------------------


class Asking(Page):
    """A page that asks a question and then goes on with its own widgets."""

    title = "Hỏi"

    def __init__(self, context):
        super().__init__(context)
        self.field = QLineEdit(self)
        self.field.setAccessibleName("Ô")

    def ask(self, dialog):
        dialog.exec()
        self.field.setText("xong")


@pytest.fixture
def dialogs_wait(monkeypatch):
    """Dialogs wait for their end, as for an officer."""
    monkeypatch.setattr(QDialog, "exec", _EXEC)


@pytest.mark.usefixtures("dialogs_wait")
def test_a_page_that_is_left_under_its_dialog_lives_until_the_dialog_ends(window, qtbot):
    page = window.open_page(Asking)
    dialog = ChoiceQuestion("Làm tiếp?", "", "Làm", "Thôi", window)

    def leave():
        window.go("overview")
        rest()
        QTimer.singleShot(0, dialog.accept)

    QTimer.singleShot(0, leave)
    with qtbot.captureExceptions() as raised:
        page.ask(dialog)
    assert raised == []
    assert page.field.text() == "xong"
    assert is_gone(page)
    qtbot.waitUntil(lambda: not isValid(page))


@pytest.mark.usefixtures("dialogs_wait")
def test_a_page_that_is_left_lives_while_its_hidden_dialog_still_answers(window, qtbot):
    page = window.open_page(Asking)
    dialog = ChoiceQuestion("Làm tiếp?", "", "Làm", "Thôi", page)

    def leave_and_look():
        window.go("overview")
        dialog.accept()  # hidden at once; the method goes on when the events of this moment are through
        looks = []
        QTimer.singleShot(500, lambda: looks.append("looked"))
        qtbot.waitUntil(lambda: looks != [])

    QTimer.singleShot(0, leave_and_look)
    with qtbot.captureExceptions() as raised:
        page.ask(dialog)
    assert raised == []
    assert page.field.text() == "xong"
    qtbot.waitUntil(lambda: not isValid(page))
