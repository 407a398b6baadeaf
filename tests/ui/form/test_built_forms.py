"""A form as it has just been built: nobody was in another part of it, or in another record, before."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from kcdesk.formdef.new_record import new_record
from tests.ui.form_support import rest


@pytest.fixture(autouse=True)
def proposal(empty_proposal):
    return empty_proposal


def field_with_keyboard(view):
    return next(name for name in view.names() if view.editor(name).has_focus())


def test_the_page_follows_a_click_only_when_the_hand_has_let_go(qtbot, form_view):
    line = form_view.editor("implementing_phone").findChild(QLineEdit)
    rest()
    bar, height = form_view.verticalScrollBar(), form_view.viewport().height()
    bar.setValue(line.mapTo(form_view.widget(), QPoint(0, 0)).y() + line.height() - height - 5)
    cut, window = bar.value(), form_view.window()
    at = line.mapTo(window, QPoint(20, 5))
    QTest.mousePress(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    rest()
    assert (field_with_keyboard(form_view), bar.value()) == ("implementing_phone", cut)
    QTest.mouseRelease(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    qtbot.waitUntil(lambda: bar.value() > cut)


def test_fields_appear_without_taking_the_keyboard(qtbot, form_view, proposal):
    form_view.focus_path("scheme")
    assert "sites" not in form_view.names()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_2)
    assert proposal.value("scheme") == "group"
    assert form_view.editor("sites").isVisible()
    assert field_with_keyboard(form_view) == "scheme"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
    assert not form_view.editor("sites").isVisible()
    assert field_with_keyboard(form_view) == "scheme"


def test_the_section_in_which_one_is_follows_jump_keyboard_and_wheel(form_view, form_definitions):
    record = new_record(form_definitions, "proposal", "followed", date(2026, 3, 5))
    form_view.set_record(record, form_definitions.workflow("proposal"), "lower")
    reached = []
    form_view.section_reached.connect(reached.append)
    ids = [id_ for id_, _label, _problems in form_view.sections()]
    for id_ in ids:
        form_view.scroll_to_section(id_)
        assert reached[-1] == id_
    section = {field.name: section.id for section in record.form.sections for field in section.fields}
    form_view.focus_path("title")
    assert reached[-1] == section["title"]
    form_view.focus_path("goals")
    assert reached[-1] == section["goals"]
    bar = form_view.verticalScrollBar()
    bar.setValue(0)
    assert reached[-1] == ids[0]
    bar.setValue(bar.maximum())
    assert reached[-1] == ids[-1]


def test_a_small_scroll_keeps_the_section_in_which_one_types(form_view, form_definitions):
    """An arrow key that its field does not take scrolls the form: the section above is still at the top."""
    record = new_record(form_definitions, "proposal", "typed-in", date(2026, 3, 5))
    form_view.set_record(record, form_definitions.workflow("proposal"), "lower")
    reached = []
    form_view.section_reached.connect(reached.append)
    form_view.focus_path("implementing_unit")
    typed_in = reached[-1]
    bar, first = form_view.verticalScrollBar(), form_view.sections()[0][0]
    assert typed_in != first
    bar.setValue(bar.value() + 1)
    assert reached[-1] == typed_in
    bar.setValue(bar.value() - 1)
    assert reached[-1] == typed_in
