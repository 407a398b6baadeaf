"""Word files of the office in the window: faults are listed, a good file is taken in, placeholders are copied."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPushButton

from kcdesk.services.papers import printing
from kcdesk.ui.papers.placeholder_dialog import PlaceholderDialog
from kcdesk.ui.papers.word_form_dialog import WordFormDialog
from kcdesk.ui.shell.progress_line import ProgressLine
from tests.services.papers.own_forms.word_files import made_of


@pytest.fixture
def dialog(qtbot, context, monkeypatch):
    """The window of Word files of the minutes, on a machine without LibreOffice."""
    monkeypatch.setenv("PATH", "")
    dialog = WordFormDialog(context, "minutes_5a")
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    dialog.close()


def press(dialog, name):
    button = dialog.findChild(QPushButton, name)
    assert button.isEnabled()
    button.click()


def test_faults_are_listed_and_a_good_file_is_taken_in(dialog, context, messages, tmp_path):
    bad, good = tmp_path / "hỏng.docx", tmp_path / "Biên bản của Trung tâm.docx"
    bad.write_bytes(made_of("{{ nghiem_thu.ket_luann }}", "{% if x %}"))
    good.write_bytes(made_of("{{ nghiem_thu.ket_luan }}"))
    messages.files.extend([bad, good])
    take = dialog.findChild(QPushButton, "word_form.take")
    press(dialog, "word_form.choose")
    faults, note = dialog.findChild(QListWidget, "word_form.faults"), dialog.findChild(QLabel, "word_form.note")
    assert [faults.item(row).text()[:6] for row in range(faults.count())] == ["Đoạn 1", "Đoạn 2"]
    assert "«{{ nghiem_thu.ket_luan }}»" in faults.item(0).text()
    assert (take.isEnabled(), note.text()) == (False, "hỏng.docx có 2 chỗ phải sửa trong Word; chưa nhận.")
    press(dialog, "word_form.choose")
    assert note.text().startswith("Biên bản của Trung tâm.docx dùng được, 1 chỗ điền.")
    press(dialog, "word_form.take")
    papers = {paper.name: paper for paper in printing.papers(context.workspace, "acceptance")}
    assert papers["minutes_5a"].own.startswith("Theo mẫu Word của đơn vị, bản 1")
    assert dialog.choices.currentText().endswith("Biên bản của Trung tâm")
    dialog.choices.setCurrentIndex(dialog.choices.count() - 1)
    dialog.choices.activated.emit(dialog.choices.currentIndex())
    papers = {paper.name: paper for paper in printing.papers(context.workspace, "acceptance")}
    assert papers["minutes_5a"].own == ""


@pytest.mark.skipif(os.name == "nt", reason="a script stands in for a slow LibreOffice")
def test_no_other_file_is_chosen_while_a_sample_is_made(qtbot, context, messages, tmp_path, monkeypatch):
    slow, good = tmp_path / "soffice", tmp_path / "Biên bản.docx"
    slow.write_text("#!/bin/sh\nexec /bin/sleep 20\n", encoding="utf-8")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    good.write_bytes(made_of("{{ nghiem_thu.ket_luan }}"))
    messages.files.append(good)
    dialog = WordFormDialog(context, "minutes_5a")
    qtbot.addWidget(dialog)
    dialog.show()
    press(dialog, "word_form.choose")
    (choose,) = dialog.findChildren(QPushButton, "word_form.choose")
    assert not choose.isEnabled()
    qtbot.mouseClick(dialog.findChild(ProgressLine).button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(choose.isEnabled)
    dialog.close()


def test_a_placeholder_is_searched_without_accents_and_copied_by_enter(qtbot, context):
    dialog = PlaceholderDialog(context, "minutes_5a")
    qtbot.addWidget(dialog)
    dialog.show()
    search = dialog.findChild(QLineEdit, "placeholders.search")
    qtbot.keyClicks(search, "de an ten de an")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "{{ de_an.ten }}"
    assert dialog.findChild(QLabel, "placeholders.note").text().startswith("Đã chép {{ de_an.ten }}")
    search.setText("Kết luận")
    assert {line.key for line in dialog.table.lines_model.lines} >= {"nghiem_thu.ket_luan"}
