"""The waiting writes of conflicts: kept until somebody decides, and put back when the decision is undone.

A decision leaves a line in the history that changes no value: it keeps the stamps and values of the writes that waited.
Undoing the act opens the conflict again, redoing it settles the conflict again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.handover.merging import Registers
from kcdesk.store.history import ChangeLine

DECIDED, REOPENED = "decided", "reopened"  # what such a line of the history says, with the waiting writes
LOST_BEFORE = "lost_before"  # of a line whose predecessor only tells which values lost
OPERATION = "snapshot"  # of a line that changes no value
_PUT = "INSERT OR REPLACE INTO conflict (record, path, stamp, value) VALUES (?, ?, ?, ?)"


def replace_all(connection: Connection, seq: int, waiting: Registers) -> None:
    """Keep exactly these waiting writes of a record."""
    connection.execute("DELETE FROM conflict WHERE record = ?", [seq])
    put_back(connection, seq, waiting)


def put_back(connection: Connection, seq: int, waiting: Mapping[str, Mapping[str, Any]]) -> None:
    """Let these writes of a record wait again."""
    for path, register in waiting.items():
        for stamp, value in register.items():
            connection.execute(_PUT, [seq, path, stamp, None if value is None else canonical(value)])


def settle(connection: Connection, seq: int, paths: Iterable[str]) -> None:
    """Remove the waiting writes at these paths of a record."""
    for path in paths:
        connection.execute("DELETE FROM conflict WHERE record = ? AND path = ?", [seq, path])


def reverse(connection: Connection, seq: int, line: ChangeLine) -> dict[str, Any]:
    """Reverse a line of a decision; returns what the new line says, {} for any other line."""
    entry = line.after or {}
    if DECIDED in entry:
        put_back(connection, seq, entry[DECIDED])
        return {REOPENED: entry[DECIDED]}
    if REOPENED in entry:
        settle(connection, seq, entry[REOPENED])
        return {DECIDED: entry[REOPENED]}
    return {}


def reversible(lines: Sequence[ChangeLine]) -> list[ChangeLine]:
    """The lines of an act, newest first, without those that only tell which values lost a decision."""
    telling = {line.seq - 1 for line in lines if LOST_BEFORE in (line.after or {})}
    return [line for line in lines if line.seq not in telling]
