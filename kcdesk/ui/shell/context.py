"""What every page is given: the open workspace and the few doors out of a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from kcdesk.errors import KcdeskError
from kcdesk.settings import Settings
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.shell.worker import Worker
from kcdesk.ui.toolkit.theme import Theme

Result = TypeVar("Result")

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from kcdesk.services.maintenance.restoring import Prepared
    from kcdesk.services.records.changing import Changes
    from kcdesk.services.workspace import Workspace


class Context(QObject):
    """Handed to every page; `changed(changes, initiator)` is announced once after every write."""

    changed = Signal(object, object)

    def __init__(
        self, workspace: Workspace, messages: Messages, worker: Worker, settings: Settings, theme: Theme
    ) -> None:
        super().__init__()
        self.workspace = workspace
        self.messages = messages
        self.worker = worker
        self.settings = settings
        self.theme = theme
        self.pages: QWidget | None = None  # where pages are built: styled once, not again when the window adopts them
        self.saved_at: datetime | None = None
        self.restoring: Prepared | None = None  # the backup that takes the store's place once the window is closed

    def act(self, use_case: Callable[[], Changes], initiator: object = None) -> Changes | None:
        """Run one use case and announce its `Changes`; a refusal is shown and gives None.

        `initiator` is the page that wrote: it shows its own change already and does not reload.
        """
        changes = self.attempt(use_case)
        if changes is not None:
            self.announce(changes, initiator)
        return changes

    def attempt(self, use_case: Callable[[], Result]) -> Result | None:
        """Run one use case; a refusal is shown and gives None."""
        try:
            return use_case()
        except KcdeskError as error:
            self.messages.error(error)
            return None

    def announce(self, changes: Changes, initiator: object = None) -> None:
        """Tell every page and the status bar what a use case changed."""
        self.saved_at = datetime.now().astimezone()
        self.changed.emit(changes, initiator)
