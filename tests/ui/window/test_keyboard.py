"""Where the keyboard is after a page, or what had the keyboard, has gone: at something that is seen."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout

from kcdesk.app import page_entries
from kcdesk.ui.shell.page import Page
from kcdesk.ui.shell.questions import ChoiceQuestion
from tests.ui.form_support import press, rest


def keyboard():
    focused = QApplication.focusWidget()
    assert focused is not None, "nothing has the keyboard"
    assert focused.isVisible()
    assert focused.isEnabled()
    return focused


class TwoFields(Page):
    """A page whose first field goes away."""

    title = "Hai ô"

    def __init__(self, context):
        super().__init__(context)
        self.first, self.second = QLineEdit(), QLineEdit()
        column = QVBoxLayout(self)
        for field in (self.first, self.second):
            field.setAccessibleName("Ô")
            column.addWidget(field)

    def on_show(self):
        self.first.setFocus()


class Words(Page):
    """A page of a sentence only, which asks for the keyboard where it cannot be."""

    title = "Một câu"

    def __init__(self, context):
        super().__init__(context)
        self.hidden = QLineEdit(self)
        self.hidden.hide()
        QVBoxLayout(self).addWidget(QLabel("Không còn gì phải quyết định."))

    def on_show(self):
        self.hidden.setFocus()


def test_every_page_of_an_empty_store_gives_the_keyboard_to_something_seen(open_window, workspace):
    window = open_window(workspace)
    for entry in page_entries():
        window.go(entry.name)
        rest()
        assert window.isAncestorOf(keyboard()), entry.name


def test_enter_presses_the_button_that_has_the_keyboard(open_window, workspace):
    window = open_window(workspace)
    rest()
    assert keyboard().text() == "1. Đăng ký đơn vị thụ hưởng"
    press(window, "Return")
    assert window.page.record.kind == "beneficiary"
    window.go("beneficiary")
    window.page.chips.chips[0].setFocus()
    menu, opened = window.page.chips.chips[0].menu(), []
    menu.aboutToShow.connect(lambda: QTimer.singleShot(0, menu, menu.close))  # an open menu waits for its end
    menu.aboutToShow.connect(lambda: opened.append(menu))
    press(window, "Return")
    assert opened == [menu]


def test_a_page_of_words_has_the_keyboard_itself(open_window, workspace):
    window = open_window(workspace)
    page = window.open_page(Words)
    rest()
    assert keyboard() is page
    press(window, "Alt+Left")
    assert window.page is not page


def test_the_next_field_has_the_keyboard_when_one_goes_away(open_window, workspace):
    window = open_window(workspace)
    page = window.open_page(TwoFields)
    rest()
    assert keyboard() is page.first
    page.first.clearFocus()
    page.first.hide()
    rest()
    assert keyboard() is page.second
    page.second.clearFocus()
    page.second.setEnabled(False)
    rest()
    assert keyboard() is page


def test_what_goes_away_behind_a_dialog_leaves_the_keyboard_in_the_page(open_window, workspace, qtbot):
    """Else the navigation has it, and Enter leaves the page."""
    window = open_window(workspace)
    window.page.page_requested.emit(TwoFields)
    page = window.page
    rest()
    assert keyboard() is page.first
    dialog = ChoiceQuestion("Ghi?", "", "Ghi", "Thôi", window)
    with qtbot.waitActive(dialog):
        dialog.open()
    page.first.hide()
    dialog.accept()
    with qtbot.waitActive(window):  # as the window manager does
        window.activateWindow()
    rest()
    assert keyboard() is page.second


def test_a_message_behind_a_dialog_does_not_get_the_keyboard_of_the_main_button(
    open_window, workspace, qtbot, messages
):
    """The act is done: Enter once more would press «Hoàn tác»."""
    window = open_window(workspace)
    window.page.page_requested.emit(TwoFields)
    page, main = window.page, QPushButton("Cấp", window)
    main.show()
    main.setFocus()
    rest()
    dialog = ChoiceQuestion("Cấp?", "", "Cấp", "Thôi", window)
    with qtbot.waitActive(dialog):
        dialog.open()
    main.hide()
    messages.notice("Đã cấp.", undo=lambda: None)
    dialog.accept()
    with qtbot.waitActive(window):  # as the window manager does
        window.activateWindow()
    rest()
    assert page.isAncestorOf(keyboard())


def test_a_message_does_not_get_the_keyboard_of_a_button_that_goes_away(open_window, workspace, messages):
    window = open_window(workspace)
    window.page.page_requested.emit(TwoFields)
    page = window.page
    messages.offer("Đã nhận gói.", "Hoàn tác", lambda: None)
    for field in (page.first, page.second):
        field.setFocus()
        rest()
        field.hide()
        rest()
    assert page.isAncestorOf(keyboard()) or keyboard() is page, "Enter would undo what was just done"
