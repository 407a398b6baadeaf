"""Which buttons and labels a window cuts off: their words do not fit, or they lie outside what is seen."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QToolButton, QWidget

_SLACK = 2  # pixels: letters are measured in parts of a pixel


def cut_texts(root: QWidget) -> list[str]:
    """The buttons and labels below a window that cannot be read in full, with what is wrong."""
    faults = []
    for widget in (*root.findChildren(QAbstractButton), *root.findChildren(QLabel)):
        if widget.isVisibleTo(root) and widget.text() and not widget.objectName().startswith("qt_"):
            fault = _too_small(widget) or _outside(widget, root)
            if fault:
                faults.append(f"{type(widget).__name__} «{widget.text()[:50]}»: {fault}")
    return faults


def _too_small(widget: QAbstractButton | QLabel) -> str:
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            needed = widget.heightForWidth(widget.width())
            return f"{widget.height()} of {needed} pixels high" if needed > widget.height() + _SLACK else ""
        needed = widget.sizeHint().width()
    elif widget.sizePolicy().hasHeightForWidth():
        needed = widget.heightForWidth(widget.width())
        return f"{widget.height()} of {needed} pixels high" if needed > widget.height() + _SLACK else ""
    elif isinstance(widget, QToolButton) and widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly:
        return ""
    else:
        words = widget.text().replace("&", "").split("\n")
        needed = max(widget.fontMetrics().horizontalAdvance(line) for line in words)
    return f"{widget.width()} of {needed} pixels wide" if needed > widget.width() + _SLACK else ""


def _outside(widget: QWidget, root: QWidget) -> str:
    """Whether something around the widget cuts it off; what an area scrolls to can be reached."""
    around = widget.parentWidget()
    rect, child = widget.geometry(), widget
    while around is not None and child is not root:
        area = around.parentWidget()
        scrolls = isinstance(area, QAbstractScrollArea) and area.viewport() is around
        sideways = scrolls and area.horizontalScrollBar().maximum() > 0
        if not sideways and (rect.right() > around.width() + _SLACK or rect.left() < -_SLACK):
            return f"from {rect.left()} to {rect.right()} in {around.width()} pixels of {type(around).__name__}"
        if scrolls:
            rect = QRect(area.viewport().geometry())
            child, around = around, area
            continue
        if rect.bottom() > around.height() + _SLACK or rect.top() < -_SLACK:
            return f"down to {rect.bottom()} in {around.height()} pixels of {type(around).__name__}"
        rect = QRect(rect.translated(around.mapToParent(QPoint(0, 0))))
        child, around = around, around.parentWidget()
    return ""
