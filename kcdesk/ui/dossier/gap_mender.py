"""Where what a dossier lacks is put right: a field of its form, another dossier, or one that has to be made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from kcdesk.errors import Problem
from kcdesk.formdef.model import Transition
from kcdesk.services.lifecycle.missing import Outlook
from kcdesk.services.records import related, unread_texts
from kcdesk.text import lower_first
from kcdesk.ui.dossier.beginning import begin_record
from kcdesk.ui.dossier.side_panel import SidePanel
from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.shell.page import Page, PageCommand

_SHOWN = 8  # lines of advice in the question before a dossier is closed


def _groups(outlook: Outlook) -> list[list[str]]:
    """Return the gaps that are filled in the form itself: those that must be, then the wishes."""
    return [_in_form(outlook.must), _in_form(outlook.wishes)]


def _in_form(gaps: Sequence[Problem]) -> list[str]:
    """Return the paths of the gaps that are filled in the form itself."""
    return [gap.field for gap in gaps if gap.field and not gap.make and not gap.record]


def _row(path: str) -> list[str]:
    """Return the field and the row of a path: other cells of the row may be worked on meanwhile."""
    return path.split("/")[:2]


class GapMender:
    """Leads the officer of one dossier page to each gap; no gap leads nowhere."""

    def __init__(self, page: Page, record_id: str, form: FormView, side: SidePanel) -> None:
        self._page, self._record_id, self._form, self._side = page, record_id, form, side
        self._led_to = ""  # the gap to which F8 led last
        self._left: set[str] = set()  # the gaps that F8 went on from

    def main_command(
        self, outlook: Outlook, returned: bool, take_next: Callable[[], None], take: Callable[[Transition], None]
    ) -> PageCommand | None:
        """Return the next step; if another dossier is missing for it, making or opening that one.

        A returned dossier without a next step is opened again.
        """
        gap = next(iter(outlook.must), None)
        if outlook.next_step is None:
            step = next((step for step in outlook.possible if step.new_revision), None) if returned else None
            return PageCommand(step.label, lambda: take(step)) if step else None
        if gap is not None and gap.record and not gap.field:
            return PageCommand(self._label(gap), lambda: self.mend(gap))
        return PageCommand(outlook.step, take_next)

    def _label(self, gap: Problem) -> str:
        """Return the name of the act that mends a gap outside the form: «Lập hợp đồng», «Mở hợp đồng»."""
        workspace = self._page.context.workspace
        if gap.make:
            return workspace.forms.current(gap.make, workspace.today()).new_label
        return f"Mở {lower_first(workspace.store.record(gap.record).form.label)}"

    def mend(self, gap: Problem) -> None:
        """Go to the field, open the other dossier, or begin the one that is missing."""
        self._form.flush()
        workspace = self._page.context.workspace
        if gap.make:
            above = workspace.store.record(gap.record or self._record_id)
            begin_record(self._page, gap.make, related.tie_values(workspace, above, gap.make) | dict(gap.begun_with))
        elif gap.record and gap.record != self._record_id:
            self._page.field_requested.emit(gap.record, gap.there)
        elif gap.field:
            self._form.focus_path(gap.field, replacing=True)
        else:
            self._side.enter_related()

    def go_on(self, outlook: Callable[[], Outlook]) -> None:
        """Go to the gap after the place of the keyboard, after the last one to the first; other dossiers stay (F8).

        `outlook` is asked after what was typed is saved.
        """
        self._form.flush()
        if following := self._after(self._form.focused_path(), _groups(outlook())):
            self._led_to = following
            self._form.focus_path(following, replacing=True)

    def places(self, outlook: Outlook) -> list[str]:
        """Return the paths to which F8 leads."""
        return [place for group in _groups(outlook) for place in group]

    def _after(self, here: str, groups: Sequence[list[str]]) -> str:
        """Return the gap to go to from `here`: what must be filled in first; "" for none.

        From a field that was filled in just now it goes on down the paper, past gaps that were left above it, but
        first back to a text that could not be read.
        """
        places = [place for group in groups for place in group]
        is_left = self._led_to in places and _row(here) == _row(self._led_to)  # F8 again: it is left as it is
        at = here if here in places else self._led_to if is_left else ""
        if at:
            self._left.add(at)
            return places[(places.index(at) + 1) % len(places)]
        unread = unread_texts.of_record(self._page.context.workspace, self._record_id)
        if wrong := next((place for place in places if place in unread and place not in self._left), ""):
            return wrong
        order = {name: position for position, name in enumerate(self._form.names())}
        reached = order.get(here.partition("/")[0], -1)
        group = next((group for group in groups if group), [])
        below = (place for place in group if order.get(place.partition("/")[0], -1) >= reached)
        return next(below, next(iter(group), ""))

    def command(self, outlook: Callable[[], Outlook]) -> PageCommand:
        """Return the command that goes on to the next gap."""
        return PageCommand("Chỗ còn thiếu tiếp theo", partial(self.go_on, outlook))

    def accepts_advice(self, outlook: Outlook, step: Transition) -> bool:
        """Ask before a dossier is closed without what it should have; on «Xem lại» go to the first of that."""
        advice = outlook.advice if step.complete and not outlook.must else ()
        if not advice:
            return True
        lines = [f"– {problem.message}" for problem in advice[:_SHOWN]]
        lines += [f"… và {len(advice) - _SHOWN} điều khác."] if len(advice) > _SHOWN else []
        question = f"«{step.label}» khi còn {len(advice)} điều nên có?"
        if self._page.context.messages.ask(question, "\n".join(lines), step.label, "Xem lại"):
            return True
        self._side.setCurrentIndex(0)
        self.mend(advice[0])
        return False
