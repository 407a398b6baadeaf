"""What SQLite says of the statements that are run in a block: does one walk through all records of the store?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kcdesk.store.database.db import Connection

_READS = re.compile(r"\s*(SELECT|WITH)\b")
# A walk through the table `record`, under any alias, that is not along an index of some records only.
_WALK = re.compile(r"SCAN (record|kept|merged)\b(?! USING (COVERING )?INDEX (list|hot|day)_)")


@contextmanager
def walks() -> Iterator[list[str]]:
    """Collects the statements of the block that walk through all records, with their plans."""
    found: list[str] = []
    seen: set[str] = set()

    def look(connection: Connection, sql: str, parameters: Any) -> None:
        if sql in seen or not _READS.match(sql):
            return
        seen.add(sql)
        plan = [row[3] for row in connection.raw.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()]
        if any(map(_WALK.match, plan)):
            found.append(f"{sql}\n{plan}")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("execute", "all", "first"):
            run = getattr(Connection, name)

            def looking(connection: Connection, sql: str, parameters: Any = (), run: Any = run) -> Any:
                look(connection, sql, parameters)
                return run(connection, sql, parameters)

            patch.setattr(Connection, name, looking)
        yield found
    assert seen, "the block asked the store"
