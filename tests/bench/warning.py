"""How well the early warning of returned money names what is stopped later, on generated years."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.regulations.early_warnings import EarlyWarning, load_warnings
from kcdesk.runtime.frozen import Value
from kcdesk.services.warnings.facts import facts_of
from tests.bench.foresight.lives import Life, live
from tests.bench.foresight.seen_lives import traces_of_life

SEEDS = (11, 12, 13, 14, 15)  # others than those on which points and limits were chosen: 1 to 8
YEARS = (2022, 2023, 2024)
PROPOSALS = 120  # a year
EVERY = timedelta(days=5)  # between two looks at the list
AHEAD = timedelta(days=30)


class Precision(Value):
    """What was named: stops named 30 days ahead, and names that no stop followed."""

    proposals: int
    stopped: int
    foreseen: int  # stops that stood on the list 30 days ahead
    named: int  # proposals that ever stood on a list
    false: int  # of these, proposals that were not stopped
    lines: int  # of all lists together
    false_lines: int

    @property
    def foreseen_percent(self) -> float:
        """Of the stops."""
        return round(100 * self.foreseen / max(self.stopped, 1), 1)

    @property
    def false_percent(self) -> float:
        """Of the proposals that ever stood on a list."""
        return round(100 * self.false / max(self.named, 1), 1)

    @property
    def false_line_percent(self) -> float:
        """Of the lines of a list on any day."""
        return round(100 * self.false_lines / max(self.lines, 1), 1)


def lives(seeds: Iterable[int], years: Iterable[int] = YEARS, proposals: int = PROPOSALS) -> Iterator[Life]:
    """Generated lives; the same seed, year and number give the same life."""
    for seed in seeds:
        for year in years:
            for number in range(proposals):
                yield live(random.Random(f"{seed}/{year}/{number}"), number, year)


def shipped_rule() -> EarlyWarning:
    """The shipped rule of returned money."""
    forms = load()
    return next(rule for rule in load_warnings(forms.folder, forms) if rule.id == "returned_money")


def precision(rule: EarlyWarning, every_life: Iterable[Life], every: timedelta = EVERY) -> Precision:
    """Ask for the list every so many days of each life, and count."""
    counted = [_counted(life, _named_days(rule, life, every)) for life in every_life]
    return Precision(*(sum(numbers) for numbers in zip(*counted, strict=True)))


def _named_days(rule: EarlyWarning, life: Life, every: timedelta) -> dict[date, bool]:
    """Whether the proposal stands on the list, by day."""
    day, named = date(life.decided_on.year, 1, 10), {}
    while day < life.over_on:
        traces = traces_of_life(life, day)
        named[day] = traces is not None and rule.names(rule.holding(facts_of(traces, rule, day)))
        day += every
    return named


def _counted(life: Life, named: dict[date, bool]) -> tuple[int, ...]:
    stops, lines = life.stopped_on is not None, sum(named.values())
    ahead = [is_named for day, is_named in named.items() if life.stopped_on and day <= life.stopped_on - AHEAD]
    is_false = bool(lines) and not stops
    return 1, int(stops), int(bool(ahead) and ahead[-1]), int(bool(lines)), int(is_false), lines, lines * (not stops)


def measure() -> dict[str, object]:
    """Percent of the stops named 30 days ahead, and of the names that were false alarms."""
    start = time.perf_counter()
    counted = precision(shipped_rule(), lives(SEEDS))
    return {
        "proposals": counted.proposals,
        "stopped": counted.stopped,
        "foreseen_percent": counted.foreseen_percent,
        "aim_percent": 90,
        "named": counted.named,
        "false_alarm_percent": counted.false_percent,
        "false_line_percent": counted.false_line_percent,
        "seconds": round(time.perf_counter() - start, 1),
    }
