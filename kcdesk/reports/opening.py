"""Opening totals: figures of years before the program, as records of their own that reports add to the dossiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Condition, Field
from kcdesk.reports.model import Group, ReportColumn
from kcdesk.reports.report_period import Period
from kcdesk.reports.report_question import Query
from kcdesk.reports.scope import Catalogue, FieldScope
from kcdesk.reports.sql.conditions_sql import Parameters, condition_sql

KIND = "opening_total"
ANY = Query(f'SELECT 1 AS known FROM "{KIND}" LIMIT 1', {})  # whether there are any
FIRST_YEAR, LAST_YEAR, UNIT = "year_from", "year_to", "unit_name"
INDICATORS, INDICATOR, VALUE = "indicators", "indicator", "value"  # the table of further figures, its columns


def fields(forms: Forms) -> Mapping[str, Field]:
    """The fields of the records with opening totals; {} if these forms have no such kind."""
    return Catalogue(forms).fields(KIND) if KIND in forms.kinds else {}


def names(forms: Forms) -> list[str]:
    """What a column may name: a field with a number, or `indicators.code`; [] if these forms have no such kind."""
    codes = [
        f"{INDICATORS}.{choice.value}"
        for form in forms.versions_of(KIND)
        if INDICATORS in form.by_name
        for choice in forms.choices(form.field(INDICATORS).column(INDICATOR))
    ]
    return [*fields(forms), *codes]


def scope_of(catalogue: Catalogue, column: ReportColumn) -> FieldScope:
    """The records with opening totals, or their rows if the column names an indicator."""
    table = f"{KIND}.{INDICATORS}" if "." in column.opening else KIND
    return FieldScope(catalogue, catalogue.chain(table, KIND))


def total_facts(scope: FieldScope, column: ReportColumn, groups: tuple[Group, ...], conditions: Sequence[str]) -> str:
    """The facts of the opening totals for which the conditions hold."""
    keys = [f"{_key(group, scope)} AS k{number}" for number, group in enumerate(groups)]
    value = scope.resolve(VALUE if "." in column.opening else column.opening).sql
    chosen = ", ".join((f"{scope.record.column('id')} AS record", f"'{KIND}' AS kind", *keys, f"{value} AS value"))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {chosen} {' '.join(scope.joins())}{where}"


def of_indicator(scope: FieldScope, column: ReportColumn, parameters: Parameters) -> Iterator[str]:
    """The condition that a row is of the column's indicator."""
    _table, is_indicator, code = column.opening.partition(".")
    if is_indicator:
        yield f"{scope.resolve(INDICATOR).sql} = {parameters.add(code)}"


def asked(scope: FieldScope, units: tuple[str, ...], when: Condition, parameters: Parameters) -> Iterator[str]:
    """Whose totals are asked for; a condition on what totals do not say leaves them out."""
    if units:
        yield f"{scope.resolve(UNIT).sql} IN ({', '.join(parameters.add(unit) for unit in units)})"
    own = {name: wanted for name, wanted in when.items() if name in scope.known}
    if len(own) < len(when):
        yield "1 = 0"
    yield from condition_sql(own, scope, parameters)


def _key(group: Group, scope: FieldScope) -> str:
    if not group.field and group.part == "year":
        first, last = years(scope)
        return f"CASE WHEN {first} = {last} THEN {first} ELSE {first} || '–' || {last} END"
    return f"CAST({scope.resolve(group.opening).sql} AS TEXT)" if group.opening else "CAST(NULL AS TEXT)"


def years(scope: FieldScope) -> tuple[str, str]:
    """The first and the last year of a total, as text."""
    first, last = scope.resolve(FIRST_YEAR).sql, scope.resolve(LAST_YEAR).sql
    return f"CAST(COALESCE({first}, {last}) AS TEXT)", f"CAST(COALESCE({last}, {first}) AS TEXT)"


def within(scope: FieldScope, period: Period, parameters: Parameters) -> Iterator[str]:
    """The conditions that all years of a total lie in the period."""
    first, last = years(scope)
    if period.first is not None:
        yield f"({first} || '-01-01') >= {parameters.add(period.first.isoformat())}"
    if period.last is not None:
        yield f"({last} || '-12-31') <= {parameters.add(period.last.isoformat())}"


def partly(scope: FieldScope, period: Period, parameters: Parameters) -> Iterator[str]:
    """The conditions that a total has years or months both inside and outside the period."""
    first, last = years(scope)
    meets, sticks_out = [], []
    if period.last is not None:
        day = parameters.add(period.last.isoformat())
        meets.append(f"({first} || '-01-01') <= {day}")
        sticks_out.append(f"({last} || '-12-31') > {day}")
    if period.first is not None:
        day = parameters.add(period.first.isoformat())
        meets.append(f"({last} || '-12-31') >= {day}")
        sticks_out.append(f"({first} || '-01-01') < {day}")
    yield from meets
    yield f"({' OR '.join(sticks_out)})" if sticks_out else "1 = 0"
