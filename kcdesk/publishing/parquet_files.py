"""A publication as a folder of Parquet files: `<table>/year=…/province=…/part.parquet`, and `schema.json`.

The files are made in a folder of their own inside and moved when all are there. `schema.json` goes first and comes
last: a folder without it is not complete.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kcdesk import __version__, given_files, placing
from kcdesk.errors import KnownError, UserError
from kcdesk.publishing.extra import extra_library
from kcdesk.publishing.partitions import UNKNOWN, Partition, Partitions, columns_of_files, name_in_files
from kcdesk.publishing.published import Published, PublishedCount
from kcdesk.publishing.published_tables import ColumnType, PublishedTable, published_tables
from kcdesk.publishing.typed_values import LineConverter, Misfits
from kcdesk.store.reader import Reader

SCHEMA = "schema.json"
_FORMAT = "kcdesk-publication"
_VERSION = 1
_MAKING = ".kcdesk-dang-ghi"  # the folder in which the files are made
_PART = "part.parquet"
_AT_ONCE = 5_000  # records whose lines are in memory
_TYPES: Mapping[ColumnType, str] = {
    "text": "string",
    "integer": "int64",
    "real": "float64",
    "boolean": "bool_",
    "date": "date32",
    "json": "string",
}


def publish_files(reader: Reader, folder: Path, *, at: str, personal: bool) -> Published:
    """Write every table into `folder`, in place of an earlier publication; UserError `not_ours` for other folders."""
    libraries = _Libraries()
    _refuse_other_folder(folder)
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / _MAKING
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        try:
            published = _Files(reader, made, libraries, personal).write(at)
            _move(made, folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return published


class _Libraries:
    """pyarrow and its writer of Parquet files."""

    def __init__(self) -> None:
        self.arrow, self.parquet = extra_library("pyarrow"), extra_library("pyarrow.parquet")

    def schema(self, table: PublishedTable) -> Any:
        """The columns of a file; their comments stand in `schema.json`, once instead of in thousands of files."""
        return self.arrow.schema(
            [(name_in_files(table, column.name), self._type(column.type)) for column in table.columns]
        )

    def _type(self, type_: ColumnType) -> Any:
        return self.arrow.timestamp("ms", tz="UTC") if type_ == "moment" else getattr(self.arrow, _TYPES[type_])()


class _Files:
    """Writes the files of one publication."""

    def __init__(self, reader: Reader, folder: Path, libraries: _Libraries, personal: bool) -> None:
        self._reader, self._folder, self._libraries, self._personal = reader, folder, libraries, personal
        self._partitions, self._misfits = Partitions(reader), Misfits()

    def write(self, at: str) -> Published:
        """Write all tables, then the schema."""
        tables = published_tables(self._reader, personal=self._personal)
        by_kind: dict[str, list[Partition]] = {}
        counts = []
        for table in tables:
            if table.kind not in by_kind:
                by_kind = {table.kind: self._partitions.of(table.kind)}
            counts.append(PublishedCount(table.name, self._table(table, by_kind[table.kind])))
        published = Published(
            tables=tuple(counts), personal=self._personal, full=True, notes=tuple(self._misfits.sentences())
        )
        schema = _schema(self._reader, tables, self._partitions, published, at)
        (self._folder / SCHEMA).write_text(json.dumps(schema, ensure_ascii=False, indent=1), encoding="utf-8")
        return published

    def _table(self, table: PublishedTable, partitions: Iterable[Partition]) -> int:
        """Write the files of a table; returns the number of its lines. A table without lines has one empty file."""
        in_files = columns_of_files(table)
        schema, convert = self._libraries.schema(in_files), LineConverter(in_files, self._misfits)
        written = 0
        for partition in partitions:
            written += self._file(in_files, schema, partition.folder, self._batches(in_files, convert, partition.ids))
        if not written:
            self._file(in_files, schema, Partition().folder, iter([[]]))
        return written

    def _batches(
        self, table: PublishedTable, convert: LineConverter, ids: Sequence[str]
    ) -> Iterator[list[tuple[Any, ...]]]:
        for start in range(0, len(ids), _AT_ONCE):
            lines = self._reader.publications.lines(
                table.name, table.names, table.record, ids[start : start + _AT_ONCE]
            )
            if batch := [line for line in map(convert, lines) if line is not None]:
                yield batch

    def _file(self, table: PublishedTable, schema: Any, inside: str, batches: Iterator[list[tuple[Any, ...]]]) -> int:
        """Write one file, if there is a line; returns the number of lines, as the file itself counts them."""
        path, writer = self._folder / table.name / inside / _PART, None
        try:
            for batch in batches:
                if writer is None:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    writer = self._libraries.parquet.ParquetWriter(path, schema, compression="zstd", store_schema=False)
                columns = list(zip(*batch, strict=True)) or [() for _ in table.columns]
                arrays = [
                    self._libraries.arrow.array(values, kind.type) for values, kind in zip(columns, schema, strict=True)
                ]
                writer.write_table(self._libraries.arrow.Table.from_arrays(arrays, schema=schema))
        finally:
            if writer is not None:
                writer.close()
        return int(self._libraries.parquet.read_metadata(path).num_rows) if writer is not None else 0


def _schema(
    reader: Reader, tables: Iterable[PublishedTable], partitions: Partitions, published: Published, at: str
) -> dict[str, Any]:
    unit = reader.identity.unit
    lines = {count.table: count.lines for count in published.tables}
    return {
        "format": _FORMAT,
        "version": _VERSION,
        "program": __version__,
        "at": at,
        "unit": {"name": unit.name, "code": unit.code, "level": unit.level},
        "practice": reader.identity.practice,
        "personal": published.personal,
        "partitions": [
            {"name": "year", "type": "integer", "label": "Năm", "unknown": UNKNOWN},
            {"name": "province", "type": "text", "label": "Tỉnh, thành phố", "unknown": UNKNOWN},
        ],
        "provinces": partitions.provinces(),
        "tables": [_described(table, lines[table.name]) for table in tables],
    }


def _described(table: PublishedTable, lines: int) -> dict[str, Any]:
    return {
        "name": table.name,
        "kind": table.kind,
        "label": table.label,
        "key": list(table.key),
        "lines": lines,
        "columns": [
            {
                "name": name_in_files(table, column.name),
                "type": column.type,
                "label": column.label,
                "unit": column.unit,
                "comment": column.comment,
                "source": column.source,
                "choices": dict(column.choices),
                "references": column.target,
                "personal": column.personal,
            }
            for column in table.columns
        ],
    }


# -- the folder ----------------------------------------------------------------------------------------------------


def _refuse_other_folder(folder: Path) -> None:
    given_files.refuse_odd_place(folder)
    if folder.exists() and not folder.is_dir():
        raise UserError(f"«{folder.name}» là một tệp, không phải thư mục.", code="not_a_file", hint="Hãy chọn thư mục.")
    if not folder.is_dir() or not any(path.name != _MAKING for path in folder.iterdir()):
        return
    if not _is_ours(folder):
        raise UserError(
            f"Thư mục «{folder.name}» đã có tệp khác, không phải do lệnh công bố ghi.",
            code="not_ours",
            hint="Hãy chọn một thư mục trống hoặc thư mục của lần công bố trước.",
        )


def _is_ours(folder: Path) -> bool:
    """Whether a publication was written here, even one that was interrupted while it was moved."""
    return (folder / _MAKING).is_dir() or _earlier_schema(folder).get("format") == _FORMAT


def _earlier_schema(folder: Path) -> dict[str, Any]:
    try:
        schema = json.loads((folder / SCHEMA).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return schema if isinstance(schema, dict) else {}


def _move(made: Path, folder: Path) -> None:
    """Put the new files in place of the old ones; until the new schema is there, last, the schema names no table."""
    earlier = [folder / name for name in _table_names(_earlier_schema(folder))]
    empty = {"format": _FORMAT, "tables": []}
    placing.save(json.dumps(empty).encode(), folder / SCHEMA)
    for place in earlier:
        if place.is_dir():
            shutil.rmtree(place)
    for path in sorted(made.iterdir(), key=lambda path: path.name == SCHEMA):
        place = folder / path.name
        if place.is_dir():
            shutil.rmtree(place)
        path.replace(place)
    placing.Disk().sync_folder(folder)


def _table_names(schema: dict[str, Any]) -> list[str]:
    """The tables of an earlier publication, as far as their names are names and not paths."""
    tables = schema.get("tables")
    entries = [entry for entry in tables if isinstance(entry, dict)] if isinstance(tables, list) else []
    return [name for name in (str(entry.get("name")) for entry in entries) if name.isidentifier()]


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses into a sentence; the folder still holds the earlier publication or none."""
    try:
        with placing.explained(folder):
            yield
    except KnownError as error:
        raise KnownError(f"{error.message} Lần công bố này chưa xong.", code=error.code, hint=error.hint) from error
