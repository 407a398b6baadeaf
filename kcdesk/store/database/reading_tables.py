"""The columns of reading views that reports use, kept as narrow tables, so that no report reads whole records.

A view takes each value out of the JSON text of a record: half a million records are some gigabytes. The tables hold
the few columns that the definitions of reports name. Triggers write them in the transaction that writes the record,
whoever writes it. They are made when a report is first asked for, some thousands of records at a time, so that others
can write in between; until all are there, and for any other column, a query reads the view.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.store.database import views
from kcdesk.store.database.db import Connection, canonical, kept_json
from kcdesk.store.database.views import ReadingView

REBUILT = "Bảng số liệu của báo cáo không khớp với hồ sơ và đã bỏ đi; báo cáo sau dựng lại từ hồ sơ, không mất dữ liệu."
_SETTING = "reading_tables"
_PREFIX = "reading_"
OURS = f"name GLOB '{_PREFIX}*'"  # tables, indexes and triggers of this module
_LOOKED_UP = ("id", "year")
_AT_ONCE = 2_000  # values of `seq` of one transaction of the making
_OF_RECORD = re.compile(rf"(?<![.'\w])record\.({'|'.join(('data', 'seq', 'kind', *views.RECORD_COLUMNS))})\b")
_WRITTEN = ", ".join(("data", "kind", *views.RECORD_COLUMNS))  # the other columns of a record are in no view
Columns = Mapping[str, frozenset[str]]  # by view


class _ReadingTable(Value):
    """The table of one view."""

    name: str  # of the view
    view: ReadingView
    looked_up: tuple[str, ...]  # the columns that have an index

    @property
    def sql(self) -> str:
        columns = ", ".join(f'"{name}" {_type(sql)}' for name, sql in self.view.columns.items())
        key = "seq INTEGER NOT NULL" if self.view.lines else "seq INTEGER PRIMARY KEY"
        return f'CREATE TABLE "{self.table}" ({key}, {columns})'

    @property
    def table(self) -> str:
        return f"{_PREFIX}{self.name}"

    @property
    def indexes(self) -> Iterator[str]:
        """The statements that make its indexes."""
        for column in ("seq", *self.looked_up) if self.view.lines else self.looked_up:
            yield f'CREATE INDEX "{self.table}_{column}" ON "{self.table}" ("{column}")'

    def filled(self, tables: str, condition: str) -> str:
        """The statement that copies the values of records into the table."""
        return f'INSERT INTO "{self.table}" {self.view.over(tables, condition, "record.seq")}'


class ReadingTables:
    """The reading tables of one store."""

    def __init__(self, connection: Connection, forms: Forms) -> None:
        self._connection, self._forms = connection, forms
        self._kept: Columns | None = None

    def relation(self, view: str, columns: Collection[str]) -> str:
        """The table that holds these columns of a view, else the view."""
        if self._kept is None:
            self._kept = self._read()
        return f"{_PREFIX}{view}" if self._kept.get(view, frozenset()).issuperset(columns) and columns else view

    def prepare(self, wanted: Columns) -> None:
        """Make the tables with these columns, if they are not there yet; KnownError `busy`."""
        self._kept = None  # another connection may have made or removed them
        made, kept = self._fingerprint(wanted), self._setting()
        if kept.get("made") == made and kept.get("complete"):
            return
        tables = self._tables(wanted)
        if kept.get("made") != made:
            with self._connection.atomic():
                _drop(self._connection)
                for statement in (sql for table in tables for sql in (table.sql, *table.indexes)):
                    self._connection.execute(statement)
                for trigger in _triggers(tables):
                    self._connection.execute(trigger)
                self._keep(made, wanted, complete=False)
        self._fill(tables)
        self._connection.execute("PRAGMA analysis_limit = 1000")
        for table in tables:
            self._connection.execute(f'ANALYZE "{table.table}"')
        self._keep(made, wanted, complete=True)

    def faults(self) -> Iterator[str]:
        """The names of the tables whose values are not those of their views."""
        for view, columns in self._read().items():
            names = ", ".join(f'"{name}"' for name in sorted(columns))
            lines, kept = (
                f'SELECT {names}, count(*) FROM "{table}" GROUP BY {names}' for table in (view, _PREFIX + view)
            )
            differing = (f"SELECT 1 FROM ({kept} EXCEPT {lines})", f"SELECT 1 FROM ({lines} EXCEPT {kept})")
            if any(self._connection.first(f"{sql} LIMIT 1") is not None for sql in differing):
                yield f"{_PREFIX}{view}"

    def remove_altered(self) -> None:
        """Remove the tables if what writes them is not what the definitions make: foreign, or of an earlier version."""
        sql = f"SELECT sql FROM sqlite_master WHERE type = 'trigger' AND {OURS}"
        present = {statement for (statement,) in self._connection.all(sql)}
        if present and not present <= set(_triggers(self._tables(self._known_columns()))):
            self.remove()

    def _known_columns(self) -> Columns:
        """The columns that were asked for, as far as the views have them."""
        known = views.reading_views(self._forms)
        columns = self._setting().get("columns", {})
        return {name: frozenset(names) & known[name].columns.keys() for name, names in columns.items() if name in known}

    def remove(self) -> None:
        """Remove the tables; the next report makes them again."""
        with self._connection.atomic():
            _drop(self._connection)
        self._kept = None

    def _fill(self, tables: list[_ReadingTable]) -> None:
        last = self._connection.value("SELECT max(seq) FROM record") or 0
        for first in range(1, last + 1, _AT_ONCE):
            between = f"BETWEEN {first} AND {first + _AT_ONCE - 1}"
            with self._connection.atomic():
                for table in tables:
                    self._connection.execute(f'DELETE FROM "{table.table}" WHERE seq {between}')
                    condition = f"record.kind = '{table.view.kind}' AND record.deleted IS NULL"
                    self._connection.execute(
                        table.filled("record NOT INDEXED", f"record.seq {between} AND {condition}")
                    )

    def _tables(self, wanted: Columns) -> list[_ReadingTable]:
        known = views.reading_views(self._forms)
        return [self._table(name, known[name], wanted[name]) for name in sorted(wanted) if wanted[name]]

    def _table(self, name: str, view: ReadingView, wanted: frozenset[str]) -> _ReadingTable:
        """The table with the wanted columns of a view.

        Ids, the records that they name, years, and the dates by which deadlines look for records can be looked up.
        """
        columns = {column: sql for column, sql in view.columns.items() if column in wanted}
        fields = {} if view.lines else views.kind_fields(self._forms, view.kind)
        links = [column for column in columns if column in fields and type_of(fields[column]).is_reference]
        asked = views.dates_asked_for(self._forms)
        dates = [column for column in columns if (view.kind, column) in asked]
        looked_up = dict.fromkeys([*_LOOKED_UP, *links, *dates]) if not view.lines else ()
        own = ReadingView(kind=view.kind, columns=columns, lines=view.lines)
        return _ReadingTable(name, own, tuple(column for column in looked_up if column in columns))

    def _fingerprint(self, wanted: Columns) -> str:
        """A hash of everything that is made for the tables."""
        key = (_SETTING, tuple(sorted((name, tuple(sorted(columns))) for name, columns in wanted.items())))
        return self._forms.once(key, lambda: _hashed(self._tables(wanted)))

    def _setting(self) -> dict[str, Any]:
        kept = self._connection.value("SELECT value FROM setting WHERE name = ?", [_SETTING])
        return dict(kept_json(kept) or {})

    def _keep(self, made: str, wanted: Columns, *, complete: bool) -> None:
        columns = {name: sorted(wanted[name]) for name in sorted(wanted)}
        value = canonical({"made": made, "complete": complete, "columns": columns})
        self._connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [_SETTING, value])

    def _read(self) -> Columns:
        """The columns of every complete table whose view is still the same."""
        kept = self._setting()
        columns = {name: frozenset(names) for name, names in kept.get("columns", {}).items()}
        known = views.reading_views(self._forms)
        is_whole = all(name in known and columns[name] <= known[name].columns.keys() for name in columns)
        return columns if is_whole and kept.get("complete") and kept.get("made") == self._fingerprint(columns) else {}


def _hashed(tables: list[_ReadingTable]) -> str:
    made = [*(table.sql for table in tables), *(sql for table in tables for sql in table.indexes), *_triggers(tables)]
    return hashlib.sha256("\n".join(made).encode()).hexdigest()[:16]


def _type(sql: str) -> str:
    """The affinity that the column of the view has."""
    if sql.startswith("CAST(") and sql.endswith(" AS REAL)"):
        return "REAL"
    return "TEXT" if _OF_RECORD.fullmatch(sql) else ""


def _triggers(tables: list[_ReadingTable]) -> Iterator[str]:
    """For each kind what happens when one of its records is written or removed."""
    kinds: dict[str, list[_ReadingTable]] = {}
    for table in tables:
        kinds.setdefault(table.view.kind, []).append(table)
    for kind, of_kind in kinds.items():
        removed = "".join(f'DELETE FROM "{table.table}" WHERE seq = old.seq; ' for table in of_kind)
        added = "".join(f"{table.filled('', 'record.deleted IS NULL')}; " for table in of_kind)
        added = _OF_RECORD.sub(r"new.\1", added)
        for event, place, statements in (
            ("INSERT", "new", added),
            (f"UPDATE OF {_WRITTEN}", "new", removed + added),
            ("DELETE", "old", removed),
        ):
            name = f"{_PREFIX}{kind}_{event.partition(' ')[0].lower()}"
            when = f"AFTER {event} ON record WHEN {place}.kind = '{kind}'"
            yield f'CREATE TRIGGER "{name}" {when} BEGIN {statements}END'


def _drop(connection: Connection) -> None:
    for kind in ("trigger", "table"):
        names = connection.all(f"SELECT name FROM sqlite_master WHERE type = ? AND {OURS}", [kind])
        for (name,) in names:
            connection.execute(f'DROP {kind.upper()} "{name}"')
    forget(connection)


def forget(connection: Connection) -> None:
    """Forget what was made: the next report makes all tables again."""
    connection.execute("DELETE FROM setting WHERE name = ?", [_SETTING])
