"""A button as wide as there is room for, whose text is cut to that width."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from kcdesk.ui.toolkit.fitting.broken_lines import cut_line
from kcdesk.ui.toolkit.sizes import scaled


class CutButton(QPushButton):
    """A button that shows the beginning of its text, as much as there is room for; its tool tip should show it all."""

    def __init__(self, text: str, *, least: int = 120) -> None:
        super().__init__(text)
        self._text, self._least = text, least
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the whole text."""
        hint = super().sizeHint()
        metrics = self.fontMetrics()
        hint.setWidth(hint.width() + metrics.horizontalAdvance(self._text) - metrics.horizontalAdvance(self.text()))
        return hint

    def minimumSizeHint(self) -> QSize:
        """Return a size that still shows some words."""
        return QSize(min(scaled(self._least), self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text to the new width."""
        super().resizeEvent(event)
        around = self.sizeHint().width() - self.fontMetrics().horizontalAdvance(self._text)
        self.setText(cut_line(self._text, self.fontMetrics(), self.width() - around))
