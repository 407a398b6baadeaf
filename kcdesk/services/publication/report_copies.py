"""Published copies of a store as sources of its reports: the same definitions, asked on a server or in files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.publishing.reading_copies import file_copy, server_copy
from kcdesk.publishing.targets import FolderTarget, target_of
from kcdesk.reports.scope import Relation
from kcdesk.reports.sql.dialects import Dialect, DuckDB, PostgreSQL
from kcdesk.services.reporting import running
from kcdesk.services.workspace import Workspace
from kcdesk.store.identity import Identity


@dataclass
class ReportCopy:
    """A published copy with the way in which its database writes expressions."""

    forms: Forms
    identity: Identity
    dialect: Dialect
    relation: Relation
    query: Callable[..., list[dict[str, Any]]]


@contextmanager
def report_copy(workspace: Workspace, written: str, *, schema: str = "") -> Iterator[ReportCopy]:
    """The copy that was published to a folder or to PostgreSQL; UserError and KnownError say why it cannot be read."""
    with ExitStack() as opened:
        target, store = target_of(written), workspace.store
        if isinstance(target, FolderTarget):
            copy = opened.enter_context(file_copy(store, target.folder, running.columns_of(workspace)))
            dialect: Dialect = DuckDB()
        else:
            copy, dialect = opened.enter_context(server_copy(store, target, schema)), PostgreSQL()
        yield ReportCopy(copy.forms, copy.identity, dialect, copy.relation, copy.query)
