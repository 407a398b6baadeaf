"""«Lấy từ hóa đơn…»: the menu and a drop show an invoice, and only the ticked rows are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from kcdesk.runtime.frozen import replace
from kcdesk.services.invoices import opened_files
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.dossier.invoices.invoice_dialog import InvoiceDialog
from tests.services import samples
from tests.services.invoices import producers
from tests.services.invoices.producers import Item, Sample, Signing

MACHINE = Item("Máy cưa CNC MC-3", Decimal(1), Decimal(300_000_000))
ABOUT = Sample(
    "plain",
    123,
    dated=date(2018, 4, 10),
    items=(MACHINE,),
    symbol="C18TAA",
    buyer="Cơ sở Mẫu Một",
    buyer_code="",
    signed_at=datetime(2018, 4, 10, tzinfo=UTC),
)


@pytest.fixture
def visit(workspace):
    """A draft of an acceptance."""
    proposal = samples.approved(workspace)
    samples.contract(workspace, proposal)
    return samples.begin(workspace, proposal, "acceptance")


def content(about=ABOUT):
    signing = Signing(certificate=producers.certificate(about.seller_code, about.seller, years=(2017, 2020)))
    return producers.xml(producers.signed(about, signing))


def shown(qtbot, context, record_id, about=ABOUT):
    dialog = InvoiceDialog(context, record_id, opened_files.opened_content("hd.xml", content(about)))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_nothing_is_ticked_at_first_and_only_ticked_rows_are_written(qtbot, context, visit):
    dialog = shown(qtbot, context, visit)
    assert "Chữ ký còn nguyên" in dialog.signature.text()
    assert "chưa đối chiếu với cơ quan thuế" in dialog.signature.text()
    assert dialog.ticked() == []
    assert not dialog.take.isEnabled()
    dialog.lines.item(1).setCheckState(Qt.CheckState.Checked)
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    record = context.workspace.store.record(visit)
    assert [row["number"] for row in record.rows("vouchers")] == ["1C18TAA-123"]
    assert all(not row.get("invoice") for row in record.rows("machines"))
    assert len(record.value("invoice_files")) == 1


def test_rows_say_what_is_their_own_and_the_head_says_the_rest_once(qtbot, context, visit):
    dialog = shown(qtbot, context, visit, replace(ABOUT, style="spaced"))
    assert "tổng thanh toán 330.000.000, trong đó thuế 30.000.000 VND" in dialog.title.text()
    assert "Đơn giá: 300.000.000 đồng" in dialog.lines.item(0).text()
    assert "0101234567" in dialog.title.text()
    assert "0101234567" not in dialog.lines.item(0).text()
    dialog.lines.item(0).setCheckState(Qt.CheckState.Checked)
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    again = shown(qtbot, context, visit, replace(ABOUT, seller="Công ty TNHH Máy Khác"))
    assert "Công ty TNHH Máy Khác (đang ghi Công ty TNHH Cơ khí MẪU)" in again.lines.item(0).text()


def test_a_file_without_rows_can_only_be_kept_and_its_words_stand_together(qtbot, context, visit):
    dialog = InvoiceDialog(context, visit, [opened_files.OpenedFile("hd.pdf", b"%PDF-1.7", text="Hóa đơn")])
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.take.isVisible()
    assert dialog.findings.geometry().bottom() < dialog.height() // 2
    qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    assert dialog.written == "invoice_files"


def test_what_was_taken_in_is_in_sight_afterwards(qtbot, context, visit, tmp_path, monkeypatch):
    page = DossierPage(context, visit)
    qtbot.addWidget(page)
    page.show()
    page.on_show()
    monkeypatch.setattr(InvoiceDialog, "exec", _taken)
    path = tmp_path / "hd.xml"
    path.write_bytes(content())
    assert dropped(page, path)
    qtbot.waitUntil(lambda: page.form.focused_path().startswith("vouchers"), timeout=10_000)


def _taken(dialog):
    """Take in the row of the voucher, as an officer does."""
    dialog.lines.item(1).setCheckState(Qt.CheckState.Checked)
    dialog.take.click()


def test_the_rows_of_another_invoice_of_the_file_are_not_ticked_with_those_of_the_first(qtbot, context, visit):
    files = [
        file
        for number in (123, 124)
        for file in opened_files.opened_content("hd.xml", content(replace(ABOUT, number=number)))
    ]
    dialog = InvoiceDialog(context, visit, files)
    qtbot.addWidget(dialog)
    dialog.lines.item(1).setCheckState(Qt.CheckState.Checked)
    dialog.with_tax.setChecked(True)
    assert dialog.ticked() == ["voucher"]
    dialog.choice.setCurrentIndex(1)
    assert dialog.title.text().startswith("Hóa đơn 1C18TAA-124")
    assert dialog.ticked() == []
    dialog.lines.item(1).setCheckState(Qt.CheckState.Checked)
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    assert dialog.ticked() == []
    assert "Hồ sơ đã ghi đúng như vậy." in dialog.lines.item(1).text()
    assert [row["number"] for row in context.workspace.store.record(visit).rows("vouchers")] == ["1C18TAA-124"]


def test_an_altered_invoice_is_told_in_red_and_its_findings_are_listed(qtbot, context, visit):
    root = producers.signed(replace(ABOUT, buyer="Người khác"))
    producers.find(root, "DGia").text = "1"
    dialog = InvoiceDialog(context, visit, opened_files.opened_content("hd.xml", producers.xml(root)))
    qtbot.addWidget(dialog)
    assert dialog.signature.property("tone") == "wrong"
    assert "CHỮ KÝ KHÔNG KHỚP" in dialog.signature.text()
    assert "hóa đơn ghi 300.000.000" in dialog.findings.text()
    assert "Bên mua trên hóa đơn là «Người khác»" in dialog.findings.text()


def test_an_invoice_dropped_on_the_page_is_shown_and_another_file_goes_on_to_the_window(
    qtbot, context, visit, tmp_path, monkeypatch
):
    page = DossierPage(context, visit)
    qtbot.addWidget(page)
    opened = []
    monkeypatch.setattr(InvoiceDialog, "exec", lambda dialog: opened.append(dialog.title.text()))
    path = tmp_path / "hd.xml"
    path.write_bytes(content())
    assert dropped(page, path)
    qtbot.waitUntil(lambda: bool(opened), timeout=10_000)
    assert opened[0].startswith("Hóa đơn 1C18TAA-123 ngày 10/4/2018. Bên bán: Công ty TNHH Cơ khí MẪU")
    assert not dropped(page, tmp_path / "goi.xlsx")
    assert page.commands()["invoice"].label == "Lấy từ hóa đơn…"


def dropped(page, path):
    """Drag a file over the page and let it fall if the page takes it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    keys = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPoint(5, 5), *keys)
    entering.ignore()
    QApplication.sendEvent(page, entering)
    if entering.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPointF(5, 5), *keys))
    return entering.isAccepted()
