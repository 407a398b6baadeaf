"""What leaves a real store is locked by default; what comes with a receipt can be read."""

import zipfile

import msoffcrypto
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton

from kcdesk.services.handover.receipts import standing
from tests.ui.form_support import sentences
from tests.ui.handover.test_handover_pages import acquainted, answer, choose_password, offices, province, unit

__all__ = ["acquainted", "answer", "offices", "province", "unit"]  # fixtures
SECRET = "mười hai con mèo"


def is_locked(path):
    """Whether a workbook is under Excel's own encryption, which Excel asks the password of."""
    with path.open("rb") as file:
        return not zipfile.is_zipfile(path) and msoffcrypto.OfficeFile(file).is_encrypted()


@pytest.fixture
def real(offices):
    return offices("real", unit="Trung tâm thật", code="TT-T", practice=False, passphrase=SECRET)


def test_a_package_of_a_real_store_is_locked_unless_the_officer_says_otherwise(answer, real, tmp_path):
    real.add("beneficiary", name="Cơ sở Mẫu")
    real.come_forward()
    path, bare = tmp_path / "goi.xlsx", tmp_path / "goi-khong-khoa.xlsx"

    def officer(dialog):
        assert not dialog.findChild(QCheckBox, "export.no_password").isChecked()
        period = dialog.findChild(QComboBox, "export.period")
        assert period.currentText() == f"Tháng {real.workspace.today():%m/%Y}"
        assert period.chosen() == f"{real.workspace.today():%Y-%m}"
        make = dialog.findChild(QPushButton, "export.make")
        make.click()
        assert any("Hãy đặt mật khẩu" in said for said in sentences(dialog))
        assert dialog.isVisible()
        assert any("không gửi cùng tệp" in said for said in sentences(dialog))
        dialog.password_pair.first.setText("1234")
        assert any("Còn ngắn" in said for said in sentences(dialog))
        make.click()
        assert any("ít nhất 8 ký tự" in said for said in sentences(dialog))
        make.click()
        assert any(said.startswith("Đã thử lại, vẫn chưa được. ") for said in sentences(dialog))
        dialog.password_pair.first.setText("khoá gói")
        assert not any("ít nhất 8 ký tự" in said for said in sentences(dialog)), "it is being put right"
        make.click()
        assert any("không giống nhau" in said for said in sentences(dialog))
        dialog.password_pair.again.setText("khoá gói")
        real.pick(path)
        make.click()

    answer(officer)
    real.press("Ctrl+E")
    assert is_locked(path)

    def plainly(dialog):
        dialog.findChild(QCheckBox, "export.no_password").click()
        real.pick(bare)
        dialog.findChild(QPushButton, "export.make").click()

    answer(plainly)
    real.press("Ctrl+E")
    assert zipfile.is_zipfile(bare)


def test_a_practice_store_needs_no_password(answer, unit, tmp_path):
    unit.add("beneficiary", name="Cơ sở Mẫu")
    unit.come_forward()
    unit.pick(tmp_path / "goi.xlsx")
    answer(lambda dialog: dialog.findChild(QPushButton, "export.make").click())
    unit.press("Ctrl+E")
    assert zipfile.is_zipfile(tmp_path / "goi.xlsx")


def test_a_letter_goes_with_a_receipt_and_is_opened_and_saved_at_the_other_end(
    answer, acquainted, tmp_path, monkeypatch
):
    unit, province = acquainted
    unit.add("beneficiary", name="Cơ sở Mẫu")
    letter = tmp_path / "Công văn 12.pdf"
    letter.write_bytes(b"%PDF-1.4 letter")
    province.come_forward().look_at(unit.write(tmp_path / "goi.xlsx"))
    province.press("Ctrl+Return")
    province.press("Ctrl+Return")
    province.pick(letter)
    province.click("receipt.enclose")
    assert province.page.findChild(QPushButton, "receipt.enclose").text() == "Kèm tệp (1)…"
    receipt = tmp_path / "bien-nhan.xlsx"
    province.pick(receipt)
    answer(choose_password(""))
    province.press("Ctrl+Return")

    unit.come_forward().look_at(receipt)
    assert not unit.page.findChild(QPushButton, "intake.enclosed").isVisible()
    unit.press("Ctrl+Return")
    assert unit.page.findChild(QPushButton, "intake.enclosed").text() == "Tệp kèm theo (1)…"
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url))
    unit.pick(tmp_path / "ra.pdf")

    def read(dialog):
        answer(lambda shown: shown.findChild(QPushButton, "attachment.outside").click())
        dialog.findChild(QPushButton, "enclosed.open.0").click()
        dialog.findChild(QPushButton, "enclosed.save.0").click()

    answer(read)
    unit.click("intake.enclosed")
    assert (tmp_path / "ra.pdf").read_bytes() == b"%PDF-1.4 letter"
    assert "có thể rút" in unit.messages.said[-1]
    (url,) = opened
    assert QUrl(url).toLocalFile().endswith(".pdf")
    assert standing.packages(unit.workspace)[0]["enclosed"] == ["Công văn 12.pdf"]

    unit.window.go("handoff")
    ledger = unit.page.ledger
    ledger.table.go_to(standing.packages(unit.workspace)[0]["package"])
    assert ledger.findChild(QPushButton, "ledger.enclosed").text() == "Tệp kèm theo (1)…"
    answer(lambda dialog: dialog.findChild(QPushButton, "enclosed.close").click())
    unit.click("ledger.enclosed")
