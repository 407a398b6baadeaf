"""All dialogs alike: a main button for Enter and Ctrl+Enter, Esc leaves, Tab goes through, gone when finished."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from kcdesk.errors import UserError
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.questions import ChoiceQuestion, TextQuestion
from kcdesk.ui.shell.small_dialogs import AskedField, FieldsQuestion
from tests.ui.form_support import press, rest, sentences, type_text

UI = Path(__file__).parents[3] / "kcdesk" / "ui"
REASON = ("Rút hồ sơ đã gửi", "Lý do", "Rút hồ sơ", "Giữ nguyên")


def shown(qtbot, dialog):
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


def test_every_dialog_has_the_keys_of_all():
    """Only the base of the dialogs is built on Qt's; and none of Qt's ready-made questions is used, with its icons."""
    plain, ready_made = [], []
    for path in UI.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        bases = {
            ast.unparse(base): node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            for base in node.bases
        }
        plain += [bases["QDialog"]] if "QDialog" in bases else []
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        ready_made += [path.name for name in ("QInputDialog", "QMessageBox") if name in names]
    assert plain == ["Dialog"]
    assert ready_made == []


def test_a_reason_is_typed_and_given_without_the_mouse(qtbot, theme):
    assert theme.colours
    dialog = shown(qtbot, TextQuestion(*REASON, detail="«Đề án»: chuyển sang «Đang soạn», sửa lại được."))
    assert "«Đề án»: chuyển sang «Đang soạn», sửa lại được." in sentences(dialog)
    assert not dialog.act.isEnabled()
    press(dialog, "Ctrl+Return")
    assert dialog.isVisible()
    type_text("Nhầm số tiền")
    press(dialog, "Tab")
    assert QApplication.focusWidget() is dialog.keep
    press(dialog, "Backtab")
    press(dialog, "Return")
    type_text("ở dòng 3")
    press(dialog, "Ctrl+Return")
    assert dialog.result()
    assert dialog.text() == "Nhầm số tiền\nở dòng 3"


def test_something_in_a_dialog_always_has_the_keyboard(qtbot):
    dialog = shown(qtbot, ChoiceQuestion("Xoá?", "", "Xoá", "Giữ lại"))
    QApplication.focusWidget().clearFocus()
    assert QApplication.focusWidget() is None
    rest()
    assert dialog.isAncestorOf(QApplication.focusWidget())


def test_a_password_is_given_by_enter_and_a_wrong_one_is_said_beside_it(qtbot):
    question = ("Gói có mật khẩu", "Mật khẩu của goi.xlsx", "Mở", "Thôi")
    dialog = shown(qtbot, TextQuestion(*question, kind="secret", problem="Mật khẩu chưa đúng. Hãy gõ lại."))
    assert "Mật khẩu chưa đúng. Hãy gõ lại." in sentences(dialog)
    type_text("khoá gói")
    press(dialog, "Return")
    assert dialog.result()
    assert dialog.text() == "khoá gói"


@pytest.mark.parametrize(("keep_first", "accepted"), [(True, False), (False, True)])
def test_enter_keeps_or_acts_as_the_question_wants(qtbot, keep_first, accepted):
    dialog = ChoiceQuestion("Xoá?", "Hoàn tác được.", "Xoá", "Giữ lại", keep_first=keep_first)
    shown(qtbot, dialog)
    press(dialog, "Return")
    assert bool(dialog.result()) is accepted


def test_one_of_several_lines_is_chosen(qtbot):
    proposal = AskedField("proposal", "Đề án", choices=(("one", "1. Một"), ("two", "2. Hai")))
    dialog = shown(qtbot, FieldsQuestion("Chuyển dòng", [proposal], "Tiếp tục", "Giữ nguyên"))
    press(dialog, "Down")
    press(dialog, "Ctrl+Return")
    assert dialog.result()
    assert dialog.answers() == {"proposal": "two"}


def test_a_refused_answer_is_asked_again_with_all_that_was_typed(qtbot, monkeypatch):
    """The refusal stands below the answers, with the page that explains it, until they are changed."""

    def change(answers):
        if answers["budget"] == "1 ty":
            raise UserError("Kinh phí mới không đủ.", code="too_little", hint="Hãy ngừng từng đề án trước.")
        return answers["reason"]

    budget = AskedField("budget", "Kinh phí"), AskedField("reason", "Lý do")
    dialog = FieldsQuestion("Đổi kinh phí", budget, "Đổi", "Giữ nguyên")

    def officer(asked):
        shown(qtbot, asked)
        type_text("1 ty")
        press(asked, "Tab")
        type_text("Thu hoi")
        press(asked, "Return")
        problem = asked.findChild(QLabel, "fields.problem")
        assert asked.isVisible()
        assert problem.isVisible()
        assert problem.text().startswith("Kinh phí mới không đủ. Hãy ngừng từng đề án trước. (F1: ")
        assert asked.answers() == {"budget": "1 ty", "reason": "Thu hoi"}
        rest()
        fields = asked.findChildren(QLineEdit)
        assert all(field.height() >= field.sizeHint().height() for field in fields), "the dialog grows"
        assert not fields[0].geometry().intersects(fields[1].geometry())
        press(asked, "Shift+Tab")
        type_text("2 ty")
        assert not problem.isVisible()
        press(asked, "Return")
        return asked.result()

    monkeypatch.setattr(QDialog, "exec", officer)
    assert dialog.perform(change) == "Thu hoi"


def test_the_buttons_have_no_icons_of_the_system(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    dialogs = (TextQuestion(*REASON, parent), ChoiceQuestion("Xoá?", "", "Xoá", "Giữ lại", parent))
    buttons = [button for dialog in dialogs for button in dialog.findChildren(QPushButton)]
    assert [button.text() for button in buttons if not button.icon().isNull()] == []
    assert {button.text() for button in buttons} == {"Rút hồ sơ", "Giữ nguyên", "Xoá", "Giữ lại"}


def test_a_dialog_that_is_opened_without_waiting_is_gone_when_it_is_finished(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    for leave in (ChoiceQuestion.accept, ChoiceQuestion.reject):
        dialog = ChoiceQuestion("Xoá?", "", "Xoá", "Giữ lại", parent)
        dialog.open()
        leave(dialog)
        rest()
        assert not isValid(dialog)


def test_enter_presses_the_main_button_again_after_it_could_not_be_pressed(qtbot):
    dialog = shown(qtbot, TextQuestion(*REASON, kind="line"))
    type_text("Nhầm")
    for button in dialog.findChildren(QPushButton):  # as Qt leaves it after the main button was disabled
        button.setAutoDefault(False)
        button.setDefault(False)
    QTest.keyClick(dialog.input, Qt.Key.Key_Return)
    assert dialog.result()


@pytest.mark.parametrize("letters", ["normal", "largest"])
def test_no_dialog_is_larger_than_the_screen_and_what_is_below_can_be_reached(qtbot, theme, letters):
    """The screen of the tests, 800 × 800, is smaller than that of any laptop."""
    theme.choose_letters(letters)
    try:
        long = "Một câu dài về điều sẽ xảy ra khi bấm nút này. " * 60
        for dialog in (
            ChoiceQuestion("Xoá?", long, "Xoá", "Giữ lại"),
            TextQuestion(*REASON, detail=long),
            FieldsQuestion(
                "Chuyển dòng", [AskedField("one", "Đề án", choices=(("1", long),))], "Tiếp tục", "Giữ nguyên"
            ),
        ):
            shown(qtbot, dialog)
            room = dialog.screen().availableGeometry()
            assert dialog.width() <= room.width(), type(dialog)
            assert dialog.height() <= room.height(), type(dialog)
            dialog.keep.setFocus()
            areas = dialog.findChildren(QScrollArea)
            for area in areas:
                area.ensureWidgetVisible(dialog.keep)
            where = dialog.keep.mapTo(dialog, dialog.keep.rect().center())
            assert dialog.rect().contains(where), type(dialog)
            dialog.close()
    finally:
        theme.choose_letters("normal")


def test_a_dialog_that_grows_stays_on_the_screen(qtbot):
    dialog = shown(qtbot, ChoiceQuestion("Xoá?", "", "Xoá", "Giữ lại"))
    room = dialog.screen().availableGeometry()
    dialog.move(room.left() + 20, room.bottom() - dialog.height())
    dialog.resize(dialog.width(), dialog.height() + 200)
    rest()
    assert room.contains(dialog.frameGeometry())


def test_the_keyboard_stays_where_it_is_when_a_dialog_becomes_too_large_for_the_screen(qtbot):
    dialog = shown(qtbot, TextQuestion(*REASON, kind="line", problem="Chưa đủ."))
    type_text("Nhầm")
    dialog.findChild(QLabel, "question.problem").setText("Một câu dài về điều còn thiếu trong hồ sơ này. " * 300)
    qtbot.waitUntil(lambda: dialog.findChildren(QScrollArea) != [])
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.input)
    type_text(" dòng 3")
    assert dialog.text() == "Nhầm dòng 3"


def test_printers_are_asked_for_by_dialogs_that_are_deleted():
    """A dialog of the printer holds the list of all printers; of each print another one stayed."""
    asked = [path.name for path in UI.rglob("*.py") if "QPrintDialog(" in path.read_text("utf-8")]
    kept = [name for name in asked if "is_accepted(QPrintDialog(" not in next(UI.rglob(name)).read_text("utf-8")]
    assert asked
    assert kept == []


def test_a_problem_is_told_in_the_dialog_that_covers_the_bar(qtbot, open_window, workspace):
    """It goes with the next act that brings none; one that comes again says so."""
    window = open_window(workspace)
    dialog = Dialog(window)
    column = QVBoxLayout(dialog)
    act, other = QPushButton("Ghi"), QPushButton("Khác")
    column.addWidget(other)
    column.addWidget(act)
    act.clicked.connect(lambda: window.context.messages.problem("Thẻ nhớ đã rút.", "Hãy cắm lại."))
    dialog.open()
    qtbot.waitExposed(dialog)
    qtbot.mouseClick(act, Qt.MouseButton.LeftButton)
    said = dialog.findChild(QLabel, "dialog.problem")
    assert (said.text(), said.isVisible()) == ("Thẻ nhớ đã rút. Hãy cắm lại.", True)
    assert said.y() < act.y()
    qtbot.mouseClick(act, Qt.MouseButton.LeftButton)
    assert said.text() == "Đã thử lại, vẫn chưa được. Thẻ nhớ đã rút. Hãy cắm lại."
    qtbot.mouseClick(other, Qt.MouseButton.LeftButton)
    rest()
    assert not said.isVisible()
    dialog.reject()
