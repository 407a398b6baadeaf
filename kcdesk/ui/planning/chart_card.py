"""A chart of the overview as a picture on white paper, as it would be printed."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from kcdesk.ui.toolkit.sizes import scaled

_PADDING = 6  # pixels of paper around the drawing
_SHARPNESS = 2  # pixels of the picture for each point
_PIXELS, _POINTS = 400, 350  # of the screen for as many points of the drawing, with normal letters


class ChartCard(QWidget):
    """The picture as large as its letters should be, smaller where there is less room."""

    def __init__(self, words: str, png: bytes) -> None:
        super().__init__()
        self._picture = QPixmap()
        self._picture.loadFromData(png)
        self.setAccessibleName(f"Biểu đồ: {words}")
        self.setToolTip(words.replace("; ", "\n"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        """Return the height of the paper at a width."""
        return self._drawn(width).height() + 2 * _PADDING

    def sizeHint(self) -> QSize:
        """Return the size with letters like those of the page."""
        return self._natural() + QSize(2 * _PADDING, 2 * _PADDING)

    def minimumSizeHint(self) -> QSize:
        """Return a size at which the figures can still be read."""
        return QSize(self._natural().width() * 2 // 3, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw white paper with the picture."""
        size = self._drawn(self.width())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.fillRect(QRect(0, 0, size.width() + 2 * _PADDING, self.height()), Qt.GlobalColor.white)
            painter.drawPixmap(QRect(_PADDING, _PADDING, size.width(), size.height()), self._picture)
        super().paintEvent(event)

    def _natural(self) -> QSize:
        return self._picture.size() * (scaled(_PIXELS) / _POINTS / _SHARPNESS)

    def _drawn(self, width: int) -> QSize:
        natural, room = self._natural(), max(width - 2 * _PADDING, 1)
        return natural if natural.width() <= room else natural.scaled(room, 10_000, Qt.AspectRatioMode.KeepAspectRatio)
