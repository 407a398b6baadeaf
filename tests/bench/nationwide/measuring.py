"""What a store of a whole nation costs: opening, searching, the first page, every report, memory; and its growth."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from kcdesk.reports.model import Report
from kcdesk.runtime.frozen import Value
from kcdesk.services.maintenance import opening
from kcdesk.services.overview import figures, head_numbers
from kcdesk.services.records import reading
from kcdesk.services.reporting import running
from kcdesk.services.workspace import Workspace
from tests.bench.memory import peak_mb
from tests.bench.nationwide import making, shares

SCALES = (1_000, 20_000, 500_000)
AIMS = {"search_p99_ms": 50, "overview_ms": 1_000, "report_ms": 5_000, "year_report_ms": 5_000, "memory_mb": 500}
_YEAR = "2019"
_TYPED = (
    *("h", "ho", "may say", "may cat cnc", "che", "minh phat", "DA-2019", "gach khong nung", "hop tac xa"),
    "det kim an",
)
_ROUNDS = 10
Figures = dict[str, object]


def measure(proposals: int = shares.PROPOSALS) -> Figures:
    """Milliseconds and MB of one store, each beside its aim; the store is made first if it is not there yet."""
    return measured(making.folder(proposals)) | {f"aim_{name}": aim for name, aim in AIMS.items()}


def measured(folder: Path) -> Figures:
    """The figures of a store, taken in a process of its own so that its memory is nobody else's."""
    command = [sys.executable, "-m", "tests.bench.nationwide.measuring", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def growth(scales: Sequence[int] = SCALES) -> list[Figures]:
    """The figures of every scale."""
    return [{"proposals": scale, **measured(making.folder(scale))} for scale in scales]


class _Took(Value, order=True):
    """How long something took, in milliseconds: of the processor (the same on a busy machine), and by the clock."""

    processor: float
    clock: float


def _timed(act: Callable[[], object]) -> _Took:
    clock, processor = time.perf_counter(), time.process_time()
    act()
    return _Took((time.process_time() - processor) * 1000, (time.perf_counter() - clock) * 1000)


def _named(name: str, took: _Took) -> Figures:
    return {f"{name}_ms": round(took.processor, 1), f"{name}_clock_ms": round(took.clock, 1)}


def _figures(folder: Path) -> Figures:
    opened: list[Workspace] = []
    took = _timed(lambda: opened.append(opening.open_workspace(folder)))
    (workspace,) = opened
    workspace.today = partial(date, shares.LAST_YEAR, 11, 15)
    try:
        proposals = workspace.store.count("proposal")
        known = {
            "records": workspace.store.query("select max(seq) as number from record")[0]["number"],
            **_named("open", took),
            **_searched(workspace),
            **_named("overview", _timed(partial(_first_page, workspace))),
            **_reported(workspace),
            "memory_mb": peak_mb(),
        }
    finally:
        workspace.close()
    scan = _plain_scan(proposals)
    ratio = float(str(known["report_ms"])) / scan.processor
    return {**known, "plain_scan_ms": round(scan.processor, 1), "report_ratio": round(ratio, 1)}


def _searched(workspace: Workspace) -> Figures:
    """The times of one page of a search; the first round reads the store from the disk and is not counted."""
    pages = [partial(reading.list_page, workspace, "proposal", search=words, limit=50) for words in _TYPED]
    for page in pages:
        page()
    times = sorted(_timed(page) for _ in range(_ROUNDS) for page in pages)
    return _named("search_p50", times[len(times) // 2]) | _named("search_p99", times[int(len(times) * 0.99)])


def _first_page(workspace: Workspace) -> None:
    """The counts and numbers that the first page shows at once."""
    figures.overview(workspace)
    figures.recent(workspace)
    head_numbers.head_numbers(workspace, 0)


def _reported(workspace: Workspace) -> Figures:
    """The making of the tables that reports read, then the slowest report over all years and over one year.

    A report with a line for each contract is a list: over all years it has hundreds of thousands of lines, and is left
    out there.
    """
    prepared = _timed(partial(running.prepare, workspace))
    years = running.wanted_period("", "", _YEAR)
    reports = running.offered(workspace)
    of_a_year = {report.id: _run(workspace, running.Wanted(name=report.id, period=years)) for report in reports}
    of_all = {report.id: _run(workspace, running.Wanted(name=report.id)) for report in reports if not _lists(report)}
    slowest = max(of_all, key=lambda name: of_all[name])
    return {
        **_named("prepare", prepared),
        **_named("report", of_all[slowest]),
        "slowest_report": slowest,
        **_named("year_report", max(of_a_year.values())),
        "reports_ms": {name: round(took.processor) for name, took in of_all.items()},
        "year_reports_ms": {name: round(took.processor) for name, took in of_a_year.items()},
    }


def _run(workspace: Workspace, wanted: running.Wanted) -> _Took:
    return _timed(partial(running.run, workspace, wanted))


def _lists(report: Report) -> bool:
    """Whether the rows of a report are its records."""
    fields = {group.name: group.field for group in report.groups}
    return any(fields.get(name) == "id" for name in report.by)


def _plain_scan(rows: int) -> _Took:
    """The time in which bare SQLite adds up as many rows of a table in memory, by two keys."""
    plain = sqlite3.connect(":memory:")
    plain.execute("create table proposal (programme text, year integer, support integer)")
    lines = (("national" if number % 3 else "local", 2007 + number % 20, number) for number in range(rows))
    plain.executemany("insert into proposal values (?, ?, ?)", lines)
    query = "select programme, year, sum(support) from proposal group by programme, year"
    times = [_timed(lambda: plain.execute(query).fetchall()) for _ in range(5)]
    plain.close()
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    print(json.dumps(_figures(Path(sys.argv[1]))))
