"""A report with a row for each indicator: in the period, from the beginning, and beside the target of the programme."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.reports.report_period import Period
from kcdesk.reports.report_question import ReportQuestion
from kcdesk.reports.report_source import ReportSource
from kcdesk.reports.report_table import Figure, ReportRow, ReportTable, TableColumn, rounded
from kcdesk.runtime.frozen import Value, replace

PERIOD, SO_FAR, TARGET, TOWARDS, ACHIEVED = "period", "to_date", "target", "towards_target", "achieved"
_TARGETS = "programme_target"
_LABELS = {
    PERIOD: ("Trong kỳ", "Kết quả có ngày trong kỳ."),
    SO_FAR: ("Lũy kế", "Kết quả từ đầu đến cuối kỳ, kể cả số liệu tổng năm trước."),
    TARGET: ("Mục tiêu", "Mục tiêu của các chương trình đang chạy vào cuối kỳ."),
    TOWARDS: ("Từ đầu chương trình", "Kết quả từ năm đầu của chương trình đến cuối kỳ."),
    ACHIEVED: ("So mục tiêu", "Kết quả từ đầu chương trình chia cho mục tiêu."),
}
COLUMNS = tuple(_LABELS)
_TARGET_SQL = (
    'SELECT line."indicator" AS indicator, SUM(line."value") AS value, MIN(programme."year_from") AS first'
    ' FROM "programme_target_target" AS line JOIN "programme_target" AS programme'
    ' ON programme."id" = line."programme_target_id"'
    ' WHERE programme."year_from" <= :year AND programme."year_to" >= :year GROUP BY line."indicator"'
)


class RunsReports(Protocol):
    """What the table needs of the engine."""

    reader: ReportSource

    def run_by_groups(self, question: ReportQuestion) -> ReportTable:
        """The table with a column for each figure."""

    def totals(self, question: ReportQuestion) -> Mapping[str, Figure]:
        """The figures of the line of totals alone."""


class _Target(Value):
    value: Decimal
    first_year: int


def of(engine: RunsReports, question: ReportQuestion) -> ReportTable:
    """The table of a report whose columns are shown as rows."""
    in_period = engine.run_by_groups(question)
    targets = _targets(engine.reader, question)
    first_years = {target.first_year for target in targets.values()}
    periods = {year: Period(date(year, 1, 1), question.period.last) for year in first_years}
    totals = {question.period: in_period.total.values}  # each period is asked once
    for period in {question.period.until_its_end, *periods.values()} - totals.keys():
        totals[period] = engine.totals(replace(question, period=period))
    so_far = totals[question.period.until_its_end]
    rows = []
    for column in in_period.columns:
        target = targets.get(column.name)
        reached = totals[periods[target.first_year]][column.name] if target else None
        values = {
            PERIOD: in_period.total.values[column.name],
            SO_FAR: so_far[column.name],
            TARGET: rounded(target.value, column.rounding) if target else None,
            TOWARDS: reached,
            ACHIEVED: _achieved(reached, target),
        }
        rows.append(ReportRow(keys=(column.name,), labels=(_label(column),), values=values))
    nothing: dict[str, Figure] = dict.fromkeys(_LABELS, None)
    return replace(
        in_period,
        group_labels=("Chỉ tiêu",),
        columns=tuple(_column(name, in_period.source) for name in _LABELS),
        rows=tuple(rows),
        total=ReportRow(keys=(), labels=("",), values=nothing),
        opening=ReportRow(keys=(), labels=("",), values=nothing),
    )


def _label(column: TableColumn) -> str:
    """The label of a row with its unit; an estimate and an unread basis are marked wherever they are shown."""
    marks = (column.unit, "ước tính" if column.estimate else "", "chưa đối chiếu" if column.unverified else "")
    return f"{column.label} ({'; '.join(filter(None, marks))})"


def question_of(engine: RunsReports, question: ReportQuestion, row: str, column: str) -> ReportQuestion:
    """The question whose total is the figure in a column of the table; UserError for a column without records."""
    if column == PERIOD:
        return question
    if column == SO_FAR:
        return replace(question, period=question.period.until_its_end)
    target = _targets(engine.reader, question).get(row)
    if column in (TOWARDS, ACHIEVED) and target is not None:
        return replace(question, period=Period(date(target.first_year, 1, 1), question.period.last))
    raise UserError(f"Không có hồ sơ nào đứng sau cột «{column}».", code="no_column")


def _targets(reader: ReportSource, question: ReportQuestion) -> Mapping[str, _Target]:
    """The targets of the programmes that run at the end of the period, by indicator."""
    if not has_targets(reader.forms):
        return {}
    year = (question.period.last or question.today).year
    lines = reader.query(_TARGET_SQL, {"year": year})
    return {line["indicator"]: _Target(Decimal(str(line["value"] or 0)), int(line["first"])) for line in lines}


def has_targets(forms: Forms) -> bool:
    """Whether these forms have targets of programmes."""
    return _TARGETS in forms.kinds


def _achieved(reached: Figure, target: _Target | None) -> Figure:
    if target is None or not target.value or reached is None:
        return None
    return rounded(Decimal(reached) * 100 / target.value, "percent")


def _column(name: str, source: str) -> TableColumn:
    label, definition = _LABELS[name]
    is_rate = name == ACHIEVED
    return TableColumn(
        name=name,
        label=label,
        heading=label,
        unit="%" if is_rate else "",
        rounding="percent" if is_rate else "decimal",
        definition=definition,
        source=source,
        is_formula=is_rate,
    )
