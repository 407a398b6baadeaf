"""The main job by keyboard alone: registry, proposal, approval, contract, visit, minutes, package."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pypdfium2
from PySide6.QtWidgets import QApplication, QLabel

from kcdesk.services.handover.packages import sending
from kcdesk.services.papers import printing
from kcdesk.services.records import changing, reading
from kcdesk.ui.papers.preview_dialog import PreviewDialog

TOTAL, SUPPORT, OWN = 570_000_000, 200_000_000, 370_000_000


def register(officer) -> None:
    officer.press("Alt+2")
    officer.press("Ctrl+N")
    officer.type("Cơ sở Chế biến & <Mẫu>")  # the first field has the keyboard
    officer.press("Tab")
    officer.fill("legal_form", "ho kinh doanh", leave="Return")
    officer.fill("tax_code", "001090000001")
    officer.fill("representative", "Người Mẫu Một")
    officer.fill("phone", "0900 000 001")
    officer.fill("place", "vi thanh can tho", leave="Return")
    officer.fill("territory", "phuong", leave="Return")
    officer.fill("sector", "nong lam thuy san", leave="Return")
    officer.press("Ctrl+Return")


def test_a_beneficiary_is_registered_and_made_final(officer):
    register(officer)
    record = officer.record
    assert record.value("name") == "Cơ sở Chế biến & <Mẫu>"
    assert record.value("legal_form") == "household_business"
    assert "Vị Thanh" in record.text("place")
    assert record.state == "final", officer.messages.said


def propose(officer) -> None:
    officer.press("Alt+3")
    officer.press("Ctrl+N")
    officer.type("Hỗ trợ máy chế biến nông sản")
    officer.press("Tab")
    officer.fill("year", "2026")
    officer.choose("programme", "Khuyến công địa phương")
    officer.choose("scheme", "Đề án đơn lẻ")
    officer.fill("activity", "may moc", leave="Return")
    officer.fill("implementing_unit", "Trung tâm Khuyến công mẫu")
    officer.fill("beneficiaries", "che bien", leave="Return")
    officer.fill("place", "vi thanh can tho", leave="Return")
    for path in ("necessity", "legal_basis", "goals", "scale", "organisation", "economic_effect", "social_effect"):
        officer.fill(path, f"Nội dung mẫu của mục {path}")
    officer.fill("environmental_effect", "Không phát sinh chất thải")
    for path in ("machine_kind", "machines_new", "machine_benefits"):
        officer.choose(path)
    officer.go_to("machines")
    officer.paste("Máy chế biến\tHãng mẫu\tM-01\tCông suất mẫu\t1\t570.000.000")
    officer.fill("starts_on", "1/3/26")
    officer.fill("ends_on", "30/11/26")
    officer.go_to("work_plan")
    officer.paste("Mua máy\tĐơn vị thụ hưởng\t1/3/26\t31/5/26\nNghiệm thu\tĐơn vị thực hiện\t1/10/26\t30/11/26")
    officer.go_to("budget")
    officer.paste("Mua máy chế biến\tmáy\t1\t570.000.000\t\t200.000.000\t370.000.000")
    officer.go_to("results")
    officer.paste("Sản lượng\ttấn/năm\t120\t180")
    officer.press("Ctrl+Return")


def test_the_whole_job_by_keyboard(officer, tmp_path, qtbot):
    register(officer)
    propose(officer)
    proposal = officer.record
    assert proposal.state == "final", officer.messages.said
    assert (proposal.value("total_cost"), proposal.value("requested_support")) == (TOTAL, SUPPORT)

    approve_and_contract(officer)
    visit(officer)
    minutes(officer, tmp_path)
    package(officer, tmp_path, qtbot)


def approve_and_contract(officer) -> None:
    officer.fill("decision_number", "12/QĐ-UBND")
    officer.fill("decision_date", "15/2/26")
    officer.fill("decision_authority", "UBND tỉnh mẫu")
    officer.fill("approved_total", "570 triệu")
    officer.fill("approved_support", "200 triệu")
    officer.press("Ctrl+Return")
    assert officer.record.state == "approved", officer.messages.said
    proposal = officer.page.record_id
    officer.begin("contract")
    officer.fill("number", "01/HĐ-KC")
    officer.fill("signed_on", "5/3/26")
    officer.choose("basis", "Hợp đồng")
    officer.fill("party_b", "Cơ sở Chế biến")
    assert officer.record.value("machines")[0]["name"] == "Máy chế biến"
    officer.press("Ctrl+Return")
    assert officer.record.state == "final", officer.messages.said
    officer.window.open_record(proposal)
    officer.press("Ctrl+Return")
    assert officer.record.state == "contracted", officer.messages.said


def visit(officer) -> None:
    officer.begin("acceptance")
    items = officer.record.value("checklist")
    assert items
    assert not any("result" in item for item in items), "a checklist starts empty"
    officer.fill("number", "05")
    officer.fill("visited_on", "18/10/26")
    officer.go_to("participants")
    officer.paste(
        "Sở Công Thương\tSở Công Thương mẫu\tNgười Mẫu Ba\tPhó Giám đốc\n"
        "Đơn vị thụ hưởng\tCơ sở Chế biến\tNgười Mẫu Một\tChủ cơ sở"
    )
    officer.go_to("checklist")
    for _ in items:
        officer.press("1")  # Đạt, and on to the next unanswered one
    assert {row.get("result") for row in officer.record.value("checklist")} == {"pass"}
    officer.fill("work_done", "Máy đã lắp đặt và vận hành")
    fill_rows(officer)
    officer.choose("conclusion", "Nghiệm thu")
    officer.press("Ctrl+Return")
    assert officer.record.state == "final", officer.messages.said


def fill_rows(officer) -> None:
    """Cells of the machine, money and result rows, one after the other."""
    for table, values in (
        ("machines", {"serial_number": "MAU-0001", "year": "2026", "quantity": "1", "value": "570.000.000"}),
        ("machines", {"model": "M-01"}),
        (
            "budget",
            {
                "done": "570.000.000",
                "accepted": "570.000.000",
                "accepted_support": "200.000.000",
                "accepted_counterpart": "370.000.000",
            },
        ),
        ("results", {"actual": "176"}),
    ):
        row = officer.record.value(table)[0]["id"]
        for column, value in values.items():
            officer.go_to(f"{table}/{row}/{column}")
            officer.type(value)
            officer.press("Return")


def minutes(officer, folder: Path) -> None:
    """The preview shows what is printed; the file holds every answer."""
    officer.messages.files.append(folder / "minutes.pdf")
    officer.in_dialog("Ctrl+P", PreviewDialog.save)
    pages = pypdfium2.PdfDocument(folder / "minutes.pdf")
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())
    pages.close()
    for answer in ("Người Mẫu Ba", "MAU-0001", "570.000.000", "Năm trăm bảy mươi triệu đồng", "Mẫu>", "01/HĐ-KC"):
        assert answer in text
    assert "Không đạt yêu cầu" not in text


def package(officer, folder: Path, qtbot) -> None:
    """The package is made in the background and opens as a workbook."""
    path = folder / "package.xlsx"
    officer.press("Alt+6")
    officer.messages.files.append(path)
    officer.in_dialog("Ctrl+E", lambda dialog: officer.press_button(dialog, "export.make"))
    qtbot.waitUntil(lambda: not officer.window.context.worker.busy, timeout=20_000)
    QApplication.processEvents()
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames[0] == "Bìa"
    workspace = officer.window.context.workspace
    assert sending.inspect(workspace, path, "")["status"] == "authentic"
    assert reading.count(workspace, "acceptance") == 1
    assert [paper.name for paper in printing.papers(workspace, "acceptance")]


def test_a_double_is_pointed_out_while_typing(officer, qtbot):
    register(officer)
    officer.press("Alt+2")
    officer.press("Ctrl+N")
    officer.fill("tax_code", "001090000001")
    qtbot.waitUntil(lambda: "cùng mã số thuế" in shown_text(officer), timeout=2000)
    officer.fill("name", "Co so che bien va Mau")
    qtbot.waitUntil(lambda: "tên gần giống" in shown_text(officer), timeout=2000)
    assert officer.record.value("tax_code") == "001090000001"  # pointed out, not refused


def shown_text(officer) -> str:
    return " ".join(label.text() for label in officer.page.findChildren(QLabel) if label.isVisible())


def test_changes_are_taken_back_by_name(officer):
    register(officer)
    officer.press("Alt+2")
    officer.press("Ctrl+N")
    officer.fill("name", "Tên nhập nhầm")
    workspace = officer.window.context.workspace
    assert changing.undo_label(workspace) == "Sửa tên đơn vị"
    officer.go_to("legal_form")
    officer.press("Ctrl+Z")
    assert officer.record.value("name") is None
    officer.press("Ctrl+Shift+Z")
    assert officer.record.value("name") == "Tên nhập nhầm"
