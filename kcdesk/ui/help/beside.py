"""Help of a dialog: the drawer as a small window of its own beside it, because a dialog leaves no room."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from kcdesk.ui.help.drawer import HelpDrawer
from kcdesk.ui.help.topics import topics_at

_GAP = 8  # pixels between a dialog and its help
_HEIGHT = 520


class HelpBeside(QWidget):
    """A window above `dialog` that takes no keyboard when it is shown; the dialog stays usable."""

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog, Qt.WindowType.Tool)
        self._dialog = dialog
        self.setObjectName("help.beside")
        self.setWindowTitle("Hướng dẫn")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.drawer = HelpDrawer(acts=False)
        self.drawer.closed.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.drawer)

    def show_for(self, focused: QWidget | None, refused: Iterable[str] = ()) -> None:
        """Show the help of what was refused, else of what has the keyboard; asked again, let it be read."""
        before = self.drawer.topic if self.isVisible() else ""
        self.drawer.show_topics((*refused, *topics_at(focused or self._dialog)))
        if before == self.drawer.topic:
            self.activateWindow()
            self.drawer.read(None)
            return
        self.drawer.fit()
        self.resize(self.drawer.width(), max(_HEIGHT, self._dialog.height()))
        self.move(self._free_place())
        self.drawer.show()
        self.show()

    def _free_place(self) -> QPoint:
        """Return a place at the right of the dialog, which moves to the left for it; else at its left, or over it."""
        screen, dialog = self._dialog.screen().availableGeometry(), self._dialog.frameGeometry()
        frame = dialog.height() - self._dialog.height()
        top = max(screen.top(), min(dialog.top(), screen.bottom() - self.height() - frame))
        edge = screen.right() - _GAP  # with room for the frames of the windows
        lacking = max(0, dialog.right() + _GAP + self.width() - edge)
        if dialog.left() - lacking >= screen.left():
            self._dialog.move(self._dialog.x() - lacking, self._dialog.y())
            return QPoint(dialog.right() - lacking + _GAP, top)
        left = dialog.left() - self.width() - _GAP
        return QPoint(left if left >= screen.left() else edge - self.width(), top)
