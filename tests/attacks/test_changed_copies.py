"""A copy that somebody has changed or exchanged: told before it is restored, compared or taken back from.

The attacker has the passphrase, or only the folder: an older copy under the name of a newer one needs no key.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from kcdesk import moments
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import asdict
from kcdesk.services.maintenance import copy_contents, opening, restoring
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from kcdesk.store.copies import kept_copies, proof
from kcdesk.store.safety import anchor
from kcdesk.store.safety.closings import KEPT
from tests.attacks.test_older_stores import ANCHOR, SECRET, made, opened
from tests.attacks.test_signed_closings import raw, rewrite, wipe_anchors


@pytest.fixture
def office(tmp_path: Path) -> tuple[Path, Path, str]:
    """A store with an early copy, work and the close of a day, a later copy; and a task of both that is gone now."""
    store = made(tmp_path / "store", practice=False)
    workspace = opened(store)
    gone = changing.add(workspace, "task", {"title": "Xoá sau"}).items[0].id
    early = workspace.store.backup()
    workspace.close()
    workspace = opened(store)
    changing.add(workspace, "task", {"title": "Việc giữa"})
    workspace.close()
    workspace = opened(store)
    (end,) = workspace.store.closings().values()
    yesterday = (moments.today() - timedelta(days=1)).isoformat()
    workspace.store.set_setting(KEPT, {yesterday: asdict(end)})
    workspace.store.backup()
    changing.delete(workspace, gone)
    workspace.close()
    return store, early, gone


def told(store: Path, copy: Path, gone: str) -> tuple[str, ...]:
    """What is said of a copy at each of its doors, which all have to agree."""
    workspace = opened(store)
    try:
        faults = copy_contents.preview(workspace, copy).faults
        here = restoring.store_summary(workspace)
        if faults:
            with pytest.raises(UserError) as refused:
                copy_contents.take_back(workspace, copy, [gone])
            assert refused.value.code == "consent_missing"
            assert faults[0] in refused.value.message
            assert is_away(workspace, gone)
    finally:
        workspace.close()
    prepared = restoring.stage_backup(store, copy, SECRET, here)
    restoring.discard(prepared)
    assert faults == prepared.concerns
    return faults


def is_away(workspace: Workspace, id_: str) -> bool:
    return workspace.store.get(id_).deleted


def as_whole(copy: Path) -> Path:
    """The copy with its pages in one database, as the attacker has to unfold it to change it."""
    whole = copy.with_name("whole")
    whole.mkdir()
    proof.unfold_or_copy(copy, whole)
    for name in ("key.json", ANCHOR):
        shutil.copyfile(copy / name, whole / name)
    shutil.rmtree(copy)
    return whole.rename(copy)


def newest(store: Path) -> Path:
    return kept_copies.listed_copies(store / "backups")[0].folder


def without_proofs(copy: Path) -> None:
    """Rewrite the past with its hashes, seal the anchor anew and take the signed ends out."""
    rewrite(copy)
    with closing(raw(copy)) as connection:
        connection.execute("DELETE FROM setting WHERE name = ?", [KEPT])
        (copy / ANCHOR).unlink()
        anchor.write_beside(copy, connection)


@pytest.mark.parametrize("change", [rewrite, without_proofs])
def test_a_rewritten_copy_is_told_at_every_door(office: tuple[Path, Path, str], change: Callable[[Path], None]) -> None:
    store, _, gone = office
    copy = as_whole(newest(store))
    change(copy)
    assert any("khác" in fault for fault in told(store, copy, gone))


def test_an_older_copy_under_a_newer_name_is_told(office: tuple[Path, Path, str]) -> None:
    store, early, gone = office
    later = early.with_name(moments.in_file_name(moments.now() + timedelta(hours=1)))
    early.rename(later)
    (fault,) = told(store, later, gone)
    assert "thiếu" in fault
    assert "bản cũ hơn" in fault


def test_a_changed_copy_is_told_where_the_store_does_not_open(office: tuple[Path, Path, str]) -> None:
    store, _, _ = office
    copy = as_whole(newest(store))
    rewrite(copy)
    wipe_anchors(copy)
    concerns = restoring.stage_backup(store, copy, SECRET).concerns
    assert any(concern.startswith("Lịch sử tới lúc đóng kho") for concern in concerns)


def test_a_copy_as_it_was_made_is_not_doubted(office: tuple[Path, Path, str]) -> None:
    store, early, gone = office
    assert told(store, early, gone) == ()
    assert told(store, newest(store), gone) == ()


def test_copies_of_work_that_a_restore_left_are_not_doubted(office: tuple[Path, Path, str]) -> None:
    store, early, gone = office
    later = newest(store)
    workspace = opened(store)
    prepared = restoring.stage_backup(store, early, SECRET, restoring.store_summary(workspace))
    restored, previous = restoring.restore(prepared, here=workspace)
    changing.add(restored, "task", {"title": "Sau khi khôi phục"})
    restored.close()
    assert previous is not None
    for copy in (later, previous, early):
        assert told(store, copy, gone) == ()


def test_with_the_officers_consent_records_come_back_all_the_same(office: tuple[Path, Path, str]) -> None:
    store, _, gone = office
    copy = as_whole(newest(store))
    rewrite(copy)
    workspace = opening.open_workspace(store, SECRET)
    copy_contents.take_back(workspace, copy, [gone], consent=True)
    assert not is_away(workspace, gone)
    workspace.close()
