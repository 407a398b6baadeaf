"""A database whose file stands still while it is read byte by byte, though the program goes on writing.

In WAL mode new commits go into the log. A reader that stays at the newest commit keeps SQLite from writing anything
later into the file; what came before is written into it first. So the file is then exactly what the reader sees.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kcdesk.errors import KnownError
from kcdesk.store.database.db import Connection

_TRIES = 60
_PAUSE = 0.05  # seconds


@contextmanager
def still_file(database: Path, secret: bytes | None) -> Iterator[Connection]:
    """Keep the file of a database as its newest commit made it; gives a connection that reads this state.

    KnownError `busy` if other readers stand in the way for seconds.
    """
    with closing(Connection(database, secret)) as writer, closing(Connection(database, secret)) as reader:
        for _ in range(_TRIES):
            reader.execute("BEGIN")
            reader.value("SELECT count(*) FROM sqlite_master")  # only now the reader has its state
            if _is_written_back(writer):
                try:
                    yield reader
                finally:
                    reader.execute("ROLLBACK")
                return
            reader.execute("ROLLBACK")
            time.sleep(_PAUSE)  # somebody commits just now, or still reads an older state
    raise KnownError("Kho dữ liệu đang bận nên chưa sao lưu được.", code="busy", hint="Chương trình sẽ tự thử lại sau.")


def _is_written_back(writer: Connection) -> bool:
    """Whether all of the log stands in the file, after it was written there."""
    blocked, logged, written = writer.first("PRAGMA wal_checkpoint(PASSIVE)")
    return not blocked and logged == written
