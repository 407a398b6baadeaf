"""The queries of a report: for each figure the records that make it, each with its keys and its value.

A fact is one line `record, kind, k0 … kn, value`. A number of the report is the sum of the facts with its keys, and the
records behind the number are the same facts, so that both always agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kcdesk.reports import opening
from kcdesk.reports.model import Apart, Group, Part, ReportColumn
from kcdesk.reports.report_question import Query, ReportQuestion
from kcdesk.reports.scope import Catalogue, FieldScope
from kcdesk.reports.source_passes import is_single
from kcdesk.reports.sql.conditions_sql import Parameters, condition_sql
from kcdesk.reports.sql.dialects import Dialect
from kcdesk.reports.sql.row_keys import key_sql
from kcdesk.reports.sql.statement_parts import StatementParts


class Facts:
    """Writes the statements of one question."""

    def __init__(self, question: ReportQuestion, catalogue: Catalogue, dialect: Dialect) -> None:
        self.question, self.catalogue, self.dialect = question, catalogue, dialect
        self.parts = StatementParts(question, catalogue, dialect)

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
        return self.parts.query(f"SELECT {chosen} FROM ({facts}) AS facts{ending}", parameters)

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
            return self.parts.query(f"{sql}{where} GROUP BY value ORDER BY value", parameters)
        sql = f"SELECT record, kind, SUM(value) AS value FROM ({facts}) AS facts{where} GROUP BY record, kind"
        return self.parts.query(f"{sql} ORDER BY SUM(value) DESC, record", parameters)

    @property
    def has_openings(self) -> bool:
        """Whether these forms have opening totals and a column counts them."""
        columns = self.question.report.columns
        return any(column.opening for column in columns) and opening.KIND in self.catalogue.forms.kinds

    def opened(self, column: ReportColumn, *, by_groups: bool = False) -> Query | None:
        """The part of a column that comes from opening totals; None if it has none."""
        if not column.opening or opening.KIND not in self.catalogue.forms.kinds:
            return None
        parameters = Parameters(self.dialect)
        groups = self.question.groups if by_groups else ()
        keys = _keys(len(groups))
        ending = f" GROUP BY {', '.join(keys)}" if keys else ""
        facts = self._opening(column, groups, parameters)
        chosen = ", ".join((*keys, "SUM(value) AS value"))
        return self.parts.query(f"SELECT {chosen} FROM ({facts}) AS facts{ending}", parameters)

    def opened_partly(self) -> Query | None:
        """The number of opening totals that have years both inside and outside the period; None if none counts."""
        if not self.has_openings:
            return None
        parameters = Parameters(self.dialect)
        scope = FieldScope(self.catalogue, [self.catalogue.record(opening.KIND)])
        conditions = [
            *opening.asked(scope, self.question.units, self.question.when, parameters),
            *opening.partly(scope, self.question.period, parameters),
        ]
        return self.parts.query(self.parts.select("SELECT COUNT(*) AS number", scope, conditions), parameters)

    def opened_drafts(self) -> Query | None:
        """The number of opening totals that count although they are not final yet; None if none counts."""
        if not self.has_openings:
            return None
        period = self.question.period
        if any(column.cumulative for column in self.question.report.columns if column.opening):
            period = period.until_its_end
        parameters = Parameters(self.dialect)
        scope = FieldScope(self.catalogue, [self.catalogue.record(opening.KIND)])
        locked = tuple(self.catalogue.forms.workflow(opening.KIND).locked)
        conditions = [
            *condition_sql({"state": {"is_not": locked}}, scope, parameters),
            *opening.asked(scope, self.question.units, self.question.when, parameters),
            *opening.within(scope, period, parameters),
        ]
        return self.parts.query(self.parts.select("SELECT COUNT(*) AS number", scope, conditions), parameters)

    def _opening(self, column: ReportColumn, groups: tuple[Group, ...], parameters: Parameters) -> str:
        period = self.parts.period(column)
        scope = opening.scope_of(self.catalogue, column)
        conditions = [
            *opening.of_indicator(scope, column, parameters),
            *condition_sql(column.opening_when, scope, parameters),
            *opening.asked(scope, self.question.units, self.question.when, parameters),
            *opening.within(scope, period, parameters),
        ]
        return opening.total_facts(scope, column, groups, conditions)

    def without_day(self) -> Iterator[tuple[str, Query]]:
        """The kind, and the records that no period can take for each figure, of the sources whose pass tells it not.

        One statement asks for all figures of a source, because each would read all its records.
        """
        sources: dict[tuple[str, str], list[Part]] = {}
        for column in self.question.report.columns:
            is_open = self.parts.period(column).is_open
            for part in column.figures:
                if is_open or not is_single(self.parts.scope(part.of)):
                    sources.setdefault((part.of, part.day), []).append(part)
        for (of, _day), parts in sources.items():
            parameters = Parameters(self.dialect)
            scope = self.parts.scope(of)
            record = scope.record
            numbers = []
            for place, part in enumerate(parts):
                counts = " AND ".join(self.parts.conditions(part, scope, parameters)) or "1 = 1"
                numbers.append(f"COUNT(DISTINCT CASE WHEN {counts} THEN {record.column('id')} END) AS n{place}")
            conditions = [f"{self.parts.day(parts[0], scope)} IS NULL"]
            select = self.parts.select(f"SELECT {', '.join(numbers)}", scope, conditions)
            yield record.kind, self.parts.query(select, parameters)

    def aparts(self) -> Iterator[tuple[list[Apart], Query]]:
        """For the notes on records counted apart, by source and day: the number of each, `n0` …, and the sum, `v0` …"""
        sources: dict[tuple[str, str], list[Apart]] = {}
        for apart in self.question.report.aparts:
            sources.setdefault((apart.of, apart.day), []).append(apart)
        for (of, day), aparts in sources.items():
            yield aparts, self._aparts_of(of, day, aparts)

    def _aparts_of(self, of: str, day: str, aparts: Sequence[Apart]) -> Query:
        """One statement for a source; those of another kind belong to records of the subject that do count."""
        parameters = Parameters(self.dialect)
        scope = self.parts.scope(of)
        chosen, counted = [], []
        for number, apart in enumerate(aparts):
            condition = " AND ".join(condition_sql(apart.when, scope, parameters)) or "1 = 1"
            value = self.parts.expression(apart.value, scope) if apart.value else "0"
            chosen.append(f"COUNT(CASE WHEN {condition} THEN 1 END) AS n{number}")
            chosen.append(f"SUM(CASE WHEN {condition} THEN {value} END) AS v{number}")
            counted.append(f"({condition})")
        on = self.parts.day(Part(day=day), scope)
        conditions = [
            f"({' OR '.join(counted)})",
            *(condition_sql(self.question.report.when, scope.subject, parameters) if of else ()),
            *self.parts.years(Part(day=day), scope, self.question.period, parameters),
            *self.parts.asked(scope, parameters),
            *self.parts.within(on, self.question.period, parameters, keeps_unknown=True),
        ]
        return self.parts.query(self.parts.select(f"SELECT {', '.join(chosen)}", scope, conditions), parameters)

    def unconfirmed(self) -> Query:
        """The number of records of the period whose result only the unit vouches for."""
        parameters = Parameters(self.dialect)
        scope = self.parts.scope("")
        conditions = [
            *condition_sql(self.question.report.when, scope, parameters),
            f"{scope.record.column('id')} IN {self.parts.ids(parameters)}",
            *self.parts.within(self.parts.day(Part(), scope), self.question.period, parameters, keeps_unknown=True),
        ]
        return self.parts.query(self.parts.select("SELECT COUNT(*) AS number", scope, conditions), parameters)

    # ---- facts

    def _facts(
        self, column: ReportColumn, groups: tuple[Group, ...], parameters: Parameters, *, is_money: bool
    ) -> Iterator[str]:
        for part in column.figures:
            yield from self._part_facts(column, part, groups, parameters, is_money=is_money)
        if column.opening and opening.KIND in self.catalogue.forms.kinds:
            yield self._opening(column, groups, parameters)

    def _part_facts(
        self,
        column: ReportColumn,
        part: Part,
        groups: tuple[Group, ...],
        parameters: Parameters,
        *,
        is_money: bool,
    ) -> Iterator[str]:
        """One statement, or one for each share of the money when a group divides it."""
        scope, period = self.parts.scope(part.of), self.parts.period(column)
        value, day = self.parts.value(column, part, scope), self.parts.day(part, scope)
        conditions = [
            *self.parts.years(part, scope, period, parameters),
            *self.parts.conditions(part, scope, parameters),
            *self.parts.within(day, period, parameters, keeps_unknown=period.is_open),
        ]
        keys = [key_sql(group, number, scope, self.catalogue, day) for number, group in enumerate(groups)]
        weights = self.parts.weights(groups, scope, is_money=is_money)
        record = scope.record
        for shares, left, divided in self.parts.divided(value, weights):
            named = (
                f"{parameters.add(group.splits[share].key) if share >= 0 else key} AS k{number}"
                for number, (group, share, key) in enumerate(zip(groups, shares, keys, strict=True))
            )
            chosen = (f"{record.column('id')} AS record", f"'{record.kind}' AS kind", *named, f"{left} AS value")
            yield self.parts.select(f"SELECT {', '.join(chosen)}", scope, [*conditions, *divided])


def _keys(count: int) -> list[str]:
    return [f"k{number}" for number in range(count)]
