"""«Chuẩn bị đi nghiệm thu»: what is still missing for a visit; each line leads to its place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from kcdesk.errors import Problem
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled, set_tone
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_SIZE = (520, 400)
_FIELD = Qt.ItemDataRole.UserRole
READY = "Đã đủ mọi thứ để đi: hồ sơ, tệp kèm theo và mẫu giấy đều có trong máy."
_LACKING = "Còn {count} điểm nên có trước khi đi. Chọn một dòng để đến chỗ đó."


class ReadyDialog(Dialog):
    """After `exec`, `wanted` is the field to go to, and `wants_paper` tells whether to show the papers."""

    help_topic = "field_mode"

    def __init__(self, problems: Sequence[Problem], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wanted = ""
        self.wants_paper = False
        self.setWindowTitle("Chuẩn bị đi nghiệm thu")
        self.begin_size(*_SIZE)
        self.summary = labelled(_LACKING.format(count=len(problems)) if problems else READY, "strong", wrap=True)
        set_tone(self.summary, "waiting" if problems else "good")
        self.lines = WrappedList()
        self.lines.setParent(self)
        self.lines.setSpacing(FIELD_GAP // 2)
        self.lines.setAccessibleName("Những gì còn thiếu")
        for problem in problems:
            item = QListWidgetItem(problem.message)
            item.setData(_FIELD, problem.field)
            self.lines.addItem(item)
        self.lines.setVisible(bool(problems))
        self.lines.itemActivated.connect(self._go)
        self.lines.itemClicked.connect(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(self.summary)
        column.addWidget(self.lines, 1)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        papers = QPushButton("Xem và in giấy mang theo…")
        papers.setObjectName("ready.papers")
        papers.setAutoDefault(False)
        papers.clicked.connect(self._take_papers)
        close = QPushButton("Xong")
        close.setProperty("role", "main")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        line = QHBoxLayout()
        line.addWidget(papers)
        line.addStretch(1)
        line.addWidget(close)
        return line

    def _go(self, item: QListWidgetItem) -> None:
        self.wanted = item.data(_FIELD)
        self.accept()

    def _take_papers(self) -> None:
        self.wants_paper = True
        self.accept()
