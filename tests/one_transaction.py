"""Watches that one call of a service is one transaction: what is cut off between two of them would be half an act.

Every write to the database of a store is counted for the outermost function of `kcdesk.services` that is being called.
A second one in the same call is a fault, unless the function is listed in `SEVERAL` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import currentframe
from types import FrameType
from typing import Any

from kcdesk.store.database.db import Connection

_SERVICES = "kcdesk.services."

# Functions that may write more than once in a call, and why half of it does no harm.
SEVERAL: dict[str, str] = {
    "handover.collecting.batch_receiving.receive_folder": "each package is an act of its own, which may be refused",
    "maintenance.opening.create": "the new store has no data yet; its place is noted again at every opening",
    "maintenance.opening.open_workspace": "copies of rules, the key of the anchors: made again at an opening",
    "maintenance.passphrases.carry_out": "closes the store and opens that of the new key, as `change` does",
    "maintenance.passphrases.change": "closes the store and opens that of the new key, which is put in place before",
    "maintenance.salvaging.save_readable": "writes only a new store, into a new folder",
    "maintenance.soundness.check": "what is mended, and the result, can be made again by another check",
    "rulebook.updates.install_update": "a second only takes the act back where the disk refuses the move that follows",
    "rulebook.updates.pack_texts": "a second only takes the act back, as in `install_update`",
    "maintenance.opening.create_workspace": "the new store has no data yet; its place is noted again at every opening",
}

# What is no part of an act: what can be derived again at any time, the key that is made at its first use, and the end
# of the history that a closing signs.
_APART = (
    "kcdesk.store.database.kept_definitions",
    "kcdesk.store.database.reading_tables",
    "kcdesk.store.reindexing",
    "kcdesk.store.database.views",
    "kcdesk.store.personal.free_pages",
    "kcdesk.exchange.container.signing",
    "kcdesk.exchange.container.signed_closings",
)


class Watch:
    """Counts the transactions of each call of a service."""

    def __init__(self) -> None:
        self.broken: dict[str, int] = {}  # function to the most writes in one call
        self._call: FrameType | None = None
        self._writes = 0
        self._begun: dict[Connection, int] = {}

    def note(self) -> None:
        """Count a write for the call of a service that is running."""
        call, is_apart = _call_of(currentframe())
        if call is None or is_apart:
            return
        self._writes = self._writes + 1 if call is self._call else 1
        self._call = call
        name = f"{call.f_globals['__name__'].removeprefix(_SERVICES)}.{call.f_code.co_name}"
        if self._writes > 1 and name not in SEVERAL:
            self.broken[name] = max(self._writes, self.broken.get(name, 0))

    def watched(self, run: Callable[..., Any]) -> Callable[..., Any]:
        """The method of a connection that counts what it writes."""

        @wraps(run)
        def counting(connection: Connection, sql: str, *parameters: Any) -> Any:
            raw = connection.raw
            was_within, before = raw.in_transaction, raw.total_changes
            result = run(connection, sql, *parameters)
            if not was_within and raw.in_transaction:
                self._begun[connection] = before
            elif not raw.in_transaction:
                before = self._begun.pop(connection, before)
                if raw.total_changes > before and sql != "ROLLBACK" and connection.path.name == "kcdesk.db":
                    self.note()
            return result

        return counting


def _call_of(frame: FrameType | None) -> tuple[FrameType | None, bool]:
    """The outermost call of a service, and whether what is written is no part of an act."""
    call, is_apart = None, False
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        is_apart = is_apart or name in _APART
        call = frame if name.startswith(_SERVICES) else call
        frame = frame.f_back
    return call, is_apart


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch every connection for the `with` block."""
    watch = Watch()
    kept = {name: getattr(Connection, name) for name in ("execute", "many")}
    for name, run in kept.items():
        setattr(Connection, name, watch.watched(run))
    try:
        yield watch
    finally:
        for name, run in kept.items():
            setattr(Connection, name, run)
