"""Erasing what is known about a person, everywhere in the database: records, history, papers, waiting writes, settings.

The places are erased, and in all that belongs to their records every occurrence of the erased texts; a record without
places only mentions the person, so that nothing but the texts goes. The history stays a chain: a line whose values go
keeps its hash, and a seal proves what is left of it (`store/history`). The record of an erasure names places, never
values.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from kcdesk.runtime.frozen import Value
from kcdesk.store import history
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.database.migrations import guards_of_history
from kcdesk.store.personal.wiping import Blotter, renamed_json, texts_of, value_in, wiped_json, wiped_state

Places = Mapping[str, Sequence[str]]  # record id: paths of fields, or of cells as `table/row/column`
_OWN = "record = (SELECT seq FROM record WHERE id = ?)"


class Erasure(Value):
    """What was erased, without the values; `places` are paths by record."""

    id: str
    at: str
    officer: str
    reason: str
    places: dict[str, list[str]]


def kept_erasures(connection: Connection) -> list[Erasure]:
    """Every erasure, oldest first."""
    rows = connection.all("SELECT id, at, officer, reason, places FROM erasure ORDER BY seq")
    return [Erasure(id_, at, officer, reason, json.loads(places)) for id_, at, officer, reason, places in rows]


def values_at(connection: Connection, places: Places) -> list[str]:
    """Every text that stood at the places, now or in the history, in a snapshot, a received state, a waiting write."""
    texts: set[str] = set()
    for value in _ever_at(connection, places):
        texts.update(texts_of(value))
    return sorted(texts)


def files_at(connection: Connection, places: Places) -> set[str]:
    """The hashes of every file that stood at the places."""
    return {
        str(file["sha256"])
        for value in _ever_at(connection, places)
        for file in (value if isinstance(value, list) else ())
        if isinstance(file, dict) and "sha256" in file
    }


def waits_at(connection: Connection, record: str, paths: Sequence[str]) -> bool:
    """Whether a write of another office waits at one of the paths."""
    sql = f"SELECT 1 FROM conflict WHERE {_OWN} AND path IN (SELECT value FROM json_each(?)) AND value IS NOT NULL"
    return connection.value(sql, [record, canonical(list(paths))]) is not None


def blot(connection: Connection, erasure: Erasure, blotter: Blotter) -> int:
    """Take the values of the places and the texts out of all that belongs to their records; returns its number.

    Must run in an act; its line that names the seals is added afterwards, by `seals`.
    """
    seq = int(
        connection.execute(
            "INSERT INTO erasure (id, at, officer, reason, places, seals) VALUES (?, ?, ?, ?, ?, '')",
            [erasure.id, erasure.at, erasure.officer, erasure.reason, canonical(erasure.places)],
        ).lastrowid
    )
    with _without_guards(connection):
        hashes: dict[str, str] = {}  # of what is kept apart: the old one, which the history names, and the new one
        for record, paths in erasure.places.items():
            hashes |= _blot_snapshots(connection, record, paths, blotter) | _blot_papers(connection, record, blotter)
            _blot_copies(connection, record, paths, blotter)
            _blot_answers(connection, record, blotter)
        _blot_history(connection, seq, erasure.places, blotter, hashes)
    for table, key, column in _JSON_TEXTS:
        _blot_column(connection, table, key, column, blotter)
    return seq


def seals(connection: Connection, seq: int) -> str:
    """Keep and return the hash over the seals of an erasure, for its line in the history."""
    whole = history.seals_of(connection, seq)
    connection.execute("UPDATE erasure SET seals = ? WHERE seq = ?", [whole, seq])
    return whole


# -- inside --------------------------------------------------------------------------------------------------------

# Table, key and column of texts about no single record; who the officers and partners are is not what was asked for.
_JSON_TEXTS = (("setting", "name", "value"), ("personal_use", "seq", "details"))
_IDENTITY = "identity"


@contextmanager
def _without_guards(connection: Connection) -> Iterator[None]:
    """Let the block change the history, which is append-only for every other act."""
    for statement in guards_of_history():
        connection.execute(f"DROP TRIGGER {statement.split()[2]}")
    yield
    for statement in guards_of_history():
        connection.execute(statement)


def _blot_column(connection: Connection, table: str, key: str, column: str, blotter: Blotter) -> None:
    for id_, content in connection.all(f"SELECT {key}, {column} FROM {table}"):
        kept = json.loads(content)
        if id_ != _IDENTITY and (blotted := blotter.value(kept)) != kept:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", [canonical(blotted), id_])


def _blot_history(
    connection: Connection, erasure: int, places: Places, blotter: Blotter, hashes: Mapping[str, str]
) -> None:
    touched: set[int] = set()
    for seq, action in connection.all("SELECT seq, action FROM act"):
        if (blotted := blotter.text(action)) != action:
            connection.execute("UPDATE act SET action = ? WHERE seq = ?", [blotted, seq])
            touched.update(row[0] for row in connection.all("SELECT seq FROM change WHERE act = ?", [seq]))
    for record, paths in places.items():
        for seq, before, after in connection.all(f"SELECT seq, before, after FROM change WHERE {_OWN}", [record]):
            values = [renamed_json(wiped_json(each, paths, blotter), hashes) for each in (before, after)]
            if values != [before, after]:
                connection.execute("UPDATE change SET before = ?, after = ? WHERE seq = ?", [*values, seq])
                touched.add(seq)
    for seq in sorted(touched):
        connection.execute("INSERT INTO erased_line VALUES (?, ?, ?)", [erasure, seq, _seal(connection, seq)])


def _seal(connection: Connection, seq: int) -> str:
    row = connection.first(f"{history.LINES} WHERE change.seq = ?", [seq])
    _seq, *act, record, _kind, operation, before, after, linked, hash_ = tuple(row)
    return history.seal(hash_, history.link(linked, tuple(act), record, operation, before, after))


def _blot_copies(connection: Connection, record: str, paths: Sequence[str], blotter: Blotter) -> None:
    """Blot what else holds values of a record: waiting writes, received states, vouchers of the province."""
    _blot_waiting(connection, record, paths, blotter)
    for act, seq, before, after in connection.all(
        f"SELECT act, record, before, after FROM intake_record WHERE {_OWN}", [record]
    ):
        values = [wiped_state(content, paths, blotter) for content in (before, after)]
        sql = "UPDATE intake_record SET before = ?, after = ? WHERE act = ? AND record = ?"
        connection.execute(sql, [*values, act, seq])
    vouched = connection.value(f"SELECT said FROM voucher WHERE {_OWN}", [record])
    if vouched is not None and blotter.json(vouched) != canonical(json.loads(vouched)):
        connection.execute(f"DELETE FROM voucher WHERE {_OWN}", [record])  # it signs values that are gone
    connection.execute("DELETE FROM restriction WHERE record = ?", [record])  # nothing is left to be kept unused


def _blot_waiting(connection: Connection, record: str, paths: Sequence[str], blotter: Blotter) -> None:
    erased_paths = canonical([*paths, *{path.rpartition("/")[0] for path in paths if path.count("/") == 2}])
    connection.execute(
        f"DELETE FROM conflict WHERE {_OWN} AND path IN (SELECT value FROM json_each(?))", [record, erased_paths]
    )
    waiting = f"SELECT record, path, stamp, value FROM conflict WHERE {_OWN} AND value IS NOT NULL"
    for seq, path, stamp, value in connection.all(waiting, [record]):
        sql = "UPDATE conflict SET value = ? WHERE record = ? AND path = ? AND stamp = ?"
        connection.execute(sql, [blotter.json(value), seq, path, stamp])


def _blot_answers(connection: Connection, record: str, blotter: Blotter) -> None:
    """Blot the reasons that receipts gave about a record."""
    for receipt, reasons in connection.all("SELECT receipt, reasons FROM answer WHERE record = ?", [record]):
        sql = "UPDATE answer SET reasons = ? WHERE record = ? AND receipt = ?"
        connection.execute(sql, [blotter.json(reasons), record, receipt])


def _blot_snapshots(connection: Connection, record: str, paths: Sequence[str], blotter: Blotter) -> dict[str, str]:
    """Blot the snapshots of a record; returns their new hashes by the old ones."""
    hashes = {}
    for id_, data, old in connection.all(f"SELECT id, data, hash FROM snapshot WHERE {_OWN}", [record]):
        content = wiped_json(data, paths, blotter) or "{}"
        hashes[old] = history.content_hash(content)
        connection.execute("UPDATE snapshot SET data = ?, hash = ? WHERE id = ?", [content, hashes[old], id_])
    return hashes


def _blot_papers(connection: Connection, record: str, blotter: Blotter) -> dict[str, str]:
    """Blot the kept papers of a record; returns their new hashes by the old ones."""
    hashes = {}
    kept = f"SELECT id, document, details, sha256 FROM kept_paper WHERE {_OWN}"
    for id_, packed, details, old in connection.all(kept, [record]):
        content = blotter.json(zlib.decompress(packed).decode()) or ""
        if content.encode() == zlib.decompress(packed):
            continue
        hashes[old] = history.content_hash(content)
        changed = [zlib.compress(content.encode(), 9), blotter.json(details), hashes[old], id_]
        connection.execute("UPDATE kept_paper SET document = ?, details = ?, sha256 = ? WHERE id = ?", changed)
    return hashes


def _ever_at(connection: Connection, places: Places) -> Iterator[Any]:
    """Every value that stands or stood at the places."""
    for record, paths in places.items():
        for content in _contents(connection, record) if paths else ():
            yield from (value_in(content, path) for path in paths)


def _contents(connection: Connection, record: str) -> Iterable[dict[str, Any]]:
    statements = (
        "SELECT data FROM record WHERE id = ?",
        f"SELECT before FROM change WHERE {_OWN}",
        f"SELECT after FROM change WHERE {_OWN}",
        f"SELECT data FROM snapshot WHERE {_OWN}",
        f"SELECT json_object(path, json(value)) FROM conflict WHERE {_OWN}",
        f"SELECT json_extract(before, '$.data') FROM intake_record WHERE {_OWN}",
        f"SELECT json_extract(after, '$.data') FROM intake_record WHERE {_OWN}",
    )
    for statement in statements:
        for (content,) in connection.all(statement, [record]):
            if content is not None:
                yield json.loads(content)
