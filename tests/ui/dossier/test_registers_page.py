"""«Sổ hồ sơ»: every kind without a page of its own has a register there, and one works in it as in any list."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from kcdesk.app import page_entries
from kcdesk.services.records import changing, parents
from kcdesk.settings import Settings
from kcdesk.ui.dossier.parent_dialog import ParentDialog
from tests.services.warnings.test_foresight import insert
from tests.ui.form_support import press

CONTRACTS = ("HĐ-01/2026", "HĐ-02/2026")


@pytest.fixture
def window(open_window, workspace):
    proposal = changing.add(workspace, "proposal", {"title": "Đề án mẫu"}).items[0].id
    for number in CONTRACTS:
        changing.add(workspace, "contract", {"proposal": proposal, "number": number, "party_b": "Cơ sở Mẫu"})
    return open_window(workspace, Settings(page="registers", register="contract"))


def test_every_kind_has_a_place_in_the_navigation(window):
    page, forms = window.page, window.context.workspace.forms
    of_their_own = {entry.name for entry in page_entries()}
    found = []
    for place in range(page.groups.count()):
        page.groups.setCurrentIndex(place)
        found += [page.tabs.tabText(tab) for tab in range(page.tabs.count())]
    assert sorted(found) == sorted(forms.current(kind).plural for kind in forms.kinds if kind not in of_their_own)
    assert {"Hợp đồng", "Kiểm tra", "Kỳ bình chọn", "Cán bộ"} <= set(found)


def test_a_group_opens_at_its_register_of_the_last_time(window):
    page = window.page
    page.show_register("staff")
    page.show_register("contract")
    page.groups.setCurrentIndex([page.groups.tabText(n) for n in range(page.groups.count())].index("Đơn vị, cán bộ"))
    assert page.kind == "staff"


@pytest.mark.parametrize("width", [1366, 1024])
def test_every_register_of_a_group_is_in_sight(window, width):
    page = window.page
    window.resize(width, 680)
    QApplication.processEvents()
    for place in range(page.groups.count()):
        page.groups.setCurrentIndex(place)
        QApplication.processEvents()
        assert page.tabs.tabRect(page.tabs.count() - 1).right() <= page.tabs.width()


def test_a_column_says_the_short_word_and_its_tip_the_whole(window):
    workspace = window.context.workspace
    changing.add(workspace, "beneficiary", {"name": "Cơ sở Mẫu", "legal_form": "limited_company"})
    window.go("beneficiary")
    model = window.page.model
    place = [column.name for column in model.columns].index("legal_form")
    assert model.index(0, place).data() == "Công ty TNHH"
    assert model.index(0, place).data(Qt.ItemDataRole.ToolTipRole) == "Công ty trách nhiệm hữu hạn"


def test_a_record_opens_by_enter_and_alt_left_leads_back_to_its_row(window):
    assert window.page.register.table.hasFocus()
    press(window, "Down")
    chosen = window.page.register.current_id()
    press(window, "Return")
    assert window.page.record_id == chosen
    press(window, "Alt+Left")
    assert window.page.title == "Sổ hồ sơ"
    assert window.page.register.current_id() == chosen


def test_the_search_of_the_header_is_that_of_the_register_in_front(window, qtbot):
    press(window, "Ctrl+F")
    qtbot.keyClicks(window.header.search, "02/2026")
    qtbot.waitUntil(lambda: window.page.register.model.rowCount() == 1)
    window.page.show_register("inspection")
    assert window.page.search_text() == ""
    window.page.show_register("contract")
    assert window.page.search_text() == "02/2026"


@pytest.fixture
def choosing(monkeypatch, qtbot):
    """The officer before «Của đề án nào?»: types words and presses Enter, or Esc without words; what was shown."""

    def give(words):
        shown = []

        def drive(dialog):
            dialog.show()
            assert dialog.focusWidget() is dialog.search, "words are typed at once"
            qtbot.keyClicks(dialog.search, words)
            qtbot.waitUntil(lambda: not words or dialog.search.text() == words)
            shown.append((dialog.windowTitle(), [dialog.lines.item(row).text() for row in range(dialog.lines.count())]))
            qtbot.keyClick(dialog.search, Qt.Key.Key_Return if words else Qt.Key.Key_Escape)
            return dialog.result()

        monkeypatch.setattr(QDialog, "exec", drive)
        return shown

    return give


def test_ctrl_n_asks_to_what_the_record_belongs_and_makes_it(window, choosing):
    shown = choosing("de an mau")
    window.page.show_register("inspection")
    assert window.header.main.text() == "Lập biên bản kiểm tra"
    press(window, "Ctrl+N")
    assert window.page.record.kind == "inspection"
    assert window.page.record.value("proposal") == window.context.workspace.store.page("proposal")[0].id
    ((title, lines),) = shown
    assert title == "Của đề án nào?"
    assert lines[0].startswith("Đề án mẫu\n")


def test_those_whose_turn_it_is_stand_first_and_the_others_say_so(window, choosing):
    """A visit belongs to what was approved; a proposal that was only handed in is not refused, but stands behind."""
    workspace = window.context.workspace
    for state in ("sent", "running", "archived", "approved"):
        insert(workspace, "proposal", state=state, title=f"Đề án {state}", year=2026)
    shown = choosing("de an")
    window.go("acceptance")
    press(window, "Ctrl+N")
    ((_title, lines),) = shown
    assert {line.split()[2] for line in lines[:2]} == {"running", "approved"}
    assert ["thường không lập" in line for line in lines] == [False, False, True, True, True]
    assert window.page.record.kind == "acceptance"


def test_every_register_leaves_nothing_behind_when_the_officer_changes_his_mind(window, choosing):
    shown = choosing("")
    workspace = window.context.workspace
    below = [kind for kind in workspace.forms.kinds if parents.parent_kind(workspace, kind)]
    for kind in below:
        if kind != "acceptance":  # it has a page of its own
            window.page.show_register(kind)
            before = workspace.store.count(kind)
            window.run_main_action()
            assert window.page.kind == kind
            assert workspace.store.count(kind) == before
    assert len(shown) == len(below) - 1
    assert not window.notices.isVisible()


def test_where_nothing_can_be_chosen_the_record_above_is_made(window, monkeypatch):
    def make_one(dialog):
        dialog.show()
        assert dialog.empty.text() == "Chưa có hồ sơ nào để chọn."
        assert not dialog.choose.isEnabled()
        dialog.make.click()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", make_one)
    window.page.show_register("product_entry")
    window.page.register.begin_new()
    assert window.page.record.kind == "product_vote"


def test_the_keyboard_leads_from_register_to_register_and_round(window):
    page = window.page
    registers = set(window.context.workspace.forms.kinds) - {entry.name for entry in page_entries()}
    seen = [page.kind]
    for _ in registers:
        press(window, "Ctrl+PgDown")
        seen.append(page.kind)
    assert seen[0] == seen[-1] == "contract"
    assert set(seen) == registers
    press(window, "Ctrl+PgUp")
    assert page.kind == seen[-2]


def test_choosing_among_the_tabs_keeps_the_keyboard_there(window):
    window.page.tabs.setFocus()
    press(window, "Right")
    assert window.page.tabs.hasFocus()
    assert window.page.kind != "contract"
    press(window, "Tab")
    assert not window.page.tabs.hasFocus()


def test_the_register_of_the_last_time_comes_back(window, open_window, workspace):
    window.page.show_register("inspection")
    assert open_window(workspace, window.context.settings).page.kind == "inspection"


def test_a_kind_that_is_gone_gives_way_to_the_first(open_window, workspace):
    window = open_window(workspace, Settings(page="registers", register="gone"))
    assert window.page.tabs.currentIndex() == 0


def test_the_words_of_a_search_that_finds_no_parent_stand_together(qtbot, workspace):
    dialog = ParentDialog(workspace, "contract", "proposal")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.search.setText("không có đề án nào như vậy")
    qtbot.waitUntil(lambda: dialog.empty.isVisible())
    assert dialog.empty.geometry().bottom() < dialog.height() // 2
