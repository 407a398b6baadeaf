"""SQL views of each kind and each table of rows, with the names of the fields, and indexes for lists.

Views and indexes are made from the forms, and made again only when the forms change. A kind with few records has only
the index of its records and those of its hot fields: each further index makes every change of every record slower,
whatever its kind, and a few records are sorted as fast without it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kcdesk import text
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import MERGED_INTO, OF_EVERY_RECORD, Field
from kcdesk.formdef.regulations import asked_columns
from kcdesk.formdef.renames import Renames
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.store.database.db import Connection, canonical, kept_json
from kcdesk.store.database.merged_records import INDEX, followed, mergeable

# Fields by which lists are filtered and reports are grouped.
HOT_FIELDS = ("state", "year", "programme", "activity", "tax_code", "revisit_on")
# Dates by which calendars and tasks look for records, beside those of deadlines.
DAY_FIELDS = ("planned_on", "visited_on", "revisit_on", "first_due_on")
MANY = 200  # living records of a kind from which it has indexes of all orders of its list and of its dates
_ORDERS = ("sort", "created", "updated")
_PREFIXES = ("list!_%", "hot!_%", "day!_%")  # of the indexes made by this module
_OUR_NAMES = " OR ".join(f"name LIKE '{prefix}' ESCAPE '!'" for prefix in _PREFIXES)
_OURS = f"type = 'view' OR (type = 'index' AND ({_OUR_NAMES}))"
_MASTER = "SELECT type, name, sql FROM sqlite_master"
RECORD_COLUMNS = ("id", "parent", "unit", "form", "created", "updated", "deleted")


def refresh(connection: Connection, forms: Forms) -> bool:
    """Make the views and indexes again if the forms have changed, and those of kinds that have got many records.

    Returns whether anything was made.
    """
    of_all, of_many, forms_hash = forms.once("views", lambda: _wanted(forms))
    kept = _kept(connection)
    is_same = kept.forms == forms_hash and not _is_altered(connection, of_all)
    if is_same and not (grown := _grown(connection, forms, kept.many)):
        return False
    with connection.atomic():
        everything = of_all | {name: sql for made in of_many.values() for name, sql in made.items()}
        _bring(connection, everything, of_all)
        grown = _grown(connection, forms, kept.many)
        many = [kind for kind in forms.kinds if kind in kept.many or kind in grown]
        wanted = of_all | {name: sql for kind in many for name, sql in of_many[kind].items()}
        _bring(connection, wanted, wanted)
        made = json.dumps({"forms": forms_hash, "many": many})
        connection.execute("INSERT OR REPLACE INTO setting VALUES ('views', ?)", [made])
    return True


def drop_orders(connection: Connection) -> None:
    """Drop the indexes that hold sort keys; `refresh` makes them again."""
    sql = f"SELECT name FROM sqlite_master WHERE type = 'index' AND ({_OUR_NAMES}) AND sql LIKE '%sort%'"
    for (name,) in connection.all(sql):
        connection.execute(f'DROP INDEX "{name}"')
    connection.execute("DELETE FROM setting WHERE name = 'views'")


class _Made(NamedTuple):
    """Of which forms the views and indexes were made, and which kinds had many records then."""

    forms: str = ""
    many: frozenset[str] = frozenset()


def _kept(connection: Connection) -> _Made:
    kept = kept_json(connection.value("SELECT value FROM setting WHERE name = 'views'"))
    return _Made(kept.get("forms", ""), frozenset(kept.get("many", ()))) if isinstance(kept, dict) else _Made()


def _is_altered(connection: Connection, made: Mapping[str, str]) -> bool:
    """Whether a view is another than the forms make: what runs in it was written by somebody else."""
    present = {name: sql for _, name, sql in connection.all(f"{_MASTER} WHERE type = 'view'")}
    return present != {name: sql for name, sql in made.items() if sql.startswith("CREATE VIEW")}


def _grown(connection: Connection, forms: Forms, many: frozenset[str]) -> list[str]:
    """The kinds that have many records and no indexes of their own yet."""
    sql = "SELECT 1 FROM record WHERE {} LIMIT 1 OFFSET {}"
    return [k for k in forms.kinds if k not in many and connection.value(sql.format(living(k), MANY - 1))]


def _bring(connection: Connection, allowed: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Drop what is there and not allowed, and make what is wanted and not there; SQL by name."""
    there = {name: (kind, sql) for kind, name, sql in connection.all(f"{_MASTER} WHERE {_OURS}")}
    for name, (kind, sql) in there.items():
        if allowed.get(name) != sql:
            connection.execute(f'DROP {kind} "{name}"')
    for name, sql in wanted.items():
        if there.get(name, ("", ""))[1] != sql:
            connection.execute(sql)


def _wanted(forms: Forms) -> tuple[dict[str, str], dict[str, dict[str, str]], str]:
    """The SQL by name of the views and indexes of all kinds and, by kind, of the further indexes; and a hash of all."""
    made, further = definitions(forms), {}
    for kind in forms.kinds:
        of_kind = indexes(forms, kind)
        further[kind] = {name: sql for name, sql in of_kind.items() if not _is_of_every_kind(kind, name)}
        made |= {name: sql for name, sql in of_kind.items() if name not in further[kind]}
    statements = [*made.values(), *(sql for of_kind in further.values() for sql in of_kind.values())]
    return made, further, hashlib.sha256("\n".join(statements).encode()).hexdigest()


def _is_of_every_kind(kind: str, index: str) -> bool:
    return index == list_index(kind, "sort") or index.startswith("hot_")


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


def list_along(connection: Connection, kind: str, order: str) -> str:
    """`INDEXED BY` the index of a list in an order; where it is not made, by that of the records of the kind."""
    return _along(connection, kind, list_index(kind, order))


def days_along(connection: Connection, kind: str, name: str) -> str:
    """`INDEXED BY` the index of a field with dates; where it is not made, by that of the records of the kind."""
    return _along(connection, kind, f"day_{kind}_{name}")


def _along(connection: Connection, kind: str, index: str) -> str:
    is_made = connection.value("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?", [index])
    return f'INDEXED BY "{index if is_made else list_index(kind, "sort")}"'


def list_orders(forms: Forms, kind: str) -> tuple[str, ...]:
    """The orders that have an index: the sort key, the times, and every column of the list in any version."""
    listed = (forms.renames(kind).newest(name) for form in forms.versions_of(kind) for name in form.list)
    return tuple(dict.fromkeys([*_ORDERS, *listed]))


def indexes(forms: Forms, kind: str) -> dict[str, str]:
    """The SQL of the indexes of a kind by name: every order of its list, every hot field, every date that is asked for.

    No index begins with the column `kind`: SQLite would use it for the view of a kind instead of the index that holds
    the columns of the sums.
    """
    fields, names = kind_fields(forms, kind), forms.renames(kind).names
    orders = {name: sort_expression(names(name), fields.get(name)) for name in list_orders(forms, kind)}
    orders |= {name: name for name in _ORDERS}
    on = {list_index(kind, name): f"{order}, seq" for name, order in orders.items()}
    on |= {
        f"hot_{kind}_{name}": f"{extracted('data', names(name))}, sort, seq"
        for name in HOT_FIELDS
        if name == "state" or name in fields
    }
    made = {name: f'CREATE INDEX "{name}" ON record ({indexed}) WHERE {living(kind)}' for name, indexed in on.items()}
    made |= {"hot_merged": INDEX} if kind in mergeable(forms) else {}
    asked = dates_asked_for(forms)
    dates = {name: field for name, field in fields.items() if name in DAY_FIELDS or (kind, name) in asked}
    return made | _day_indexes(kind, dates, forms.renames(kind))


def dates_asked_for(forms: Forms) -> frozenset[tuple[str, str]]:
    """The kinds and their dates, or tables with dates, by which deadlines look for records."""
    return forms.once("dates asked for", lambda: asked_columns.asked_days(forms.folder, forms))


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


class ReadingView(Value):
    """What a view lists: the records of a kind, or with `lines` (arguments of `json_each`) the lines of each record."""

    kind: str
    columns: Mapping[str, str]  # expressions over `record.data` and the other columns of `record`, by name
    lines: str = ""

    @property
    def sql(self) -> str:
        """The query of the view."""
        return self.over("record", f"record.kind = '{self.kind}' AND record.deleted IS NULL")

    def over(self, tables: str, condition: str, key: str = "") -> str:
        """The same columns, after `key`, of the records in other tables, for which a condition holds."""
        columns = ", ".join([*filter(None, [key]), *(f'{sql} AS "{name}"' for name, sql in self.columns.items())])
        source = ", ".join(filter(None, (tables, f"json_each({self.lines}) AS line" if self.lines else "")))
        return f"SELECT {columns} {f'FROM {source} ' if source else ''}WHERE {condition}"


def definitions(forms: Forms) -> dict[str, str]:
    """The SQL of every view by name."""
    return {name: f'CREATE VIEW "{name}" AS {view.sql}' for name, view in reading_views(forms).items()}


def reading_views(forms: Forms) -> Mapping[str, ReadingView]:
    """Every view by name; the view of a kind has the fields of all its versions, each by its newest type.

    A field that was renamed has one column, by its newest name.
    """
    return forms.once("reading_views", lambda: _ReadingViews(forms))


class _ReadingViews(Mapping[str, ReadingView]):
    """Every view by name; those of a kind are made when one of them is first asked for: few are at a start."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._made: dict[str, dict[str, ReadingView]] = {}  # by kind

    def __getitem__(self, name: str) -> ReadingView:
        for kind in self._forms.kinds:
            if name == kind or name.startswith(f"{kind}_"):
                views = self._of_kind(kind)
                if name in views:
                    return views[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for kind in self._forms.kinds for name in self._of_kind(kind))

    def __len__(self) -> int:
        return sum(len(self._of_kind(kind)) for kind in self._forms.kinds)

    def _of_kind(self, kind: str) -> dict[str, ReadingView]:
        if kind not in self._made:
            self._made[kind] = _views_of(self._forms, kind)
        return self._made[kind]


def _views_of(forms: Forms, kind: str) -> dict[str, ReadingView]:
    """The views of the records of a kind, of the rows of its tables, and of the entries of its lists."""
    fields = kind_fields(forms, kind)
    views = {kind: ReadingView(kind, _kind_columns(forms, kind, fields))}
    for field in fields.values():
        names = forms.renames(kind).names(field.name)
        if field.columns:
            columns = _row_columns(forms, kind, field)
            views[rows_view(kind, field)] = ReadingView(kind, columns, rows_in("record.data", names))
        elif type_of(field).is_list:
            columns = {f"{kind}_id": "record.id", "value": link(forms, field, "line.value")}
            views[list_view(kind, field.name)] = ReadingView(kind, columns, rows_in("record.data", names))
    return views


def old_commune(place: str) -> str:
    """The column with the commune of 30 June 2025, beside that of the present-day commune."""
    return f"{place}_old_commune"


def rows_view(kind: str, table: Field) -> str:
    """The name of the view of the rows of a table."""
    return f"{kind}_{table.row or table.name}"


def list_view(kind: str, field: str) -> str:
    """The name of the view with one line for each entry of a field that holds a list."""
    return f"{kind}_{field}_list"


def kind_fields(forms: Forms, kind: str) -> dict[str, Field]:
    """The fields of all versions of a kind by newest name, each in its newest definition."""
    return {forms.renames(kind).newest(field.name): field for form in forms.versions_of(kind) for field in form.fields}


def link(forms: Forms, field: Field, expression: str) -> str:
    """The expression of an id that a field names; of a merged record it is the id of the survivor."""
    named = type_of(field).names_records and field.name != MERGED_INTO
    return followed(expression) if named and field.target in mergeable(forms) else expression


def _kind_columns(forms: Forms, kind: str, fields: Mapping[str, Field]) -> dict[str, str]:
    renames = forms.renames(kind)
    columns = {name: f"record.{name}" for name in RECORD_COLUMNS}
    parent = fields.get(forms.current(kind).parent)
    if parent is not None:
        columns["parent"] = link(forms, parent, "record.parent")
    columns |= {name: f"json_extract(record.data, '$.{name}')" for name in OF_EVERY_RECORD}
    columns |= {
        name: _expression(forms, "record.data", field, renames.names(name))
        for name, field in fields.items()
        if not field.columns and name not in columns
    }
    return columns | {
        old_commune(name): extracted("record.data", renames.names(name), ".old_commune")
        for name, field in fields.items()
        if type_of(field).is_place
    }


def _row_columns(forms: Forms, kind: str, table: Field) -> dict[str, str]:
    """The columns of the rows of a table; `<kind>_id` holds the id of the record."""
    renames = forms.renames(kind)
    columns = {f"{kind}_id": "record.id"}
    columns |= {name: f"json_extract(line.value, '$.{name}')" for name in ("id", "position")}
    return columns | {
        column.name: _expression(forms, "line.value", column, renames.column_names(table.name, column.name))
        for column in table.columns
        if column.name not in columns
    }


def _expression(forms: Forms, document: str, field: Field, names: Sequence[str]) -> str:
    """The expression of a column, spelled as in the indexes; decimals, stored as exact text, become numbers.

    A reference leads to the survivor of a merged record.
    """
    if type_of(field).is_place:
        return extracted(document, names, ".commune")
    value = extracted(document, names)
    if type_of(field).is_reference:
        return link(forms, field, value)
    return f"CAST({value} AS REAL)" if type_of(field).sql == "REAL" else value
