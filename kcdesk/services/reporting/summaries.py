"""Fill a summary of the open store: its sentences, lists and tables, and the notes of the reports behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.loading.toml_reader import nearest
from kcdesk.reports import indicator_table
from kcdesk.reports.report_period import Period
from kcdesk.reports.report_table import (
    BehindFigure,
    Figure,
    ReportTable,
    TableColumn,
    described,
    json_number,
)
from kcdesk.reports.summary import definitions
from kcdesk.reports.summary.model import FigureSpan, SummaryFigure, SummaryOutline, SummaryPart
from kcdesk.reports.summary.sentences import Slot, parsed_sentence, slots_in
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.services.reporting import running
from kcdesk.services.reporting.figures import MoneyUnit, money_unit
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.reporting.summary_words import SummaryNumber, sentence_of
from kcdesk.services.workspace import Workspace

HEADING, TEXT, ITEM, TABLE, OWN = "heading", "text", "item", "table", "own"


class WantedSummary(Value, kw_only=True):
    """What an officer asks for: the summary, its period, whose records, the unit of amounts, his own words."""

    name: str
    period: Period
    unit: str = ""
    money: str = ""  # empty: as the summary says
    own: Mapping[str, str] = field(default_factory=dict)  # by the names of the open places


class SummaryLine(Value, kw_only=True):
    """A heading, sentence, item of a list, table or open place, with the names of its figures."""

    kind: str
    text: str
    level: int = 0
    figures: tuple[str, ...] = ()
    record: str = ""  # of an item: the id
    own: str = ""  # of an open place: its name
    label: str = ""  # of an open place: what the officer is asked to write
    table: ReportTable | None = None
    by: tuple[str, ...] = ()  # of a table: the groups of its rows


class FilledSummary(Value, kw_only=True):
    """A summary with its figures."""

    outline: SummaryOutline
    wanted: WantedSummary
    unit_name: str
    money: MoneyUnit
    lines: tuple[SummaryLine, ...]
    numbers: Mapping[str, SummaryNumber]  # by the names of the figures
    printed: Mapping[str, SummaryNumber]  # all that stand in the text and its tables, by what they ask
    records: Mapping[str, tuple[BehindFigure, ...]]  # behind each figure, by what it asks
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        """The title: what it is and of which period."""
        return f"{self.outline.label} {text.lower_first(self.wanted.period.name)}"

    def as_json(self) -> dict[str, Any]:
        """Every sentence with its figures, and every figure with its source, as JSON values."""
        return {
            "name": self.outline.id,
            "title": self.title,
            "period": {**self.wanted.period.as_json(), "name": self.wanted.period.name},
            "source": self.outline.source,
            "unverified": self.outline.unverified,
            "lines": [_line_json(line) for line in self.lines],
            "figures": {
                name: self._figure_json(name)
                for name, number in self.numbers.items()
                if number.figure.query in self.printed
            },
            "notes": list(self.notes),
        }

    def _figure_json(self, name: str) -> dict[str, Any]:
        number = self.numbers[name]
        spec = number.figure
        return {
            "label": number.label,
            "text": number.aspect(""),
            "value": json_number(number.value),
            "before": json_number(number.before),
            "unit": number.column.unit,
            "estimate": number.column.estimate,
            "report": spec.report,
            "place": f"{spec.row}/{spec.column}",
            "by": list(spec.by),
            "span": spec.span,
            "definition": number.column.definition,
            "source": number.column.source,
            "unverified": number.column.unverified,
            "records": [record.id for record in self.records[spec.query]],
        }


def outlines(workspace: Workspace) -> tuple[SummaryOutline, ...]:
    """The summaries in force, in their order; FormsError if one of them is wrong."""
    return definitions.of_forms(workspace.forms)


def outline_named(workspace: Workspace, name: str) -> SummaryOutline:
    """The summary with this name, the first one for ""; UserError `no_summary`."""
    known = {outline.id: outline for outline in outlines(workspace)}
    if not name and known:
        return next(iter(known.values()))
    if name not in known:
        hint = nearest(name, known).capitalize() or f"Các báo cáo tổng hợp: {', '.join(known)}."
        raise UserError(f"Không có báo cáo tổng hợp «{name}».", code="no_summary", hint=hint)
    return known[name]


def fill(workspace: Workspace, wanted: WantedSummary) -> FilledSummary:
    """Run every report that the summary names and write its sentences; UserError."""
    return _Filling(workspace, wanted).filled()


class _Filling:
    """Fills one summary; each table of a report is run once."""

    def __init__(self, workspace: Workspace, wanted: WantedSummary) -> None:
        self.workspace, self.wanted = workspace, wanted
        self.outline = outline_named(workspace, wanted.name)
        self.money = money_unit(wanted.money or self.outline.money)
        self.before = wanted.period.a_year_before()
        self._tables: dict[tuple[str, tuple[str, ...], str], ReportTable] = {}
        self._unknown_own()

    def _unknown_own(self) -> None:
        known = [part.own for section in self.outline.sections for part in section.parts if part.own]
        for name in self.wanted.own:
            if name not in known:
                hint = f"Các chỗ viết thêm: {', '.join(known)}." if known else ""
                raise UserError(f"Báo cáo không có chỗ viết thêm «{name}».", code="no_place", hint=hint)

    def filled(self) -> FilledSummary:
        lines = tuple(self._lines())
        return FilledSummary(
            outline=self.outline,
            wanted=self.wanted,
            unit_name=next((table.unit_name for table in self._tables.values()), ""),
            money=self.money,
            lines=lines,
            numbers=self.numbers,
            printed=self._printed(lines),
            records=self.records,
            notes=tuple(self._notes()),
        )

    def _notes(self) -> Iterator[str]:
        """The notes of the reports behind the figures, each with its report."""
        first = {note: table.title for table in reversed(self._tables.values()) for note in table.notes}
        yield from (f"{title}: {text.lower_first(note)}" for note, title in reversed(first.items()))

    # ---- figures

    @cached_property
    def numbers(self) -> Mapping[str, SummaryNumber]:
        """Every figure of the definition, by name."""
        has_last_year = any(self._values(figure)[1] for figure in self.outline.figures)
        return {figure.name: self._number(figure, has_last_year=has_last_year) for figure in self.outline.figures}

    def _number(self, figure: SummaryFigure, *, has_last_year: bool) -> SummaryNumber:
        table = self._table(figure.report, figure.by, figure.span)
        value, before = self._values(figure)
        row = table.line(figure.row)
        return SummaryNumber(
            figure=figure,
            report_label=table.title,
            row_label="" if row is None or row is table.total or self._is_indicator(figure) else row.label,
            column=self._column(figure, table),
            value=value,
            before=before,
            money=self.money,
            has_last_year=has_last_year and figure.span != "to_date",
        )

    def _values(self, figure: SummaryFigure) -> tuple[Figure, Figure]:
        """The figure and that of the year before; a row that no record has is zero, or nothing for a rate."""
        table = self._table(figure.report, figure.by, figure.span)
        return _value(table, figure), _value(table.before, figure) if table.before else None

    def _is_indicator(self, figure: SummaryFigure) -> bool:
        return running.report_named(self.workspace, figure.report).indicators_as_rows and not figure.by

    def _column(self, figure: SummaryFigure, table: ReportTable) -> TableColumn:
        """The column, or of a table with a row for each indicator the indicator: its unit and definition."""
        if not self._is_indicator(figure) or figure.column == indicator_table.ACHIEVED:
            return table.column(figure.column)
        reports = running.reports_of(self.workspace)
        column = running.report_named(self.workspace, figure.report).column(figure.row)
        return described(column, reports.units[column.unit].rounding, self.workspace.forms.law)

    def _table(self, report: str, by: tuple[str, ...], span: FigureSpan) -> ReportTable:
        key = (report, by, span)
        if key not in self._tables:
            wanted = self._asked(report, by, span)
            self._tables[key] = running.run(self.workspace, wanted, against_last_year=span != "to_date")
        return self._tables[key]

    def _asked(self, report: str, by: tuple[str, ...], span: FigureSpan) -> Wanted:
        period = self.wanted.period
        days = {"period": period, "year": period.year_to_its_end, "to_date": period.until_its_end}[span]
        return Wanted(name=report, period=days, by=by, unit=self.wanted.unit)

    def _printed(self, lines: Iterable[SummaryLine]) -> dict[str, SummaryNumber]:
        """The figures that stand in sentences, lists and cells of tables; each once."""
        named = (self.numbers[name] for line in lines for name in line.figures)
        cells = (cell for line in lines if line.table is not None for cell in self._cells(line.table, line.by))
        numbers: dict[str, SummaryNumber] = {}
        for number in (*named, *cells):
            numbers.setdefault(number.figure.query, number)
        return numbers

    def _cells(self, table: ReportTable, by: tuple[str, ...]) -> Iterator[SummaryNumber]:
        for row in table.lines:
            for column in table.columns:
                key = table.key_of(row)
                figure = SummaryFigure(name="", report=table.name, row=key, column=column.name, by=by)
                yield self._number(figure, has_last_year=False)

    @cached_property
    def records(self) -> Mapping[str, tuple[BehindFigure, ...]]:
        """The records behind figures, by what they ask, read when they are asked for."""
        return _Behind(self._behind)

    def _behind(self, figure: SummaryFigure) -> list[BehindFigure]:
        table = self._table(figure.report, figure.by, figure.span)
        if table.line(figure.row) is None:
            return []
        if self._is_indicator(figure) and figure.column == indicator_table.TARGET:
            return []
        wanted = self._asked(figure.report, figure.by, figure.span)
        return running.behind(self.workspace, wanted, figure.row, figure.column)

    # ---- lines

    def _lines(self) -> Iterator[SummaryLine]:
        if self.outline.without_last_year and not any(number.has_last_year for number in self.numbers.values()):
            yield self._text(self.outline.without_last_year)
        numbers = [0, 0]
        for section in self.outline.sections:
            if section.periods and self.wanted.period.kind not in section.periods:
                continue
            numbers = [numbers[0] + 1, 0] if section.level == 1 else [numbers[0], numbers[1] + 1]
            mark = text.roman(numbers[0]) if section.level == 1 else str(numbers[1])
            heading = self._written(section.heading)
            yield SummaryLine(kind=HEADING, text=f"{mark}. {heading}", level=section.level)
            for part in section.parts:
                if not part.periods or self.wanted.period.kind in part.periods:
                    yield from self._part(part)

    def _part(self, part: SummaryPart) -> Iterator[SummaryLine]:
        if part.records:
            yield from self._items(part)
        elif part.report:
            yield from self._table_lines(part)
        elif part.own:
            yield SummaryLine(kind=OWN, text=self.wanted.own.get(part.own, ""), own=part.own, label=part.label)
        else:
            line = self._text(part.empty if part.empty and self._tells_nothing(part) else part.text)
            figures = dict.fromkeys((*self._text(part.text).figures, *line.figures))  # also those that are nothing
            yield from (replace(line, figures=tuple(figures)),) if line.text else ()

    def _tells_nothing(self, part: SummaryPart) -> bool:
        """Whether the first figure that always stands is nothing; in a text of optional parts, whether none is left."""
        pieces = parsed_sentence(part.text)
        names = [slot.name for slot in pieces if isinstance(slot, Slot) and slot.name in self.numbers]
        return self.numbers[names[0]].is_nothing if names else not self._written(part.text)

    def _text(self, written: str) -> SummaryLine:
        names = (slot.name for slot in slots_in(parsed_sentence(written)) if slot.name in self.numbers)
        return SummaryLine(kind=TEXT, text=self._written(written), figures=tuple(dict.fromkeys(names)))

    def _written(self, written: str) -> str:
        return sentence_of(parsed_sentence(written), self.numbers, self._words)

    @cached_property
    def _words(self) -> Mapping[str, str]:
        period = self.wanted.period
        return {
            "period": text.lower_first(period.name),
            "last_period": text.lower_first(self.before.name),
            "next_period": text.lower_first(period.following.name),
            "year": str(period.year_to_its_end.first.year if period.year_to_its_end.first else ""),
            "unit": self.workspace.identity.unit.name,
            "money": self.money.name,
        }

    def _items(self, part: SummaryPart) -> Iterator[SummaryLine]:
        records = self.records[self.numbers[part.records].figure.query]
        if not records and part.empty:
            yield self._text(part.empty)
        for place, record in enumerate(records, start=1):
            words = {"title": record.title, "value": self.numbers[part.records].written(record.value)}
            line = sentence_of(parsed_sentence(part.line), {}, _FieldWords(self.workspace, record, words)).rstrip(".;")
            end = "." if place == len(records) else ";"
            yield SummaryLine(kind=ITEM, text=f"- {line}{end}", figures=(part.records,), record=record.id)

    def _table_lines(self, part: SummaryPart) -> Iterator[SummaryLine]:
        table = self._table(part.report, part.by, "period")
        if all(row.is_empty for row in table.lines):
            if part.empty:
                yield self._text(part.empty)
            return
        if part.label:
            yield self._text(part.label)
        yield SummaryLine(kind=TABLE, text=table.title, table=_as_asked(table, part), by=part.by)


class _Behind(dict[str, tuple[BehindFigure, ...]]):
    """The records behind figures, each read when it is asked for: a preview needs only those of its lists."""

    def __init__(self, read: Callable[[SummaryFigure], list[BehindFigure]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, query: str) -> tuple[BehindFigure, ...]:
        self[query] = tuple(self._read(SummaryFigure.of_query(query)))
        return self[query]


class _FieldWords(dict[str, str]):
    """The words of a line about a record: `title`, `value`, and its fields when they are asked for."""

    def __init__(self, workspace: Workspace, record: BehindFigure, words: Mapping[str, str]) -> None:
        super().__init__(words)
        self._workspace, self._record = workspace, record

    def __missing__(self, name: str) -> str:
        record = self._workspace.store.record(self._record.id)
        if name == definitions.STATE:
            return text.lower_first(self._workspace.forms.workflow(record.kind).state(record.state).label)
        return record.text(name) or "(chưa ghi)"


def _value(table: ReportTable, figure: SummaryFigure) -> Figure:
    row = table.line(figure.row)
    if row is None:
        return None if table.column(figure.column).is_formula else 0
    return row.values[figure.column]


def _as_asked(table: ReportTable, part: SummaryPart) -> ReportTable:
    """The columns that a part names, and the rows that have a figure in one of them."""
    columns = tuple(table.column(name) for name in part.columns) or table.columns
    rows = table.rows if part.empty_rows else tuple(row for row in table.rows if not row.is_empty)
    return replace(table, columns=columns, rows=rows)


def _line_json(line: SummaryLine) -> dict[str, Any]:
    given = {"kind": line.kind, "text": line.text, "figures": list(line.figures)}
    more = {"level": line.level, "record": line.record, "own": line.own, "label": line.label}
    return given | {name: value for name, value in more.items() if value} | _table_json(line.table)


def _table_json(table: ReportTable | None) -> dict[str, Any]:
    return {"table": table.as_json()} if table else {}
