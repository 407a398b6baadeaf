"""«Cập nhật từ tệp…» and «Trở về bản trước…» in the settings, with files on the disk."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from kcdesk.services.updating.program_updates import ProgramUpdates
from kcdesk.ui.settings.updating.program_card import ProgramVersions
from kcdesk.ui.toolkit.drop_targets import dropped
from tests.services.updating.signed_updates import SYSTEM, UpdateMaker, key_of

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


@pytest.fixture
def programs(tmp_path):
    folder = tmp_path / "program"
    (folder / "kcdesk-0.1.0").mkdir(parents=True)
    (folder / "kcdesk").write_text("program 0.1.0", encoding="utf-8")
    return folder


@pytest.fixture
def card(qtbot, context, programs):
    updates = ProgramUpdates(programs, "0.1.0", [key_of(PRIVATE)], SYSTEM)
    card = ProgramVersions(context, lambda: updates)
    qtbot.addWidget(card)
    card.show()
    return card


def test_an_update_is_shown_installed_and_gone_back_from(qtbot, card, context, programs, tmp_path):
    messages = context.messages
    messages.files.append(UpdateMaker(PRIVATE).write(tmp_path / "a.kcupdate"))
    messages.answers.append(False)
    card.update_button.click()
    assert messages.said[-1] == "Cập nhật kcdesk từ bản 0.1.0 lên bản 0.2.0?"
    assert (programs / "kcdesk").read_text("utf-8") == "program 0.1.0"
    messages.files.append(tmp_path / "a.kcupdate")
    messages.answers.append(True)
    card.update_button.click()
    qtbot.waitUntil(lambda: messages.said[-1].startswith("Đã cập nhật lên bản 0.2.0"), timeout=20000)
    assert (programs / "kcdesk").read_text("utf-8") == "program 0.2.0"
    assert context.workspace.store.copies.listed()[0].is_sound


def test_a_file_of_a_stranger_is_refused_with_a_sentence(card, context, programs, tmp_path):
    stranger = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
    context.messages.files.append(UpdateMaker(stranger, key_name=b"another!").write(tmp_path / "a.kcupdate"))
    card.update_button.click()
    assert context.messages.said[-1].startswith("Không rõ ai đã ký tệp cập nhật này")
    assert (programs / "kcdesk").read_text("utf-8") == "program 0.1.0"


def test_without_a_version_before_the_card_says_so(card, context):
    card.back_button.click()
    assert context.messages.said[-1].startswith("Không còn bản trước của chương trình")


def test_a_program_from_its_sources_says_why_it_is_not_updated(qtbot, context, tmp_path):
    card = ProgramVersions(context)
    qtbot.addWidget(card)
    context.messages.files.append(tmp_path / "a.kcupdate")
    card.update_button.click()
    assert context.messages.said[-1].startswith("Chương trình này chạy từ mã nguồn")


def test_an_update_that_is_opened_or_dropped_goes_the_way_of_the_button(
    qtbot, open_window, workspace, messages, tmp_path
):
    window = open_window(workspace)
    file, other = tmp_path / "MOI.KCUPDATE", tmp_path / "cu.kcupdate"
    window.go("proposal")
    window.take_in_files([file])
    assert window.page.title == "Cài đặt"
    qtbot.waitUntil(lambda: len(messages.said) == 1)
    window.go("proposal")
    drop(window, file)
    qtbot.waitUntil(lambda: len(messages.said) == 2)
    assert window.page.title == "Cài đặt"
    assert all(text.startswith("Chương trình này chạy từ mã nguồn") for text in messages.said)
    assert dropped(dragged(file, other)) == [], "which of two is meant, nobody knows"


def dragged(*paths):
    """Files under the mouse."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(window, path):
    """Let a file fall on a window."""
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    data = dragged(path)  # the event does not keep it
    window.dropEvent(QDropEvent(QPointF(), Qt.DropAction.CopyAction, data, left, none))
