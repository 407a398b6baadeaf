"""The year and the province of every record: the folders of a publication as files.

The year is the one that the record says itself; else that of the record to which it belongs; else the year in which
it was made. The province is that of its place; else that of the place of the record to which it belongs; else that of
its office. Provinces are written as words without accents («tinh_lang_son»), because programs read «01» as a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.types.registry import type_of
from kcdesk.publishing.published_tables import PublishedTable
from kcdesk.runtime.frozen import Value, names, replace
from kcdesk.store.database import views
from kcdesk.store.reader import Reader

UNKNOWN = "__HIVE_DEFAULT_PARTITION__"  # what every reader of such folders takes for NULL


class Partition(Value, order=True):
    """One folder: the values of `NAMES`, each UNKNOWN if there is none."""

    year: str = UNKNOWN
    province: str = UNKNOWN
    ids: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The folder below that of the table."""
        return f"year={self.year}/province={self.province}"


NAMES = tuple(name for name in names(Partition) if name != "ids")  # of the folders


class Partitions:
    """Divides the records of a store."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self._forms = reader, reader.forms
        self._places = self._forms.places
        self._slugs = {province.code: slug(province.name) for province in self._places.provinces}
        self._of_units = dict(self._offices())

    def provinces(self) -> list[dict[str, str]]:
        """Code, name and the word of the folder of every province."""
        return [
            {"value": self._slugs[province.code], "code": province.code, "name": province.name}
            for province in self._places.provinces
        ]

    def of(self, kind: str) -> list[Partition]:
        """The partitions of a kind, in order, each with the ids of its records."""
        divided = sorted((self._place(row), str(row["id"])) for row in self._reader.query(self._sql(kind)))
        return [
            Partition(year, province, tuple(id_ for _, id_ in members))
            for (year, province), members in groupby(divided, key=lambda pair: pair[0])
        ]

    def _place(self, row: dict[str, Any]) -> tuple[str, str]:
        year = next((row[name] for name in ("own_year", "parent_year", "made_in") if row[name] is not None), None)
        communes = (row["own_place"], row["parent_place"])
        province = next(filter(None, map(self._province, communes)), "") or self._of_units.get(row["unit"], "")
        return str(year) if isinstance(year, int) else UNKNOWN, province or UNKNOWN

    def _province(self, commune: object) -> str:
        try:
            return self._slugs[self._places.commune(str(commune)).province_code] if commune else ""
        except UserError:
            return ""

    def _offices(self) -> Iterator[tuple[str, str]]:
        """Offices and their provinces: those that are registered with a place, and the one of this store."""
        for row in self._reader.query('SELECT code, place FROM "office" WHERE code IS NOT NULL'):
            if province := self._province(row["place"]):
                yield row["code"], province
        unit = self._reader.identity.unit
        yield unit.code, self._slugs.get(unit.province, "")

    def _sql(self, kind: str) -> str:
        """Every record of a kind with what its year and its province follow from."""
        above = self._parent(kind)
        has_year = self._has(kind, "year")
        columns = {
            "own_year": self._column("own", kind, "year"),
            "parent_year": "NULL" if has_year else self._column("above", above, "year"),
            "made_in": "NULL" if has_year else "CAST(substr(own.created, 1, 4) AS INTEGER)",
            "own_place": self._column("own", kind, self._place_field(kind)),
            "parent_place": self._column("above", above, self._place_field(above)),
        }
        listed = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
        join = f' LEFT JOIN "{above}" AS above ON above.id = own.parent' if above else ""
        return f'SELECT own.id, own.unit, {listed} FROM "{kind}" AS own{join}'

    def _parent(self, kind: str) -> str:
        """The kind to which records of a kind belong; "" for none."""
        form = self._forms.current(kind)
        return form.field(form.parent).target if form.parent else ""

    def _has(self, kind: str, name: str) -> bool:
        return bool(kind) and name in views.kind_fields(self._forms, kind)

    def _column(self, alias: str, kind: str, name: str) -> str:
        return f'{alias}."{name}"' if name and self._has(kind, name) else "NULL"

    def _place_field(self, kind: str) -> str:
        """The first field of a kind that holds a place; "" for none."""
        named = views.kind_fields(self._forms, kind).items() if kind else ()
        return next((name for name, field_ in named if type_of(field_).is_place), "")


def columns_of_files(table: PublishedTable) -> PublishedTable:
    """The table as its files have it: the year and the province of a record are said by the folder alone."""
    if len(table.key) > 1:
        return table
    return replace(table, columns=tuple(column for column in table.columns if column.name not in NAMES))


def name_in_files(table: PublishedTable, column: str) -> str:
    """The name of a column in the files: a line's own year is not that of the folder, which is the record's."""
    return f"line_{column}" if column in NAMES and len(table.key) > 1 else column


def slug(name: str) -> str:
    """A name as one word of small letters without accents: «Tỉnh Lạng Sơn» is «tinh_lang_son»."""
    return "_".join(text.tokens(name))
