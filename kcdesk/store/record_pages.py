"""Lists of records: searched, filtered, sorted, and read page by page from a key, never by offset.

There are three ways to a page. If the search index finds few matches, all are fetched and sorted. If it finds many and
the list has its own order, the newest matches come first: this is the order of the search index, so that one typed
letter is answered as fast as ten. Any other order reads along the index of that order and keeps the matches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.store import search
from kcdesk.store.database import views
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.database.path_conditions import COLUMNS as _COLUMN_FILTERS
from kcdesk.store.database.path_conditions import Comparisons, ComparisonWriter, field_at
from kcdesk.store.stored_record import COLUMNS, StoredRecord

_FEW = 400  # matches; fetching and sorting this many takes 5 ms in a store of 100,000 encrypted records
_COLUMN_ORDERS = ("created", "updated", "unit")
_MATCHING = "SELECT rowid FROM record_search WHERE record_search MATCH ?"
# CROSS JOIN makes SQLite begin with the matches.
_MATCHED_RECORDS = "record_search CROSS JOIN record ON record.seq = record_search.rowid"


class ListQuery(Value, kw_only=True):
    """Which records a list shows, and in which order.

    `where` maps a field, or `table/column`, to a value, a list of values, or None (empty); or any path of
    `database/path_conditions` to Comparisons.
    """

    kind: str
    search: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    order: str = ""
    descending: bool = False
    deleted: bool = False
    whole_words: bool = False  # whether the words of `search` must be whole words, not only beginnings


class _Plan(Value):
    """The full-text query ("" if SQL alone answers), the conditions of SQL and the values for their parameters."""

    match: str
    conditions: list[str]
    values: list[object]

    def select(self, source: str, *, before: str = "", after: str = "", order: str) -> str:
        """A statement that selects `seq`; `before` and `after` are conditions around those of the plan."""
        conditions = " AND ".join(filter(None, (before, *self.conditions, after)))
        column = "record_search.rowid" if source.startswith("record_search") else "record.seq"
        return f"SELECT {column} FROM {source} WHERE {conditions} ORDER BY {order} LIMIT ?"


class Pages:
    """Answers list queries over one connection."""

    def __init__(self, connection: Connection, forms: Forms) -> None:
        self._connection = connection
        self._forms = forms

    def page(self, query: ListQuery, after: StoredRecord | None, limit: int) -> list[StoredRecord]:
        """The next `limit` records after the record `after`; from the beginning if it is None."""
        query = self._by_newest_names(query)
        plan = self._plan(query)
        if not plan.match:
            rows = self._walked(plan, query, after, limit)
        elif len(matches := self._first_matches(plan)) < _FEW:
            rows = self._fetched(plan, matches, query, after, limit)
        elif not (self._is_own_order(query) and search.has_words(query.search)):
            rows = self._walked(plan, query, after, limit)
        elif after is None and not plan.conditions and 0 <= limit <= _FEW:
            return self._records(matches[:limit])
        else:
            rows = self._newest(plan, after, limit)
        return self._records([row[0] for row in rows])

    def count(self, query: ListQuery) -> int:
        """The number of records in the list."""
        query = self._by_newest_names(query)
        plan = self._plan(query, counting=True)
        if not plan.match and plan.conditions and not query.deleted:
            conditions = " AND ".join((views.living(query.kind), *plan.conditions))
            return int(self._connection.value(f"SELECT count(*) FROM record WHERE {conditions}", plan.values))
        match = plan.match or search.match([[search.life(query.kind, query.deleted)]], "")
        source = _MATCHED_RECORDS if plan.conditions else "record_search"
        conditions = " AND ".join(("record_search MATCH ?", *plan.conditions))
        return int(self._connection.value(f"SELECT count(*) FROM {source} WHERE {conditions}", [match, *plan.values]))

    def groups(self, query: ListQuery, by: str, sums: Sequence[str]) -> list[tuple[Any, ...]]:
        """The values of a field in the list, each with the number of its records and the sums of other fields.

        `by` may go on through references (`proposal.place`), but not through lists or tables: a record has one group.
        """
        query = self._by_newest_names(query)
        plan = self._plan(query, counting=True)
        names = [self._grouped_name(query.kind, by), *(self._summed_name(query.kind, name) for name in sums)]
        select = f"SELECT {names[0]}, count(*){''.join(f', sum({name})' for name in names[1:])}"
        conditions = " AND ".join((views.living(query.kind), *plan.conditions))
        if plan.match:
            source, conditions = _MATCHED_RECORDS, f"record_search MATCH ? AND {conditions}"
        else:
            source = "record"
        values = [*([plan.match] if plan.match else []), *plan.values]
        return [
            tuple(row) for row in self._connection.all(f"{select} FROM {source} WHERE {conditions} GROUP BY 1", values)
        ]

    def _grouped_name(self, kind: str, path: str, alias: str = "record") -> str:
        """The value of a field, or through references of a field of the one record that they lead to."""
        name, _, rest = path.partition(".")
        if name in _COLUMN_FILTERS:
            return f"{alias}.{name}"
        field_ = self._field(kind, name)
        if rest and field_ is not None and type_of(field_).is_reference:
            inner = f"{alias}_{name}"
            named = views.extracted(f"{alias}.data", self._known_names(kind, name))
            named = views.link(self._forms, field_, named)
            wanted = self._grouped_name(field_.target, rest, inner)
            return (
                f"(SELECT {wanted} FROM record AS {inner} WHERE {inner}.id = {named}"
                f" AND {inner}.kind = '{field_.target}' AND {inner}.deleted IS NULL)"
            )
        part = ".commune" if field_ is not None and type_of(field_).is_place else ""
        value = views.extracted(f"{alias}.data", self._known_names(kind, path), part)
        return value if field_ is None or type_of(field_).is_list else views.link(self._forms, field_, value)

    def _summed_name(self, kind: str, name: str) -> str:
        field_ = self._field(kind, name)
        left = views.extracted("data", self._known_names(kind, name))
        return f"CAST({left} AS REAL)" if field_ is not None and type_of(field_).sql == "REAL" else left

    # -- three ways to a page ----------------------------------------------------------------------------------

    def _newest(self, plan: _Plan, after: StoredRecord | None, limit: int) -> list[Any]:
        """The matches in the order of the search index, newest first."""
        source = _MATCHED_RECORDS if plan.conditions else "record_search"
        start = "record_search MATCH ?" + (" AND record_search.rowid < ?" if after else "")
        values = [plan.match, *([after.seq] if after else []), *plan.values, limit]
        return self._connection.all(plan.select(source, before=start, order="record_search.rowid DESC"), values)

    def _fetched(
        self, plan: _Plan, matches: list[int], query: ListQuery, after: StoredRecord | None, limit: int
    ) -> list[Any]:
        """All matches, sorted by SQL."""
        order, start, place = self._keys(query, after)
        matched = "record.seq IN (SELECT value FROM json_each(?))"
        sql = plan.select("record", before=matched, after=start, order=order)
        return self._connection.all(sql, [canonical(matches), *plan.values, *place, limit])

    def _walked(self, plan: _Plan, query: ListQuery, after: StoredRecord | None, limit: int) -> list[Any]:
        """The records along the index of the order, until there are enough matches."""
        order, start, place = self._keys(query, after)
        living = f"kind = '{query.kind}' AND deleted IS {'NOT NULL' if query.deleted else 'NULL'}"
        kept = f"+record.seq IN ({_MATCHING})" if plan.match else ""
        index = "sort" if self._is_own_order(query) else query.order
        by_index = not query.deleted and not plan.conditions and index in views.list_orders(self._forms, query.kind)
        source = f"record {views.list_along(self._connection, query.kind, index)}" if by_index else "record"
        sql = plan.select(source, before=living, after=" AND ".join(filter(None, (start, kept))), order=order)
        return self._connection.all(sql, [*plan.values, *place, *([plan.match] if kept else []), limit])

    def _records(self, seqs: list[int]) -> list[StoredRecord]:
        sql = f"SELECT {COLUMNS} FROM record WHERE seq IN (SELECT value FROM json_each(?))"
        rows = {row["seq"]: row for row in self._connection.all(sql, [canonical(seqs)])}
        return [StoredRecord.from_row(rows[seq]) for seq in seqs]

    # -- from a query to SQL -----------------------------------------------------------------------------------

    def _plan(self, query: ListQuery, *, counting: bool = False) -> _Plan:
        """Search and filters become one full-text query; a list filtered by one hot field has its own SQL index."""
        if query.kind not in self._forms.kinds:
            raise UserError(f"Không có loại hồ sơ «{query.kind}».", code="unknown_kind")
        searched = search.has_words(query.search)
        alone = len(query.where) == 1 and self._is_own_order(query) and not searched and not counting
        plan = _Plan("", [], [])
        groups: list[list[str]] = []
        words = [query.search]
        for name, value in query.where.items():
            if isinstance(value, Comparisons):
                words += self._compare_with(plan, query.kind, name, value)
            elif value is None or (alone and name in views.HOT_FIELDS) or not self._has_facet(query.kind, name):
                self._compare(plan, query.kind, name, value)
            elif not _several(value):
                plan.conditions.append("0")  # one of nothing: no record is
            else:
                groups.append([search.facet(name, option) for option in _several(value)])
        if not groups and not any(map(search.has_words, words)):
            return plan
        life = [search.life(query.kind, query.deleted)]
        return _Plan(
            search.match([life, *groups], " ".join(words), whole_words=query.whole_words), plan.conditions, plan.values
        )

    def _compare_with(self, plan: _Plan, kind: str, path: str, wanted: Comparisons) -> list[str]:
        """Add comparisons to the plan; returns the words that the search index can look up for them beforehand."""
        words = []
        writer = ComparisonWriter(self._forms)
        for comparison in wanted.parts:
            sql, values = writer.condition(kind, path, comparison)
            plan.conditions.append(sql)
            plan.values.extend(values)
            words.append(writer.indexed_words(kind, path, comparison))
        return words

    def _compare(self, plan: _Plan, kind: str, name: str, value: Any) -> None:
        """Add a condition on a column of the table, or on a field of the record's JSON, to the plan."""
        left = name if name in _COLUMN_FILTERS else views.extracted("data", self._known_names(kind, name))
        if value is None:
            plan.conditions.append(f"{left} IS NULL")
        elif name == "id":  # there may be more ids than a statement may have parameters
            plan.conditions.append("id IN (SELECT value FROM json_each(?))")
            plan.values.append(canonical(_several(value)))
        else:
            several = _several(value)
            plan.conditions.append(f"{left} IN ({', '.join('?' * len(several))})")
            plan.values.extend(several)

    def _has_facet(self, kind: str, name: str) -> bool:
        if name in _COLUMN_FILTERS:
            return False
        field_ = self._field(kind, name)
        return field_ is None or search.has_facet(field_)

    def _known_names(self, kind: str, name: str) -> tuple[str, ...]:
        """All names of a field, after a check that it exists: they become a part of SQL. UserError `unknown_field`."""
        self._field(kind, name)
        return self._forms.renames(kind).names(name)

    def _by_newest_names(self, query: ListQuery) -> ListQuery:
        """The query with the newest name of every field, under which all versions are searched."""
        newest = self._forms.renames(query.kind).newest
        where = {newest(name): value for name, value in query.where.items()}
        return replace(query, where=where, order=newest(query.order))

    def _field(self, kind: str, name: str) -> Field | None:
        """The newest definition of a field, or of `table/column`; None for a field that every record has."""
        table, _, column = name.partition("/")
        return field_at(self._forms, kind, table, column)

    def _first_matches(self, plan: _Plan) -> list[int]:
        """The newest matches of the search index, all if they are few; asked once, because that is what takes time."""
        matching = f"{_MATCHING} ORDER BY rowid DESC LIMIT ?"
        return [row[0] for row in self._connection.all(matching, [plan.match, _FEW])]

    def _is_own_order(self, query: ListQuery) -> bool:
        own = self._forms.renames(query.kind).newest(self._forms.current(query.kind).sort)
        return query.order in ("", own)

    def _keys(self, query: ListQuery, after: StoredRecord | None) -> tuple[str, str, list[object]]:
        """The ORDER BY, the condition that starts after a record, and the values of that record in this order."""
        expression, place = self._order(query, after)
        way, sign = ("DESC", "<") if query.descending else ("ASC", ">")
        order = f"{expression} {way}, record.seq {way}"
        if after is None:
            return order, "", []
        return order, f"({expression}, record.seq) {sign} (?, ?)", [place, after.seq]

    def _order(self, query: ListQuery, after: StoredRecord | None) -> tuple[str, object]:
        if self._is_own_order(query):
            return "record.sort", after and after.sort
        if query.order in _COLUMN_ORDERS:
            return f"record.{query.order}", after and getattr(after, query.order)
        field_ = self._field(query.kind, query.order)
        names = self._known_names(query.kind, query.order)
        there = next((after.data[name] for name in names if name in after.data), None) if after else None
        place = views.sort_value(field_, there) if after else None
        return views.sort_expression(names, field_), place


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
