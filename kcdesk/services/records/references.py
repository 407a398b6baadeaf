"""Referenced records; a record that has not arrived with a package yet is left out."""

from __future__ import annotations

from collections.abc import Iterable

from kcdesk.errors import UserError
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord


def present(workspace: Workspace, ids: Iterable[str]) -> list[StoredRecord]:
    """Read the records that this store contains, in the given order."""
    records = []
    for id_ in ids:
        try:
            records.append(workspace.store.get(id_))
        except UserError:
            continue
    return records
