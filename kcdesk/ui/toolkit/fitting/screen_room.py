"""The room of a screen for one window."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

_FRAME = QSize(2, 40)  # title bar and borders, which cannot be measured before the window is shown


def room_on_screen(window: QWidget) -> QSize:
    """Return the largest size of a window, without its frame, on the screen where it is."""
    return window.screen().availableGeometry().size() - _FRAME
