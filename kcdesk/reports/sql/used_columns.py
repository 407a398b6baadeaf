"""The columns of the reading views that the definitions of reports name, in any of their statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from kcdesk.formdef.forms import Forms
from kcdesk.reports.facts import Facts
from kcdesk.reports.model import ReportColumn, Reports
from kcdesk.reports.report_period import Period
from kcdesk.reports.report_question import ReportQuestion
from kcdesk.reports.scope import Catalogue
from kcdesk.reports.source_passes import source_passes
from kcdesk.reports.sql.dialects import SQLite


def used_columns(reports: Reports, forms: Forms) -> Mapping[str, frozenset[str]]:
    """The columns by view, for every report with every group that it offers."""
    used: defaultdict[str, set[str]] = defaultdict(set)

    def note(view: str, columns: Collection[str]) -> str:
        used[view].update(columns)
        return view

    catalogue = Catalogue(forms, note)
    for report in reports.all:
        question = ReportQuestion(
            report=report,
            groups=reports.groups_of(report),
            period=Period(date(2000, 1, 1), date(2000, 12, 31)),
            units=("",),
            unconfirmed=("",),
            regions=reports.regions,
        )
        _write_all(Facts(question, catalogue, SQLite()))
    return {view: frozenset(columns) for view, columns in used.items()}


def _write_all(facts: Facts) -> None:
    """Write every statement of a report, without asking it."""
    report = facts.question.report
    for _ in source_passes(facts.parts, _is_money):
        pass
    for column in report.columns:
        if column.aggregate == "distinct":
            facts.sums(column, is_money=False)
        facts.opened(column, by_groups=True)
    for _ in facts.without_day():
        pass
    facts.unconfirmed()
    facts.opened_partly()
    facts.opened_drafts()
    for _ in facts.aparts():
        pass


def _is_money(column: ReportColumn) -> bool:
    return column.aggregate == "sum"
