"""Records that others refer to; one that has not arrived with a package yet is simply not there."""

from __future__ import annotations

from collections.abc import Iterable

from kcdesk.errors import UserError
from kcdesk.services.workspace import Workspace
from kcdesk.store.records import StoredRecord


def present(workspace: Workspace, ids: Iterable[str]) -> list[StoredRecord]:
    """Those of the records that this store has, in the same order."""
    found = []
    for id_ in ids:
        try:
            found.append(workspace.store.get(id_))
        except UserError:
            continue
    return found
