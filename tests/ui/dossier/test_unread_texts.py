"""Text that no field can read stays where it was typed: after leaving, after closing, after a power cut."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from kcdesk.errors import IncompleteError
from kcdesk.services.deadlines.listing import Listing
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening
from kcdesk.services.overview import todays_work
from kcdesk.services.records import changing, unread_texts
from tests.ui.form_support import button

NO_DEADLINES = Listing(date(2026, 11, 30), "", (), (), (), ())
WRONG_TAX_CODE = "0100109107"  # the check digit of 0100109106 is 6
NO_DAY = "31/02/2026"


@pytest.fixture
def beneficiary(workspace):
    return changing.add(workspace, "beneficiary", {"name": "Cơ sở Thử"}).items[0].id


def _type(qtbot, page, path, text):
    """Type in a field and leave it with Tab."""
    page.focus_field(path)
    qtbot.keyClicks(QApplication.focusWidget(), text)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)


def _text(page, path):
    return page.form.editor(path).input.text()


def test_typed_text_that_cannot_be_read_stays_when_the_dossier_is_left(open_window, qtbot, workspace, beneficiary):
    window = open_window(workspace)
    page = window.open_record(beneficiary)
    _type(qtbot, page, "tax_code", WRONG_TAX_CODE)
    _type(qtbot, page, "registration_date", NO_DAY)
    assert window.status.saved.text() == "2 ô chưa lưu"
    window.go("overview")
    assert window.status.saved.text() == "2 ô chưa lưu"
    page = window.open_record(beneficiary)
    assert (_text(page, "tax_code"), _text(page, "registration_date")) == (WRONG_TAX_CODE, NO_DAY)
    assert "sai chữ số kiểm tra" in page.form.editor("tax_code").problem()
    assert workspace.store.record(beneficiary).value("tax_code") is None


def test_the_bar_and_the_first_page_lead_to_a_text_that_is_not_saved(open_window, qtbot, workspace, beneficiary):
    unread_texts.keep(workspace, beneficiary, {"registration_date": NO_DAY})
    window = open_window(workspace)
    (line,) = [line for line in todays_work.urgent_work(workspace, NO_DEADLINES) if line.record == beneficiary]
    assert line.text == "1 ô đã gõ chưa được lưu – Cơ sở Thử"
    qtbot.mouseClick(window.status.saved, Qt.MouseButton.LeftButton)
    assert window.page.record_id == beneficiary
    assert window.page.form.editor("registration_date").has_focus()
    unread_texts.keep(workspace, beneficiary, {})
    assert not [line for line in todays_work.urgent_work(workspace, NO_DEADLINES) if line.record == beneficiary]


def test_it_is_still_there_in_another_session_and_while_it_is_typed(open_window, qtbot, workspace, beneficiary):
    page = open_window(workspace).open_record(beneficiary)
    page.focus_field("registration_date")
    qtbot.keyClicks(QApplication.focusWidget(), "31/0")
    page.form.keep_typed()  # what the timer does 400 ms after the first key; then the power fails
    with workspace.alongside() as other:
        assert unread_texts.of_record(other, beneficiary) == {"registration_date": "31/0"}


def test_a_text_that_was_put_right_is_saved_and_the_bar_says_so(open_window, qtbot, workspace, beneficiary):
    unread_texts.keep(workspace, beneficiary, {"tax_code": WRONG_TAX_CODE})
    window = open_window(workspace)
    assert window.status.saved.text() == "1 ô chưa lưu"
    page = window.open_record(beneficiary)
    page.form.editor("tax_code").input.selectAll()
    _type(qtbot, page, "tax_code", "0100109106")
    assert window.status.saved.text().startswith("Đã lưu")
    assert workspace.store.record(beneficiary).value("tax_code") == "0100109106"
    assert unread_texts.counts(workspace) == {}


def test_emptying_the_field_gives_the_text_up(open_window, qtbot, workspace, beneficiary):
    unread_texts.keep(workspace, beneficiary, {"registration_date": NO_DAY})
    page = open_window(workspace).open_record(beneficiary)
    page.focus_field("registration_date")
    page.form.editor("registration_date").input.selectAll()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert unread_texts.of_record(workspace, beneficiary) == {}


def test_a_cell_of_a_table_keeps_its_text(open_window, qtbot, workspace):
    values = {"title": "Đề án", "budget": [{"item": "Máy"}]}
    proposal = changing.add(workspace, "proposal", values).items[0].id
    row = workspace.store.record(proposal).rows("budget")[0]["id"]
    window = open_window(workspace)
    page = window.open_record(proposal)
    page.focus_field(f"budget/{row}/cost")
    for letter in "muoi hai":  # the first opens the cell
        qtbot.keyClick(QApplication.focusWidget(), letter)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert unread_texts.of_record(workspace, proposal) == {f"budget/{row}/cost": "muoi hai"}
    window.go("overview")
    model = window.open_record(proposal).form.editor("budget").model
    column = [column.name for column in model.columns].index("cost")
    assert model.index(0, column).data() == "muoi hai"


def test_a_record_with_unread_text_is_not_made_final(workspace, beneficiary):
    changing.save(workspace, beneficiary, {"legal_form": "cooperative"})  # a cooperative must have a tax code
    unread_texts.keep(workspace, beneficiary, {"tax_code": WRONG_TAX_CODE})
    with pytest.raises(IncompleteError) as refused:
        steps.take_step(workspace, beneficiary, "finalise")
    (message,) = [problem.message for problem in refused.value.problems if problem.field == "tax_code"]
    assert WRONG_TAX_CODE in message  # not «chưa nhập» as well


def test_unread_cells_are_listed_in_the_order_of_the_page_with_their_rows(workspace):
    values = {"title": "Đề án", "budget": [{"item": "Máy"}, {"item": "Nhà xưởng"}]}
    proposal = changing.add(workspace, "proposal", values).items[0].id
    first, second = (row["id"] for row in workspace.store.record(proposal).rows("budget"))
    texts = {f"budget/{second}/cost": "hai", f"budget/{first}/cost": "mot", "starts_on": NO_DAY}
    unread_texts.keep(workspace, proposal, texts)
    messages = [problem.message for problem in unread_texts.obstacles(workspace, workspace.store.record(proposal))]
    assert [message.partition(" chưa")[0].rpartition(": ")[2] for message in messages] == [
        f"«{NO_DAY}»",
        "«mot»",
        "«hai»",
    ]
    assert [message.partition(",")[0] for message in messages[1:]] == ["Dòng 1", "Dòng 2"]


def test_after_a_refusal_the_field_and_its_section_tell_it_once(open_window, workspace, beneficiary):
    changing.save(workspace, beneficiary, {"legal_form": "cooperative"})
    unread_texts.keep(workspace, beneficiary, {"tax_code": WRONG_TAX_CODE})
    page = open_window(workspace).open_record(beneficiary)
    page.form.show_problems(steps.final_problems(workspace, workspace.store.record(beneficiary)))
    assert "chưa nhập" not in page.form.editor("tax_code").problem()
    lacking = [p for p in steps.final_problems(workspace, workspace.store.record(beneficiary)) if not p.advice]
    assert sum(count for _id, _label, count in page.form.sections()) == len({problem.field for problem in lacking})


def test_a_deleted_record_no_longer_counts_and_comes_back_with_its_text(workspace, beneficiary):
    unread_texts.keep(workspace, beneficiary, {"tax_code": WRONG_TAX_CODE})
    changing.delete(workspace, beneficiary)
    assert unread_texts.counts(workspace) == {}
    changing.undo(workspace)
    assert unread_texts.counts(workspace) == {beneficiary: 1}


def test_the_text_is_kept_when_the_store_is_opened_again(workspace, store_folder, beneficiary):
    unread_texts.keep(workspace, beneficiary, {"tax_code": WRONG_TAX_CODE})
    workspace.close()
    reopened = opening.open_workspace(store_folder)
    assert unread_texts.of_record(reopened, beneficiary) == {"tax_code": WRONG_TAX_CODE}
    reopened.close()


def test_a_wrong_code_is_kept_as_on_paper_at_a_press(open_window, qtbot, workspace, beneficiary):
    window = open_window(workspace)
    page = window.open_record(beneficiary)
    _type(qtbot, page, "tax_code", WRONG_TAX_CODE)
    editor = page.form.editor("tax_code")
    qtbot.mouseClick(button(editor, "Giữ như trên giấy"), Qt.MouseButton.LeftButton)
    assert workspace.store.record(beneficiary).value("tax_code") == WRONG_TAX_CODE
    assert window.status.saved.text().startswith("Đã lưu")
    assert editor.note_text("written").startswith("Giữ như trên giấy.")
    assert editor.problem() == ""


def test_a_day_that_does_not_exist_cannot_be_kept(open_window, qtbot, workspace, beneficiary):
    page = open_window(workspace).open_record(beneficiary)
    _type(qtbot, page, "registration_date", NO_DAY)
    shown = page.form.editor("registration_date").findChildren(QPushButton)
    assert "Giữ như trên giấy" not in [each.text() for each in shown]


def test_a_key_after_opening_replaces_nothing_and_after_a_jump_the_field(open_window, qtbot, workspace, beneficiary):
    window = open_window(workspace)
    page = window.open_record(beneficiary)
    qtbot.keyClicks(QApplication.focusWidget(), "x")
    assert "Cơ sở Thử" in _text(page, "name")
    _type(qtbot, page, "name", "Moi")
    assert workspace.store.record(beneficiary).value("name") == "Moi"


def test_a_field_that_loses_the_keyboard_after_the_store_was_closed_writes_nothing(
    open_window, qtbot, workspace, beneficiary
):
    """Deleting a window takes the keyboard from its fields, and its store may be closed by then."""
    window = open_window(workspace)
    page = window.open_record(beneficiary)
    page.focus_field("registration_date")
    field = QApplication.focusWidget()
    qtbot.keyClicks(field, NO_DAY)
    window.close()
    kept = unread_texts.of_record(workspace, beneficiary)
    workspace.close()
    field.setText("1")
    field.textEdited.emit("1")
    page.form.keep_typed()  # as its timer does
    assert kept == {"registration_date": NO_DAY}
