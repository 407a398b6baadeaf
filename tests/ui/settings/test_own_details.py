"""Settings of the officer: own names, letters, colours, a new recovery code."""

from __future__ import annotations

import pytest

from kcdesk.services.maintenance import opening, passphrases
from kcdesk.ui.opening.passphrase_dialog import PassphraseDialog
from kcdesk.ui.settings.own_details_dialog import OwnDetailsDialog
from tests.ui.conftest import practice_answers
from tests.ui.form_support import press, rest, sentences


@pytest.fixture
def window(open_window, workspace):
    window = open_window(workspace)
    yield window
    window.context.theme.choose_letters("normal")
    window.context.theme.choose("light")


def test_own_names_are_changed_in_the_settings_and_shown_at_once(window, qtbot, messages, monkeypatch):
    window.go("settings")

    def answered(dialog):
        qtbot.addWidget(dialog)
        dialog.inputs["title"].setText("Phó Giám đốc")
        dialog.inputs["unit"].setText("Trung tâm Khuyến công mới")
        dialog.inputs["above"].setText("Sở Công Thương tỉnh Gia Lai")
        dialog.go.click()
        return dialog.result()

    monkeypatch.setattr(OwnDetailsDialog, "exec", answered)
    window.page.edit_details()
    assert "Phó Giám đốc" in window.page.officer.text()
    assert window.page.unit.text().startswith("Trung tâm Khuyến công mới")
    assert "Sở Công Thương tỉnh Gia Lai" in sentences(window.page)
    assert window.context.workspace.identity.unit.parent == "Sở Công Thương tỉnh Gia Lai"
    assert window.status.unit.toolTip().startswith("Trung tâm Khuyến công mới")
    assert messages.said[-1] == "Đã đổi. Giấy tờ và gói từ nay ghi như vừa sửa."


def test_a_wrong_number_is_told_at_its_input(window, qtbot):
    dialog = OwnDetailsDialog(window.context, window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.inputs["phone"].setText("không có")
    dialog.go.click()
    assert dialog.isVisible()
    assert dialog.problem.text()


def test_the_letters_follow_the_keys_and_are_kept(window):
    window.go("settings")
    sizes = []
    for keys in ("Ctrl++", "Ctrl++", "Ctrl++", "Ctrl+-", "Ctrl+0"):
        press(window, keys)
        rest()
        sizes.append((window.context.settings.letters, window.menuBar().font().pointSize()))
    assert sizes == [("large", 12), ("largest", 14), ("largest", 14), ("large", 12), ("normal", 10)]
    window.page.letters.setCurrentIndex(2)
    window.page.letters.activated.emit(2)
    assert window.context.settings.letters == "largest"
    window.page.theme.setCurrentIndex(window.page.theme.findData("contrast_dark"))
    window.page.theme.activated.emit(4)
    assert window.context.settings.theme == "contrast_dark"
    assert window.context.theme.dark


def test_a_new_recovery_code_alone_leaves_the_passphrase(qtbot, theme, tmp_path):
    assert theme.colours
    workspace, old = opening.create_workspace(
        tmp_path / "real", practice_answers(practice=False, passphrase="bốn từ dễ nhớ")
    )
    dialog = PassphraseDialog(workspace, only_code=True)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.windowTitle() == "Tạo mã khôi phục mới"
    assert not dialog.new.isVisible()
    dialog.current.setText("sai rồi nhé")
    dialog.go.click()
    assert not dialog.shows_code
    dialog.current.setText("bốn từ dễ nhớ")
    dialog.go.click()
    assert dialog.shows_code
    code = dialog.recovery.code.text().replace("\n", "-")
    folder = workspace.store.folder
    assert passphrases.is_recovery_code(folder, code)
    assert not passphrases.is_recovery_code(folder, old)
    passphrases.prove(workspace, "bốn từ dễ nhớ")
    workspace.close()
