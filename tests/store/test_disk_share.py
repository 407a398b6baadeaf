"""The share of the disk that copies may take: which go first, and that moving pages together loses none."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcdesk.formdef.loading.loader import Forms
from kcdesk.placing import Disk
from kcdesk.runtime.frozen import replace
from kcdesk.store.copies import compaction, disk_share, kept_copies, thinning
from kcdesk.store.copies.kept_copies import Copy
from kcdesk.store.copies.policy import DiskShare, backup_policy
from kcdesk.store.store import Store
from tests.examples import chosen
from tests.store.conftest import OFFICER, UNIT
from tests.store.power_cut import PowerCut

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
POLICY = backup_policy()
_DOSSIERS = 40
NARROW = replace(POLICY, disk=DiskShare(times_store=2, least_bytes=0))

histories = st.lists(st.tuples(st.integers(0, 1_500_000), st.booleans()), min_size=1, max_size=60)


@settings(max_examples=200, deadline=None)
@given(histories)
def test_the_newest_and_the_newest_sound_copies_are_worth_most(entries: list[tuple[int, bool]]) -> None:
    copies = [
        Copy(
            folder=Path(f"{number}"),
            moment=NOW - timedelta(minutes=ago),
            reason="time",
            size=1,
            proved="2026-11-30T00:00:00Z" if sound else "",
        )
        for number, (ago, sound) in enumerate(entries)
    ]
    ranked = disk_share.by_worth(copies, POLICY)
    assert sorted(ranked, key=copies.index) == copies, "each stands there once"
    assert ranked[0].moment == max(copy.moment for copy in copies)
    sound = sorted((copy.moment for copy in copies if copy.is_sound), reverse=True)[: POLICY.kept.sound]
    first = sorted((copy.moment for copy in ranked[: 1 + len(sound)] if copy.is_sound), reverse=True)
    assert first[: len(sound)] == sound


def test_what_is_left_becomes_rarer_with_its_age_and_the_oldest_stays() -> None:
    daily = [Copy(folder=Path(f"{day}"), moment=NOW - timedelta(days=day), reason="time", size=1) for day in range(365)]
    left = sorted(NOW - copy.moment for copy in disk_share.by_worth(daily, POLICY)[:12])
    assert [age.days for age in left[:3]] == [0, 1, 2]
    assert left[-1].days == 364
    gaps = [later - age for age, later in pairwise(left)]
    assert all(later >= gap / 2 for gap, later in pairwise(gaps))


@pytest.fixture(scope="module", params=chosen(("locked",), ["practice", "locked"]))
def worn_folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, forms: Forms
) -> tuple[Path, str]:
    """The folder of `worn` and its passphrase; copy it before writing."""
    folder = tmp_path_factory.mktemp("worn") / "store"
    passphrase = "" if request.param == "practice" else "bốn từ dễ nhớ"
    store, _ = Store.create(folder, forms, UNIT, OFFICER, not passphrase, passphrase)
    reference = forms.current("proposal").reference
    with store.act("Thêm đề án") as act:
        for number in range(_DOSSIERS):
            act.insert("proposal", reference, {"title": "Máy cưa", "necessity": f"{number} " * 300}, id=f"p{number}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(thinning, "thin", lambda _copies: [])
        for change in range(16):
            with store.act("Sửa") as act:
                for number in range(change % 4, _DOSSIERS, 4):
                    act.update(f"p{number}", {"necessity": f"{change} {number} " * 300})
            store.copies.save("import")
    store.close()
    return folder, passphrase


@pytest.fixture
def worn(worn_folder: tuple[Path, str], tmp_path: Path, forms: Forms) -> Iterator[Store]:
    """A store with dossiers, copied after each of many changes all over it; nothing was thinned yet."""
    template, passphrase = worn_folder
    with Store.open(shutil.copytree(template, tmp_path / "store"), forms, passphrase) as store:
        yield store


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def content(copy: Path, place: Path) -> dict[str, str]:
    """The hashes of the databases that a copy unfolds to."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    kept_copies.unfold(copy, place)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in place.iterdir()}


def contents(copies: Path, place: Path) -> dict[str, dict[str, str]]:
    return {copy.folder.name: content(copy.folder, place) for copy in kept_copies.listed_copies(copies)}


def test_copies_take_no_more_than_their_share_and_those_that_stay_are_as_they_were(
    worn: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = worn.folder / "backups"
    before, newest = contents(backups, tmp_path / "a"), kept_copies.listed_copies(backups)[0]
    proved = worn.copies.prove(newest.folder).proved
    assert size(backups) > 2 * newest.size, "there is something to do"
    monkeypatch.setattr(thinning, "backup_policy", lambda: NARROW)
    gone = thinning.thin(backups)
    assert size(backups) < 2.1 * newest.size, "the lists beside the pages are small"
    after = contents(backups, tmp_path / "b")
    assert after == {name: before[name] for name in after}
    assert len(after) == len(before) - len(gone) >= 3
    assert kept_copies.listed_copies(backups)[0].proved == proved, "what was proved stays proved"
    assert all(worn.copies.prove(copy.folder).is_sound for copy in kept_copies.listed_copies(backups))
    assert thinning.thin(backups) == []


def test_a_power_cut_while_pages_are_moved_loses_no_copy(
    worn: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = worn.folder / "backups"
    for copy in kept_copies.listed_copies(backups)[4:]:
        thinning.remove_copies([copy.folder])
    before, steps, is_done = contents(backups, tmp_path / "a"), 0, False
    untouched = shutil.copytree(backups, tmp_path / "untouched")
    while not is_done:
        shutil.rmtree(backups)
        shutil.copytree(untouched, backups)
        with monkeypatch.context() as patch:
            cut = PowerCut(patch, steps, (Disk, "replace"), (Disk, "sync"), (Path, "unlink"))
            with suppress(KeyboardInterrupt):
                compaction.compact(backups)
        is_done = cut.left >= 0
        assert contents(backups, tmp_path / "b") == before
        steps += 1
    assert steps > 6
    assert size(backups) < size(untouched) * 0.9


def test_a_pack_that_reads_otherwise_than_it_was_written_is_not_copied_into_a_new_one(
    worn: Store,
) -> None:
    backups = worn.folder / "backups"
    for copy in kept_copies.listed_copies(backups)[2:]:
        thinning.remove_copies([copy.folder])
    largest = max((backups / "pages").glob("*.pack"), key=lambda path: path.stat().st_size)
    with largest.open("r+b") as pack:
        pack.seek(4096 * 3 + 100)
        pack.write(b"\0" * 64)
    compaction.compact(backups)
    assert largest.with_suffix(".spoilt").is_file()
    held = [copy for copy in kept_copies.listed_copies(backups) if largest.stem in kept_copies.packs_of(copy.folder)]
    assert held, "its pages are still those of that pack, and a proof says so"
    assert worn.copies.prove(held[0].folder).problem
