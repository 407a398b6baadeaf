"""Renaming the writes of a copied store in a received record, before it is merged: see `lineages`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kcdesk.runtime.frozen import replace
from kcdesk.store.clock import device_of
from kcdesk.store.database.db import canonical
from kcdesk.store.handover.lineages import Names
from kcdesk.store.handover.merging import MergeState, registers_of
from kcdesk.store.handover.shapes import Shape


def renamed(state: MergeState, names: Names, ours: MergeState | None, shape: Shape) -> MergeState:
    """The received state with the devices as this store names them; `ours` is the state here, if any."""
    if names.labels.keys().isdisjoint(state.seen):
        return state
    shared = {} if ours is None else _shared(state, ours, names, shape)

    def own(stamp: str) -> str:
        return names.stamp(stamp, shared.get(device_of(stamp), ""))

    others = {path: {own(at): value for at, value in register.items()} for path, register in state.others.items()}
    return replace(
        state,
        stamps={path: own(stamp) for path, stamp in state.stamps.items()},
        others=others,
        seen=names.vector(state.seen, shared),
        private=names.vector(state.private, shared),
    )


def _shared(theirs: MergeState, ours: MergeState, names: Names, shape: Shape) -> Mapping[str, str]:
    """For each renamed device, the time up to which both copies have surely written the same.

    A write that stands on both sides was made before the copy; so was all that its device had written until then.
    """
    shared: dict[str, str] = {}
    for device, time in _same_writes(theirs, ours, names, shape):
        shared[device] = max(time, shared.get(device, ""))
    return shared


def _same_writes(theirs: MergeState, ours: MergeState, names: Names, shape: Shape) -> Iterator[tuple[str, str]]:
    here = registers_of(ours, shape)
    for path, register in registers_of(theirs, shape).items():
        for stamp, value in register.items():
            device = device_of(stamp)
            parent = names.parent(device)
            known = here.get(path, {}) if parent else {}
            time = stamp.removesuffix(f"-{device}")
            if f"{time}-{parent}" in known and canonical(known[f"{time}-{parent}"]) == canonical(value):
                yield device, time
