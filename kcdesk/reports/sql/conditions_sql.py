"""The conditions of forms as SQL: the same meaning as `formdef.conditions.holds`, with bound values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from kcdesk.formdef import activities
from kcdesk.formdef.model import Condition, Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.reports.scope import FieldScope
from kcdesk.reports.sql.dialects import Dialect

_ESCAPE = "!"
SIGNS = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}


class Parameters:
    """The bound values of a query, named as they come."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.values: dict[str, object] = {}
        self._names: dict[tuple[type, object], str] = {}

    def add(self, value: object) -> str:
        """Bind a value, once however often it is used, so that equal conditions are equal text; its place."""
        bound = int(value) if isinstance(value, bool) else value
        name = self._names.setdefault((type(bound), bound), f"p{len(self._names)}")
        self.values[name] = bound
        return self.dialect.parameter(name)


def condition_sql(condition: Condition, scope: FieldScope, parameters: Parameters) -> Iterator[str]:
    """The conditions that must all hold; a missing value is equal to nothing, and never NULL as a result."""
    for name, wanted in condition.items():
        compared: Mapping[str, object] = wanted if isinstance(wanted, Mapping) else {"is": wanted}
        for word, value in compared.items():
            if name == activities.NAME and "activity" in scope.known:
                yield _of_activities(word, value, scope, parameters)
            else:
                column = scope.resolve(name)
                yield _compared(word, value, column.sql, column.field, parameters)


def _compared(word: str, value: object, column: str, field: Field, parameters: Parameters) -> str:
    if word in ("is", "is_not"):
        same = _is_any(column, value, parameters)
        return same if word == "is" else f"({column} IS NULL OR NOT {same})"
    if word == "filled":
        return _filled(column, field, is_wanted=bool(value))
    if word in SIGNS:
        return f"({column} IS NOT NULL AND {column} {SIGNS[word]} {parameters.add(value)})"
    entries = value if isinstance(value, tuple) else (value,)
    return _LISTS[word](column, entries, parameters)


def _is_any(column: str, value: object, parameters: Parameters) -> str:
    options = value if isinstance(value, tuple) else (value,)
    places = ", ".join(parameters.add(option) for option in options)
    return f"({column} IS NOT NULL AND {column} IN ({places}))"


def _filled(column: str, field: Field, *, is_wanted: bool) -> str:
    """Whether there is a value; a text or a list may be empty."""
    empty = f" OR {column} IN ('', '[]')" if type_of(field).sql == "TEXT" else ""
    return f"NOT ({column} IS NULL{empty})" if is_wanted else f"({column} IS NULL{empty})"


def _has(column: str, entry: object, parameters: Parameters) -> str:
    """Whether a list, stored as JSON text, has an entry."""
    escaped = str(entry)
    for letter in (_ESCAPE, "%", "_"):
        escaped = escaped.replace(letter, _ESCAPE + letter)
    place = parameters.add(f'%"{escaped}"%')
    return f"({column} IS NOT NULL AND {column} LIKE {place} ESCAPE '{_ESCAPE}')"


def _contains(column: str, entries: tuple[object, ...], parameters: Parameters) -> str:
    return "(" + " OR ".join(_has(column, entry, parameters) for entry in entries) + ")"


def _within(column: str, entries: tuple[object, ...], parameters: Parameters) -> str:
    """Whether nothing but the wanted entries is in the list: without them and the commas it is empty."""
    left = column
    for entry in entries:
        quoted = f'"{entry}"'
        left = f"replace({left}, {parameters.add(quoted)}, '')"
    left = f"replace(replace({left}, ',', ''), ' ', '')"
    return f"({column} IS NOT NULL AND {column} <> '[]' AND {left} = '[]')"


def _not_within(column: str, entries: tuple[object, ...], parameters: Parameters) -> str:
    return f"({column} IS NULL OR NOT {_within(column, entries, parameters)})"


def _of_activities(word: str, value: object, scope: FieldScope, parameters: Parameters) -> str:
    """A condition on all activities: the main one, and the others of a flagship proposal."""
    main, others = scope.resolve("activity").sql, scope.resolve("other_activities").sql
    flagship = parameters.add(activities.FLAGSHIP)
    has_scheme = "scheme" in scope.known
    counts = f"{scope.resolve('scheme').sql} = {flagship}" if has_scheme else f"{flagship} = {flagship}"
    if word == "contains":  # the same without writing the list of each record
        entries = value if isinstance(value, tuple) else (value,)
        return f"({_is_any(main, entries, parameters)} OR ({counts} AND {_contains(others, entries, parameters)}))"
    every = (
        f"('[' || COALESCE('\"' || {main} || '\"', '') || CASE WHEN {counts} AND {others} IS NOT NULL"
        f" AND {others} <> '[]' THEN ',' || substr({others}, 2, length({others}) - 2) ELSE '' END || ']')"
    )
    return _compared(word, value, every, activities.FIELD, parameters)


_LISTS: Mapping[str, Callable[[str, tuple[object, ...], Parameters], str]] = {
    "contains": _contains,
    "within": _within,
    "not_within": _not_within,
}
