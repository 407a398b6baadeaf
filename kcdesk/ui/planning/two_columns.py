"""Two parts side by side where there is room for both, else one below the other.

What comes late into them must not move what stands below: until then they keep the height of the last time.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from kcdesk.settings import Settings
from kcdesk.ui.shell.kept_views import keep_view, kept_view
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import SECTION_GAP

_LEAST = 960  # pixels of normal letters for two columns
_MOST = 4000  # pixels: a height that was edited by hand
_KEPT = "columns.height"


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

    def hold_height(self, settings: Settings) -> None:
        """Take the height of the last time in a window of this width; a first time takes what the parts need now."""
        kept = kept_view(settings, _KEPT).get(str(self.window().width()))
        if isinstance(kept, int) and 0 < kept < _MOST:
            self.setMinimumHeight(kept)

    def release_height(self, settings: Settings) -> None:
        """Take what the parts need, now that everything has come, and keep that for the next time."""
        self.setMinimumHeight(0)
        QTimer.singleShot(0, self, lambda: self._keep_height(settings))

    def _keep_height(self, settings: Settings) -> None:
        if self.isVisible():
            keep_view(settings, _KEPT, {str(self.window().width()): self.height()})

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
