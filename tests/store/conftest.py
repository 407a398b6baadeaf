"""Stores to test with: a small practice store whose clock the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kcdesk.formdef.loading.loader import Forms, load
from kcdesk.store.identity import Officer, Unit
from kcdesk.store.store import Store

UNIT = Unit("Trung tâm Khuyến công mẫu", "TTM", "lower", "20")
OFFICER = Officer("Nguyễn Văn Mẫu", "Chuyên viên")


class Laptop:
    """A clock that stands still until it is turned, in milliseconds."""

    def __init__(self) -> None:
        self.ms = 1_767_225_600_000

    def __call__(self) -> int:
        return self.ms

    def wait(self, seconds: float) -> None:
        self.ms += round(seconds * 1000)


@pytest.fixture(scope="session")
def forms() -> Forms:
    return load()


@pytest.fixture
def laptop() -> Laptop:
    return Laptop()


@pytest.fixture
def store(tmp_path: Path, forms: Forms, laptop: Laptop) -> Iterator[Store]:
    made, _ = Store.create(tmp_path / "store", forms, UNIT, OFFICER, practice=True, now=laptop)
    yield made
    made.close()


@pytest.fixture
def proposal(store: Store) -> str:
    """A proposal with one budget line."""
    with store.act("Lập đề án") as act:
        return act.insert(
            "proposal",
            "proposal@1",
            {"title": "Máy cưa", "year": 2026, "state": "draft", "budget": [{"id": "b1", "position": 1.0, "cost": 5}]},
        )


def edit(store: Store, id_: str, action: str = "Sửa", **fields: object) -> str:
    """One act that sets top-level fields; returns its id."""
    with store.act(action) as act:
        act.update(id_, fields)
    return act.changes.act
