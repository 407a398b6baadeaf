"""Databases that carry somebody else's statements, or that are no whole database: refused before anything runs."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import opening, restoring
from kcdesk.services.records import changing
from kcdesk.store.database.db import Connection
from tests.services.samples import practice_answers

_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice store with one task."""
    folder = tmp_path_factory.mktemp("planted") / "store"
    opening.create(folder, practice_answers())
    workspace = opening.open_workspace(folder)
    changing.add(workspace, "task", {"title": "Việc"})
    workspace.close()
    return folder


@pytest.fixture
def hostile(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "hostile"))


def plant(folder: Path, *statements: str) -> None:
    connection = Connection(folder / "kcdesk.db", None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def patch(folder: Path, place: int, content: bytes) -> None:
    with (folder / "kcdesk.db").open("rb+") as file:
        file.seek(place)
        file.write(content)


PLANTED = {
    "a trigger that falsifies": (
        "CREATE TRIGGER quiet AFTER INSERT ON change BEGIN UPDATE record SET data = '{}' WHERE seq = NEW.record; END",
    ),
    "a trigger that never ends": (f"CREATE TRIGGER endless AFTER UPDATE ON setting BEGIN {_ENDLESS}; END",),
    "our trigger that lets through": (
        "DROP TRIGGER change_no_update",
        "CREATE TRIGGER change_no_update BEFORE UPDATE ON change BEGIN SELECT 1; END",
    ),
    "a view in the place of a table": ("DROP TABLE touched", f"CREATE VIEW touched AS {_ENDLESS}"),
    "a trigger in place of a view": (f"CREATE TRIGGER instead INSTEAD OF INSERT ON task BEGIN {_ENDLESS}; END",),
}


@pytest.mark.parametrize("statements", PLANTED.values(), ids=PLANTED)
def test_what_would_run_by_itself_is_refused(hostile: Path, sound: Path, statements: tuple[str, ...]) -> None:
    plant(hostile, *statements)
    begun = time.monotonic()
    with pytest.raises(KcdeskError) as refusal:
        opening.open_workspace(hostile)
    assert refusal.value.code == "foreign_store"
    with pytest.raises(KcdeskError) as refusal:
        restoring.stage_backup(sound.with_name("new"), hostile)
    assert refusal.value.code == "not_a_backup"
    assert time.monotonic() - begun < 2


def test_a_view_of_ours_that_was_altered_is_made_again(hostile: Path) -> None:
    plant(hostile, "DROP VIEW task", f"CREATE VIEW task AS {_ENDLESS}", f"CREATE VIEW lure AS {_ENDLESS}")
    workspace = opening.open_workspace(hostile)
    try:
        assert [row["title"] for row in workspace.store.query("SELECT title FROM task")] == ["Việc"]
        views = workspace.store.query("SELECT name FROM sqlite_master WHERE type = 'view'")
        assert "lure" not in {row["name"] for row in views}
    finally:
        workspace.close()


def test_a_trigger_in_the_name_of_the_reading_tables_does_not_run(hostile: Path) -> None:
    falsify = "UPDATE record SET data = '{}' WHERE seq = NEW.seq"
    plant(hostile, f"CREATE TRIGGER reading_task_insert AFTER INSERT ON record BEGIN {falsify}; END")
    workspace = opening.open_workspace(hostile)
    try:
        changing.add(workspace, "task", {"title": "Việc sau"})
        assert {row["title"] for row in workspace.store.query("SELECT title FROM task")} == {"Việc", "Việc sau"}
        assert workspace.store.check() == []
    finally:
        workspace.close()


HEADERS = {
    "a huge page count": (28, (2**31 - 1).to_bytes(4, "big")),
    "a free list beyond the file": (32, (2**31 - 1).to_bytes(4, "big") + (5).to_bytes(4, "big")),
    "a free list that is a table": (32, (3).to_bytes(4, "big") + (1).to_bytes(4, "big")),
    "a page size of one": (16, b"\x00\x02"),
    "a later format": (18, b"\x09\x09"),
    "a schema page of nonsense": (100, b"\xff" * 64),
}


def staged(present: Path, backup: Path) -> str:
    """The code with which a restore refuses the backup; «whole» if it has its task, pages without records put right."""
    try:
        prepared = restoring.stage_backup(present, backup)
    except KcdeskError as refusal:
        return refusal.code
    restoring.discard(prepared)
    return "whole" if [number for _label, number in prepared.copied.counts] == [1] else "other"


@pytest.mark.parametrize(("place", "content"), HEADERS.values(), ids=HEADERS)
def test_a_forged_header_is_told_in_time_and_harms_nothing(
    hostile: Path, tmp_path: Path, place: int, content: bytes
) -> None:
    """A restore finds it whole, all the same, or refuses it with a sentence; the present store stays as it is."""
    patch(hostile, place, content)
    present = tmp_path / "present"
    opening.create(present, practice_answers())
    before = (present / "kcdesk.db").read_bytes()
    begun = time.monotonic()
    assert staged(present, hostile) in ("damaged_backup", "not_a_backup", "whole")
    assert (present / "kcdesk.db").read_bytes() == before
    assert time.monotonic() - begun < 2
