"""Runs a report: asks its queries, computes its formulas, labels its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.loading.toml_reader import nearest
from kcdesk.reports import indicator_table, notes, opening
from kcdesk.reports.expressions import names_in, parsed
from kcdesk.reports.facts import Facts
from kcdesk.reports.formulas import evaluate, signed_columns
from kcdesk.reports.labels import Keys, RowLabels, titles_of
from kcdesk.reports.model import Group, ReportColumn, Reports
from kcdesk.reports.report_question import Query, ReportQuestion
from kcdesk.reports.report_source import ReportSource
from kcdesk.reports.report_table import (
    KEY_SEPARATOR,
    TOTAL,
    BehindFigure,
    Figure,
    ReportRow,
    ReportTable,
    TableColumn,
    adding_up,
    described,
    rounded,
)
from kcdesk.reports.scope import Catalogue, Relation, as_view
from kcdesk.reports.source_passes import source_passes
from kcdesk.reports.sql.dialects import Dialect, SQLite
from kcdesk.reports.sql.row_keys import PLACE_TABLES
from kcdesk.runtime.frozen import replace
from kcdesk.text import fold

_KINDS = ("tinh ", "thanh pho ", "tp. ", "tp ")
_SHARE_STEP = Decimal("0.1")
_Sums = dict[str, Decimal | None]  # by column


@dataclass
class Engine:
    """Runs the reports of a store; `unit_names` are the offices by code."""

    reader: ReportSource
    reports: Reports
    unit_names: Mapping[str, str] = field(default_factory=dict)
    dialect: Dialect = field(default_factory=SQLite)
    relation: Relation = as_view

    def __post_init__(self) -> None:
        self.catalogue = Catalogue(self.reader.forms, self.relation)

    # ---- a whole table

    def run(self, question: ReportQuestion) -> ReportTable:
        """The table that a question asks for."""
        if question.report.indicators_as_rows and not question.groups:
            return indicator_table.of(self, question)
        return self.run_by_groups(question)

    def run_by_groups(self, question: ReportQuestion) -> ReportTable:
        """The table with a column for each figure."""
        facts = Facts(question, self.catalogue, self.dialect)
        sums, undated = self._sums(facts)
        total, opening_total = self._totals(facts, sums), self._opening_totals(facts)
        report = question.report
        labelled = [
            RowLabels(self.reader, self.catalogue, question, group, self.unit_names) for group in question.groups
        ]
        rows = self._rows(question, sums, total, labelled)
        return ReportTable(
            name=report.id,
            title=report.label,
            period=question.period,
            period_name=question.period.name,
            source=report.source,
            group_labels=tuple(group.label for group in question.groups),
            columns=tuple(map(self._column, report.shown)),
            rows=tuple(rows),
            total=ReportRow(keys=(), labels=("Tổng cộng",), values=self._total_figures(question, total)),
            opening=ReportRow(
                keys=(),
                labels=("Trong đó số đầu kỳ",),
                values={name: rounded(value, self._rounding(name, question)) for name, value in opening_total.items()},
            ),
            notes=tuple(notes.of(self.reader, facts, opening_total, undated)),
            unit_name=", ".join(dict.fromkeys(self.unit_names.get(unit, unit) for unit in question.units)),
            empty_label=report.empty_label,
        )

    def totals(self, question: ReportQuestion) -> Mapping[str, Figure]:
        """The figures of the line of totals alone, without rows and notes."""
        facts = Facts(question, self.catalogue, self.dialect)
        return self._total_figures(question, self._totals(facts, self._sums(facts)[0]))

    def _sums(self, facts: Facts) -> tuple[dict[Keys, _Sums], dict[str, int]]:
        """The figures of every column that is no formula, by keys; the numbers of records without a day, by kind."""
        sums: dict[Keys, _Sums] = defaultdict(dict)
        undated: dict[str, int] = {}
        names = self._names(facts.question)
        for asked in source_passes(facts.parts, self._is_money):
            lines = self._lines(asked.query)
            for spelled, name, value in asked.figures(lines):
                row = sums[_keys(names, spelled)]
                if name:
                    row[name] = (row.get(name) or Decimal(0)) + _decimal(value)
            undated[asked.kind] = max(undated.get(asked.kind, 0), asked.undated(lines))
        has_openings = self._has_openings(facts)
        for column in facts.question.report.columns:
            for line in self._asked_apart(facts, column, has_openings=has_openings):
                row = sums[_keys(names, _spelling(line, len(names)))]
                row[column.name] = (row.get(column.name) or Decimal(0)) + _decimal(line["value"])
        return sums, undated

    def _asked_apart(self, facts: Facts, column: ReportColumn, *, has_openings: bool) -> list[dict[str, Any]]:
        """The figures of a column that no pass over its records gives: numbers of different things, opening totals."""
        if column.formula:
            return []
        if column.aggregate == "distinct":
            return self._asked(facts, column)
        query = facts.opened(column, by_groups=True) if has_openings else None
        return self._lines(query) if query else []

    def _has_openings(self, facts: Facts) -> bool:
        """Whether this store has opening totals that a column counts."""
        return facts.has_openings and bool(self._lines(opening.ANY))

    def _lines(self, query: Query) -> list[dict[str, Any]]:
        return self.reader.query(query.sql, query.values)

    def _asked(self, facts: Facts, column: ReportColumn) -> list[dict[str, Any]]:
        return self._lines(facts.sums(column, is_money=self._is_money(column)))

    def _names(self, question: ReportQuestion) -> list[Mapping[str, str]]:
        """For each group the keys by the names that opening totals use."""
        return [self._names_of(group, question) for group in question.groups]

    def _names_of(self, group: Group, question: ReportQuestion) -> Mapping[str, str]:
        """The keys by the names that opening totals use."""
        if group.field == "unit":
            return {_bare(name): code for code, name in self.unit_names.items()}
        provinces = self.reader.forms.places.provinces if group.part in PLACE_TABLES else ()
        if group.part == "new_province":
            return {_bare(province.name): province.code for province in provinces}
        regions = question.regions if group.part == "new_region" else ()
        of_province = {code: region.name for region in regions for code in region.provinces}
        named = {_bare(item.name): of_province[item.code] for item in provinces if item.code in of_province}
        return named | {_bare(region.label): region.name for region in regions}

    def _totals(self, facts: Facts, sums: Mapping[Keys, _Sums]) -> _Sums:
        """The totals: sums of the rows, but different things are counted anew because rows may share them."""
        total: _Sums = {}
        for column in facts.question.report.columns:
            if column.formula:
                continue
            if column.aggregate == "distinct" and facts.question.groups:
                lines = self._lines(facts.sums(column, is_money=False, by_groups=False))
                total[column.name] = _decimal(lines[0]["value"] if lines else 0)
            else:
                total[column.name] = sum((row.get(column.name) or Decimal(0) for row in sums.values()), Decimal(0))
        return total

    def _opening_totals(self, facts: Facts) -> _Sums:
        """What of the totals comes from opening totals."""
        has_openings = self._has_openings(facts)
        return {
            column.name: self._opened(facts, column) if has_openings else Decimal(0)
            for column in facts.question.report.columns
            if not column.formula
        }

    def _opened(self, facts: Facts, column: ReportColumn) -> Decimal:
        query = facts.opened(column)
        return sum((_decimal(line["value"]) for line in self._lines(query)), Decimal(0)) if query else Decimal(0)

    # ---- rows

    def _rows(
        self, question: ReportQuestion, sums: Mapping[Keys, _Sums], total: _Sums, labelled: Sequence[RowLabels]
    ) -> list[ReportRow]:
        if not question.groups:
            return []
        keys = list(dict.fromkeys([*sums, *_empty_rows(labelled, sums)]))
        labels = [names.of(key[place] for key in keys) for place, names in enumerate(labelled)]
        exact = {key: self._exact(question, sums.get(key, {}), total) for key in keys}
        rows = [
            ReportRow(
                keys=key,
                labels=tuple(labels[place][part] for place, part in enumerate(key)),
                values=self._figures(question, exact[key]),
            )
            for key in keys
        ]
        rows.sort(key=lambda row: [names.place(row.keys[n], row.labels[n]) for n, names in enumerate(labelled)])
        rows = self._with_shares(question, rows, [exact[row.keys] for row in rows])
        if question.report.sort:
            rows.sort(key=lambda row: row.values[question.report.sort] or 0, reverse=True)
        return rows

    def _with_shares(self, question: ReportQuestion, rows: list[ReportRow], exact: Sequence[_Sums]) -> list[ReportRow]:
        """The rows with the shares that must add up to 100,0, which the exact shares decide."""
        for column in question.report.shown:
            shares = [values[column.name] for values in exact]
            whole = sum((share for share in shares if share is not None), Decimal(0))
            if column.adds_up and column.formula and abs(whole - 100) < _SHARE_STEP:
                shares = adding_up(shares, Decimal(100), _SHARE_STEP)
                rows = [
                    replace(row, values={**row.values, column.name: share})
                    for row, share in zip(rows, shares, strict=True)
                ]
        return rows

    def _total_figures(self, question: ReportQuestion, total: _Sums) -> dict[str, Figure]:
        return self._figures(question, self._exact(question, total, total))

    def _figures(self, question: ReportQuestion, exact: _Sums) -> dict[str, Figure]:
        """The shown columns of a row, rounded."""
        return {
            column.name: rounded(exact[column.name], self._rounding(column.name, question))
            for column in question.report.shown
        }

    def _exact(self, question: ReportQuestion, sums: _Sums, total: _Sums) -> _Sums:
        """Every column of a row, formulas too, as exactly as it is known."""
        columns = {column.name: column for column in question.report.columns}
        exact: _Sums = {}
        of_total: _Sums = {}

        def fill(name: str, row: _Sums, known: _Sums) -> None:
            if name in known:
                return
            column = columns[name]
            if not column.formula:
                known[name] = row.get(name) or Decimal(0)
                return
            tree = parsed(column.formula)
            for operand in names_in(tree):
                fill(operand, row, known)
                fill(operand, total, of_total)
            known[name] = evaluate(tree, known, of_total)

        for name in columns:
            fill(name, sums, exact)
        return exact

    # ---- the records behind a number

    def behind(self, question: ReportQuestion, row_key: str, column_name: str) -> list[BehindFigure]:
        """The records behind a number; UserError if there is no such row or column.

        Their values add up to the number. A rate has no sum: the records of all its operands are given, each with its
        column.
        """
        columns = {column.name: column for column in question.report.columns}
        if question.report.indicators_as_rows and not question.groups and row_key in columns:
            question = indicator_table.question_of(self, question, row_key, column_name)
            row_key, column_name = TOTAL, row_key
        if column_name not in columns:
            raise UserError(
                f"Báo cáo không có cột «{column_name}».", code="no_column", hint=_meant(column_name, columns)
            )
        keys = self._row_keys(question, row_key)
        column = columns[column_name]
        if not column.formula:
            return self._behind_column(question, column, keys, 1)
        operands = _base_columns(column, columns)
        return [
            line for name, sign in operands.items() for line in self._behind_column(question, columns[name], keys, sign)
        ]

    def _row_keys(self, question: ReportQuestion, row_key: str) -> Keys:
        if row_key == TOTAL or not question.groups:
            return ()
        keys = tuple(key or None for key in row_key.split(KEY_SEPARATOR))
        if len(keys) != len(question.groups):
            raise UserError(f"Báo cáo không có dòng «{row_key}».", code="no_row")
        return keys

    def _behind_column(
        self, question: ReportQuestion, column: ReportColumn, keys: Keys, sign: int
    ) -> list[BehindFigure]:
        facts = Facts(question, self.catalogue, self.dialect)
        lines = []
        for spelled in self._spellings(facts, column, keys):
            lines += self._lines(facts.records(column, spelled, is_money=self._is_money(column)))
        ids: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            ids[line["kind"]].append(line["record"])
        titles = {kind: titles_of(self.reader, self.catalogue, kind, named) for kind, named in ids.items()}
        described = self._column(column)
        return [
            BehindFigure(
                id=line["record"],
                kind=line["kind"],
                title=titles[line["kind"]].get(line["record"], ""),
                value=rounded(sign * _decimal(line["value"]), described.rounding),
                column=described,
            )
            for line in lines
        ]

    def _spellings(self, facts: Facts, column: ReportColumn, keys: Keys) -> list[Keys]:
        """The keys as the queries give them: an office by its code, and by its name in opening totals."""
        if not keys:
            return [()]
        lines = self._asked(facts, column)
        names = self._names(facts.question)
        spellings = [_spelling(line, len(keys)) for line in lines]
        return [spelled for spelled in spellings if _keys(names, spelled) == keys]

    # ---- columns

    def _column(self, column: ReportColumn) -> TableColumn:
        return described(column, self.reports.units[column.unit].rounding, self.reader.forms.law)

    def _is_money(self, column: ReportColumn) -> bool:
        return self.reports.units[column.unit].rounding == "money" and column.aggregate == "sum"

    def _rounding(self, name: str, question: ReportQuestion) -> Any:
        return self.reports.units[question.report.column(name).unit].rounding


def _spelling(line: Mapping[str, Any], count: int) -> Keys:
    """The keys of a line as the database gives them."""
    return tuple(line[f"k{number}"] for number in range(count))


def _keys(names: Sequence[Mapping[str, str]], spelled: Keys) -> Keys:
    """The keys of a row; an office or province that an opening total names stands for its code."""
    return tuple(
        (known.get(_bare(key), key) if known and key else key) or None
        for known, key in zip(names, spelled, strict=True)
    )


def _bare(name: str) -> str:
    """A name to compare, without the word that says what kind of province it is."""
    folded = fold(name)
    return next((folded.removeprefix(kind) for kind in _KINDS if folded.startswith(kind)), folded)


def _decimal(value: object) -> Decimal:
    """A figure of the database as an exact decimal; nothing is zero."""
    return Decimal(0) if value is None else Decimal(str(value))


def _empty_rows(labelled: Sequence[RowLabels], sums: Iterable[Keys]) -> list[Keys]:
    """The combinations of keys that have a row although no record has them."""
    known = list(sums)
    rows: list[Keys] = [()]
    for place, names in enumerate(labelled):
        keys = list(dict.fromkeys([*names.every(), *(key[place] for key in known)]))
        rows = [(*row, key) for row in rows for key in keys]
    every = any(names.every() for names in labelled)
    return rows if every else []


def _base_columns(column: ReportColumn, columns: Mapping[str, ReportColumn]) -> dict[str, int]:
    """The columns that are no formulas behind a formula; -1 for those that are subtracted."""
    tree = parsed(column.formula)
    signs = signed_columns(tree) or dict.fromkeys(names_in(tree), 1)
    base: dict[str, int] = {}
    for name, sign in signs.items():
        below = {name: 1} if not columns[name].formula else _base_columns(columns[name], columns)
        for inner, inner_sign in below.items():
            base.setdefault(inner, sign * inner_sign)
    return base


def _meant(name: str, known: Iterable[str]) -> str:
    names = list(known)
    return nearest(name, names).capitalize() or f"Các cột: {', '.join(names)}."
