"""The size of the main window: as it was left, never larger than the screen."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QMainWindow

from kcdesk.settings import Settings
from kcdesk.ui.toolkit.fitting.screen_room import room_on_screen

SMALLEST = (1024, 680)
FIRST_SIZE = (1366, 728)


def smallest(window: QMainWindow) -> QSize:
    """Return the smallest size that shows everything, or the screen: 1366×768 at 150 % is smaller."""
    return QSize(*SMALLEST).boundedTo(room_on_screen(window))


def restore(window: QMainWindow, kept: str) -> None:
    """Give the window the geometry of the last session; without one, its first size."""
    if not kept or not window.restoreGeometry(QByteArray.fromBase64(kept.encode())):
        window.resize(QSize(*FIRST_SIZE).boundedTo(room_on_screen(window)))


def keep_geometry(window: QMainWindow, settings: Settings) -> None:
    """Keep the geometry for the next session."""
    settings.geometry = window.saveGeometry().toBase64().toStdString()
