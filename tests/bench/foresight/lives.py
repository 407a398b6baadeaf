"""Lives of supported establishments: hidden causes decide how each ends, and an officer's visits leave traces of them.

The rule of early warning sees only the traces. What ends a proposal here is money that does not come, orders that fail
or an accident; none of these is written in a record, and nothing here reads the rule.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

STEP = 5  # days between two looks at a hidden life


@dataclass(slots=True)
class Look:
    """What an officer writes about one visit; shares of the whole."""

    day: date
    found: float
    claimed: float
    documented: float  # counterpart that papers prove
    remedy_by: date | None = None
    remedied_on: date | None = None
    advises_change: bool = False
    tasks: tuple[tuple[date, bool], ...] = ()  # of the work plan: until when, and whether it was done


@dataclass(slots=True)
class Life:
    """One proposal from its decision to its end; `stopped_on` is the day on which it asks to be stopped."""

    number: int
    signed_on: date
    ends_on: date
    decided_on: date
    looks: list[Look] = field(default_factory=list)
    extended_on: date | None = None
    accepted_on: date | None = None
    stopped_on: date | None = None

    @property
    def over_on(self) -> date:
        """The day after which nothing is left to warn of."""
        return self.stopped_on or self.accepted_on or date.max


class _Hidden:
    """What nobody writes down: purse, orders, deliveries, accidents."""

    def __init__(self, chance: random.Random, days: int) -> None:
        self.chance = chance
        is_poor, is_losing = chance.random() < 0.06, chance.random() < 0.04
        self.purse = chance.uniform(0.05, 0.75) if is_poor else max(0.8, chance.gauss(1.2, 0.2))
        self.orders = chance.gauss(1.0, 0.15)
        self.loss = chance.uniform(0.6, 1.8) / days if is_losing else chance.uniform(0.0, 0.15) / days  # a day
        self.shock = chance.randrange(20, days) if chance.random() < 0.004 else None
        self.by_delivery = chance.random() < 0.55  # a machine comes at once; building goes on day by day
        self.delay = max(0, int(chance.gauss(8, 14)))
        self.pace = max(0.7, chance.gauss(1.08, 0.14))
        self.deposit, self.deposit_at = chance.uniform(0.3, 0.55), chance.uniform(0.12, 0.4)
        self.delivery_at = chance.uniform(0.55, 0.95)
        self.patience = chance.randrange(75, 180)  # days from standing still to the decision: hopes, urging, a check
        self.paper_days = chance.randrange(8, 35)
        self.work = self.spent = 0.0
        self.stuck_days = 0

    @property
    def is_healthy(self) -> bool:
        return self.purse >= 0.85 and self.orders > 0.3

    def live(self, day: int, days: int) -> None:
        """Let a few days go by: what is planned, as far as money and orders reach."""
        share = max(0, day - self.delay) / days * self.pace
        wanted, work = self._by_delivery(share) if self.by_delivery else (min(share, 1.0), min(share, 1.0))
        within_purse = min(1.0, self.purse * min(1.0, 0.35 + share))
        self.orders -= self.loss * STEP * self.chance.uniform(0.5, 1.5)
        goes_on = self.orders > 0.25
        self.spent = max(self.spent, min(wanted, within_purse)) if goes_on else self.spent
        reached = work if self.spent >= wanted - 0.03 else min(work, self.spent)
        self.work = max(self.work, reached) if goes_on else self.work
        has_missed = any(at <= day / days and not self.has_done(part) for at, part in self.plan())
        self.stuck_days = self.stuck_days + STEP if has_missed and not self.is_healthy else 0

    def _by_delivery(self, share: float) -> tuple[float, float]:
        """What should be spent and done by then when a machine is ordered, paid for in part, and delivered."""
        if share >= self.delivery_at:
            return 1.0, min(1.0, 0.85 + (share - self.delivery_at))
        return (self.deposit if share >= self.deposit_at else 0.03), min(0.12, share / 4)

    def gives_up(self, day: int, days: int) -> bool:
        """Whether it asks to be stopped now."""
        if self.shock is not None and day >= self.shock + self.paper_days:
            return True
        is_far = self.work >= 0.75  # so much done is finished somehow, with less money
        is_late = day > days * 0.45
        return is_late and not is_far and not self.is_healthy and self.stuck_days >= self.patience

    def plan(self) -> tuple[tuple[float, float], ...]:
        """The tasks of the work plan: by which part of the time, and which part of the work is then done."""
        if self.by_delivery:
            return ((self.deposit_at, 0.0), (self.delivery_at, 0.8))
        return tuple((part / 4, part / 4 - 0.05) for part in (1, 2, 3, 4))

    def has_done(self, work: float) -> bool:
        """Whether a task of the plan is done: by the money of the order, else by the work."""
        return self.spent >= self.deposit * 0.95 if work == 0.0 else self.work >= work


def live(chance: random.Random, number: int, year: int) -> Life:
    """Play one life; the same chance gives the same life."""
    decided = date(year, 1, 20) + timedelta(chance.randrange(40))
    signed = decided + timedelta(chance.randrange(10, 45))
    ends = min(signed + timedelta(chance.randrange(150, 270)), date(year, 12, 15))
    life = Life(number, signed, ends, decided)
    days = (ends - signed).days
    hidden = _Hidden(chance, days)
    visit, habit = chance.randrange(20, 55), min(max(int(chance.gauss(40, 14)), 25), 110)
    for day in range(0, days + 121, STEP):
        today = signed + timedelta(day)
        hidden.live(day, days)
        if hidden.gives_up(day, days):
            life.stopped_on = today
            break
        if hidden.work >= 0.97 or (hidden.work >= 0.75 and day >= days + 30):
            life.accepted_on = today + timedelta(10)
            break
        if day >= visit:
            look = _look(chance, hidden, today, day / days)
            look.tasks = tuple(
                (signed + timedelta(int(at * days)), hidden.has_done(work)) for at, work in hidden.plan()
            )
            life.looks.append(look)
            is_late = any(until <= today and not is_done for until, is_done in look.tasks)
            visit = day + max(20, int(chance.gauss(min(habit, 30) if is_late else habit, 10)))
        if day >= days - 15 and life.extended_on is None and hidden.is_healthy:
            life.extended_on = today
            life.ends_on = ends + timedelta(60)
    if life.stopped_on is None and life.accepted_on is None:
        last = signed + timedelta(days + 125)
        life.stopped_on, life.accepted_on = (None, last) if hidden.work > 0.5 else (last, None)
    return life


def _look(chance: random.Random, hidden: _Hidden, today: date, share: float) -> Look:
    """What is written about a visit: measured roughly, claimed hopefully, proved as far as there are papers."""
    found = min(max(round((hidden.work + chance.gauss(0, 0.05)) * 20) / 20, 0.0), 1.0)
    claimed = min(max(found + max(0.0, chance.gauss(0.05, 0.07)), 0.0), 1.0)
    look = Look(today, found, claimed, round(hidden.spent * chance.uniform(0.8, 1.0), 2))
    lags = share - hidden.work > 0.3
    if lags and chance.random() < 0.3:
        look.remedy_by = today + timedelta(chance.randrange(20, 45))
        if chance.random() < (0.8 if hidden.is_healthy else 0.25):
            look.remedied_on = look.remedy_by - timedelta(5)
    look.advises_change = not hidden.is_healthy and hidden.stuck_days > 20 and chance.random() < 0.2
    return look
