"""What taking in 20,000 records costs, beside `executemany` of the same rows into a plain table."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kcdesk.bounded import worker
from kcdesk.services.handover.packages import receiving
from kcdesk.services.maintenance import opening
from tests.bench import hand_off

AIM = 45  # times the plain rows


def measure() -> dict[str, object]:
    """Seconds with signatures, comparison with the sheets, backup, history and search index; and for the bare rows.

    `seconds` are of the processor and count the worker process, which lays the sheets out again beside the rest;
    `own_seconds` are without it. On two processors `elapsed_ratio` is what the officer sees.
    """
    place = hand_off.folder()
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(place / "receiver", Path(name) / "receiver")
        workspace = opening.open_workspace(Path(name) / "receiver")
        wall = time.perf_counter()
        own = _processor(lambda: receiving.receive(workspace, place / "package.xlsx"))
        wall = time.perf_counter() - wall
        beside = _processor_of_worker()
        rows = [tuple(row.values()) for row in workspace.store.query("SELECT id, kind, data, stamps FROM record")]
        workspace.close()
        plain = min(_processor(partial(_plain, rows, Path(name) / f"plain{n}.db")) for n in range(5))
    assert len(rows) == hand_off.RECORDS
    return {
        "records": len(rows),
        "seconds": round(own + beside, 1),
        "own_seconds": round(own, 1),
        "elapsed_seconds": round(wall, 1),
        "plain_rows_seconds": round(plain, 2),
        "ratio": round((own + beside) / plain, 1),
        "own_ratio": round(own / plain, 1),
        "elapsed_ratio": round(wall / plain, 1),
        "aim": AIM,
    }


def _processor(act: Callable[[], object]) -> float:
    """Seconds of the processor, the system's share too: the disk is not ours."""
    start = os.times()
    act()
    end = os.times()
    return end.user + end.system - start.user - start.system


def _processor_of_worker() -> float:
    """Seconds of the processor that the worker process has used; it is ended."""
    start = os.times()
    worker.end_waiting()
    end = os.times()
    return end.children_user + end.children_system - start.children_user - start.children_system


def _plain(rows: list[tuple[object, ...]], path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE record (id TEXT PRIMARY KEY, kind TEXT, data TEXT, stamps TEXT)")
    database.executemany("INSERT INTO record VALUES (?, ?, ?, ?)", rows)
    database.commit()
    database.close()
