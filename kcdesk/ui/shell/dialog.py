"""The base of every dialog: one main button, the same keys everywhere, gone when it is finished."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFrame,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kcdesk.ui.shell.help_key import HelpKey, refusal_topics
from kcdesk.ui.shell.notices.dialog_problem import DialogProblem
from kcdesk.ui.shell.view_menu import pop_up_menu
from kcdesk.ui.shell.worker import leave_for_good
from kcdesk.ui.toolkit.fitting.screen_room import room_on_screen
from kcdesk.ui.toolkit.qt import application, soon
from kcdesk.ui.toolkit.sizes import scaled

if TYPE_CHECKING:
    from kcdesk.ui.help.beside import HelpBeside

_UNBOUNDED = 16_777_215  # pixels: QWIDGETSIZE_MAX
_MOST_LETTERS, _LETTERS = 60, 40  # a list of choices with longer names asks for the room of so many letters
_MAIN_KEYS = ("Ctrl+Return", "Ctrl+Enter")


class Dialog(QDialog):
    """Ctrl+Enter presses the main button from any field, F1 shows help beside it, Esc closes that, then the dialog.

    The main button has the role "main"; it is also the one that Enter presses, unless another one is the default. A
    finished dialog gets no more answers of long tasks, and is deleted with its pictures as soon as nobody uses it.
    `help_topic` names its page of the handbook.
    """

    help_topic = "dialogs"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._help: HelpBeside | None = None
        self._problem_line: DialogProblem | None = None
        self._scrolls = False  # whether the content is larger than the screen
        HelpKey(self, self.show_help)
        for keys in _MAIN_KEYS:
            QShortcut(QKeySequence(keys), self, self.press_main)
        self.finished.connect(lambda _result: leave_for_good(self))
        application().focusChanged.connect(self._follow_keyboard)

    def begin_size(self, width: int, height: int) -> None:
        """Open in this size, in pixels of normal letters, as far as the screen has room."""
        self.resize(QSize(scaled(width), scaled(height)).boundedTo(room_on_screen(self)))

    def main_button(self) -> QPushButton | None:
        """Return the main button, else the default one; None when there is neither."""
        buttons = [button for button in self.findChildren(QPushButton) if button.isVisibleTo(self)]
        main = [button for button in buttons if button.property("role") == "main"]
        return next(iter([*main, *(button for button in buttons if button.isDefault())]), None)

    def press_main(self) -> None:
        """Press the main button if it can be pressed now."""
        button = self.main_button()
        if button is not None and button.isEnabled():
            button.click()

    def show_problem(self, sentence: str, topic: str) -> None:
        """Show above the buttons what an act from this dialog was refused for; `topic` of the handbook explains it."""
        layout = self.layout()
        if layout is not None and self._problem_line is None:
            self._problem_line = DialogProblem(self, layout)
        if self._problem_line is not None:
            self._problem_line.say(sentence, topic)
            self._fit()

    def show_help(self) -> None:
        """Show the help of a refusal that stands in the dialog, else of the field, beside it (F1)."""
        from kcdesk.ui.help.beside import HelpBeside  # a dialog that needs no help does not load it

        if self._help is None:
            self._help = HelpBeside(self)
        self._help.show_for(self.focusWidget(), refusal_topics(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the help on Esc, if it is open; press the main button where Qt has lost the default one."""
        if event.key() == Qt.Key.Key_Escape and self._help is not None and self._help.isVisible():
            self._help.drawer.close_drawer()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._has_default():
            self.press_main()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of a list, table or tree that has none of its own."""
        pop_up_menu(self, event)

    def _fit(self) -> None:
        """Be no larger than the screen; what needs more room than that scrolls."""
        self._narrow_lists()
        layout, room = self.layout(), room_on_screen(self)
        if layout is not None and not self._scrolls:
            width = min(max(self.width(), layout.totalMinimumSize().width()), room.width())
            height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else 0
            needed = layout.totalMinimumSize().expandedTo(QSize(0, height))
            if needed.width() > room.width() or needed.height() > room.height():
                self._scroll(layout, needed)
            elif height > self.height() or width > self.width():
                # Qt asks how high wrapped texts are at the width that they would like best, and lets a least width of
                # the dialog's own stand for that of its buttons
                self.resize(width, max(height, self.height()))
        if (size := self.size().boundedTo(room)) != self.size():
            self.setMinimumSize(self.minimumSize().boundedTo(room))
            self.resize(size)

    def _narrow_lists(self) -> None:
        """Let no long name in a list of choices decide how wide the dialog is; the open list shows it whole."""
        narrow = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        for box in self.findChildren(QComboBox):
            has_long = any(len(box.itemText(row)) > _MOST_LETTERS for row in range(box.count()))
            if has_long and box.sizeAdjustPolicy() != narrow:
                box.setSizeAdjustPolicy(narrow)
                box.setMinimumContentsLength(_LETTERS)

    def _scroll(self, layout: QLayout, needed: QSize) -> None:
        """Put the whole content into an area that scrolls; the keyboard stays where it is."""
        self._scrolls, writer = True, self.focusWidget()
        self.setMinimumSize(0, 0)
        self.setMaximumSize(_UNBOUNDED, _UNBOUNDED)
        content, area = QWidget(), QScrollArea()
        content.setLayout(layout)  # Qt moves the layout with all its widgets
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        bar = area.verticalScrollBar().sizeHint().width()
        self.resize((needed + QSize(bar, bar)).boundedTo(room_on_screen(self)))
        if writer is not None:  # Qt hides what it moves, and shows it with the next events
            soon(writer, writer.setFocus)

    def showEvent(self, event: QShowEvent) -> None:
        """Have a default button, and never be larger than the screen."""
        super().showEvent(event)
        self._fit()
        button = self.main_button()
        if button is not None and not self._has_default():
            button.setDefault(True)
        soon(self, self._keep_keyboard)

    def _follow_keyboard(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Take the keyboard back soon if nothing has it: Qt leaves it nowhere when its widget goes while it opens."""
        if new is None and self.isVisible():
            soon(self, self._keep_keyboard)

    def _keep_keyboard(self) -> None:
        if self.isVisible() and self.focusWidget() is None and QApplication.activePopupWidget() is None:
            self.focusNextChild()  # also before the window is active: it then has a place for the keyboard at once

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay on the screen when it grows: its buttons would lie below the lower edge."""
        super().resizeEvent(event)
        room, frame = self.screen().availableGeometry(), self.frameGeometry()
        left = max(room.left(), min(frame.left(), room.right() + 1 - frame.width()))
        top = max(room.top(), min(frame.top(), room.bottom() + 1 - frame.height()))
        if self.isVisible() and QPoint(left, top) != frame.topLeft():
            self.move(left, top)

    def event(self, event: QEvent) -> bool:
        """Grow for a sentence that appears in it, such as a refusal: Qt would press the fields together."""
        handled = super().event(event)
        if event.type() == QEvent.Type.Polish:  # comes before Qt decides on the first size
            self._narrow_lists()
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._fit()
        return handled

    def _has_default(self) -> bool:
        return any(button.isDefault() for button in self.findChildren(QPushButton))

    def open(self) -> None:
        """Show the dialog without waiting for its end; it is deleted then."""
        self.finished.connect(self.deleteLater)
        super().open()

    def exec(self) -> int:
        """Show the dialog and wait for its end; its answers can be read until the next event."""
        with _waited_for(self):
            result = super().exec()
        self.deleteLater()
        return result


_waiting: list[QDialog] = []  # dialogs for whose end a method waits, the newest last


@contextmanager
def _waited_for(dialog: QDialog) -> Iterator[None]:
    _waiting.append(dialog)
    try:
        yield
    finally:
        _waiting.remove(dialog)


def anybody_waits() -> bool:
    """Whether a method waits for the end of a dialog; between its last click and its end the dialog is hidden."""
    return bool(_waiting) or QApplication.activeModalWidget() is not None


def is_accepted(dialog: QDialog) -> bool:
    """Run a dialog that is Qt's own, such as that of the printer; it is deleted afterwards, as ours are."""
    try:
        with _waited_for(dialog):
            return bool(dialog.exec())
    finally:
        dialog.deleteLater()
