"""The scrolling page of a form: what has the focus is in sight, with its label and its messages."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QScrollArea, QWidget

from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, ROW_HEIGHT, SECTION_GAP

_MESSAGE_ROOM = 120  # pixels at the lower edge that a message covers


class FormScroll(QScrollArea):
    """A page as wide as the window that scrolls up and down only; Tab stops at its fields, not at the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what has the keyboard in sight when a message takes room from the page; what was not stays away."""
        super().resizeEvent(event)
        focused, page = self.focusWidget(), self.widget()
        if focused is None or page is None or not page.isAncestorOf(focused):
            return
        place = QRect(focused.mapTo(self, QPoint()), focused.size())
        if place.height() < self.height() - SECTION_GAP < place.bottom() and place.top() < event.oldSize().height():
            self.ensureWidgetVisible(focused, 0, SECTION_GAP)

    def scroll_to(self, value: int) -> None:
        """Scroll as far as before, as soon as the page has its height."""
        soon(self, lambda: self.verticalScrollBar().setValue(value))

    def scroll_to_part(self, part: QWidget) -> None:
        """Scroll until the top of a part of the page is at the top, also if the page is about to be laid out again."""

        def go() -> None:
            self.verticalScrollBar().setValue(part.y())

        go()
        soon(part, go)  # leaving a field may have taken its messages away

    def bring(self, editor: QWidget) -> None:
        """Scroll until an editor is in sight, the top of one that is higher than the window; an enlarged one is."""
        page = self.widget() or self
        if not page.isAncestorOf(editor):
            return
        top = editor.mapTo(page, editor.rect().topLeft()).y()
        height = min(editor.height(), self.viewport().height() - 2 * FIELD_GAP)
        room = min(scaled(_MESSAGE_ROOM), self.viewport().height() // 3)  # for the message that names the field
        self.ensureVisible(0, top + height, 0, room)
        self.ensureVisible(0, top, 0, FIELD_GAP)

    def show_whole(self, whole: QWidget, focused: QWidget) -> None:
        """Scroll until the whole field is in sight; of one that is higher than the window, the focused part."""
        for shown, margin in ((whole, FIELD_GAP), (focused, SECTION_GAP)):
            if shown.height() < self.viewport().height() - SECTION_GAP:
                self.ensureWidgetVisible(shown, 0, margin)
                return


def show_in_page(view: QAbstractItemView, cell: QRect) -> None:
    """Scroll the page around the table until the cell is visible."""
    page = view.parentWidget()
    while page is not None and not isinstance(page, QScrollArea):
        page = page.parentWidget()
    content = page.widget() if page is not None else None
    if page is not None and content is not None and content.isAncestorOf(view):  # else it is between two places
        centre = view.viewport().mapTo(content, cell.center())
        page.ensureVisible(page.horizontalScrollBar().value(), centre.y(), 0, 2 * cell.height() + scaled(ROW_HEIGHT))
