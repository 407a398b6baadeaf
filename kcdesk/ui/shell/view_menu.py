"""The context menu of every list, table and tree: open, copy, mark all, and what the view itself offers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMetaMethod, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QCalendarWidget, QListView, QMenu, QWidget

from kcdesk.text import disarmed


def pop_up_menu(window: QWidget, event: QContextMenuEvent) -> None:
    """Open the menu of the view under the mouse, or of the one with the keyboard; other widgets have none.

    Qt hands the event up to the window when neither the view nor what is around it has a menu.
    """
    by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
    view = view_at(window.focusWidget() if by_key else window.childAt(event.pos()))
    if view is None or not has_common_menu(view):
        return
    menu = menu_of(view)
    at_row = view.viewport().mapToGlobal(view.visualRect(view.currentIndex()).bottomLeft())
    menu.popup(at_row if by_key else event.globalPos())
    event.accept()


def view_at(widget: QWidget | None) -> QAbstractItemView | None:
    """Return the view that a widget belongs to: it is the view itself or its viewport."""
    around = (widget, widget.parentWidget()) if widget is not None else ()
    return next((candidate for candidate in around if isinstance(candidate, QAbstractItemView)), None)


def has_common_menu(view: QAbstractItemView) -> bool:
    """Whether a view gets the common menu: it has none of its own, and its rows are more than a picture."""
    own = any("contextMenuEvent" in vars(kind) for kind in type(view).__mro__ if kind.__module__.startswith("kcdesk"))
    left_to_qt = view.contextMenuPolicy() == Qt.ContextMenuPolicy.DefaultContextMenu
    return left_to_qt and not own and not _is_in_calendar(view)


def menu_of(view: QAbstractItemView) -> QMenu:
    """Return the menu of a view: its own actions, else opening; copying; marking all where several can be marked."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addActions(view.actions())
    index = view.currentIndex()
    opens = view.isSignalConnected(QMetaMethod.fromSignal(view.activated))
    if opens and not view.actions() and index.isValid():
        menu.addAction("Mở\tEnter", lambda: view.activated.emit(index))
    if index.isValid():
        _add_once(menu, "Chép\tCtrl+C", lambda: QGuiApplication.clipboard().setText(copied(view)))
    if view.selectionMode() == QAbstractItemView.SelectionMode.ExtendedSelection:
        _add_once(menu, "Chọn tất cả\tCtrl+A", view.selectAll)
    return menu


def _add_once(menu: QMenu, text: str, run: Callable[[], None]) -> QAction | None:
    label = text.split("\t")[0]
    if any(action.text().split("\t")[0] == label for action in menu.actions()):
        return None
    return menu.addAction(text, run)


def copied(view: QAbstractItemView) -> str:
    """Return the marked rows, or the current one, as lines with tabs between the columns that are shown."""
    model, hidden = view.model(), getattr(view, "isColumnHidden", lambda _column: False)
    indexes = view.selectedIndexes() or [view.currentIndex()]
    rows = list(dict.fromkeys((index.row(), QPersistentModelIndex(index.parent())) for index in indexes))
    if isinstance(view, QListView):  # Qt keeps the columns of the model of a list to itself
        columns = [view.modelColumn()]
    else:
        columns = [column for column in range(model.columnCount(view.rootIndex())) if not hidden(column)]
    lines = (
        "\t".join(disarmed(" ".join(str(model.index(row, column, parent).data() or "").split())) for column in columns)
        for row, parent in rows
    )
    return "\n".join(lines)


def _is_in_calendar(view: QWidget) -> bool:
    above = view.parentWidget()
    return isinstance(above, QCalendarWidget)
