"""Access to SQLite: the driver, the key, the pragmas, and SQLite's errors as sentences. All SQL goes through here.

`sqlite_utils` is used and imported for migrations only: its import takes a quarter of a second, as long as an empty
window takes to open. So an existing store is opened with the driver itself.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from kcdesk import given_files, paths, placing, text
from kcdesk.errors import KcdeskError, KnownError, UserError
from kcdesk.store.database import frozen_files, strength

APPLICATION_ID = 0x6B636473  # "kcds", in the header of every database of this program
_DAMAGED, _DISK_ERROR, _DAMAGED_INDEX = "damaged_store", "disk_error", "damaged_index"
PAGE_FAULTS = (_DAMAGED, _DISK_ERROR, _DAMAGED_INDEX)  # codes of the errors for pages that cannot be read
# What SQLite says of pages that hold something else; it has no error code for most of it.
_DAMAGE = (
    *("fts5", "vtable constructor failed", "malformed", "no such table", "no such module", "Could not decode"),
    *("unsupported file format", "missing from index", "unknown special query"),
)
_SPOILT = (dbapi2.SQLITE_CORRUPT, dbapi2.SQLITE_NOTADB)
# While it copies a database page by page, the driver passes on SQLite's words without their code.
_CODES_OF_WORDS = {
    "database or disk is full": dbapi2.SQLITE_FULL,
    "disk I/O error": dbapi2.SQLITE_IOERR,
    "attempt to write a readonly database": dbapi2.SQLITE_READONLY,
    "database is locked": dbapi2.SQLITE_BUSY,
}
_PLAIN_HEADER = b"SQLite format 3\0"
_BUSY_MILLISECONDS = 2000
_ASKED_AFTER = 50_000  # steps of SQLite's machine: about a millisecond

# Name, value to set, value expected when read back.
_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("foreign_keys", "ON", 1),
    ("recursive_triggers", "ON", 1),
    ("cell_size_check", "ON", 1),
    ("busy_timeout", str(_BUSY_MILLISECONDS), _BUSY_MILLISECONDS),
    ("cache_size", "-32000", -32000),
)

Parameters = Sequence[object] | dict[str, object]

# Statements that begin, end and undo a block of writes.
_ALONE = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_WITHIN = ("SAVEPOINT block", "RELEASE block", ("ROLLBACK TO block", "RELEASE block"))


def use_sqlcipher() -> None:
    """Make sqlite-utils use the SQLCipher driver: it takes its exception classes from a module named `pysqlite3`."""
    import sqlcipher3  # registered before sqlite-utils is imported

    sys.modules.setdefault("pysqlite3", sqlcipher3)
    sys.modules.setdefault("pysqlite3.dbapi2", dbapi2)


def kept_json(content: object) -> Any:
    """What the program derived and kept as JSON; None if there is nothing, or damage: then it is derived again."""
    try:
        return json.loads(str(content)) if content is not None else None
    except ValueError:
        return None


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: object) -> str:
    """Write a value as canonical JSON (equal values give equal text), to be stored or hashed."""
    return _CANONICAL.encode(value)


def is_plain(path: Path) -> bool:
    """Whether the file is a SQLite file without encryption."""
    with path.open("rb") as file:
        return file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER


class Connection:
    """A connection to a database; SQLite's errors leave it as UserError or KnownError."""

    def __init__(self, path: Path, key: bytes | None, *, read_only: bool = False) -> None:
        self.path, self._key, self._read_only = path, key, read_only
        self._open()

    def reopen(self) -> None:
        """Begin again: after a damaged page the driver refuses everything else on an encrypted database."""
        self.raw.close()
        frozen_files.thaw(self.path)
        self._open()
        self.configure()

    def write_anew(self) -> None:
        """Write the whole database into a new file in its place, without pages that nothing uses any more."""
        beside = self.path.with_name(f"{self.path.name}.anew")
        self.export(beside, self._key)
        self.raw.close()
        with suppress(OSError):  # Windows, while another connection is open: the old file is whole too, only larger
            placing.put_over(beside, self.path)
        self._open()
        self.configure()

    def export(self, target: Path, key: bytes | None) -> None:
        """Write the whole database into a new file, encrypted with `key`; an old file of that name is replaced."""
        target.unlink(missing_ok=True)
        target.touch(mode=0o600)
        named = {name: self.value(f"PRAGMA {name}") for name in ("application_id", "user_version")}
        self.execute("ATTACH DATABASE ? AS anew KEY ?", [str(target), f"x'{key.hex()}'" if key is not None else ""])
        try:
            self.execute(f"PRAGMA anew.synchronous = {strength.current_strength().synchronous}")
            with self.atomic():  # else each table waits for the disk
                self.execute("SELECT sqlcipher_export('anew')").fetchall()
            for name, value in named.items():
                self.execute(f"PRAGMA anew.{name} = {value}")
        finally:
            self.execute("DETACH DATABASE anew")

    def _open(self) -> None:
        path, key, read_only = self.path, self._key, self._read_only
        self.closed = False
        self._is_ours = read_only  # only a store that is open already is read beside
        with translated():
            self.raw = dbapi2.connect(paths.database_address(path), uri=True, isolation_level=None)
        self.raw.row_factory = dbapi2.Row
        try:
            if key is not None:
                self.execute("PRAGMA cipher_log_level = NONE")  # it would write to the terminal
                self.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            self.execute("PRAGMA temp_store = MEMORY")  # sorting and undoing leave nothing on the disk in clear
            self.value("SELECT count(*) FROM sqlite_master")  # the first read fails if the key is wrong
            self.execute(f"PRAGMA synchronous = {strength.current_strength().synchronous}")
            if read_only:
                self.execute("PRAGMA query_only = ON")
        except BaseException:
            self.raw.close()
            raise
        self.raw.create_function("sort_key", 1, _sort_key, deterministic=True)
        self.raw.create_function("has_words", 2, _has_words, deterministic=True)

    @classmethod
    def create(cls, path: Path, key: bytes | None) -> Connection:
        """Make a new empty database with our application id; an old file of that name is replaced."""
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.touch(mode=0o600)  # SQLite gives its logs the same rights
        connection = cls(path, key)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        return connection

    def configure(self) -> None:
        """Set the pragmas and read them back; KnownError `unsafe_folder` if the folder cannot keep data safely."""
        synchronous = strength.current_strength().synchronous
        for name, wanted, expected in (*_PRAGMAS, ("synchronous", str(synchronous), synchronous)):
            self.execute(f"PRAGMA {name} = {wanted}")
            if self.value(f"PRAGMA {name}") != expected:
                raise KnownError(
                    "Thư mục này không giữ được dữ liệu an toàn (có thể là ổ mạng).",
                    code="unsafe_folder",
                    hint="Hãy đặt kho dữ liệu trên ổ đĩa của máy.",
                )
        self._is_ours = True

    def execute(self, sql: str, parameters: Parameters = ()) -> Any:
        """Run one statement; returns the driver's cursor."""
        with self._translated(sql):
            return self.raw.execute(sql, parameters)

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of parameters."""
        with self._translated(sql):
            self.raw.executemany(sql, rows)

    def all(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """Every row."""
        with self._translated(sql):
            return list(self.raw.execute(sql, parameters).fetchall())

    def read_through(self, sql: str) -> None:
        """Read every row and keep none: damaged pages are found so."""
        with self._translated(sql):
            for _ in self.raw.execute(sql):
                pass

    def first(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first row, or None."""
        with self._translated(sql):
            return self.raw.execute(sql, parameters).fetchone()

    def analyze(self) -> None:
        """Update the statistics by which SQLite plans its queries."""
        self.execute("PRAGMA analysis_limit = 1000")
        self.execute("ANALYZE")

    def until(self, goes_on: Callable[[], bool], sql: str) -> Any:
        """The first column of the first row; None if `goes_on`, asked again and again, says no before there is one."""
        self.raw.set_progress_handler(lambda: not goes_on(), _ASKED_AFTER)
        try:
            return self.value(sql)
        except dbapi2.OperationalError:
            if goes_on():
                raise
            return None
        finally:
            self.raw.set_progress_handler(None, 0)

    @contextmanager
    def watched(self, report: Callable[[], object]) -> Iterator[None]:
        """Call `report` again and again while statements run; what it raises ends them and leaves the block."""
        raised: list[BaseException] = []

        def ask() -> bool:
            try:
                report()
            except BaseException as error:  # raised again below: SQLite only knows that it has to end
                raised.append(error)
            return bool(raised)

        self.raw.set_progress_handler(ask, _ASKED_AFTER)
        try:
            yield
        except dbapi2.OperationalError:
            if raised:
                raise raised[0] from None
            raise
        finally:
            self.raw.set_progress_handler(None, 0)

    @property
    def is_frozen(self) -> bool:
        """Whether a connection of this process has met damaged pages in the database since it was opened."""
        return frozen_files.is_known(self.path)

    def freeze(self) -> None:
        """Let nothing be written any more, because pages are damaged: each writing is refused with a sentence."""
        frozen_files.note(self.path)
        with suppress(dbapi2.Error):
            self.raw.execute("PRAGMA query_only = ON")

    @contextmanager
    def _translated(self, sql: str) -> Iterator[None]:
        """As `translated`; damage is noted, so that the next opening looks whether only an index is torn."""
        try:
            with translated():
                yield
        except KcdeskError as error:
            if self.is_frozen and error.code == read_only().code:
                raise frozen_files.frozen() from error
            if error.code not in (_DAMAGED, _DISK_ERROR):
                raise
            if self._is_ours:
                with suppress(OSError):
                    damage_mark(self.path).touch()
            if any(name in sql for name in ("record_search", "record_word")):
                raise _damaged_index() from error
            if self._is_ours and getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF in _SPOILT:
                self.freeze()
            raise

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.first(sql, parameters)
        return row[0] if row is not None else None

    @property
    def is_within(self) -> bool:
        """Whether a transaction runs."""
        return bool(self.raw.in_transaction)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Run the block in one transaction (BEGIN IMMEDIATE), or in the running one; undone on any exception."""
        begin, end, undo = _WITHIN if self.is_within else _ALONE
        self.execute(begin)
        try:
            yield
            self.execute(end)
        except BaseException:
            if self.is_within:  # some faults of the disk end the transaction by themselves
                for statement in undo:
                    self.raw.execute(statement)
            raise

    def close(self) -> None:
        """Close the database; calling it again does nothing."""
        self.closed = True
        self.raw.close()


def _sort_key(value: object) -> object:
    return text.sort_key(value) if isinstance(value, str) else value


def _has_words(value: object, typed: str) -> bool:
    """Whether each typed word begins a word of the value; accents and capitals do not count."""
    words = text.index_words(str(value)) if value is not None else []
    return text.all_begin(text.tokens(typed), words)


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of SQLite and of the disk into UserError or KnownError; no other place reads SQLite's error codes."""
    try:
        yield
    except dbapi2.Error as error:
        known = _meaning(error)
        if known is None:
            raise
        raise known from error
    except (UnicodeDecodeError, MemoryError) as error:  # text on a damaged page; a length that it gives
        raise damaged() from error
    except PermissionError as error:
        raise read_only() from error
    except OSError as error:
        if given_files.is_too_long(error):
            raise given_files.too_long("thư mục dữ liệu") from error
        raise _disk_error(error) from error


def read_only() -> KnownError:
    """The error for a folder that cannot be written."""
    return KnownError(
        "Không ghi được vào thư mục dữ liệu vì thư mục chỉ cho đọc.",
        code="read_only",
        hint="Hãy bỏ chế độ chỉ đọc hoặc chọn thư mục khác.",
    )


def damaged() -> UserError:
    """The error for a store that cannot be read."""
    return UserError(
        "Kho dữ liệu bị hỏng hoặc không phải của kcdesk; chưa có gì bị thay đổi.",
        code=_DAMAGED,
        hint="Hãy khôi phục từ bản sao lưu gần nhất.",
    )


def damage_mark(database: Path) -> Path:
    """The file beside a store that says that a statement failed because of damaged pages."""
    return database.with_name(f"{database.name}-damaged")


def _damaged_index() -> UserError:
    return UserError(
        "Chỉ mục tìm kiếm của kho bị hỏng; hồ sơ vẫn còn nguyên.",
        code=_DAMAGED_INDEX,
        hint="Hãy đóng rồi mở lại kho: chỉ mục được dựng lại từ hồ sơ.",
    )


def _is_damage(error: BaseException) -> bool:
    """Whether an error without a code of its own comes from damaged pages, not from a wrong statement."""
    return any(words in str(error) for words in _DAMAGE)


def _meaning(error: Any) -> KcdeskError | None:
    """The error for an error code of SQLite; None if the code means a bug of this program."""
    code = (getattr(error, "sqlite_errorcode", 0) or _CODES_OF_WORDS.get(str(error), 0)) & 0xFF
    if code in (dbapi2.SQLITE_READONLY, dbapi2.SQLITE_CANTOPEN, dbapi2.SQLITE_PERM):
        return read_only()
    if code in (dbapi2.SQLITE_CORRUPT, dbapi2.SQLITE_NOTADB):
        return damaged()
    if code == dbapi2.SQLITE_FULL:
        return _disk_full()
    if code in (dbapi2.SQLITE_BUSY, dbapi2.SQLITE_LOCKED):
        return KnownError(
            "Kho dữ liệu đang bận vì một chương trình khác đang ghi.",
            code="busy",
            hint="Hãy đóng chương trình đó rồi thử lại.",
        )
    if code != dbapi2.SQLITE_IOERR and _is_damage(error):
        return damaged()
    return _disk_error(error) if code == dbapi2.SQLITE_IOERR else None


def _disk_full() -> KnownError:
    return KnownError(
        "Ổ đĩa đã đầy nên chưa lưu được thay đổi vừa rồi.",
        code="disk_full",
        hint="Hãy giải phóng dung lượng rồi thử lại.",
    )


def _disk_error(error: object) -> KnownError:
    if getattr(error, "errno", None) == 28:  # ENOSPC, the same number on every system
        return _disk_full()
    return KnownError(
        "Không đọc hoặc ghi được ổ đĩa chứa kho dữ liệu.",
        code=_DISK_ERROR,
        hint="Hãy kiểm tra ổ đĩa hoặc thẻ nhớ rồi thử lại.",
    )
