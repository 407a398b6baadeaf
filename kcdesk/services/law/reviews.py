"""«Rà soát … cho năm …»: the instruments for which nobody vouches any more, and who is to compare them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from kcdesk import text
from kcdesk.formdef.law.checks import LawCheck
from kcdesk.formdef.law.instruments import Instrument
from kcdesk.runtime.frozen import Value
from kcdesk.services.staff import offices
from kcdesk.services.staff.offices import Person
from kcdesk.services.workspace import Workspace

PLACE = "law:"  # begins the id of the page of the register at an instrument; its number follows
_DAYS = 30  # to compare again, from the first day on which nobody vouches
_HEADS = ("giam doc", "truong", "chanh")  # how the title of the head of an office begins, without marks


class Review(Value, kw_only=True):
    """An instrument to compare again by a day; `officer` is the id of who is responsible, "" if nobody is known."""

    number: str
    since: date  # the first day without anybody who vouches
    officer: str
    officer_name: str
    waits: bool  # one person has compared it again, the second is missing

    @property
    def day(self) -> date:
        """The day by which it is due."""
        return self.since + timedelta(days=_DAYS)

    def words(self, on: date) -> str:
        """«Rà soát TT 28/2018/TT-BTC cho năm 2027»."""
        rest = " (một người đã đối chiếu, chờ người thứ hai)" if self.waits else ""
        return f"Rà soát {self.number} cho năm {on.year}{rest}"


def reviews(workspace: Workspace, on: date) -> list[Review]:
    """What has to be compared again as seen on a day, by number.

    An office that decides vouches for all that its rules cite; the others for what their own officers have compared.
    """
    last_days = {entry.id: _last_day(workspace, entry, on) for entry in workspace.forms.law.instruments}
    due = {number: last for number, last in sorted(last_days.items()) if last is not None and last < on}
    serving = [person for person in offices.everybody(workspace) if person.serves] if due else []
    return [_review(workspace, number, last, serving) for number, last in due.items()]


def _last_day(workspace: Workspace, entry: Instrument, on: date) -> date | None:
    """The last day on which somebody vouches for an instrument and each part that was compared; None: no such day."""
    checks = [check for check in workspace.forms.law.checks_of(entry.id) if check.is_complete]
    own = [check for check in checks if check.id]
    if (entry.effective_to is not None and entry.effective_to < on) or not (workspace.level.decides or own):
        return None
    whole = [check.until for check in checks if not check.articles]
    whole += [entry.checked_until] if entry.checked_until is not None else []
    days = [max(whole)] if whole else []
    for articles in {check.articles for check in checks if check.articles}:
        days.append(max([*whole, *(check.until for check in checks if check.articles == articles)]))
    return min(days, default=None)


def _review(workspace: Workspace, number: str, last: date, serving: Sequence[Person]) -> Review:
    law = workspace.forms.law
    officer = next(_responsible(workspace, law.checks_of(number), serving), None)
    return Review(
        number=number,
        since=last + timedelta(days=1),
        officer=officer.id if officer else "",
        officer_name=officer.name if officer else "",
        waits=law.is_waiting(number),
    )


def _responsible(workspace: Workspace, checks: Iterable[LawCheck], serving: Sequence[Person]) -> Iterator[Person]:
    """Who has compared it and still serves, else the head of the office, else the officer of this laptop."""
    by_id = {person.id: person for person in serving}
    compared = (str(workspace.store.record(check.id).value("checker") or "") for check in checks if check.id)
    yield from (by_id[id_] for id_ in compared if id_ in by_id)
    yield from (person for person in serving if text.fold(person.title).startswith(_HEADS))
    own = text.fold(workspace.identity.officer.name)
    yield from (person for person in serving if text.fold(person.name) == own)
