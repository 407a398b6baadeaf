"""Fill a record in from the records that it refers to, so that nobody types values twice.

The subjects hand in the preparers of each kind (`Workspace.extensions.preparers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kcdesk.formdef import record_values
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import ValueChanges
from kcdesk.services.workspace import Workspace


def prepare(workspace: Workspace, record: Record) -> None:
    """Fill a new record in from the records that it refers to; typed values stay."""
    for preparer in workspace.extensions.preparers.get(record.kind, ()):
        preparer.fill(workspace, record)


def fill_beginning(workspace: Workspace, record: Record) -> None:
    """Fill a record in that an officer begins: the year, the office, the officer; values that it has stay."""
    if fill := workspace.extensions.beginnings.get(record.kind):
        fill(workspace, record)


def follow(workspace: Workspace, record: Record, changes: Mapping[str, Any]) -> ValueChanges:
    """Fill in the empty parts of a draft again if a tie to another record changed; returns the added changes."""
    preparers = workspace.extensions.preparers.get(record.kind, ())
    if all(preparer.ties.isdisjoint(changes) for preparer in preparers):
        return {}
    before = record_values.copied(record.data)
    prepare(workspace, record)
    return record_values.differences(before, record.data, (table.name for table in record.form.tables))
