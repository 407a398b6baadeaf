"""The form view with the shipped forms: keeping, moving, showing only what concerns the record, telling what is wrong.

1. What is typed is kept within 700 ms of the first keystroke, also of somebody who never pauses.
2. Leaving a field keeps it at once; what cannot be read stays as typed and is not announced.
3. Enter and Tab follow the paper.
4. Fields appear and go with the answers, and the keyboard stays where it is.
5. Closed records and the province's fields can only be read.
6. Problems stand below their fields and are counted in the section's title.
"""

from datetime import date
from time import monotonic

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QRadioButton

from kcdesk.errors import Problem
from kcdesk.formdef.new_record import new_record
from kcdesk.ui.form.form_view import FormView
from tests.ui.form_support import rest, sentences, type_text

DAY = date(2026, 3, 5)


@pytest.fixture
def form_view(shared_form_view):
    return shared_form_view


@pytest.fixture
def form_host(module_form_host):
    return module_form_host


@pytest.fixture(autouse=True)
def proposal(empty_proposal):
    return empty_proposal


def focused():
    return QApplication.focusWidget()


def field_with_keyboard(view: FormView) -> str:
    return next(name for name in view.names() if view.editor(name).has_focus())


def test_a_steady_typist_is_kept_within_700_ms_of_the_first_key(qtbot, form_view, proposal):
    form_view.focus_path("title")
    began = monotonic()
    with qtbot.waitSignal(form_view.edited, timeout=2000):
        while monotonic() - began < 1.5 and not proposal.value("title"):
            type_text("a")
            qtbot.wait(40)
    assert monotonic() - began < 0.7
    assert proposal.value("title").startswith("aaa")
    assert focused().text().startswith("aaa")
    assert field_with_keyboard(form_view) == "title"


def test_a_click_counts_though_the_page_moves_under_the_mouse(form_view, proposal):
    """The field above loses the keyboard and gets a message: the button moves down between press and release."""
    form_view.focus_path("implementing_phone")
    type_text("khong co")
    rest()
    button = form_view.editor("issues_invoice").findChildren(QRadioButton)[1]
    window, at = form_view.window(), button.mapTo(form_view.window(), button.rect().center())
    QTest.mousePress(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    rest()
    assert button.mapTo(window, button.rect().center()).y() > at.y() + button.height() // 2
    QTest.mouseRelease(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert button.isChecked()
    assert proposal.value("issues_invoice") is False


def test_leaving_keeps_at_once(qtbot, form_view):
    form_view.focus_path("title")
    type_text("Hỗ trợ máy móc")
    with qtbot.waitSignal(form_view.edited, timeout=100) as kept:
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
    assert kept.args == [{"title": "Hỗ trợ máy móc"}]


def test_flush_keeps_what_is_being_typed(qtbot, form_view, proposal):
    form_view.focus_path("title")
    type_text("Dở dang")
    with qtbot.waitSignal(form_view.edited, timeout=100):
        form_view.flush()
    assert proposal.value("title") == "Dở dang"


def test_passing_through_fields_writes_nothing(qtbot, form_view):
    form_view.focus_path("title")
    with qtbot.assertNotEmitted(form_view.edited):
        passed = {form_view.focused_path()}
        for _ in range(12):
            qtbot.keyClick(focused(), Qt.Key.Key_Tab)
            passed.add(form_view.focused_path())
    assert len(passed) > 6


def test_what_cannot_be_read_stays_as_typed(qtbot, form_view, form_definitions, proposal):
    form_view.focus_path("year")
    focused().selectAll()
    with qtbot.assertNotEmitted(form_view.edited):
        type_text("hai nghìn")
        qtbot.keyClick(focused(), Qt.Key.Key_Return)
        form_view.flush()
    editor = form_view.editor("year")
    assert editor.input.text() == "hai nghìn"
    assert "bốn chữ số" in editor.problem()
    assert form_view.sections()[0][2] == 1
    form_view.refresh(["year", "title"])
    assert editor.input.text() == "hai nghìn"
    form_view.set_record(proposal, form_definitions.workflow("proposal"), "lower")
    assert editor.input.text() == "hai nghìn"


def test_the_sentence_about_half_a_word_waits_for_leaving(qtbot, form_view):
    form_view.focus_path("decision_date")
    editor = form_view.editor("decision_date")
    type_text("20")
    form_view.keep_typed()
    assert editor.problem() == ""
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert editor.problem() != ""


def test_enter_and_tab_follow_the_paper(qtbot, form_view):
    form_view.focus_path("title")
    visited = ["title"]
    for _ in range(7):
        qtbot.keyClick(focused(), Qt.Key.Key_Return)
        visited.append(field_with_keyboard(form_view))
    paper = [name for name in form_view.names() if not form_view.editor(name).isHidden()]
    assert visited == paper[:8]


def test_tab_follows_the_paper_through_fields_that_appeared_late(qtbot, form_view, proposal):
    proposal.set("scheme", "single")
    form_view.refresh(["scheme"])
    proposal.set("scheme", "group")
    form_view.refresh(["scheme"])
    assert "sites" in form_view.names()
    form_view.focus_path("title")
    visited = []
    while (name := field_with_keyboard(form_view)) not in visited[:-1]:
        visited += [name] if name not in visited else []
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
    assert visited == [name for name in form_view.names() if name in visited]
    assert {"title", "sites", "budget", "province_note"} <= set(visited)


def test_whole_sections_come_with_the_activity(qtbot, form_view, proposal):
    before = {id_ for id_, _, _ in form_view.sections()}
    form_view.focus_path("activity")
    type_text("dao tao nghe")
    with qtbot.waitSignal(form_view.edited, timeout=100):
        qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert proposal.value("activity") == "vocational_training"
    assert before < {id_ for id_, _, _ in form_view.sections()}


def test_computed_fields_follow(form_view, proposal):
    _, changes = proposal.add_row("budget", {"item": "Máy", "cost": 500_000_000, "local": 200_000_000})
    form_view.refresh(list(changes))
    assert form_view.editor("total_cost").input.text() == "500.000.000"
    assert form_view.editor("total_cost").input.isReadOnly()


def test_a_closed_record_is_only_read_but_for_its_open_sections(form_view, form_definitions):
    record = new_record(form_definitions, "proposal", "p2", DAY)
    record.set("state", "final")
    form_view.set_record(record, form_definitions.workflow("proposal"), "lower")
    assert form_view.editor("title").input.isReadOnly()
    assert not form_view.editor("decision_number").input.isReadOnly()
    assert not form_view.editor("budget").model.editable


def test_the_provinces_fields_are_read_by_a_lower_unit(form_view, form_definitions):
    workflow = form_definitions.workflow("proposal")
    record = new_record(form_definitions, "proposal", "p3", DAY)
    theirs = next(f.name for f in record.form.fields if f.owner == "province" and f.type == "money")
    form_view.set_record(record, workflow, "lower")
    assert form_view.editor(theirs).input.isReadOnly()
    form_view.set_record(record, workflow, "province")
    assert not form_view.editor(theirs).input.isReadOnly()


def test_problems_stand_below_and_are_counted(qtbot, form_view, proposal):
    assert all(count == 0 for _, _, count in form_view.sections())
    with qtbot.waitSignal(form_view.sections_changed, timeout=100):
        form_view.show_problems([*proposal.problems(final=True), Problem("code", "Mã này đã dùng.")])
    assert form_view.editor("title").problem() == "Chưa nhập."
    assert form_view.editor("code").problem() == "Mã này đã dùng."
    counted = form_view.sections()[0][2]
    form_view.focus_path("title")
    type_text("Có tên")
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert form_view.editor("title").problem() == ""
    assert form_view.sections()[0][2] == counted - 1
    type_text("M1")
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert form_view.editor("code").problem() == ""


def test_what_was_typed_last_is_written_out_when_the_record_is_locked(form_view, proposal):
    """«Chốt» by Ctrl+Enter leaves the keyboard in the field, which is closed then."""
    form_view.focus_path("starts_on")
    type_text("25/11/26")
    form_view.flush()
    proposal.data["state"] = "final"
    form_view.set_record(proposal, proposal.forms.workflow("proposal"), "lower")
    assert form_view.editor("starts_on").input.text() == "25/11/2026"


def test_required_fields_are_marked_once(form_view):
    assert form_view.editor("title").label.text() == "Tên đề án *"
    assert form_view.editor("title").input.accessibleName() == "Tên đề án"
    assert not form_view.editor("code").label.text().endswith("*")


def test_hints_come_while_typing(form_view, form_host):
    form_host.hints["title"] = "Đã có đề án gần giống tên."
    form_view.focus_path("title")
    type_text("Hỗ trợ")
    form_view.keep_typed()
    assert form_view.editor("title").note_text("hint") == "Đã có đề án gần giống tên."


def test_another_record_of_the_form_keeps_the_widgets(form_view, form_definitions):
    editor = form_view.editor("title")
    other = new_record(form_definitions, "proposal", "p9", DAY)
    other.set("title", "Đề án khác")
    form_view.set_record(other, form_definitions.workflow("proposal"), "lower")
    assert form_view.editor("title") is editor
    assert editor.value() == "Đề án khác"
    assert form_view.record is other


def test_every_editor_is_found_by_its_path(form_view, form_definitions):
    for kind in form_definitions.kinds:
        record = new_record(form_definitions, kind, f"{kind}1", DAY)
        form_view.set_record(record, form_definitions.workflow(kind), "lower")
        for field in record.fields_visible():
            editor = form_view.findChild(type(form_view.editor(field.name)), f"{kind}.{field.name}")
            assert editor is form_view.editor(field.name)
            assert editor.accessibleName() == field.label


def test_focus_path_brings_a_cell_into_sight(form_view, proposal):
    row, _ = proposal.add_row("budget", {"item": "Máy"})
    form_view.refresh(["budget"])
    form_view.focus_path(f"budget/{row}/cost")
    view = form_view.editor("budget").view
    assert view.hasFocus()
    assert view.currentIndex().column() == [c.name for c in view.model().columns].index("cost")
    top = view.mapTo(form_view.viewport(), QPoint(0, 0)).y()
    assert 0 <= top < form_view.viewport().height()


def test_sections_scroll_into_sight(form_view):
    last = form_view.sections()[-2][0]
    form_view.scroll_to_section(last)
    assert form_view.verticalScrollBar().value() > 0


def test_the_wheel_scrolls_the_page_and_changes_nothing(qtbot, form_view):
    qtbot.waitUntil(lambda: form_view.verticalScrollBar().maximum() > 0)
    for name in ("year", "activity", "scheme", "goals", "starts_on", "budget"):
        target = form_view.editor(name).input
        with qtbot.assertNotEmitted(form_view.edited):
            form_view.scroll_to_section(form_view.sections()[0][0])
            form_view.ensureWidgetVisible(target, 0, 100)
            before = form_view.verticalScrollBar().value()
            place = target.mapTo(form_view, QPoint(20, 8))
            QTest.wheelEvent(form_view.windowHandle(), place, QPoint(0, -120))
            qtbot.waitUntil(lambda before=before: form_view.verticalScrollBar().value() != before, timeout=500)


def test_a_name_of_200_letters_shows_its_beginning(form_view, proposal):
    proposal.set("title", "Đề án rất dài " * 14)
    form_view.refresh(["title"])
    line: QLineEdit = form_view.editor("title").input
    assert line.cursorPosition() == 0
    assert form_view.widget().width() <= form_view.viewport().width()


def test_an_undo_is_seen_in_the_field_that_was_just_typed(form_view, form_definitions, proposal):
    form_view.focus_path("title")
    type_text("Tên mới")
    form_view.keep_typed()
    undone = new_record(form_definitions, "proposal", proposal.id, DAY)
    form_view.set_record(undone, form_definitions.workflow("proposal"), "lower")
    assert focused().text() == ""
    form_view.flush()
    assert undone.value("title") is None


def test_a_refresh_does_not_touch_the_words_being_typed(form_view):
    form_view.focus_path("title")
    type_text("Hỗ trợ ")
    form_view.keep_typed()
    form_view.refresh(["title"])
    assert focused().text() == "Hỗ trợ "


# -- open again, and where one is -----------------------------------------------------------------------------------


def ink(editor):
    """The colours of the texts of a field's inputs."""
    inputs = editor.findChildren(QLineEdit) + editor.findChildren(QPlainTextEdit)
    return {line.palette().color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text).name() for line in inputs}


def test_a_dossier_that_is_opened_again_is_black_again(form_view, form_definitions, theme):
    """Every field: «Sửa thành bản mới» shows the same form, that was closed before."""
    record = new_record(form_definitions, "proposal", "reopened", date(2026, 3, 5))
    record.add_row("budget", {"item": "Máy sao chè", "cost": 570_000_000})
    workflow = form_definitions.workflow("proposal")
    for state, colour in (("draft", "text"), ("final", "muted"), ("draft", "text")):
        record.set("state", state)
        form_view.set_record(record, workflow, "lower")
        inks = {name: ink(form_view.editor(name)) for name in form_view.names() if form_view.may_edit(name)}
        if state == "final":
            inks = {name: ink(form_view.editor(name)) for name in ("title", "goals", "beneficiaries")}
        wrong = {name: inks_ for name, inks_ in inks.items() if inks_ - {getattr(theme.colours, colour)}}
        assert wrong == {}, state


def test_a_short_section_at_the_end_stays_marked_when_the_form_cannot_scroll_to_it(form_view, form_definitions):
    record = new_record(form_definitions, "proposal", "ended", date(2026, 3, 5))
    form_view.set_record(record, form_definitions.workflow("proposal"), "lower")
    reached = []
    form_view.section_reached.connect(reached.append)
    bar, last_but_one = form_view.verticalScrollBar(), form_view.sections()[-2][0]
    form_view.scroll_to_section(last_but_one)
    assert bar.value() == bar.maximum(), "the sections after it are too short"
    bar.setValue(bar.maximum() - 1)  # as when a message above it takes a line away
    bar.setValue(bar.maximum())
    assert reached[-1] == last_but_one
    bar.setValue(0)
    bar.setValue(bar.maximum())
    assert reached[-1] == last_but_one


def test_what_nobody_has_compared_with_its_text_is_said_once(form_view, form_definitions, new_id):
    record = new_record(form_definitions, "proposal", new_id, DAY)
    form_view.set_record(record, form_definitions.workflow("proposal"), "lower")
    said = [text for text in sentences(form_view) if "đối chiếu với văn bản gốc" in text]
    unverified = {field.label for field in record.fields_visible() if field.unverified}
    assert len(said) == 1
    assert unverified
    assert all(label in said[0] for label in unverified)
