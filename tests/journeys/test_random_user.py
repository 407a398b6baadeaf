"""A random user at both levels; tests/README.md says how to let it loose for longer."""

import os

import pytest

from tests.journeys.random_user import desk
from tests.journeys.random_user.command import explained
from tests.journeys.random_user.walk import Walk

ACTS = int(os.environ.get("RANDOM_ACTS", "0"))  # of each walk; none when nobody asks for them


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """The practice stores of both levels, and a tray of files."""
    return desk.prepare(tmp_path_factory.mktemp("random") / "prepared")


@pytest.mark.skipif(not ACTS, reason="RANDOM_ACTS says how many acts each walk does")
@pytest.mark.parametrize("level", ["unit", "province"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_user_finds_nothing_wrong(qapp, prepared, tmp_path, level, seed):
    assert qapp is not None, "Qt's objects need an application"
    with desk.Desk(prepared, level, tmp_path).sitting() as there:
        walk = Walk(there, seed)
        walk.wander(ACTS)
    assert len(walk.done) >= ACTS
    assert len(walk.seen.places) > 5
    assert not walk.faults, explained(prepared, level, walk.faults)
