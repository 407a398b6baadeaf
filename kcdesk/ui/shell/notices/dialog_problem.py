"""What the officer is told of a problem while a dialog is in front: in the dialog, since the bar lies behind it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QBoxLayout, QLabel, QLayout, QWidget

from kcdesk.ui.shell.help_key import show_problem
from kcdesk.ui.toolkit.qt import application, soon

_BEGIN = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress)
_END = (QEvent.Type.KeyRelease, QEvent.Type.MouseButtonRelease)


class DialogProblem(QLabel):
    """A sentence above the buttons of a dialog; it goes with the next act that brings none."""

    def __init__(self, dialog: QWidget, layout: QLayout) -> None:
        super().__init__(dialog)
        self.setObjectName("dialog.problem")
        self.setProperty("role", "problem")
        self.setWordWrap(True)
        self._acted = False  # whether the officer has begun another act since
        if isinstance(layout, QBoxLayout):
            layout.insertWidget(max(0, layout.count() - 1), self)
        else:
            layout.addWidget(self)

    def say(self, sentence: str, topic: str) -> None:
        """Show a problem; `topic` is its page of the handbook, "" for none."""
        show_problem(self, sentence, topic)
        self._acted = False
        self.show()
        application().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go when a key or button is let go whose press has brought no problem."""
        if event.type() in _BEGIN and self._is_ours(watched):
            self._acted = True
        elif event.type() in _END and self._acted and self._is_ours(watched):
            soon(self, self._end)  # when the act is done
        return super().eventFilter(watched, event)

    def _end(self) -> None:
        if self._acted:
            application().removeEventFilter(self)
            self.hide()

    def _is_ours(self, watched: QObject) -> bool:
        return isinstance(watched, QWidget) and watched.window() is self.window()
