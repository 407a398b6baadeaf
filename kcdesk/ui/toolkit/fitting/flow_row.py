"""A row of widgets that goes on in further lines where it is too narrow for all of them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_ENDLESS = 16_777_215  # pixels: QWIDGETSIZE_MAX


class FlowRow(QLayout):
    """Lines of widgets, as long as there is room.

    Those given to `add_right` stand at the right edge, if there is room for all in one line.
    """

    def __init__(self, gap: int = 8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._right: set[QWidget] = set()
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(gap)

    def add_right(self, widget: QWidget) -> None:
        """Add a widget at the right edge."""
        self._right.add(widget)
        self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item over; Qt calls this."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, None beyond the last one."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item back."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Want no more room than the widgets need."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Need more lines where it is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        lines = self._lines(width)
        return sum(max(hint.height() for _item, hint in line) for line in lines) + self.spacing() * (len(lines) - 1)

    def sizeHint(self) -> QSize:
        """Return the size of one line with everything."""
        hints = [hint for line in self._lines(_ENDLESS) for _item, hint in line]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        """Return the size of the largest widget."""
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(*(max((size.width(), size.height())[place] for size in sizes) if sizes else 0 for place in (0, 1)))

    def setGeometry(self, rect: QRect) -> None:
        """Place the widgets line by line, each in the middle of its line."""
        super().setGeometry(rect)
        lines, top = self._lines(rect.width()), rect.top()
        for line in lines:
            height = max(hint.height() for _item, hint in line)
            free = rect.width() - sum(hint.width() for _item, hint in line) - self.spacing() * (len(line) - 1)
            left, pushed = rect.left(), len(lines) > 1
            for item, hint in line:
                if not pushed and item.widget() in self._right:
                    left, pushed = left + max(0, free), True
                item.setGeometry(QRect(QPoint(left, top + (height - hint.height()) // 2), hint))
                left += hint.width() + self.spacing()
            top += height + self.spacing()

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """Return the items that are shown with their sizes, line by line."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        left = 0
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint().boundedTo(QSize(width, _ENDLESS)).expandedTo(item.minimumSize())
            if not lines or left + hint.width() > width:
                lines.append([])
                left = 0
            lines[-1].append((item, hint))
            left += hint.width() + self.spacing()
        return lines
