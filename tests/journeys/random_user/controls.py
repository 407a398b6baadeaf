"""What the window in front offers: every control that can be seen and used, found by walking its widgets.

A control is known by what a person sees: the page or dialog, what kind of thing it is, and its name as a screen reader
says it. The same description finds it again when a walk is replayed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QListView,
    QMainWindow,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QTextEdit,
    QWidget,
)

BUTTON, LINE, LINES, CHOICE, NUMBER = "nút", "ô", "ô nhiều dòng", "ô chọn", "ô số"
ROW, COLUMN, TAB, MENU, ENTRY, OTHER = "dòng", "tiêu đề cột", "thẻ", "menu", "mục", "chỗ"
INPUTS = (LINE, LINES, CHOICE, NUMBER)
_ROWS_SEEN = 14  # rows of a table among which the user chooses
_NAME_LENGTH = 70  # letters of a name that are kept
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{20,}|\d{2}:\d{2}(:\d{2})?")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that can be pressed, typed into or chosen; `number` tells equal ones of a page apart."""

    place: str
    role: str
    name: str
    number: int = 0
    widget: QWidget | None = field(default=None, compare=False, repr=False)
    point: QPoint | None = field(default=None, compare=False, repr=False)  # in the widget; None for its middle
    in_frame: bool = field(default=False, compare=False)  # around every page: navigation, menus, header

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What finds the control again in another run."""
        return self.place, self.role, self.name, self.number

    def wide_key(self) -> tuple[str, str, str]:
        """What is compared to judge how new a control is: rows of a table are alike, figures do not count."""
        name = "" if self.role == ROW else _NUMBER.sub("#", self.name)
        return "" if self.in_frame else self.place, self.role, name


def main_window() -> QMainWindow | None:
    """The program's window, when it is shown."""
    windows = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMainWindow))
    return next((window for window in windows if window.isVisible()), None)


def front() -> QWidget | None:
    """What takes keys and clicks now: a menu or list that is open, a dialog, else the window."""
    popup = QApplication.activePopupWidget()
    if popup is not None and popup.isVisible():
        return popup
    modal = QApplication.activeModalWidget()
    if modal is not None:
        return modal
    above = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog) and widget.isVisible()]
    above.sort(key=lambda dialog: (dialog is QApplication.activeWindow(), type(dialog).__name__, dialog.windowTitle()))
    return above[-1] if above else main_window()


def place_of(window: QWidget) -> str:
    """The page or dialog by its class and title: "DossierPage proposal", "ChoiceQuestion Cần chọn"."""
    page = getattr(window, "page", None)
    if isinstance(page, QWidget):
        form = getattr(page, "form", None)
        record = getattr(form, "record", None) if form is not None else None
        kind = getattr(record, "kind", "") or getattr(page, "kind", "")
        return f"{type(page).__name__} {kind}".strip()
    owner = window.parentWidget()
    title = _clean(window.windowTitle())
    beside = f" của {type(owner).__name__}" if isinstance(window, QMenu) and owner is not None else ""
    return f"{type(window).__name__} {title}{beside}".strip()


def offered(window: QWidget) -> list[Control]:
    """Every control of a window that can be used now, in the order of its widgets."""
    place, page = place_of(window), getattr(window, "page", None)
    alike: Counter[tuple[str, str]] = Counter()
    controls = []
    for role, name, widget, point in _walk(window):
        in_frame = isinstance(page, QWidget) and not page.isAncestorOf(widget)
        controls.append(Control(place, role, name, alike[role, name], widget, point, in_frame))
        alike[role, name] += 1
    return controls


def said_name(widget: QWidget) -> str:
    """What a screen reader calls a widget; without a name, the name of its object or class."""
    interface = QAccessible.queryAccessibleInterface(widget)
    name = interface.text(QAccessible.Text.Name) if interface is not None else ""
    return _clean(name) or _clean(widget.objectName()) or type(widget).__name__


def bring_into_sight(widget: QWidget) -> None:
    """Scroll whatever lies around a widget so that it is seen, as the wheel does."""
    around = widget.parentWidget()
    while around is not None:
        inside = around.widget() if isinstance(around, QScrollArea) else None
        if isinstance(around, QScrollArea) and inside is not None and inside.isAncestorOf(widget):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def is_uncovered(widget: QWidget, point: QPoint) -> bool:
    """Whether a click at this point of a widget reaches it."""
    window = widget.window()
    above = window.childAt(widget.mapTo(window, point)) if widget is not window else widget
    return above is not None and (above is widget or widget.isAncestorOf(above))


# -- inside ------------------------------------------------------------------------------------------------------------

_Found = tuple[str, str, QWidget, "QPoint | None"]


def _walk(window: QWidget) -> Iterator[_Found]:
    if isinstance(window, QMenu):
        yield from _entries(window, ENTRY)
        return
    for widget in (window, *window.findChildren(QWidget)):
        if widget.isVisible() and widget.isEnabled() and widget.window() is window and not _is_inner(widget):
            yield from _parts(widget)


def _parts(widget: QWidget) -> Iterator[_Found]:
    if isinstance(widget, QMenuBar):
        yield from _entries(widget, MENU)
    elif isinstance(widget, QTabBar):
        for tab in range(widget.count()):
            if widget.isTabVisible(tab) and widget.isTabEnabled(tab):
                yield TAB, _clean(widget.tabText(tab)), widget, widget.tabRect(tab).center()
    elif isinstance(widget, QHeaderView):
        yield from _columns(widget)
    elif isinstance(widget, QAbstractItemView):
        yield from _cells(widget)
    else:
        role = _role(widget)
        if role:
            yield role, said_name(widget), widget, None


def _role(widget: QWidget) -> str:
    roles = {
        QAbstractButton: BUTTON,
        QComboBox: CHOICE,
        QAbstractSpinBox: NUMBER,
        QLineEdit: LINE,
        QPlainTextEdit: LINES,
        QTextEdit: LINES,
    }
    known = next((role for class_, role in roles.items() if isinstance(widget, class_)), "")
    has_menu = widget.contextMenuPolicy() in (
        Qt.ContextMenuPolicy.CustomContextMenu,
        Qt.ContextMenuPolicy.ActionsContextMenu,
    )
    takes_keys = widget.focusPolicy() & Qt.FocusPolicy.ClickFocus and widget.focusProxy() is None
    return known or (OTHER if has_menu or (takes_keys and not isinstance(widget, QScrollArea)) else "")


def _entries(menu: QMenu | QMenuBar, role: str) -> Iterator[_Found]:
    for action in menu.actions():
        if action.isVisible() and action.isEnabled() and not action.isSeparator():
            yield role, _entry_name(action), menu, menu.actionGeometry(action).center()


def _entry_name(action: QAction) -> str:
    return _clean(action.text().partition("\t")[0].replace("&", ""))


def _columns(header: QHeaderView) -> Iterator[_Found]:
    if header.orientation() != Qt.Orientation.Horizontal or not header.sectionsClickable():
        return
    for section in range(header.count()):
        left = header.sectionViewportPosition(section)
        middle = QPoint(left + header.sectionSize(section) // 2, header.height() // 2)
        if not header.isSectionHidden(section) and header.viewport().rect().contains(middle):
            title = str(header.model().headerData(section, Qt.Orientation.Horizontal) or "")
            yield COLUMN, _clean(title), header.viewport(), middle


def _cells(view: QAbstractItemView) -> Iterator[_Found]:
    model = view.model()
    yield OTHER, said_name(view), view, None
    if model is None:
        return
    root, shown = view.rootIndex(), QRect(view.viewport().rect())
    columns = [view.modelColumn()] if isinstance(view, QListView) else range(model.columnCount(root))
    for row in range(min(model.rowCount(root), _ROWS_SEEN)):
        for column in columns:
            index = model.index(row, column, root)
            place = view.visualRect(index).intersected(shown)
            if place.width() > 4 and place.height() > 4:
                text = _clean(str(model.data(index) or ""))
                yield ROW, f"{said_name(view)}: {text}"[:_NAME_LENGTH], view.viewport(), place.center()


def _is_inner(widget: QWidget) -> bool:
    """Whether Qt made this part of another control, or of a table."""
    owner = widget.parentWidget()
    is_part = isinstance(owner, QComboBox | QAbstractSpinBox | QLineEdit | QTabBar | QMenuBar)
    return is_part or widget.objectName().startswith("qt_")


def _clean(text: str) -> str:
    return _ID.sub("…", " ".join(text.split()))[:_NAME_LENGTH]
