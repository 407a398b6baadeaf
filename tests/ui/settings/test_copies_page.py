"""The copies in the window: the list, the comparison, records taken back, four clicks to last month, the close."""

import shutil
from datetime import timedelta

import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QPushButton

from kcdesk import moments
from kcdesk.services.maintenance import automatic_copies, backup_copies, opening, outside_copies
from kcdesk.services.records import changing
from kcdesk.store.copies import page_pool
from kcdesk.ui.opening.restore_dialog import RestoreDialog
from kcdesk.ui.settings.copies import closing_copy, copies_page
from kcdesk.ui.settings.copies.copies_page import CopiesPage
from kcdesk.ui.settings.copies.copy_clock import CopyClock
from kcdesk.ui.settings.settings_page import SettingsPage
from tests.services import samples


def press(page, name):
    page.findChild(QPushButton, name).click()


@pytest.fixture
def month_old(workspace):
    """A store with a copy of last month; one dossier was deleted since."""
    kept = samples.new(workspace, "proposal", title="Còn đến nay")
    gone = samples.new(workspace, "proposal", title="Đã xoá từ đó")
    copy = workspace.store.backup()
    moment = moments.in_file_name(moments.now() - timedelta(days=31))
    copy = copy.rename(copy.with_name(moment))
    changing.set_values(workspace, kept, {"goals": "Mới"})
    changing.delete(workspace, gone)
    workspace.store.backup(reason="import")
    return copy, gone


@pytest.fixture
def page(open_window, workspace, month_old):
    assert month_old[0].is_dir()
    window = open_window(workspace)
    window.go("settings")
    press(window.page, "settings.copies")
    assert isinstance(window.page, CopiesPage)
    return window.page


def line(page, row):
    model = page.table.lines_model
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_the_list_says_age_reason_size_and_proof(page):
    assert line(page, 0)[1:4] == ["0 phút", "Trước khi nhận gói", line(page, 1)[3]]
    assert line(page, 0)[4].startswith("Mở được, 1 hồ sơ")
    assert (line(page, 1)[1], line(page, 1)[2]) == ("31 ngày", "Bấm «Sao lưu»")
    assert line(page, 1)[4].startswith("Mở được, 2 hồ sơ, việc cuối")


def test_last_months_copy_stands_beside_todays_store_after_four_clicks(qtbot, page, workspace, month_old, monkeypatch):
    opened = []
    monkeypatch.setattr(copies_page, "open_apart", opened.append)
    before = workspace.store.query("SELECT id, data FROM record ORDER BY id")
    page.table.go_to(month_old[0].name)  # the third click, after «Cài đặt» and «Các bản sao lưu…»
    press(page, "copies.beside")
    qtbot.waitUntil(lambda: bool(opened), timeout=20_000)
    beside = opening.open_workspace(opened[0])
    assert beside.store.count("proposal") == 2
    beside.close()
    assert workspace.store.query("SELECT id, data FROM record ORDER BY id") == before


def test_a_copy_under_a_false_name_is_told_and_nothing_comes_back_unasked(qtbot, page, workspace, month_old):
    copy, gone = month_old
    workspace.store.keep_closing(workspace.store.unsigned_end())
    later = copy.rename(copy.with_name(moments.in_file_name(moments.now() + timedelta(hours=1))))
    page.show_copies()
    page.table.go_to(later.name)
    press(page, "copies.compare")
    qtbot.waitUntil(lambda: page.lacking.isVisibleTo(page), timeout=20_000)
    assert "có thể một bản cũ hơn đã được để vào chỗ này" in page.detail.text()
    page.lacking.selectAll()
    page.context.messages.answers.append(False)
    press(page, "copies.take_back")
    assert workspace.store.get(gone).deleted
    page.lacking.selectAll()
    page.context.messages.answers.append(True)
    press(page, "copies.take_back")
    assert not workspace.store.get(gone).deleted
    assert page.context.messages.said[-2].startswith("Lấy hồ sơ từ một bản sao lưu đã bị thay đổi?")


def test_what_differs_is_counted_and_a_lost_dossier_comes_back(qtbot, page, workspace, month_old):
    copy, gone = month_old
    page.table.go_to(copy.name)
    press(page, "copies.compare")
    qtbot.waitUntil(lambda: page.lacking.isVisibleTo(page), timeout=20_000)
    assert "2 hồ sơ" in page.detail.text()
    assert "Nội dung khác: 1 đề án" in page.detail.text()
    assert page.lacking.lines_model.index(0, 0).data() == "Đã xoá từ đó"
    select = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    page.lacking.selectionModel().select(page.lacking.lines_model.index(0, 0), select)
    press(page, "copies.take_back")
    assert not workspace.store.get(gone).deleted
    qtbot.waitUntil(lambda: not page.lacking.isVisibleTo(page), timeout=20_000)
    page.window().undo()
    assert workspace.store.get(gone).deleted


def test_a_chosen_copy_is_proved_again_and_offered_to_the_restore(qtbot, page, month_old, monkeypatch):
    copy, _ = month_old
    pack = max((copy.parent / page_pool.FOLDER).glob("*.pack"), key=lambda path: path.stat().st_size)
    content = bytearray(pack.read_bytes())
    content[-4096 * 3 :] = bytes(4096 * 3)
    pack.write_bytes(content)
    page.table.go_to(copy.name)
    press(page, "copies.prove")
    qtbot.waitUntil(lambda: "hỏng" in line(page, 1)[4] or "không mở" in line(page, 1)[4], timeout=20_000)
    chosen = []
    monkeypatch.setattr(RestoreDialog, "exec", lambda dialog: chosen.append(dialog.copies.currentData()) and 0)
    press(page, "copies.restore")
    assert chosen == [copy]


def test_the_interval_and_the_stick_are_chosen_above_the_list(page, workspace, tmp_path, monkeypatch):
    choices = page.choices
    choices.interval.setCurrentIndex(choices.interval.findData(60))
    choices.interval.activated.emit(choices.interval.currentIndex())
    assert automatic_copies.minutes(workspace) == 60
    stick = tmp_path / "E"
    stick.mkdir()
    monkeypatch.setattr(page.context.messages, "choose_folder", lambda *_, **__: stick)
    press(page, "copies.choose_stick")
    assert str(stick) in choices.stick.text()
    shutil.rmtree(stick)
    choices.show_choices()
    assert "chưa cắm" in choices.stick.text()
    press(page, "copies.forget_stick")
    assert outside_copies.chosen(workspace) is None


def test_a_copy_by_time_comes_by_itself_and_a_full_disk_is_told_once(
    qtbot, open_window, workspace, messages, monkeypatch
):
    window = open_window(workspace)
    clock = window.findChild(CopyClock)
    samples.new(workspace, "proposal", title="Mới")

    def refuse(*_):
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(page_pool.Disk, "create", refuse)
        for _ in range(2):
            clock.look()
            qtbot.waitUntil(lambda: not window.context.worker.busy, timeout=20_000)
    assert len([said for said in messages.said if "Chưa sao lưu được theo giờ" in said]) == 1
    assert backup_copies.copies_of(workspace.store.folder) == []
    clock.look()
    qtbot.waitUntil(lambda: bool(backup_copies.proven(workspace.store.folder)), timeout=20_000)
    (copy,) = backup_copies.copies_of(workspace.store.folder)
    assert (copy.reason, copy.records) == ("time", 1)


def test_the_stick_gets_a_copy_at_close_and_a_refusal_does_not_hold_the_program(
    qtbot, open_window, workspace, tmp_path, monkeypatch
):
    window = open_window(workspace)
    stick = tmp_path / "E"
    stick.mkdir()
    outside_copies.choose_for_closing(workspace, stick)
    copies = outside_copies.copies_on(workspace, stick)

    def watched(dialog):
        dialog.show()
        qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=20_000)

    monkeypatch.setattr(closing_copy.ClosingCopyDialog, "exec", watched)
    closing_copy.copy_at_close(window.context)
    assert [copy.is_sound for copy in backup_copies.kept_copies.listed_copies(copies)] == [True]
    samples.new(workspace, "proposal", title="Mới")

    def refuse(*_):
        raise OSError(19, "gone")

    with monkeypatch.context() as patch:
        patch.setattr(page_pool.Disk, "create", refuse)
        dialog = closing_copy.ClosingCopyDialog(window.context, stick)
        dialog.show()
        qtbot.waitUntil(lambda: dialog.skip.text() == "Đóng chương trình", timeout=20_000)
        assert "Chưa sao lưu được ra thẻ nhớ" in dialog.line.text()
        dialog.skip.click()
        assert not dialog.isVisible()
        dialog.deleteLater()
    assert len(backup_copies.kept_copies.listed_copies(copies)) == 1
    stick.rename(tmp_path / "pulled")
    closing_copy.copy_at_close(window.context)  # nothing is there: nothing is said
    window.go("settings")
    assert isinstance(window.page, SettingsPage)
