"""A damaged store at the start of the window: saved, restored, and what was saved is offered to be taken in."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from kcdesk.services.maintenance import opening, relocation
from kcdesk.services.records import changing
from kcdesk.ui.handover.password_dialog import ask_package_password
from kcdesk.ui.opening.damaged_store_dialog import DamagedStoreDialog
from tests.attacks.test_damaged_stores import PAGE, leaf_of
from tests.services.samples import practice_answers
from tests.ui.conftest import ScriptedMessages

pytestmark = pytest.mark.usefixtures("theme")


@pytest.fixture
def damaged(tmp_path):
    folder = tmp_path / "store"
    opening.create(folder, practice_answers())
    workspace = opening.open_workspace(folder)
    relocation.doubt(workspace)
    for number in range(12):
        changing.add(workspace, "task", {"title": f"Việc {number}", "note": "x" * 900})
    workspace.store.backup()
    workspace.close()
    page = leaf_of(folder, "record", None)
    with (folder / "kcdesk.db").open("rb+") as file:
        file.seek(page * PAGE)
        file.write(bytes(PAGE))
    opened = opening.open_workspace(folder)
    yield opened
    opened.close()


def test_what_can_be_read_is_saved_and_the_dialog_says_what_is_lost(damaged, qtbot, tmp_path):
    messages = ScriptedMessages()
    messages.files.append(tmp_path / "stick")
    dialog = DamagedStoreDialog(damaged, messages=messages)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "chỉ mở để đọc" in dialog.message.text()
    assert "có đủ việc đã làm" in dialog.message.text()
    dialog.findChild(QPushButton, "damaged.save").click()
    qtbot.waitUntil(lambda: dialog.saved is not None, timeout=30_000)
    assert "Không đọc được: hồ sơ: " in dialog.outcome.text()
    assert dialog.saved.package.endswith(".xlsx")
    assert (dialog.saved.folder / "khong-doc-duoc.txt").read_text(encoding="utf-8").startswith("Không đọc được:")
    dialog.findChild(QPushButton, "damaged.read").click()
    assert dialog.result() == DamagedStoreDialog.DialogCode.Accepted


class HeardMessages(ScriptedMessages):
    """Keeps also what stands under a question."""

    def ask_text(self, title, *words, detail="", **more):
        self.said.append(detail)
        return super().ask_text(title, *words, **more)


def test_the_password_of_what_was_saved_is_that_of_the_store(tmp_path):
    messages = HeardMessages()
    messages.texts.extend(("", ""))
    ask_package_password(messages, tmp_path / "cuu-du-lieu_2026-11-30_10-17-45+0000" / "KC_TT-A.xlsx", tried=False)
    ask_package_password(messages, tmp_path / "KC_TT-A.xlsx", tried=False)
    own, _, foreign, _ = messages.said
    assert "đã dùng để mở kho" in own
    assert "không phải mật khẩu mở kho" in foreign
