"""Stamps never run backwards, whatever the laptop's clock says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kcdesk.formdef.loading.loader import Forms
from kcdesk.store.clock import AHEAD, Clock, device_of, new_device, time_of
from kcdesk.store.store import Store
from tests.store.conftest import Laptop, edit

_TIMES = st.lists(st.integers(0, 4_000_000_000_000), min_size=1, max_size=40)


@given(times=_TIMES, foreign=st.integers(0, 4_000_000_000_000))
def test_every_stamp_is_later_than_all_before(times: list[int], foreign: int) -> None:
    """But than one more than a day ahead of the laptop, which moves no clock."""
    laptop = Laptop()
    clock = Clock("here", now=laptop)
    elsewhere = Clock("there", now=lambda: foreign).tick()
    stamps, limit = [], 0
    for number, laptop.ms in enumerate(times):
        if number == len(times) // 2:
            limit = laptop.ms + AHEAD
            clock.observe(elsewhere)
            stamps.append(elsewhere)
        stamps.append(clock.tick())
    ours = [stamp for stamp in stamps if device_of(stamp) == "here"]
    assert ours == sorted(set(ours))
    later = stamps[stamps.index(elsewhere) + 1 :]
    assert all(stamp > elsewhere for stamp in later) or foreign > limit
    assert all(time_of(stamp) <= max(limit, *times) + 1 for stamp in later)


def test_a_counter_that_is_full_borrows_a_millisecond() -> None:
    clock = Clock("d", "00000000000007-ffff-d", now=lambda: 0)
    assert clock.tick() == "00000000000008-0000-d"


def test_devices_are_plain_words() -> None:
    first, second = new_device(), new_device()
    assert first != second
    assert first.isalnum()


def test_a_clock_set_back_between_two_openings(store: Store, proposal: str, forms: Forms, laptop: Laptop) -> None:
    edit(store, proposal, title="Hôm nay")
    newest = store.vector()[store.identity.device_id]
    store.close()
    laptop.wait(-10 * 365 * 24 * 3600)
    with Store.open(store.folder, forms, now=laptop) as again:
        edit(again, proposal, title="Đồng hồ lùi mười năm")
        assert again.get(proposal).stamps["title"] > newest
        assert [record.id for record in again.changed_since({again.identity.device_id: newest})] == [proposal]
        assert again.check() == []
