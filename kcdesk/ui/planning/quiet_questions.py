"""What a page computes in the background; what is asked anew drops what was asked before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from kcdesk.services.workspace import Workspace
from kcdesk.ui.reports.latest_questions import LatestQuestions
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page
from kcdesk.ui.toolkit.qt import soon

PAUSE = 120  # milliseconds: a page that is left at once, or changed again, asks nothing
Question = tuple[Callable[[Workspace], Any], Callable[[Any], object]]  # what is computed, and who shows it


class QuietQuestions(QObject):
    """Asks for one page, one question after the other: the cheaper ones should come first.

    Signals:
        refused: a question cannot be answered; carries the KcdeskError.
        answered: nothing is open any more, and what was answered is shown.
    """

    refused = Signal(object)
    answered = Signal()

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._latest = LatestQuestions(context, page, silent=True)
        self._latest.busy_changed.connect(self._went_on)
        self._waiting: Sequence[Question] = ()  # for the end of the pause, or for the page to be shown again
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._begin)

    def _went_on(self, busy: bool) -> None:
        if not busy:
            soon(self, self._look_round)

    def ask(self, *questions: Question) -> None:
        """Compute these, after a short pause, while the page is shown."""
        self._waiting = questions
        self._pause.start()

    @property
    def are_open(self) -> bool:
        """Whether anything that was asked is not answered yet; what is asked anew would drop it."""
        return bool(self._waiting) or self._latest.are_open

    def hurry(self) -> None:
        """End the pause of questions that wait."""
        if self._pause.isActive():
            self._pause.stop()
            self._begin()

    def _look_round(self) -> None:
        if not self.are_open:
            self.answered.emit()

    def _begin(self) -> None:
        if not self._page.isVisible():
            return
        questions, self._waiting = self._waiting, ()
        self._latest.forget()
        for compute, show in questions:
            self._latest.ask_also(compute, text="Đọc số liệu của trang", done=show, failed=self.refused.emit)
