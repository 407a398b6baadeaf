"""What a screen reader says of inputs, buttons, tables, their headings and cells: each has a name."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QTextEdit,
    QTreeView,
    QWidget,
)

INPUTS = (QLineEdit, QComboBox, QAbstractButton, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
TABLES = (QTableView, QTreeView)
_ROWS = 3  # rows of a table that are looked at
_DRAWN = (Qt.ItemDataRole.DecorationRole, Qt.ItemDataRole.CheckStateRole, Qt.ItemDataRole.BackgroundRole)
_named: set[tuple[str, ...]] = set()  # what was seen to have a name: asking takes longer than looking here


def nameless(root: QWidget | None = None) -> list[str]:
    """The inputs and buttons without a name below a widget, or in the whole application, as they can be found."""
    widgets = root.findChildren(QWidget) if root is not None else QApplication.allWidgets()
    shown = [w for w in widgets if isinstance(w, (*INPUTS, *TABLES)) and w.isVisibleTo(root or w.window())]
    inputs = [_place(widget) for widget in shown if isinstance(widget, INPUTS) and not _is_named(widget)]
    return inputs + [part for view in shown if isinstance(view, TABLES) for part in _nameless_parts(view)]


def _nameless_parts(view: QTableView | QTreeView) -> Iterator[str]:
    """The table itself, its headings and the cells of its first rows, where a screen reader would say nothing."""
    said = QAccessible.queryAccessibleInterface(view)
    if said is None or view.objectName().startswith("qt_") or view.objectName().endswith(".frozen"):
        return  # a calendar of Qt's own; a column that is shown twice
    if not said.text(QAccessible.Text.Name).strip():
        yield _place(view)
    model = view.model()
    columns = model.columnCount() if model is not None else 0
    for place in range(min(said.childCount(), (columns + 1) * _ROWS)):
        part = said.child(place)
        heading = part is not None and part.role() == QAccessible.Role.ColumnHeader
        if heading and not part.text(QAccessible.Text.Name).strip() and _is_seen(view, place, columns):
            yield f"heading {place} of {_place(view)}"
    for row in range(min(model.rowCount(), _ROWS) if model is not None else 0):
        for column in range(columns):
            index = model.index(row, column)
            drawn = any(index.data(role) is not None for role in _DRAWN)
            if drawn and not (index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data()):
                yield f"cell {row}, {column} of {_place(view)}"


def _is_seen(view: QTableView | QTreeView, place: int, columns: int) -> bool:
    """Whether the heading that is a child at this place (before it the corner) is shown at all."""
    header = view.horizontalHeader() if isinstance(view, QTableView) else view.header()
    column = place - 1 if isinstance(view, QTableView) else place
    return not header.isHidden() and 0 <= column < columns and not view.isColumnHidden(column)


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
    steps: list[str] = []
    step: QWidget | None = widget
    while step is not None and len(steps) < 4:
        steps.append(f"{type(step).__name__}({step.objectName()})")
        step = step.parentWidget()
    return " < ".join(steps)
