"""The ledger of packages: every package sent and received, its records, and the answers in receipts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from kcdesk.runtime.frozen import Value, field
from kcdesk.store.database.db import Connection, canonical

_COLUMNS = "id, direction, partner, period, type, number, at, sha256, vector, details"


class PackageEntry(Value, kw_only=True):
    """One package in the ledger.

    `partner` is the code of the other unit; `number` is 0 for the official package and n for supplement n; `vector` is
    the newest stamp of each device in it; `details` holds counts, file name and other facts.
    """

    id: str
    direction: Literal["out", "in"]
    partner: str
    period: str
    type: str
    number: int
    at: str
    sha256: str
    vector: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


class Carried(Value):
    """A record in a package, with its newest stamp at that time."""

    package: str
    at: str
    partner: str
    period: str
    type: str
    stamp: str


class Answer(Value):
    """The answer of a receipt about a record of a package; `reasons` are pairs of a path and a sentence."""

    package: str
    record: str
    result: str
    reasons: tuple[tuple[str, str], ...] = ()
    at: str = ""


# Deleted before any package carried it: nobody else has heard of it.
_DISCARDED = """
deleted IS NOT NULL AND NOT EXISTS (SELECT 1 FROM carried WHERE carried.record = record.seq)
"""
_TOUCHED = f"""
SELECT DISTINCT touched.record FROM touched JOIN record ON record.seq = touched.record
WHERE device = ? AND stamp > ? AND NOT ({_DISCARDED}) LIMIT ?
"""

_CARRIED = """
SELECT package.id, package.at, partner, period, type, carried.stamp FROM carried
JOIN package ON package.seq = carried.package
WHERE carried.record = (SELECT seq FROM record WHERE id = ?) AND direction = ? AND type <> 'R'
ORDER BY package.seq DESC LIMIT 1
"""
# CROSS JOIN: without statistics SQLite would begin with all records of the store, not with the few of the ledger.
_EVERY_CARRIED = """
SELECT record.id, package.id, package.at, partner, period, type, carried.stamp, max(package.seq) FROM carried
JOIN package ON package.seq = carried.package CROSS JOIN record ON record.seq = carried.record
WHERE direction = ? AND type <> 'R' AND record.kind = ? GROUP BY carried.record
"""
_EVERY_ANSWER = """
SELECT answer.package, answer.record, result, reasons, package.at, max(package.seq) FROM answer
JOIN package ON package.seq = answer.receipt CROSS JOIN record ON record.id = answer.record
WHERE record.kind = ? AND direction = 'in' GROUP BY answer.record
"""
_ANSWERS_ABOUT = """
SELECT answer.package, answer.record, result, reasons, package.at FROM answer
JOIN package ON package.seq = answer.receipt WHERE answer.record = ? AND direction = ? ORDER BY package.seq DESC
"""

_ANSWERED_WITH = """
SELECT record FROM (
    SELECT answer.record, result, max(package.seq) FROM answer
    JOIN package ON package.seq = answer.receipt CROSS JOIN record ON record.id = answer.record
    WHERE record.deleted IS NULL AND direction = 'in' GROUP BY answer.record
) WHERE result = ? ORDER BY record
"""
_NEWEST = """
SELECT answer.record, answer.package, result, reasons, package.at, max(package.seq) AS seq FROM answer
JOIN package ON package.seq = answer.receipt WHERE direction = '{}' GROUP BY answer.record
"""
_NOT_PASSED_ON = f"""
SELECT came.package, came.record, came.result, came.reasons, came.at
FROM ({_NEWEST.format("in")}) came LEFT JOIN ({_NEWEST.format("out")}) given ON given.record = came.record
CROSS JOIN record ON record.id = came.record
WHERE record.deleted IS NULL AND came.result <> 'received' AND came.seq > coalesce(given.seq, 0) ORDER BY record.seq
"""


class Packages:
    """The ledger of one store."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, entry: PackageEntry) -> None:
        """Enter a package."""
        plain = [entry.id, entry.direction, entry.partner, entry.period, entry.type, entry.number, entry.at]
        self._connection.execute(
            f"INSERT INTO package ({_COLUMNS}) VALUES ({', '.join('?' * 10)})",
            [*plain, entry.sha256, canonical(entry.vector), canonical(entry.details)],
        )

    def list(self) -> list[PackageEntry]:
        """Every package, newest first."""
        return [_entry(row) for row in self._connection.all(f"SELECT {_COLUMNS} FROM package ORDER BY seq DESC")]

    def get(self, id_: str) -> PackageEntry | None:
        """The package with this id, or None."""
        row = self._connection.first(f"SELECT {_COLUMNS} FROM package WHERE id = ?", [id_])
        return row and _entry(row)

    def last_sent(self, to: str) -> PackageEntry | None:
        """The newest package sent to a unit, or None."""
        sql = f"SELECT {_COLUMNS} FROM package WHERE direction = 'out' AND partner = ? ORDER BY seq DESC LIMIT 1"
        row = self._connection.first(sql, [to])
        return row and _entry(row)

    def receivers(self) -> tuple[str, ...]:
        """To whom packages that are no receipts were sent, the newest first."""
        conditions = "direction = 'out' AND type <> 'R'"
        sql = f"SELECT partner FROM package WHERE {conditions} GROUP BY partner ORDER BY max(seq) DESC"
        return tuple(row["partner"] for row in self._connection.all(sql))

    def next_serial(self, to: str, device: str) -> int:
        """The running number of the next package of a device to a unit, from 1."""
        sql = (
            "SELECT 1 + count(*) FROM package WHERE direction = 'out' AND partner = ?"
            " AND coalesce(json_extract(details, '$.device'), ?) = ?"
        )
        return int(self._connection.value(sql, [to, device, device]))

    def amend(self, id_: str, details: dict[str, Any]) -> None:
        """Add to the details of a package."""
        self._connection.execute(
            "UPDATE package SET details = json_patch(details, ?) WHERE id = ?", [canonical(details), id_]
        )

    def carry(self, id_: str, records: Iterable[str]) -> None:
        """Enter the records of a package, each with its newest stamp now."""
        self._connection.execute(
            "INSERT OR REPLACE INTO carried SELECT (SELECT seq FROM package WHERE id = ?), record.seq,"
            " (SELECT max(stamp) FROM touched WHERE record = record.seq)"
            " FROM json_each(?) AS named JOIN record ON record.id = named.value"
            " WHERE EXISTS (SELECT 1 FROM touched WHERE record = record.seq)",
            [id_, canonical(list(records))],
        )

    def carried(self, id_: str) -> tuple[str, ...]:
        """The ids of the records in a package."""
        sql = (
            "SELECT record.id FROM carried JOIN record ON record.seq = carried.record"
            " WHERE carried.package = (SELECT seq FROM package WHERE id = ?) ORDER BY record.seq"
        )
        return tuple(row[0] for row in self._connection.all(sql, [id_]))

    def discarded(self, ids: Iterable[str]) -> set[str]:
        """Those of the records that were deleted before any package carried them: no other office has to hear of it."""
        sql = f"SELECT id FROM record WHERE id IN (SELECT value FROM json_each(?)) AND {_DISCARDED}"
        return {row[0] for row in self._connection.all(sql, [canonical(list(ids))])}

    def to_carry(self, device: str, since: str, most: int) -> set[int]:
        """The numbers of the records that a device has touched since a stamp, up to `most`, without the discarded."""
        return {row[0] for row in self._connection.all(_TOUCHED, [device, since, most])}

    def carrying(self, record: str) -> tuple[PackageEntry, ...]:
        """Every package with a record, newest first."""
        sql = (
            f"SELECT {_COLUMNS} FROM package JOIN carried ON carried.package = package.seq"
            " WHERE carried.record = (SELECT seq FROM record WHERE id = ?) ORDER BY package.seq DESC"
        )
        return tuple(_entry(row) for row in self._connection.all(sql, [record]))

    def last_carried(self, record: str, direction: Literal["out", "in"]) -> Carried | None:
        """The newest package with a record, not counting receipts, or None."""
        row = self._connection.first(_CARRIED, [record, direction])
        return row and Carried(*row)

    def every_carried(self, kind: str, direction: Literal["out", "in"]) -> dict[str, Carried]:
        """As `last_carried`, for every record of a kind that was in a package."""
        # With max(), SQLite takes the other columns from the row that holds the maximum.
        rows = self._connection.all(_EVERY_CARRIED, [direction, kind])
        return {id_: Carried(*columns) for id_, *columns, _ in map(tuple, rows)}

    def every_answer(self, kind: str) -> dict[str, Answer]:
        """As `last_answer`, for every record of a kind that has an answer."""
        return {row["record"]: _answer(tuple(row)[:5]) for row in self._connection.all(_EVERY_ANSWER, [kind])}

    def answer(self, receipt: str, answers: Sequence[Answer]) -> None:
        """Keep the answers of a receipt."""
        for answer in answers:
            self._connection.execute(
                "INSERT OR REPLACE INTO answer SELECT seq, ?, ?, ?, ? FROM package WHERE id = ?",
                [answer.package, answer.record, answer.result, canonical(list(answer.reasons)), receipt],
            )

    def unanswer(self, receipt: str) -> None:
        """Remove the answers of a receipt that was undone."""
        self._connection.execute("DELETE FROM answer WHERE receipt = (SELECT seq FROM package WHERE id = ?)", [receipt])

    def answers(self, receipt: str) -> tuple[Answer, ...]:
        """The answers of a receipt about records of this store, in the order of the records."""
        sql = (
            "SELECT answer.package, answer.record, result, reasons, package.at FROM answer"
            " JOIN package ON package.seq = answer.receipt JOIN record ON record.id = answer.record"
            " WHERE package.id = ? ORDER BY record.seq"
        )
        return tuple(_answer(row) for row in self._connection.all(sql, [receipt]))

    def last_answer(self, record: str) -> Answer | None:
        """The newest answer that came about a record, or None."""
        row = self._connection.first(_ANSWERS_ABOUT, [record, "in"])
        return row and _answer(row)

    def answers_about(self, record: str, direction: Literal["out", "in"]) -> tuple[Answer, ...]:
        """Every answer about a record that came or was given, the newest first."""
        return tuple(_answer(row) for row in self._connection.all(_ANSWERS_ABOUT, [record, direction]))

    def answered_with(self, result: str) -> tuple[str, ...]:
        """The ids of living records whose newest answer that came has this result."""
        return tuple(row[0] for row in self._connection.all(_ANSWERED_WITH, [result]))

    def answers_not_passed_on(self) -> tuple[Answer, ...]:
        """The newest answers that came, other than plain receipts, since which none was given about the record."""
        return tuple(_answer(row) for row in self._connection.all(_NOT_PASSED_ON))

    def next_number(self, period: str, to: str) -> int:
        """0 if no package was sent for the period yet, else the number of the next supplement."""
        sql = "SELECT max(number) + 1 FROM package WHERE direction = 'out' AND period = ? AND partner = ?"
        return int(self._connection.value(sql, [period, to]) or 0)


def _answer(row: Any) -> Answer:
    package, record, result, reasons, at = row
    return Answer(package, record, result, tuple((path, sentence) for path, sentence in json.loads(reasons)), at)


def _entry(row: Any) -> PackageEntry:
    values = dict(row)
    return PackageEntry(**{**values, "vector": json.loads(values["vector"]), "details": json.loads(values["details"])})
