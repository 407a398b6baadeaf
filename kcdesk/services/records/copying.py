"""Copy values from a dossier to another without overwriting anything, and note where each number comes from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from kcdesk.formdef.derivations.amounts import Amount, cell_of
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row
from kcdesk.runtime.frozen import Value
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace

RowValues = Mapping[str, Any]

SITES, _SITE = "sites", "site"  # the table of sites, and the column of other tables that names one of them
_OF_ROWS = frozenset(("id", "position"))


class Taken(Value):
    """A value that is taken over, with the tree of where it comes from."""

    value: Any
    origin: Derivation


class TrialRecord(Record):
    """A copy of a record that is filled in to see what it would be filled in with; nobody stores it.

    `origins` has the tree of every number that was filled in, by path.
    """

    def __init__(self, record: Record, without: str) -> None:
        data = {name: value for name, value in record.data.items() if name != without}
        super().__init__(record.id, record.kind, record.form, data, forms=record.forms, parent=record.parent)
        self.origins: dict[str, Derivation] = {}


def taken(source: Record, path: str) -> Taken | None:
    """The value of another dossier, with its cell as origin; None where it is empty."""
    value = source.value(path)
    return None if value is None else Taken(value, cell_of(source, path))


def copy_rows(
    record: Record,
    table: str,
    source: Record,
    source_table: str,
    columns: Mapping[str, str],
    wanted: Callable[[RowValues], bool] = bool,
) -> None:
    """Copy the wanted rows of another dossier into an empty table; `columns` maps new column ← source column.

    A version of a form that has no such table yet gives and gets nothing.
    """
    if table not in record.form.by_name or source_table not in source.form.by_name or record.value(table):
        return
    for row in filter(wanted, source.rows(source_table)):
        path = f"{source_table}/{row['id']}"
        add_row(record, table, {to: taken(source, f"{path}/{from_}") for to, from_ in columns.items()})


def shared_rows(record: Record, table: str, rows: Iterable[Row]) -> list[Row]:
    """Rows of another dossier under their ids, with the cells that a table of the record keeps, not computed ones."""
    kept = typed_columns(record, table) | _OF_ROWS
    return [{name: cell for name, cell in row.items() if name in kept} for row in rows]


def typed_columns(record: Record, table: str) -> set[str]:
    """The names of the columns of a table that are not computed; none for a field that is no table."""
    return {column.name for column in record.field(table).columns if not column.computed}


def sites_to_copy(source: Record, owner: str | None = None) -> list[Row]:
    """The sites whose rows name them, of an owner only his if he has any; [] for a record whose rows name no sites."""
    if SITES not in source.form.by_name or not source.is_visible(SITES) or not shows_site(source, "budget"):
        return []
    rows = source.rows(SITES)
    own = [row for row in rows if owner and row.get("beneficiary") == owner]
    return own or rows


def shows_site(record: Record, table: str) -> bool:
    """Whether rows of a table can say at which site they are."""
    has_column = any(column.name == _SITE for column in record.field(table).columns)
    return has_column and record.is_visible(f"{table}//{_SITE}")


def copy_sites(record: Record, sites: Collection[Row]) -> None:
    """Copy sites under their own ids, so that rows copied after them may name them; typed sites stay."""
    if sites and SITES in record.form.by_name and not record.value(SITES):
        record.set(SITES, shared_rows(record, SITES, sites))


def with_site(columns: Mapping[str, str], record: Record, table: str, source: Record) -> Mapping[str, str]:
    """The columns to copy, with the site of the row where both records have it."""
    return {**columns, _SITE: _SITE} if shows_site(record, table) and sites_to_copy(source) else columns


def is_at(row: RowValues, sites: Collection[Row]) -> bool:
    """Whether a row names one of the sites."""
    return row.get(_SITE) in {site["id"] for site in sites}


def add_row(record: Record, table: str, values: Mapping[str, Any]) -> None:
    """Add a row with the filled values; of those taken over the origin is noted."""
    row_id, _changes = record.add_row(table, known({name: plain(value) for name, value in values.items()}))
    for name, value in values.items():
        _note(record, f"{table}/{row_id}/{name}", value)


def known(row: RowValues) -> dict[str, Any]:
    """The filled cells of a row."""
    return {name: value for name, value in row.items() if value is not None}


def fill(record: Record, name: str, value: Any) -> None:
    """Fill in a field if it is empty; of a value that is taken over the origin is noted."""
    if value is not None and record.value(name) is None:
        overwrite(record, name, value)


def overwrite(record: Record, name: str, value: Any) -> None:
    """Set a field to a value that always follows other dossiers; its origin is noted."""
    record.set(name, plain(value))
    _note(record, name, value)


def plain(value: Any) -> Any:
    """The value as it is stored, without its origin."""
    if isinstance(value, Taken):
        return value.value
    return int(value) if isinstance(value, Amount) else value


def origins_of(value: Any) -> Iterator[Derivation]:
    """Yield the tree of a value that is taken over or computed; nothing for a plain value."""
    if isinstance(value, Taken):
        yield value.origin
    elif isinstance(value, Amount):
        yield value.derivation


def _note(record: Record, path: str, value: Any) -> None:
    if isinstance(record, TrialRecord):
        for origin in origins_of(value):
            record.origins[path] = origin


def linked(workspace: Workspace, record: Record, name: str) -> Record | None:
    """The dossier that a reference field points to; None if it is empty, or the dossier is not in this store."""
    return _present(workspace, record.value(name))


def linked_title(workspace: Workspace, id_: str | None) -> str | None:
    """The title of a dossier; None without an id, or if it is not in this store."""
    dossier = _present(workspace, id_)
    return dossier.title() if dossier else None


def _present(workspace: Workspace, id_: str | None) -> Record | None:
    stored = next(iter(present(workspace, [id_])), None) if id_ else None
    return stored.record(workspace.forms) if stored else None


def only_id(ids: list[str] | None) -> str | None:
    """The only id of a list; None if there are none or several."""
    return ids[0] if ids and len(ids) == 1 else None
