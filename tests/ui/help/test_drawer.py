"""F1: the drawer beside the work, in the main window and beside dialogs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton
from shiboken6 import isValid

import kcdesk
from kcdesk import handbook
from kcdesk.app import DOSSIERS, PAGES, REGISTERS
from kcdesk.errors import UserError
from kcdesk.services.guidance import topic_pages
from kcdesk.ui.help.beside import HelpBeside
from kcdesk.ui.help.help_text import HelpText
from kcdesk.ui.help.topics import topics_at
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.questions import TextQuestion
from kcdesk.ui.window import menus
from tests.ui.form_support import press

F1, ESC = Qt.Key.Key_F1, Qt.Key.Key_Escape
UI = Path(kcdesk.__file__).parent / "ui"


@pytest.fixture
def window(open_window, played):
    return open_window(played[0])


@pytest.fixture
def draft(window):
    """The draft of a proposal, open in the window."""
    store = window.context.workspace.store
    return window.open_record(
        next(row.id for row in store.page("proposal", limit=50) if store.record(row.id).state == "draft")
    )


def help_of(window):
    return window.help.drawer.topic


def test_f1_explains_the_field_and_the_field_keeps_the_keyboard(window, draft, qtbot):
    draft.form.focus_path("title")
    field = window.focusWidget()
    press(field, F1)
    assert help_of(window) == "proposal.title"
    assert window.help.drawer.title.text() == "Tên đề án"
    assert window.focusWidget() is field
    typed = field.text()
    qtbot.keyClicks(field, "x")
    assert field.text() != typed
    press(field, ESC)
    assert not window.help.is_open
    assert window.focusWidget() is field


def test_the_page_follows_the_field_until_another_page_is_read(window, draft):
    draft.form.focus_path("title")
    press(window.focusWidget(), F1)
    draft.form.focus_path("year")
    assert help_of(window) == "proposal.year"
    draft.form.focus_path("budget")
    assert help_of(window).startswith("proposal.budget.")
    window.help.drawer.follow("help:whole_proposal")
    draft.form.focus_path("title")
    assert help_of(window) == "whole_proposal"
    window.help.drawer.back()
    assert help_of(window).startswith("proposal.budget.")


def test_the_page_of_help_goes_along_to_another_page_unless_a_guide_is_read(window):
    window.go("overview")
    window.menu_actions["help"].trigger()
    assert help_of(window) == "overview"
    window.go("settings")
    assert help_of(window) == "settings"
    window.help.drawer.follow("help:whole_proposal")
    window.go("overview")
    assert help_of(window) == "whole_proposal"


def test_asked_again_a_page_of_help_is_read(window, messages):
    window.go("overview")
    for _ in range(2):
        messages.problem("Chưa làm được.")
        window.notices.help_wanted.emit(window.notices.topic())
    assert window.help.drawer.isAncestorOf(window.focusWidget())


def test_the_contents_are_offered_from_every_page_but_their_own(window, draft):
    draft.form.focus_path("title")
    press(window.focusWidget(), F1)
    button = next(b for b in window.help.drawer.findChildren(QPushButton) if b.text() == "Mục lục")
    assert button.isEnabled()
    button.click()
    assert help_of(window) == handbook.CONTENTS
    assert not button.isEnabled()


def test_f1_again_lets_the_text_be_read_by_keyboard(window, draft):
    draft.form.focus_path("title")
    field = window.focusWidget()
    press(field, F1)
    press(field, F1)
    assert window.focusWidget() is window.help.drawer.text
    press(window.focusWidget(), ESC)
    assert not window.help.is_open
    assert window.focusWidget() is field


def test_every_page_and_every_kind_of_dossier_has_its_page_of_help(window):
    workspace = window.context.workspace
    for entry in window.navigation.entries:
        window.go(entry.name)
        window.setFocus()
        window.menu_actions["help"].trigger()
        assert help_of(window) not in ("", handbook.CONTENTS), entry.name
        assert help_of(window) in (entry.name, getattr(window.page, "kind", ""))
    for kind in workspace.forms.kinds:
        for stored in workspace.store.page(kind, limit=1):
            window.open_record(stored.id)
            window.help.show_topic("")
            assert help_of(window) == kind


def test_every_class_of_page_and_dialog_names_a_page_of_the_handbook():
    plain = {"ListPage", "RegistersPage", "PrintablePage", "DossierPage", "TroubleDialog", "CodeDialog"}
    forms = topic_pages.load()
    seen = 0
    for path in UI.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.ClassDef):
                continue
            bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
            topics = [
                item.value.value
                for item in node.body
                if isinstance(item, ast.Assign) and getattr(item.targets[0], "id", "") == "help_topic"
            ]
            assert all(topic in handbook.shipped_pages() for topic in topics if topic), node.name
            if bases & {"Page", "Dialog"} and node.name != "OfficerQuestion" and node.name not in plain:
                assert topics, f"{node.name} has no page of help"
                seen += 1
    assert seen > 30
    kinds = {later.arguments[0] for later in (*PAGES.values(), *REGISTERS.values()) if len(later.arguments) == 1}
    assert {*kinds, *DOSSIERS, *forms.kinds} <= handbook.shipped_pages().keys()


def test_a_refusal_offers_its_page_and_f1_opens_it(window, messages):
    messages.error(UserError("Không đủ.", code="disk_full"))
    window.menu_actions["help"].trigger()
    assert help_of(window) == "files"
    window.cancel()  # the message first
    assert window.help.is_open
    window.cancel()
    assert not window.help.is_open
    messages.problem("Chưa làm được.")
    window.notices.help_wanted.emit(window.notices.topic())
    assert help_of(window) == "overview"


def test_links_open_pages_and_menu_entries_but_only_in_the_window(window):
    window.go("overview")
    window.help.show_topic("site_visit")
    window.help.drawer.follow("go:proposal")
    assert window.page.help_topic == "proposal"
    window.help.drawer.follow("do:calendar")
    assert window.page.help_topic == "calendar"
    assert window.help.is_open
    names = {entry.name for entry in window.navigation.entries}
    for page in handbook.shipped_pages().values():
        for _text, link in handbook.links(page.text):
            scheme, _, name = link.partition(":")
            assert scheme != "go" or name in names, (page.topic, link)
            assert scheme != "do" or name in window.menu_actions, (page.topic, link)


def test_the_menu_names_pages_as_they_are_titled(window):
    for topic, title in {**menus.GUIDES, **menus.ABOUT}.items():
        assert handbook.shipped_pages()[topic].title == title
        window.menu_actions[f"help.{topic}"].trigger()
        assert help_of(window) == topic
    assert {topic for topic, page in handbook.shipped_pages().items() if page.guide} >= menus.GUIDES.keys()


def test_the_list_of_keys_stays(window):
    window.menu_actions["keys"].trigger()
    dialogs = [dialog for dialog in window.findChildren(Dialog) if dialog.objectName() == "keys_help"]
    assert window.menu_actions["keys"].shortcut().toString() == "Shift+F1"
    dialogs[0].close()


# -- dialogs -------------------------------------------------------------------------------------------------------


@pytest.fixture
def question(qtbot, theme):
    assert theme.colours
    dialog = TextQuestion("Rút hồ sơ đã gửi", "Lý do", "Rút hồ sơ", "Giữ nguyên", kind="line")
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


def test_f1_in_a_dialog_opens_help_beside_it_and_esc_closes_that_first(question):
    field = question.findChild(QLineEdit)
    press(field, F1)
    beside = question.findChild(object, "help.beside")
    assert beside.isVisible()
    assert beside.drawer.topic == "dialogs"
    assert question.focusWidget() is field
    press(field, ESC)
    assert not beside.isVisible()
    assert question.isVisible()
    press(field, ESC)
    assert not question.isVisible()


def test_a_question_without_a_page_of_its_own_is_about_what_lies_behind_it(window, draft):
    for behind in (window, draft):
        dialog = TextQuestion("Rút hồ sơ đã gửi", "Lý do", "Rút hồ sơ", "Giữ nguyên", behind)
        assert list(topics_at(dialog))[:1] == ["proposal"]
        assert list(topics_at(dialog))[-1] == "dialogs"
        dialog.deleteLater()
    window.go("handoff")
    dialog = TextQuestion("Lý do", "Lý do", "Ghi", "Thôi", window)
    assert list(topics_at(dialog)) == ["handoff", "dialogs"]
    dialog.deleteLater()


def test_the_help_of_a_dialog_lies_outside_of_it_where_the_screen_has_room(question):
    question.setMinimumWidth(300)
    question.resize(320, question.height())
    question.move(200, 0)  # too far right: the dialog makes room
    question.show_help()
    beside = question.findChild(object, "help.beside")
    assert not beside.geometry().intersects(question.geometry())
    assert question.screen().geometry().contains(beside.geometry())


# -- the text ------------------------------------------------------------------------------------------------------


def test_only_shipped_pictures_are_shown(qtbot, tmp_path):
    text = HelpText(acts=False)
    qtbot.addWidget(text)
    text.resize(380, 300)
    picture = tmp_path / "x.webp"
    picture.write_bytes(b"RIFF")
    image = QTextDocument.ResourceType.ImageResource.value
    for name in (
        picture.as_uri(),
        "../x.webp",
        "../pictures/../../icons/x.svg",
        "http://example.org/x.webp",
        "/etc/passwd",
    ):
        assert text.loadResource(image, QUrl(name)) is None
    assert text.loadResource(QTextDocument.ResourceType.StyleSheetResource.value, QUrl("../pictures/a.webp")) is None


def test_links_that_act_are_words_in_a_dialog(qtbot):
    text = HelpText(acts=False)
    qtbot.addWidget(text)
    text.show_page(handbook.HelpPage("x", "X", "[Mở trang](go:proposal) và [đọc](help:proposal)"))
    assert "Mở trang và đọc" in text.toPlainText()
    assert "go:" not in text.toHtml()
    assert "help:proposal" in text.toHtml()


def popup():
    return QApplication.activePopupWidget()


def test_f1_in_an_open_list_explains_the_field_it_belongs_to(window, draft):
    draft.form.focus_path("activity")
    press(window.focusWidget(), Qt.Key.Key_Down)
    assert popup() is not None
    press(popup(), F1)
    assert popup() is None
    assert help_of(window) == "proposal.activity"


def test_f1_in_an_open_menu_explains_the_page(window):
    window.go("handoff")
    window.menuBar().actions()[0].menu().popup(window.rect().center())
    assert popup() is not None
    press(popup(), F1)
    assert popup() is None
    assert help_of(window) == "handoff"


def test_f1_in_a_list_of_a_dialog_explains_the_dialog_not_the_window_behind(window, qtbot):
    dialog = Dialog(window)
    dialog.help_topic = "lists"
    choices = QComboBox(dialog)
    choices.setAccessibleName("Chọn")
    choices.addItems(["Một", "Hai"])
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    choices.showPopup()
    assert popup() is not None
    press(popup(), F1)
    assert popup() is None
    assert dialog.findChild(HelpBeside).drawer.topic == "lists"
    assert not window.help.is_open
    dialog.reject()


def test_the_drawer_closes_after_the_field_that_had_the_keyboard_is_gone(window, draft, qtbot):
    draft.form.focus_path("title")
    press(window.focusWidget(), F1)
    press(window.focusWidget(), F1)
    assert window.help.drawer.isAncestorOf(window.focusWidget())
    window.go("overview")
    qtbot.waitUntil(lambda: not isValid(draft))
    window.help.drawer.text.setFocus()
    qtbot.mouseClick(window.help.drawer.close_button, Qt.MouseButton.LeftButton)
    assert not window.help.is_open
