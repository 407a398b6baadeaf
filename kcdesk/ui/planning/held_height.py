"""The height of a part whose content comes late: kept, so that nothing below it moves under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from kcdesk.settings import Settings
from kcdesk.ui.shell.kept_views import keep_view, kept_view
from kcdesk.ui.toolkit.qt import soon

_MOST = 4000  # pixels: more was not written by this class


class HeldHeight(QObject):
    """Gives a part at least the height that it had last in a window of the same width, until all has come."""

    def __init__(self, part: QWidget, settings: Settings, name: str) -> None:
        super().__init__(part)
        self._part, self._settings, self._name = part, settings, f"{name}.height"

    def hold(self) -> None:
        """Take the height of the last time; a first time takes what the part needs now."""
        kept = kept_view(self._settings, self._name).get(str(self._part.window().width()))
        if isinstance(kept, int) and 0 < kept < _MOST:
            self._part.setMinimumHeight(kept)

    def release(self) -> None:
        """Take what the part needs, and keep that for the next time."""
        self._part.setMinimumHeight(0)
        soon(self, self._keep)  # when it is laid out

    def _keep(self) -> None:
        if self._part.isVisible():
            keep_view(self._settings, self._name, {str(self._part.window().width()): self._part.height()})
