"""A page that scrolls up and down when it is higher than the window; its texts have all the lines that they need."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kcdesk.ui.toolkit.fitting.up_down_scroll import UpDownScroll


class PageScroll(UpDownScroll):
    """Shows the widgets of its `column`, as wide as itself."""

    def __init__(self) -> None:
        super().__init__()
        self._content = content = QWidget()
        self.column = QVBoxLayout(content)
        self.setWidget(content)
        content.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the content as high as its lines need at this width: Qt asks only for the least height of any width."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._content.setMinimumHeight(self.column.minimumHeightForWidth(self.viewport().width()))
        return super().eventFilter(watched, event)
