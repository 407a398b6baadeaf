"""A row of widgets that goes on in further lines where it is too narrow for all of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_HIDDEN_BY_HAND = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
_Line = list[tuple[QWidget, QSize]]


class FlowRow(QWidget):
    """Lines of widgets, as long as there is room; no layout of Qt's, so that Python need not own parts of one.

    Those given to `add_right` stand at the right edge, if there is room for all in one line.
    """

    def __init__(self, gap: int = 8) -> None:
        super().__init__()
        self._gap = gap
        self._parts: list[QWidget] = []
        self._right: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Add a widget at the end."""
        self._parts.append(widget)
        widget.setParent(self)
        if not widget.testAttribute(_HIDDEN_BY_HAND):
            widget.show()
        self.updateGeometry()

    def add_right(self, widget: QWidget) -> None:
        """Add a widget at the right edge."""
        self._right.append(widget)
        self.add(widget)

    def clear(self) -> None:
        """Remove all widgets."""
        for widget in self._parts:
            widget.hide()
            widget.deleteLater()
        self._parts.clear()
        self._right.clear()

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        lines = self._lines(width)
        return sum(_height(line) for line in lines) + self._gap * max(0, len(lines) - 1)

    def sizeHint(self) -> QSize:
        """Return the size of everything in one line."""
        sizes = [_hint(part) for part in self._shown()]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:
        """Return the size of the widest and highest widget; a narrow row is higher (`heightForWidth`)."""
        width = max((part.minimumSizeHint().width() for part in self._shown()), default=0)
        return QSize(width, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Place the widgets again when one of them has changed its size, has come or gone."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the widgets in the new width."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Place the widgets line by line, each in the middle of its line."""
        lines, top = self._lines(self.width()), 0
        for line in lines:
            height = _height(line)
            free = self.width() - sum(hint.width() for _part, hint in line) - self._gap * (len(line) - 1)
            left, pushed = 0, len(lines) > 1
            for part, hint in line:
                size = hint.boundedTo(QSize(self.width(), height))
                if not pushed and part in self._right:
                    left, pushed = left + max(0, free), True
                part.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), size))
                left += size.width() + self._gap
            top += height + self._gap

    def _shown(self) -> list[QWidget]:
        return [part for part in self._parts if not part.isHidden()]

    def _lines(self, width: int) -> list[_Line]:
        """Return the widgets that are shown, line by line, each with the size that it would like."""
        lines: list[_Line] = []
        left = 0
        for part in self._shown():
            hint = _hint(part)
            if hint.width() > width > 0 and part.hasHeightForWidth():  # a row of its own goes on below within this one
                hint = QSize(width, part.heightForWidth(width))
            if not lines or left + hint.width() > width:
                lines.append([])
                left = 0
            lines[-1].append((part, hint))
            left += hint.width() + self._gap
        return lines


def _hint(part: QWidget) -> QSize:
    return part.sizeHint().expandedTo(part.minimumSize()).boundedTo(part.maximumSize())


def _height(line: _Line) -> int:
    return max(hint.height() for _part, hint in line)
