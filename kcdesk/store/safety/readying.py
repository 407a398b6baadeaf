"""From the file of a database to one that a store works with: what is refused, mended and refreshed at a start.

The start must not wait for a large store: its pages are looked at for a bounded time, the rest is left to the full
check in the background. A database with pages that cannot be mended is frozen: it is opened for reading only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from kcdesk.errors import KcdeskError
from kcdesk.formdef.forms import Forms
from kcdesk.store import reindexing
from kcdesk.store.copies import saving
from kcdesk.store.database import kept_definitions, migrations, views
from kcdesk.store.database.db import PAGE_FAULTS, Connection, damaged
from kcdesk.store.database.frozen_files import thaw
from kcdesk.store.database.reading_tables import ReadingTables
from kcdesk.store.safety import backup, foreign_logs, index_repair, proving
from kcdesk.store.safety.proving import unlocked as unlocked  # a store is unlocked before its database is readied

_LONGEST_LOOK = 0.15  # seconds
_SHORT_LOOK = 0.01  # seconds, at a store of which the long one would not see much either
_MANY_PAGES = 10_000
FormsSource: TypeAlias = Forms | Callable[[bytes], Forms]  # or what makes them of what the store has kept


def ready(folder: Path, secret: bytes | None, source: FormsSource) -> tuple[Connection, Forms, tuple[str, ...]]:
    """Open the database of a store; returns it, its forms and sentences about what was mended.

    Errors as for `Store.open`.
    """
    thaw(folder / backup.STORE)
    put_aside = foreign_logs.put_aside(folder, secret)
    connection = proving.connected(folder, secret)
    try:
        proving.refuse_foreign(connection)
        proving.refuse_planted(connection)
        proving.refuse_stripped(connection, secret)
        fault = page_fault(connection)
        if fault and migrations.pending(connection):
            raise damaged()
        forms = source if isinstance(source, Forms) else source(b"" if fault else kept_definitions.kept(connection))
        if fault:
            connection.reopen()  # an encrypted database refuses everything after a damaged page
        else:
            ReadingTables(connection, forms).remove_altered()
            saving.bring_up_to_date(connection, secret)
        is_mended = index_repair.mend(connection, forms, thoroughly=bool(fault))
        if fault and not is_mended:
            connection.freeze()
        if not connection.is_frozen:
            _refresh(connection, forms)
    except BaseException:
        connection.close()
        raise
    return connection, forms, tuple(filter(None, (put_aside, index_repair.REBUILT if is_mended else "")))


def page_fault(connection: Connection) -> str:
    """What a look at the pages shows within a time, "" for nothing: missing pages, or pages that hold nonsense."""
    pages, page_size = (int(connection.value(f"PRAGMA {name}")) for name in ("page_count", "page_size"))
    log = connection.path.with_name(f"{connection.path.name}-wal")
    is_alone = not log.exists() or not log.stat().st_size
    if is_alone and connection.path.stat().st_size < pages * page_size:
        return "tệp dữ liệu bị cắt ngắn"
    end = time.monotonic() + (_SHORT_LOOK if pages > _MANY_PAGES else _LONGEST_LOOK)
    try:
        answer = connection.until(lambda: time.monotonic() < end, "PRAGMA quick_check(1)")
    except KcdeskError as error:
        if error.code not in PAGE_FAULTS:
            raise
        return "có trang không đọc được"
    return "" if answer in (None, "ok") else str(answer).splitlines()[-1]


def _refresh(connection: Connection, forms: Forms) -> None:
    reindexing.refresh_order(connection, forms)
    views.refresh(connection, forms)
    reindexing.refresh(connection, forms)
