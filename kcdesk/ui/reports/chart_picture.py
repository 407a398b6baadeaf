"""A chart of a report as a picture: as wide as there is room, never larger than it was drawn."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from kcdesk.services.reporting.report_answer import CHART_SCALE
from kcdesk.ui.toolkit.sizes import scaled

_PADDING = 8  # pixels of paper around the drawing


def pixels_of_a_point() -> float:
    """Return how many pixels of the screen a point of a chart takes with the present letters."""
    return scaled(400) / 300


class ChartPicture(QWidget):
    """Shows a PNG picture on white paper, in every theme: it is what the printed report shows."""

    def __init__(self, png: bytes, words: str) -> None:
        super().__init__()
        self._picture = QPixmap()
        self._picture.loadFromData(png)
        self.setAccessibleName(f"Biểu đồ: {words}")
        self.setToolTip("Chuột phải: chép hình")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda point: self.menu().popup(self.mapToGlobal(point)))

    def menu(self) -> QMenu:
        """Return the menu of the picture."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Chép hình", self.copy)
        return menu

    def copy(self) -> None:
        """Copy the picture, sharp enough for a paper."""
        QGuiApplication.clipboard().setPixmap(self._picture)

    def heightForWidth(self, width: int) -> int:
        """Return the height of the paper at a width."""
        return self._drawn(width).height() + 2 * _PADDING

    def sizeHint(self) -> QSize:
        """Return the size at which it was drawn."""
        return self._drawn(self._natural().width() + 2 * _PADDING) + QSize(2 * _PADDING, 2 * _PADDING)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw white paper with the picture."""
        size = self._drawn(self.width())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.fillRect(QRect(0, 0, size.width() + 2 * _PADDING, self.height()), Qt.GlobalColor.white)
            painter.drawPixmap(QRect(_PADDING, _PADDING, size.width(), size.height()), self._picture)
        super().paintEvent(event)

    def _natural(self) -> QSize:
        """The size in pixels of the screen, which follows the letters."""
        return self._picture.size() * (pixels_of_a_point() / CHART_SCALE)

    def _drawn(self, width: int) -> QSize:
        natural = self._natural()
        room = max(width - 2 * _PADDING, 1)
        return natural if natural.width() <= room else natural.scaled(room, 10_000, Qt.AspectRatioMode.KeepAspectRatio)
