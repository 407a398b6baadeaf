"""What is asked of a report, and a statement of the database that answers a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kcdesk import moments
from kcdesk.formdef.model import Condition
from kcdesk.reports.model import Group, PlaceRegion, Report
from kcdesk.reports.report_period import Period
from kcdesk.runtime.frozen import Value, field


class ReportQuestion(Value, kw_only=True):
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


class Query(Value):
    """A statement with its bound values."""

    sql: str
    values: Mapping[str, object]
