"""A random user at both levels; tests/README.md says how to let it loose for longer."""

import os
import re

import pytest

from tests.journeys.random_user import desk
from tests.journeys.random_user.command import explained
from tests.journeys.random_user.invariants import stored_now
from tests.journeys.random_user.walk import Walk

_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{16}\b")  # of a record or file, of a row
ACTS = int(os.environ.get("RANDOM_ACTS", "250"))  # of each walk: a thousand in all
SEEDS = (1, 2)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """The practice stores of both levels, and a tray of files."""
    return desk.prepare(tmp_path_factory.mktemp("random") / "prepared")


OPEN: frozenset[str] = frozenset()  # kinds of findings that are known and not mended yet


@pytest.mark.skipif(not ACTS, reason="RANDOM_ACTS says how many acts each walk does")
@pytest.mark.parametrize("level", ["unit", "province"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_user_finds_nothing_wrong(qapp, prepared, tmp_path, level, seed):
    assert qapp is not None, "Qt's objects need an application"
    with desk.Desk(prepared, level, tmp_path).sitting() as there:
        walk = Walk(there, seed)
        walk.wander(ACTS)
    assert len(walk.done) >= ACTS
    assert len(walk.seen.places) > 5
    faults = {name: fault for name, fault in walk.faults.items() if name not in OPEN}
    assert not faults, explained(prepared, level, faults)


def test_two_walks_of_a_seed_do_the_same_and_leave_the_same(qapp, prepared, tmp_path):
    assert qapp is not None, "Qt's objects need an application"
    acts, stored = zip(*(_walked(prepared, tmp_path / name) for name in ("first", "second")), strict=True)
    assert [str(act) for act in acts[0]] == [str(act) for act in acts[1]]
    assert _numbered(stored[0]) == _numbered(stored[1])
    assert len(stored[0].steps) == len(stored[1].steps)


def _walked(prepared, folder):
    """The acts of a short walk, and every record that the store has then."""
    folder.mkdir()
    with desk.Desk(prepared, "unit", folder).sitting() as there:
        walk = Walk(there, 3)
        walk.wander(20)
        return tuple(walk.done), stored_now(there.workspace)


def _numbered(stored):
    """The records with each id as a number, since a walk makes the ids of its records, rows and files anew."""
    numbers = {}
    return _ID.sub(lambda found: str(numbers.setdefault(found[0], len(numbers))), repr(list(stored.records.items())))
