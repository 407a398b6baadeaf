"""The records behind a figure in the words of the window: each with what it adds, the sums, the ids by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from kcdesk.reports.report_table import BehindFigure
from kcdesk.runtime.frozen import Value
from kcdesk.services.records import reading
from kcdesk.services.reporting.figures import MoneyUnit, shown, unit_of
from kcdesk.services.reporting.report_answer import AskedReport, records_behind
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer


class BehindLine(Value):
    """One record and what it adds; `figure` is the column to which it adds, for figures made of several."""

    id: str
    title: str
    kind_label: str
    figure: str
    value: str


class FigureRecords(Value):
    """What stands behind a figure; `ids` by kind, each record once, with the names of the kinds beside them."""

    lines: tuple[BehindLine, ...]
    sums: tuple[str, ...]  # for each column: how many records, and their sum
    ids: Mapping[str, tuple[str, ...]]
    kind_labels: Mapping[str, str]

    @property
    def has_several_figures(self) -> bool:
        """Whether the records belong to several columns, such as both parts of a rate."""
        return len(self.sums) > 1


def figure_records(workspace: Workspace, asked: AskedReport, row: str, column: str) -> FigureRecords:
    """The records behind a figure of an answer; UserError if there is no such row or column."""
    behind = records_behind(workspace, asked, row, column)
    labels = {kind: reading.form_of(workspace, kind) for kind in dict.fromkeys(line.kind for line in behind)}
    ids: dict[str, dict[str, None]] = {}
    for line in behind:
        ids.setdefault(line.kind, {})[line.id] = None
    return FigureRecords(
        lines=tuple(_line(line, labels[line.kind].label, asked.unit) for line in behind),
        sums=tuple(_sums(behind, asked.unit)),
        ids={kind: tuple(named) for kind, named in ids.items()},
        kind_labels={kind: form.plural for kind, form in labels.items()},
    )


def _line(line: BehindFigure, kind_label: str, unit: MoneyUnit) -> BehindLine:
    value = f"{shown(line.value, line.column, unit)} {unit_of(line.column, unit)}".rstrip()
    return BehindLine(line.id, line.title or kind_label, kind_label, line.column.heading, value)


def _sums(behind: Sequence[BehindFigure], unit: MoneyUnit) -> list[str]:
    sums = []
    for name in dict.fromkeys(line.column.name for line in behind):
        lines = [line for line in behind if line.column.name == name]
        column, total = lines[0].column, sum((Decimal(line.value or 0) for line in lines), Decimal(0))
        number = format_integer(len({line.id for line in lines}))
        sums.append(f"{column.heading}: {number} hồ sơ, cộng {shown(total, column, unit)} {unit_of(column, unit)}")
    return sums
