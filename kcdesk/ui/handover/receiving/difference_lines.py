"""The amounts of «Cần xem»: where receipt, approval and contracts do not say the same, each with its dossier."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.services.proposals.support_differences import SupportDifference
from kcdesk.ui.toolkit.qt import empty
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_SHOWN = 6


class DifferenceLines(QWidget):
    """A line for each difference; `chosen` carries the id of the dossier to open."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(FIELD_GAP // 2)

    def show_differences(self, differences: Sequence[SupportDifference]) -> None:
        """Replace the lines; hidden when there is none."""
        empty(self._column)
        self.setVisible(bool(differences))
        if differences:
            self._column.addWidget(labelled(f"Lệch số tiền: {len(differences)}", "section"))
        for number, difference in enumerate(differences[:_SHOWN]):
            self._column.addWidget(self._line(number, difference))
        if len(differences) > _SHOWN:
            more = f"… và {len(differences) - _SHOWN} chỗ khác; sửa xong một chỗ thì chỗ sau hiện ra."
            self._column.addWidget(labelled(more, "muted", wrap=True))

    def _line(self, number: int, difference: SupportDifference) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GROUP_GAP)
        row.addWidget(labelled(f"{difference.title}: {difference.text}", "strong", "wrong", wrap=True), 1)
        button = QPushButton("Mở để sửa")
        button.setObjectName(f"difference.{number}")
        button.setAccessibleName(f"Mở để sửa: {difference.title}")
        button.clicked.connect(lambda: self.chosen.emit(difference.record))
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return line
