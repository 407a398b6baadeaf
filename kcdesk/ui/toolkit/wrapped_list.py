"""A list of sentences; each line is as high as its wrapped text."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kcdesk.ui.toolkit.qt import Index

_TALL = 10_000  # pixels; higher than any sentence


class WrappedList(QListWidget):
    """A list that wraps its texts and never cuts them; laid out again when the width changes."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Wrapped(self))

    def keep_lines(self, count: int) -> None:
        """Have this many lines: those that stay are kept, with the place of the list."""
        while self.count() > count:
            self.takeItem(self.count() - 1)
        while self.count() < count:
            self.addItem(QListWidgetItem())


class _Wrapped(QStyledItemDelegate):
    """Measures items with the padding of the style sheet; Qt ignores it when wrapping and would cut the last words."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the list's width and the height of the text wrapped within the padding."""
        view = self._view
        self.initStyleOption(option, index)
        option.rect = QRect(0, 0, view.viewport().width() - 2 * view.spacing(), _TALL)
        area = view.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, view)
        margin = view.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, view) + 1
        words = option.fontMetrics.boundingRect(
            QRect(0, 0, area.width() - 2 * margin, _TALL), Qt.TextFlag.TextWordWrap, option.text
        )
        return QSize(option.rect.width(), words.height() + 2)
