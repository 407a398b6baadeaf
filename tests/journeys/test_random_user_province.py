"""A random user at a province; tests/README.md says how to let it loose for longer."""

from tests.journeys.random_user import desk
from tests.journeys.random_user.command import explained
from tests.journeys.random_user.walk import Walk

ACTS = 500
SEED = 1


def test_a_random_user_finds_nothing_wrong(qapp, tmp_path):
    assert qapp is not None, "Qt's objects need an application"
    prepared = desk.prepare(tmp_path / "prepared")
    with desk.Desk(prepared, "province", tmp_path).sitting() as there:
        walk = Walk(there, SEED)
        walk.wander(ACTS)
    assert len(walk.done) >= ACTS
    assert len(walk.seen.places) > 10
    assert not walk.faults, explained(prepared, "province", walk.faults)
