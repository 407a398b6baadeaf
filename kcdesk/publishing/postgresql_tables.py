"""One table of a publication in PostgreSQL: made or altered as the forms say, commented, and filled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kcdesk.errors import UserError
from kcdesk.publishing.extra import extra_library
from kcdesk.publishing.published_tables import ColumnType, PublishedTable
from kcdesk.runtime.frozen import asdict

if TYPE_CHECKING:
    from psycopg.sql import Composable

DELETED_AT = "deleted_at"
REGISTER = "_kcdesk_table"  # what was made here, by name and definition
_TYPES: Mapping[ColumnType, str] = {
    "text": "text",
    "integer": "bigint",
    "real": "double precision",
    "boolean": "boolean",
    "date": "date",
    "moment": "timestamp with time zone",
    "json": "jsonb",
}
_DELETED_COMMENT = "Bị xoá lúc: hồ sơ hoặc dòng không còn trong kho; trống là còn."


class ServerTable:
    """Makes and fills one table, within the transaction of a publication."""

    def __init__(self, cursor: Any, schema: str, table: PublishedTable, mark: str) -> None:
        """`mark` stands before the comment of the table («KHO THỰC HÀNH. »)."""
        self._cursor, self._table, self._mark = cursor, table, mark
        self._sql: Any = extra_library("psycopg.sql")
        self._name = self._sql.Identifier(schema, table.name)
        self._schema = schema
        self.is_new = False  # whether `prepare` has made it

    # -- its shape ---------------------------------------------------------------------------------------------

    def prepare(self) -> bool:
        """Make or alter the table if its definition is another one; returns whether all of it must be written."""
        definition = self._definition()
        own_name = self._sql.Literal(self._table.name)
        self._run("SELECT definition FROM {register} WHERE name = {own_name}", own_name=own_name)
        row = self._cursor.fetchone()
        if row is not None and row[0] == definition and self._exists():
            return False
        is_altered = self._shape(is_ours=row is not None)
        self._comment()
        self._run(
            "INSERT INTO {register} (name, definition) VALUES ({own_name}, {definition})"
            " ON CONFLICT (name) DO UPDATE SET definition = excluded.definition",
            own_name=own_name,
            definition=self._sql.Literal(definition),
        )
        return is_altered

    def _definition(self) -> str:
        described = json.dumps([self._mark, asdict(self._table)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(described.encode()).hexdigest()

    def _exists(self) -> bool:
        return bool(self._columns())

    def _columns(self) -> dict[str, str]:
        """Name and type of every column that the table has now; {} if there is no table."""
        self._cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " JOIN pg_class ON pg_class.oid = attrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE nspname = %s AND relname = %s AND attnum > 0 AND NOT attisdropped",
            [self._schema, self._table.name],
        )
        return dict(self._cursor.fetchall())

    def _shape(self, *, is_ours: bool) -> bool:
        """Bring the columns into the wanted shape; returns whether any was made."""
        wanted = {column.name: _TYPES[column.type] for column in self._table.columns}
        wanted[DELETED_AT] = _TYPES["moment"]
        there = self._columns()
        if not there:
            columns = self._sql.SQL(", ").join(self._column(name, type_) for name, type_ in wanted.items())
            key = self._listed(self._table.key)
            self._run("CREATE TABLE {name} ({columns}, PRIMARY KEY ({key}))", columns=columns, key=key)
            self.is_new = True
            return True
        if not is_ours:
            raise UserError(
                f"Schema «{self._schema}» đã có bảng «{self._table.name}» không do kcdesk lập.",
                code="not_ours",
                hint="Hãy chọn schema khác bằng --schema.",
            )
        gone = [name for name, type_ in there.items() if wanted.get(name) != type_]
        new = [name for name in wanted if name not in there or name in gone]
        for name in gone:
            self._run("ALTER TABLE {name} DROP COLUMN {column}", column=self._sql.Identifier(name))
        for name in new:
            self._run("ALTER TABLE {name} ADD COLUMN {column}", column=self._column(name, wanted[name]))
        return bool(new)

    def _column(self, name: str, type_: str) -> Composable:
        column: Composable = self._sql.SQL("{} {}").format(self._sql.Identifier(name), self._sql.SQL(type_))
        return column

    def _comment(self) -> None:
        """Write all comments at once: there are a thousand."""
        about = self._sql.Literal(f"{self._mark}{self._table.label}.")
        comments = {column.name: column.comment for column in self._table.columns} | {DELETED_AT: _DELETED_COMMENT}
        statements = [self._composed("COMMENT ON TABLE {name} IS {about}", about=about)]
        for name, comment in comments.items():
            column = self._sql.Identifier(self._schema, self._table.name, name)
            text = self._sql.Literal(comment)
            statements.append(self._composed("COMMENT ON COLUMN {column} IS {text}", column=column, text=text))
        self._cursor.execute(self._sql.SQL("; ").join(statements))

    # -- its lines ---------------------------------------------------------------------------------------------

    def fill(
        self, lines: Iterable[Sequence[Any]], records: Sequence[str], deleted: Mapping[str, str], *, everything: bool
    ) -> tuple[int, int]:
        """Write the present lines of some records, and mark those that are gone; returns the numbers of both.

        `records` are the ids whose lines are given, `deleted` those that are deleted with their moment; with
        `everything` every line that is not given is gone.
        """
        self._run("CREATE TEMPORARY TABLE incoming (LIKE {name}) ON COMMIT DROP")
        self._run("CREATE TEMPORARY TABLE changed (id text PRIMARY KEY, moment timestamptz) ON COMMIT DROP")
        self._copy("COPY incoming ({columns}) FROM STDIN", lines)
        self._copy("COPY changed (id, moment) FROM STDIN", ((id_, deleted.get(id_)) for id_ in records))
        self._run("ANALYZE incoming")
        marked = self._mark_gone(everything=everything)
        written = self._write()
        self._run("DROP TABLE incoming, changed")
        return written, marked

    def _copy(self, statement: str, lines: Iterable[Sequence[Any]]) -> None:
        columns = self._listed(self._table.names)
        with self._cursor.copy(self._sql.SQL(statement).format(columns=columns)) as copy:
            for line in lines:
                copy.write_row(line)

    def _write(self) -> int:
        others = [name for name in self._table.names if name not in self._table.key]
        sets = [self._sql.SQL("{0} = excluded.{0}").format(self._sql.Identifier(name)) for name in others]
        sets.append(self._sql.SQL("deleted_at = NULL"))
        self._run(
            "INSERT INTO {name} ({columns}) SELECT DISTINCT ON ({key}) {columns} FROM incoming"
            " ON CONFLICT ({key}) DO UPDATE SET {sets}",
            columns=self._listed(self._table.names),
            key=self._listed(self._table.key),
            sets=self._sql.SQL(", ").join(sets),
        )
        return int(self._cursor.rowcount)

    def _mark_gone(self, *, everything: bool) -> int:
        same = [self._sql.SQL("incoming.{0} = kept.{0}").format(self._sql.Identifier(name)) for name in self._table.key]
        record = self._sql.SQL("kept.{}").format(self._sql.Identifier(self._table.record))
        only = self._sql.SQL("" if everything else "AND {} IN (SELECT id FROM changed)").format(record)
        self._run(
            "UPDATE {name} AS kept SET deleted_at = coalesce((SELECT moment FROM changed WHERE id = {record}), now())"
            " WHERE kept.deleted_at IS NULL {only} AND NOT EXISTS (SELECT 1 FROM incoming WHERE {same})",
            record=record,
            only=only,
            same=self._sql.SQL(" AND ").join(same),
        )
        return int(self._cursor.rowcount)

    # -- statements --------------------------------------------------------------------------------------------

    def _listed(self, names: Iterable[str]) -> Composable:
        listed: Composable = self._sql.SQL(", ").join(map(self._sql.Identifier, names))
        return listed

    def _run(self, statement: str, **parts: Any) -> None:
        """Run a statement; its values are parts too, because a name may hold a «%»."""
        self._cursor.execute(self._composed(statement, **parts))

    def _composed(self, statement: str, **parts: Any) -> Any:
        register = self._sql.Identifier(self._schema, REGISTER)
        return self._sql.SQL(statement).format(name=self._name, register=register, **parts)
