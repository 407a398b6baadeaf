"""What a page computes in the background; what is asked anew drops what was asked before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.services.workspace import Workspace
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page
from kcdesk.ui.shell.worker import Job

PAUSE = 120  # milliseconds: a page that is left at once, or changed again, asks nothing
Question = tuple[Callable[[Workspace], Any], Callable[[Any], object]]  # what is computed, and who shows it


class QuietQuestions(QObject):
    """Asks for one page, one question after the other: the cheaper ones should come first.

    Signals:
        refused: a question cannot be answered; carries the KcdeskError.
    """

    refused = Signal(object)

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self._questions: Sequence[Question] = ()
        self._asked = 0  # the round that is answered; older ones are dropped
        self._jobs: list[Job] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._begin)

    def ask(self, *questions: Question) -> None:
        """Compute these, after a short pause, while the page is shown."""
        self._questions = questions
        self._pause.start()

    def hurry(self) -> None:
        """End the pause of questions that wait."""
        if self._pause.isActive():
            self._pause.stop()
            self._begin()

    def _begin(self) -> None:
        if not self._page.isVisible():
            return
        for job in self._jobs:
            job.stop()
        self._asked += 1
        self._jobs = [self._run(compute, show) for compute, show in self._questions]

    def _run(self, compute: Callable[[Workspace], Any], show: Callable[[Any], object]) -> Job:
        workspace, asked = self._context.workspace, self._asked

        def whole(progress: Progress) -> Any:
            progress(0, 0)  # a question that was dropped ends here
            with workspace.alongside() as beside:
                return compute(beside)

        def done(answer: Any) -> None:
            if asked == self._asked:
                show(answer)

        def failed(error: KcdeskError) -> None:
            if asked == self._asked:
                self.refused.emit(error)

        words = "Đọc số liệu của trang"
        return self._context.worker.run(whole, text=words, done=done, failed=failed, owner=self._page, silent=True)
