"""«Đọc mã thẻ căn cước…»: what a reader types or a photo shows is proposed, agreed to, taken in one act, taken back."""

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from kcdesk.services.records import changing
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.dossier.personal.card_dialog import CardDialog
from kcdesk.ui.toolkit.decision_button import PAUSE, DecisionButton
from tests.services import samples
from tests.ui.form_support import press

CARD = "092185001234|361234567|Nguyễn Thị Mẫu|05031985|Nữ|Ấp Mẫu, Xã Mẫu, Thành phố Cần Thơ|10052021"


@pytest.fixture
def unit(workspace):
    return changing.add(workspace, "beneficiary", {"name": "Cơ sở Mẫu", "representative": "Trần Thị Khác"}).items[0].id


@pytest.fixture
def dialog(qtbot, context, unit):
    dialog = CardDialog(context, unit)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


def scan(text):
    """What a reader that works as a keyboard sends: every letter, then Enter, to whatever has the keyboard."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(QApplication.focusWidget(), event)
    press(QApplication.activeWindow(), "Return")


def test_a_scanned_card_is_agreed_to_line_by_line_and_taken_back(dialog, context, unit, messages, monkeypatch):
    assert not dialog.take_button.isEnabled()
    monkeypatch.setattr(DecisionButton, "pause", PAUSE)
    scan(CARD)
    press(dialog, "Return")  # some readers send two: nothing is taken by the second one
    assert dialog.isVisible()
    assert dialog.code.text() == ""
    shown = [dialog.lines.item(row).text() for row in range(dialog.lines.count())]
    assert shown[0] == "Người đại diện: «Trần Thị Khác» → «Nguyễn Thị Mẫu»"
    assert not any("092185001234" in text for text in shown)
    assert "citizen_id" in dialog.ticked()
    assert "representative" not in dialog.ticked(), "what the record has otherwise waits for the officer"
    dialog.lines.setFocus()
    dialog.lines.setCurrentRow(0)
    press(dialog, "Space")
    press(dialog, "Ctrl+Return")
    record = context.workspace.store.record(unit)
    assert (record.value("representative"), record.value("citizen_id")) == ("Nguyễn Thị Mẫu", "092185001234")
    assert messages.said[-1] == "Đã nhận từ thẻ căn cước."
    changing.undo(context.workspace)
    record = context.workspace.store.record(unit)
    assert (record.value("representative"), record.value("citizen_id")) == ("Trần Thị Khác", None)


def test_a_photo_is_read_and_another_code_is_a_sentence(qtbot, dialog, tmp_path, messages):
    path = tmp_path / "thẻ.png"
    code = zxingcpp.create_barcode(CARD, zxingcpp.BarcodeFormat.QRCode)
    Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=5)).save(path)
    scan("8934563138165")
    assert "không phải mã QR của thẻ căn cước" in dialog.verdict.text()
    assert dialog.lines.isHidden()
    messages.files.append(path)
    dialog.choose()
    qtbot.waitUntil(lambda: dialog.lines.count() > 0, timeout=10_000)
    assert dialog.verdict.text().startswith("Hồ sơ ghi khác thẻ")
    assert dialog.take_button.isEnabled()


def test_only_open_dossiers_with_a_place_for_the_holder_offer_it(qtbot, context, workspace, unit):
    offered = []
    for id_ in (unit, samples.approved(workspace)):
        page = DossierPage(context, id_)
        qtbot.addWidget(page)
        offered.append("read_card" in page.commands())
    assert offered == [True, False]
