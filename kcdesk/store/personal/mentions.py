"""Where a text stands, whatever its accents and spaces: records with their history and waiting writes, kept papers."""

from __future__ import annotations

import re
import zlib

from kcdesk.store.database.db import Connection

_IN_RECORDS = (
    "SELECT seq, data FROM record",
    "SELECT record, before FROM change WHERE before IS NOT NULL",
    "SELECT record, value FROM conflict WHERE value IS NOT NULL",
)


def records_with(connection: Connection, pattern: re.Pattern[str]) -> list[str]:
    """The ids of the records, deleted ones too, in whose values of today or before the pattern is found; by age."""
    held = {
        seq
        for statement in _IN_RECORDS
        for seq, content in connection.execute(statement)
        if pattern.search(content) is not None
    }
    return [connection.value("SELECT id FROM record WHERE seq = ?", [seq]) for seq in sorted(held)]


def papers_with(connection: Connection, pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """Record and id of every kept paper in whose text the pattern is found."""
    sql = "SELECT record.id, kept_paper.id, document FROM kept_paper JOIN record ON record.seq = kept_paper.record"
    return {
        (record, paper)
        for record, paper, packed in connection.execute(sql)
        if pattern.search(zlib.decompress(packed).decode()) is not None
    }
