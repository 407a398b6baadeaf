"""What every page receives: the open workspace, messages, worker, and navigation to records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from kcdesk import moments
from kcdesk.errors import KcdeskError
from kcdesk.services.law import store_register
from kcdesk.settings import Settings
from kcdesk.ui.shell.checks.store_check import StoreCheck
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.shell.worker import BackgroundWorker
from kcdesk.ui.toolkit.theme import Theme

T = TypeVar("T")
_AFTER_FAULTS = "Hãy sao lưu thư mục kho rồi khôi phục từ bản sao lưu tốt gần nhất, hoặc báo người hỗ trợ."

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStackedWidget

    from kcdesk.services.maintenance.full_check import CheckResult
    from kcdesk.services.maintenance.passphrases import KeyChange
    from kcdesk.services.maintenance.restoring import PreparedRestore
    from kcdesk.services.records.changing import Changes
    from kcdesk.services.workspace import Workspace


class Context(QObject):
    """Passed to every page; `changed(changes, initiator)` is emitted once after every write.

    `record_wanted` carries the id of a record that a dialog asks the window to open.
    `unread_changed` is emitted when typed texts that cannot be read have come or gone, `identity_changed` when the
    officer or the unit has another name.
    """

    changed = Signal(object, object)
    record_wanted = Signal(str)
    unread_changed = Signal()
    identity_changed = Signal()

    def __init__(
        self, workspace: Workspace, messages: Messages, worker: BackgroundWorker, settings: Settings, theme: Theme
    ) -> None:
        super().__init__()
        self.workspace = workspace
        self.messages = messages
        self.worker = worker
        self.settings = settings
        self.theme = theme
        self.store_check = StoreCheck(workspace, self)
        self.store_check.ended.connect(self._tell_faults)
        self.pages: QStackedWidget | None = None  # parent of pages being built: styled once, not again in the window
        self.saved_at: datetime | None = None
        self.lock_screen: Callable[[], None] = lambda: None  # given by `ScreenLock`
        self.starting_again = False  # whether the program is started anew after the window is closed: an updated one
        self.reopening = False  # whether the store is opened again after the window is closed
        self.restoring: PreparedRestore | KeyChange | None = None  # what replaces the store when the window is closed

    def _tell_faults(self, result: CheckResult | None) -> None:
        """Show what a check of the store has found, whichever page is open."""
        if result is not None and not result.is_sound:
            self.messages.problem(result.sentence(), _AFTER_FAULTS)

    def may_stop_work(self) -> bool:
        """Whether nothing long runs in the background, or the officer agrees to stop it."""
        return not self.worker.has_work or self.messages.ask(
            "Một việc đang chạy.", "Đóng chương trình sẽ dừng việc đó giữa chừng.", "Dừng và đóng", "Chờ xong"
        )

    def close(self) -> None:
        """Stop what runs in the background and wait for its end."""
        self.store_check.close()
        self.worker.close()

    def open_again(self) -> None:
        """Close the window and open the store again, with the rules that are in force then."""
        window = self.pages.window() if self.pages is not None else None
        self.reopening = window is not None
        if window is not None and not window.close():
            self.reopening = False

    def start_again(self) -> None:
        """Close the window and start the program anew, which may be another version now."""
        window = self.pages.window() if self.pages is not None else None
        self.starting_again = window is not None and window.close()

    def act(self, use_case: Callable[[], Changes], initiator: object = None) -> Changes | None:
        """Run a use case and announce its `Changes`; on a refusal show the message and return None.

        `initiator` is the page that wrote: it already shows its own change and does not reload.
        """
        changes = self.attempt(use_case)
        if changes is not None:
            self.announce(changes, initiator)
        return changes

    def attempt(self, use_case: Callable[[], T]) -> T | None:
        """Run a use case and return its result; on a refusal show the message and return None."""
        try:
            return use_case()
        except KcdeskError as error:
            self.messages.error(error)
            return None

    def announce(self, changes: Changes, initiator: object = None) -> None:
        """Inform every page and the status bar about the changes of a use case."""
        self.saved_at = moments.now()
        if not changes.items or any(item.kind in store_register.KINDS for item in changes.items):
            store_register.refresh(self.workspace)  # the register says what its records say
        self.changed.emit(changes, initiator)
