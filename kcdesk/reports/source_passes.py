"""One statement for all figures that come from the same records: each record is read once for all of them.

A line of the answer has the keys of its row and a figure for each cell. A group that divides money has a cell for each
share, whose key stands in the definition and not in the line. Records of an unknown day are lines of their own
(`undated`), where each cell counts them for the note below the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from kcdesk.reports.model import Group, Part, ReportColumn
from kcdesk.reports.report_question import Query
from kcdesk.reports.scope import FieldScope
from kcdesk.reports.sql.conditions_sql import Parameters
from kcdesk.reports.sql.row_keys import key_sql
from kcdesk.reports.sql.statement_parts import StatementParts
from kcdesk.runtime.frozen import Value

KeySpelling = tuple[str | None, ...]
Line = Mapping[str, Any]
_EVERY = "1 = 1"
_UNDATED = "undated"


class _Cell(Value):
    """A figure of a line: what it adds to, and the shares that it takes of groups that divide money."""

    column: str
    place: str  # its name in the line
    shares: tuple[int, ...]  # for each group the number of the share; -1: the key of the line
    only_undated: bool = False  # the figure itself is asked elsewhere


class SourcePass(Value):
    """A statement, and how its lines are read."""

    query: Query
    kind: str  # of the records that are counted
    cells: tuple[_Cell, ...]
    groups: tuple[Group, ...]
    present: Mapping[tuple[int, ...], str]  # where a line says whether it has facts of these shares; "": it always has
    tells_undated: bool

    def figures(self, lines: Iterable[Line]) -> Iterator[tuple[KeySpelling, str, object]]:
        """Keys, column and value of every figure; the column is "" where keys have facts."""
        for line in lines:
            if self.tells_undated and line["undated"]:
                continue
            for shares, place in self.present.items():
                if not place or line[place]:
                    yield self._keys(line, shares), "", None
            for cell in self.cells:
                if not cell.only_undated and line[cell.place] is not None:
                    yield self._keys(line, cell.shares), cell.column, line[cell.place]

    def undated(self, lines: Iterable[Line]) -> int:
        """The number of records that no period can take: of the figure that lacks most."""
        numbers: dict[str, int] = {}
        for line in lines:
            if self.tells_undated and line["undated"]:
                for cell in self.cells:
                    if all(share <= 0 for share in cell.shares):  # a record that is divided counts once
                        part = cell.place.partition("_")[0]
                        numbers[part] = numbers.get(part, 0) + int(line[cell.place] or 0)
        return max(numbers.values(), default=0)

    def _keys(self, line: Line, shares: tuple[int, ...]) -> KeySpelling:
        """The keys of the line, or those of the shares."""
        return tuple(
            group.splits[share].key if share >= 0 else line[f"k{number}"]
            for number, (group, share) in enumerate(zip(self.groups, shares, strict=True))
        )


class _PassWriter:
    """Writes the statement of the parts of columns that have the same records, day and period.

    An inner query computes once for each record its keys, weights and values; the outer one only adds them up.
    """

    def __init__(
        self, parts: StatementParts, figures: Sequence[tuple[ReportColumn, Part]], is_money: Callable[..., bool]
    ) -> None:
        self.parts, self.figures, self.is_money = parts, figures, is_money
        self.groups = parts.question.groups
        self.parameters = Parameters(parts.dialect)
        column, part = figures[0]
        self.period = parts.period(column)
        self.scope = parts.scope(part.of)
        self.day = parts.day(part, self.scope)
        self.tells_undated = not self.period.is_open and is_single(self.scope)
        self.cells: list[_Cell] = []
        self.inner: dict[str, str] = {}  # names by expression
        self.outer: list[str] = []
        self.counted: list[str] = []  # for each part, of which lines it counts
        self.facts: dict[tuple[int, ...], list[str]] = {}  # for each choice of shares the conditions of its facts

    def written(self) -> SourcePass | None:
        """The statement; None if there is no figure to ask for."""
        keys = self._add_keys()
        for number, (column, part) in enumerate(self.figures):
            self._add(number, column, part)
        if not self.cells:
            return None
        present = self._add_present()
        computed = ", ".join(f"{sql} AS {name}" for sql, name in (*keys, *self.inner.items())) or "1 AS line"
        inner = self.parts.select(f"SELECT {computed}", self.scope, self._conditions())
        where = "" if _EVERY in self.counted else f" WHERE {' OR '.join(dict.fromkeys(self.counted))}"
        named = [name for _, name in keys]
        ending = f" GROUP BY {', '.join(named)}" if named else ""
        chosen = ", ".join((*named, *self.outer))
        outer = f"SELECT {chosen} FROM ({inner}{self.parts.dialect.computed_once}) AS facts{where}"
        return SourcePass(
            query=self.parts.query(f"{outer}{ending}", self.parameters),
            kind=self.scope.record.kind,
            cells=tuple(self.cells),
            groups=self.groups,
            present=present,
            tells_undated=self.tells_undated,
        )

    def _add_keys(self) -> list[tuple[str, str]]:
        """The keys of a line with their names."""
        keys = [
            (key_sql(group, number, self.scope, self.parts.catalogue, self.day), f"k{number}")
            for number, group in enumerate(self.groups)
        ]
        if self.tells_undated:
            keys.append((f"CASE WHEN {self.day} IS NULL THEN 1 ELSE 0 END", _UNDATED))
        return keys

    def _conditions(self) -> list[str]:
        within = self.parts.within(
            self.day, self.period, self.parameters, keeps_unknown=self.tells_undated or self.period.is_open
        )
        years = self.parts.years(self.figures[0][1], self.scope, self.period, self.parameters)
        return [*years, *self.parts.common_conditions(self.scope, self.parameters), *within]

    def _computed(self, sql: str) -> str:
        """The name of an expression of the inner query; equal ones are computed once."""
        return self.inner.setdefault(sql, f"v{len(self.inner)}")

    def _add(self, number: int, column: ReportColumn, part: Part) -> None:
        condition = " AND ".join(self.parts.own_conditions(part, self.scope, self.parameters))
        counted = f"{self._computed(f'CASE WHEN {condition} THEN 1 ELSE 0 END')} = 1" if condition else _EVERY
        if column.aggregate == "distinct":
            if self.tells_undated:
                counted = f"({counted} AND {_UNDATED} = 1)"
                self.counted.append(counted)
                self._choose(_Cell(column.name, f"f{number}", (), only_undated=True), "1", counted)
            return
        self.counted.append(counted)
        value = self.parts.value(column, part, self.scope)
        name = value if value == "1" else self._computed(value)
        weights = self.parts.weights(self.groups, self.scope, is_money=self.is_money(column))
        named = [list(map(self._computed, own)) for own in weights]
        for shares, share, divided in self.parts.divided(name, named):
            both = " AND ".join([*([counted] if condition else []), *divided])
            if self.tells_undated and share != "1":
                share = f"CASE WHEN {_UNDATED} = 1 THEN 1 ELSE {share} END"
            label = "_".join((f"f{number}", *(str(share + 1) for share in shares)))
            self._choose(_Cell(column.name, label, shares), share, both)
            self.facts.setdefault(shares, []).append(both or _EVERY)

    def _choose(self, cell: _Cell, value: str, condition: str) -> None:
        self.cells.append(cell)
        self.outer.append(f"SUM({f'CASE WHEN {condition} THEN {value} END' if condition else value}) AS {cell.place}")

    def _add_present(self) -> dict[tuple[int, ...], str]:
        """Ask for each choice of shares whether it has facts; every line has some where nothing is divided."""
        undivided = (-1,) * len(self.groups)
        if self.facts.keys() <= {undivided}:
            return {undivided: ""}
        places: dict[str, str] = {}
        present = {}
        for shares, conditions in self.facts.items():
            condition = " OR ".join(dict.fromkeys(conditions))
            present[shares] = places.setdefault(condition, f"p{len(places)}")
        self.outer += [f"COUNT(CASE WHEN {condition} THEN 1 END) AS {place}" for condition, place in places.items()]
        return present


def is_single(scope: FieldScope) -> bool:
    """Whether each record is one line: not if its rows are counted, or if it belongs to several subjects."""
    return all(source.kind for source in scope.sources)


def source_passes(parts: StatementParts, is_money: Callable[[ReportColumn], bool]) -> Iterator[SourcePass]:
    """The statements for all figures of a report but the numbers of different things."""
    sources: dict[tuple[str, str, bool], list[tuple[ReportColumn, Part]]] = {}
    for column in parts.question.report.columns:
        for part in column.figures:
            sources.setdefault((part.of, part.day, column.cumulative), []).append((column, part))
    for figures in sources.values():
        if (asked := _PassWriter(parts, figures, is_money).written()) is not None:
            yield asked
