"""Where a text stands, whatever its accents and spaces: records with their history and waiting writes, kept papers."""

from __future__ import annotations

import re
import zlib

from kcdesk.progress import Progress, ignore_progress
from kcdesk.store.database.db import Connection

_IN_RECORDS = (
    "SELECT seq, data FROM record",
    "SELECT record, before FROM change WHERE before IS NOT NULL",
    "SELECT record, value FROM conflict WHERE value IS NOT NULL",
)
_MOST = "SELECT coalesce((SELECT max(seq) FROM record), 0) + coalesce((SELECT max(seq) FROM change), 0)"
_BETWEEN = 1000  # texts between two reports of the progress


def records_with(connection: Connection, pattern: re.Pattern[str], progress: Progress = ignore_progress) -> list[str]:
    """The ids of the records, deleted ones too, in whose values of today or before the pattern is found; by age."""
    held, seen, total = set[int](), 0, connection.value(_MOST)
    for statement in _IN_RECORDS:
        for seq, content in connection.execute(statement):
            if seen % _BETWEEN == 0:
                progress(min(seen, total), total)
            seen += 1
            if pattern.search(content) is not None:
                held.add(seq)
    return [connection.value("SELECT id FROM record WHERE seq = ?", [seq]) for seq in sorted(held)]


def papers_with(connection: Connection, pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Record and id of every kept paper in whose text the pattern is found."""
    sql = "SELECT record.id, kept_paper.id, document FROM kept_paper JOIN record ON record.seq = kept_paper.record"
    return {
        (record, paper)
        for record, paper, packed in connection.execute(sql)
        if pattern.search(zlib.decompress(packed).decode()) is not None
    }
