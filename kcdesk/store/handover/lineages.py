"""Lineages: the sessions in which a laptop has written, so that two copies of one store are told apart.

Both copies of a store write as one device, and the newer stamp of one seems to have seen the older stamps of the other.
So every session that writes (from opening the store to closing it) draws a random token, and the tokens of a device
travel with each package. Two lists of sessions of one device of which neither continues the other belong to two copies.
From the end of their last common session on, the second copy is known here by a name of its own (`branch_name`), as if
it had had its own device from the beginning. Each store may name another copy so; the names are translated on receipt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from kcdesk.runtime.frozen import Value, replace
from kcdesk.store.clock import device_of

Sessions = tuple[
    tuple[str, ...], ...
]  # pairs of a token and the time (of the last stamp) of each session, oldest first
_TIME = 19  # letters of a stamp before its device
_NAME = 10  # letters of the name of a device


class Lineage(Value, kw_only=True):
    """The sessions of one copy of a store.

    `base` is the device id of the store that was copied. Writes up to the time `since` are those of the copy `parent`
    too ("" for the first copy that became known here).
    """

    base: str
    sessions: Sessions
    parent: str = ""
    since: str = ""

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Lineage:
        """Read the JSON of a lineage as it is kept in a store."""
        return cls(**{**values, "sessions": tuple(map(tuple, values["sessions"]))})


Lineages = Mapping[str, Lineage]  # by the name of the copy, which stands in stamps as its device


class Names(Value):
    """How this store names the devices of a package: `labels` holds those that it names otherwise."""

    lineages: Lineages
    labels: Mapping[str, str]

    def stamp(self, stamp: str, shared: str = "") -> str:
        """A stamp of the package as this store writes it; `shared` is a later end of what both copies wrote, if known.

        The hyphen at the end of the stamp of a removed row stays.
        """
        device = device_of(stamp)
        label = self.labels.get(device)
        if label is None:
            return stamp
        return stamp[: _TIME + 1] + self._at(label, stamp[:_TIME], shared) + stamp[_TIME + 1 + len(device) :]

    def vector(self, vector: Mapping[str, str], shared: Mapping[str, str] | None = None) -> dict[str, str]:
        """The newest stamps of the devices of a package, by the names of this store."""
        named: dict[str, str] = {}
        for device, stamp in vector.items():
            for own in self._vector_of(device, stamp, (shared or {}).get(device, "")):
                named[device_of(own)] = max(own, named.get(device_of(own), ""))
        return named

    def parent(self, device: str) -> str:
        """The copy from which a renamed device of the package parted; "" for every other device."""
        label = self.labels.get(device)
        return self.lineages[label].parent if label else ""

    def _at(self, label: str, time: str, shared: str) -> str:
        """The name of the copy that wrote at a time: what was written before a copy was made belongs to its parent."""
        lineage = self.lineages[label]
        while lineage.parent and time <= max(lineage.since, shared):
            label, shared = lineage.parent, ""
            lineage = self.lineages[label]
        return label

    def _vector_of(self, device: str, stamp: str, shared: str) -> Iterable[str]:
        label, time = self.labels.get(device), stamp[:_TIME]
        if label is None:
            yield stamp
            return
        while lineage := self.lineages[label]:
            end = max(lineage.since, shared)
            if not lineage.parent or time > end:
                yield f"{time}-{label}"
            if not lineage.parent:
                return
            label, time, shared = lineage.parent, min(time, end), ""
            if not time:
                return


def branch_name(base: str, token: str) -> str:
    """The name of the copy of a device that began with a session: the same in every store."""
    return hashlib.sha256(f"{base}/{token}".encode()).hexdigest()[:_NAME]


def compared(known: Lineages, coming: Lineages) -> Names:
    """Find the copies in a package among those known here; the lineages of the result include those of the package."""
    lineages, labels = dict(known), {}
    for device, lineage in sorted(coming.items(), key=lambda item: (item[0] != item[1].base, item[0])):
        label = _label(lineages, device, lineage)
        if label != device:
            labels[device] = label
    return Names(lineages, labels)


def parted_at(known: Sessions, coming: Sessions) -> str | None:
    """The time up to which two copies are the same; None if one of them is an earlier state of the other."""
    mine, theirs = dict(map(_pair, known)), dict(map(_pair, coming))
    common = next((token for token in reversed(mine) if token in theirs), None)
    if not mine or not theirs:
        return None
    if common is None:
        return ""
    is_newest_of_mine, is_newest_of_theirs = common == [*mine][-1], common == [*theirs][-1]
    if is_newest_of_mine and (is_newest_of_theirs or mine[common] <= theirs[common]):
        return None
    if is_newest_of_theirs and theirs[common] <= mine[common]:
        return None
    return min(mine[common], theirs[common])


def _label(lineages: dict[str, Lineage], device: str, coming: Lineage) -> str:
    """The name of a copy here; the lineages are brought up to date."""
    family = {label: lineage for label, lineage in lineages.items() if lineage.base == coming.base}
    if not family:
        lineages[device] = Lineage(base=coming.base, sessions=coming.sessions)
        return device
    parted = {label: parted_at(lineage.sessions, coming.sessions) for label, lineage in family.items()}
    same = [label for label, at in parted.items() if at is None]
    if same:
        label = device if device in same else max(same, key=lambda label: (len(family[label].sessions), label))
        lineages[label] = replace(family[label], sessions=_longer(family[label].sessions, coming.sessions))
        return label
    parent = max(parted, key=lambda label: (parted[label] or "", label == coming.base, label))
    label = branch_name(coming.base, _first_own(family[parent].sessions, coming.sessions))
    lineages[label] = Lineage(base=coming.base, sessions=coming.sessions, parent=parent, since=parted[parent] or "")
    return label


def _longer(known: Sessions, coming: Sessions) -> Sessions:
    """The later of two states of one copy."""
    if not known:
        return coming
    tokens, last = dict(map(_pair, coming)), known[-1]
    if last[0] not in tokens:
        return known
    return coming if (coming[-1][0] != last[0] or tokens[last[0]] >= last[1]) else known


def _first_own(known: Sessions, coming: Sessions) -> str:
    """The token of the first session of a copy after the last one that it has in common with another."""
    tokens = {token for token, _ in map(_pair, known)}
    own = ""
    for token, _ in reversed([*map(_pair, coming)]):
        if token in tokens:
            break
        own = token
    return own or coming[-1][0]


def _pair(session: tuple[str, ...]) -> tuple[str, str]:
    token, last = session
    return token, last
