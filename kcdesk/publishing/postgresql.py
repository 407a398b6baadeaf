"""A publication as tables of PostgreSQL: in one transaction, and only what has changed since the last one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kcdesk import __version__
from kcdesk.errors import UserError
from kcdesk.publishing.extra import extra_library
from kcdesk.publishing.postgresql_errors import server_errors
from kcdesk.publishing.postgresql_tables import REGISTER, ServerTable
from kcdesk.publishing.published import Published, PublishedCount
from kcdesk.publishing.published_tables import PublishedTable, published_tables
from kcdesk.publishing.server_connection import server_connection
from kcdesk.publishing.targets import ServerTarget
from kcdesk.publishing.typed_values import LineConverter, Misfits
from kcdesk.runtime.frozen import Value, replace
from kcdesk.store.handover.publications import Position
from kcdesk.store.reader import Reader

SCHEMA, PRACTICE_SCHEMA = "kcdesk", "kcdesk_practice"
PUBLICATIONS = "_kcdesk_publication"
_PRACTICE = "KHO THỰC HÀNH, số liệu không thật. "
_LONGEST = 63  # bytes of a name in PostgreSQL, which would cut it
_AT_ONCE = 2_000  # records whose lines are in memory
_LOCK_SECONDS = 10
_LOCAL = ("localhost", "127.0.0.1", "::1", "")
_BOOKS = """
CREATE TABLE IF NOT EXISTS {publications} (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  store text NOT NULL,
  unit text NOT NULL,
  practice boolean NOT NULL,
  personal boolean NOT NULL,
  everything boolean NOT NULL,
  lines bigint NOT NULL,
  deleted bigint NOT NULL,
  program text NOT NULL,
  history_line bigint NOT NULL,
  history_hash text NOT NULL,
  stamps jsonb NOT NULL
);
CREATE TABLE IF NOT EXISTS {register} (name text PRIMARY KEY, definition text NOT NULL)
"""


class ServerOrder(Value, kw_only=True):
    """What is wanted of a publication to a server; `schema` "" is the usual one, `full` writes everything again."""

    personal: bool = False
    schema: str = ""
    full: bool = False


def publish_tables(reader: Reader, target: ServerTarget, order: ServerOrder) -> Published:
    """Write what has changed since the last publication there; any failure leaves the server as it was.

    UserError and KnownError say what the server refuses.
    """
    schema = order.schema or schema_of(reader)
    if len(schema.encode()) > _LONGEST or "\0" in schema:
        raise UserError("Tên schema dài quá.", code="bad_schema", hint=f"Hãy chọn tên ngắn hơn {_LONGEST} byte.")
    with server_connection(target) as connection, server_errors(target.shown), connection:
        notes = _transport_notes(connection, target, order)
        published = _ServerPublication(reader, connection.cursor(), schema, order).write()
    return replace(published, notes=(*published.notes, *notes))


def schema_of(reader: Reader) -> str:
    """The usual schema of a store: practice and real figures never meet in one."""
    return PRACTICE_SCHEMA if reader.identity.practice else SCHEMA


def _transport_notes(connection: Any, target: ServerTarget, order: ServerOrder) -> tuple[str, ...]:
    """Refuse personal values on a line without encryption; other values get a note."""
    host = str(connection.info.host or "")
    if connection.pgconn.ssl_in_use or host.startswith("/") or host in _LOCAL:
        return ()
    if order.personal:
        raise UserError(
            f"Đường truyền tới {target.shown} không được mã hoá; dữ liệu cá nhân không gửi qua đó.",
            code="not_encrypted",
            hint="Hãy bật TLS trên máy chủ và thêm ?sslmode=verify-full vào địa chỉ.",
        )
    return (f"Đường truyền tới {target.shown} không được mã hoá; nên bật TLS trên máy chủ.",)


class _ServerPublication:
    """One publication within its transaction."""

    def __init__(self, reader: Reader, cursor: Any, schema: str, order: ServerOrder) -> None:
        self._reader, self._cursor, self._schema, self._order = reader, cursor, schema, order
        self._sql: Any = extra_library("psycopg.sql")
        self._misfits = Misfits()
        self._mark = _PRACTICE if reader.identity.practice else ""

    def write(self) -> Published:
        """Write all tables and the line of this publication."""
        self._refuse_unfit_server()
        self._run(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
        self._run("SELECT pg_advisory_xact_lock(hashtext({name}))", name=self._sql.Literal(f"kcdesk {self._schema}"))
        self._make_books()
        since = self._last_position()
        position = self._reader.publications.position()
        changed = self._reader.publications.changed_since(since) if since else []
        counts = [
            self._table(table, None if since is None else changed)
            for table in published_tables(self._reader, personal=self._order.personal)
        ]
        published = Published(
            tables=tuple(counts),
            personal=self._order.personal,
            full=since is None,
            notes=tuple(self._misfits.sentences()),
        )
        self._enter(published, position)
        return published

    def _table(self, table: PublishedTable, changed: Sequence[str] | None) -> PublishedCount:
        """Write one table: the lines of the records that have changed, or all if `changed` is None or it is new."""
        server_table = ServerTable(self._cursor, self._schema, table, self._mark)
        everything = server_table.prepare() or changed is None
        publications = self._reader.publications
        ids = publications.ids(table.kind) if everything else publications.of_kind(table.kind, changed or ())
        if not ids and (server_table.is_new or not everything):
            return PublishedCount(table.name, 0)
        deleted = publications.deleted(ids)
        written, marked = server_table.fill(self._lines(table, ids), ids, deleted, everything=everything)
        return PublishedCount(table.name, written, marked)

    def _lines(self, table: PublishedTable, ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        convert = LineConverter(table, self._misfits)
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            lines = map(convert, self._reader.publications.lines(table.name, table.names, table.record, some))
            yield from (line for line in lines if line is not None)

    # -- the books of the server -------------------------------------------------------------------------------

    def _refuse_unfit_server(self) -> None:
        encoding = self._cursor.connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise UserError(
                f"Kho trên máy chủ này dùng bảng mã {encoding}, không giữ được chữ Việt.",
                code="bad_encoding",
                hint="Hãy nhờ người quản trị lập kho trên máy chủ với ENCODING 'UTF8'.",
            )

    def _make_books(self) -> None:
        """Make the schema and its two books if they are missing; the right to make schemas is asked only then."""
        self._cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [self._schema])
        if self._cursor.fetchone() is None:
            self._run("CREATE SCHEMA {schema}")
            text = f"{self._mark}Số liệu khuyến công do kcdesk công bố."
            self._run("COMMENT ON SCHEMA {schema} IS {text}", text=self._sql.Literal(text))
        self._cursor.execute(
            "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE nspname = %s AND relname IN (%s, %s)",
            [self._schema, PUBLICATIONS, REGISTER],
        )
        if self._cursor.fetchone()[0] < 2:
            for statement in _BOOKS.split(";"):
                self._run(statement)

    def _last_position(self) -> Position | None:
        """How far the store had come at the last publication here; None if everything must be written."""
        self._run("SELECT store, history_line, history_hash, stamps FROM {publications} ORDER BY number DESC LIMIT 1")
        row = self._cursor.fetchone()
        if row is None:
            return None
        store, line, hash_, stamps = row
        if store != self._reader.identity.store_id:
            raise UserError(
                f"Schema «{self._schema}» đang giữ số liệu của một kho khác.",
                code="other_store",
                hint="Hãy chọn schema khác bằng --schema.",
            )
        position = Position(line, hash_, stamps)
        return None if self._order.full or not self._reader.publications.includes(position) else position

    def _enter(self, published: Published, position: Position) -> None:
        identity = self._reader.identity
        entry: Mapping[str, Any] = {
            "store": identity.store_id,
            "unit": f"{identity.unit.name} ({identity.unit.code})",
            "practice": identity.practice,
            "personal": published.personal,
            "everything": published.full,
            "lines": published.lines,
            "deleted": published.deleted,
            "program": __version__,
            "history_line": position.line,
            "history_hash": position.hash,
            "stamps": json.dumps(dict(position.stamps)),
        }
        columns = self._sql.SQL(", ").join(map(self._sql.Identifier, entry))
        values = self._sql.SQL(", ").join(map(self._sql.Literal, entry.values()))
        self._run("INSERT INTO {publications} ({columns}) VALUES ({values})", columns=columns, values=values)

    def _run(self, statement: str, **parts: Any) -> None:
        self._cursor.execute(self._composed(statement, **parts))

    def _composed(self, statement: str, **parts: Any) -> Any:
        """A statement with its names and values: as parts, because a name may hold a «%»."""
        names = {
            "schema": self._sql.Identifier(self._schema),
            "publications": self._sql.Identifier(self._schema, PUBLICATIONS),
            "register": self._sql.Identifier(self._schema, REGISTER),
        }
        return self._sql.SQL(statement).format(**names, **parts)
