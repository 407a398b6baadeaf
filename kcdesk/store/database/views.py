"""Reading columns: a view for each kind and each table of rows, so that reports are plain SQL with real names.

Views, and indexes for the columns of lists, follow from the forms; they are made anew only when the forms change.
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

# Fields that lists filter by and reports group by.
HOT_FIELDS = ("state", "year", "programme", "activity", "tax_code", "revisit_on")
_ORDERS = ("sort", "created", "updated")
_PREFIXES = ("list!_%", "hot!_%", "day!_%")  # of the indexes that are made here
_OURS = (
    f"""type = 'view' OR (type = 'index' AND ({" OR ".join(f"name LIKE '{one}' ESCAPE '!'" for one in _PREFIXES)}))"""
)
_RECORD_COLUMNS = ("id", "parent", "unit", "form", "created", "updated", "deleted")


def refresh(connection: Connection, forms: Forms) -> bool:
    """Make views and list indexes when the forms ask for others than were made before; returns whether they did."""
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


def _wanted(forms: Forms) -> tuple[dict[str, str], str]:
    """The views and indexes of these forms, and what tells them from those of others."""
    made = definitions(forms) | indexes(forms)
    return made, hashlib.sha256("\n".join(made.values()).encode()).hexdigest()


def extracted(document: str, names: Sequence[str], part: str = "") -> str:
    """The value of a field in a document of any version: `names` are all that it was called, the newest first."""
    values = [f"json_extract({document}, '$.{name}{part}')" for name in names]
    return f"coalesce({', '.join(values)})" if len(values) > 1 else values[0]


def rows_in(document: str, names: Sequence[str]) -> str:
    """What `json_each` takes to go through the rows of a table that had these names."""
    return f"{document}, '$.{names[0]}'" if len(names) == 1 else extracted(document, names)


def sort_expression(names: Sequence[str], field: Field | None) -> str:
    """What a list sorts a column by; never NULL, so that a page can start after any record."""
    value = extracted("data", names)
    if field is not None and type_of(field).sorts_as_words:
        return f"coalesce(sort_key({value}), '')"
    is_real = field is not None and type_of(field).sql == "REAL"
    return f"coalesce(CAST({value} AS REAL), '')" if is_real else f"coalesce({value}, '')"


def sort_value(field: Field | None, value: Any) -> object:
    """The same for one stored value."""
    if value is None:
        return ""
    if field is not None and type_of(field).sorts_as_words:
        return text.sort_key(value)
    if field is not None and type_of(field).sql == "REAL":
        return float(value)
    return canonical(value) if isinstance(value, dict | list) else value


def list_index(kind: str, order: str) -> str:
    """The name of the index along which a list of a kind is read in an order."""
    return f"list_{kind}_{order}"


def list_orders(forms: Forms, kind: str) -> tuple[str, ...]:
    """The orders that have an index: the form's own, the times and every column of the list in any version."""
    listed = (forms.renames(kind).newest(name) for form in forms.all if form.id == kind for name in form.list)
    return tuple(dict.fromkeys([*_ORDERS, *listed]))


def indexes(forms: Forms) -> dict[str, str]:
    """For each kind, an index for every order of its list and for every hot field.

    None begins with `kind`: the planner would take any such one for a kind's view, rather than one that holds the sums.
    """
    made: dict[str, str] = {}
    for kind in forms.kinds:
        fields, names = _fields(forms, kind), forms.renames(kind).names
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
    """What every index of a kind holds of; a question that says it in these words may use them."""
    return f"kind = '{kind}' AND deleted IS NULL"


def dated(names: Sequence[str]) -> str:
    """What the indexes of days hold of besides: a date, or a table of rows with dates, that is there."""
    return f"{extracted('data', names)} IS NOT NULL"


def _day_indexes(kind: str, fields: Mapping[str, Field], renames: Renames) -> dict[str, str]:
    """Of what has a date: by day and state, and the records that have any row with a date."""
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
    """The SQL of every view by its name; a kind's view has the fields of all its versions, the newest type of each.

    A field that was renamed has one column, by its newest name.
    """
    views: dict[str, str] = {}
    for kind in forms.kinds:
        fields = _fields(forms, kind)
        views[kind] = _kind_view(kind, fields, forms.renames(kind))
        for field in fields.values():
            if field.columns:
                name = f"{kind}_{field.row or field.name}"
                views[name] = _row_view(name, kind, field, forms.renames(kind))
    return views


def _fields(forms: Forms, kind: str) -> dict[str, Field]:
    """The fields of all versions of a kind by their newest names, the newest definition of each."""
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
    return (
        f"CREATE VIEW \"{kind}\" AS SELECT {', '.join(columns)} FROM record WHERE kind = '{kind}' AND deleted IS NULL"
    )


def _row_view(name: str, kind: str, table: Field, renames: Renames) -> str:
    """One line for each row; the column named after the kind holds the id of its record."""
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


def _expression(document: str, field: Field, names: Sequence[str]) -> str:
    """Spelled as the indexes spell it; decimals, kept as text to stay exact, become numbers to reckon with."""
    if type_of(field).is_place:
        return extracted(document, names, ".commune")
    value = extracted(document, names)
    return f"CAST({value} AS REAL)" if type_of(field).sql == "REAL" else value
