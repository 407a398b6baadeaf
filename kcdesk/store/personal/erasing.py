"""Erasing what is known about a person, everywhere in the store: records, history, papers, waiting writes, files.

The places are erased, and in all that belongs to their records every occurrence of the erased texts. The history stays
a chain: a line whose values go keeps its hash, and a seal proves what is left of it (`store/history`). The record of an
erasure names places, never values.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kcdesk.store import history
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.database.migrations import guards_of_history

MARK = "[đã xoá]"
_SHORTEST = 4  # letters of a text that is looked for inside other texts
Places = Mapping[str, Sequence[str]]  # record id: paths of fields, or of cells as `table/row/column`


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased, without the values; `places` are paths by record."""

    id: str
    at: str
    officer: str
    reason: str
    places: dict[str, list[str]]
    files: frozenset[str] = frozenset()  # hashes of files that stood there; not kept


def kept_erasures(connection: Connection) -> list[Erasure]:
    """Every erasure, oldest first."""
    rows = connection.all("SELECT id, at, officer, reason, places FROM erasure ORDER BY seq")
    return [Erasure(id_, at, officer, reason, json.loads(places)) for id_, at, officer, reason, places in rows]


class Blotter:
    """Blots out texts wherever they stand, whatever their spaces, capitals and form of Unicode."""

    def __init__(self, texts: Iterable[str]) -> None:
        wanted = {unicodedata.normalize("NFC", text).strip() for text in texts}
        long = sorted((text for text in wanted if len(text) >= _SHORTEST and text != MARK), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_pattern, long)), re.IGNORECASE) if long else None

    def text(self, text: str) -> str:
        """The text with every occurrence replaced by the mark."""
        if self._pattern is None:
            return text
        composed = unicodedata.normalize("NFC", text)
        blotted = self._pattern.sub(MARK, composed)
        return text if blotted == composed else blotted

    def value(self, value: Any) -> Any:
        """A value of JSON, blotted in all its texts."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {name: self.value(item) for name, item in value.items()}
        return value

    def json(self, content: str | None) -> str | None:
        """JSON text, blotted."""
        return content if content is None else canonical(self.value(json.loads(content)))


def _pattern(text: str) -> str:
    if text.isdigit():
        return r"(?<!\d)" + r"[ .-]?".join(text) + r"(?!\d)"
    return r"(?<!\w)" + r"\s+".join(map(re.escape, text.split())) + r"(?!\w)"


def values_at(connection: Connection, places: Places) -> list[str]:
    """Every text that stood at the places, now or in the history, in a snapshot or a waiting write."""
    texts: set[str] = set()
    for record, paths in places.items():
        for content in _contents(connection, record):
            for path in paths:
                texts.update(_texts(_at(content, path)))
    return sorted(texts)


def blot(connection: Connection, erasure: Erasure, texts: Sequence[str]) -> int:
    """Take the values of the places and the texts out of all that belongs to their records; returns its number.

    Must run in an act; its line that names the seals is added afterwards, by `seals`.
    """
    blotter = Blotter(texts)
    seq = int(
        connection.execute(
            "INSERT INTO erasure (id, at, officer, reason, places, seals) VALUES (?, ?, ?, ?, ?, '')",
            [erasure.id, erasure.at, erasure.officer, erasure.reason, canonical(erasure.places)],
        ).lastrowid
    )
    with _without_guards(connection):
        _blot_history(connection, seq, erasure.places, blotter)
        for record, paths in erasure.places.items():
            _blot_copies(connection, record, paths, blotter)
    for record in erasure.places:
        _blot_papers(connection, record, blotter)
    for name, value in connection.all("SELECT name, value FROM setting WHERE name <> 'identity'"):
        kept = json.loads(value)
        if (blotted := blotter.value(kept)) != kept:
            connection.execute("UPDATE setting SET value = ? WHERE name = ?", [canonical(blotted), name])
    return seq


def seals(connection: Connection, seq: int) -> str:
    """Keep and return the hash over the seals of an erasure, for its line in the history."""
    whole = history.seals_of(connection, seq)
    connection.execute("UPDATE erasure SET seals = ? WHERE seq = ?", [whole, seq])
    return whole


# -- inside --------------------------------------------------------------------------------------------------------


@contextmanager
def _without_guards(connection: Connection) -> Iterator[None]:
    """Let the block change the history, which is append-only for every other act."""
    for statement in guards_of_history():
        connection.execute(f"DROP TRIGGER {statement.split()[2]}")
    yield
    for statement in guards_of_history():
        connection.execute(statement)


def _blot_history(connection: Connection, erasure: int, places: Places, blotter: Blotter) -> None:
    touched: set[int] = set()
    for seq, action in connection.all("SELECT seq, action FROM act"):
        if (blotted := blotter.text(action)) != action:
            connection.execute("UPDATE act SET action = ? WHERE seq = ?", [blotted, seq])
            touched.update(row[0] for row in connection.all("SELECT seq FROM change WHERE act = ?", [seq]))
    for record, paths in places.items():
        lines = "SELECT seq, before, after FROM change WHERE record = (SELECT seq FROM record WHERE id = ?)"
        for seq, before, after in connection.all(lines, [record]):
            values = [_wiped(content, paths, blotter) for content in (before, after)]
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
    """Blot what else holds values of a record: snapshots, waiting writes, received states, vouchers of the province."""
    own = "record = (SELECT seq FROM record WHERE id = ?)"
    for id_, data in connection.all(f"SELECT id, data FROM snapshot WHERE {own}", [record]):
        content = _wiped(data, paths, blotter) or "{}"
        hash_ = history.content_hash(content)
        connection.execute("UPDATE snapshot SET data = ?, hash = ? WHERE id = ?", [content, hash_, id_])
    connection.execute(
        f"DELETE FROM conflict WHERE {own} AND path IN (SELECT value FROM json_each(?))",
        [record, canonical(list(paths))],
    )
    for act, seq, before, after in connection.all(
        f"SELECT act, record, before, after FROM intake_record WHERE {own}", [record]
    ):
        values = [_wiped_state(content, paths, blotter) for content in (before, after)]
        sql = "UPDATE intake_record SET before = ?, after = ? WHERE act = ? AND record = ?"
        connection.execute(sql, [*values, act, seq])
    vouched = connection.value(f"SELECT said FROM voucher WHERE {own}", [record])
    if vouched is not None and blotter.json(vouched) != canonical(json.loads(vouched)):
        connection.execute(f"DELETE FROM voucher WHERE {own}", [record])  # it signs values that are gone


def _blot_papers(connection: Connection, record: str, blotter: Blotter) -> None:
    """Blot the kept papers of a record; their hashes are made anew."""
    sql = "SELECT id, document, details FROM kept_paper WHERE record = (SELECT seq FROM record WHERE id = ?)"
    for id_, packed, details in connection.all(sql, [record]):
        content = (blotter.json(zlib.decompress(packed).decode()) or "").encode()
        if content == zlib.decompress(packed):
            continue
        changed = [zlib.compress(content, 9), blotter.json(details), history.content_hash(content.decode()), id_]
        connection.execute("UPDATE kept_paper SET document = ?, details = ?, sha256 = ? WHERE id = ?", changed)


def _contents(connection: Connection, record: str) -> Iterable[dict[str, Any]]:
    own = "record = (SELECT seq FROM record WHERE id = ?)"
    statements = (
        "SELECT data FROM record WHERE id = ?",
        f"SELECT before FROM change WHERE {own}",
        f"SELECT after FROM change WHERE {own}",
        f"SELECT data FROM snapshot WHERE {own}",
        f"SELECT json_object(path, json(value)) FROM conflict WHERE {own}",
    )
    for statement in statements:
        for (content,) in connection.all(statement, [record]):
            if content is not None:
                yield json.loads(content)


def _at(content: Mapping[str, Any], path: str) -> Any:
    """What stands at a path, in a record or in a line of the history."""
    if path in content:
        return content[path]
    table, _, rest = path.partition("/")
    row, _, column = rest.partition("/")
    held = [_cell(content.get(f"{table}/{row}"), column)]
    rows = content.get(table)
    if isinstance(rows, list):
        held += [_cell(each, column) for each in rows if isinstance(each, dict) and each.get("id") == row]
    return held


def _cell(row: Any, column: str) -> Any:
    return row.get(column) if isinstance(row, dict) else None


def _texts(value: Any) -> Iterable[str]:
    """The texts of a value; of files only their names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for name in ("name", "caption") for text in _texts(value.get(name)))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _wiped(content: str | None, paths: Sequence[str], blotter: Blotter) -> str | None:
    """JSON of a record or of a line with the paths emptied and every text blotted; unchanged if nothing of it goes."""
    if content is None:
        return None
    data = json.loads(content)
    wiped = blotter.value(wipe(data, paths))
    return content if wiped == data else canonical(wiped)


def _wiped_state(content: str | None, paths: Sequence[str], blotter: Blotter) -> str | None:
    if content is None:
        return None
    state = json.loads(content)
    if isinstance(state.get("data"), dict):
        state["data"] = wipe(state["data"], paths)
    return canonical(blotter.value(state))


def wipe(data: dict[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """A copy of a record's content, or of a history line, with these paths emptied; names keep a mark."""
    wiped = {name: erased(value) if name in paths else value for name, value in data.items()}
    for path in paths:
        table, _, rest = path.partition("/")
        row, _, column = rest.partition("/")
        if not column:
            continue
        if isinstance(wiped.get(f"{table}/{row}"), dict):
            wiped[f"{table}/{row}"] = _without(wiped[f"{table}/{row}"], column)
        if isinstance(wiped.get(table), list):
            wiped[table] = [
                _without(each, column) if isinstance(each, dict) and each.get("id") == row else each
                for each in wiped[table]
            ]
    return wiped


def _without(row: dict[str, Any], column: str) -> dict[str, Any]:
    return {name: erased(value) if name == column else value for name, value in row.items()}


def erased(value: Any) -> Any:
    """What takes the place of a value: a mark for a text with letters, nothing for anything else."""
    return MARK if isinstance(value, str) and any(letter.isalpha() for letter in value) else None
