"""The tree of a figure of a report: its formula, and the records behind each column, each with its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from kcdesk.errors import UserError
from kcdesk.formdef.derivations.nodes import TAKEN_OVER, CellAddress, Derivation, LegalBasis
from kcdesk.reports import indicator_table
from kcdesk.reports.expressions import Call, Expression, Name, Number, Operation, parsed
from kcdesk.reports.model import Report, ReportColumn
from kcdesk.reports.report_table import TOTAL, BehindFigure, Figure, ReportTable
from kcdesk.runtime.frozen import replace
from kcdesk.services.derivations.proved_rules import with_proof
from kcdesk.services.reporting import running
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer

_SIGNS = {"+": "sum", "-": "difference", "*": "product", "/": "quotient"}
_WORDS = {"percent_of": "Tỷ lệ", "sum": "Cộng", "difference": "Hiệu", "product": "Tích", "quotient": "Thương"}
MOST = 500  # records that a tree lists one by one, those with the largest figures; the rest stands in one line
_DECIMALS = {"whole": 0, "money": 0, "percent": 1, "decimal": 2}


def why_figure(workspace: Workspace, wanted: Wanted, row: str, column: str) -> Derivation:
    """The tree of the figure in a row and column of a report; UserError if there is none."""
    return FigureTrees(workspace, wanted).tree(row, column)


class FigureTrees:
    """The trees of the figures of one report, which is run once; `table` is what came out."""

    def __init__(self, workspace: Workspace, wanted: Wanted) -> None:
        self._workspace, self._wanted = workspace, wanted
        self._report = running.report_named(workspace, wanted.name)
        self.table: ReportTable = running.run(workspace, wanted)

    def tree(self, row: str, column: str) -> Derivation:
        """The tree of one figure; UserError if there is no such row or column."""
        return with_proof(self._workspace, self._tree(row, column))

    def _tree(self, row: str, column: str) -> Derivation:
        names = {shown.name for shown in self.table.columns}
        if self._report.indicators_as_rows and column in names.intersection(indicator_table.COLUMNS):
            return self._of_indicator(row, column)
        line = self.table.line(row)
        figures = line.values if line is not None else {}
        return _FigureTree(self._workspace, self._wanted, row, self.table, figures).of_column(column)

    def _of_indicator(self, row: str, column: str) -> Derivation:
        """The figure of a report whose rows are indicators: its columns are periods of the same figure."""
        line = next((line for line in self.table.rows if line.key == row), None)
        if line is None:
            raise UserError(f"Báo cáo không có dòng «{row}».", code="no_row")
        label = f"{line.label}, {self.table.column(column).label.lower()}"
        if column == indicator_table.TARGET or line.values[column] is None:
            return self._target(label, line.values[column], column)
        if column == indicator_table.ACHIEVED:
            towards = self._of_indicator(row, indicator_table.TOWARDS)
            target = self._of_indicator(row, indicator_table.TARGET)
            rate = _computed("percent_of", [towards, target])
            return replace(rate, label=label, value=_decimal(line.values[column]), decimals=_DECIMALS["percent"])
        asked = running.asked_indicator(self._workspace, self._wanted, row, column)
        tree = _FigureTree(self._workspace, asked, TOTAL, self.table, {row: line.values[column]}).of_column(row)
        return replace(tree, label=label)

    def _target(self, label: str, figure: Figure, column: str) -> Derivation:
        """A figure that no record stands behind: a target, or what cannot be told without one."""
        described = self.table.column(column)
        rule = LegalBasis(described.definition, described.source)
        note = "" if figure is not None else "Chỉ tiêu này chưa có mục tiêu của chương trình đang chạy."
        return Derivation(label=label, value=_decimal(figure), unit="", decimals=None, rule=rule, note=note)


class _FigureTree:
    """Builds the tree of the figures of one row, whose values by column are `figures`."""

    def __init__(
        self, workspace: Workspace, wanted: Wanted, row: str, table: ReportTable, figures: Mapping[str, Figure]
    ) -> None:
        self._workspace, self._wanted, self._row = workspace, wanted, row
        self._report: Report = running.report_named(workspace, wanted.name)
        self._table, self._figures = table, figures

    def of_column(self, name: str) -> Derivation:
        column = self._column(name)
        if not column.formula:
            return self._records(column, self._row)
        tree = self._formula(parsed(column.formula), self._row)
        shown = next((shown for shown in self._table.columns if shown.name == name), None)
        return Derivation(
            label=self._label(column, self._row),
            value=_decimal(self._figures.get(name)),
            unit=column.unit,
            operation=tree.operation or TAKEN_OVER,
            parts=tree.parts or (tree,),
            decimals=_DECIMALS[shown.rounding] if shown else 2,
            rule=LegalBasis(column.definition, column.source, column.unverified),
        )

    def _formula(self, tree: Expression, row: str) -> Derivation:
        if isinstance(tree, Number):
            return Derivation(label="Hằng số của công thức", value=tree.value, unit="", decimals=None)
        if isinstance(tree, Name):
            column = self._column(tree.name)
            return self._formula(parsed(column.formula), row) if column.formula else self._records(column, row)
        if isinstance(tree, Operation):
            return _computed(_SIGNS[tree.sign], [self._formula(part, row) for part in (tree.left, tree.right)])
        return self._call(tree, row)

    def _call(self, tree: Call, row: str) -> Derivation:
        if tree.function == "share":
            operand = tree.operands[0]
            return _computed("percent_of", [self._formula(operand, row), self._formula(operand, TOTAL)])
        operands = [self._formula(operand, row) for operand in tree.operands]
        if tree.function == "first":
            return next((operand for operand in operands if operand.value is not None), operands[0])
        return _computed("percent_of", operands)

    def _records(self, column: ReportColumn, row: str) -> Derivation:
        """A column without formula: the sum of what each record adds."""
        lines = running.behind(self._workspace, self._wanted, row, column.name)
        parts = (*(self._record(line, column) for line in lines[:MOST]), *_rest(lines[MOST:], column))
        figure = self._figures.get(column.name) if row == self._row else None
        known = sum((part.value or Decimal(0) for part in parts), Decimal(0))
        return Derivation(
            label=self._label(column, row),
            value=known if figure is None else _decimal(figure),
            unit=column.unit,
            operation="sum" if parts else "",
            parts=parts,
            rule=LegalBasis(column.definition, column.source, column.unverified),
            note="" if parts else "Không có hồ sơ nào đứng sau số này.",
        )

    def _record(self, line: BehindFigure, column: ReportColumn) -> Derivation:
        """What a record adds; with its field if the report takes the field as it stands."""
        record = self._workspace.store.record(line.id)
        names = [part.value for part in column.figures if part.value in record.form.by_name]
        same = [name for name in names if record.value(name) == line.value]
        return Derivation(
            label=f"{record.form.label}: {line.title}" if line.title else record.form.label,
            value=_decimal(line.value),
            unit=column.unit,
            decimals=None,
            cell=CellAddress(line.id, line.kind, same[-1] if same else ""),
            title=line.title,
        )

    def _column(self, name: str) -> ReportColumn:
        columns = {column.name: column for column in self._report.columns}
        if name not in columns:
            raise UserError(f"Báo cáo không có cột «{name}».", code="no_column", hint=f"Các cột: {', '.join(columns)}.")
        return columns[name]

    def _label(self, column: ReportColumn, row: str) -> str:
        labels = {line.key: line.label for line in self._table.rows}
        return f"{column.label}: {'tổng cộng' if row == TOTAL else labels.get(row, row)}"


def _rest(lines: Sequence[BehindFigure], column: ReportColumn) -> Iterator[Derivation]:
    """What the records add together that are not listed one by one."""
    if lines:
        value = sum((_decimal(line.value) or Decimal(0) for line in lines), Decimal(0))
        note = "Mở số này trong báo cáo để xem từng hồ sơ."
        yield Derivation(label=f"{format_integer(len(lines))} hồ sơ khác", value=value, unit=column.unit, note=note)


def _computed(operation: str, parts: list[Derivation]) -> Derivation:
    unit = "%" if operation == "percent_of" else parts[0].unit
    node = Derivation(
        label=_WORDS[operation], value=None, unit=unit, operation=operation, parts=tuple(parts), decimals=None
    )
    return replace(node, value=node.result())


def _decimal(figure: Figure) -> Decimal | None:
    return None if figure is None else Decimal(figure)
