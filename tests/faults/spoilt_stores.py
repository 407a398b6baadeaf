"""A store on a spoilt disk: refused, or told by the check, or whole; never read as something else without a word."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from kcdesk.errors import KcdeskError
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing
from tests.faults.desk import DRAFT, READY, Desk, opened, state_of, title_of
from tests.faults.spoiling import Spoil
from tests.faults.trying import KILLED, RAW, State, difference, said_by

FILES = {"unit": ("kcdesk.db", "files.db", "key.json"), "plain": ("kcdesk.db", "files.db")}


def prepare(desk: Desk, store: Path) -> None:
    """Give a store an attachment and a locked dossier, so that every kind of file and table has content."""
    with opened(store) as workspace:
        changing.attach(workspace, title_of(workspace, DRAFT), "attachments", [desk.stick / "anh.pdf"])
        steps.take_step(workspace, title_of(workspace, READY), "finalise")


def whole_state(store: Path) -> State:
    """The state of the store before it is spoilt."""
    with opened(store) as workspace:
        return state_of(workspace)


def complaints_of_spoilt(store: Path, name: str, spoil: Spoil, chance: random.Random, before: State) -> list[str]:
    """Spoil one file of the store, open and read it; what is not as it must be."""
    spoil(store / name, chance)
    lines = said_by(lambda say: _read(store, before, say))
    ends = [line.removeprefix("end ") for line in lines if line.startswith("end ")] or [KILLED]
    return [end for end in ends if end.startswith((RAW, KILLED, "silently"))]


def _read(store: Path, before: State, say: Callable[[str], None]) -> None:
    try:
        with opened(store) as workspace:
            state, check = state_of(workspace), workspace.store.check()
    except KcdeskError as error:
        say(f"end {error.code}")
        return
    say("end whole" if state == before or check else f"end silently {difference(before, state)}")
