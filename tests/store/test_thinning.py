"""Thinning: a law for any history of moments, and the removal of real copies."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcdesk.runtime.frozen import replace
from kcdesk.store.copies import kept_copies, thinning
from kcdesk.store.copies.kept_copies import Copy
from kcdesk.store.copies.policy import backup_policy
from kcdesk.store.store import Store
from tests.store.conftest import edit
from tests.store.power_cut import PowerCut

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
POLICY = backup_policy()
NUMBERS = POLICY.kept

minutes = st.one_of(
    st.integers(0, 200), st.integers(0, 60 * 40), st.integers(0, 60 * 24 * 70), st.integers(0, 1_500_000)
)
histories = st.lists(st.tuples(minutes, st.booleans(), st.sampled_from(["time", "manual", "import", ""])), max_size=120)


def history(entries: list[tuple[int, bool, str]]) -> list[Copy]:
    return [
        Copy(
            folder=Path(f"{number}"),
            moment=NOW - timedelta(minutes=ago),
            reason=reason,
            size=1,
            proved="2026-11-30T00:00:00Z" if sound else "",
        )
        for number, (ago, sound, reason) in enumerate(entries)
    ]


@settings(max_examples=200, deadline=None)
@given(histories, st.integers(0, 60 * 24 * 40))
def test_the_law_of_thinning(entries: list[tuple[int, bool, str]], later: int) -> None:
    copies = history(entries)
    stays = thinning.staying(copies, NOW, POLICY)
    assert thinning.staying(stays, NOW, POLICY) == stays  # once more changes nothing
    assert set(stays) <= set(copies)
    ordered = sorted(copies, key=lambda copy: copy.moment, reverse=True)
    assert {copy.moment for copy in ordered[:1]} <= {copy.moment for copy in stays}
    sound = [copy.moment for copy in ordered if copy.is_sound]
    assert set(sound[:1]) <= {copy.moment for copy in stays if copy.is_sound}
    assert len([copy for copy in stays if copy.is_sound]) >= min(NUMBERS.sound, len(sound))
    risky = [copy for copy in ordered if copy.reason not in POLICY.routine and NOW - copy.moment <= timedelta(days=30)]
    recent = [copy for copy in ordered if NOW - copy.moment <= timedelta(hours=NUMBERS.all_hours)]
    newest = {copy.moment for copy in [*risky[: NUMBERS.risky_most], *recent[: NUMBERS.all_most]]}
    assert newest <= {copy.moment for copy in stays}
    for day in {copy.moment.astimezone().date() for copy in risky}:  # what was before the acts of each day
        assert min(copy.moment for copy in risky if copy.moment.astimezone().date() == day) in {
            copy.moment for copy in stays
        }
    most = 1 + NUMBERS.sound + NUMBERS.hours + NUMBERS.days + NUMBERS.weeks + NUMBERS.months
    assert len(set(stays) - set(risky) - set(recent)) <= most
    days = sorted({copy.moment.astimezone().date() for copy in copies}, reverse=True)[: NUMBERS.days]
    assert set(days) <= {copy.moment.astimezone().date() for copy in stays}  # each of the last days has its copy
    months = sorted({copy.moment.astimezone().strftime("%Y-%m") for copy in copies}, reverse=True)[: NUMBERS.months]
    assert set(months) <= {copy.moment.astimezone().strftime("%Y-%m") for copy in stays}
    again = thinning.staying(stays, NOW + timedelta(minutes=later), POLICY)
    assert {copy.moment for copy in stays[:1]} <= {copy.moment for copy in again}


def test_half_hours_of_two_years_become_a_few_dozen() -> None:
    stays: list[Copy] = []
    for number in range(2 * 365 * 2):  # twice a day, thinned as they come
        moment = NOW + timedelta(hours=12 * number)
        made = Copy(folder=Path(f"{number}"), moment=moment, reason="time", size=1, proved="x")
        stays = thinning.staying([made, *stays], moment, POLICY)
    assert 24 <= len(stays) <= NUMBERS.hours + NUMBERS.days + NUMBERS.weeks + NUMBERS.months
    assert stays[-1].moment < NOW + timedelta(days=60)  # the oldest month is still there


def test_a_thousand_packages_in_an_hour_leave_a_few_dozen_copies() -> None:
    stays: list[Copy] = []
    for number in range(1_000):
        moment = NOW + timedelta(seconds=3 * number)
        made = Copy(folder=Path(f"{number}"), moment=moment, reason="import", size=1, proved="x")
        stays = thinning.staying([made, *stays], moment, POLICY)
    assert NUMBERS.risky_most <= len(stays) <= NUMBERS.risky_most + NUMBERS.all_most + 5
    assert stays[-1].moment == NOW, "what was before the first of them"


def test_a_clock_that_was_set_back_removes_nothing() -> None:
    copies = history([(minutes * 30, True, "time") for minutes in range(400)])
    assert len(thinning.staying(copies, NOW, POLICY)) < 100
    assert len(thinning.staying(copies, NOW - timedelta(days=20_000), POLICY)) == 400


@pytest.fixture
def aged(store: Store, proposal: str) -> tuple[Store, list[Path]]:
    """A store with copies of each of three days, four of each, the second of every day not proved."""
    made = []
    for day in range(1, 4):
        for hour in range(4):
            edit(store, proposal, title=f"Ngày {day} giờ {hour}")
            copy = store.backup(reason="time")
            name = f"2025-0{day}-05_{8 + hour:02}-00-00+0700"
            made.append(copy.rename(copy.with_name(name)))
    return store, made


def test_copies_that_do_not_stay_go_with_their_pages_and_nothing_else(
    aged: tuple[Store, list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, made = aged
    backups = store.folder / "backups"
    (made[0] / "ghi chú.txt").write_text("của tôi", encoding="utf-8")  # the first copy is somebody's folder now
    renamed = made[1].rename(backups / f"{made[1].name} trước Tết")
    few = replace(POLICY.kept, all_hours=0, hours=0, days=0, weeks=0, months=3, sound=1)
    monkeypatch.setattr(thinning, "backup_policy", lambda: replace(POLICY, kept=few))
    before = len(list((backups / "pages").glob("*.pack")))
    gone = thinning.thin(backups)
    left = {path.name for path in backups.iterdir()} - {"pages"}
    assert left == {made[0].name, renamed.name, *(made[place].name for place in (3, 7, 11))}
    assert len(gone) == 7
    assert len(list((backups / "pages").glob("*.pack"))) < before
    assert [store.copies.prove(copy.folder).is_sound for copy in kept_copies.listed_copies(backups)] == [True] * 5


def test_a_power_cut_while_thinning_leaves_whole_copies(aged: tuple[Store, list[Path]]) -> None:
    store, made = aged
    backups, steps, is_done = store.folder / "backups", 0, False
    while not is_done:
        with pytest.MonkeyPatch.context() as patch:
            cut = PowerCut(patch, steps, (Path, "rename"), (Path, "unlink"), (shutil, "rmtree"))
            patch.setattr(thinning, "staying", lambda copies, *_: list(copies)[:2])
            with suppress(KeyboardInterrupt):
                thinning.thin(backups)
        is_done = cut.left >= 0
        whole = kept_copies.listed_copies(backups)
        assert whole[0].folder == made[-1]
        assert store.copies.prove(whole[steps % len(whole)].folder).is_sound
        steps += 1
    assert steps > 3
