"""Helpers for Qt: the application object, index types, clearing a layout or a menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSettings
from PySide6.QtWidgets import QApplication, QLayout, QMenu

from kcdesk.temporary import private_files
from kcdesk.ui.toolkit.copied_text import disarm_copied
from kcdesk.ui.toolkit.vietnamese import speak_vietnamese

_WATCHED = "watchesClipboard"
Index = QModelIndex | QPersistentModelIndex  # the index types that Qt passes to methods of models and delegates


def application(arguments: Sequence[str] | None = None) -> QApplication:
    """Return the running application; create it from `arguments` if there is none.

    Raises RuntimeError when there is none and `arguments` is None.
    """
    running = QApplication.instance()
    if running is None and arguments is not None:
        # Qt's own file dialog keeps the folders that were visited; they go with the temporary files.
        scope, kept = QSettings.Scope.UserScope, str(private_files.place())
        QSettings.setPath(QSettings.Format.NativeFormat, scope, kept)
        running = QApplication(arguments)
    if not isinstance(running, QApplication):
        raise RuntimeError("the application has not been made")
    speak_vietnamese(running)
    if not running.property(_WATCHED):
        running.setProperty(_WATCHED, True)
        running.clipboard().dataChanged.connect(disarm_copied)
    return running


def soon(owner: QObject, act: Callable[[], object]) -> None:
    """Do something once what waits now is handled, unless `owner` is gone by then.

    `QTimer.singleShot` keeps the act, and with it the page that it belongs to, for ever when the owner dies before.
    """
    QCoreApplication.postEvent(_Later(owner, act), QEvent(QEvent.Type.User))


class _Later(QObject):
    """An act that waits for its turn; a part of its owner."""

    def __init__(self, owner: QObject, act: Callable[[], object]) -> None:
        super().__init__(owner)
        self._act = act

    def event(self, event: QEvent) -> bool:
        """Act, and be gone."""
        if event.type() != QEvent.Type.User:
            return super().event(event)
        self.deleteLater()
        self._act()
        return True


def empty(layout: QLayout) -> None:
    """Remove every widget from a layout; each is hidden now and deleted later by Qt."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def empty_menu(menu: QMenu) -> None:
    """Remove every action from a menu that stays; each is deleted later by Qt, because one of them may be running.

    Without a parent they are forgotten: a menu keeps the wrappers of its children, with all that their slots name.
    """
    for action in menu.actions():
        menu.removeAction(action)
        action.setParent(None)
        action.deleteLater()
