"""The papers of locked records as they were made: what is printed again, whatever has changed since.

A paper is never changed. It is withdrawn when the lock that made it is undone, and comes back when that is redone.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kcdesk.runtime.frozen import Value
from kcdesk.store.database.db import Connection, canonical

_COLUMNS = (
    "id", "revision", "layout", "variant", "content", "own", "basis", "sensitive", "at", "device", "details", "sha256",
)  # fmt: skip
_OF_RECORD = "record = (SELECT seq FROM record WHERE id = ?)"
_BEST = 9  # the level of deflate; a paper takes 1 to 4 kB


class KeptPaper(Value, kw_only=True):
    """A kept paper without its content.

    `variant` tells papers of one layout apart, such as the sheets of the members of a jury. `content` is the hash in
    its code. `own` are the fields of the record that it shows; `basis` is a hash of their values: with other values the
    paper no longer shows the record. `sensitive`: it shows a value that is sensitive by law. `at` is the moment of the
    lock, or of the first print, with its zone; `details` is what lists of papers show; `sha256` is of the content.
    """

    id: str
    revision: int
    layout: str
    variant: str
    content: str
    own: tuple[str, ...]
    basis: str
    sensitive: bool
    at: str
    device: str
    details: dict[str, Any]
    sha256: str
    withdrawn: bool = False


class PaperEntry(Value):
    """A paper with its content: the JSON of a document."""

    paper: KeptPaper
    document: bytes


class KeptPapers:
    """The kept papers of one store."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, record: str) -> list[KeptPaper]:
        """The papers of a record, oldest first, also withdrawn ones and those of earlier revisions."""
        sql = f"SELECT {', '.join(_COLUMNS)}, withdrawn FROM kept_paper WHERE {_OF_RECORD} ORDER BY seq"
        return [_paper(*row) for row in self._connection.all(sql, [record])]

    def document(self, paper: str) -> bytes:
        """The content of a paper; KeyError if there is none with this id."""
        packed = self._connection.value("SELECT document FROM kept_paper WHERE id = ?", [paper])
        if packed is None:
            raise KeyError(paper)
        return zlib.decompress(packed)

    def put(self, record: str, entries: Iterable[PaperEntry]) -> None:
        """Keep papers of a record; one that is kept already, withdrawn or not, is only in use again."""
        columns = ("record", *_COLUMNS, "document")
        marks = ", ".join("?" * len(_COLUMNS))
        sql = (
            f"INSERT INTO kept_paper ({', '.join(columns)}) SELECT seq, {marks}, ? FROM record WHERE id = ?"
            " ON CONFLICT (id) DO UPDATE SET withdrawn = NULL"
        )
        for entry in entries:
            packed = zlib.compress(entry.document, _BEST)
            self._connection.execute(sql, [*_values(entry.paper), packed, record])

    def withdraw(self, record: int, revision: int, act: str) -> None:
        """Take the papers of a revision out of use, because an act has unlocked the record (given by its `seq`)."""
        self._connection.execute(
            "UPDATE kept_paper SET withdrawn = ? WHERE record = ? AND revision = ? AND withdrawn IS NULL",
            [act, record, revision],
        )

    def take_back(self, record: int, acts: Sequence[str]) -> None:
        """Use the papers again that these acts have withdrawn."""
        self._connection.execute(
            "UPDATE kept_paper SET withdrawn = NULL WHERE record = ? AND withdrawn IN (SELECT value FROM json_each(?))",
            [record, canonical(list(acts))],
        )

    def faults(self) -> Iterator[str]:
        """Yield a sentence for every paper whose content no longer has its hash."""
        for id_, packed, sha256 in self._connection.execute("SELECT id, document, sha256 FROM kept_paper"):
            try:
                matches = hashlib.sha256(zlib.decompress(packed)).hexdigest() == sha256
            except zlib.error:
                matches = False
            if not matches:
                yield f"Giấy đã chốt {id_} bị sửa hoặc hỏng."


def _values(paper: KeptPaper) -> list[object]:
    written: dict[str, object] = {
        "own": canonical(list(paper.own)),
        "details": canonical(paper.details),
        "sensitive": int(paper.sensitive),
    }
    return [written.get(name, getattr(paper, name)) for name in _COLUMNS]


def _paper(*row: Any) -> KeptPaper:
    *values, withdrawn = row
    named = dict(zip(_COLUMNS, values, strict=True))
    named |= {"own": tuple(json.loads(named["own"])), "details": json.loads(named["details"])}
    return KeptPaper(**named | {"sensitive": bool(named["sensitive"]), "withdrawn": withdrawn is not None})
