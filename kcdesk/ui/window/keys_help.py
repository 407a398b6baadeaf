"""The list of keys (Shift+F1), generated from the actions themselves."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_IN_LISTS = (("Enter", "Mở hồ sơ đang chọn"), ("Delete", "Xoá hồ sơ đang chọn"), ("Esc", "Đóng thông báo, bỏ chọn"))
_ROWS = 12  # lines per column


class KeysHelp(Dialog):
    """A small window that may stay open during work."""

    help_topic = "keys"

    def __init__(self, parent: QWidget, actions: Iterable[QAction]) -> None:
        super().__init__(parent)
        self.setObjectName("keys_help")
        self.setWindowTitle("Phím tắt")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        with_keys = [action for action in actions if not action.shortcut().isEmpty()]
        lines = [(shown_keys(action.shortcut()), _plain(action.text())) for action in with_keys]
        grid = QGridLayout()
        grid.setHorizontalSpacing(GROUP_GAP)
        grid.setVerticalSpacing(FIELD_GAP)
        for place, (keys, text) in enumerate((*lines, *_IN_LISTS)):
            column = 2 * (place // _ROWS)
            grid.addWidget(labelled(keys, "strong"), place % _ROWS, column)
            grid.addWidget(labelled(text), place % _ROWS, column + 1)
        close = QPushButton("Đóng")
        close.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
        layout.addLayout(grid)
        layout.addSpacing(GROUP_GAP)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)


def _plain(text: str) -> str:
    """Return the label of an action without the undo description, the dots and the mnemonic."""
    return text.split("\t")[0].split(":")[0].rstrip("…")


def shown_keys(keys: QKeySequence) -> str:
    """Return the keys as they stand on a keyboard: «Ctrl+Shift+Enter», «Alt+←»."""
    names = {"Return": "Enter", "Left": "←", "Del": "Delete", "PgUp": "PageUp", "PgDown": "PageDown"}
    text = keys.toString(QKeySequence.SequenceFormat.PortableText)
    return "+".join(names.get(part, part) for part in text.split("+"))
