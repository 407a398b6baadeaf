"""The reading views once more, over a published copy: what asks the store can ask a server or files in the same words.

Each published table gets a temporary view with the values of the store: days and moments as text, yes and no as 1 and
0, without lines that are marked as deleted. Columns that were not published, because they may tell of a person, are
empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.publishing.extra import extra_library
from kcdesk.publishing.partitions import NAMES, name_in_files
from kcdesk.publishing.postgresql import schema_of
from kcdesk.publishing.published_tables import ColumnType, PublishedColumn, PublishedTable, published_tables
from kcdesk.publishing.server_connection import server_connection
from kcdesk.publishing.targets import ServerTarget
from kcdesk.store.database.reading_tables import Columns
from kcdesk.store.identity import Identity
from kcdesk.store.reader import Reader

# A text or a name in quotes, a cast of PostgreSQL, or a named value: only the last is rewritten.
_PLACES = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:([a-z_][a-z0-9_]*)""")
_KEPT = "kept_"
_TYPES: Mapping[ColumnType, str] = {"boolean": "INTEGER", "integer": "BIGINT", "real": "DOUBLE PRECISION"}
_SERVER_VALUES: Mapping[ColumnType, str] = {
    "boolean": "CAST({} AS INTEGER)",
    "date": "to_char({}, 'YYYY-MM-DD')",
    "moment": """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')""",
    "json": "CAST({} AS TEXT)",
}
_FILE_VALUES: Mapping[ColumnType, str] = {
    "boolean": "CAST({} AS INTEGER)",
    "date": "strftime({}, '%Y-%m-%d')",
    "moment": "strftime({} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ')",
}


class ReadingCopy:
    """A published copy that answers queries over the reading views, with the forms and the office of the store."""

    def __init__(
        self, reader: Reader, ask: Callable[[str, Mapping[str, Any]], Any], mark: str, kept: Columns | None = None
    ) -> None:
        """`mark` is the place of a named value with `{}` for the name; `kept` are the columns of the kept tables."""
        self.forms: Forms = reader.forms
        self.identity: Identity = reader.identity
        self._ask, self._mark, self._kept = ask, mark, kept or {}

    def relation(self, view: str, columns: Collection[str]) -> str:
        """The kept table with these columns of a view, else the view."""
        return f"{_KEPT}{view}" if self._kept.get(view, frozenset()).issuperset(columns) and columns else view

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query over the views, whose values are named as SQLite names them."""
        names: dict[str, None] = {}

        def place(match: re.Match[str]) -> str:
            if match[1] is None:
                return match[0].replace("%", "%%") if self._mark.startswith("%") else match[0]
            names[match[1]] = None
            return self._mark.format(match[1])

        written = _PLACES.sub(place, sql)
        values = dict(parameters or {})
        cursor = self._ask(written, {name: values[name] for name in names})
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def server_copy(reader: Reader, target: ServerTarget, schema: str = "") -> Iterator[ReadingCopy]:
    """The copy in a schema of PostgreSQL; UserError and KnownError say why there is no way to it."""
    psycopg: Any = extra_library("psycopg")
    sql: Any = extra_library("psycopg.sql")
    with server_connection(target) as connection:
        cursor = psycopg.ClientCursor(connection)  # it knows the type of every value before the server asks
        for table, known in _tables(reader):
            source = sql.Identifier(schema or schema_of(reader), table.name).as_string(connection)
            living = f"{source} WHERE deleted_at IS NULL"
            cursor.execute(_view(table, known, living, lambda name: name, _SERVER_VALUES))
        yield ReadingCopy(reader, lambda query, values: cursor.execute(query, values), "%({})s")
        connection.rollback()


@contextmanager
def file_copy(reader: Reader, folder: Path, kept: Columns) -> Iterator[ReadingCopy]:
    """The copy in a folder of Parquet files, read by DuckDB; the columns `kept` are read from the files once."""
    connection: Any = extra_library("duckdb").connect()
    try:
        for table, known in _tables(reader):
            pattern = str(folder / table.name / "*" / "*" / "*.parquet").replace("'", "''")
            files = f"read_parquet('{pattern}', hive_types = {{'{NAMES[0]}': BIGINT, '{NAMES[1]}': VARCHAR}})"
            connection.execute(_view(table, known, files, _file_name(table), _FILE_VALUES))
        for view, columns in kept.items():
            names = ", ".join(map(_quoted, sorted(columns)))
            connection.execute(f"CREATE TEMPORARY TABLE {_quoted(_KEPT + view)} AS SELECT {names} FROM {_quoted(view)}")
        yield ReadingCopy(reader, connection.execute, "${}", kept)
    finally:
        connection.close()


def _tables(reader: Reader) -> Iterator[tuple[PublishedTable, frozenset[str]]]:
    """Every table with all its columns, and the names of those that are surely published."""
    without_persons = {table.name: frozenset(table.names) for table in published_tables(reader, personal=False)}
    for table in published_tables(reader, personal=True):
        yield table, without_persons[table.name]


def _file_name(table: PublishedTable) -> Callable[[str], str]:
    return lambda column: name_in_files(table, column)


def _view(
    table: PublishedTable,
    known: frozenset[str],
    source: str,
    name_of: Callable[[str], str],
    values: Mapping[ColumnType, str],
) -> str:
    def value(column: PublishedColumn) -> str:
        if column.name not in known:
            return f"CAST(NULL AS {_TYPES.get(column.type, 'TEXT')})"
        return values.get(column.type, "{}").format(_quoted(name_of(column.name)))

    columns = ", ".join(f"{value(column)} AS {_quoted(column.name)}" for column in table.columns)
    return f"CREATE TEMPORARY VIEW {_quoted(table.name)} AS SELECT {columns} FROM {source}"


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
