"""The block `facts`: answers of a record in the order of its form, for layouts that do not name each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kcdesk.documents import blocks
from kcdesk.documents.blocks import Block, Inline
from kcdesk.documents.layouts.specs import BlockSpec, Expression, Filling
from kcdesk.documents.paper import Fact, Rows
from kcdesk.documents.paper_values import Missing
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.text import format_decimal


class FactsSpec(BlockSpec, kw_only=True):
    """`facts`: the sections that a record has because of its activity, laid out as in the form."""

    record: Expression
    without: tuple[str, ...] = ()  # sections that are left out
    brief: bool = False  # without long texts and without missing answers

    def fill(self, filling: Filling) -> Iterator[Block]:
        """For each section: its heading, then its answers and tables."""
        for section in filling.templates.value(self.record, filling.names).own_sections:
            if section.id in self.without:
                continue
            written = [block for fact in section.facts for block in self._fact(fact, filling)]
            if written:
                yield blocks.Heading((section.label,), 2)
                yield from written

    def _fact(self, fact: Fact, filling: Filling) -> Iterator[Block]:
        if isinstance(fact.value, Rows):
            yield from self._table(fact.field, fact.value, filling)
        elif type_of(fact.field).is_paragraph:
            if not self.brief:
                yield blocks.Paragraph((f"{fact.field.label}: ", *_written(fact.value, filling)))
        elif fact.value or not isinstance(fact.value, Missing) or (fact.field.required and not self.brief):
            yield blocks.FieldLine((blocks.FieldPart(fact.field.label, _written(fact.value, filling)),))

    def _table(self, field: Field, rows: Rows, filling: Filling) -> Iterator[Block]:
        """The rows, without columns that are empty in all rows; with a line of totals if the form has totals."""
        shown = [column for column in field.columns if type_of(column).is_plain or type_of(column).is_table_row]
        columns = [
            column for column in shown if any(not isinstance(getattr(row, column.name), Missing) for row in rows)
        ]
        if not columns:
            return
        lines = [
            blocks.TableRow(tuple(_cell(column, getattr(row, column.name), filling) for column in columns))
            for row in rows
        ]
        if field.totals:
            lines.append(blocks.TableRow(tuple(_total(field, column, rows, columns) for column in columns), bold=True))
        yield blocks.Paragraph((f"{field.label}:",))
        heads = [blocks.Column(_head(column), _width(column), _align(column)) for column in columns]
        yield blocks.Table(tuple(heads), tuple(lines))


_WIDTHS = {"money": 26, "integer": 16, "decimal": 16, "percent": 17, "date": 23, "year": 14, "yes_no": 16}


def _written(value: object, filling: Filling, source: str = "{{ value }}") -> Inline:
    return filling.templates.text(source, {**filling.names, "value": value})


def _cell(column: Field, value: object, filling: Filling) -> Inline:
    """A cell; empty if the value is missing, because nobody writes on it. The unit of a number is in the head."""
    if isinstance(value, Missing):
        return ()
    bare = column.unit and type_of(column).align == "right"
    return _written(value, filling, "{{ value | number }}" if bare else "{{ value }}")


def _total(field: Field, column: Field, rows: Rows, columns: list[Field]) -> Inline:
    if column.name in field.totals:
        values = [Decimal(str(v.stored)) for row in rows if not isinstance(v := getattr(row, column.name), Missing)]
        return (format_decimal(sum(values, Decimal(0))),)
    return ("Cộng",) if column is columns[0] else ()


def _head(column: Field) -> str:
    return f"{column.heading} ({column.unit})" if column.unit else column.heading


def _width(column: Field) -> int:
    return _WIDTHS.get(column.type, 0)


def _align(column: Field) -> blocks.Align:
    return type_of(column).align


FACT_SPECS: Mapping[str, type[BlockSpec]] = {"facts": FactsSpec}
