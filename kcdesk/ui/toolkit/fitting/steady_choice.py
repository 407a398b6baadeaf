"""A list of choices on a page that scrolls."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class SteadyChoice(QComboBox):
    """A list of choices that the wheel does not change: it scrolls the page, and nothing is chosen by accident."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()
