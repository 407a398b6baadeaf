"""The locked screen: after idle time and by a key, over every window; only the passphrase opens it again."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from shiboken6 import isValid

from kcdesk import app
from kcdesk.services.maintenance import opening
from kcdesk.settings import Settings
from kcdesk.store.safety import attempts
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.notices.notice_bar import NoticeBar
from kcdesk.ui.shell.privacy import screen_lock
from kcdesk.ui.shell.privacy.screen_lock import LockDialog, ScreenLock
from tests.ui.conftest import practice_answers

SECRET = "mười hai con mèo"


@pytest.fixture
def clock(monkeypatch):
    """The time for idleness and for waits; the test turns it."""
    time = [1_800_000_000.0]
    for module in (screen_lock, attempts):
        monkeypatch.setattr(module, "now", lambda: time[0])
    return time


@pytest.fixture
def window(tmp_path, open_window, clock):
    assert clock
    workspace, _ = opening.create_workspace(tmp_path / "real", practice_answers(practice=False, passphrase=SECRET))
    return open_window(workspace)


def lock_of(window):
    return window.findChild(ScreenLock)


def covers():
    return [
        label
        for window in QApplication.topLevelWidgets()
        for label in window.findChildren(QLabel, "screen_lock.cover")
        if label.isVisible()
    ]


def test_idle_time_locks_every_window_and_keeps_what_is_typed(window, clock, qtbot):
    dialog = Dialog(window)
    line = QLineEdit(dialog)
    line.setAccessibleName("Số điện thoại")
    qtbot.addWidget(dialog)
    dialog.setWindowTitle("Cơ sở Nguyễn Văn Kín")
    dialog.open()
    qtbot.keyClicks(line, "0912")
    lock = lock_of(window)
    for seconds in (*[50] * 11, 49):
        clock[0] += seconds
        lock.look()
    assert not lock.is_locked
    clock[0] += 1
    lock.look()
    assert lock.is_locked
    assert {cover.parent() for cover in covers()} >= {window, dialog}
    assert all(cover.size() == cover.parent().size() for cover in covers())
    assert not any("Kín" in shown.windowTitle() for shown in QApplication.topLevelWidgets() if shown.isVisible())
    qtbot.keyClick(lock.dialog, Qt.Key.Key_Escape)
    assert lock.dialog.isVisible()
    late = Dialog(window)  # a long task that ends meanwhile
    qtbot.addWidget(late)
    late.open()
    lock.look()
    assert late in {cover.parent() for cover in covers()}
    assert QApplication.activeModalWidget() is lock.dialog
    lock.dialog.secret.setText(SECRET)
    lock.dialog.go.click()
    assert not lock.is_locked
    qtbot.waitUntil(lambda: not covers())
    assert line.text() == "0912"
    assert dialog.windowTitle() == "Cơ sở Nguyễn Văn Kín"


def test_what_appears_or_goes_while_it_is_locked_shows_nothing(window, clock):
    """A long task ends meanwhile: its dialog is deleted, and its message is shown."""
    assert clock
    lock, ending = lock_of(window), Dialog(window)
    ending.open()
    lock.lock()
    ending.accept()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(ending)
    window.context.messages.problem("Không sao lưu được «Cơ sở Nguyễn Văn Kín».")
    notice = window.findChild(NoticeBar)
    assert notice.isVisible()
    lock.look()
    (cover,) = [cover for cover in covers() if cover.window() is window]
    assert window.childAt(notice.mapTo(window, notice.rect().center())) is cover
    lock.dialog.secret.setText(SECRET)
    lock.dialog.go.click()
    assert not lock.is_locked


def test_work_puts_it_off_and_a_key_locks_at_once(window, clock, qtbot):
    lock = lock_of(window)
    lock.look()
    for _ in range(3):
        clock[0] += 50
        lock.look()
        clock[0] += 9
        qtbot.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    window.context.settings.lock_minutes = 2
    clock[0] += 50
    lock.look()
    assert not lock.is_locked
    qtbot.keyClick(
        window.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    qtbot.waitUntil(lambda: lock.is_locked)
    lock.dialog.secret.setText(SECRET)
    lock.dialog.go.click()
    assert not lock.is_locked
    window.context.settings.lock_minutes = 10
    clock[0] += 61  # no look for a minute: the machine was asleep
    lock.look()
    assert lock.is_locked


def test_wrong_passphrases_wait_as_at_the_opening(window, clock):
    window.menu_actions["lock"].trigger()
    dialog = lock_of(window).dialog
    for number in range(3):
        dialog.secret.setText(f"sai {number}")
        dialog.go.click()
    assert "Phải đợi 10 giây" in dialog.problem.text()
    assert not dialog.go.isEnabled()
    assert dialog.go.text() == "Đợi 0:10"
    clock[0] += 10
    assert attempts.seconds_left(window.context.workspace.store.folder) == 0


def test_a_practice_store_is_not_locked(open_window, workspace):
    window = open_window(workspace)
    window.menu_actions["lock"].trigger()
    assert not lock_of(window).is_locked
    assert Settings().lock_minutes == 10
    assert app.ScreenLock is ScreenLock
    assert window.findChild(LockDialog) is None
