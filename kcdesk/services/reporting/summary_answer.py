"""A summary as it is shown before it is printed: its lines, its notes, and what differs from the last print."""

from __future__ import annotations

from datetime import date

from kcdesk.reports.report_period import Period, period_of
from kcdesk.reports.summary.model import SummaryOutline
from kcdesk.runtime.frozen import Value
from kcdesk.services.reporting import figures, summaries, summary_prints
from kcdesk.services.reporting.figures import MoneyUnit
from kcdesk.services.reporting.summaries import SummaryLine, WantedSummary
from kcdesk.services.workspace import Workspace


class ShownSummary(Value, kw_only=True):
    """What an officer reads before printing; `since` is empty where the summary was never printed for this period."""

    title: str
    lines: tuple[SummaryLine, ...]
    notes: tuple[str, ...]
    since: tuple[str, ...]
    money: MoneyUnit

    def cells(self, line: SummaryLine) -> list[list[str]]:
        """The cells of a table as they are printed, heads first; [] for any other line."""
        return figures.lines(line.table, self.money) if line.table is not None else []


class OwnPlace(Value):
    """An open place of a summary: its name, and what the officer is asked to write."""

    name: str
    label: str


def shown_summary(workspace: Workspace, wanted: WantedSummary) -> ShownSummary:
    """Fill a summary and compare it with its last print; UserError."""
    filled = summaries.fill(workspace, wanted)
    printed = summary_prints.last_print(workspace, wanted)
    since = (
        summary_prints.lines_since(printed, summary_prints.changes_since(workspace, filled, printed)) if printed else ()
    )
    return ShownSummary(
        title=filled.title, lines=filled.lines, notes=filled.notes, since=tuple(since), money=filled.money
    )


def own_places(outline: SummaryOutline) -> list[OwnPlace]:
    """The open places of a summary, in its order."""
    parts = [part for section in outline.sections for part in section.parts if part.own]
    return [OwnPlace(part.own, part.label or part.own) for part in parts]


def usual_period(today: date) -> Period:
    """The half-year that an office reports on at this time: until its last month the one before."""
    half = 1 if today.month in range(6, 12) else 2
    year = today.year - 1 if today.month < 6 else today.year
    return period_of(named=f"{year}-H{half}")
