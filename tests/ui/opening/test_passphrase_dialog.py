"""«Đổi mật khẩu»: the door in the settings, and what follows the recovery code."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from kcdesk import app
from kcdesk.errors import UserError
from kcdesk.services.maintenance import opening, passphrases
from kcdesk.ui.opening.opened_store import open_restored
from kcdesk.ui.opening.passphrase_dialog import PassphraseDialog
from kcdesk.ui.opening.unlock import UnlockDialog
from kcdesk.ui.settings.settings_page import SettingsPage
from kcdesk.ui.shell.blocking_task import LongTaskDialog
from kcdesk.ui.shell.context import Context
from tests.ui.conftest import practice_answers

pytestmark = pytest.mark.usefixtures("theme")
OLD, NEW = "mười hai con mèo", "bảy cây cầu nhỏ"


@pytest.fixture
def real(tmp_path):
    """An open real store and its recovery code."""
    workspace, code = opening.create_workspace(tmp_path / "real", practice_answers(practice=False, passphrase=OLD))
    yield workspace, code
    workspace.close()


def shown(qtbot, dialog):
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def fill(dialog, first, again, current=None):
    if current is not None:
        dialog.current.setText(current)
    dialog.new.first.setText(first)
    dialog.new.again.setText(again)
    dialog.go.click()


def opens(workspace, secret):
    """Whether a secret opens the store, which is closed for that."""
    folder = workspace.store.folder
    workspace.close()
    try:
        opening.open_workspace(folder, secret).close()
    except UserError:
        return False
    return True


def keep(dialog):
    """Type back the groups that are asked for, and confirm."""
    groups = dialog.recovery.code.text().replace("\n", "-").split("-")
    first, second = (int(word) for word in dialog.recovery.asked.text().replace(",", "").split() if word.isdigit())
    dialog.recovery.asked_back.setText(f"{groups[first - 1]} {groups[second - 1]}".lower())
    dialog.recovery.confirmed.click()


def test_the_passphrase_is_changed_by_one_who_knows_it(qtbot, real):
    workspace, _ = real
    dialog = shown(qtbot, PassphraseDialog(workspace))
    fill(dialog, "ngắn", "ngắn", OLD)
    assert "ít nhất 8 ký tự" in dialog.problem.text()
    fill(dialog, NEW, "khác", OLD)
    assert "chưa giống nhau" in dialog.problem.text()
    fill(dialog, NEW, NEW, "sai rồi nhé")
    assert "Mật khẩu chưa đúng" in dialog.problem.text()
    assert dialog.isVisible()
    fill(dialog, NEW, NEW, OLD)
    assert dialog.shows_code
    assert opens(workspace, OLD)  # nothing has changed before the code is kept


def test_a_new_code_has_to_be_kept_before_the_store_is_encrypted_anew(qtbot, real):
    workspace, code = real
    dialog = shown(qtbot, PassphraseDialog(workspace, by_code=True))
    assert dialog.later.text() == "Để sau"
    assert not dialog.current.isVisible()
    fill(dialog, NEW, NEW)
    assert not dialog.go.isEnabled()
    dialog.recovery.confirmed.click()
    assert not dialog.go.isEnabled()  # ticked, but nobody has read the paper
    dialog.recovery.confirmed.click()
    keep(dialog)
    dialog.go.click()
    assert not dialog.isVisible()
    another = dialog.change.carry_out(workspace)
    assert not opens(another, code)
    assert opens(another, dialog.recovery.code.text().replace("\n", "-"))


def test_encrypting_anew_shows_how_far_it_is_and_can_be_stopped(real):
    workspace, _ = real
    seen = []

    def look(stops):
        shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        dialog = next(widget for widget in shown if isinstance(widget, LongTaskDialog))
        seen.append(True)
        if stops:
            dialog.stop_button.click()

    QTimer.singleShot(0, lambda: look(True))
    assert open_restored(passphrases.prepare_change(workspace, NEW), workspace) is None
    assert opens(workspace, OLD)
    workspace = opening.open_workspace(workspace.store.folder, OLD)
    QTimer.singleShot(0, lambda: look(False))
    changed = open_restored(passphrases.prepare_change(workspace, NEW), workspace)
    assert seen == [True, True]
    assert "mã hoá lại cả kho" in changed.message
    assert opens(changed.workspace, NEW)


def test_whoever_came_in_by_the_code_is_asked_for_a_new_passphrase(real, monkeypatch):
    workspace, code = real
    folder = workspace.store.folder
    workspace.close()
    secrets, asked = [code, OLD], []

    def unlock(dialog):
        dialog.secret.setText(secrets.pop(0))
        dialog.open_button.click()

    monkeypatch.setattr(UnlockDialog, "exec", unlock)
    monkeypatch.setattr(PassphraseDialog, "exec", lambda dialog: asked.append(dialog.windowTitle()))
    for _ in range(2):
        app.open_or_make(folder).workspace.close()
    assert asked == ["Đặt mật khẩu mới"]


def test_the_settings_have_a_door_where_there_is_a_passphrase(qtbot, real, context, monkeypatch, tmp_path):
    page = SettingsPage(Context(real[0], context.messages, context.worker, context.settings, context.theme))
    qtbot.addWidget(page)
    door = page.findChild(QPushButton, "settings.passphrase")
    monkeypatch.setattr(PassphraseDialog, "exec", lambda _dialog: True)
    door.click()
    practice = SettingsPage(context)
    qtbot.addWidget(practice)
    assert practice.findChild(QPushButton, "settings.passphrase") is None
    (tmp_path / "stick").mkdir()
    context.messages.files.append(tmp_path / "stick")
    practice.findChild(QPushButton, "settings.backup_elsewhere").click()
    assert opening.is_store(tmp_path / "stick")


def test_nothing_typed_is_said_and_not_only_advised(qtbot, real):
    dialog = shown(qtbot, PassphraseDialog(real[0]))
    fill(dialog, "", "", current=OLD)
    assert dialog.problem.text().startswith("Chưa nhập mật khẩu mới.")


def test_a_new_code_that_is_not_kept_yet_says_why_it_stays(qtbot, real):
    dialog = shown(qtbot, PassphraseDialog(real[0], only_code=True))
    dialog.current.setText(OLD)
    dialog.go.click()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "Mã cũ đã hết hiệu lực" in dialog.recovery.wrong.text()
    keep(dialog)
    dialog.go.click()
    assert not dialog.isVisible()
