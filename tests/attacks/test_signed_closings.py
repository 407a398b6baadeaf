"""The end of the history, signed with the unit's key when the store is closed.

The attacker has the passphrase and a tool for SQLite: he rewrites the past with all its hashes, and wipes the anchors.
"""

from __future__ import annotations

import base64
import json
import shutil
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from kcdesk import moments, paths
from kcdesk.exchange.container import signing
from kcdesk.progress import ignore_progress
from kcdesk.runtime.frozen import asdict, replace
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import full_check, relocation, restoring, soundness
from kcdesk.services.records import changing
from kcdesk.store import history
from kcdesk.store.database import key
from kcdesk.store.database.db import Connection
from kcdesk.store.safety import anchor
from kcdesk.store.safety.closings import KEPT, SignedEnd, read_closings, with_closing
from tests.attacks.test_older_stores import ANCHOR, DATABASE, SECRET, doubt, killed, made, opened, put, work
from tests.examples import one_of

_PLACES = 2048  # bytes of the places before that of the closing
_TRIGGERS = ("act_no_update", "change_no_update")
_LINES = """
SELECT change.seq, act.id, at, stamp, device, officer, action, undoes, record.id, operation, before, after
FROM change JOIN act ON act.seq = act JOIN record ON record.seq = record ORDER BY change.seq
"""


@pytest.fixture(scope="module", params=["sealed", "practice"])
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("stores") / request.param, practice=request.param == "practice")


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Path:
    """A store with two tasks, closed at its place."""
    folder = Path(shutil.copytree(template, tmp_path / "store"))
    workspace = opened(folder)
    relocation.settle(workspace, relocation.doubt(workspace), "moved")
    changing.add(workspace, "task", {"title": "Hai"})
    workspace.close()
    return folder


def raw(folder: Path) -> Connection:
    """The database as a tool for SQLite opens it."""
    return Connection(folder / DATABASE, key.unlock(folder, SECRET) if (folder / "key.json").exists() else None)


def kept(folder: Path) -> dict[str, SignedEnd]:
    with closing(raw(folder)) as connection:
        return read_closings(json.loads(connection.value("SELECT value FROM setting WHERE name = ?", [KEPT])))


def problems(folder: Path) -> tuple[str, ...]:
    """What the full check in the background and the command find."""
    workspace = opened(folder)
    try:
        found = full_check.checking(workspace)(ignore_progress).problems
        assert tuple(soundness.check(workspace)["problems"]) == found
        return found
    finally:
        workspace.close()


def rewrite(folder: Path) -> None:
    """Give the first act another name and compute all hashes anew."""
    with closing(raw(folder)) as connection:
        for name in _TRIGGERS:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE act SET action = 'Việc khác' WHERE seq = (SELECT min(seq) FROM act)")
        prev = ""
        for seq, *act, record, operation, before, after in map(tuple, connection.all(_LINES)):
            hash_ = history.link(prev, tuple(act), record, operation, before, after)
            connection.execute("UPDATE change SET prev = ?, hash = ? WHERE seq = ?", [prev, hash_, seq])
            prev = hash_


def wipe_anchors(folder: Path) -> None:
    """Take away what the anchors themselves say, and leave the closing."""
    for path in (folder / ANCHOR, *paths.machine_folder().glob("*.anchor")):
        path.write_bytes(bytes(_PLACES) + path.read_bytes()[_PLACES:])


def test_the_end_is_signed_at_a_close_and_anybody_can_verify_it(store: Path) -> None:
    (signed,) = kept(store).values()
    workspace = opened(store)
    tip, own = workspace.store.tips.now(), partners.own_identity(workspace)["fingerprint"]
    workspace.close()
    assert (signed.acts, signed.stamp, signed.lines, signed.hash) == (tip.acts, tip.stamp, tip.lines, tip.hash)
    assert signing.fingerprint(signed.key) == own
    assert signing.verify(signed.key, "end of history", signed.content, base64.b64decode(signed.signature))
    assert problems(store) == ()


def test_a_session_without_an_act_signs_nothing_anew(store: Path) -> None:
    before = (store / ANCHOR).read_bytes(), kept(store)
    assert doubt(store) == ("", "")
    assert ((store / ANCHOR).read_bytes(), kept(store)) == before
    work(store, "Ba")
    assert kept(store) != before[1]


def test_a_session_that_was_killed_is_no_doubt(store: Path) -> None:
    put(store, killed(store, "Ba", "Bốn"))
    assert doubt(store) == ("", "")
    assert problems(store) == ()


def test_a_past_rewritten_with_its_hashes_is_told_at_the_opening_and_by_the_check(store: Path) -> None:
    rewrite(store)
    wipe_anchors(store)
    suspicion, sentence = doubt(store)
    assert suspicion == "older"
    assert "Lịch sử của kho này khác" in sentence
    (problem,) = problems(store)
    assert "nay khác điều khoá của đơn vị đã ký" in problem
    workspace = opened(store)
    assert relocation.heading("older", workspace.store.loss) == "Lịch sử của kho đã khác đi"
    relocation.settle(workspace, relocation.doubt(workspace), "restored")
    assert "Tiếp tục với bản này: lịch sử khác" in workspace.store.acts(1)[0].action
    workspace.close()
    assert doubt(store) == ("", "")


@pytest.mark.parametrize("is_own_key", [True, False])
def test_a_closing_that_the_unit_has_not_signed_is_told(store: Path, is_own_key: bool) -> None:
    rewrite(store)
    with closing(raw(store)) as connection:
        forger, (day, old) = signing.new_key(), next(iter(kept(store).items()))
        tip = connection.first("SELECT seq, hash FROM change ORDER BY seq DESC LIMIT 1")
        forged = replace(old, lines=tip[0], hash=tip[1], key=old.key if is_own_key else signing.public_key(forger))
        signature = signing.sign(forger, "end of history", forged.content)
        forged = replace(forged, signature=base64.b64encode(signature).decode())
        entry = json.dumps(with_closing({}, day, forged))
        connection.execute("UPDATE setting SET value = ? WHERE name = ?", [entry, KEPT])
        for path in (store / ANCHOR, *paths.machine_folder().glob("*.anchor")):
            path.unlink()
        anchor.write_beside(store, connection)
    suspicion, sentence = doubt(store)
    assert suspicion == "older"
    assert "không phải do khoá của đơn vị này ký" in sentence
    assert any("không phải do khoá của đơn vị ký" in problem for problem in problems(store))


def test_a_renewed_key_vouches_for_what_the_old_one_signed(store: Path, tmp_path: Path) -> None:
    (before,) = kept(store).values()
    workspace = opened(store)
    yesterday = (moments.today() - timedelta(days=1)).isoformat()
    workspace.store.set_setting(KEPT, {yesterday: asdict(before)})
    partners.write_identity(workspace, tmp_path / "card.xlsx", renew=True)
    workspace.close()
    first, last = kept(store).values()
    assert first.key != last.key
    assert problems(store) == ()


def test_a_copy_carries_the_signed_end_and_says_if_it_was_changed(store: Path) -> None:
    workspace = opened(store)
    copy = workspace.store.backup(store.parent / "copy")
    workspace.close()
    assert json.loads((copy / ANCHOR).read_bytes()[_PLACES:])["signature"]
    assert restoring.stage_backup(store.parent / "new", copy, SECRET).notes == ()
    rewrite(copy)
    *_, note = restoring.stage_backup(store.parent / "newer", copy, SECRET).concerns
    assert "nay khác điều khoá của đơn vị đã ký" in note


SPOILT = ["[]", '"x"', '{"x": 1}', '{"2026-99-01": {}}', '{"2026-11-30": {"acts": 1}}']


@pytest.mark.parametrize("content", one_of(2, SPOILT))
def test_a_setting_that_somebody_has_spoilt_says_nothing(store: Path, content: str) -> None:
    with closing(raw(store)) as connection:
        connection.execute("UPDATE setting SET value = ? WHERE name = ?", [content, KEPT])
    assert problems(store) == ()
    work(store, "Ba")
    assert len(kept(store)) == 1


def test_the_closings_of_a_month_and_the_last_of_each_month_stay() -> None:
    every: dict[str, SignedEnd] = {}
    one = SignedEnd(owner="o", device="d", acts=1, stamp="s", lines=1, hash="h")
    for number in range(400):
        day = (date(2026, 1, 1) + timedelta(days=number)).isoformat()
        every = read_closings(with_closing(every, day, one))
    assert len(every) == 31 + 12
    assert {"2026-01-31", "2026-02-28", "2027-02-04", "2027-01-05"} <= every.keys()
    assert "2026-01-30" not in every
