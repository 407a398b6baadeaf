"""A list of sentences: every line is as high as its words, however wide the list is."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kcdesk.ui.toolkit.qt import Index

_TALL = 10_000  # pixels; higher than any sentence


class WrappedList(QListWidget):
    """Words are wrapped, never cut; laid out anew when the width changes."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Wrapped(self))


class _Wrapped(QStyledItemDelegate):
    """Qt forgets the padding of the style sheet when it wraps: the last words would be cut."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the list, as high as the words in what the padding leaves."""
        view = self._view
        self.initStyleOption(option, index)
        option.rect = QRect(0, 0, view.viewport().width() - 2 * view.spacing(), _TALL)
        area = view.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, view)
        margin = view.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, view) + 1
        words = option.fontMetrics.boundingRect(
            QRect(0, 0, area.width() - 2 * margin, _TALL), Qt.TextFlag.TextWordWrap, option.text
        )
        return QSize(option.rect.width(), words.height() + 2)
