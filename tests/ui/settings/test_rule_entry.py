"""Deadlines, advances and conditions typed in the window: faults beside the field, preview, signature, undoing."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from kcdesk.services.rulebook import updates
from kcdesk.ui.settings.entering.rule_entry_dialog import RuleEntryDialog
from kcdesk.ui.settings.entering.rules_preview import RulesPreviewDialog
from tests.services import samples

WAIT = 60_000  # milliseconds: the list is made in the background, also on a busy machine


def _fill(dialog, **typed):
    for name, text in typed.items():
        box = dialog.inputs[name]
        box.setPlainText(text) if hasattr(box, "setPlainText") else box.setText(text)


def _mark(dialog, name):
    mark = dialog.findChild(QLabel, f"rule_entry.problem.{name}")
    return "" if mark.isHidden() else mark.text()


def test_a_rate_is_typed_checked_previewed_signed_and_taken_back(qtbot, open_window, province, messages, tmp_path):
    facts = {"programme": "national", "year": 2026, "starts_on": "1/4/2026", "ends_on": "31/12/2026"}
    id_ = samples.approved(province, **facts)
    samples.begin(province, id_, "payment")
    window = open_window(province)
    window.go("settings")
    window.page.findChild(QPushButton, "settings.enter_payments").click()
    dialog = window.page.findChild(RuleEntryDialog)
    dialog.target.setCurrentIndex(dialog.target.findData("technology"))
    dialog.target.activated.emit(dialog.target.currentIndex())
    assert "không quá 70%" in dialog.present.text()
    assert dialog.inputs["rate"].text() == "70"
    typed = {"document": "TT 66/2026/TT-BCT", "article": "Điều 3", "first": "1/1/2014", "rate": "80"}
    _fill(dialog, **typed)
    assert not dialog.add()
    assert "áp dụng từ ngày 10/02/2014" in _mark(dialog, "first")
    _fill(dialog, first="1/3/2026", support="200 tr", advance="100 tr")
    assert not dialog.add()
    assert (_mark(dialog, "first"), "160.000.000" in _mark(dialog, "advance")) == ("", True)
    _fill(dialog, advance="160 tr")

    dialog.findChild(QPushButton, "rule_entry.preview").click()

    preview = dialog.findChild(RulesPreviewDialog)
    assert "+rate = 80" in preview.lines.toPlainText()
    assert "+effective_to = 2026-02-28" in preview.lines.toPlainText()
    if not preview.touched.touched:
        qtbot.waitSignal(preview.touched.ready, timeout=WAIT).wait()
    (line,) = [line for line in preview.touched.touched if line.topic == "Tỷ lệ tạm ứng, thanh toán"]
    assert "không quá 70%" in line.before
    assert "không quá 80%" in line.after
    preview.reject()
    messages.files.append(tmp_path / "quy-dinh.xlsx")
    dialog.findChild(QPushButton, "rule_entry.sign").click()
    (installed,) = updates.installed_updates(province)
    assert "80%" in installed["note"]
    updates.undo_update(province)
    assert updates.installed_updates(province) == []


def test_an_entry_can_be_taken_out_before_it_is_signed(open_window, province):
    window = open_window(province)
    window.go("settings")
    window.page.findChild(QPushButton, "settings.enter_deadlines").click()
    dialog = window.page.findChild(RuleEntryDialog)
    dialog.target.setFocus()
    order = []
    for _step in dialog.inputs:
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        order.append(dialog.focusWidget())
    assert order == [*dialog.inputs.values()], "Tab goes through the fields, then to the buttons"
    _fill(dialog, document="TT 66/2026/TT-BCT", first="1/1/2027", month="4", day="10")
    assert dialog.add()
    assert dialog.entered.count() == 1
    assert dialog.inputs["document"].text() == "TT 66/2026/TT-BCT", "source and days stay for the next entry"
    dialog.entered.setCurrentRow(0)
    dialog.remove_button.click()
    assert dialog.entered.count() == 0
