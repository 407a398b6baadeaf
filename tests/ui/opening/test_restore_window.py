"""A laptop died, or the store shall be as it was: the doors of the window for a backup and for a last package."""

import os

import pytest
from PySide6.QtWidgets import QLabel

from kcdesk import app
from kcdesk.services.handover.packages import sending
from kcdesk.services.maintenance import opening, restoring
from kcdesk.services.records import reading
from kcdesk.ui.opening.restore_dialog import RestoreDialog
from kcdesk.ui.opening.store_trouble_dialog import TroubleDialog
from kcdesk.ui.opening.wizard import Wizard
from kcdesk.ui.settings.settings_page import SettingsPage
from tests.services.samples import new
from tests.ui.conftest import ScriptedMessages, practice_answers

pytestmark = pytest.mark.usefixtures("theme")
PASSPHRASE = "mười hai con mèo"


@pytest.fixture
def copy(tmp_path):
    """The backup of a store with one dossier, on a stick."""
    workspace, _ = opening.create_workspace(tmp_path / "old", practice_answers())
    new(workspace, "proposal", title="Trước sao lưu")
    made = workspace.store.backup(tmp_path / "stick")
    workspace.close()
    return made


def looked(qtbot, dialog):
    """The dialog once the chosen copy has been looked at."""
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.bar.isHidden())
    return dialog


def texts(dialog):
    return [label.text() for label in dialog.compared.findChildren(QLabel)]


def test_a_copy_is_compared_before_it_takes_the_stores_place(qtbot, workspace, copy):
    new(workspace, "proposal", title="Trước")
    workspace.store.backup()
    messages = ScriptedMessages()
    dialog = RestoreDialog(workspace.store.folder, restoring.store_summary(workspace), messages)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.copies.count() == 1
    assert dialog.secret.isHidden() or not dialog.secret.isVisible()
    messages.files.append(copy)
    dialog.elsewhere.click()
    looked(qtbot, dialog)
    assert texts(dialog)[:2] == ["Bản sao lưu", "Kho đang dùng"]
    assert dialog.go.text() == "Khôi phục"
    dialog.go.click()
    assert dialog.prepared.copied.records == 1
    restoring.discard(dialog.prepared)


def test_a_copy_of_another_unit_waits_for_a_consent(qtbot, workspace, tmp_path):
    other, _ = opening.create_workspace(tmp_path / "other", practice_answers(code="KHAC", unit="Trung tâm khác"))
    theirs = other.store.backup(tmp_path / "theirs")
    other.close()
    messages = ScriptedMessages()
    dialog = RestoreDialog(workspace.store.folder, restoring.store_summary(workspace), messages)
    qtbot.addWidget(dialog)
    dialog.show()
    messages.files.append(theirs)
    dialog.elsewhere.click()
    looked(qtbot, dialog)
    assert "đơn vị khác: Trung tâm khác (KHAC)" in dialog.problem.text()
    assert not dialog.go.isEnabled()
    dialog.consent.click()
    assert dialog.go.isEnabled()
    dialog.reject()
    assert not (workspace.store.folder / "restore.new").exists()


def test_a_folder_that_is_no_backup_is_said_at_once(qtbot, workspace, tmp_path):
    messages = ScriptedMessages()
    dialog = RestoreDialog(workspace.store.folder, restoring.store_summary(workspace), messages)
    qtbot.addWidget(dialog)
    dialog.show()
    messages.files.append(tmp_path)
    dialog.elsewhere.click()
    assert "không phải là bản sao lưu" in dialog.problem.text()
    assert not dialog.go.isEnabled()


def test_the_root_of_a_stick_lists_the_copies_one_level_down(qtbot, workspace, tmp_path):
    stick = tmp_path / "stick"
    older, newer = (workspace.store.backup(stick / name) for name in ("Bản cũ", "Bản mới"))
    os.utime(older, (1, 1))
    (stick / "Ảnh").mkdir()
    messages = ScriptedMessages()
    dialog = RestoreDialog(workspace.store.folder, restoring.store_summary(workspace), messages)
    qtbot.addWidget(dialog)
    dialog.show()
    messages.files.append(stick)
    dialog.elsewhere.click()
    assert [dialog.copies.itemData(place) for place in range(dialog.copies.count())] == [newer, older]
    assert dialog.copies.currentData() == newer
    dialog.copies.hidePopup()
    looked(qtbot, dialog)
    assert dialog.go.text() == "Khôi phục"
    dialog.reject()


def test_the_first_start_takes_a_locked_backup_of_the_old_laptop(qtbot, tmp_path, monkeypatch):
    old, _ = opening.create_workspace(tmp_path / "old", practice_answers(practice=False, passphrase=PASSPHRASE))
    new(old, "proposal", title="Của máy cũ")
    made, device = old.store.backup(tmp_path / "stick"), old.identity.device_id
    old.close()
    wizard = Wizard(tmp_path / "store")
    qtbot.addWidget(wizard)
    wizard.show()
    wizard.messages = ScriptedMessages()
    wizard.messages.files.append(made)

    def officer(dialog):
        dialog.show()
        dialog.elsewhere.click()
        dialog.secret.setText("sai")
        looked(qtbot, dialog)
        assert "Mật khẩu chưa đúng" in dialog.problem.text()
        dialog.secret.setText(PASSPHRASE)
        looked(qtbot, dialog)
        dialog.go.click()
        return dialog.result()

    monkeypatch.setattr(RestoreDialog, "exec", officer)
    wizard.unit.restore_requested.emit()
    assert wizard.result()
    assert [row.title for row in reading.list_page(wizard.workspace, "proposal")] == ["Của máy cũ"]
    assert wizard.workspace.identity.device_id != device
    wizard.workspace.close()


def test_the_last_package_of_the_old_laptop_says_whose_store_it_is(qtbot, tmp_path):
    old, _ = opening.create_workspace(tmp_path / "old", practice_answers())
    new(old, "proposal", title="Của máy cũ")
    path = tmp_path / "goi.xlsx"
    sending.make(old, sending.HandoverOrder(path=path, password="khoá gói"))
    old.close()
    wizard = Wizard(tmp_path / "store")
    qtbot.addWidget(wizard)
    wizard.messages = ScriptedMessages()
    wizard.messages.files.append(path)
    wizard.messages.texts.extend(["sai", "khoá gói"])
    wizard.unit.package_requested.emit()
    first, second = wizard.messages.said
    assert first == "Gói có mật khẩu"
    assert "Mật khẩu chưa đúng" in second
    answers = wizard.unit.answers() | wizard.officer.answers()
    assert (answers["code"], answers["province"], answers["officer"]) == ("TTKC-MAU", "20", "Nguyễn Thị Mẫu")
    assert answers["parent"] == "Sở Công Thương mẫu"
    assert wizard.package == path
    wizard.messages.files.append(tmp_path / "old" / "kcdesk.db")
    wizard.unit.package_requested.emit()
    assert "không phải là gói" in wizard.problem.text()


def test_the_window_closes_and_opens_again_over_the_restored_store(qtbot, workspace, copy, monkeypatch):
    folder = workspace.store.folder
    new(workspace, "proposal", title="Sau sao lưu")
    workspace.close()
    start = app.Start([])
    window = start.open(folder)  # its end is the start's: it is deleted with its store
    window.show()
    page = SettingsPage(window.context)  # deleted with the window
    monkeypatch.setattr(page, "window", lambda: window)
    messages = window.context.messages
    monkeypatch.setattr(messages, "choose_folder", lambda _title, **_more: copy)

    def officer(dialog):
        dialog.show()
        dialog.elsewhere.click()
        looked(qtbot, dialog)
        dialog.go.click()
        return dialog.result()

    monkeypatch.setattr(RestoreDialog, "exec", officer)
    page.restore()
    assert not window.isVisible()
    again = start.open_restored(window, folder)
    said = []
    again.context.messages.shown.connect(lambda notice: said.append(notice.text))
    again.show()
    start.begin()
    assert "Đã khôi phục" in said[0]
    assert [row.title for row in reading.list_page(again.context.workspace, "proposal")] == ["Trước sao lưu"]
    again.close()
    assert start.open_restored(again, folder) is None
    start.close()


def test_a_damaged_store_offers_its_backups(qtbot, workspace, monkeypatch):
    folder = workspace.store.folder
    workspace.store.backup()
    workspace.close()
    (folder / "kcdesk.db-wal").unlink(missing_ok=True)
    (folder / "kcdesk.db").write_bytes(b"hong")

    def try_a_backup(dialog):
        assert not dialog.restore_button.isHidden()
        dialog.restore()
        return dialog.result()

    def officer(dialog):
        dialog.show()
        dialog.copies.setCurrentIndex(0)
        looked(qtbot, dialog)
        dialog.consent.click()
        dialog.go.click()
        return dialog.result()

    monkeypatch.setattr(TroubleDialog, "exec", try_a_backup)
    monkeypatch.setattr(RestoreDialog, "exec", officer)
    first = app.open_or_make(folder)
    assert first.workspace.store.check() == []
    first.workspace.close()


def test_messages_are_those_of_the_program(qtbot, workspace):
    dialog = RestoreDialog(workspace.store.folder, None)
    qtbot.addWidget(dialog)
    with pytest.raises(AssertionError, match="opened a modal dialog"):
        dialog.choose()
    assert dialog.keep.text() == "Thôi"
