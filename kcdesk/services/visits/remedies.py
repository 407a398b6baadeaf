"""What a visit demands to be put right, made from the failed items of its checklist.

The remedy of an item has the row id of the item, so that it is found again here and at every other office.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import ValueChanges
from kcdesk.services.records.copying import known
from kcdesk.services.workspace import Workspace

ITEMS, REMEDIES = "checklist", "remedies"
_TEXT = "remedy"


def may_demand(record: Record) -> bool:
    """Return whether the record has a table for what must be put right."""
    return any(field.name == REMEDIES for field in record.fields_visible())


def is_demanded(record: Record, item_id: str) -> bool:
    """Return whether a remedy stands for this item: by its id, or in the words of its finding."""
    return _remedy(record, item_id) is not None


def demand(record: Record, item_id: str, responsible: str | None) -> ValueChanges:
    """Add the remedy of an item, in the words of its finding, to be done by `responsible`."""
    row = known({_TEXT: _words(_item(record, item_id)), "responsible": responsible})
    return {} if is_demanded(record, item_id) else record.set(f"{REMEDIES}/{item_id}", row)


def withdraw(record: Record, item_id: str) -> ValueChanges:
    """Remove the remedy of an item."""
    row = _remedy(record, item_id)
    return record.remove_row(REMEDIES, row["id"]) if row else {}


def withdraw_unchanged(record: Record, item_id: str) -> ValueChanges:
    """Remove the remedy of an item that is in order now, unless the officer gave it words of its own."""
    row = _remedy(record, item_id)
    is_own = row is not None and row.get(_TEXT) == _words(_item(record, item_id))
    return withdraw(record, item_id) if is_own else {}


def follow(record: Record, item_id: str, before: Mapping[str, Any]) -> ValueChanges:
    """Write a changed finding into the remedy of its item, unless the remedy says something of its own."""
    row = next((row for row in record.rows(REMEDIES) if row["id"] == item_id), None)
    if row is None or row.get(_TEXT) != _words(before):
        return {}
    return record.set(f"{REMEDIES}/{item_id}/{_TEXT}", _words(_item(record, item_id)))


def undemanded(record: Record) -> Iterator[str]:
    """Yield the ids of the failed items that no remedy stands for."""
    for item in record.rows(ITEMS):
        if item.get("result") == "fail" and not is_demanded(record, item["id"]):
            yield item["id"]


def beside_acceptance(_workspace: Workspace, record: Record) -> list[Problem]:
    """Point out that a visit accepts the work and demands something; it prevents no step (advice of this program).

    At a later visit the demands of the first one are listed with what was done: there the form itself checks them.
    """
    demands = record.rows(REMEDIES) if may_demand(record) else []
    if not demands or record.value("conclusion") != "accepted" or record.value("previous"):
        return []
    label = record.field(REMEDIES).label
    sentence = (
        f"Kết luận «{record.text('conclusion')}» mà «{label}» còn {len(demands)} dòng: hãy chọn kết luận có điều kiện,"
        " hoặc xoá các dòng đó."
    )
    return [Problem("conclusion", sentence, advice=True)]


def _remedy(record: Record, item_id: str) -> Mapping[str, Any] | None:
    words = _words(_item(record, item_id))
    rows = [row for row in record.rows(REMEDIES) if row["id"] == item_id or row.get(_TEXT) == words]
    return min(rows, key=lambda row: row["id"] != item_id, default=None)


def _item(record: Record, item_id: str) -> Mapping[str, Any]:
    return next(row for row in record.rows(ITEMS) if row["id"] == item_id)


def _words(item: Mapping[str, Any]) -> str:
    return str(item.get("finding") or item.get("item") or "")
