"""What an officer can choose for a report: its rows, the office, the period in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.reports.model import Report
from kcdesk.reports.report_period import Period, period_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.records import reading
from kcdesk.services.reporting import running
from kcdesk.services.workspace import Workspace
from kcdesk.text import all_begin, clean, fold, sort_key, tokens

_OTHER = "Báo cáo khác"  # the heading of reports that name none


class OfferedChoice(Value):
    """Something to choose: its name for the program, its words for the officer."""

    name: str
    label: str


class ListedReport(Value):
    """A report in the list of reports, below its heading."""

    name: str
    title: str
    heading: str
    figures: tuple[str, ...]  # their labels, by which it is found too


def listed(workspace: Workspace) -> list[ListedReport]:
    """The reports by heading, each heading where its first report stands."""
    offered = running.offered(workspace)
    reports = [ListedReport(each.id, each.label, each.heading or _OTHER, _figures(each)) for each in offered]
    headings = list(dict.fromkeys(report.heading for report in reports))
    return sorted(reports, key=lambda report: headings.index(report.heading))


def matches(report: ListedReport, typed: str) -> bool:
    """Whether every typed word begins a word of the title with its heading, or of one figure."""
    words = tokens(typed)
    return any(all_begin(words, tokens(text)) for text in (f"{report.title} {report.heading}", *report.figures))


def _figures(report: Report) -> tuple[str, ...]:
    return tuple(column.label for column in report.shown)


def row_choices(workspace: Workspace, report: Report) -> list[OfferedChoice]:
    """The groups that make rows: those of the definition, then each field of the subject that forms groups."""
    groups = running.reports_of(workspace).groups_of(report)
    named = [OfferedChoice(group.name, group.label) for group in groups]
    taken = {group.name for group in groups} | {group.field for group in groups if not group.part}
    labels = {choice.label for choice in named}
    form = workspace.forms.current(report.subject, workspace.today())
    fields = [
        OfferedChoice(field.name, field.heading)
        for field in form.fields
        if _names_few(field) and field.name not in taken
    ]
    return [*named, *sorted((field for field in fields if field.label not in labels), key=_by_label)]


def unit_choices(workspace: Workspace) -> list[OfferedChoice]:
    """The offices whose records or totals the store has, by name; fewer than two are no choice."""
    names = reading.unit_names(workspace)
    units = {names.get(code, code): code for code in sorted(running.unit_codes(workspace))}
    choices = sorted((OfferedChoice(code, name) for name, code in units.items()), key=_by_label)
    return choices if len(choices) > 1 else []


def named_periods(today: date) -> dict[str, Period]:
    """The periods that have a name of their own today: «Năm nay», «Tháng trước», «Tất cả các kỳ»."""
    year, month = today.year, today.month
    last_of_before = today.replace(day=1) - timedelta(days=1)
    quarter = (month - 1) // 3
    quarter_before = (year, quarter) if quarter else (year - 1, 4)
    half = 1 if month <= 6 else 2
    return {
        "Năm nay": period_of(named=f"{year}"),
        "Từ đầu năm đến nay": Period(date(year, 1, 1), today),
        "6 tháng này": period_of(named=f"{year}-H{half}"),
        "Quý này": period_of(named=f"{year}-Q{quarter + 1}"),
        "Quý trước": period_of(named=f"{quarter_before[0]}-Q{quarter_before[1]}"),
        "Tháng này": period_of(named=f"{month:02}/{year}"),
        "Tháng trước": period_of(named=f"{last_of_before.month:02}/{last_of_before.year}"),
        "Năm trước": period_of(named=f"{year - 1}"),
        "5 năm gần đây": period_of(named=f"{year - 4}..{year}"),
        "Tất cả các kỳ": Period(),
    }


def read_period(typed: str, today: date) -> Period:
    """A period as an officer types it: a name of today, or any notation of periods. UserError `bad_period`."""
    named = {fold(name): period for name, period in named_periods(today).items()}
    written = fold(clean(typed))
    return named[written] if written in named else period_of(named=typed)


def periods_in_words(today: date) -> Iterator[tuple[str, str]]:
    """Each named period with the days that it means today."""
    return ((name, period.name) for name, period in named_periods(today).items())


def _names_few(field: Field) -> bool:
    """Whether the values of a field make rows that are worth reading: no texts, no amounts."""
    kind = type_of(field)
    return not field.columns and (kind.is_choice or kind.is_yes_no or kind.is_place or kind.is_year)


def _by_label(choice: OfferedChoice) -> tuple[object, str]:
    return sort_key(choice.label), choice.name
