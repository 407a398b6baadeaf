"""The queries of a report: for each figure the records that make it, each with its keys and its value.

A fact is one line `record, kind, k0 … kn, value`. A number of the report is the sum of the facts with its keys, and the
records behind the number are the same facts, so that both always agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from kcdesk import moments
from kcdesk.formdef.model import Condition
from kcdesk.reports import opening
from kcdesk.reports.expressions import parsed
from kcdesk.reports.model import Apart, Group, Part, PlaceRegion, Report, ReportColumn
from kcdesk.reports.report_period import Period
from kcdesk.reports.scope import ENTRY, Catalogue, FieldScope
from kcdesk.reports.sql.conditions_sql import SIGNS, Parameters, condition_sql
from kcdesk.reports.sql.dialects import Dialect
from kcdesk.reports.sql.expressions_sql import expression_sql
from kcdesk.reports.sql.row_keys import key_sql, places_with

TIMES = "times"  # in the condition of `having`: how many records are wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuestion:
    """What is asked of a report: its rows, its period, whose records, and which records of the subject only."""

    report: Report
    groups: tuple[Group, ...]
    period: Period
    units: tuple[str, ...] = ()  # codes and names of the units whose records count; empty: all
    when: Condition = field(default_factory=dict)
    today: date = field(default_factory=moments.today)
    regions: tuple[PlaceRegion, ...] = ()
    unconfirmed: tuple[str, ...] = ()  # ids of records of the subject that do not count

    @property
    def end(self) -> str:
        """The day up to which delays are counted: the end of the period, today at the latest."""
        return min(self.period.last or self.today, self.today).isoformat()


@dataclass(frozen=True, slots=True)
class Query:
    """A statement with its bound values."""

    sql: str
    values: Mapping[str, object]


class Facts:
    """Writes the statements of one question."""

    def __init__(self, question: ReportQuestion, catalogue: Catalogue, dialect: Dialect) -> None:
        self.question, self.catalogue, self.dialect = question, catalogue, dialect

    # ---- statements

    def sums(self, column: ReportColumn, *, is_money: bool, by_groups: bool = True) -> Query:
        """The figure of a column for each combination of keys."""
        parameters = Parameters(self.dialect)
        groups = self.question.groups if by_groups else ()
        facts = " UNION ALL ".join(self._facts(column, groups, parameters, is_money=is_money))
        keys = _keys(len(groups))
        figure = "COUNT(DISTINCT value)" if column.aggregate == "distinct" else "SUM(value)"
        chosen = ", ".join((*keys, f"{figure} AS value"))
        ending = f" GROUP BY {', '.join(keys)}" if keys else ""
        return self._query(f"SELECT {chosen} FROM ({facts}) AS facts{ending}", parameters)

    def records(self, column: ReportColumn, keys: Sequence[str | None], *, is_money: bool) -> Query:
        """The records behind a number, each with what it adds to it; `keys` is () for the total."""
        parameters = Parameters(self.dialect)
        groups = self.question.groups if keys else ()
        facts = " UNION ALL ".join(self._facts(column, groups, parameters, is_money=is_money))
        wanted = [
            f"k{number} IS NULL" if key is None else f"k{number} = {parameters.add(key)}"
            for number, key in enumerate(keys)
        ]
        where = f" WHERE {' AND '.join(('value IS NOT NULL', *wanted))}"
        if column.aggregate == "distinct":
            sql = f"SELECT MIN(record) AS record, MIN(kind) AS kind, value AS entry, 1 AS value FROM ({facts}) AS facts"
            return self._query(f"{sql}{where} GROUP BY value ORDER BY value", parameters)
        sql = f"SELECT record, kind, SUM(value) AS value FROM ({facts}) AS facts{where} GROUP BY record, kind"
        return self._query(f"{sql} ORDER BY SUM(value) DESC, record", parameters)

    def opened(self, column: ReportColumn) -> Query | None:
        """The part of a column that comes from opening totals; None if it has none."""
        if not column.opening or opening.KIND not in self.catalogue.forms.kinds:
            return None
        parameters = Parameters(self.dialect)
        return self._query(
            f"SELECT SUM(value) AS value FROM ({self._opening(column, (), parameters)}) AS facts", parameters
        )

    def opened_partly(self) -> Query | None:
        """The number of opening totals that have years both inside and outside the period; None if none counts."""
        counts = any(column.opening for column in self.question.report.columns)
        if not counts or opening.KIND not in self.catalogue.forms.kinds:
            return None
        parameters = Parameters(self.dialect)
        scope = FieldScope(self.catalogue, [self.catalogue.record(opening.KIND)])
        conditions = [
            *opening.asked(scope, self.question.units, self.question.when, parameters),
            *opening.partly(scope, self.question.period, parameters),
        ]
        return self._query(self._select("SELECT COUNT(*) AS number", scope, conditions), parameters)

    def _opening(self, column: ReportColumn, groups: tuple[Group, ...], parameters: Parameters) -> str:
        period = self.question.period.until_its_end if column.cumulative else self.question.period
        scope = opening.scope_of(self.catalogue, column)
        conditions = [
            *opening.of_indicator(scope, column, parameters),
            *condition_sql(column.opening_when, scope, parameters),
            *opening.asked(scope, self.question.units, self.question.when, parameters),
            *opening.within(scope, period, parameters),
        ]
        return opening.total_facts(scope, column, groups, conditions)

    def without_day(self) -> Iterator[tuple[str, Query]]:
        """For each source of figures and its day: the kind, and the records that no period can take, for each figure.

        One statement asks for all figures of a source, because each would read all its records.
        """
        sources: dict[tuple[str, str], list[Part]] = {}
        for column in self.question.report.columns:
            for part in column.figures:
                sources.setdefault((part.of, part.day), []).append(part)
        for (of, _day), parts in sources.items():
            parameters = Parameters(self.dialect)
            scope = self._scope(of)
            record = scope.record
            numbers = []
            for place, part in enumerate(parts):
                counts = " AND ".join(self._conditions(part, scope, parameters)) or "1 = 1"
                numbers.append(f"COUNT(DISTINCT CASE WHEN {counts} THEN {record.column('id')} END) AS n{place}")
            conditions = [f"{self._day(parts[0], scope)} IS NULL"]
            yield record.kind, self._query(self._select(f"SELECT {', '.join(numbers)}", scope, conditions), parameters)

    def apart(self, apart: Apart) -> Query:
        """The number of records that are counted apart, and the sum of their value."""
        parameters = Parameters(self.dialect)
        scope = self._scope("")
        day = self._day(Part(), scope)
        value = self._expression(apart.value, scope) if apart.value else "NULL"
        conditions = [
            *condition_sql(apart.when, scope, parameters),
            *self._asked(scope, parameters),
            *self._within(day, self.question.period, parameters, keeps_unknown=True),
        ]
        select = f"SELECT COUNT(*) AS number, SUM({value}) AS value"
        return self._query(self._select(select, scope, conditions), parameters)

    def unconfirmed(self) -> Query:
        """The number of records of the period whose result only the unit vouches for."""
        parameters = Parameters(self.dialect)
        scope = self._scope("")
        conditions = [
            *condition_sql(self.question.report.when, scope, parameters),
            f"{scope.record.column('id')} IN {self._ids(parameters)}",
            *self._within(self._day(Part(), scope), self.question.period, parameters, keeps_unknown=True),
        ]
        return self._query(self._select("SELECT COUNT(*) AS number", scope, conditions), parameters)

    # ---- facts

    def _facts(
        self, column: ReportColumn, groups: tuple[Group, ...], parameters: Parameters, *, is_money: bool
    ) -> Iterator[str]:
        period = self.question.period.until_its_end if column.cumulative else self.question.period
        for part in column.figures:
            yield from self._part_facts(column, part, groups, period, parameters, is_money=is_money)
        if column.opening and opening.KIND in self.catalogue.forms.kinds:
            yield self._opening(column, groups, parameters)

    def _part_facts(
        self,
        column: ReportColumn,
        part: Part,
        groups: tuple[Group, ...],
        period: Period,
        parameters: Parameters,
        *,
        is_money: bool,
    ) -> Iterator[str]:
        """One statement, or one for each share of the money when a group divides it."""
        splits = [group.splits if is_money and group.splits else () for group in groups]
        for shares in product(*(range(-1, len(split)) for split in splits)):
            scope = self._scope(part.of)
            value = self._value(column, part, scope)
            day = self._day(part, scope)
            conditions = [
                *self._conditions(part, scope, parameters),
                *self._within(day, period, parameters, keeps_unknown=period.is_open),
            ]
            keys = []
            for number, (group, share) in enumerate(zip(groups, shares, strict=True)):
                key = key_sql(group, number, scope, self.catalogue, day)
                if splits[number]:
                    value, condition = self._share(group, share, value, scope)
                    conditions.append(condition)
                    key = parameters.add(group.splits[share].key) if share >= 0 else key
                keys.append(f"{key} AS k{number}")
            record = scope.record
            chosen = [f"{record.column('id')} AS record", f"'{record.kind}' AS kind", *keys]
            select = f"SELECT {', '.join((*chosen, f'{value} AS value'))}"
            yield self._select(select, scope, conditions)

    def _value(self, column: ReportColumn, part: Part, scope: FieldScope) -> str:
        """The value of one record or row; 1 for a count."""
        if not part.value:
            return "1"
        value = self._expression(part.value, scope)
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE 1 END" if column.aggregate == "count" else value

    def _share(self, group: Group, share: int, value: str, scope: FieldScope) -> tuple[str, str]:
        """A key's share of a value, rounded so that the shares add up, and the condition of the statement.

        The share -1 stands for the subjects without weights, whose whole value goes to the key of their field.
        """
        weights = [f"COALESCE({self._expression(split.weight, scope.subject)}, 0)" for split in group.splits]
        whole = f"({' + '.join(weights)})"
        if share < 0:
            return value, f"{whole} = 0"
        upto = self._rounded_share(value, weights[: share + 1], whole, is_last=share == len(weights) - 1)
        before = self._rounded_share(value, weights[:share], whole, is_last=False) if share else "0"
        return f"({upto} - {before})", f"{whole} <> 0"

    def _rounded_share(self, value: str, weights: list[str], whole: str, *, is_last: bool) -> str:
        if is_last:
            return value
        return self.dialect.rounded(self.dialect.quotient(f"{value} * 1.0 * ({' + '.join(weights)})", whole))

    # ---- what the statements share

    def _scope(self, of: str) -> FieldScope:
        return FieldScope(self.catalogue, self.catalogue.chain(of, self.question.report.subject))

    def _expression(self, text: str, scope: FieldScope) -> str:
        return expression_sql(parsed(text), scope, self.dialect, self.question.end)

    def _day(self, part: Part, scope: FieldScope) -> str:
        if part.day:
            return self._expression(part.day, scope)
        return self._expression(self.question.report.day, scope.subject)

    def _conditions(self, part: Part, scope: FieldScope, parameters: Parameters) -> list[str]:
        conditions = [
            *condition_sql(part.when, scope, parameters),
            *condition_sql(self.question.report.when, scope.subject, parameters),
            *self._asked(scope, parameters),
        ]
        if part.positive:
            conditions.append(f"{self._expression(part.value, scope)} > 0")
        for word, kinds in (("IN", part.having), ("NOT IN", part.without)):
            conditions += [self._linked(word, kind, kinds[kind], scope, parameters) for kind in kinds]
        return conditions

    def _asked(self, scope: FieldScope, parameters: Parameters) -> Iterator[str]:
        """The conditions of the question: whose records, and which."""
        if self.question.units:
            places = ", ".join(parameters.add(unit) for unit in self.question.units)
            yield f"{scope.subject.record.column('unit')} IN ({places})"
        yield from condition_sql(self.question.when, scope.subject, parameters)
        if self.question.unconfirmed:
            yield f"{scope.subject.record.column('id')} NOT IN {self._ids(parameters)}"

    def _ids(self, parameters: Parameters) -> str:
        return self.dialect.entries(parameters.add(json.dumps(self.question.unconfirmed)))

    def _linked(self, word: str, kind: str, condition: object, scope: FieldScope, parameters: Parameters) -> str:
        """Whether the subject has records of a kind for which a condition holds, or as many as it says.

        One list of all such subjects is asked, because a question for each subject would read the kind every time.
        """
        wanted = dict(condition) if isinstance(condition, Mapping) else {}
        times = wanted.pop(TIMES, None)
        other = self.catalogue.record(kind).under(f"linked_{kind}")
        link = self.catalogue.link(kind, self.question.report.subject)
        tables, tie = f'"{other.view}" AS "{other.alias}"', other.column(link.field)
        if link.entries:
            tables += f' JOIN "{link.entries}" AS entry_of ON entry_of."{kind}_id" = {other.column("id")}'
            tie = f'entry_of."{ENTRY}"'
        conditions = condition_sql(wanted, FieldScope(self.catalogue, [other]), parameters)
        where = " AND ".join((f"{tie} IS NOT NULL", *conditions))
        counted = self._counted(times, parameters) if isinstance(times, Mapping) else ""
        ending = f" GROUP BY {tie} HAVING {counted}" if counted else ""
        return f"{scope.subject.record.column('id')} {word} (SELECT {tie} FROM {tables} WHERE {where}{ending})"

    def _counted(self, times: Mapping[str, object], parameters: Parameters) -> str:
        return " AND ".join(f"COUNT(*) {SIGNS[sign]} {parameters.add(limit)}" for sign, limit in times.items())

    def _within(self, day: str, period: Period, parameters: Parameters, *, keeps_unknown: bool) -> Iterator[str]:
        """The conditions that a day lies in the period; an unknown day lies in none but the open one."""
        bounds = []
        if period.first is not None:
            bounds.append(f"{day} >= {parameters.add(period.first.isoformat())}")
        if period.last is not None:
            bounds.append(f"{day} <= {parameters.add(period.last.isoformat())}")
        if bounds:
            inside = " AND ".join(bounds)
            yield f"({inside} OR {day} IS NULL)" if keeps_unknown else f"({inside})"

    def _select(self, select: str, scope: FieldScope, conditions: Sequence[str]) -> str:
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"{select} {' '.join(scope.joins())}{where}"

    def _query(self, sql: str, parameters: Parameters) -> Query:
        tables = places_with(self.question.groups, self.catalogue.forms, self.question.regions)
        return Query(f"{tables}{sql}", parameters.values)


def _keys(count: int) -> list[str]:
    return [f"k{number}" for number in range(count)]
