"""A summary in the window: read, written for Word, compared with what was printed."""

from __future__ import annotations

import pytest
from docx import Document as WordFile
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from kcdesk.services.reporting import summary_prints
from kcdesk.ui.reports.summary_dialog import SummaryDialog


@pytest.fixture
def dialog(context, qtbot):
    """The dialog on the first half of 2022, with one approved proposal in the store."""
    workspace = context.workspace
    with workspace.store.act("Nạp dữ liệu mẫu") as act:
        values = {"title": "Máy cưa", "year": 2022, "programme": "local", "decision_date": "2022-02-01"}
        money = {"approved_support": 100_000_000, "state": "approved", "revision": 1}
        act.insert("proposal", workspace.forms.current("proposal").reference, {**values, **money})
    dialog = SummaryDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.period.setText("6m2022")
    press(qtbot, dialog, "Xem lại")
    qtbot.waitUntil(lambda: "6 tháng đầu năm 2022" in dialog.text.toPlainText(), timeout=20_000)
    return dialog


def press(qtbot, dialog, label):
    """Press the button with this label."""
    button = next(button for button in dialog.findChildren(QPushButton) if button.text() == label)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_reading_the_same_again_is_seen(dialog, qtbot):
    """Also within one second, when neither the text nor the time changes."""
    before = dialog.read_at.text()
    press(qtbot, dialog, "Xem lại")
    assert dialog.read_at.text() == "Đang lập báo cáo…", "at once, also where the figures take long"
    qtbot.waitUntil(lambda: "lần" in dialog.read_at.text(), timeout=20_000)
    assert dialog.read_at.text()[-1] > before[-1]


def test_a_summary_is_read_written_and_compared(dialog, context, qtbot, tmp_path):
    workspace = context.workspace
    assert "có 1 đề án được phê duyệt" in dialog.text.toPlainText()
    assert dialog.read_at.text().startswith("Số liệu lúc ")
    assert "So với bản in" not in dialog.text.toPlainText()
    dialog.number.setText("12")
    dialog.recipients.setText("Sở Công Thương; Lưu: VT")
    dialog.own["tasks"].setPlainText("Đôn đốc nghiệm thu.")
    context.messages.files.append(tmp_path / "bao-cao.docx")
    press(qtbot, dialog, "Ghi ra Word…")
    qtbot.waitUntil(lambda: "không có số nào khác" in dialog.text.toPlainText(), timeout=20_000)
    words = "\n".join(paragraph.text for paragraph in WordFile(str(tmp_path / "bao-cao.docx")).paragraphs)
    assert "Nhiệm vụ, giải pháp: Đôn đốc nghiệm thu." in words
    (kept,) = summary_prints.prints_of(workspace, dialog.wanted())
    assert kept.details["number"] == "12"
    with workspace.store.act("Đổi kinh phí") as act:
        act.update(workspace.store.page("proposal", limit=1)[0].id, {"approved_support": 90_000_000})
    press(qtbot, dialog, "Xem lại")
    qtbot.waitUntil(lambda: "100 triệu đồng → 90 triệu đồng" in dialog.text.toPlainText(), timeout=20_000)
    assert "số thay đổi: Máy cưa" in dialog.text.toPlainText()


def test_what_cannot_be_read_is_said(dialog, context, qtbot):
    dialog.period.setText("nay")
    press(qtbot, dialog, "Xem lại")
    first = dialog.problem.text()
    assert "không phải" in first
    assert dialog.problem.isVisible()
    press(qtbot, dialog, "Xem lại")
    assert dialog.problem.text() == f"Đã thử lại, vẫn chưa được. {first}"
    dialog.period.setText("6m2022")
    dialog.dated.setText("32/1/2022")
    press(qtbot, dialog, "Ghi ra PDF…")
    assert dialog.problem.text().startswith("Ngày của báo cáo")
    assert context.messages.said == [], "the bar of the window lies behind the dialog"


def test_a_file_that_cannot_be_written_leaves_the_text_that_was_read(dialog, context, qtbot, tmp_path):
    before = dialog.text.toPlainText()
    (tmp_path / "taken").mkdir()
    context.messages.files.append(tmp_path / "taken")  # a folder stands where the file should be
    press(qtbot, dialog, "Ghi ra Word…")
    qtbot.waitUntil(lambda: dialog.problem.isVisible(), timeout=20_000)
    assert "taken" in dialog.problem.text()
    assert dialog.text.toPlainText() == before
    assert summary_prints.prints_of(context.workspace, dialog.wanted()) == []
    press(qtbot, dialog, "Xem lại")
    qtbot.waitUntil(lambda: not dialog.problem.isVisible(), timeout=20_000)


def test_only_the_latest_summary_that_was_asked_for_is_read(dialog, context, qtbot):
    seen = []
    dialog.text.textChanged.connect(lambda: seen.append(dialog.text.toPlainText()))
    for period in ("6m2021", "6m2022", "6m2023"):
        dialog.period.setText(period)
        dialog.read()
    qtbot.waitUntil(lambda: not context.worker.busy, timeout=20_000)
    assert {text for text in seen if text} == {dialog.text.toPlainText()}
    assert "6 tháng đầu năm 2023" in dialog.text.toPlainText()
