"""The nationwide store on the disk: made once per temporary folder and scale, through the store's own bulk writer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from kcdesk.formdef import record_values
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import load
from kcdesk.progress import Progress, ignore_progress
from kcdesk.store.clock import iso
from kcdesk.store.handover.merge_state import Incoming, Outcome
from kcdesk.store.handover.merging import MergeState
from kcdesk.store.identity import Officer, Unit
from kcdesk.store.store import Store
from tests.bench.nationwide import shares
from tests.bench.nationwide.nation import Nation
from tests.bench.nationwide.records import NewRecord

_NOW = 1_794_700_000_000  # 15 November 2026: after every record


def folder(proposals: int = shares.PROPOSALS, progress: Progress = ignore_progress) -> Path:
    """The folder of the store with so many proposals; it is made when it is not there yet."""
    place = Path(tempfile.gettempdir()) / f"kcdesk-nation-{proposals}"
    if not (place / "complete").exists():
        make(place, proposals, progress)
        (place / "complete").touch()
    return place


def make(place: Path, proposals: int, progress: Progress = ignore_progress) -> None:
    """Make the store in `place`; the same number of proposals gives the same records."""
    forms = load()
    unit = Unit("Cục Công Thương địa phương (mẫu)", "CUC-MAU", "nation", "")
    store, _ = Store.create(place, forms, unit, Officer("Người đo"), practice=True, now=lambda: _NOW)
    done = 0
    with store:
        for batch in _batches(Nation(forms.places, proposals).records()):
            with store.act("Nạp dữ liệu đo") as act:
                act.merge_all([_arrival(forms, record) for record in batch], ignore_progress)
            done += len(batch)
            progress(done, 0)
        store.analyze()


def _batches(records: Iterable[NewRecord]) -> Iterator[list[NewRecord]]:
    left = iter(records)
    while batch := list(islice(left, shares.BATCH)):
        yield batch


def _arrival(forms: Forms, record: NewRecord) -> tuple[Incoming, Outcome]:
    """A record as a package brings it: new here in every respect, written at once by one device of its office."""
    form = forms.current(record.kind)
    tables = [table.name for table in form.tables]
    content = record_values.tidy(record.data, tables)
    device = record.unit.replace("-", "").lower()
    stamp = f"{record.at:014d}-0000-{device}"
    state = MergeState(
        form=form.reference,
        created=iso(record.at),
        updated=iso(record.at),
        deleted=None,
        data=content,
        stamps=dict.fromkeys(record_values.stamped_paths(content, tables), stamp),
        others={},
        seen={device: stamp},
        private={device: stamp},
    )
    incoming = Incoming(id=record.id, kind=record.kind, unit=record.unit, parent=None, state=state)
    outcome = Outcome(id=record.id, stored=None, before=None, after=state, changes={}, clashes=(), refused=())
    return incoming, outcome
