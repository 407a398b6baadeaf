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

from kcdesk.services.handover.packages import receiving
from kcdesk.services.maintenance import opening
from tests.bench import hand_off

AIM = 45  # times the plain rows


def measure() -> dict[str, object]:
    """Seconds with signatures, comparison with the sheets, backup, history and search index; and for the bare rows."""
    place = hand_off.folder()
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(place / "receiver", Path(name) / "receiver")
        workspace = opening.open_workspace(Path(name) / "receiver")
        wall = time.perf_counter()
        seconds = _processor(lambda: receiving.receive(workspace, place / "package.xlsx"))
        wall = time.perf_counter() - wall
        rows = [tuple(row.values()) for row in workspace.store.query("SELECT id, kind, data, stamps FROM record")]
        workspace.close()
        plain = min(_processor(partial(_plain, rows, Path(name) / f"plain{n}.db")) for n in range(5))
    assert len(rows) == hand_off.RECORDS
    return {
        "records": len(rows),
        "seconds": round(seconds, 1),
        "elapsed_seconds": round(wall, 1),
        "plain_rows_seconds": round(plain, 2),
        "ratio": round(seconds / plain, 1),
        "aim": AIM,
    }


def _processor(act: Callable[[], object]) -> float:
    """Seconds of the processor, the system's share too: the disk is not ours."""
    start = os.times()
    act()
    end = os.times()
    return end.user + end.system - start.user - start.system


def _plain(rows: list[tuple[object, ...]], path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE record (id TEXT PRIMARY KEY, kind TEXT, data TEXT, stamps TEXT)")
    database.executemany("INSERT INTO record VALUES (?, ?, ?, ?)", rows)
    database.commit()
    database.close()
