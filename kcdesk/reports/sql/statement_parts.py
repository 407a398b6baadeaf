"""What the statements of a report share: the tables of a part, its values, days and conditions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from kcdesk.reports.expressions import Call, parsed
from kcdesk.reports.model import Group, Part, ReportColumn
from kcdesk.reports.report_period import Period
from kcdesk.reports.report_question import Query, ReportQuestion
from kcdesk.reports.scope import ENTRY, Catalogue, FieldScope
from kcdesk.reports.sql.conditions_sql import SIGNS, Parameters, condition_sql
from kcdesk.reports.sql.dialects import Dialect
from kcdesk.reports.sql.expressions_sql import expression_sql
from kcdesk.reports.sql.row_keys import places_with

TIMES = "times"  # in the condition of `having`: how many records are wanted


class StatementParts:
    """Writes the parts of the statements of one question."""

    def __init__(self, question: ReportQuestion, catalogue: Catalogue, dialect: Dialect) -> None:
        self.question, self.catalogue, self.dialect = question, catalogue, dialect

    def period(self, column: ReportColumn) -> Period:
        """The days of a column: those of the question, or all until their end."""
        return self.question.period.until_its_end if column.cumulative else self.question.period

    def value(self, column: ReportColumn, part: Part, scope: FieldScope) -> str:
        """The value of one record or row; 1 for a count."""
        if not part.value:
            return "1"
        value = self.expression(part.value, scope)
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE 1 END" if column.aggregate == "count" else value

    def weights(self, groups: Sequence[Group], scope: FieldScope, *, is_money: bool) -> list[list[str]]:
        """For each group the amounts by which it divides money; none for other groups, and for what is no money."""
        splits = (group.splits if is_money else () for group in groups)
        return [[f"COALESCE({self.expression(split.weight, scope.subject)}, 0)" for split in own] for own in splits]

    def divided(self, value: str, weights: Sequence[Sequence[str]]) -> Iterator[tuple[tuple[int, ...], str, list[str]]]:
        """Every choice of a share for each group: the shares, what they leave of a value, and the conditions.

        `weights` are those of each group, none for a group that does not divide the value.
        """
        for shares in product(*(range(-1, len(own)) for own in weights)):
            left, conditions = value, []
            for share, own in zip(shares, weights, strict=True):
                if own:
                    left, condition = self._share(share, left, own)
                    conditions.append(condition)
            yield shares, left, conditions

    def _share(self, share: int, value: str, weights: Sequence[str]) -> tuple[str, str]:
        """A key's share of a value, rounded so that the shares add up, and the condition of the statement.

        The share -1 stands for the subjects without weights, whose whole value goes to the key of their field.
        """
        whole = f"({' + '.join(weights)})"
        if share < 0:
            return value, f"{whole} = 0"
        upto = self._rounded_share(value, weights[: share + 1], whole, is_last=share == len(weights) - 1)
        before = self._rounded_share(value, weights[:share], whole, is_last=False) if share else "0"
        return f"({upto} - {before})", f"({whole} <> 0 AND {weights[share]} <> 0)"

    def _rounded_share(self, value: str, weights: Sequence[str], whole: str, *, is_last: bool) -> str:
        if is_last:
            return value
        return self.dialect.rounded(
            self.dialect.quotient(f"{self.dialect.real(value)} * ({' + '.join(weights)})", whole)
        )

    def scope(self, of: str) -> FieldScope:
        """The record or row that a part counts, with the records above it."""
        return FieldScope(self.catalogue, self.catalogue.chain(of, self.question.report.subject))

    def expression(self, text: str, scope: FieldScope) -> str:
        """An expression of a definition."""
        return expression_sql(parsed(text), scope, self.dialect, self.question.end)

    def day(self, part: Part, scope: FieldScope) -> str:
        """The day that puts a record or row of a part into a period."""
        if part.day:
            return self.expression(part.day, scope)
        return self.expression(self.question.report.day, scope.subject)

    def years(self, part: Part, scope: FieldScope, period: Period, parameters: Parameters) -> Iterator[str]:
        """What follows from a day inside the period for the year that keeps it: an index can look that up."""
        own = bool(part.day)
        tree = parsed(part.day if own else self.question.report.day)
        if not isinstance(tree, Call) or tree.function != "within":
            return
        tree = tree.operands[0]
        while isinstance(tree, Call) and tree.function == "first":
            tree = tree.operands[0]  # if it is empty, another one may be in the period
        year = expression_sql(tree, scope if own else scope.subject, self.dialect, self.question.end)
        bounds = [
            f"{year} {sign} {parameters.add(day.year)}"
            for sign, day in ((">=", period.first), ("<=", period.last))
            if day is not None
        ]
        if bounds:
            yield f"({year} IS NULL OR ({' AND '.join(bounds)}))"

    def conditions(self, part: Part, scope: FieldScope, parameters: Parameters) -> list[str]:
        """Which records or rows a part counts, whatever their day."""
        return [*self.own_conditions(part, scope, parameters), *self.common_conditions(scope, parameters)]

    def common_conditions(self, scope: FieldScope, parameters: Parameters) -> list[str]:
        """The conditions of every part of the report."""
        common = condition_sql(self.question.report.when, scope.subject, parameters)
        return [*common, *self.asked(scope, parameters)]

    def own_conditions(self, part: Part, scope: FieldScope, parameters: Parameters) -> list[str]:
        """The conditions that a part adds to those of the report."""
        conditions = list(condition_sql(part.when, scope, parameters))
        if part.positive:
            conditions.append(f"{self.expression(part.value, scope)} > 0")
        for word, kinds in (("IN", part.having), ("NOT IN", part.without)):
            conditions += [self._linked(word, kind, kinds[kind], scope, parameters) for kind in kinds]
        return conditions

    def asked(self, scope: FieldScope, parameters: Parameters) -> Iterator[str]:
        """The conditions of the question: whose records, and which."""
        if self.question.units:
            places = ", ".join(parameters.add(unit) for unit in self.question.units)
            yield f"{scope.subject.record.column('unit')} IN ({places})"
        yield from condition_sql(self.question.when, scope.subject, parameters)
        if self.question.unconfirmed:
            yield f"{scope.subject.record.column('id')} NOT IN {self.ids(parameters)}"

    def ids(self, parameters: Parameters) -> str:
        """The list of records whose result is not confirmed."""
        return self.dialect.entries(parameters.add(json.dumps(self.question.unconfirmed)))

    def _linked(self, word: str, kind: str, condition: object, scope: FieldScope, parameters: Parameters) -> str:
        """Whether the subject has records of a kind for which a condition holds, or as many as it says.

        One list of all such subjects is asked, because a question for each subject would read the kind every time.
        """
        wanted = dict(condition) if isinstance(condition, Mapping) else {}
        times = wanted.pop(TIMES, None)
        other = self.catalogue.record(kind).under(f"linked_{kind}")
        link = self.catalogue.link(kind, self.question.report.subject)
        tie, entries = other.column(link.field), ""
        if link.entries:
            named = self.catalogue.named(link.entries, (f"{kind}_id", ENTRY), "entry_of")
            entries = f' JOIN {named} ON entry_of."{kind}_id" = {other.column("id")}'
            tie = f'entry_of."{ENTRY}"'
        conditions = condition_sql(wanted, FieldScope(self.catalogue, [other]), parameters)
        where = " AND ".join((f"{tie} IS NOT NULL", *conditions))
        counted = self._counted(times, parameters) if isinstance(times, Mapping) else ""
        ending = f" GROUP BY {tie} HAVING {counted}" if counted else ""
        tables = f"{self.catalogue.table(other)}{entries}"
        return f"{scope.subject.record.column('id')} {word} (SELECT {tie} FROM {tables} WHERE {where}{ending})"

    def _counted(self, times: Mapping[str, object], parameters: Parameters) -> str:
        return " AND ".join(f"COUNT(*) {SIGNS[sign]} {parameters.add(limit)}" for sign, limit in times.items())

    def within(self, day: str, period: Period, parameters: Parameters, *, keeps_unknown: bool) -> Iterator[str]:
        """The conditions that a day lies in the period; an unknown day lies in none but the open one."""
        bounds = []
        if period.first is not None:
            bounds.append(f"{day} >= {parameters.add(period.first.isoformat())}")
        if period.last is not None:
            bounds.append(f"{day} <= {parameters.add(period.last.isoformat())}")
        if bounds:
            inside = " AND ".join(bounds)
            yield f"({inside} OR {day} IS NULL)" if keeps_unknown else f"({inside})"

    def select(self, select: str, scope: FieldScope, conditions: Sequence[str]) -> str:
        """A statement over the tables of a scope; written last, because names add tables."""
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"{select} {' '.join(scope.joins())}{where}"

    def query(self, sql: str, parameters: Parameters) -> Query:
        """The statement with the tables of places that its keys need."""
        tables = places_with(self.question.groups, self.catalogue.forms, self.question.regions)
        return Query(f"{tables}{sql}", parameters.values)
