"""The blocks `table`, `charts` and `content` of layout files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kcdesk.documents import blocks
from kcdesk.documents.blocks import Block, Inline, TableRow
from kcdesk.documents.layouts.specs import BlockSpec, Expression, Filling, Text
from kcdesk.runtime.frozen import Value, replace


class ColumnSpec(Value, kw_only=True):
    """A column: its head, and its text for each `row`; with `each` a column for each `column` of a list."""

    heading: Text
    value: Text
    each: Expression = ""
    width: int = 0
    align: blocks.Align = "left"
    group: str = ""
    total: Text = ""
    when: Expression = ""


class TableSpec(BlockSpec, kw_only=True):
    """`table`: rows with columns, and a line of totals if any column has a total."""

    rows: Expression
    columns: tuple[ColumnSpec, ...]
    blank_rows: int = 0
    bold: Expression = ""  # which rows are printed in bold letters

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The table."""
        columns = list(self._columns(filling))
        rows = [
            TableRow(tuple(column.cell(row) for column in columns), bold=bool(self.bold) and row.holds(self.bold))
            for row in filling.rows(self.rows, self.blank_rows)
        ]
        if any(column.spec.total for column in columns):
            rows.append(TableRow(tuple(column.total(filling) for column in columns), bold=True))
        yield blocks.Table(tuple(column.head(filling) for column in columns), tuple(rows))

    def _columns(self, filling: Filling) -> Iterator[_PlacedColumn]:
        for spec in self.columns:
            if not filling.holds(spec.when):
                continue
            for repeated in filling.templates.value(spec.each, filling.names) if spec.each else ({},):
                yield _PlacedColumn(spec, repeated)


class _PlacedColumn(Value):
    """A column of a table as it stands on paper; `item` is what it is repeated for."""

    spec: ColumnSpec
    item: object

    def head(self, filling: Filling) -> blocks.Column:
        spec = self.spec
        return blocks.Column(self._named(filling).plain(spec.heading), spec.width, spec.align, spec.group)

    def cell(self, row: Filling) -> Inline:
        return self._named(row).text(self.spec.value)

    def total(self, filling: Filling) -> Inline:
        return self._named(filling).text(self.spec.total)

    def _named(self, filling: Filling) -> Filling:
        return replace(filling, names={**filling.names, "column": self.item}) if self.spec.each else filling


class ChartsSpec(BlockSpec, kw_only=True):
    """`charts`: the charts of a list; a chart without a category is left out."""

    charts: Expression

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The charts, in order."""
        for chart in filling.templates.value(self.charts, filling.names):
            drawn = chart.drawn
            if drawn.categories:
                yield drawn


class ContentSpec(BlockSpec, kw_only=True):
    """`content`: the blocks of a list, such as the sections of a summary, which are no layout's."""

    blocks: Expression

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The blocks, in order."""
        for item in filling.templates.value(self.blocks, filling.names):
            yield item.drawn


TABLE_SPECS: Mapping[str, type[BlockSpec]] = {"table": TableSpec, "charts": ChartsSpec, "content": ContentSpec}
