"""Records, papers and the ledger edited by somebody with the key and a tool for SQLite: the full check names them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kcdesk.progress import ignore_progress
from kcdesk.services.maintenance import full_check, opening, soundness
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from kcdesk.store.database.db import Connection
from tests.services.samples import practice_answers

_TRIGGERS = [f"{table}_no_{act}" for table in ("act", "change", "snapshot") for act in ("update", "delete")]


@pytest.fixture(scope="module")
def worked_on(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with records that were made, changed, deleted and brought back."""
    folder = tmp_path_factory.mktemp("history") / "store"
    opening.create(folder, practice_answers())
    workspace = opening.open_workspace(folder)
    for title in ("Một", "Hai", "Ba"):
        changing.add(workspace, "task", {"title": title})
    (unit,) = changing.add(workspace, "beneficiary", {"name": "Cơ sở Mộc Hồng", "phone": "0912345678"}).items
    changing.save(workspace, unit.id, {"phone": "0987654321"})
    changing.undo(workspace)
    with workspace.store.act("Giữ bản chốt") as act:
        act.snapshot(unit.id)
    changing.delete(workspace, unit.id)
    changing.undo(workspace)
    workspace.close()
    return folder


@pytest.fixture
def store(worked_on: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(worked_on, tmp_path / "store"))


def problems(folder: Path, *statements: str) -> tuple[str, ...]:
    """What the full check finds after these statements."""
    connection = Connection(folder / "kcdesk.db", None)
    for name in _TRIGGERS:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()
    workspace = opening.open_workspace(folder)
    try:
        return full_check.checking(workspace)(ignore_progress).problems
    finally:
        workspace.close()


def test_a_history_of_all_acts_leads_to_the_records(store: Path) -> None:
    assert problems(store) == ()


def test_an_edited_field_is_named(store: Path) -> None:
    found = problems(store, "UPDATE record SET data = json_set(data, '$.phone', '0900') WHERE kind = 'beneficiary'")
    assert [("Cơ sở Mộc Hồng" in line, "ô «Điện thoại» khác lịch sử" in line) for line in found] == [(True, True)]


def test_a_record_without_history_and_a_hidden_record_are_named(store: Path) -> None:
    found = problems(
        store,
        "UPDATE record SET deleted = updated WHERE kind = 'beneficiary'",
        "INSERT INTO record SELECT 99, 'lạ', kind, parent, unit, form, sort, created, updated, deleted, data, stamps"
        " FROM record WHERE seq = 1",
    )
    assert any("dấu xoá khác lịch sử" in line for line in found)
    assert any("Hồ sơ lạ không có trong lịch sử." in line for line in found)


def test_an_edited_snapshot_with_a_new_hash_is_named(store: Path) -> None:
    found = problems(store, "UPDATE snapshot SET data = '{}', hash = '44136fa355b3678a'")
    assert any("Bản chốt của hồ sơ" in line and "khác lịch sử" in line for line in found)


def test_a_rewritten_line_breaks_the_chain(store: Path) -> None:
    found = problems(store, "UPDATE change SET after = json_set(after, '$.phone', '0900') WHERE operation = 'update'")
    assert any("Lịch sử bị sửa ở dòng" in line for line in found)


def test_an_edited_ledger_is_named(store: Path) -> None:
    found = problems(
        store,
        "INSERT INTO package VALUES (1, 'gói-1', 'in', 'X', '2026', 'P', 0, '2026-01-01', 'x', '{}', '{}')",
        "INSERT INTO intake VALUES ('không có', 1, NULL)",
        "INSERT INTO intake_record VALUES ('không có', 1, NULL, '{}')",
    )
    assert any("Sổ gói: gói gói-1 khác lịch sử." in line for line in found)


class Stop(Exception):  # noqa: N818 - as the window's: it is no error
    """Raised by the progress."""


def test_the_check_stops_in_the_middle(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kcdesk.store.safety.integrity._BETWEEN", 0)

    def stop(*_: object) -> None:
        raise Stop

    workspace = opening.open_workspace(store)
    with pytest.raises(Stop):
        full_check.checking(workspace)(stop)
    assert full_check.last(workspace) is None
    assert full_check.is_due(workspace)
    workspace.close()


@pytest.fixture
def open_store(store: Path) -> Iterator[Workspace]:
    workspace = opening.open_workspace(store)
    yield workspace
    workspace.close()


def test_the_last_result_is_remembered_for_a_week(open_store: Workspace) -> None:
    assert soundness.check(open_store)["sound"]
    result = full_check.last(open_store)
    assert result is not None
    assert result.sentence() == "Kho dữ liệu nguyên vẹn."
    assert not full_check.is_due(open_store)
    for at, due in (("2026-11-01T00:00:00+00:00", True), ("2199-01-01T00:00:00+00:00", True)):
        full_check.keep_result(open_store, full_check.CheckResult(at, 0, ()))
        assert full_check.is_due(open_store) is due
