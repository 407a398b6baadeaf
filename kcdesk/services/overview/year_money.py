"""This year's money at a glance: figures of the report `funding`, as the command `report` gives them, with charts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from kcdesk import text
from kcdesk.documents.blocks import Chart
from kcdesk.reports.model import ReportChart
from kcdesk.reports.report_period import Period
from kcdesk.reports.report_table import TOTAL, Figure, ReportRow, ReportTable, TableColumn, rounded
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.reporting import running
from kcdesk.services.reporting.charting import charts_of
from kcdesk.services.reporting.comparison import exact_change
from kcdesk.services.reporting.figures import MONEY_UNITS, NOTHING, MoneyUnit, head_of_rows, shown
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.workspace import Workspace

REPORT = "funding"
COLUMNS = ("planned", "executed", "rate", "disbursed")
_SEVERAL_BILLIONS = 10_000_000_000  # đồng; from here on amounts are shown in tỷ
_LAST_YEAR = "SELECT MAX(year) AS year FROM proposal WHERE year <= :year AND approved_support IS NOT NULL"
_OVER_TIME = ReportChart(label="Theo tháng", columns=("planned", "executed"), style="lines")
_BESIDE = ReportChart(label="Kế hoạch và thực hiện", columns=("planned", "executed"))
CHART_WIDTH = 460.0  # points


class YearFigure(Value, kw_only=True):
    """A figure as it is shown, and where its report gives it."""

    label: str  # of its row and column
    text: str
    wanted: Wanted
    row: str
    column: str


class YearMoney(Value, kw_only=True):
    """The money of a year as of a day: heads and rows of figures, sentences against last year, charts as pictures."""

    on: date
    unit: MoneyUnit
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[YearFigure, ...]], ...]  # label, figures
    compared: tuple[tuple[str, tuple[YearFigure, ...]], ...]  # label, figures: last year's, and by how much they differ
    charts: tuple[tuple[str, bytes], ...]  # words, PNG picture
    notes: tuple[str, ...]  # of the report: what does not count, and why

    @property
    def title(self) -> str:
        """«Kinh phí năm 2026, triệu đồng (đến ngày 05/3/2026)»."""
        until = "cả năm" if _is_whole(self.on) else f"đến ngày {text.format_date(self.on)}"
        return f"Kinh phí năm {self.on.year}, {self.unit.name} ({until})"


def year_money(workspace: Workspace) -> YearMoney | None:
    """The figures of the present year; before it has any, of the last year that has; None if none has."""
    today = workspace.today()
    last = workspace.store.query(_LAST_YEAR, {"year": today.year})[0]["year"]
    return _money_of(workspace, today if last == today.year else date(last, 12, 31)) if last else None


def _money_of(workspace: Workspace, on: date) -> YearMoney:
    year = Period(date(on.year, 1, 1), date(on.year, 12, 31))
    sources = _asked(workspace, Wanted(name=REPORT, period=year, by=("source",)))
    planned = sources.table.total.values["planned"] or 0
    unit = MONEY_UNITS[3] if planned >= _SEVERAL_BILLIONS else MONEY_UNITS[2]
    return YearMoney(
        on=on,
        unit=unit,
        heads=(head_of_rows(sources.table), *(sources.table.column(name).heading for name in COLUMNS)),
        rows=tuple((row.label, _figures(sources, row, unit)) for row in sources.table.lines if not row.is_empty),
        compared=_compared(workspace, sources, Period(year.first, on), unit),
        charts=tuple(_pictures(workspace, on, sources, unit)),
        notes=tuple(sources.table.notes),
    )


class _Asked(Value):
    """A question to a report and its answer."""

    wanted: Wanted
    table: ReportTable


def _asked(workspace: Workspace, wanted: Wanted) -> _Asked:
    return _Asked(wanted, running.run(workspace, wanted))


def _figures(asked: _Asked, row: ReportRow, unit: MoneyUnit) -> tuple[YearFigure, ...]:
    return tuple(_figure(asked, row, name, unit) for name in COLUMNS)


def _figure(asked: _Asked, row: ReportRow, name: str, unit: MoneyUnit) -> YearFigure:
    column = asked.table.column(name)
    return YearFigure(
        label=f"{column.heading}: {row.label}",
        text=f"{shown(row.values[name], column, unit)}{_sign(column, row.values[name])}",
        wanted=asked.wanted,
        row=asked.table.key_of(row),
        column=name,
    )


def _sign(column: TableColumn, value: Figure) -> str:
    return "%" if column.rounding == "percent" and value is not None else ""


def _compared(
    workspace: Workspace, sources: _Asked, until: Period, unit: MoneyUnit
) -> tuple[tuple[str, tuple[YearFigure, ...]], ...]:
    """The same days of the year before, and by how much this year differs from them."""
    before = until.a_year_before()
    assert before.last is not None, "the days of a year have an end"
    now, then = (Wanted(name=REPORT, period=period, by=("source",)) for period in (until, before))
    figures_now, figures_then = running.totals(workspace, now), running.totals(workspace, then)
    label = f"Năm {before.last.year}{'' if _is_whole(before.last) else f' đến {text.format_date(before.last)}'}"
    change = "Tăng, giảm so với cùng kỳ"
    return (
        (label, tuple(_total(sources, then, name, figures_then, label, unit) for name in COLUMNS)),
        (
            change,
            tuple(
                replace(
                    _total(sources, now, name, figures_now, change, unit),
                    text=_growth(sources.table.column(name), figures_now[name], figures_then[name]),
                )
                for name in COLUMNS
            ),
        ),
    )


def _total(
    sources: _Asked, wanted: Wanted, name: str, figures: Mapping[str, Figure], label: str, unit: MoneyUnit
) -> YearFigure:
    """A figure of the line of totals."""
    column, value = sources.table.column(name), figures[name]
    written = f"{shown(value, column, unit)}{_sign(column, value)}"
    return YearFigure(label=f"{column.heading}: {label}", text=written, wanted=wanted, row=TOTAL, column=name)


def _growth(column: TableColumn, now: Figure, then: Figure) -> str:
    """«+12,5%», a difference of rates in points «−3,1 điểm»; a dash without a figure to compare with."""
    exact = exact_change(now, then, column)
    if exact is None:
        return NOTHING
    change = Decimal(rounded(exact, "percent") or 0)
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return f"{sign}{text.format_decimal(abs(change))}{' điểm' if column.rounding == 'percent' else '%'}"


def _is_whole(on: date | None) -> bool:
    return on is not None and (on.month, on.day) == (12, 31)


def _pictures(workspace: Workspace, on: date, sources: _Asked, unit: MoneyUnit) -> list[tuple[str, bytes]]:
    """The money by the offices below, or by source, and over the months."""
    from kcdesk.documents.charts import chart_png  # loads reportlab

    year = sources.wanted.period
    months = _asked(workspace, Wanted(name=REPORT, period=year, by=("month",)))
    table = replace(months.table, rows=tuple(_short(row) for row in months.table.rows[: on.month]))
    beside = _offices(workspace, year, unit) or _chart(workspace, sources.table, _BESIDE, unit)
    charts = [*beside, *_chart(workspace, table, _OVER_TIME, unit)]
    return [(_in_words(chart), chart_png(chart, CHART_WIDTH)) for chart in charts]


def _offices(workspace: Workspace, year: Period, unit: MoneyUnit) -> list[Chart]:
    """The chart of the offices below; none at the lowest level, or where only one has figures."""
    below = _level_below(workspace)
    table = running.run(workspace, Wanted(name=REPORT, period=year, level=below)) if below else None
    return _chart(workspace, table, _BESIDE, unit) if table is not None else []


def _level_below(workspace: Workspace) -> str:
    """The level whose offices are compared: that below this office; "" at the lowest one."""
    names = workspace.forms.levels.names
    rank = names.index(workspace.level.name)
    return running.UNIT if rank == 1 else names[rank - 1] if rank else ""


def _chart(workspace: Workspace, table: ReportTable, chart: ReportChart, unit: MoneyUnit) -> list[Chart]:
    """The chart of a table that has any of its figures; rows without figures and zeros beside a line are left out."""
    rows = table.rows if chart.style == "lines" else tuple(row for row in table.rows if not row.is_empty)
    if not any(row.values[name] for row in rows for name in chart.columns):
        return []
    report = replace(running.report_named(workspace, table.name), charts=(chart,))
    return [_without_zeros(drawn) for drawn in charts_of(report, replace(table, rows=rows), unit)]


def _short(row: ReportRow) -> ReportRow:
    """A month as «T3»: twelve of them stand side by side; a key that is no month keeps its label."""
    month = row.key[-2:]
    return replace(row, labels=(f"T{int(month)}",)) if month.isdigit() else row


def _without_zeros(chart: Chart) -> Chart:
    """Lines without the texts of nothing, which would hide those of other lines; a bar of nothing keeps its figure."""
    if chart.style != "lines":
        return chart
    series = tuple(
        replace(
            line, texts=tuple(written if value else "" for written, value in zip(line.texts, line.values, strict=True))
        )
        for line in chart.series
    )
    return replace(chart, series=series)


def _in_words(chart: Chart) -> str:
    """Title, unit and figures of a chart, for those who do not see it."""
    lines = [f"{chart.title} ({chart.unit})"]
    for series in chart.series:
        pairs = [pair for pair in zip(chart.categories, series.texts, strict=True) if pair[1]]
        lines.append(f"{series.name}: {', '.join(f'{name} {value}' for name, value in pairs)}")
    return "; ".join(lines)
