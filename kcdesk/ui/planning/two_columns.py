"""Two parts side by side where there is room for both, else one below the other."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import SECTION_GAP

_LEAST = 960  # pixels of normal letters for two columns


class TwoColumns(QWidget):
    """Holds two widgets; each gets half of the width, or all of it."""

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SECTION_GAP)
        self._parts = (left, right)
        for part in self._parts:
            self._box.addWidget(part, 1)

    @property
    def are_beside(self) -> bool:
        """Return whether the two stand side by side now."""
        return self._box.direction() == QBoxLayout.Direction.LeftToRight

    def minimumSizeHint(self) -> QSize:
        """Return the width of the wider part: the other one can go below."""
        widths = [max(part.minimumSizeHint().width(), part.minimumWidth()) for part in self._parts]
        return QSize(max(widths), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the direction by the width."""
        super().resizeEvent(event)
        wide = event.size().width() >= scaled(_LEAST)
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if direction != self._box.direction():
            self._box.setDirection(direction)
