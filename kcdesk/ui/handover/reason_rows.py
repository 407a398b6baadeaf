"""The reasons for a return: each line a field and a sentence."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from kcdesk.ui.toolkit.fitting.searching_choice import SearchingChoice
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

_WHOLE = "(cả hồ sơ)"


class ReasonRows(QWidget):
    """The reasons for a return: each line a field and a sentence; `changed` is emitted while typing."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._fields: tuple[tuple[str, str], ...] = ()
        self._rows: list[tuple[QWidget, QComboBox, QLineEdit]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(FIELD_GAP // 2)
        self._column.addWidget(labelled("Lý do, theo từng mục"))
        self._more = QPushButton("Thêm lý do")
        self._more.setObjectName("decision.more_reasons")
        self._more.setProperty("role", "quiet")
        self._more.clicked.connect(lambda: self._add("", "").setFocus())
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_reasons(self, fields: tuple[tuple[str, str], ...], reasons: tuple[tuple[str, str], ...]) -> None:
        """Show the reasons; an empty line when there is none."""
        self._fields = fields
        for row, _, _ in self._rows:
            _forget(row)
        self._rows = []
        for path, sentence in reasons or (("", ""),):
            self._add(path, sentence)

    def reasons(self) -> tuple[tuple[str, str], ...]:
        """Return the reasons as (path, sentence), without empty lines."""
        rows = ((box.currentData(), line.text().strip()) for _, box, line in self._rows)
        return tuple((path, sentence) for path, sentence in rows if sentence)

    def inputs(self) -> list[QLineEdit]:
        """The inputs of the sentences."""
        return [line for _, _, line in self._rows]

    def _add(self, path: str, sentence: str) -> QComboBox:
        number = len(self._rows) + 1
        box = SearchingChoice()
        box.setObjectName(f"decision.field.{number}")
        box.setAccessibleName("Mục bị trả lại")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        for name, label in (("", _WHOLE), *self._fields):
            box.offer(label, name)
        box.setCurrentIndex(max(0, box.findData(path)))
        line = QLineEdit(sentence)
        line.setObjectName(f"decision.reason.{number}")
        line.setPlaceholderText("Thiếu gì, cần sửa thế nào")
        line.setAccessibleName("Lý do bị trả lại")
        drop = QToolButton()
        drop.setToolTip("Bỏ lý do này")
        drop.setAccessibleName("Bỏ lý do này")
        set_icon(drop, "x")
        row = QWidget()
        inside = QVBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, FIELD_GAP)
        inside.setSpacing(FIELD_GAP // 2)
        upper = QHBoxLayout()
        upper.addWidget(box, 1)
        upper.addWidget(drop)
        inside.addLayout(upper)
        inside.addWidget(line)
        box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        line.textEdited.connect(lambda _text: self.changed.emit())
        entry = (row, box, line)
        drop.clicked.connect(lambda: self._drop(entry))
        self._rows.append(entry)
        self._column.insertWidget(self._column.count() - 1, row)
        for before, after in pairwise((self._more, box, line, drop, self._more)):  # Tab goes on as the eye does
            QWidget.setTabOrder(before, after)
        return box

    def _drop(self, entry: tuple[QWidget, QComboBox, QLineEdit]) -> None:
        place = self._rows.index(entry)
        self._rows.remove(entry)
        if not self._rows:
            self._add("", "")
        self._rows[min(place, len(self._rows) - 1)][2].setFocus()  # else the keyboard would leave the page
        _forget(entry[0])
        self.changed.emit()


def _forget(row: QWidget) -> None:
    """Remove a row at once; its button may be handling a click, so it is deleted later."""
    row.hide()
    row.setParent(None)
    row.deleteLater()
