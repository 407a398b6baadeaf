"""Every key has one owner: what a hint promises is what the key does, whatever has the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCalendarWidget,
    QHeaderView,
    QTableView,
    QWidget,
)

from kcdesk.demo import sample_lives as life
from kcdesk.errors import UserError
from kcdesk.services.lifecycle import missing
from kcdesk.services.records import changing, parents, reading
from kcdesk.ui.dossier.registers_page import RegistersPage
from kcdesk.ui.dossier.section_list import Contents
from kcdesk.ui.form.table_editor import TableEditor
from kcdesk.ui.shell.view_menu import has_common_menu, menu_of
from tests.ui.form_support import press, rest, type_text


@pytest.fixture
def window(open_window, played):
    return open_window(played[0])


def places(window):
    """Come to every page of the navigation, every register, and a dossier of every kind; yield the name of each."""
    workspace = window.context.workspace
    for entry in window.navigation.entries:
        window.go(entry.name)
        if isinstance(window.page, RegistersPage):
            for kind in window.page.kinds:
                window.page.show_register(kind)
                yield f"{entry.name}/{kind}"
        else:
            yield entry.name
    for kind in workspace.forms.kinds:
        stored = workspace.store.page(kind, limit=1)
        if stored and window.open_record(stored[0].id) is not None:
            yield f"dossier/{kind}"


# -- every place ----------------------------------------------------------------------------------------------------


def own_keys(widget: QWidget) -> list[QKeySequence]:
    """The keys that are declared for a widget itself, not for the window."""
    declared = [*widget.findChildren(QShortcut), *widget.findChildren(QAction)]
    local = Qt.ShortcutContext.WidgetShortcut, Qt.ShortcutContext.WidgetWithChildrenShortcut
    keys = []
    for owner in declared:
        context = owner.context() if isinstance(owner, QShortcut) else owner.shortcutContext()
        sequences = owner.keys() if isinstance(owner, QShortcut) else owner.shortcuts()
        keys += [keys for keys in sequences if context in local]
    return keys


def handles_keys(widget: QWidget) -> bool:
    """Whether a widget has keys of ours; what Qt's own widgets would do with a key of the menu is promised nowhere."""
    ours = (kind for kind in type(widget).__mro__ if kind.__module__.startswith("kcdesk"))
    return any("keyPressEvent" in vars(kind) for kind in ours) and widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def is_taken(widget: QWidget, keys: QKeySequence) -> bool:
    """Whether a widget would use a key that the menu has too: then the hint of one of them is false.

    The widget is asked as Qt asks before a shortcut of the menu runs; what it claims then is really its own.
    """
    pressed = keys[0]
    override = QKeyEvent(QEvent.Type.ShortcutOverride, pressed.key(), pressed.keyboardModifiers())
    override.ignore()
    QApplication.sendEvent(widget, override)
    if override.isAccepted():
        return False
    event = QKeyEvent(QEvent.Type.KeyPress, pressed.key(), pressed.keyboardModifiers())
    event.ignore()
    widget.keyPressEvent(event)
    return event.isAccepted()


def menu_keys(window):
    """The actions of the menus that have a key, by name; each key has one action."""
    actions = {name: action for name, action in window.menu_actions.items() if not action.shortcut().isEmpty()}
    assert len({action.shortcut().toString() for action in actions.values()}) == len(actions)
    return actions


def keys_with_two_owners(window, asked):
    """The keys of the menus that the page in front declares or uses too; kinds of widgets in `asked` are known."""
    page, actions = window.page, menu_keys(window)
    window_keys = {action.shortcut().toString() for action in actions.values()}
    twice = {keys.toString() for keys in own_keys(page) if keys.toString() in window_keys}
    for name in ("undo", "redo"):  # an input has them while it holds typed text, and hands them on to the window after
        del actions[name]
    kinds = {}
    for widget in [page, *page.findChildren(QWidget)]:
        if handles_keys(widget) and widget.isEnabled() and widget.isVisible():
            kinds.setdefault((type(widget), getattr(widget, "isReadOnly", bool)()), widget)
    for (kind, _closed), widget in kinds.items():
        if kind in asked:
            continue
        asked.add(kind)
        offered = [action.shortcut() for action in actions.values() if action.isEnabled()]
        twice |= {(kind.__name__, keys.toString()) for keys in offered if is_taken(widget, keys)}
    return twice


def views_with_rows(page):
    """The lists, tables and trees of a page that show something, each at one of its rows."""
    for view in page.findChildren(QAbstractItemView):
        if not view.isVisible() or view.model() is None or isinstance(view, QHeaderView):
            continue
        if isinstance(view.parentWidget(), QCalendarWidget) or not view.model().rowCount():
            continue
        if not view.currentIndex().isValid():
            view.setCurrentIndex(view.model().index(0, 0))
        yield view


def menu_labels(view) -> list[str]:
    """What the right mouse button offers in a view: its own actions or menu, else the common one."""
    if view.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu:
        return [action.text() for action in view.actions()]
    if not has_common_menu(view):
        return [action.text() for action in view.menu().actions()]
    menu = menu_of(view)
    labels = [action.text() for action in menu.actions()]
    menu.deleteLater()
    return labels


def go_to_both_ends(window, place):
    """Press End and Home in every list of the page in front; return how many lists there are."""
    lists = [table for table in window.page.findChildren(QTableView) if table.property("role") == "list"]
    lists = [table for table in lists if table.isVisible() and table.model().rowCount() >= 2]
    for table in lists:
        table.setFocus()
        press(window, "End")
        assert table.currentIndex().row() == table.model().rowCount() - 1, place
        press(window, "Home")
        assert table.currentIndex().row() == 0, place
    return len(lists)


def press_esc(window, place):
    """Esc closes the message and never leaves the page."""
    page = window.page
    window.context.messages.notice("Một thông báo.")
    press(window, "Esc")
    assert window.notices.text() == "", place
    for _ in range(3):
        press(window, "Esc")
    assert window.page is page, place


def test_at_every_place_the_keys_do_what_is_promised(window):
    """One walk for all of it: to open every page takes most of the time."""
    seen, listed, viewed, twice, without, asked = [], [], 0, set(), [], set()
    for place in places(window):
        seen.append(place)
        press_esc(window, place)
        twice |= {(place, taken) for taken in keys_with_two_owners(window, asked)}
        for view in views_with_rows(window.page):
            viewed += 1
            if not any(label.startswith(("Chép", "Mở", "Sửa", "Xoá")) for label in menu_labels(view)):
                without.append((place, type(view).__name__, view.objectName()))
        listed += [place] * go_to_both_ends(window, place)
    assert twice == set(), "a key has one owner"
    assert {"RowsView", "GroupedInput", "TitledTable"} <= {kind.__name__ for kind in asked}
    assert without == [], "every list, table and tree has a menu"
    assert viewed > 25
    assert "proposal" in listed or "beneficiary" in listed
    assert len(seen) > 20


# -- deleting ------------------------------------------------------------------------------------------------------


def with_rows(workspace, kind):
    """A draft of a kind with a row in every table that may be filled in; "" when it is made from another one only."""
    form, above = workspace.forms.current(kind), parents.parent_kind(workspace, kind)
    known = workspace.store.page(above, limit=1) if above else []
    try:
        id_ = changing.add(workspace, kind, {form.parent: known[0].id} if known else {}).items[0].id
        record = workspace.store.record(id_)
        for table in record.form.tables:
            _, changes = record.add_row(table.name)
            changing.save(workspace, id_, changes)
    except UserError:
        return ""
    return id_


def test_ctrl_delete_in_a_table_deletes_its_row_and_never_the_dossier(window, messages):
    """Every table of every kind of dossier."""
    workspace, tried = window.context.workspace, []
    for kind in workspace.forms.kinds:
        id_ = with_rows(workspace, kind)
        page = window.open_record(id_) if id_ else None
        editors = page.findChildren(TableEditor) if page is not None else []
        for editor in [editor for editor in editors if not editor.isHidden() and editor.model.rows]:
            before = len(editor.model.rows)
            editor.view.setFocus()
            editor.view.setCurrentIndex(editor.model.index(0, 0))
            press(window, "Ctrl+Delete")
            assert not workspace.store.get(id_).deleted, (kind, editor.path)
            assert len(editor.model.rows) == before - editor.model.editable, (kind, editor.path)
            tried.append((kind, editor.path))
    assert {("proposal", "budget"), ("contract", "budget"), ("plan", "entries")} <= set(tried), tried
    assert not any(sentence.startswith("Xoá") for sentence in messages.said)


def test_no_key_in_a_form_deletes_the_record(window, messages):
    id_ = changing.add(window.context.workspace, "beneficiary", {"name": "Cơ sở"}).items[0].id
    window.go("beneficiary")
    for keys in ("Ctrl+Delete", "Delete", "Shift+Delete", "Ctrl+Backspace"):
        window.open_record(id_)
        window.page.focus_field("phone")
        press(window, keys)
        assert not window.context.workspace.store.get(id_).deleted, keys
        window.back()
    assert messages.said == []


# -- lists ---------------------------------------------------------------------------------------------------------


def test_end_then_del_asks_about_the_last_row_also_when_it_was_not_read_yet(window, messages):
    workspace = window.context.workspace
    for number in range(130):
        changing.add(workspace, "beneficiary", {"name": f"Z{number:03d}"})
    window.go("beneficiary")
    messages.answers.extend([False, True])
    press(window, "End")
    press(window, "Delete")
    assert messages.said == ["Xoá đơn vị thụ hưởng «Z129»?"]
    before = reading.count(workspace, "beneficiary")
    press(window, "Delete")
    assert reading.count(workspace, "beneficiary") == before - 1
    assert messages.said[-1] == "Đã xoá «Z129»."


def test_enter_opens_the_highlighted_row_at_once(window):
    for key in ("Return", "Enter"):
        window.go("overview")
        press(window, "Alt+3")
        shown = window.page.current_id()
        assert shown
        press(window, key)
        assert window.page.record_id == shown, key


# -- Esc and leaving -----------------------------------------------------------------------------------------------


def test_esc_in_a_table_gives_up_the_selection(window):
    workspace = window.context.workspace
    budget = [{"item": "Máy", "cost": 5}, {"item": "Lắp đặt", "cost": 3}]
    id_ = changing.add(workspace, "proposal", {"title": "Đề án", "budget": budget}).items[0].id
    page = window.open_record(id_)
    page.focus_field("budget")
    view = next(editor for editor in page.findChildren(TableEditor) if editor.path == "budget").view
    view.selectAll()
    press(window, "Esc")
    assert len(view.selectedIndexes()) == 1
    assert window.page is page


def test_a_record_opens_again_where_it_was_left(window):
    workspace = window.context.workspace
    id_ = changing.add(workspace, "proposal", {"title": "Đề án"}).items[0].id
    window.go("proposal")
    page = window.open_record(id_)
    page.focus_field("goals")
    type_text("Mục tiêu")
    left = page.form.verticalScrollBar().value()
    assert left
    press(window, "Alt+Left")
    rest()
    page = window.open_record(id_)
    rest()
    assert page.place()["field"] == "goals"
    assert abs(page.form.verticalScrollBar().value() - left) < 60
    window.go("reports")
    page = window.open_record(id_)
    assert page.place()["field"] == "goals"


# -- messages ------------------------------------------------------------------------------------------------------


def test_an_error_goes_with_its_page(window, messages):
    window.go("proposal")
    messages.problem("Chưa chốt được.")
    press(window, "Alt+2")
    assert window.notices.text() == ""


def test_an_error_of_a_step_goes_when_what_it_names_is_mended(window, messages):
    """The panel lists the rest; the message would go on asking for what is there."""
    workspace = window.context.workspace
    id_ = changing.add(workspace, "beneficiary", {"name": "Cơ sở"}).items[0].id
    page = window.open_record(id_)
    press(window, "Ctrl+Return")
    named = missing.outlook_of(workspace, page.record).must[0]
    assert named.message in window.notices.text()
    window.context.announce(changing.set_values(workspace, id_, {"note": "Đã gọi điện"}))
    assert window.notices.text()
    window.context.announce(changing.set_values(workspace, id_, {named.field: life.OWNER[named.field]}))
    assert window.notices.text() == ""
    assert messages.said


def test_an_error_about_a_text_that_cannot_be_read_goes_with_the_text(window):
    workspace = window.context.workspace
    id_ = changing.add(workspace, "beneficiary", life.OWNER).items[0].id
    page = window.open_record(id_)
    page.form.focus_path("registration_date", replacing=True)
    type_text("31/2/2018")
    press(window, "Ctrl+Return")
    assert "31/2/2018" in window.notices.text()
    page.form.focus_path("registration_date", replacing=True)
    type_text("1/2/2018")
    press(window, "Tab")
    assert window.notices.text() == ""


def test_the_contents_count_what_the_sections_count(window):
    """The list beside the form says the same number as the heading of the section, after every answer."""
    workspace = window.context.workspace
    id_ = changing.add(workspace, "beneficiary", {}).items[0].id
    page = window.open_record(id_)
    press(window, "Ctrl+Return")
    page.form.focus_path("name")
    type_text("Co so")
    press(window, "Tab")
    contents = page.findChild(Contents)
    counted = [f"{label} ({count})" if count else label for _id, label, count in page.form.sections()]
    assert any(label.endswith(")") for label in counted)
    assert [contents.item(row).text() for row in range(contents.count())] == counted


def test_a_closed_message_looks_at_nothing_any_more(window):
    """Its record may be gone by the next change; F1 no longer explains what is not shown."""
    workspace = window.context.workspace
    id_ = changing.add(workspace, "beneficiary", {"name": "Cơ sở"}).items[0].id
    window.open_record(id_)
    press(window, "Ctrl+Return")
    assert window.notices.topic()
    window.go("proposal")
    assert window.notices.topic() == ""
    window.context.announce(changing.undo(workspace))
    window.context.announce(changing.add(workspace, "beneficiary", {"name": "Cơ sở khác"}))
    assert window.notices.text() == ""


# -- menus of lists ------------------------------------------------------------------------------------------------


def test_the_menu_key_opens_the_menu_and_rows_are_copied_without_the_line_that_adds(window, qtbot):
    window.go("reports")
    qtbot.waitUntil(lambda: window.page.answer() is not None)
    table = window.page.view.table
    table.setFocus()
    table.selectRow(0)
    centre, none = table.rect().center(), Qt.KeyboardModifier.NoModifier
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, centre, table.mapToGlobal(centre), none)
    QApplication.sendEvent(table, event)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    next(action for action in menu.actions() if action.text().startswith("Chép")).trigger()
    menu.close()
    copied = QApplication.clipboard().text()
    assert copied.count("\n") == 0
    assert copied.split("\t")[0] == table.model().index(0, 0).data()
