"""Notices that the rules have become other ones, and offers the list of open dossiers with another answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from kcdesk.services.effects import seen_rules, touched_dossiers
from kcdesk.ui.settings.effects import touched_dialog

if TYPE_CHECKING:
    from kcdesk.errors import KcdeskError
    from kcdesk.formdef.forms import Forms
    from kcdesk.progress import Progress
    from kcdesk.services.effects.touched_dossiers import TouchedDossier
    from kcdesk.services.workspace import Workspace
    from kcdesk.ui.settings.effects.touched_table import Search
    from kcdesk.ui.shell.context import Context
    from kcdesk.ui.shell.worker import Job

MOST = 200  # open dossiers that are compared unasked: the only background thread is soon free again
REGISTER = "Danh mục căn cứ pháp lý đã thay đổi"
PROGRAM = "Quy định khác lần mở trước (chương trình mới hoặc tệp quy định mới)"

_SEE = "Xem hồ sơ…"


class RuleWatch(QObject):
    """Looks after each change of the register, however it came, and once after the window has opened."""

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._known = context.workspace.forms
        self._job: Job | None = None
        context.changed.connect(lambda _changes, _initiator: self._look())

    def look_back(self) -> None:
        """Compare with the rules of the last use of the store, and note those of today."""
        store = self._context.workspace
        self._context.worker.run(
            lambda _progress: seen_rules.note_rules(store),
            text=PROGRAM,
            done=self._compare_with_last_use,
            failed=self._give_up,
            owner=self._window,
            silent=True,
        )

    def _compare_with_last_use(self, is_other: bool) -> None:
        if is_other:
            self._ask(seen_rules.touched_since, PROGRAM)

    def _look(self) -> None:
        before, after = self._known, self._context.workspace.forms
        self._known = after
        if _register_differs(before, after):
            self._ask(partial(_between, before=before, after=after), REGISTER)

    def _ask(self, act: Search, why: str) -> None:
        if self._job is not None:
            self._job.stop()
        workspace = self._context.workspace

        def whole(progress: Progress) -> Sequence[TouchedDossier] | None:
            """None: too many dossiers to compare them unasked."""
            progress(0, 0)
            with workspace.alongside() as beside:
                if touched_dossiers.has_more_open(beside, MOST):
                    return None
                return act(beside, progress)

        offer = partial(self._offer, act, why)
        self._job = self._context.worker.run(
            whole, text=why, done=offer, failed=self._give_up, owner=self._window, silent=True
        )

    def _offer(self, act: Search, why: str, touched: Sequence[TouchedDossier] | None) -> None:
        self._job = None
        if touched is None:
            self._context.messages.offer(f"{why}.", _SEE, lambda: self._show(act, why, None))
        elif touched:
            sentence = f"{why}. {touched_dossiers.count_sentence(touched)}"
            self._context.messages.offer(sentence, _SEE, lambda: self._show(act, why, touched))

    def _show(self, act: Search, why: str, touched: Sequence[TouchedDossier] | None) -> None:
        dialog = touched_dialog.TouchedDialog(self._context, why, self._window)
        if touched is None:
            dialog.table.search(act)
        else:
            dialog.table.show_touched(touched)
        dialog.open()

    def _give_up(self, error: KcdeskError) -> None:
        self._job = None
        self._context.messages.notice(error.sentence())


def _register_differs(before: Forms, after: Forms) -> bool:
    old, new = before.law, after.law
    return (old.declared, old.checks) != (new.declared, new.checks)


def _between(workspace: Workspace, progress: Progress, *, before: Forms, after: Forms) -> list[TouchedDossier]:
    return touched_dossiers.touched_dossiers(workspace, before, after, progress)
