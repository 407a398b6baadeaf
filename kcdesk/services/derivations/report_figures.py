"""The tree of a figure of a report: its formula, and the records behind each column, each with its field."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kcdesk.errors import UserError
from kcdesk.formdef.derivations.nodes import TAKEN_OVER, CellAddress, Derivation, LegalBasis
from kcdesk.reports.expressions import Call, Expression, Name, Number, Operation, parsed
from kcdesk.reports.model import Report, ReportColumn
from kcdesk.reports.report_table import TOTAL, BehindFigure, Figure, ReportTable
from kcdesk.services.reporting import running
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.workspace import Workspace

_SIGNS = {"+": "sum", "-": "difference", "*": "product", "/": "quotient"}
_WORDS = {"percent_of": "Tỷ lệ", "sum": "Cộng", "difference": "Hiệu", "product": "Tích", "quotient": "Thương"}
_DECIMALS = {"whole": 0, "money": 0, "percent": 1, "decimal": 2}


def why_figure(workspace: Workspace, wanted: Wanted, row: str, column: str) -> Derivation:
    """The tree of the figure in a row and column of a report; UserError if there is none."""
    return _FigureTree(workspace, wanted, row).of_column(column)


class _FigureTree:
    """Builds the tree of the figures of one row."""

    def __init__(self, workspace: Workspace, wanted: Wanted, row: str) -> None:
        self._workspace, self._wanted, self._row = workspace, wanted, row
        self._report: Report = running.report_named(workspace, wanted.name)
        self._table: ReportTable = running.run(workspace, wanted)

    def of_column(self, name: str) -> Derivation:
        column = self._column(name)
        if not column.formula:
            return self._records(column, self._row)
        tree = self._formula(parsed(column.formula), self._row)
        shown = next((shown for shown in self._table.columns if shown.name == name), None)
        return Derivation(
            label=self._label(column, self._row),
            value=_decimal(self._figure(name)),
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
        parts = tuple(self._record(line, column) for line in lines)
        figure = self._figure(column.name) if row == self._row else None
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

    def _figure(self, name: str) -> Figure:
        rows = {TOTAL: self._table.total} | {row.key: row for row in self._table.rows}
        return rows[self._row].values.get(name) if self._row in rows else None

    def _label(self, column: ReportColumn, row: str) -> str:
        labels = {line.key: line.label for line in self._table.rows}
        return f"{column.label}: {'tổng cộng' if row == TOTAL else labels.get(row, row)}"


def _computed(operation: str, parts: list[Derivation]) -> Derivation:
    unit = "%" if operation == "percent_of" else parts[0].unit
    node = Derivation(
        label=_WORDS[operation], value=None, unit=unit, operation=operation, parts=tuple(parts), decimals=None
    )
    return replace(node, value=node.result())


def _decimal(figure: Figure) -> Decimal | None:
    return None if figure is None else Decimal(figure)
