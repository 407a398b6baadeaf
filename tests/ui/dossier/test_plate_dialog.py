"""«Đọc mã trên nhãn máy»: what a reader types is shown first, and written when the officer agrees."""

import pytest
from PySide6.QtWidgets import QApplication

from kcdesk.services.codes import plate_codes
from kcdesk.services.records import changing
from kcdesk.ui.dossier.personal.plate_dialog import PlateDialog
from kcdesk.ui.toolkit.decision_button import DecisionButton
from tests.services import samples
from tests.ui.dossier.test_card_dialog import PAUSE, scan
from tests.ui.form_support import press


@pytest.fixture
def visit(workspace):
    id_ = samples.begin(workspace, samples.approved(workspace), "acceptance")
    changing.save(workspace, id_, {"machines": [{"name": "Máy ép"}]})
    return id_


@pytest.fixture
def dialog(qtbot, context, workspace, visit):
    rows = plate_codes.machine_rows(workspace.store.record(visit))
    dialog = PlateDialog(context, visit, rows, rows[0].path)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    assert QApplication.focusWidget() is dialog.code
    return dialog


def serial(workspace, visit):
    return plate_codes.machine_rows(workspace.store.record(visit))[0].present


def test_the_second_enter_of_a_reader_writes_nothing(dialog, workspace, visit, monkeypatch):
    monkeypatch.setattr(DecisionButton, "pause", PAUSE)
    scan("S/N: MAU-7712")
    press(dialog, "Return")  # some readers send two
    assert dialog.isVisible()
    assert serial(workspace, visit) == ""
    assert dialog.serial() == "MAU-7712"
    monkeypatch.setattr(DecisionButton, "pause", 0)
    dialog.take_button.click()
    assert serial(workspace, visit) == "MAU-7712"


def test_the_code_of_a_card_is_no_serial_number(dialog):
    scan("092185001234|361234567|Nguyễn Thị Mẫu|05031985|Nữ|Ấp Mẫu, Xã Mẫu, Thành phố Cần Thơ|10052021")
    assert "không phải mã trên nhãn máy" in dialog.verdict.text()
    assert not dialog.take_button.isEnabled()
