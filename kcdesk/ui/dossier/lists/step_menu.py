"""A step for all marked rows of a list: chosen from a menu, asked about once, told in one message."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from kcdesk.formdef.model import Transition
from kcdesk.services.lifecycle import several_steps
from kcdesk.services.lifecycle.several_steps import SeveralSteps
from kcdesk.text import format_integer
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context

_SHOWN = 5  # records that are named when they could not take the step


class StepMenu(QMenu):
    """The steps of the marked records; choosing one asks and takes it for those that have it."""

    def __init__(self, context: Context, ids: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._number = context, len(ids)
        offered = several_steps.offered_steps(context.workspace, ids)
        for step, those in offered:
            some = "" if len(those) == len(ids) else f" ({format_integer(len(those))} trong {len(ids)} hồ sơ)"
            act = self.addAction(f"{step.label}{some}")
            act.triggered.connect(lambda _checked=False, step=step, those=those: self.take(step, those))
        if not offered:
            self.addAction("Các hồ sơ này không có bước nào chuyển được ở đây").setEnabled(False)

    def pop_up(self, place: QPoint) -> None:
        """Show the menu at a place of the screen, at its first step; it is deleted then."""
        self.setActiveAction(self.actions()[0])
        self.exec(place)
        self.deleteLater()

    def take(self, step: Transition, ids: Sequence[str]) -> SeveralSteps | None:
        """Ask, take the step for every record that is ready, and say which were not; None if the officer keeps it."""
        messages, others = self._context.messages, self._number - len(ids)
        question = f"«{step.label}» cho {format_integer(len(ids))} hồ sơ?"
        detail = "Hồ sơ nào chưa đủ thì để nguyên."
        detail += f" {format_integer(others)} hồ sơ khác đang chọn không ở bước này." if others else ""
        reason = ""
        if step.needs_reason:
            reason = messages.ask_text(question, "Lý do, ghi cho từng hồ sơ", step.label, "Thôi", detail=detail)
            if not reason:
                return None
        elif not messages.ask(question, detail, step.label, "Thôi"):
            return None
        done = messages.guarded(lambda: several_steps.take_for_all(self._context.workspace, ids, step.name, reason))
        if done is not None:
            self._tell(step, done)
        return done

    def _tell(self, step: Transition, done: SeveralSteps) -> None:
        if done.changes is not None:
            self._context.announce(done.changes, self)
        if not done.refused:
            sentence = f"«{step.label}»: {format_integer(done.taken)} hồ sơ."
            self._context.messages.notice(sentence, partial(undoing.undo, self._context))
            return
        lines = [f"– {refused.title}: {refused.reason}" for refused in done.refused[:_SHOWN]]
        more = len(done.refused) - _SHOWN
        lines += [f"… và {format_integer(more)} hồ sơ khác."] if more > 0 else []
        sentence = (
            f"«{step.label}»: xong {format_integer(done.taken)}, để nguyên {format_integer(len(done.refused))} hồ sơ."
        )
        self._context.messages.problem(sentence, "\n".join(lines))
