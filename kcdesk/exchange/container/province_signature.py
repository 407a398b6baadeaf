"""The province's word about one record, signed by itself, so that a unit between can pass it on but not alter it.

A package is signed by who made it. What the province decided reaches a unit two levels below in the package of the
unit between, whose signature says nothing about it; so each decided record carries the province's own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Container, Mapping
from dataclasses import asdict, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kcdesk.exchange.container import signing
from kcdesk.exchange.container.entries import Entry
from kcdesk.exchange.container.manifest import canonical
from kcdesk.store.clock import device_of
from kcdesk.store.handover.merging import Shape, without_owned, written
from kcdesk.store.handover.vouchers import Voucher

_PURPOSE = "decision"
_STATE = "state"
Writes = dict[str, tuple[str, Any]]  # path to the stamp and the value, None for emptied


def made(entry: Entry, shape: Shape, key: Ed25519PrivateKey, devices: Container[str]) -> Entry:
    """The record with what the province says of it signed by the province's key; as it was when that is nothing.

    The state belongs to it where one of the province's `devices` gave it.
    """
    writes = {path: [at, value] for path, at, value in written(entry.incoming().state, shape) if shape.is_owned(path)}
    said = {path: write for path, write in writes.items() if path in entry.stamps}
    at = entry.stamps.get(_STATE)
    if at and device_of(at) in devices:
        said[_STATE] = [at, entry.data[_STATE]]
    if not said:
        return replace(entry, voucher={})
    content = canonical({"record": entry.id, "writes": said})
    signature = base64.b64encode(signing.sign(key, _PURPOSE, content)).decode()
    voucher = Voucher(signing.public_key(key), content.decode(), signature)
    return replace(entry, voucher=asdict(voucher))


def read(entry: Entry) -> Voucher | None:
    """The voucher that travels with a record, if its signature holds and it is about that record."""
    try:
        voucher = Voucher(**entry.voucher)
        content = voucher.said.encode()
        signature = base64.b64decode(voucher.signature, validate=True)
        is_right = signing.verify(voucher.key, _PURPOSE, content, signature) and _writes(entry.id, voucher) is not None
    except (TypeError, ValueError, AttributeError):
        return None
    return voucher if is_right else None


def devices(entry: Entry, voucher: Voucher) -> frozenset[str]:
    """The devices that wrote what is vouched for: the province's."""
    return frozenset(device_of(at) for at, _ in (_writes(entry.id, voucher) or {}).values())


def newest(voucher: Voucher) -> str:
    """The stamp of the last of the writes that are vouched for."""
    return max((at for at, _ in json.loads(voucher.said)["writes"].values()), default="")


def said(record: str, voucher: Voucher, path: str) -> tuple[str, Any] | None:
    """The stamp and the value that the province vouches for at a path; None when it says nothing there."""
    return (_writes(record, voucher) or {}).get(path)


def applied(entry: Entry, shape: Shape, voucher: Voucher) -> Entry:
    """The record with what its voucher says in the province's place, whatever the sender says there."""
    writes = _writes(entry.id, voucher) or {}
    state = without_owned(entry.incoming().state, shape)
    data, stamps = dict(state.data), dict(state.stamps)
    for path, (at, value) in writes.items():
        if shape.is_owned(path) and _put(data, path, value):
            stamps[path] = at
    return replace(entry, data=data, stamps=stamps)


def _put(data: dict[str, Any], path: str, value: Any) -> bool:
    """Place a value; False when the row that it belongs to has gone."""
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
    """What was signed; None when it is about another record or of another shape."""
    said = json.loads(voucher.said)
    if not isinstance(said, Mapping) or said.get("record") != record or not isinstance(said.get("writes"), Mapping):
        return None
    writes = said["writes"]
    right = all(isinstance(write, list) and len(write) == 2 and isinstance(write[0], str) for write in writes.values())
    return {path: (at, value) for path, (at, value) in writes.items()} if right else None
