"""Stores to test with: a small practice store whose clock the test turns."""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory, forms: Forms) -> Path:
    """The folder of an empty practice store; copy it before writing."""
    folder = tmp_path_factory.mktemp("new") / "store"
    made, _ = Store.create(folder, forms, UNIT, OFFICER, practice=True, now=Laptop())
    made.close()
    return folder


@pytest.fixture
def store(new_store: Path, tmp_path: Path, forms: Forms, laptop: Laptop) -> Iterator[Store]:
    """An empty practice store of this test's own."""
    opened = Store.open(shutil.copytree(new_store, tmp_path / "store"), forms, now=laptop)
    yield opened
    opened.close()


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
