"""Whose records a sender may change: its own unit's, and those of units that hand over to it.

An office that decides for this one may change all. A unit that this store knows says itself, in its identity workbook
and by its packages, to whom it hands over; a unit that this store does not know comes through one sender, the first.
"""

from __future__ import annotations

from functools import cached_property

from kcdesk import text
from kcdesk.services.handover.trust import admission, partners
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.partners import Partner
from kcdesk.store.reader import Reader

_BROUGHT_BY = """
SELECT DISTINCT json_extract(details, '$.unit') AS sender FROM carried JOIN package ON package.seq = carried.package
JOIN record ON record.seq = carried.record WHERE direction = 'in' AND type <> 'R' AND record.unit = :unit
"""
_DEPTH = 6  # levels of units


class Ownership:
    """What the sender of one package may change; `sender` None is this store itself."""

    def __init__(self, workspace: Workspace, reader: Reader, sender: Partner | None) -> None:
        self._workspace, self._reader, self._sender = workspace, reader, sender
        self._known: dict[str, bool] = {}

    def covers(self, unit: str) -> bool:
        """Whether the sender may change records of the unit with this code."""
        if unit not in self._known:
            self._known[unit] = self._may_change(unit)
        return self._known[unit]

    def name_of(self, unit: str) -> str:
        """The name of a unit, as far as this store knows it; else its code."""
        return self._names.get(unit, unit)

    @cached_property
    def _names(self) -> dict[str, str]:
        known = [(device.unit, device.name) for device in self._reader.partners.devices()]
        known += [(partner.unit, partner.name) for partner in self._reader.partners.list()]
        own = self._workspace.identity.unit
        return {**dict(known), own.code: own.name}

    def _may_change(self, unit: str) -> bool:
        sender, own = self._sender, self._workspace.identity.unit
        if sender is None or admission.is_alike(sender.unit, own.code):
            return True
        if partners.has_authority(self._workspace, sender) or admission.is_alike(sender.unit, unit):
            return True
        unit = own.code if admission.is_alike(unit, own.code) else unit
        above = {**self._reader.setting(admission.UNITS_ABOVE, {}), own.code: [own.parent]}
        return self._stands_above(unit, above) if unit in above else self._is_first(unit)

    def _stands_above(self, unit: str, above: dict[str, list[str]]) -> bool:
        """Whether the sender is among the offices above a unit, directly or over others."""
        assert self._sender is not None
        own = self._workspace.identity.unit
        wanted = {text.fold(self._sender.unit), text.fold(self._sender.name)} - {text.fold(own.name)}
        codes = {text.fold(name): code for code, name in self._names.items()}
        reached = {unit}
        for _ in range(_DEPTH):
            names = {text.fold(name) for code in reached for name in above.get(code, ())}
            if names & wanted:
                return True
            reached = {codes.get(name, name) for name in names}
        return False

    def _is_first(self, unit: str) -> bool:
        """Whether no other sender has brought records of a unit that this store does not know."""
        assert self._sender is not None
        senders = {row["sender"] for row in self._reader.query(_BROUGHT_BY, {"unit": unit})}
        return senders <= {self._sender.unit}
