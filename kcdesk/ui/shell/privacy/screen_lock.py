"""The locked screen: after idle time, at once by a key, and when the machine wakes up.

Every window and dialog is covered and stays as it is, with what is being typed; only the passphrase takes the covers
away. Keys and the mouse are heard at the windows of the system, not at each widget, so that nothing becomes slower.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import time as now

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import passphrases
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.privacy.waiting_time import WaitingTime
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.qt import application, soon
from kcdesk.ui.toolkit.secret_field import SecretField
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

KEYS = "Ctrl+Shift+L"
_WIDTH = 440
_LOOK = 5_000  # milliseconds between two looks at the clock
_LOOK_LOCKED = 300  # and at new windows that need a cover
_ASLEEP = 60  # seconds without a look: the machine was asleep
_HEARD = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel)

if sys.platform == "win32":
    import ctypes

    def _is_session_locked() -> bool:
        """Whether Windows shows its own lock: a program cannot open the desktop then."""
        desktop = ctypes.windll.user32.OpenInputDesktop(0, False, 0x0100)
        if desktop:
            ctypes.windll.user32.CloseDesktop(desktop)
        return not desktop
else:

    def _is_session_locked() -> bool:
        return False


class LockDialog(Dialog):
    """Asks for the passphrase; nothing else closes it."""

    help_topic = "screen_lock"

    def __init__(self, prove: Callable[[str], None], waits: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("screen_lock")
        self.setWindowTitle("Màn hình đã khoá")
        self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, on=False)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        keep_size(self, least_width=_WIDTH)
        self._prove = prove
        self.secret = SecretField("screen_lock.secret")
        label = labelled("Mật khẩu của kho", "label")
        label.setBuddy(self.secret)
        self.problem = labelled(role="problem", wrap=True)
        self.problem.hide()
        self.go = decision_button("Mở khoá", "screen_lock.go", self._try)
        self.go.setProperty("role", "main")
        self.go.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        text = "Việc đang làm giữ nguyên, cả chữ đang gõ. Nhập mật khẩu của kho để làm tiếp."
        for widget in (labelled(text, wrap=True), label, self.secret, self.problem):
            column.addWidget(widget)
        column.addLayout(buttons)
        self._wait = WaitingTime(self, waits, self.go)
        self.secret.setFocus()

    def reject(self) -> None:
        """Stay: only the passphrase unlocks."""

    def _try(self) -> None:
        try:
            self._prove(self.secret.text())
        except KcdeskError as error:
            show_refusal(self.problem, error, error.sentence())
            self.problem.show()
            self.secret.selectAll()
            self.secret.setFocus()
            self._wait.begin()
        else:
            self.accept()


class ScreenLock(QObject):
    """Locks the screen of a window's program; a practice store, which has no passphrase, is never locked."""

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window)
        self._window = window
        self._context, self._has_secret = context, not context.workspace.identity.practice
        self._covers: list[_Cover] = []
        self.dialog: LockDialog | None = None
        self._last = self._looked = now()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK)
        self._timer.timeout.connect(self.look)
        context.lock_screen = self.lock
        if self._has_secret:
            application().focusWindowChanged.connect(self._hear_windows)
            self._timer.start()

    @property
    def is_locked(self) -> bool:
        """Whether the screen is locked now."""
        return self.dialog is not None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Hear that somebody is working, and the key that locks from any dialog."""
        if event.type() in _HEARD:
            self._last = now()
            if isinstance(event, QKeyEvent) and QKeySequence(event.keyCombination()) == QKeySequence(KEYS):
                soon(self, self.lock)
                return True
        return False

    def look(self) -> None:
        """Lock after idle time, or when the machine was asleep; while it is locked, cover what has appeared."""
        moment, before = now(), self._looked
        self._looked = moment
        if self.dialog is not None:
            self._cover_new()
            return
        self._hear_windows()
        minutes = self._context.settings.lock_minutes
        is_idle = moment - self._last >= 60 * minutes
        if minutes and (is_idle or moment - before > _ASLEEP or _is_session_locked()):
            self.lock()

    def lock(self) -> None:
        """Cover every window and ask for the passphrase."""
        if not self._has_secret:
            self._context.messages.notice("Kho thực hành không có mật khẩu nên không khoá màn hình.")
            return
        if self.dialog is not None:
            return
        while popup := QApplication.activePopupWidget():
            popup.close()
        workspace = self._context.workspace
        self.dialog = LockDialog(
            lambda secret: passphrases.prove(workspace, secret),
            lambda: passphrases.seconds_to_wait(workspace.store.folder),
            self._window,
        )
        self.dialog.accepted.connect(self._unlock)
        self._cover_new()
        self._timer.setInterval(_LOOK_LOCKED)
        self.dialog.show()

    def _unlock(self) -> None:
        for cover in filter(isValid, self._covers):
            cover.take_away()
        self._covers.clear()
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
        self._last = self._looked = now()
        self._timer.setInterval(_LOOK)

    def _cover_new(self) -> None:
        """Cover the windows that have no cover yet; a new one in front of the question goes behind it."""
        self._covers = [cover for cover in self._covers if isValid(cover)]  # a covered dialog may have gone
        covered = {self.dialog, *(cover.window() for cover in self._covers)}
        fresh = [window for window in QApplication.topLevelWidgets() if window.isVisible() and window not in covered]
        self._covers += map(_Cover, fresh)
        for cover in self._covers:
            cover.fit()
        if fresh and self.dialog is not None and self.dialog.isVisible():
            self.dialog.hide()  # shown again, it is in front of every modal dialog
            self.dialog.show()

    def _hear_windows(self, _window: object = None) -> None:
        for window in QGuiApplication.allWindows():
            window.installEventFilter(self)


class _Cover(QLabel):
    """An opaque sheet over the whole of a window, which has no title of its own meanwhile."""

    def __init__(self, window: QWidget) -> None:
        super().__init__("Màn hình đã khoá", window)
        self.setObjectName("screen_lock.cover")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAutoFillBackground(True)
        self._title = window.windowTitle()
        window.setWindowTitle("kcdesk – đã khoá")
        self.fit()
        self.show()

    def fit(self) -> None:
        """Lie over the whole window, also over a message that has appeared in it."""
        self.resize(self.window().size())
        self.raise_()

    def take_away(self) -> None:
        """Give the window its title back and disappear."""
        self.window().setWindowTitle(self._title)
        self.deleteLater()
