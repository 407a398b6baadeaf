"""The long run, `python -m tests.faults --help`: acts interrupted at many writes, and how many survived."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import product
from pathlib import Path

from kcdesk.runtime.frozen import Value
from kcdesk.store.database import strength
from tests.faults.acts import ACTS, Act
from tests.faults.clocks import YEARS, clock_of
from tests.faults.disk import DEADLY, ON_STICK, Disk, Fault
from tests.faults.spoiling import SPOILS
from tests.faults.spoilt_stores import FILES, complaints_of_spoilt, prepare, whole_state
from tests.faults.trying import Course, Desks, complaints, told

FAULTS = tuple(fault for fault in Fault if fault is not Fault.NONE)
_CLOCK, _SPOILT = "wrong clock", "a store that lies still"


class Try(Value):
    """A try and what was not as it must be afterwards."""

    act: str
    fault: str
    point: int
    complaints: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.act}, {self.fault} at {self.point}: {'; '.join(self.complaints)}"


def tries_of_act(act: Act, desks: Desks, faults: Sequence[Fault], number: int, chance: random.Random) -> Iterator[Try]:
    """Try an act with each fault at up to `number` writes."""
    course = desks.course(act)
    for fault in faults:
        for point in _points(act, course, fault, number, chance):
            desk = desks.copied(act)
            disk = Disk(desk.stick if fault in ON_STICK else desk.folder, fault, point)
            found = complaints(act, course, desk, told(act, desk, disk), may_die=fault in DEADLY)
            yield Try(act.name, fault.value, point, tuple(found))


def tries_of_clocks(act: Act, desks: Desks) -> Iterator[Try]:
    """Try an act on a laptop whose clock is wrong; it is done, or refused with a sentence."""
    course = desks.course(act)
    for year in YEARS:
        desk = desks.copied(act)
        yield Try(act.name, _CLOCK, year, tuple(complaints(act, course, desk, told(act, desk, clock_of(year)))))


def tries_of_spoils(desks: Desks, number: int, chance: random.Random) -> Iterator[Try]:
    """Spoil each file of an encrypted and of a practice store in every way, `number` times."""
    for which, files in FILES.items():
        desk = desks.copied()
        store: Path = getattr(desk, which)
        prepare(desk, store)
        before, kept = whole_state(store), shutil.copytree(store, desk.folder / "kept")
        for name, spoil, point in product(files, SPOILS, range(number)):
            shutil.rmtree(store)
            shutil.copytree(kept, store)
            found = complaints_of_spoilt(store, name, spoil, chance, before)
            yield Try(f"{_SPOILT}: {which}/{name}", spoil.__name__, point, tuple(found))


def _points(act: Act, course: Course, fault: Fault, number: int, chance: random.Random) -> list[int]:
    """The writes at which a fault comes: the first, the last, and others by chance, in all at most `number`."""
    if fault in ON_STICK and not act.is_on_stick:
        return []
    writes = course.writes_on_stick if fault in ON_STICK else course.writes
    if writes <= number:
        return list(range(1, writes + 1))
    return sorted({1, writes, *chance.sample(range(1, writes + 1), max(0, number - 2))})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tries until they end or Ctrl+C, print every finding and the table; returns 1 if something was lost."""
    options = _parser().parse_args(arguments)
    os.environ[strength.VARIABLE] = strength.THROW_AWAY
    tried: list[Try] = []
    with tempfile.TemporaryDirectory() as folder:
        move_home(Path(folder) / "home")
        with suppress(KeyboardInterrupt):  # a long run may be stopped; what was tried counts
            for attempt in _all_tries(Desks(Path(folder)), options):
                tried.append(attempt)
                if attempt.complaints:
                    print(attempt, flush=True)
    print_table(tried)
    return 1 if any(attempt.complaints for attempt in tried) else 0


def _all_tries(desks: Desks, options: argparse.Namespace) -> Iterator[Try]:
    chance = random.Random(options.seed)
    faults = [fault for fault in FAULTS if options.fault in fault.value]
    for act in ACTS:
        if options.act in act.name:
            yield from tries_of_act(act, desks, faults, options.points, chance)
            if options.fault in _CLOCK:
                yield from tries_of_clocks(act, desks)
    if options.act in _SPOILT:
        yield from tries_of_spoils(desks, options.points, chance)


def move_home(home: Path) -> None:
    """Let nothing of this machine's user be touched."""
    home.mkdir()
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"):
        os.environ[name] = str(home)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--points", type=int, default=20, help="writes at which each fault comes, for each act")
    parser.add_argument("--act", default="", help="only acts with this in their name")
    parser.add_argument("--fault", default="", help="only faults with this in their name")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def print_table(tried: Sequence[Try]) -> None:
    """Print, for each act and fault, how many of the tries survived."""
    survived = Counter((attempt.act, attempt.fault) for attempt in tried if not attempt.complaints)
    numbers = Counter((attempt.act, attempt.fault) for attempt in tried)
    for (act, fault), number in numbers.items():
        print(f"{act:42}{fault:24}{survived[act, fault]:>6} of {number}")
    print(f"{len(tried)} tried, {survived.total()} survived")
