"""Who a package is for, and what of the store is that unit's business: nobody below is sent the others' dossiers."""

from __future__ import annotations

from collections.abc import Iterable

from kcdesk import text
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.reader import Reader
from kcdesk.store.stored_record import StoredRecord

_REGISTRY = "beneficiary"  # the kind that dossiers of several units may share

# What a unit made, what its laptops wrote in, what it handed over; and what hangs below any of that.
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


def unit_below(workspace: Workspace, receiver: str) -> tuple[str, str] | None:
    """Code and name of the unit below, or beside, that a receiver names; None for the one above and for this one."""
    own, wanted = workspace.identity.unit, text.fold(receiver)
    if wanted in map(text.fold, (own.code, own.name, own.parent)):
        return None
    store = workspace.store
    known = [(partner.unit, partner.name, partner.level) for partner in store.partners.list() if not partner.ended]
    known += [(device.unit, device.name, device.level) for device in store.partners.devices()]
    named = [
        (unit, name, level)
        for unit, name, level in known
        if wanted in (text.fold(unit), text.fold(name), text.fold(f"{name} ({unit})"))
    ]
    if any(level == "province" for _, _, level in named):
        return None
    return next(((unit, name) for unit, name, _ in named if unit != own.code), None)


def business(reader: Reader, unit: str) -> list[StoredRecord]:
    """The records that a unit needs: its own, what hangs below, what they hang on, the establishments they name."""
    found = {row["id"]: reader.get(row["id"]) for row in reader.query(_OWN, {"unit": unit})}
    waiting = list(found.values())
    while waiting:
        near = {id_ for stored in waiting for id_ in _leads_to(reader, stored)} - found.keys()
        waiting = [reader.get(id_) for id_ in sorted(near) if reader.merging.stored(id_)]
        found |= {stored.id: stored for stored in waiting}
    here = reader.merging.seen(found)  # what an undone package brought is not
    return sorted((stored for id_, stored in found.items() if id_ in here), key=lambda stored: stored.seq)


def _leads_to(reader: Reader, stored: StoredRecord) -> Iterable[str]:
    """What a record hangs on, and the establishments that it names."""
    if stored.parent:
        yield stored.parent
    for field in reader.forms.by_reference(stored.form).fields:
        if field.target == _REGISTRY:
            yield from type_of(field).named_records(stored.data.get(field.name))
