"""Run the reports of the open store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Protocol

from kcdesk.errors import KnownError, UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.toml_reader import nearest
from kcdesk.formdef.regulations.asked_columns import asked_columns
from kcdesk.formdef.regulations.deadlines import Calendar
from kcdesk.reports import definitions, indicator_table
from kcdesk.reports.engine import Engine
from kcdesk.reports.groups import group_of
from kcdesk.reports.model import Report, Reports
from kcdesk.reports.report_period import Period, period_of
from kcdesk.reports.report_question import ReportQuestion
from kcdesk.reports.report_source import ReportSource
from kcdesk.reports.report_table import BehindFigure, Figure, ReportTable
from kcdesk.reports.scope import Relation
from kcdesk.reports.sql.dialects import Dialect
from kcdesk.reports.sql.used_columns import used_columns
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.services.handover.trust import unconfirmed_results
from kcdesk.services.records import reading
from kcdesk.services.records.titles import KEPT_ONLY
from kcdesk.services.totals import overlaps
from kcdesk.services.workspace import Workspace
from kcdesk.store.database.views import kind_fields, reading_views, rows_view
from kcdesk.text import fold

UNIT = "unit"  # the group, and the level of report, whose rows are the offices


class CopiedSource(ReportSource, Protocol):
    """A published copy of the store, on another kind of database."""

    dialect: Dialect
    relation: Relation


class Wanted(Value, kw_only=True):
    """What an officer asks for: the report, its rows, its period, whose records."""

    name: str
    period: Period = field(default_factory=Period)
    by: tuple[str, ...] = ()  # groups or fields; empty: as the report says
    level: str = ""  # UNIT, or a level of office: the rows are the offices, provinces, regions
    unit: str = ""  # code or name of an office


def wanted_period(first: str, last: str, named: str) -> Period:
    """The period from its written beginning and end, or from its name («2022-Q1»); UserError `bad_period`."""
    return period_of(first, last, named)


def reports_of(workspace: Workspace) -> Reports:
    """The report definitions in force; FormsError if one of them is wrong."""
    return definitions.of_forms(workspace.forms)


def offered(workspace: Workspace) -> list[Report]:
    """The reports in the order of their definitions, those for this level of office first."""
    level = workspace.level.name
    return sorted(reports_of(workspace).all, key=lambda report: bool(report.levels) and level not in report.levels)


def report_named(workspace: Workspace, name: str) -> Report:
    """The report with this name; UserError `no_report`."""
    reports = {report.id: report for report in reports_of(workspace).all}
    if name not in reports:
        hint = nearest(name, reports).capitalize() or f"Các báo cáo: {', '.join(reports)}."
        raise UserError(f"Không có báo cáo «{name}».", code="no_report", hint=hint)
    return reports[name]


def has_money(workspace: Workspace, report: Report) -> bool:
    """Whether a report shows amounts."""
    units = reports_of(workspace).units
    return any(units[column.unit].rounding == "money" for column in report.shown)


def run(
    workspace: Workspace, wanted: Wanted, *, against_last_year: bool = False, copy: CopiedSource | None = None
) -> ReportTable:
    """The table of a report, also from a published copy; UserError for an unknown report, group or office."""
    engine = _engine(workspace, copy)
    question = _question(workspace, engine, wanted)
    table = engine.run(question)
    notes = (*table.notes, *_overlaps(workspace, wanted.period, table))
    source = workspace.forms.basis(table.source, on=workspace.today())
    table = replace(table, notes=notes, source=source)
    if not against_last_year:
        return table
    before = engine.run(replace(question, period=question.period.a_year_before()))
    return replace(table, before=before)


def totals(workspace: Workspace, wanted: Wanted) -> Mapping[str, Figure]:
    """The line of totals of a report alone, by column: as `run` gives it, without the cost of rows and notes."""
    engine = _engine(workspace)
    return engine.totals(replace(_question(workspace, engine, wanted), groups=()))


def _overlaps(workspace: Workspace, period: Period, table: ReportTable) -> Iterator[str]:
    """What the totals of earlier years count a second time, beside other totals and dossiers."""
    if not any(table.opening.values.values()):
        return
    lines = workspace.store.query("select id, year_from, year_to from opening_total order by year_from, id")
    for line in lines:
        first, last = line["year_from"] or line["year_to"], line["year_to"] or line["year_from"]
        after = period.first is None or (first or 0) >= period.first.year
        before = period.last is None or (last or 0) <= period.last.year
        if after and before:
            total = workspace.store.record(line["id"])
            yield from (f"{total.title()}: {problem.message}" for problem in overlaps.while_drafting(workspace, total))


def behind(workspace: Workspace, wanted: Wanted, row: str, column: str) -> list[BehindFigure]:
    """The records behind the figure of a row and column, largest first; UserError.

    One whose use is restricted counts, and is not named (decision 109).
    """
    engine = _engine(workspace)
    restricted = workspace.store.personal.restrictions()
    lines = engine.behind(_question(workspace, engine, wanted), row, column)
    return [replace(line, title=KEPT_ONLY) if line.id in restricted else line for line in lines]


def asked_indicator(workspace: Workspace, wanted: Wanted, row: str, column: str) -> Wanted:
    """The question with the period that a column of a report of indicators stands for; UserError `no_column`."""
    engine = _engine(workspace)
    question = indicator_table.question_of(engine, _question(workspace, engine, wanted), row, column)
    return replace(wanted, period=question.period)


def _engine(workspace: Workspace, copy: CopiedSource | None = None) -> Engine:
    reports = reports_of(workspace)
    prepare(workspace)
    names = reading.unit_names(workspace)
    if copy is not None:
        return Engine(copy, reports, names, copy.dialect, copy.relation)
    return Engine(workspace.store, reports, names, relation=workspace.store.readings.relation)


def prepare(workspace: Workspace) -> None:
    """Make the tables from which reports are read, once for a store and its definitions.

    While another program writes, they are not made, and reports read the records themselves.
    """
    with suppress(KnownError):
        workspace.store.readings.prepare(kept_columns(workspace))


def kept_columns(workspace: Workspace) -> Mapping[str, frozenset[str]]:
    """The columns of the reading views that the store keeps as tables: those of reports and those of deadlines."""
    of_reports, calendar = columns_of(workspace), workspace.calendar
    return workspace.forms.once(
        ("kept columns", calendar.province), lambda: _with_deadlines(workspace.forms, of_reports, calendar)
    )


def _with_deadlines(
    forms: Forms, of_reports: Mapping[str, frozenset[str]], calendar: Calendar
) -> dict[str, frozenset[str]]:
    columns = dict(of_reports)
    for (kind, table), names in asked_columns(forms, calendar).items():
        view = rows_view(kind, kind_fields(forms, kind)[table]) if table else kind
        known = names & reading_views(forms)[view].columns.keys()
        columns[view] = columns.get(view, frozenset()) | known
    return columns


def columns_of(workspace: Workspace) -> Mapping[str, frozenset[str]]:
    """The columns of the reading views that the definitions of reports in force name."""
    reports = reports_of(workspace)
    return workspace.forms.once("report columns", lambda: _columns(workspace.forms, reports))


def _columns(forms: Forms, reports: Reports) -> dict[str, frozenset[str]]:
    """The columns that reports and the question for unconfirmed results read."""
    columns = dict(used_columns(reports, forms))
    for report in reports.all:
        claimed = unconfirmed_results.columns(forms, report.subject)
        columns[report.subject] = columns.get(report.subject, frozenset()) | claimed
    return columns


def _question(workspace: Workspace, engine: Engine, wanted: Wanted) -> ReportQuestion:
    report = report_named(workspace, wanted.name)
    groups = [group_of(engine.reports, engine.catalogue, report, name) for name in _rows_by(workspace, report, wanted)]
    return ReportQuestion(
        report=report,
        groups=tuple(groups),
        period=wanted.period,
        units=asked_units(workspace, wanted.unit),
        today=workspace.today(),
        regions=engine.reports.regions,
        unconfirmed=tuple(unconfirmed_results.unconfirmed(workspace, report.subject)),
    )


def report_levels(forms: Forms) -> dict[str, tuple[str, ...]]:
    """The levels of a report with the group of their rows: the offices, provinces, regions; none at the top."""
    makers, *between, top = forms.levels.names
    rows = {makers: (UNIT,), **{name: (name,) for name in between}, top: ()}
    return {UNIT: (UNIT,), **rows}


def _rows_by(workspace: Workspace, report: Report, wanted: Wanted) -> tuple[str, ...]:
    if not wanted.level:
        return wanted.by or report.by
    levels = report_levels(workspace.forms)
    if wanted.level not in levels:
        raise UserError(
            f"Không có cấp báo cáo «{wanted.level}».", code="no_level", hint=f"Các cấp: {', '.join(levels)}."
        )
    return tuple(dict.fromkeys((*levels[wanted.level], *wanted.by)))


def asked_units(workspace: Workspace, unit: str) -> tuple[str, ...]:
    """Code and name of the office that is asked for; () for all. UserError if it is not known."""
    if not unit:
        return ()
    for code, name in reading.unit_names(workspace).items():
        if fold(unit) in (fold(code), fold(name)):
            return (code, name)
    names = unit_codes(workspace)
    if unit in names:
        return (unit,)
    raise UserError(f"Không có đơn vị «{unit}» trong kho này.", code="no_unit", hint=nearest(unit, names).capitalize())


def unit_codes(workspace: Workspace) -> set[str]:
    """Every office that made a record or has an opening total."""
    codes = {row["unit"] for row in workspace.store.query("select distinct unit from record where deleted is null")}
    if "opening_total" in workspace.forms.kinds:
        codes |= {row["unit_name"] for row in workspace.store.query("select distinct unit_name from opening_total")}
    return {code for code in codes if code}


def reports_as_json(workspace: Workspace) -> list[dict[str, Any]]:
    """The reports with their levels, sources, columns and groups."""
    reports = reports_of(workspace)
    levels = {level.name: level.label for level in workspace.forms.levels.all}
    return [
        {
            "name": report.id,
            "title": report.label,
            "levels": [levels[level] for level in report.levels or levels],
            "source": report.source,
            "unverified": workspace.forms.law.is_marked(report.source, unverified=report.unverified),
            "by": list(report.by),
            "groups": [{"name": group.name, "label": group.label} for group in reports.groups_of(report)],
            "columns": [
                {
                    "name": column.name,
                    "label": column.label,
                    "unit": column.unit,
                    "definition": column.definition,
                    "source": column.source,
                }
                for column in report.shown
            ],
        }
        for report in offered(workspace)
    ]
