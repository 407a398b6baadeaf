"""What one keystroke in the search box costs on 100,000 records: one page of rows, as the list asks for it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from functools import partial

from kcdesk.services.maintenance import opening
from kcdesk.services.records import reading
from tests.bench import big_store

_TYPED = (
    "d",
    "de",
    "may",
    "may mo",
    "che bien",
    "ca ph",
    "nghe may cong",
    "so 77",
    "gach khong nung",
    "ruou dao tao n",
)
_ROUNDS = 20
AIM_MS = 16  # one frame


def measure() -> dict[str, object]:
    """p50, p99 and worst of a page of search results (ms), beside a page of a plain table by its key.

    The first round is not counted: it reads the store from the disk, whose speed is not ours.
    """
    workspace = opening.open_workspace(big_store.folder())
    try:
        for words in _TYPED:
            reading.list_page(workspace, "proposal", search=words, limit=50)
        times = sorted(
            _timed(partial(reading.list_page, workspace, "proposal", search=words, limit=50))
            for _ in range(_ROUNDS)
            for words in _TYPED
        )
    finally:
        workspace.close()
    p99 = times[int(len(times) * 0.99)]
    baseline = _baseline()
    return {
        "p50_ms": round(times[len(times) // 2], 2),
        "p99_ms": round(p99, 2),
        "worst_ms": round(times[-1], 2),
        "aim_ms": AIM_MS,
        "plain_page_ms": round(baseline, 3),
        "ratio": round(p99 / baseline, 1),
    }


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def _baseline() -> float:
    """The median time (ms) of 50 rows of 2 kB by primary key out of a plain unencrypted table of as many rows."""
    plain = sqlite3.connect(":memory:")
    plain.execute("create table record(id integer primary key, data text)")
    plain.executemany(
        "insert into record values (?, ?)", ((number, "x" * 2_000) for number in range(big_store.RECORDS))
    )
    page = "select * from record where id > ? order by id limit 50"

    def read(after: int) -> list[tuple[object, ...]]:
        return plain.execute(page, (after,)).fetchall()

    times = sorted(_timed(partial(read, n * 400)) for n in range(200))
    plain.close()
    return times[len(times) // 2]
