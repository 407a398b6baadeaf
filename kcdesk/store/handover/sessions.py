"""The sessions of this store: each time it is opened and written to, it notes a new token in its own lineage."""

from __future__ import annotations

import json
import secrets
from typing import Any

from kcdesk.runtime.frozen import asdict, replace
from kcdesk.store.clock import device_of
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.handover.lineages import Lineage, Lineages, Sessions

LINEAGES = "lineages"  # the setting with the lineages of all copies known here, by their names
_PINNED = "pinned"  # the setting with the tokens of the sessions that sent a package: other stores know these
_KEPT = 64  # newest sessions that are kept without having sent a package
_MOST_PINNED = 512
_TOKEN_BYTES = 4
_LAST = "SELECT stamp FROM act WHERE device = ? ORDER BY seq DESC LIMIT 1"


class Session:
    """One opening of a store: its token, and whether the store has noted it."""

    def __init__(self) -> None:
        self.token = secrets.token_hex(_TOKEN_BYTES)
        self.noted_for = ""  # the device in whose lineage the token stands

    def note(self, connection: Connection, device: str) -> None:
        """Note the session in the lineage of this device, with the end of the session before; within an act."""
        if self.noted_for == device:
            return
        lineages = known(connection)
        own = lineages.get(device, Lineage(base=device, sessions=()))
        past = _thinned(_ended(connection, device, own.sessions), set(_setting(connection, _PINNED, [])))
        if not past or past[-1][0] != self.token:
            lineages[device] = replace(own, sessions=(*past, (self.token, _last(connection, device))))
            keep_known(connection, lineages)


def known(connection: Connection) -> dict[str, Lineage]:
    """The lineages of all copies known here, by their names."""
    kept = _setting(connection, LINEAGES, {})
    return {label: Lineage.from_json(values) for label, values in kept.items()}


def keep_known(connection: Connection, lineages: Lineages) -> None:
    """Keep the lineages."""
    _keep(connection, LINEAGES, {label: asdict(lineage) for label, lineage in lineages.items()})


def as_sent(connection: Connection, device: str) -> dict[str, Lineage]:
    """The lineages as a package tells them: that of this device up to its last write."""
    lineages = known(connection)
    if own := lineages.get(device):
        lineages[device] = replace(own, sessions=_ended(connection, device, own.sessions))
    return lineages


def pin(connection: Connection, device: str) -> None:
    """Keep the present session for ever in the lineage: a package has told it to another store."""
    own = known(connection).get(device)
    pinned = list(_setting(connection, _PINNED, []))
    if own and own.sessions and own.sessions[-1][0] not in pinned:
        _keep(connection, _PINNED, [*pinned, own.sessions[-1][0]][-_MOST_PINNED:])


def _ended(connection: Connection, device: str, sessions: Sessions) -> Sessions:
    """The sessions, the last one up to the last write of the device."""
    return (*sessions[:-1], (sessions[-1][0], _last(connection, device))) if sessions else ()


def _thinned(sessions: Sessions, pinned: set[str]) -> Sessions:
    return (*(s for s in sessions[:-_KEPT] if s[0] in pinned), *sessions[-_KEPT:])


def last_stamp(connection: Connection, device: str) -> str:
    """The last write of a device in this store; the history is append-only, so this never goes back."""
    return str(connection.value(_LAST, [device]) or "")


def _last(connection: Connection, device: str) -> str:
    """The time of the last write of a device."""
    stamp = last_stamp(connection, device)
    return stamp.removesuffix(f"-{device_of(stamp)}") if stamp else ""


def _setting(connection: Connection, name: str, default: Any) -> Any:
    kept = connection.value("SELECT value FROM setting WHERE name = ?", [name])
    return default if kept is None else json.loads(kept)


def _keep(connection: Connection, name: str, value: object) -> None:
    connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [name, canonical(value)])
