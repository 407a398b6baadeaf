"""Copies of the big store: the first, one of a change, what they take of the disk, the proof in the background."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from kcdesk.formdef.loading.loader import load
from kcdesk.store.store import Store
from tests.bench import big_store
from tests.bench.measuring import seconds, size

_CHANGES = 30


def measure() -> dict[str, object]:
    """Seconds of copies and of a plain file copy beside them; the disk that all takes, as a multiple of the store."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(big_store.folder(), Path(place) / "store"))
        shutil.rmtree(folder / "backups", ignore_errors=True)
        plain = seconds(lambda: shutil.copyfile(folder / "kcdesk.db", Path(place) / "plain"))
        with Store.open(folder, load()) as store:
            return {"plain_copy_s": plain, **_measured(store)}


def _measured(store: Store) -> dict[str, object]:
    before = size(store.folder)
    first = seconds(lambda: store.copies.save("time"))
    record = store.page("proposal", limit=1)[0].id
    changed = []
    for number in range(_CHANGES):
        with store.act("Sửa") as act:
            act.update(record, {"title": f"Lần {number}"})
        changed.append(seconds(lambda: store.copies.save("time")))
    proof = seconds(lambda: store.copies.prove(store.copies.listed()[0].folder))
    return {
        "store_mb": round(before / 2**20),
        "first_s": first,
        "change_median_s": sorted(changed)[_CHANGES // 2],
        "change_worst_s": max(changed),
        "proof_s": proof,
        "disk_times_store": round(size(store.folder) / before, 2),
    }
