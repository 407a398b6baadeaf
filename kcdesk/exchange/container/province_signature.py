"""The signature of the province on its own values of a record, so that other units can pass them on but not alter them.

A package is signed by the unit that made it. A decision of the province reaches a unit two levels below in a package of
the unit in between, whose signature proves nothing about the province; so each decided record carries a signature of
the province itself.
"""

from __future__ import annotations

import base64
from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Any

from kcdesk.bounded.json_text import parsed
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.entries import RecordEntry
from kcdesk.exchange.container.manifest import canonical
from kcdesk.runtime.frozen import replace
from kcdesk.store.clock import device_of
from kcdesk.store.handover.merging import without_owned, written
from kcdesk.store.handover.shapes import Shape
from kcdesk.store.handover.vouchers import Voucher

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PURPOSE = "decision"
_STATE = "state"
Writes = dict[str, tuple[str, Any]]  # path to the stamp and the value, None for emptied


def signed(entry: RecordEntry, shape: Shape, key: Ed25519PrivateKey, devices: Container[str]) -> RecordEntry:
    """The record with a voucher for its values of the province, signed with the key; without one if it has none.

    The state counts as a value of the province if one of its `devices` wrote it.
    """
    writes = {path: [at, value] for path, at, value in written(entry.incoming().state, shape) if shape.is_owned(path)}
    vouched = {path: write for path, write in writes.items() if path in entry.stamps}
    at = entry.stamps.get(_STATE)
    if at and device_of(at) in devices:
        vouched[_STATE] = [at, entry.data[_STATE]]
    if not vouched:
        return replace(entry, voucher={})
    content = canonical({"record": entry.id, "writes": vouched})
    signature = base64.b64encode(signing.sign(key, _PURPOSE, content)).decode()
    voucher = Voucher(signing.public_key(key), content.decode(), signature)
    return replace(entry, voucher=voucher.to_json())


def read_voucher(entry: RecordEntry) -> Voucher | None:
    """The voucher of a received record, or None if there is none, its signature is wrong or it names another record."""
    try:
        voucher = Voucher.from_json(entry.voucher)
        content = voucher.statement.encode()
        signature = base64.b64decode(voucher.signature, validate=True)
        is_valid = signing.verify(voucher.key, _PURPOSE, content, signature) and _writes(entry.id, voucher) is not None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return voucher if is_valid else None


def devices(entry: RecordEntry, voucher: Voucher) -> frozenset[str]:
    """The devices that made the writes in a voucher; they belong to the province."""
    return frozenset(device_of(at) for at, _ in (_writes(entry.id, voucher) or {}).values())


def newest_stamp(voucher: Voucher) -> str:
    """The stamp of the newest write in a voucher."""
    return max((at for at, _ in parsed(voucher.statement)["writes"].values()), default="")


def vouched_write(record: str, voucher: Voucher, path: str) -> tuple[str, Any] | None:
    """The stamp and the value that a voucher holds for a path; None if it has none."""
    return (_writes(record, voucher) or {}).get(path)


def applied(entry: RecordEntry, shape: Shape, voucher: Voucher) -> RecordEntry:
    """The record with its values of the province taken from the voucher; those of the sender are dropped."""
    writes = _writes(entry.id, voucher) or {}
    state = without_owned(entry.incoming().state, shape)
    data, stamps = dict(state.data), dict(state.stamps)
    for path, (at, value) in writes.items():
        if shape.is_owned(path) and _put(data, path, value):
            stamps[path] = at
    return replace(entry, data=data, stamps=stamps)


def _put(data: dict[str, Any], path: str, value: Any) -> bool:
    """Put a value at its path; False if its row no longer exists."""
    name, *rest = path.split("/")
    if not rest:
        if value is not None:
            data[name] = value
        return True
    rows = data.get(name, ())
    if len(rest) < 2 or not any(row.get("id") == rest[0] for row in rows):
        return False
    cells = {} if value is None else {rest[1]: value}
    data[name] = [{**row, **cells} if row.get("id") == rest[0] else row for row in rows]
    return True


def _writes(record: str, voucher: Voucher) -> Writes | None:
    """The writes in the statement; None if it names another record or has another structure."""
    statement = parsed(voucher.statement)
    if not isinstance(statement, Mapping) or statement.get("record") != record:
        return None
    writes = statement.get("writes")
    if not isinstance(writes, Mapping):
        return None
    valid = all(isinstance(write, list) and len(write) == 2 and isinstance(write[0], str) for write in writes.values())
    return {path: (at, value) for path, (at, value) in writes.items()} if valid else None
