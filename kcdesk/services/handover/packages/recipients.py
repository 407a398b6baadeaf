"""The recipient of a package, and the records that concern it: a lower unit never receives dossiers of other units."""

from __future__ import annotations

from collections.abc import Iterable

from kcdesk import text
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.identity import FORMER_NAMES
from kcdesk.store.reader import Reader
from kcdesk.store.stored_record import StoredRecord

_REGISTRY = "beneficiary"  # the kind that dossiers of several units may share

_USUAL = "Sở Công Thương"

# Records that a unit made, that its laptops edited, that it handed over; and all records below these.
_OWN = """
WITH RECURSIVE own (id) AS (
  SELECT id FROM record WHERE unit = :unit
  UNION
  SELECT record.id FROM touched JOIN record ON record.seq = touched.record
  WHERE device IN (SELECT id FROM device WHERE unit = :unit)
  UNION
  SELECT record.id FROM carried JOIN package ON package.seq = carried.package JOIN record ON record.seq = carried.record
  WHERE direction = 'in' AND type <> 'R' AND json_extract(details, '$.unit') = :unit
  UNION
  SELECT record.id FROM own JOIN record ON record.parent = own.id
)
SELECT id FROM own
"""


def own_names(workspace: Workspace) -> tuple[str, ...]:
    """The code of this unit, its name and its former names, by any of which it may be named as a receiver."""
    own = workspace.identity.unit
    return own.code, own.name, *workspace.store.setting(FORMER_NAMES, [])


def unit_below(workspace: Workspace, receiver: str) -> tuple[str, str] | None:
    """Code and name of the lower or neighbouring unit that `receiver` names; None for the unit above and for itself."""
    own, wanted = workspace.identity.unit, text.fold(receiver)
    if wanted in map(text.fold, (*own_names(workspace), own.parent)):
        return None
    store = workspace.store
    candidates = [(partner.unit, partner.name, partner.level) for partner in store.partners.list() if not partner.ended]
    candidates += [(device.unit, device.name, device.level) for device in store.partners.devices()]
    matching = [
        (unit, name, level)
        for unit, name, level in candidates
        if wanted in (text.fold(unit), text.fold(name), text.fold(f"{name} ({unit})"))
    ]
    levels = workspace.forms.levels
    if any(
        (level == own.level and levels.decides(level)) or levels.is_above(level, own.level) for _, _, level in matching
    ):
        return None
    return next(((unit, name) for unit, name, _ in matching if unit != own.code), None)


def default_receiver(workspace: Workspace) -> str:
    """The name of the unit above: to whom packages go, who need not be the office that stands above letterheads.

    As typed in the first-start wizard while nothing was sent, or where that is the receiver.
    """
    named = workspace.identity.unit.parent or _USUAL
    sent = workspace.store.packages.receivers()
    above = (receiver for receiver in sent if unit_below(workspace, receiver) is None)
    return named if not sent or named in sent else next(above, named)


def name_of(workspace: Workspace, receiver: str) -> str:
    """The name of a receiver that is named by the code of a known unit; else what it is called."""
    named = (
        partner.name
        for partner in workspace.store.partners.list()
        if not partner.ended and text.fold(partner.unit) == text.fold(receiver)
    )
    return next(named, receiver)


def level_of(workspace: Workspace, receiver: str, *, is_below: bool) -> str:
    """The level of a receiver by code or name; of an unknown one the lowest, or above us the next that decides."""
    levels, wanted = workspace.forms.levels, text.fold(receiver)
    named = (
        partner.level
        for partner in workspace.store.partners.list()
        if not partner.ended and wanted in (text.fold(partner.unit), text.fold(partner.name))
    )
    above = levels.deciding_above(workspace.identity.unit.level) or workspace.level
    return next(named, (levels.makers if is_below else above).name)


def business(reader: Reader, unit: str) -> list[StoredRecord]:
    """The records that a unit needs: its own, those below and above them, and the beneficiaries that they refer to."""
    records = {row["id"]: reader.get(row["id"]) for row in reader.query(_OWN, {"unit": unit})}
    added = list(records.values())
    while added:
        related = {id_ for stored in added for id_ in _related_ids(reader, stored)} - records.keys()
        added = [reader.get(id_) for id_ in sorted(related) if reader.merging.stored(id_)]
        records |= {stored.id: stored for stored in added}
    present = reader.merging.seen(records)  # records of an undone package are not present
    return sorted((stored for id_, stored in records.items() if id_ in present), key=lambda stored: stored.seq)


def _related_ids(reader: Reader, stored: StoredRecord) -> Iterable[str]:
    """The ids of the parent of a record and of the beneficiaries that it refers to."""
    if stored.parent:
        yield stored.parent
    for field in reader.forms.by_reference(stored.form).fields:
        if field.target == _REGISTRY:
            yield from type_of(field).named_records(stored.data.get(field.name))


def handed_over(workspace: Workspace, receiver: str) -> dict[str, str]:
    """The newest stamp of each device that was sent to a unit, or that the unit has confirmed."""
    last = workspace.store.packages.last_sent(receiver)
    sent, known = last.vector if last else {}, acknowledged(workspace, receiver)
    return {device: max(sent.get(device, ""), known.get(device, "")) for device in sent.keys() | known.keys()}


def acknowledged(workspace: Workspace, receiver: str) -> dict[str, str]:
    """The stamps that the receiver has confirmed. Without a receipt none, because a package may have been lost."""
    for entry in workspace.store.packages.list():
        receipt = entry.direction == "in" and entry.details.get("receipt") and not entry.details.get("undone")
        if receipt and receiver in (entry.partner, entry.details.get("unit")):
            return dict(entry.vector)
    return {}
