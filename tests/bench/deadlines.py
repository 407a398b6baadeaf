"""What the list of deadlines costs on 100,000 dossiers of ten years, a tenth of them still open."""

from __future__ import annotations

import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import load
from kcdesk.services.deadlines import listing
from kcdesk.services.maintenance import opening
from kcdesk.services.reporting import running
from kcdesk.store.identity import Officer, Unit
from kcdesk.store.store import Store
from kcdesk.store.writer import Writer

CONTRACTS = 50_000  # and as many acceptances
AIM_MS = 150
_BATCH = 5_000
_PROPOSALS = 1_000
_TODAY = date(2026, 3, 5)
_ASKED = 40


def measure() -> dict[str, object]:
    """p50, p95 and worst (ms) of the whole list, seen on different days, and the median of the processor."""
    workspace = opening.open_workspace(_folder())
    workspace.today = lambda: _TODAY
    try:
        running.prepare(workspace)  # as the first page has done
        found = len(listing.listing(workspace).all)
        times, used = [], []
        for days in range(_ASKED):
            start, processor = time.perf_counter(), time.process_time()
            listing.listing(workspace, _TODAY + timedelta(days=days))
            times.append((time.perf_counter() - start) * 1000)
            used.append((time.process_time() - processor) * 1000)
    finally:
        workspace.close()
    times.sort()
    return {
        "p50_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "worst_ms": round(times[-1], 1),
        "processor_ms": round(sorted(used)[len(used) // 2], 1),
        "aim_ms": AIM_MS,
        "found": found,
    }


def _folder() -> Path:
    place = Path(tempfile.gettempdir()) / f"kcdesk-bench-deadlines-{CONTRACTS}"
    if not (place / "complete").exists():
        _make(place)
        (place / "complete").touch()
    return place


def _make(place: Path) -> None:
    forms = load()
    store, _ = Store.create(place, forms, Unit("Đơn vị đo tốc độ", "DO", "lower", "04"), Officer("Người đo"), True)
    chance = random.Random(18)
    with store.act("Nạp dữ liệu đo") as act:
        reference = forms.current("proposal").reference
        data = {"state": "contracted", "revision": 1, "title": "Đề án", "programme": "national"}
        proposals = [act.insert("proposal", reference, data) for _ in range(_PROPOSALS)]
    for start in range(0, CONTRACTS, _BATCH):
        with store.act("Nạp dữ liệu đo") as act:
            for number in range(start, start + _BATCH):
                _insert(act, forms, chance, proposals[number % _PROPOSALS], number)
    store.analyze()
    store.close()


def _insert(act: Writer, forms: Forms, chance: random.Random, proposal: str, number: int) -> None:
    """A contract and its acceptance; nine of ten are over."""
    due = _TODAY - timedelta(days=chance.randrange(-300, 3_300))
    over = {} if chance.random() < 0.1 else {"liquidated_on": due.isoformat()}
    contract = {
        "state": "final",
        "revision": 1,
        "proposal": proposal,
        "number": f"{number}/HĐ",
        "due_on": due.isoformat(),
    }
    id_ = act.insert("contract", forms.current("contract").reference, contract | over, parent=proposal)
    visit = {"state": "final", "revision": 1, "proposal": proposal, "contract": id_, "site": f"Xưởng {number}"}
    visit |= {"visited_on": (due - timedelta(days=40)).isoformat(), "conclusion": "conditional"}
    remedy = {"id": f"r{number}", "position": 1.0, "remedy": "Sửa", "due_on": due.isoformat(), "done": bool(over)}
    act.insert("acceptance", forms.current("acceptance").reference, visit | {"remedies": [remedy]}, parent=proposal)
