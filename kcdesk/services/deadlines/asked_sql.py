"""The conditions of deadlines as SQL, over records or over the narrow tables of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kcdesk.formdef.activities import NAME
from kcdesk.formdef.model import Condition
from kcdesk.formdef.renames import Renames
from kcdesk.store.database.views import extracted


class AskedSql:
    """The parameters of an SQL query by name, filled while its conditions are built."""

    def __init__(self, renames: Renames, *, is_of_columns: bool = False, **values: str) -> None:
        self._renames, self._is_of_columns = renames, is_of_columns
        self.values: dict[str, Any] = dict(values)

    def where(self, condition: Condition, table: str = "") -> str:
        """The part of a condition that SQLite can check with the indexes, as SQL; `table`: on its row `line.value`.

        Field names are safe to insert because the loader has checked them against the forms.
        """
        return "".join(self._part(self.left(name, table), wanted) for name, wanted in condition.items() if name != NAME)

    def left(self, name: str, table: str = "") -> str:
        """The SQL expression of a field, or of a column of the row `line.value`."""
        if self._is_of_columns:
            return f'{"line" if table else "record"}."{name}"'
        if table:
            return extracted("line.value", self._renames.column_names(table, name))
        return extracted("data", self._renames.names(name))

    def _part(self, left: str, wanted: object) -> str:
        if isinstance(wanted, str | int):
            return f" AND {left} = {self._kept(wanted)}"
        if isinstance(wanted, list | tuple):
            return f" AND {left} IN ({', '.join(map(self._kept, wanted))})"
        if isinstance(wanted, Mapping):
            return "".join(self._compared(left, word, limit) for word, limit in wanted.items())
        return ""

    def _compared(self, left: str, word: str, limit: object) -> str:
        if word == "filled":  # a blank value is not stored
            return f" AND {left} IS {'NOT ' if limit else ''}NULL"
        if word in ("is", "is_not") and isinstance(limit, str | int):
            return f" AND {left} IS {'NOT ' if word == 'is_not' else ''}{self._kept(limit)}"
        return ""

    def _kept(self, value: object) -> str:
        name = f"wanted_{len(self.values)}"
        self.values[name] = value
        return f":{name}"


def is_whole(condition: Condition) -> bool:
    """Whether `AskedSql.where` says everything that a condition asks."""
    return all(name != NAME and _is_written(wanted) for name, wanted in condition.items())


def _is_written(wanted: object) -> bool:
    if isinstance(wanted, Mapping):
        return all(
            word == "filled" or (word in ("is", "is_not") and isinstance(limit, str | int))
            for word, limit in wanted.items()
        )
    texts = wanted if isinstance(wanted, list | tuple) else (wanted,)
    return all(isinstance(text, str | int) for text in texts)
