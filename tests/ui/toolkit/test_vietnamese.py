"""What Qt itself shows is Vietnamese: dialogs, menus of text boxes, keys, months; where file dialogs begin."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QAbstractButton,
    QColorDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QSpinBox,
    QTextBrowser,
    QWidget,
)

from kcdesk import paths
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.toolkit.qt import application

FOLDER = paths.resources() / "translations"
SOURCE = ElementTree.parse(FOLDER / "qtbase_vi.ts").getroot()
MESSAGES = [
    (context.findtext("name") or "", message.findtext("source") or "", message.findtext("translation") or "")
    for context in SOURCE.iter("context")
    for message in context.iter("message")
]
# Words of English that Qt's dialogs use; a text of ours has none of them.
ENGLISH = re.compile(
    r"\b(the|file|files|folder|directory|open|save|cancel|close|copy|cut|paste|delete|undo|redo|select|all|print|page"
    r"|pages|printer|look|name|type|size|date|back|forward|parent|yes|no|help|apply|color|paper|margins|options|new"
    r"|rename|show|view|hidden|range|current|custom|basic|red|green|blue|step)\b",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def spoken(qapp):
    assert qapp is application()


def english(widget: QWidget) -> list[str]:
    """The English texts of a dialog: labels, buttons, groups, actions, tool tips."""
    parts = [widget, *widget.findChildren(QWidget)]
    texts = [part.text() for part in parts if isinstance(part, QLabel | QAbstractButton)]
    texts += [part.property("title") or "" for part in parts] + [part.toolTip() for part in parts]
    texts += [part.accessibleName() for part in parts]
    texts += [action.text() for action in widget.findChildren(QAction)]
    return sorted({text for text in texts if text and ENGLISH.search(text.replace("&", ""))})


def test_the_compiled_translation_says_what_the_readable_one_says():
    compiled = QTranslator()
    assert compiled.load("qtbase_vi", str(FOLDER))
    assert len(MESSAGES) > 600
    assert [entry for entry in MESSAGES if compiled.translate(*entry[:2]) != entry[2]] == []


def test_every_translation_keeps_the_places_of_values_and_one_mark_of_a_key():
    for context, source, translation in MESSAGES:
        assert translation.strip(), (context, source)
        assert set(re.findall(r"%\d", source)) == set(re.findall(r"%\d", translation)), source
        if context not in ("QPrintDialog", "QWizard"):  # «&Options <<» and the like
            assert translation.count("&") <= source.count("&"), source


def test_the_dialogs_of_qt_are_vietnamese(qtbot):
    printer = QPrinter()  # the dialog does not own it
    dialogs = {
        "open": QFileDialog(None, "Chọn gói", "", "Mọi tệp (*)"),
        "save": QFileDialog(None, "Lưu gói", "", "Mọi tệp (*)"),
        "colour": QColorDialog(),
        "print": QPrintDialog(printer),
    }
    dialogs["save"].setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    for name, dialog in dialogs.items():
        qtbot.addWidget(dialog)
        if isinstance(dialog, QFileDialog):
            dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.show()
        assert english(dialog) == [], name
    buttons = QMessageBox(QMessageBox.Icon.Warning, "Báo", "Có lỗi", QMessageBox.StandardButton(0x0FFFFC00))
    qtbot.addWidget(buttons)
    assert len(buttons.buttons()) > 15
    assert english(buttons) == []


def test_the_menus_of_text_boxes_and_their_keys_are_vietnamese(qtbot):
    spin, browser = QSpinBox(), QTextBrowser()
    for box in (QLineEdit("chữ"), QPlainTextEdit("chữ"), browser):
        qtbot.addWidget(box)
        menu = box.createStandardContextMenu()
        texts = [action.text() for action in menu.actions() if action.text()]
        assert any("Chép" in text.replace("&", "") for text in texts)
        assert [text for text in texts if ENGLISH.search(text.replace("&", ""))] == []
        menu.deleteLater()
    qtbot.addWidget(spin)
    assert english(spin) == []


def test_keys_are_named_as_on_a_keyboard_and_read_back_as_they_were():
    native = QKeySequence.SequenceFormat.NativeText
    shown = {keys: QKeySequence(keys).toString(native) for keys in ("Del", "Ctrl+PgUp", "Alt+Left", "Ctrl+Enter")}
    assert shown == {"Del": "Delete", "Ctrl+PgUp": "Ctrl+PageUp", "Alt+Left": "Alt+←", "Ctrl+Enter": "Ctrl+Enter"}
    assert QKeySequence("Ctrl+Return") != QKeySequence("Ctrl+Enter")


def test_months_and_days_are_vietnamese():
    assert QLocale().language() == QLocale.Language.Vietnamese


# -- where the file dialogs begin ------------------------------------------------------------------------------------


@pytest.fixture
def picked(monkeypatch):
    """Answers Qt's file dialogs with a path and notes the folder in which each begins."""
    began: list[Path] = []
    answers: list[Path | None] = []

    def answer(_window, _title, start, *_filters):
        began.append(Path(start))
        path = answers.pop(0)
        return str(path) if path else ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *asked: (answer(*asked), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *asked: (answer(*asked), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *asked: ([answer(*asked)], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", answer)
    return began, answers


def test_each_purpose_has_its_own_folder_and_none_begins_in_the_working_directory(picked, tmp_path, monkeypatch):
    began, answers = picked
    work, packages, photos, stick = (tmp_path / name for name in ("work", "goi", "anh", "the"))
    for folder in (work, packages, photos, stick):
        folder.mkdir()
    monkeypatch.chdir(work)
    kept: dict[str, str] = {}
    messages = Messages(kept)
    answers += [None, packages / "g.xlsx", photos / "a.jpg", stick, None]
    for _ in range(2):
        messages.save_file("Lưu", "g.xlsx", "Mọi tệp (*)", purpose="packages")
    messages.open_files("Ảnh", "Mọi tệp (*)", purpose="photos")
    messages.choose_folder("Nơi sao lưu", purpose="backups")
    messages.open_file("Văn bản", "Mọi tệp (*)", purpose="papers")
    assert kept == {"packages": str(packages), "photos": str(photos), "backups": str(stick)}
    assert not {Path(), work} & {*began, *(start.parent for start in began)}
    assert all(start.is_absolute() for start in began)
    later, seen = Messages(kept), len(began)
    answers += [None, None, None]
    later.open_file("Mở", "Mọi tệp (*)", purpose="packages")
    later.open_file("Ảnh", "Mọi tệp (*)", purpose="photos")
    packages.rmdir()  # the stick is gone
    later.open_file("Mở", "Mọi tệp (*)", purpose="packages")
    assert began[seen : seen + 2] == [packages, photos]
    assert began[-1] not in (packages, work)
    assert began[-1].is_dir()
