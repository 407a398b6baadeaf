"""Migrations: the steps from an empty database to the current schema; a new store runs all of them.

A released step is never edited: a change is a new step, and a store with data of every released schema stays in
`tests/data`. `PRAGMA user_version` counts the steps done, so that the header shows whether any is pending.
"""

from __future__ import annotations

import json
from typing import Any

from kcdesk.errors import UserError
from kcdesk.store.database.db import Connection, canonical, translated, use_sqlcipher

_TABLES = """
CREATE TABLE record (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  parent TEXT,
  unit TEXT NOT NULL,
  form TEXT NOT NULL,
  sort TEXT NOT NULL,
  created TEXT NOT NULL,
  updated TEXT NOT NULL,
  deleted TEXT,
  data TEXT NOT NULL CHECK (json_valid(data)),
  stamps TEXT NOT NULL CHECK (json_valid(stamps))
) STRICT;

-- The newest stamp that each device has left on a record: what a hand-off has to carry.
CREATE TABLE touched (
  device TEXT NOT NULL,
  record INTEGER NOT NULL REFERENCES record (seq),
  stamp TEXT NOT NULL,
  PRIMARY KEY (device, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE act (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  stamp TEXT NOT NULL,
  device TEXT NOT NULL,
  officer TEXT NOT NULL,
  action TEXT NOT NULL,
  undoes TEXT NOT NULL CHECK (json_valid(undoes))
) STRICT;

CREATE TABLE change (
  seq INTEGER PRIMARY KEY,
  act INTEGER NOT NULL REFERENCES act (seq),
  record INTEGER NOT NULL REFERENCES record (seq),
  operation TEXT NOT NULL CHECK (operation IN ('insert', 'update', 'delete', 'restore', 'snapshot')),
  before TEXT CHECK (json_valid(before)),
  after TEXT CHECK (json_valid(after)),
  prev TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TABLE snapshot (
  id TEXT PRIMARY KEY,
  record INTEGER NOT NULL REFERENCES record (seq),
  at TEXT NOT NULL,
  form TEXT NOT NULL,
  data TEXT NOT NULL CHECK (json_valid(data)),
  hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE package (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
  partner TEXT NOT NULL,
  period TEXT NOT NULL,
  type TEXT NOT NULL,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  vector TEXT NOT NULL CHECK (json_valid(vector)),
  details TEXT NOT NULL CHECK (json_valid(details))
) STRICT;

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL CHECK (json_valid(value))) STRICT, WITHOUT ROWID;
CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- Folded words of each record, and its facets (`live=proposal`, `state=draft`); the text itself stays in `record`.
CREATE VIRTUAL TABLE record_search USING fts5 (
  words, facets, content = '', contentless_delete = 1, detail = column, prefix = '1 2 3',
  tokenize = "unicode61 remove_diacritics 0 tokenchars '=_-/'"
);
CREATE VIRTUAL TABLE record_word USING fts5vocab (record_search, col);
"""

# Indexes of single kinds are made from the forms, in views.py.
_INDEXES = """
CREATE INDEX record_recent ON record (updated) WHERE deleted IS NULL;
CREATE INDEX record_deleted ON record (kind, deleted, seq) WHERE deleted IS NOT NULL;
CREATE INDEX record_parent ON record (parent, kind) WHERE parent IS NOT NULL;
-- The money of the overview: every column that its sums read, so that they read nothing else.
CREATE INDEX record_money ON record (
  json_extract(data, '$.year'), json_extract(data, '$.programme'), json_extract(data, '$.total_cost'),
  json_extract(data, '$.total_national'), json_extract(data, '$.total_local'),
  json_extract(data, '$.total_counterpart'), json_extract(data, '$.approved_support'), deleted
) WHERE kind = 'proposal' AND deleted IS NULL;
CREATE INDEX touched_stamp ON touched (device, stamp);
CREATE INDEX change_record ON change (record);
CREATE INDEX change_act ON change (act);
CREATE INDEX snapshot_record ON snapshot (record);
"""

_SEARCH_BEGINS = "CREATE VIRTUAL TABLE record_search"
_APPEND_ONLY = ("act", "change", "snapshot")


def create_search(connection: Connection) -> None:
    """Make the tables of the search index, empty, as the first step makes them; within a transaction."""
    for statement in _TABLES[_TABLES.index(_SEARCH_BEGINS) :].split(";\n"):
        if statement.strip():
            connection.execute(statement)


def _script(db: Any, script: str) -> None:
    """Run each statement of a script inside the running transaction, which `executescript` would end."""
    statement = ""
    for line in script.splitlines():
        statement += f"{line}\n"
        if line.endswith(";"):
            db.conn.execute(statement)
            statement = ""


def _first_tables(db: Any) -> None:
    _script(db, _TABLES)
    _script(db, _INDEXES)
    for statement in guards_of_history():
        db.conn.execute(statement)


def guards_of_history() -> list[str]:
    """The statements that make the tables of the history append-only."""
    return [
        f"CREATE TRIGGER {table}_no_{operation.lower()} BEFORE {operation} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
        for table in _APPEND_ONLY
        for operation in ("UPDATE", "DELETE")
    ]


_HAND_OFF = """
-- Writes that lost against another one that had not seen them, until somebody decides.
CREATE TABLE conflict (
  record INTEGER NOT NULL REFERENCES record (seq),
  path TEXT NOT NULL,
  stamp TEXT NOT NULL,
  value TEXT CHECK (json_valid(value)),
  PRIMARY KEY (record, path, stamp)
) STRICT, WITHOUT ROWID;

-- Who works on which device, as packages told.
CREATE TABLE device (
  id TEXT PRIMARY KEY,
  unit TEXT NOT NULL,
  name TEXT NOT NULL,
  level TEXT NOT NULL,
  officer TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The public keys of other units that an officer has compared by voice.
CREATE TABLE partner (
  key TEXT PRIMARY KEY,
  unit TEXT NOT NULL,
  name TEXT NOT NULL,
  level TEXT NOT NULL,
  province TEXT NOT NULL,
  store TEXT NOT NULL,
  trusted TEXT NOT NULL,
  ended TEXT,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What travelled in which package, and how new it was then.
CREATE TABLE carried (
  package INTEGER NOT NULL REFERENCES package (seq),
  record INTEGER NOT NULL REFERENCES record (seq),
  stamp TEXT NOT NULL,
  PRIMARY KEY (record, package)
) STRICT, WITHOUT ROWID;

-- What the receiver answered, in a receipt, about a record of a package.
CREATE TABLE answer (
  receipt INTEGER NOT NULL REFERENCES package (seq),
  package TEXT NOT NULL,
  record TEXT NOT NULL,
  result TEXT NOT NULL,
  reasons TEXT NOT NULL CHECK (json_valid(reasons)),
  PRIMARY KEY (record, receipt)
) STRICT, WITHOUT ROWID;

-- What taking a package in has changed, record by record: before it (NULL: not here) and after.
CREATE TABLE intake (act TEXT PRIMARY KEY, package INTEGER NOT NULL REFERENCES package (seq), undone TEXT) STRICT;
CREATE TABLE intake_record (
  act TEXT NOT NULL REFERENCES intake (act),
  record INTEGER NOT NULL REFERENCES record (seq),
  before TEXT CHECK (json_valid(before)),
  after TEXT NOT NULL CHECK (json_valid(after)),
  PRIMARY KEY (act, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX touched_record ON touched (record, device, stamp);
CREATE INDEX carried_package ON carried (package);
CREATE INDEX intake_package ON intake (package);
"""
_OPEN_STATES = ("draft", "open")

_RELAYING = """
-- How far the sensitive fields of a record are known: they may stay out of a package that brings the rest.
ALTER TABLE touched ADD COLUMN private TEXT NOT NULL DEFAULT '';

-- What the province has signed about a record, to be passed on with it.
CREATE TABLE voucher (
  record INTEGER PRIMARY KEY REFERENCES record (seq),
  key TEXT NOT NULL,
  said TEXT NOT NULL CHECK (json_valid(said)),
  signature TEXT NOT NULL
) STRICT;
"""

_PAPERS = """
-- The papers of locked records as they were made; `withdrawn` is the act that unlocked the record again.
CREATE TABLE kept_paper (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  record INTEGER NOT NULL REFERENCES record (seq),
  revision INTEGER NOT NULL,
  layout TEXT NOT NULL,
  variant TEXT NOT NULL,
  content TEXT NOT NULL,
  own TEXT NOT NULL CHECK (json_valid(own)),
  basis TEXT NOT NULL,
  sensitive INTEGER NOT NULL,
  at TEXT NOT NULL,
  device TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details)),
  sha256 TEXT NOT NULL,
  document BLOB NOT NULL,
  withdrawn TEXT
) STRICT;
CREATE INDEX kept_paper_record ON kept_paper (record);
"""

_SUMMARIES = """
-- The printed summaries: their figures and the ids behind them. A print has left the office, so it never changes.
CREATE TABLE printed_summary (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  first TEXT NOT NULL,
  last TEXT NOT NULL,
  unit TEXT NOT NULL,
  at TEXT NOT NULL,
  device TEXT NOT NULL,
  officer TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details)),
  sha256 TEXT NOT NULL,
  content BLOB NOT NULL
) STRICT;
"""
_PERSONAL = """
-- What was erased on request: the places, never the values; `seals` is a hash over the seals of its lines.
CREATE TABLE erasure (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  officer TEXT NOT NULL,
  reason TEXT NOT NULL,
  places TEXT NOT NULL CHECK (json_valid(places)),
  seals TEXT NOT NULL
) STRICT;
-- The lines of the history whose values were erased, each with a hash over its old hash and what is left of it.
CREATE TABLE erased_line (
  erasure INTEGER NOT NULL REFERENCES erasure (seq),
  change INTEGER NOT NULL REFERENCES change (seq),
  seal TEXT NOT NULL,
  PRIMARY KEY (change, erasure)
) STRICT, WITHOUT ROWID;
-- The records about people that are only kept and not used.
CREATE TABLE restriction (
  record TEXT PRIMARY KEY, at TEXT NOT NULL, officer TEXT NOT NULL, reason TEXT NOT NULL, until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Who opened, printed or exported personal values.
CREATE TABLE personal_use (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  officer TEXT NOT NULL,
  device TEXT NOT NULL,
  what TEXT NOT NULL,
  record TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details))
) STRICT;
CREATE INDEX personal_use_record ON personal_use (record, seq);
"""
_OWN_DEVICE = "SELECT json_extract(value, '$.device_id') FROM setting WHERE name = 'identity'"


def _hand_off(db: Any) -> None:
    """Add the tables of the handover; stamp every locked or deleted record as a whole by the step that locked it."""
    _script(db, _HAND_OFF)
    rows = db.conn.execute("SELECT seq, data, stamps, deleted FROM record").fetchall()
    for seq, data, stamps, deleted in rows:
        renewed = _as_a_whole(json.loads(data), json.loads(stamps), deleted is not None)
        db.conn.execute("UPDATE record SET stamps = ? WHERE seq = ?", [canonical(renewed), seq])


def _as_a_whole(data: dict[str, Any], stamps: dict[str, str], deleted: bool) -> dict[str, str]:
    locked = data.get("state", "draft") not in _OPEN_STATES
    step = stamps.get("deleted", "") if deleted else stamps.get("state", "") if locked else ""
    return {path: step + "-" * at.endswith("-") if at.rstrip("-") < step else at for path, at in stamps.items()}


def _relaying(db: Any) -> None:
    """Add what is passed on for others; of sensitive fields, only the store's own writes are surely complete."""
    _script(db, _RELAYING)
    db.conn.execute(f"UPDATE touched SET private = stamp WHERE device = ({_OWN_DEVICE})")


def _papers(db: Any) -> None:
    """Add the kept papers; a paper locked before is kept when it is next printed, because nobody knows what it said."""
    _script(db, _PAPERS)


def _summaries(db: Any) -> None:
    """Add the printed summaries."""
    _script(db, _SUMMARIES)


def _personal(db: Any) -> None:
    """Add what the law on personal data asks for."""
    _script(db, _PERSONAL)


STEPS = (_first_tables, _hand_off, _relaying, _papers, _summaries, _personal)


def pending(connection: Connection) -> int:
    """The number of steps to run; UserError `newer_store` if a newer program has migrated the store."""
    done = connection.value("PRAGMA user_version")
    if done > len(STEPS):
        raise UserError(
            "Kho dữ liệu này do một phiên bản kcdesk mới hơn lập; chưa có gì bị thay đổi.",
            code="newer_store",
            hint="Hãy cập nhật chương trình rồi mở lại.",
        )
    return len(STEPS) - int(done)


def apply(connection: Connection) -> None:
    """Run the pending steps, each in one transaction with foreign keys off, and check the foreign keys afterwards."""
    use_sqlcipher()
    from sqlite_utils import Database, Migrations  # 250 ms that only a migration costs

    migrations = Migrations("kcdesk")
    for number, step in enumerate(STEPS, start=1):
        migrations(name=f"{number:03d}{step.__name__}")(_numbered(step, number))
    connection.execute("PRAGMA foreign_keys = OFF")
    with translated():
        migrations.apply(Database(connection.raw, recursive_triggers=False, execute_plugins=False))
    connection.execute("PRAGMA foreign_keys = ON")


def _numbered(step: Any, number: int) -> Any:
    """The step, followed in the same transaction by the check of foreign keys and the new `user_version`."""

    def run(db: Any) -> None:
        step(db)
        broken = db.conn.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"step {number} breaks {len(broken)} foreign keys")
        db.conn.execute(f"PRAGMA user_version = {number}")

    return run
