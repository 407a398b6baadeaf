"""Sentences are offered while typing: in lines, paragraphs, cells, checklists and reasons; never taken unasked."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton

from kcdesk.services.phrases import offering
from kcdesk.services.records import changing
from kcdesk.ui.dossier.return_dialog import ReturnDialog
from kcdesk.ui.settings.phrases_dialog import PhrasesDialog
from kcdesk.ui.toolkit.offers.sentence_offers import SentenceList, SentenceOffers, fitting_sentences
from tests.ui.form_support import press, rest, sentences, type_text

BLURRED = "Nhãn máy mờ, không đọc được số máy."
OTHER_NUMBER = "Số máy trên nhãn không khớp với hợp đồng, hóa đơn."


def offered():
    """The sentences that stand below the text with the keyboard; [] while no list is open."""
    shown = [open_ for open_ in QApplication.focusWidget().findChildren(SentenceList) if open_.isVisible()]
    return shown[0].sentences() if shown else []


def keys(window, typed, *others):
    """Type, then press keys; Qt has time to follow each."""
    type_text(typed)
    rest()
    for key in others:
        press(window, key)
        rest()


@pytest.fixture
def visit(workspace):
    """The second acceptance of a proposal; what was written in the first is learned."""
    values = {"title": "Đề án máy", "activity": "machinery"}
    proposal = changing.add(workspace, "proposal", values).items[0].id
    learned = {
        "conclusion_note": "Cơ sở chấp hành tốt\nĐề nghị nghiệm thu",
        "remedies": [{"remedy": "Lắp biển cảnh báo", "responsible": "Cơ sở"}],
    }
    changing.add(workspace, "acceptance", {"proposal": proposal, **learned})
    return changing.add(workspace, "acceptance", {"proposal": proposal}).items[0].id


def test_words_find_sentences_without_accents_in_any_order():
    usual = [OTHER_NUMBER, BLURRED, "Máy mới"]
    assert fitting_sentences(usual, "nhan may") == [BLURRED, OTHER_NUMBER]
    assert fitting_sentences(usual, "mo nhãn") == [BLURRED]
    assert fitting_sentences(usual, "MÁY MỚI") == []
    assert fitting_sentences(usual, "") == usual


def test_a_long_text_without_an_end_of_a_sentence_is_followed(qtbot):
    """A letter more in a text of a hundred pages does not stop the window for minutes."""
    text = QPlainTextEdit()
    qtbot.addWidget(text)
    asked = []
    offers = SentenceOffers(text, lambda: asked.append(text) or [BLURRED])
    text.setFocus()
    for start, beginning in (("chữ " * 100_000, ""), ("chữ. " * 100_000, "nhan may")):
        text.setPlainText(start + beginning)
        text.moveCursor(QTextCursor.MoveOperation.End)
        offers.follow()
    with qtbot.waitActive(text):
        text.show()
        text.activateWindow()
    offers.follow()
    assert offers.shown == [BLURRED]
    assert len(asked) == 1


def test_a_finding_is_chosen_by_keys(open_window, workspace, visit):
    window = open_window(workspace)
    page = window.open_record(visit)
    checklist = page.form.editor("checklist")
    rows = workspace.store.record(visit).rows("checklist")
    place = next(n for n, row in enumerate(rows) if row["code"] == "machines_match")
    checklist.show_group("")
    page.focus_field(f"checklist/{rows[place]['id']}")
    press(window, "2")
    line = checklist.rows[place].finding
    assert line.hasFocus()
    keys(window, "n")
    assert offered() == [], "one letter is too little"
    keys(window, "han")
    assert offered() == [BLURRED, OTHER_NUMBER]
    keys(window, "", "Escape")
    assert (offered(), line.text()) == ([], "nhan")
    keys(window, " m", "Down", "Return")
    assert line.text() == BLURRED
    assert line.hasFocus(), "Enter has taken the sentence, not left the line"
    keys(window, "", "Return")
    stored = {row["code"]: row.get("finding") for row in workspace.store.record(visit).rows("checklist")}
    assert stored["machines_match"] == BLURRED


def test_enter_takes_nothing_that_was_not_chosen(open_window, workspace, visit):
    window = open_window(workspace)
    page = window.open_record(visit)
    page.focus_field("conclusion_note")
    text = page.form.editor("conclusion_note").input
    keys(window, "Cơ sở", "Return")
    assert text.toPlainText() == "Cơ sở\n"
    keys(window, "Xong. de nghi")
    assert offered() == ["Đề nghị nghiệm thu"]
    keys(window, "", "Down", "Return")
    assert text.toPlainText() == "Cơ sở\nXong. Đề nghị nghiệm thu"
    press(window, "Ctrl+Z")
    assert text.toPlainText() == "Cơ sở\nXong. de nghi", "typing is undone by Ctrl+Z, and so is this"
    page.form.flush()
    assert workspace.store.record(visit).value("conclusion_note") == "Cơ sở\nXong. de nghi"


def test_an_empty_text_opens_the_list_by_down_and_delete_removes_a_sentence_for_good(open_window, workspace, visit):
    window = open_window(workspace)
    page = window.open_record(visit)
    page.focus_field("conclusion_note")
    keys(window, "", "Down")
    assert offered() == ["Cơ sở chấp hành tốt", "Đề nghị nghiệm thu"]
    keys(window, "", "Down", "Delete")
    assert offered() == ["Đề nghị nghiệm thu"]
    keys(window, "", "Escape", "Tab")
    page.focus_field("conclusion_note")
    keys(window, "", "Down")
    assert offered() == ["Đề nghị nghiệm thu"]
    shown = QApplication.focusWidget().findChild(SentenceList)
    place = shown.visualItemRect(shown.item(0)).center()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert page.form.editor("conclusion_note").input.toPlainText() == "Đề nghị nghiệm thu"


def test_a_cell_of_a_table_offers_too_and_escape_leaves_the_cell_open(open_window, workspace, visit):
    changing.save(workspace, visit, {"remedies": [{"id": "r1", "remedy": "Khác", "responsible": "Cơ sở"}]})
    row = workspace.store.record(visit).rows("remedies")[0]["id"]
    window = open_window(workspace)
    page = window.open_record(visit)
    page.focus_field(f"remedies/{row}/remedy")
    rest()
    keys(window, "", "F2")
    keys(window, "", "Ctrl+A")
    keys(window, "lap bien")
    assert offered() == ["Lắp biển cảnh báo"]
    keys(window, "", "Escape")
    assert (offered(), QApplication.focusWidget().text()) == ([], "lap bien")
    keys(window, " ", "Down", "Return")
    assert QApplication.focusWidget().text() == "Lắp biển cảnh báo"
    keys(window, "", "Return")
    page.form.flush()
    assert [row["remedy"] for row in workspace.store.record(visit).rows("remedies")] == ["Lắp biển cảnh báo"]


def test_the_reasons_of_a_return_are_offered(open_window, workspace):
    remark = {"asked_on": "01/3/2026", "subject": "Dự toán", "reason": "Thiếu báo giá thứ ba"}
    changing.add(workspace, "proposal", {"title": "Đề án cũ", "remarks": [remark]})
    new = changing.add(workspace, "proposal", {"title": "Đề án mới"}).items[0].id
    window = open_window(workspace)
    dialog = ReturnDialog("Yêu cầu bổ sung", workspace, workspace.store.record(new), window)
    dialog.show()
    rest()
    dialog.findChild(QLineEdit, "return.why.1").setFocus()
    keys(dialog, "bao gia")
    assert "Thiếu báo giá thứ ba" in offered()
    keys(dialog, "", "Down", "Return")
    assert [reason for _path, reason in dialog.remarks()] == ["Thiếu báo giá thứ ba"]
    assert dialog.isVisible(), "Enter has taken the sentence and sent nothing"
    dialog.close()


def test_the_office_writes_sentences_of_its_own(open_window, workspace, visit):
    dialog = PhrasesDialog(open_window(workspace).context)
    dialog.show()
    dialog.fields.setCurrentIndex(dialog.fields.findData("acceptance.conclusion_note"))
    dialog.added.setFocus()
    keys(dialog, "Thay đổi câu", "Return")
    keys(dialog, "x" * 301)
    go = dialog.findChild(QPushButton, "phrases.go")
    go.click()
    assert dialog.isVisible()
    assert "dài hơn 300 chữ" in " ".join(sentences(dialog))
    keys(dialog, "", "Ctrl+A")
    keys(dialog, "Thay đổi câu")
    dialog.fields.setCurrentIndex(0)
    dialog.fields.setCurrentIndex(dialog.fields.findData("acceptance.conclusion_note"))
    go.click()
    assert not dialog.isVisible()
    record = workspace.store.record(visit)
    assert offering.offered(workspace, record, "conclusion_note")[0] == "Thay đổi câu"
