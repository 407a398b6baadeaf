"""The main window: navigation, dossiers in place, undo, searching, keyboard, size; and the pages that are not lists."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QStringListModel, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QListView, QPushButton

from kcdesk import moments
from kcdesk.app import DOSSIERS, PAGES, REGISTERS
from kcdesk.services.maintenance import backup_copies
from kcdesk.services.overview import counters
from kcdesk.services.records import changing
from kcdesk.settings import Settings
from kcdesk.ui.shell.page import Page
from kcdesk.ui.shell.view_menu import copied
from kcdesk.ui.window.menus import PAGE_COMMANDS
from kcdesk.ui.window.search_hits import HitGroup, SearchHit
from kcdesk.ui.window.status import StatusLine, backup_sentence, handover_sentence
from tests.ui.form_support import press, rest, type_text


@pytest.fixture
def settings():
    return Settings()


@pytest.fixture
def window(open_window, workspace, settings):
    return open_window(workspace, settings)


def _add(window, kind="beneficiary", **values):
    made = changing.add(window.context.workspace, kind, values)
    window.context.announce(made)
    return made.items[0].id


def test_a_clock_set_back_is_said_in_the_status_line(window, qtbot, monkeypatch):
    status = window.findChild(StatusLine)
    assert not status.clock.isVisible()

    monkeypatch.setattr(moments, "now", lambda: datetime(2026, 1, 3, 8, tzinfo=UTC))
    _add(window, name="Cơ sở Mẫu")

    qtbot.waitUntil(status.clock.isVisible)
    assert "Máy đang ghi ngày 03/01/2026, nhưng kho đã có thay đổi ngày" in status.clock.toolTip()


# -- pages --------------------------------------------------------


def test_alt_and_a_number_shows_each_of_the_pages(window):
    shown = []
    for number in range(1, 9):
        press(window, f"Alt+{number}")
        shown.append(window.header.title.whole)
    assert shown[:5] == ["Tổng quan", "Đơn vị thụ hưởng", "Đề án", "Nghiệm thu", "Sổ hồ sơ"]
    assert shown[5:] == ["Bàn giao", "Báo cáo", "Cài đặt"]


def test_a_page_is_built_when_it_is_first_shown(window):
    assert window.stack.count() == 1
    window.go("proposal")
    window.go("overview")
    window.go("proposal")
    assert window.stack.count() == 2


def test_the_last_page_comes_back(open_window, workspace):
    assert open_window(workspace, Settings(page="reports")).page.title == "Báo cáo"
    assert open_window(workspace, Settings(page="gone")).page.title == "Tổng quan"


def test_a_record_opens_in_place_and_alt_left_leads_back_to_its_row(window):
    ids = [_add(window, name=f"Cơ sở {letter}") for letter in "ABC"]
    window.go("beneficiary")
    window.page.table.selectRow(1)
    press(window, "Return")
    assert window.page.record_id == ids[1]
    assert window.header.title.whole == "Cơ sở B"
    press(window, "Esc")
    assert window.page.record_id == ids[1]
    press(window, "Alt+Left")
    assert window.page.title == "Đơn vị thụ hưởng"
    assert window.page.current_id() == ids[1]
    assert window.page.table.hasFocus()


def test_dossiers_lie_over_one_another_and_none_twice(window):
    beneficiary = _add(window, name="Cơ sở mẫu")
    proposal = _add(window, "proposal", title="Đề án mẫu", beneficiaries=[beneficiary])
    window.go("proposal")
    first = window.open_record(proposal)
    window.open_record(beneficiary)
    assert window.open_record(proposal) is first
    window.back()
    assert window.page.title == "Đề án"


def test_a_record_that_is_not_there_is_said(window, messages):
    assert window.open_record("01900000-0000-7000-8000-000000000000") is None
    assert messages.said
    assert window.page.title == "Tổng quan"


def test_ctrl_n_makes_a_draft_and_opens_it(window):
    window.go("beneficiary")
    press(window, "Ctrl+N")
    assert window.page.record.kind == "beneficiary"
    assert window.page.record.state == "draft"


def test_ctrl_n_makes_a_proposal_where_nothing_else_is_made(window):
    window.go("settings")
    window.begin_new()
    assert window.page.record.kind == "proposal"
    window.begin_new()
    assert window.page.record.kind == "proposal"


def test_the_menu_offers_only_what_the_page_has(window, messages):
    """Every page and dossier: an entry that belongs to pages is offered where its page can do it, and nowhere else."""
    ids = {kind: _add(window, kind) for kind in ("beneficiary", "proposal", "plan")}
    ids["acceptance"] = _add(window, "acceptance", proposal=ids["proposal"])
    shown = [*(lambda name=entry.name: window.go(name) for entry in window.navigation.entries)]
    shown += [*(lambda id_=id_: window.open_record(id_) for id_ in ids.values())]
    offered = set()
    for show in shown:
        show()
        commands = set(window.page.commands())
        enabled = {name for name in PAGE_COMMANDS if window.menu_actions[name].isEnabled()}
        assert enabled == commands & set(PAGE_COMMANDS), window.page.title
        assert window.menu_actions["steps"].isEnabled() == bool(window.page.other_steps())
        offered |= enabled
    assert offered >= {"print", "receive_signed", "delete", "field_mode", "next_open", "related", "step_after"}
    assert not any("không có việc đó" in sentence for sentence in messages.said)


def test_closing_waits_for_a_long_act_when_the_officer_wants_so(window, messages):
    def work(progress):
        while True:
            progress(0, 0, "")

    messages.answers.extend([False, True])
    window.context.worker.run(work, text="", done=lambda _: None, failed=lambda _: None, owner=None)
    assert not window.close()
    assert window.close()


# -- undo --------------------------------------------------------


def test_undo_and_redo_name_what_they_would_do(window):
    id_ = _add(window, name="Cơ sở cũ")
    window.context.act(lambda: changing.set_values(window.context.workspace, id_, {"name": "Cơ sở mới"}))
    menu = next(menu for menu in window.menuBar().actions() if menu.text() == "&Sửa").menu()
    menu.aboutToShow.emit()
    assert window.menu_actions["undo"].text() == "Hoàn tác: Sửa tên đơn vị"
    window.menu_actions["undo"].trigger()
    assert window.context.workspace.store.record(id_).value("name") == "Cơ sở cũ"
    menu.aboutToShow.emit()
    assert window.menu_actions["redo"].text() == "Làm lại: Sửa tên đơn vị"
    window.menu_actions["redo"].trigger()
    assert window.context.workspace.store.record(id_).value("name") == "Cơ sở mới"


def test_nothing_to_undo_is_said(window, messages):
    window.menu_actions["undo"].trigger()
    assert messages.said == ["Không còn việc nào để hoàn tác."]


def test_a_later_change_takes_the_offer_to_undo_away(window, messages):
    messages.notice("Đã xoá «Cơ sở».", undo=lambda: None)
    assert window.notices.text()
    _add(window, name="Cơ sở khác")
    assert window.notices.text() == ""


# -- searching --------------------------------------------------------


def test_ctrl_f_searches_the_page_as_one_types(window, qtbot):
    _add(window, name="Hợp tác xã Đồng Mây")
    _add(window, name="Công ty Cơ khí")
    window.go("beneficiary")
    press(window, "Ctrl+F")
    assert window.header.search.hasFocus()
    qtbot.keyClicks(window.header.search, "dong")
    qtbot.waitUntil(lambda: window.page.model.rowCount() == 1)
    press(window, "Esc")
    assert window.page.model.rowCount() == 2
    press(window, "Esc")
    assert window.page.table.hasFocus()


def test_each_list_keeps_its_own_search(window):
    _add(window, name="Cơ sở mẫu")
    window.go("beneficiary")
    window.page.search("mau")
    window.go("proposal")
    assert window.header.search.text() == ""
    window.go("beneficiary")
    assert window.header.search.text() == "mau"


def test_ctrl_k_finds_every_kind_and_opens_it(window, qtbot):
    _add(window, name="Cơ sở gốm Mẫu")
    proposal = _add(window, "proposal", title="Đề án gốm")
    press(window, "Ctrl+K")
    search = window.global_search
    assert search.isVisible()
    qtbot.keyClicks(search.box, "gom")
    search.box.search_now()
    place = [hit.title for hit in search.hits()].index("Đề án gốm")
    for _ in range(place):
        qtbot.keyClick(search.box, Qt.Key.Key_Down)
    qtbot.keyClick(search.box, Qt.Key.Key_Return)
    rest()
    assert not search.isVisible()
    assert window.page.record_id == proposal


def searched(window, text):
    window.global_search.pop_up()
    window.global_search.box.setText(text)
    window.global_search.box.search_now()
    return window.global_search


def test_ctrl_k_finds_actions_with_their_keys_and_runs_them(window):
    hits = {hit.title: hit.beside for hit in searched(window, "dat cai").hits()}
    assert hits["Cài đặt"] == "Alt+8"
    assert searched(window, "chu to").hits()[0].title == "Chữ to hơn"
    searched(window, "cai dat").choose()
    rest()
    assert window.page.title == "Cài đặt"


def test_a_list_with_the_very_name_that_was_typed_comes_before_what_only_mentions_it(window):
    _add(window, "proposal", title="Máy dệt", scale="Thực hiện trong một năm kế hoạch.")
    titles = [hit.title for hit in searched(window, "ke hoach nam").hits()]
    assert titles[:2] == ["Kế hoạch năm", "Máy dệt"]


def test_ctrl_k_presses_a_button_of_the_settings(window, messages):
    window.go("overview")
    assert "Sao lưu ngay" not in [hit.title for hit in searched(window, "sao luu ngay").hits()]  # not built for this
    window.go("settings")
    window.go("overview")
    assert "Sao lưu ngay" in [hit.title for hit in searched(window, "sao luu ngay").hits()]
    window.global_search.choose()
    rest()
    assert window.page.title == "Cài đặt"
    assert messages.said[-1].startswith("Đã sao lưu vào ")


def test_ctrl_k_says_why_and_how_many_and_opens_the_list_of_all(window):
    for number in range(8):
        _add(window, "proposal", title=f"Máy {number}", implementing_unit="Phòng Kinh tế xã số 7")
    window.go("overview")
    search = searched(window, "xa so 7")
    assert search.hits()[0].reason == "Đơn vị thực hiện: Phòng Kinh tế xã số 7"
    place = [hit.title for hit in search.hits()].index("8 đề án – xem trong danh sách")
    for _ in range(place):
        press(window, "Down")
    search.choose()
    rest()
    assert window.page.kind == "proposal"
    assert window.page.search_text() == window.header.search.text() == "xa so 7"
    assert window.page.model.total() == 8


def test_ctrl_k_opens_a_register_filtered_by_the_state_that_was_typed(window):
    _add(window, "proposal", title="Dệt")
    for number in range(7):
        _add(window, "task", title=f"Việc {number}")
    search = searched(window, "viec theo thoi han")
    more = next(hit for hit in search.hits() if hit.title == "7 việc theo thời hạn – xem trong danh sách")
    search.hide()
    more.run()
    assert window.page.kind == "task"
    window.show_matches("proposal", "", {"state": ["draft"]})
    chip = next(chip for chip in window.page.chips.chips if chip.name == "state")
    assert chip.text() == "Trạng thái: Đang soạn ▾"
    assert window.page.model.total() == 1


def test_ctrl_k_asks_every_source_that_is_added(window):
    ran = []
    hit = SearchHit("Quên mật khẩu, mất máy", lambda: ran.append("help"))
    window.global_search.add_sources(lambda text: [HitGroup("Hướng dẫn", [hit])] if "zznguồn" in text else [])
    search = searched(window, "zznguồn")
    assert "Quên mật khẩu, mất máy" in [hit.title for hit in search.hits()]
    search.choose()
    rest()
    assert ran == ["help"]


def test_a_page_of_help_with_the_very_phrase_comes_first(window):
    assert searched(window, "can bo thoi viec").hits()[0].title == "Bàn giao công việc"


def test_a_search_without_a_find_says_so(window):
    window.global_search.pop_up()
    window.global_search.box.setText("khong zzco")
    window.global_search.box.search_now()
    assert window.global_search.sentence() == "Không có gì chứa «khong zzco». Hãy thử ít chữ hơn."
    window.global_search.hide()


# -- the frame --------------------------------------------------------


def test_every_action_stands_in_the_menu_and_in_the_help(window):
    window.menu_actions["keys"].trigger()
    help_window = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "keys_help")
    said = {label.text() for label in help_window.findChildren(QLabel)}
    assert {"Ctrl+N", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+P", "Ctrl+E", "Ctrl+K", "F1", "Shift+F1", "Alt+8", "Esc"} <= said
    help_window.close()
    shortcuts = [keys for action in window.menu_actions.values() if (keys := action.shortcut().toString())]
    assert len(set(shortcuts)) == len(shortcuts)


def test_a_narrow_window_keeps_only_the_icons(window):
    assert not window.navigation.narrow
    window.resize(1024, 680)
    assert window.navigation.narrow
    window.resize(1366, 768)
    assert not window.navigation.narrow
    window.navigation.fold()
    assert window.navigation.narrow
    window.navigation.fold()


def test_the_window_is_never_wider_than_the_smallest_screen(window):
    for name in ("overview", "beneficiary", "proposal", "acceptance", "registers", "handoff", "reports", "settings"):
        window.go(name)
        assert window.minimumSizeHint().width() <= 1024, name
        assert window.minimumSizeHint().height() <= 680, name


def test_what_waits_is_counted(window, qtbot):
    proposal = _add(window, "proposal", title="Đề án mẫu")
    _add(window, "acceptance", proposal=proposal)
    qtbot.waitUntil(lambda: window.navigation.text_of("acceptance") == "Nghiệm thu  1")
    assert counters.to_hand_over(window.context.workspace) == 2
    assert window.status.handover.text() == "2 hồ sơ chờ bàn giao"


def test_the_status_line_says_who_what_and_when(window):
    assert window.status.unit.text() == "Trung tâm Khuyến công mẫu · Nguyễn Thị Mẫu"
    assert window.status.practice.text() == "KHO THỰC HÀNH"
    _add(window, name="Cơ sở")
    assert window.status.saved.text() == f"Đã lưu {window.context.saved_at:%H:%M}"


def test_a_long_act_is_shown_and_can_be_stopped(window, qtbot):
    def work(progress):
        while True:
            progress(1, 4, "Đang làm")

    window.context.worker.run(work, text="Bắt đầu", done=lambda _: None, failed=lambda _: None, owner=None)
    qtbot.waitUntil(lambda: window.status.work_text() == "Đang làm")
    window.status.stop()
    qtbot.waitUntil(lambda: window.status.work_text() == "")


@pytest.mark.parametrize(
    ("days", "sentence", "tone"),
    [
        (0, "Sao lưu hôm nay", ""),
        (1, "Sao lưu hôm qua", ""),
        (7, "Sao lưu 7 ngày trước", ""),
        (8, "Sao lưu 8 ngày trước", "waiting"),
    ],
)
def test_the_age_of_a_backup_is_told_in_words(days, sentence, tone):
    now = datetime(2026, 3, 5, 10, 42, tzinfo=UTC)
    assert backup_sentence(now - timedelta(days=days), now) == (sentence, tone)


def test_without_backup_and_without_change_the_words_say_so():
    assert backup_sentence(None, datetime.now(UTC)) == ("Chưa có bản sao lưu", "waiting")
    assert handover_sentence(0) == ""
    assert handover_sentence(1250) == "1.250 hồ sơ chờ bàn giao"


def test_size_and_folding_come_back(window, settings):
    window.navigation.fold()
    window.close()
    assert settings.narrow_navigation
    assert settings.geometry


# -- overview, settings --------------------------------------------------------


def test_an_empty_store_shows_the_first_steps_and_the_first_one_begins_a_record(window):
    button = window.page.findChild(QPushButton, "overview.step.beneficiary")
    button.click()
    assert window.page.record.kind == "beneficiary"
    press(window, "Alt+Left")
    assert button.isVisible(), "a record that was begun and left untouched is no record"


def test_the_officer_who_is_in_no_list_yet_is_offered_for_a_proposal_and_then_filled_in(window):
    window.go("proposal")
    window.page.begin_new()
    handler = window.page.form.editor("handler")
    assert handler.note_text("proposed") == "Chưa có «Nguyễn Thị Mẫu» trong sổ: bấm ↓ để thêm và chọn."
    window.page.form.focus_path("handler")
    press(window, "Down")
    press(window, "Down")
    press(window, "Return")
    store = window.context.workspace.store
    person = next(iter(store.page("staff", limit=1)))
    assert window.page.record.value("handler") == person.id
    assert {name: person.record(window.context.workspace.forms).text(name) for name in ("name", "title")} == {
        "name": "Nguyễn Thị Mẫu",
        "title": "Chuyên viên",
    }
    assert handler.note_text("proposed") == ""
    window.go("proposal")
    window.page.begin_new()
    assert window.page.record.value("handler") == person.id


def test_the_overview_counts_and_leads_to_what_was_touched_last(window):
    id_ = _add(window, name="Cơ sở mẫu")
    page = window.page
    assert not page.first_steps.isVisible()
    assert page.recent_model.item(0, 0).text() == "Cơ sở mẫu"
    page.recent.setFocus()
    press(window, "Return")
    assert window.page.record_id == id_


def test_the_theme_changes_at_once(window, settings):
    window.go("settings")
    box = window.page.theme
    box.setCurrentIndex(box.findData("dark"))
    box.activated.emit(box.currentIndex())
    assert window.context.theme.dark
    assert settings.theme == "dark"
    window.context.theme.choose("light")


def test_a_backup_is_made_and_its_age_shown(window, messages):
    window.go("settings")
    window.page.back_up()
    assert backup_copies.latest(window.context.workspace) is not None
    assert messages.said[-1].startswith("Đã sao lưu")
    assert window.page.backup_age.text() != "Chưa có"


def test_the_store_can_be_checked(window, messages, qtbot):
    _add(window, name="Cơ sở")
    window.go("settings")
    with qtbot.waitSignal(window.context.store_check.ended):
        window.page.check_line.begin_button.click()
        assert window.page.check_line.stop_button.isVisibleTo(window.page)
    assert messages.said == ["Kho dữ liệu nguyên vẹn."]
    assert window.page.check_line.state.text().endswith("Kho dữ liệu nguyên vẹn.")
    assert window.page.check_line.begin_button.isEnabled()


@pytest.mark.parametrize("page", [*PAGES.values(), *REGISTERS.values(), *DOSSIERS.values()], ids=lambda page: page.name)
def test_every_page_that_is_imported_later_is_there(page):
    assert issubclass(page.page_class(), Page)


def test_a_hit_is_drawn_with_its_words_in_bold(window):
    """The same unit found by its first and by its last word: the title has more ink where the word was typed."""
    _add(window, name="Aaaaaaaa zzmmmmmmmm")
    left, right = [], []
    for text in ("aaaaaaaa", "zzmmmmmmmm"):
        search = searched(window, text)
        rows = search.findChild(QListView)
        titles = [hit.title for hit in search.hits()]
        assert titles == ["Aaaaaaaa zzmmmmmmmm"]
        place = rows.visualRect(rows.model().index(1, 0))  # below the heading of its kind
        drawn = rows.viewport().grab(place).toImage()
        ink = [
            x
            for x in range(drawn.width() // 2)
            for y in range(drawn.height() // 2)
            if drawn.pixelColor(x, y).value() < 140
        ]
        left.append(sum(x < 75 for x in ink))
        right.append(sum(x >= 75 for x in ink))
        search.hide()
    assert left[0] > left[1]
    assert right[1] > right[0] > 0


def test_a_list_of_one_column_is_copied_by_its_menu(qtbot):
    """Qt keeps the number of columns of such a model to itself: asking for it failed."""
    rows = QListView()
    qtbot.addWidget(rows)
    rows.setModel(QStringListModel(["Một", "Hai"]))
    rows.setCurrentIndex(rows.model().index(1, 0))
    assert copied(rows) == "Hai"


def test_a_new_record_of_which_only_unreadable_text_was_typed_is_counted(qtbot, open_window, workspace):
    window = open_window(workspace)
    window.go("proposal")
    press(window, "Ctrl+N")
    assert "1" not in window.navigation.text_of("handoff")
    window.page.form.focus_path("starts_on")
    type_text("một trăm")
    window.page.form.flush()
    qtbot.waitUntil(lambda: "1" in window.navigation.text_of("handoff"))


def test_an_idle_window_wakes_the_machine_once_a_minute_at_most(window, qtbot):
    """What ticks for ever costs the battery of a laptop; a pause ends by itself."""

    def ticking():
        timers = [timer for owner in (window, QApplication.instance()) for timer in owner.findChildren(QTimer)]
        return {type(timer.parent()).__name__: timer.interval() for timer in timers if timer.isActive()}

    qtbot.waitUntil(lambda: ticking() == {"CopyClock": 60_000})
