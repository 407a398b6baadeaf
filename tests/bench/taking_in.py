"""What taking in 20,000 records costs, beside `executemany` of the same rows into a plain table."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

from kcdesk.services import setup, taking_in
from tests.bench import hand_off

AIM = 8  # times the plain rows


def measure() -> dict[str, object]:
    """Seconds with signatures, comparison with the sheets, backup, history and search index; and for the bare rows."""
    place = hand_off.folder()
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(place / "receiver", Path(name) / "receiver")
        workspace = setup.open_workspace(Path(name) / "receiver")
        start = time.perf_counter()
        taken = taking_in.take(workspace, place / "package.xlsx")
        seconds = time.perf_counter() - start
        assert taken.preview.rows["new"] == hand_off.RECORDS
        rows = [tuple(row.values()) for row in workspace.store.query("SELECT id, kind, data, stamps FROM record")]
        workspace.close()
        plain = _plain(rows, Path(name) / "plain.db")
    return {
        "records": len(rows),
        "seconds": round(seconds, 1),
        "plain_rows_seconds": round(plain, 2),
        "ratio": round(seconds / plain, 1),
        "aim": AIM,
    }


def _plain(rows: list[tuple[object, ...]], path: Path) -> float:
    start = time.perf_counter()
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE record (id TEXT PRIMARY KEY, kind TEXT, data TEXT, stamps TEXT)")
    database.executemany("INSERT INTO record VALUES (?, ?, ?, ?)", rows)
    database.commit()
    database.close()
    return time.perf_counter() - start
