"""SQL views of each kind and each table of rows, with the names of the fields, and indexes for lists.

Views and indexes are made from the forms, and made again only when the forms change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kcdesk import text
from kcdesk.formdef.loading.loader import Forms
from kcdesk.formdef.model import OF_EVERY_RECORD, Field
from kcdesk.formdef.renames import Renames
from kcdesk.formdef.types.registry import type_of
from kcdesk.store.database.db import Connection, canonical

# Fields by which lists are filtered and reports are grouped.
HOT_FIELDS = ("state", "year", "programme", "activity", "tax_code", "revisit_on")
_ORDERS = ("sort", "created", "updated")
_PREFIXES = ("list!_%", "hot!_%", "day!_%")  # of the indexes made by this module
_OUR_NAMES = " OR ".join(f"name LIKE '{prefix}' ESCAPE '!'" for prefix in _PREFIXES)
_OURS = f"type = 'view' OR (type = 'index' AND ({_OUR_NAMES}))"
_RECORD_COLUMNS = ("id", "parent", "unit", "form", "created", "updated", "deleted")


def refresh(connection: Connection, forms: Forms) -> bool:
    """Make the views and indexes again if the forms have changed; returns whether they had."""
    made, wanted = forms.once("views", lambda: _wanted(forms))
    kept = connection.value("SELECT value FROM setting WHERE name = 'views'")
    if kept is not None and json.loads(kept) == wanted:
        return False
    new = dict(made)
    with connection.atomic():
        for kind, name, sql in connection.all(f"SELECT type, name, sql FROM sqlite_master WHERE {_OURS}"):
            if new.get(name) == sql:
                del new[name]
            else:
                connection.execute(f'DROP {kind} "{name}"')
        for sql in new.values():
            connection.execute(sql)
        connection.execute("INSERT OR REPLACE INTO setting VALUES ('views', ?)", [json.dumps(wanted)])
    return True


def drop_orders(connection: Connection) -> None:
    """Drop the indexes that hold sort keys; `refresh` makes them again."""
    sql = f"SELECT name FROM sqlite_master WHERE type = 'index' AND ({_OUR_NAMES}) AND sql LIKE '%sort%'"
    for (name,) in connection.all(sql):
        connection.execute(f'DROP INDEX "{name}"')
    connection.execute("DELETE FROM setting WHERE name = 'views'")


def _wanted(forms: Forms) -> tuple[dict[str, str], str]:
    """The SQL of the views and indexes of these forms by name, and a hash of it."""
    made = definitions(forms) | indexes(forms)
    return made, hashlib.sha256("\n".join(made.values()).encode()).hexdigest()


def extracted(document: str, names: Sequence[str], part: str = "") -> str:
    """The SQL expression of a field in a JSON document of any version; `names` are all its names, newest first."""
    values = [f"json_extract({document}, '$.{name}{part}')" for name in names]
    return f"coalesce({', '.join(values)})" if len(values) > 1 else values[0]


def rows_in(document: str, names: Sequence[str]) -> str:
    """The arguments of `json_each` for the rows of a table that had these names."""
    return f"{document}, '$.{names[0]}'" if len(names) == 1 else extracted(document, names)


def sort_expression(names: Sequence[str], field: Field | None) -> str:
    """The SQL expression by which a list sorts a column; never NULL, so that a page can start after any record."""
    value = extracted("data", names)
    if field is not None and type_of(field).sorts_as_words:
        return f"coalesce(sort_key({value}), '')"
    is_real = field is not None and type_of(field).sql == "REAL"
    return f"coalesce(CAST({value} AS REAL), '')" if is_real else f"coalesce({value}, '')"


def sort_value(field: Field | None, value: Any) -> object:
    """The value of `sort_expression` for one stored value."""
    if value is None:
        return ""
    if field is not None and type_of(field).sorts_as_words:
        return text.sort_key(value)
    if field is not None and type_of(field).sql == "REAL":
        return float(value)
    return canonical(value) if isinstance(value, dict | list) else value


def list_index(kind: str, order: str) -> str:
    """The name of the index for a list of a kind in an order."""
    return f"list_{kind}_{order}"


def list_orders(forms: Forms, kind: str) -> tuple[str, ...]:
    """The orders that have an index: the sort key, the times, and every column of the list in any version."""
    listed = (forms.renames(kind).newest(name) for form in forms.all if form.id == kind for name in form.list)
    return tuple(dict.fromkeys([*_ORDERS, *listed]))


def indexes(forms: Forms) -> dict[str, str]:
    """The SQL of the indexes by name: for each kind, every order of its list, every hot field and every date.

    No index begins with the column `kind`: SQLite would use it for the view of a kind instead of the index that holds
    the columns of the sums.
    """
    made: dict[str, str] = {}
    for kind in forms.kinds:
        fields, names = kind_fields(forms, kind), forms.renames(kind).names
        orders = {name: sort_expression(names(name), fields.get(name)) for name in list_orders(forms, kind)}
        orders |= {name: name for name in _ORDERS}
        on = {list_index(kind, name): f"{order}, seq" for name, order in orders.items()}
        on |= {
            f"hot_{kind}_{name}": f"{extracted('data', names(name))}, sort, seq"
            for name in HOT_FIELDS
            if name == "state" or name in fields
        }
        for name, indexed in on.items():
            made[name] = f'CREATE INDEX "{name}" ON record ({indexed}) WHERE {living(kind)}'
        made |= _day_indexes(kind, fields, forms.renames(kind))
    return made


def living(kind: str) -> str:
    """The condition of every index of a kind; a query must contain it in this spelling to use the index."""
    return f"kind = '{kind}' AND deleted IS NULL"


def dated(names: Sequence[str]) -> str:
    """The further condition of the indexes of dates: the field, a date or a table with dates, is not empty."""
    return f"{extracted('data', names)} IS NOT NULL"


def _day_indexes(kind: str, fields: Mapping[str, Field], renames: Renames) -> dict[str, str]:
    """Indexes of a date field by date and state, and of the records that have a table with dates by state."""
    made: dict[str, str] = {}
    for name, field in fields.items():
        if type_of(field).is_date:
            on = f"{extracted('data', renames.names(name))}, json_extract(data, '$.state')"
        elif any(type_of(column).is_date for column in field.columns):
            on = "json_extract(data, '$.state'), seq"
        else:
            continue
        index = f"day_{kind}_{name}"
        made[index] = f'CREATE INDEX "{index}" ON record ({on}) WHERE {living(kind)} AND {dated(renames.names(name))}'
    return made


def definitions(forms: Forms) -> dict[str, str]:
    """The SQL of every view by name; the view of a kind has the fields of all its versions, each by its newest type.

    A field that was renamed has one column, by its newest name.
    """
    views: dict[str, str] = {}
    for kind in forms.kinds:
        fields = kind_fields(forms, kind)
        views[kind] = _kind_view(kind, fields, forms.renames(kind))
        for field in fields.values():
            if field.columns:
                name = f"{kind}_{field.row or field.name}"
                views[name] = _row_view(name, kind, field, forms.renames(kind))
            elif type_of(field).is_list:
                name = list_view(kind, field.name)
                views[name] = _list_view(name, kind, forms.renames(kind).names(field.name))
    return views


def old_commune(place: str) -> str:
    """The column with the commune of 30 June 2025, beside that of the present-day commune."""
    return f"{place}_old_commune"


def list_view(kind: str, field: str) -> str:
    """The name of the view with one line for each entry of a field that holds a list."""
    return f"{kind}_{field}_list"


def kind_fields(forms: Forms, kind: str) -> dict[str, Field]:
    """The fields of all versions of a kind by newest name, each in its newest definition."""
    ordered = sorted((form for form in forms.all if form.id == kind), key=lambda form: form.version)
    return {forms.renames(kind).newest(field.name): field for form in ordered for field in form.fields}


def _kind_view(kind: str, fields: Mapping[str, Field], renames: Renames) -> str:
    columns = [f'"{name}"' for name in _RECORD_COLUMNS]
    columns += [f"json_extract(data, '$.{name}') AS \"{name}\"" for name in OF_EVERY_RECORD]
    columns += [
        f'{_expression("data", field, renames.names(name))} AS "{name}"'
        for name, field in fields.items()
        if not field.columns and name not in _RECORD_COLUMNS
    ]
    columns += [
        f'{extracted("data", renames.names(name), ".old_commune")} AS "{old_commune(name)}"'
        for name, field in fields.items()
        if type_of(field).is_place
    ]
    return (
        f"CREATE VIEW \"{kind}\" AS SELECT {', '.join(columns)} FROM record WHERE kind = '{kind}' AND deleted IS NULL"
    )


def _row_view(name: str, kind: str, table: Field, renames: Renames) -> str:
    """A view with one line for each row; the column `<kind>_id` holds the id of the record."""
    columns = [f'record.id AS "{kind}_id"', "json_extract(line.value, '$.id') AS id"]
    columns.append("json_extract(line.value, '$.position') AS position")
    columns += [
        f'{_expression("line.value", column, renames.column_names(table.name, column.name))} AS "{column.name}"'
        for column in table.columns
        if column.name not in ("id", "position")
    ]
    rows = rows_in("record.data", renames.names(table.name))
    return (
        f'CREATE VIEW "{name}" AS SELECT {", ".join(columns)} FROM record, json_each({rows})'
        f" AS line WHERE record.kind = '{kind}' AND record.deleted IS NULL"
    )


def _list_view(name: str, kind: str, names: Sequence[str]) -> str:
    """A view with one line for each entry of a list: `<kind>_id` and `value`."""
    return (
        f'CREATE VIEW "{name}" AS SELECT record.id AS "{kind}_id", entry.value AS value FROM record,'
        f" json_each({rows_in('record.data', names)}) AS entry WHERE record.kind = '{kind}' AND record.deleted IS NULL"
    )


def _expression(document: str, field: Field, names: Sequence[str]) -> str:
    """The expression of a column, spelled as in the indexes; decimals, stored as exact text, become numbers."""
    if type_of(field).is_place:
        return extracted(document, names, ".commune")
    value = extracted(document, names)
    return f"CAST({value} AS REAL)" if type_of(field).sql == "REAL" else value
