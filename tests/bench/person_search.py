"""What «Dữ liệu về một người» costs on 100,000 records: every text of today and of the history is looked through."""

from __future__ import annotations

import time

from kcdesk.services.maintenance import opening
from kcdesk.services.personal import people
from kcdesk.services.workspace import Workspace
from tests.bench import big_store

_ASKED = (("Nguyễn Văn Ẩn Danh",), ("0912345678",), ("Nguyễn Văn Ẩn Danh", "0912345678", "079123456789"))
AIM_S = 1


def measure() -> dict[str, object]:
    """The seconds of the processor for a name, a number and both with a card, beside reading all texts once.

    The first reading is not counted: it loads the store from the disk, whose speed is not ours.
    """
    workspace = opening.open_workspace(big_store.folder())
    try:
        people.find(workspace, *_ASKED[0])
        times = [_timed(workspace, words) for words in _ASKED]
        start = time.process_time()
        characters = sum(len(row["data"]) for row in workspace.store.query("SELECT data FROM record"))
        baseline = time.process_time() - start
    finally:
        workspace.close()
    return {
        "name_s": round(times[0], 2),
        "number_s": round(times[1], 2),
        "three_s": round(times[2], 2),
        "aim_s": AIM_S,
        "read_s": round(baseline, 2),
        "ratio": round(max(times) / baseline, 1),
        "million_characters": characters // 1_000_000,
    }


def _timed(workspace: Workspace, words: tuple[str, ...]) -> float:
    start = time.process_time()
    people.find(workspace, *words)
    return time.process_time() - start
