"""One try: an act on a copy of the desk, in a process of its own, under a fault; and what is found afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

from kcdesk.bounded import worker
from kcdesk.errors import KcdeskError, UserError
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.packages import sending
from kcdesk.store.store import Store
from tests.faults import arrivals
from tests.faults.acts import Act
from tests.faults.desk import Desk, make_desk, opened, state_of
from tests.faults.disk import Disk
from tests.faults.python_disk import python_on
from tests.faults.sqlite_disk import sqlite_on

RAW, KILLED = "raw error:", "killed"
_UNFINISHED = (".part", ".new", ".anew", ".ready")
_GENUINE = ("authentic", "unknown_sender")
_SECONDS = 120  # for one act; longer means that it hangs

State = tuple[str, ...]
Surroundings = AbstractContextManager[object]


class Course(Value):
    """How an act goes without a fault: the states after each «done», the first being before the act, and its writes."""

    states: tuple[State, ...]
    writes: int
    writes_on_stick: int


class Told(Value):
    """What the process of an act said: how often «done», and its end: «ended», a code, a raw error, or «killed»."""

    acknowledged: int
    end: str
    writes: int


class Desks:
    """Copies of one desk, always at the same place, so that a store is not taken for a copy of another."""

    def __init__(self, folder: Path) -> None:
        self._made, self._place = folder / "made", folder / "place"
        self._courses: dict[str, Course] = {}
        make_desk(self._place, arrivals.lay_out)
        self._place.rename(self._made)

    def copied(self, act: Act | None = None) -> Desk:
        """A fresh copy for one try."""
        shutil.rmtree(self._place, ignore_errors=True)
        shutil.copytree(self._made, self._place)
        desk = Desk(self._place)
        if act is not None and act.before is not None:
            act.before(desk)
        return desk

    def course(self, act: Act) -> Course:
        """How the act goes without a fault, found once: stopped after each step, then with its writes counted."""
        if act.name not in self._courses:
            everywhere, on_stick = (self._writes(act, folder) for folder in ("folder", "stick"))
            self._courses[act.name] = Course(tuple(self._states(act)), everywhere, on_stick)
        return self._courses[act.name]

    def _states(self, act: Act) -> Iterator[State]:
        for wanted in count():
            desk = self.copied(act)
            doing = act.run(desk)
            done = sum(1 for _ in zip(range(wanted), doing, strict=False))
            doing.close()  # as if the officer closed the program here
            if done < wanted:
                return
            yield _state(act, desk)[0]

    def _writes(self, act: Act, folder: str) -> int:
        desk = self.copied(act)
        return told(act, desk, Disk(getattr(desk, folder))).writes


def told(act: Act, desk: Desk, surroundings: Disk | Surroundings) -> Told:
    """Do the act in a process of its own, on a disk or in other surroundings; what it said."""
    lines = said_by(lambda say: _do(act, desk, surroundings, say))
    ends = [line.removeprefix("end ") for line in lines if line.startswith("end ")]
    writes = [int(line.removeprefix("writes ")) for line in lines if line.startswith("writes ")]
    return Told(lines.count("done"), ends[0] if ends else KILLED, writes[0] if writes else 0)


def said_by(run: Callable[[Callable[[str], None]], None]) -> list[str]:
    """Run a function in a process of its own; what it said, «end raw error: …» if it broke."""
    reading, writing = os.pipe()
    worker.end_waiting()  # two processes cannot talk to one worker
    process = os.fork()
    if process == 0:
        os.close(reading)
        _in_child(run, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        lines = pipe.read().split("\0")
    os.waitpid(process, 0)
    return lines


def _in_child(run: Callable[[Callable[[str], None]], None], pipe: int) -> None:
    def say(words: str) -> None:
        os.write(pipe, f"{words}\0".encode())

    signal.alarm(_SECONDS)
    try:
        run(say)
    except BaseException:
        say(f"end {_raw_error()}")
    finally:
        os._exit(0)


def _do(act: Act, desk: Desk, surroundings: Disk | Surroundings, say: Callable[[str], None]) -> None:
    on = _on(surroundings) if isinstance(surroundings, Disk) else surroundings
    with on:
        try:
            for _ in act.run(desk):
                say("done")
            say("end ended")
        except KcdeskError as error:
            say(f"end {error.code}")
    if isinstance(surroundings, Disk):
        say(f"writes {surroundings.writes}")


@contextmanager
def _on(disk: Disk) -> Iterator[None]:
    with python_on(disk), sqlite_on(disk):
        yield


def _raw_error() -> str:
    """The error that would have reached a person, and where it came from."""
    _, error, place = sys.exc_info()
    ours = [frame for frame in traceback.extract_tb(place) if f"{os.sep}kcdesk{os.sep}" in frame.filename]
    return f"{RAW} {error!r} in {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else f"{RAW} {error!r}"


# -- what is found afterwards --------------------------------------------------------------------------------------


def complaints(act: Act, course: Course, desk: Desk, told_: Told, *, may_die: bool = False) -> list[str]:
    """What is not as it must be after a fault; nothing if all is well."""
    found = [told_.end] if told_.end.startswith(RAW) else []
    if told_.end == KILLED and not may_die:
        found.append("it hung, or ended by itself")
    try:
        state, check = _state(act, desk)
    except KcdeskError as error:
        return [*found, f"does not open: {error.code} {error}"]
    except Exception:
        return [*found, f"does not open: {_raw_error()}"]
    allowed = course.states[told_.acknowledged : told_.acknowledged + 2]
    if state not in allowed:
        found.append(f"after {told_.acknowledged} done: {difference(allowed[0], state)}")
    found += [f"check: {fault}" for fault in check]
    if state:  # of a store that was not made yet, the next try clears away what is there
        found += _left(act, desk)
    found += _spoilt_on_stick(desk)
    return found or _again(act, course, desk, state)


def _left(act: Act, desk: Desk) -> list[str]:
    return [f"left behind: {path.name}" for path in act.store(desk).rglob("*") if path.name.endswith(_UNFINISHED)]


def _state(act: Act, desk: Desk) -> tuple[State, list[str]]:
    store = act.store(desk)
    if act.may_lack and not Store.is_store(store):
        return (), []
    for secret in act.secrets:
        try:
            with opened(store, secret) as workspace:
                beside = act.beside(desk) if act.beside else ()
                return (*state_of(workspace), *beside, f"opens by {secret}"), workspace.store.check()
        except UserError as error:
            if error.code != "wrong_passphrase" or secret == act.secrets[-1]:
                raise
    raise AssertionError(act.secrets)


def _again(act: Act, course: Course, desk: Desk, state: State) -> list[str]:
    """Whether an act of which nothing has happened can be done now."""
    if len(course.states) != 2 or state != course.states[0] or state == course.states[1]:
        return []
    try:
        for _ in act.run(desk):
            pass
    except Exception as error:
        return [f"cannot be done afterwards: {error!r}"]
    is_same = _state(act, desk)[0] == course.states[1]
    return _left(act, desk) if is_same else ["done afterwards, it has another result"]


def _spoilt_on_stick(desk: Desk) -> list[str]:
    """What has the name of something whole on the stick and is not: the package, the copy of the store."""
    found = []
    if desk.sent.exists() and (status := sending.inspect(None, desk.sent, "")["status"]) not in _GENUINE:
        found.append(f"the package is {status}")
    if desk.backup.exists():
        try:
            with opened(desk.backup) as copy:
                found += [f"the copy: {line}" for line in copy.store.check()]
        except KcdeskError as error:
            found.append(f"the copy does not open: {error}")
    return found


def difference(expected: State, state: State) -> str:
    """What a state lacks and has too much, in short."""
    lacking = [line[:120] for line in expected if line not in state]
    more = [line[:120] for line in state if line not in expected]
    return f"lacks {lacking[:3]}, has {more[:3]}"
