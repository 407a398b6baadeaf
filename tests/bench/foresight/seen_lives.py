"""What the records of a life say up to a day, without a store: the measure asks for thousands of days."""

from __future__ import annotations

from datetime import date, timedelta

from kcdesk.services.warnings.traces import SeenVisit, Traces
from tests.bench.foresight.lives import Life, Look

COST, SUPPORT = 570_000_000, 200_000_000
COUNTERPART = COST - SUPPORT
EXTENSION = timedelta(days=60)


def traces_of_life(life: Life, on: date) -> Traces | None:
    """The traces on a day; None before the decision and after the end."""
    if not life.decided_on <= on < life.over_on:
        return None
    is_extended = life.extended_on is not None and life.extended_on <= on
    ends = life.ends_on - EXTENSION if life.extended_on and not is_extended else life.ends_on
    visits = [_visit(look, on) for look in life.looks if look.day <= on]
    return Traces(
        id=str(life.number),
        unit="",
        ends_on=ends,
        decided_on=life.decided_on,
        year=life.decided_on.year,
        support=SUPPORT,
        counterpart=COUNTERPART,
        signed_on=life.signed_on if life.signed_on <= on else None,
        visits=visits,
        last_seen=visits[-1].day if visits else None,
        extensions=int(is_extended),
    )


def _visit(look: Look, on: date) -> SeenVisit:
    is_late = look.remedy_by is not None and look.remedy_by < on and look.remedied_on is None
    return SeenVisit(
        look.day,
        COST,
        round(look.claimed * COST),
        round(look.found * COST),
        round(look.documented * COUNTERPART),
        conclusion_of(look),
        int(is_late),
        tuple(day for day, is_done in look.tasks if not is_done),
    )


def conclusion_of(look: Look) -> str:
    """What the officer concludes, as the form of a visit has it."""
    return "change" if look.advises_change else "remedies" if look.remedy_by else "confirmed"
