"""What a screen reader says of inputs and buttons: each has a name."""

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

INPUTS = (QLineEdit, QComboBox, QAbstractButton, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
_named: set[tuple[str, ...]] = set()  # what was seen to have a name: asking takes longer than looking here


def nameless(root: QWidget | None = None) -> list[str]:
    """The inputs and buttons without a name below a widget, or in the whole application, as they can be found."""
    widgets = root.findChildren(QWidget) if root is not None else QApplication.allWidgets()
    shown = (w for w in widgets if isinstance(w, INPUTS) and w.isVisibleTo(root or w.window()))
    return [_place(widget) for widget in shown if not _is_named(widget)]


def _is_named(widget: QWidget) -> bool:
    key = tuple(_place(widget).split(" < "))
    if key in _named or widget.objectName().startswith("qt_") or _is_inner(widget):
        return True
    said = QAccessible.queryAccessibleInterface(widget)
    if said is None or not said.text(QAccessible.Text.Name).strip():
        return False
    if widget.objectName():
        _named.add(key)
    return True


def _is_inner(widget: QWidget) -> bool:
    """Whether Qt made this part of another input: the line of a choice or of a number, named by the whole."""
    return isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)


def _place(widget: QWidget) -> str:
    steps, step = [], widget
    while step is not None and len(steps) < 4:
        steps.append(f"{type(step).__name__}({step.objectName()})")
        step = step.parentWidget()
    return " < ".join(steps)
