"""The pages of a paper one below the other; only pages near the visible part are drawn and kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from kcdesk.ui.toolkit.theme import GROUP_GAP

_NEAR = 1  # pages above and below the visible ones


class PaperPages(QScrollArea):
    """Sheets on a grey background; memory use does not depend on the number of pages.

    `page_changed`: another page, from 1, came to the top.
    """

    page_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("preview.pages")
        self.setWidgetResizable(True)
        self.setAccessibleName("Các trang của văn bản")
        self._sheets: list[QLabel] = []
        self._picture: Callable[[int], bytes] = lambda _page: b""
        self.verticalScrollBar().valueChanged.connect(lambda _place: self.page_changed.emit(self.page()))
        self.verticalScrollBar().valueChanged.connect(self._draw_near)
        self.verticalScrollBar().rangeChanged.connect(self._draw_near)

    def show_pages(self, count: int, size: QSize, picture: Callable[[int], bytes]) -> None:
        """Show `count` pages of one size in pixels, each a PNG from `picture`, and keep the scroll position."""
        place = self.verticalScrollBar().value()
        self._picture = picture
        self._sheets = [_sheet(size) for _ in range(count)]
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setSpacing(GROUP_GAP)
        for sheet in self._sheets:
            column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setWidget(ground)
        column.activate()
        self.verticalScrollBar().setValue(place)
        self._draw_near()

    def page(self) -> int:
        """Return the page at the top, from 1; the next one once only its lower third is left of the first."""
        if not self._sheets:
            return 1
        height = self._sheets[0].height() + GROUP_GAP
        return min(len(self._sheets), (self.verticalScrollBar().value() + height // 3) // height + 1)

    def go_to(self, page: int) -> None:
        """Bring a page, from 1, to the top."""
        if 1 <= page <= len(self._sheets):
            self.verticalScrollBar().setValue((page - 1) * (self._sheets[0].height() + GROUP_GAP))
            self.page_changed.emit(self.page())

    def clear(self) -> None:
        """Show nothing while another paper is being made."""
        self._sheets = []
        self.setWidget(QWidget())

    def drawn(self) -> list[int]:
        """Return the pages (from 0) kept as pictures."""
        return [page for page, sheet in enumerate(self._sheets) if not sheet.pixmap().isNull()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw pages that become visible."""
        super().resizeEvent(event)
        self._draw_near()

    def _draw_near(self) -> None:
        near = self._near()
        for page, sheet in enumerate(self._sheets):
            if page not in near:
                sheet.setPixmap(QPixmap())
            elif sheet.pixmap().isNull():
                sheet.setPixmap(QPixmap.fromImage(QImage.fromData(self._picture(page))))

    def _near(self) -> range:
        """Return the visible pages and their neighbours."""
        if not self._sheets:
            return range(0)
        step = self._sheets[0].height() + GROUP_GAP
        top = self.verticalScrollBar().value()
        return range(top // step - _NEAR, (top + self.viewport().height()) // step + _NEAR + 1)


def _sheet(size: QSize) -> QLabel:
    sheet = QLabel()
    sheet.setFixedSize(size)
    sheet.setStyleSheet("background: white")
    return sheet
