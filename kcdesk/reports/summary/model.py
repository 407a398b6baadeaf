"""The model of summaries, as frozen data: the grammar of `forms/summaries/` (forms/README.md) in Python."""

from __future__ import annotations

from typing import Literal, get_args

from kcdesk.runtime.frozen import Value

PeriodKind = Literal["month", "quarter", "half_year", "year", "other"]
# Of which days a figure is: those of the summary, those from the beginning of its year, or all days up to its end.
FigureSpan = Literal["period", "year", "to_date"]


class SummaryFigure(Value, kw_only=True):
    """A named figure: a row and a column of a report. Nothing else may give a number to a sentence."""

    name: str
    report: str
    column: str
    row: str = "total"
    by: tuple[str, ...] = ()  # the groups of the rows; empty: those of the report
    span: FigureSpan = "period"

    @property
    def query(self) -> str:
        """The figure as one word, by which two prints are compared: it stays when the name changes.

        A total is the same however the rows are grouped.
        """
        by = "" if self.row == "total" else "+".join(self.by)
        return f"{self.report}/{self.row}/{self.column}/{by}/{self.span}"

    @classmethod
    def of_query(cls, query: str) -> SummaryFigure:
        """The figure that asks this; its name is left out."""
        report, rest = query.split("/", 1)
        row, column, by, span = rest.rsplit("/", 3)
        spans: dict[str, FigureSpan] = {known: known for known in get_args(FigureSpan)}
        return cls(
            name="", report=report, row=row, column=column, by=tuple(filter(None, by.split("+"))), span=spans[span]
        )


class SummaryPart(Value, kw_only=True):
    """A sentence, a list of records, a table, or an open place for the officer's own words."""

    text: str = ""
    empty: str = ""  # said instead where the first figure of the text, or the list, is nothing
    records: str = ""  # the figure whose records are listed
    line: str = "{title}"  # of each record: `title`, `value` or the names of its fields
    report: str = ""  # the report that stands as a table
    by: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()  # empty: all
    empty_rows: bool = False  # whether the table shows rows without a figure
    label: str = ""  # above the table; what the officer is asked to write
    own: str = ""  # the name of a place for the officer's own words
    periods: tuple[PeriodKind, ...] = ()  # the kinds of period that have the part; empty: all


class SummarySection(Value, kw_only=True):
    """A heading with its parts; headings are numbered by the program."""

    heading: str
    level: int = 1
    periods: tuple[PeriodKind, ...] = ()
    parts: tuple[SummaryPart, ...] = ()


class SummaryOutline(Value, kw_only=True):
    """The definition of one summary."""

    id: str
    label: str
    source: str
    unverified: bool = False
    order: int = 500
    money: str = "triệu đồng"  # the unit of amounts unless another is asked for
    without_last_year: str = ""  # said once where the store has no figures of the year before
    recipients: tuple[str, ...] = ()
    figures: tuple[SummaryFigure, ...] = ()
    sections: tuple[SummarySection, ...] = ()

    def figure(self, name: str) -> SummaryFigure:
        """The figure with this name; KeyError if there is none."""
        return {figure.name: figure for figure in self.figures}[name]
