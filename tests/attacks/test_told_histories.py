"""A unit's history that was cut or rewritten after a package: its next package says so to the province."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kcdesk.exchange.verification import inspect_package
from kcdesk.formdef.forms import Forms
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.packages import preview, receiving
from kcdesk.services.handover.trust import partners
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from kcdesk.store import history
from kcdesk.store.database.db import Connection
from tests.services.exchange_support import Offices

Pair = tuple[Offices, Workspace, Workspace]


@pytest.fixture
def pair(tmp_path: Path, forms: Forms, acquainted_pair: list[Path]) -> Iterator[Pair]:
    """A unit, whose history is altered, and its province."""
    offices = Offices(tmp_path, forms)
    unit, province = offices.take_all(acquainted_pair)
    yield offices, unit, province
    offices.close()


def edit(workspace: Workspace, *statements: str) -> None:
    """What somebody with the key and a tool for SQLite does."""
    connection = Connection(workspace.store.folder / "kcdesk.db", None)
    for table in ("act", "change"):
        for act in ("update", "delete"):
            connection.execute(f"DROP TRIGGER {table}_no_{act}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def notes(province: Workspace, path: Path) -> list[str]:
    return [note for note in preview.preview_package(province, path).notes if "Lịch sử" in note]


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ((), ""),
        (("UPDATE change SET hash = 'x' WHERE seq = (SELECT max(seq) FROM change)",), "đã khác"),
        (
            (
                "DELETE FROM change WHERE act = (SELECT max(seq) FROM act)",
                "DELETE FROM act WHERE seq = (SELECT max(seq) FROM act)",
            ),
            "không còn đủ",
        ),
    ],
)
def test_the_next_package_tells_of_a_changed_history(pair: Pair, statements: tuple[str, ...], words: str) -> None:
    offices, unit, province = pair
    for title in ("Một", "Hai"):
        changing.add(unit, "beneficiary", {"name": title})
    offices.send(unit, province)
    first = unit.store.tips.now()
    if statements:
        edit(unit, *statements)
    changing.add(unit, "beneficiary", {"name": "Ba"})
    path, _ = offices.export(unit)
    said = notes(province, path)
    assert len(said) == bool(words)
    assert all(words in note and "gói số 1" in note for note in said)
    receiving.receive(province, path)
    kept = [entry.details["history"]["acts"] for entry in province.store.packages.list() if entry.direction == "in"]
    assert kept[-1] == first.acts
    again, _ = offices.export(unit)  # what was told is the base of the next comparison
    assert notes(province, again) == []


def test_the_end_of_the_history_is_signed_and_older_packages_say_nothing(pair: Pair) -> None:
    offices, unit, province = pair
    changing.add(unit, "beneficiary", {"name": "Một"})
    path, _ = offices.export(unit)
    signed = inspect_package(path, "", partners.known_keys(province)).manifest
    assert signed is not None
    (statement,) = signed.history
    last_line = "SELECT seq, hash FROM change ORDER BY seq DESC LIMIT 1"
    with closing(Connection(unit.store.folder / "kcdesk.db", None)) as connection:
        assert (statement.tip.lines, statement.tip.hash) == tuple(connection.first(last_line))
    assert b'"history"' in signed.to_json()
    assert b'"history"' not in replace(signed, history=()).to_json()


def test_a_past_rewritten_with_its_hashes_is_named_by_the_check_of_the_unit(pair: Pair) -> None:
    offices, unit, province = pair
    changing.add(unit, "beneficiary", {"name": "Một"})
    package, _ = offices.send(unit, province)
    assert unit.store.check() == []
    with closing(Connection(unit.store.folder / "kcdesk.db", None)) as connection:
        (line, *values) = connection.first(
            "SELECT change.seq, prev, act.id, at, stamp, device, officer, 'Việc khác', undoes, record.id, operation,"
            " before, after FROM change JOIN act ON act.seq = act JOIN record ON record.seq = record"
            " ORDER BY change.seq DESC LIMIT 1"
        )
        prev, *act, record, operation, before, after = values
        hash_ = history.link(prev, tuple(act), record, operation, before, after)
    edit(
        unit,
        f"UPDATE act SET action = 'Việc khác' WHERE seq = (SELECT act FROM change WHERE seq = {line})",
        f"UPDATE change SET hash = '{hash_}' WHERE seq = {line}",
    )
    (problem,) = unit.store.check()
    assert package in problem
    assert "lịch sử tới lúc gửi gói" in problem
