"""The open dossiers to which other rules give another answer: what it was and what it becomes, topic by topic.

Two sets of rules are compared by their answers, not by their text, so it does not matter which rule has changed, nor
how the change came: by a signed file, by figures typed in the window, by comparisons of officers, by another program.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.formdef.forms import Forms
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value, asdict, replace
from kcdesk.services.deadlines import known_dossiers, listing
from kcdesk.services.effects.change_days import days_of_change
from kcdesk.services.effects.rule_answers import DEADLINES, WARNINGS, RuleAnswer, answers_of
from kcdesk.services.law import store_register
from kcdesk.services.overview import rules_panel
from kcdesk.services.papers.sheets import Topic, print_sheet
from kcdesk.services.records import parents
from kcdesk.services.records.references import present
from kcdesk.services.warnings import foresight
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord

LAYOUT = "touched_dossiers"
EVERYBODY = "Việc định kỳ của đơn vị"  # the place of what concerns no dossier
_AHEAD = 400  # days of deadlines that are compared
_NOTHING_BEFORE, _NOTHING_AFTER = "chưa có", "không còn"


class TouchedDossier(Value, kw_only=True):
    """A topic in which a dossier gets another answer from the day `on`; `id` is "" for what concerns no dossier."""

    id: str
    kind: str
    title: str
    topic: str
    before: str
    after: str
    on: date

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same difference on another day."""
        return self.id, self.title, self.topic, self.before, self.after

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it; the day as ISO."""
        return asdict(self) | {"on": self.on.isoformat()}


def touched_dossiers(
    workspace: Workspace, before: Forms, after: Forms, progress: Progress = ignore_progress
) -> list[TouchedDossier]:
    """List the open dossiers whose answers differ between two sets of rules; nothing is written.

    Answers are compared today, and on the days ahead from which the sets differ; each difference is listed once, with
    the first day on which it was seen. Runs over connections of its own, so also in another thread.
    """
    lines: dict[tuple[str, ...], TouchedDossier] = {}
    with _under(workspace, before) as old, _under(workspace, after) as new:
        days = days_of_change(before, after, workspace.today())
        dossiers = [*open_dossiers(old)]
        for number, day in enumerate(days):
            then, now = (_on(each, day) for each in (old, new))
            for place, stored in enumerate(dossiers):
                progress(number * len(dossiers) + place, len(days) * len(dossiers), "Xem hồ sơ bị ảnh hưởng")
                for line in _of_dossier(then, now, stored, day):
                    lines.setdefault(line.key, line)
            for line in _of_store(then, now, day):
                lines.setdefault(line.key, line)
    return [*lines.values()]


def open_dossiers(workspace: Workspace) -> Iterator[StoredRecord]:
    """The dossiers that are not finished, of every kind with steps; one below a finished proposal is finished too.

    A final contract or payment is not finished while its proposal goes on: rules still speak of it.
    """
    for kind in workspace.forms.kinds:
        if kind in store_register.KINDS or not workspace.forms.has_steps(kind):
            continue
        goes_on = rules_panel.concerns(kind) and parents.parent_kind(workspace, kind)
        states = [] if goes_on else workspace.forms.open_states(kind)
        for stored in workspace.store.page(kind, where={"state": states} if states else None, limit=-1):
            if not _is_below_finished(workspace, stored):
                yield stored


def has_more_open(workspace: Workspace, number: int) -> bool:
    """Whether the store has more open dossiers than this."""
    return next(islice(open_dossiers(workspace), number, None), None) is not None


def count_sentence(touched: Sequence[TouchedDossier]) -> str:
    """How many open dossiers get another answer, in words."""
    number = len({line.id for line in touched if line.id})
    counted = text.format_integer(number) if number else "Không"
    recurring = " Thời hạn định kỳ của đơn vị cũng thay đổi." if any(not line.id for line in touched) else ""
    return f"{counted} hồ sơ đang làm{'' if number else ' nào'} có kết quả khác trước.{recurring}"


def print_touched(workspace: Workspace, why: str, touched: Sequence[TouchedDossier], pdf: Path) -> dict[str, Any]:
    """Write the list as PDF, `why` says what has changed; returns {"pdf", "pages"}."""
    rows = [asdict(line) | {"on": text.format_date(line.on)} for line in touched]
    values = {"period": Topic("rules", why), "touched": rows, "sentence": count_sentence(touched), "why": why}
    return print_sheet(workspace, LAYOUT, values, pdf)


# -- inside ------------------------------------------------------------------------------------------------------------


@contextmanager
def _under(workspace: Workspace, forms: Forms) -> Iterator[Workspace]:
    """The store read through one set of rules, over a connection of its own."""
    with workspace.alongside() as beside:
        beside.store.forms = forms
        yield replace(beside, forms=forms)


def _on(workspace: Workspace, day: date) -> Workspace:
    return replace(workspace, today=lambda: day)


def _is_below_finished(workspace: Workspace, stored: StoredRecord) -> bool:
    for parent in present(workspace, [stored.parent] if stored.parent else []):
        states = workspace.forms.open_states(parent.kind)
        return bool(states) and str(parent.data.get("state", "")) not in states
    return False


def _of_dossier(then: Workspace, now: Workspace, stored: StoredRecord, day: date) -> Iterator[TouchedDossier]:
    before, after = (_by_topic(answers_of(each, stored.record(each.forms))) for each in (then, now))
    for topic in dict.fromkeys((*before, *after)):
        old, new = before.get(topic, {}), after.get(topic, {})
        gone, come = [line for line in old if line not in new], [line for line in new if line not in old]
        if gone or come:
            yield TouchedDossier(
                id=stored.id,
                kind=stored.kind,
                title=known_dossiers.title(now, stored),
                topic=topic,
                before=" ".join(gone) or _NOTHING_BEFORE,
                after=" ".join(come) or _NOTHING_AFTER,
                on=day,
            )


def _by_topic(answers: Iterable[RuleAnswer]) -> dict[str, dict[str, None]]:
    """The sentences of each topic once, in their order."""
    topics: dict[str, dict[str, None]] = defaultdict(dict)
    for answer in answers:
        topics[answer.topic][answer.text] = None
    return topics


# -- lists of the whole store ------------------------------------------------------------------------------------------


def _of_store(then: Workspace, now: Workspace, day: date) -> Iterator[TouchedDossier]:
    yield from _differences(_deadlines(then, day), _deadlines(now, day), DEADLINES, day)
    yield from _differences(_warnings(then), _warnings(now), WARNINGS, day)


class _Listed(Value):
    """An entry of a list: its dossier and what is said."""

    id: str
    kind: str
    title: str
    words: str


def _differences(
    before: Mapping[str, _Listed], after: Mapping[str, _Listed], topic: str, day: date
) -> Iterator[TouchedDossier]:
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        entry = new or old
        if entry is not None and (old and old.words) != (new and new.words):
            yield TouchedDossier(
                id=entry.id,
                kind=entry.kind,
                title=entry.title or EVERYBODY,
                topic=topic,
                before=old.words if old else _NOTHING_BEFORE,
                after=new.words if new else _NOTHING_AFTER,
                on=day,
            )


def _deadlines(workspace: Workspace, day: date) -> dict[str, _Listed]:
    """What has to be done in the next year; the first day of what recurs stands for all of its days."""
    dues: dict[str, _Listed] = {}
    for due in listing.between(workspace, None, day + timedelta(days=_AHEAD), day):
        key = due.uid if due.id else due.uid.partition("/")[0]
        words = f"{due.what}, hạn {text.format_date(due.day)} ({listing.basis(workspace, due)})."
        dues.setdefault(key, _Listed(due.id, due.kind, due.title, words))
    return dues


def _warnings(workspace: Workspace) -> dict[str, _Listed]:
    return {
        f"{seen.rule.id}/{proposal.id}": _Listed(proposal.id, "proposal", proposal.title, proposal.sentence)
        for seen in foresight.foresights(workspace)
        for proposal in seen.proposals
    }
