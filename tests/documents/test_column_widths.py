"""No number in a table breaks across two lines, in any paper, in PDF and in Word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcdesk.documents.blocks import Column, Document, PageSetup, Table, TableRow
from kcdesk.documents.column_widths import column_widths
from kcdesk.documents.layouts.specs import GroupSpec
from kcdesk.documents.layouts.table_specs import TableSpec
from kcdesk.documents.styles import MILLIMETRE
from tests.documents import samples
from tests.examples import examples

SUM = "1.050.000.000"


def _tables(specs):
    for spec in specs:
        if isinstance(spec, TableSpec):
            yield spec
        elif isinstance(spec, GroupSpec):
            yield from _tables(spec.specs)


_TABLES = [
    (f"{layout.id}@{layout.version}, bảng {number}", layout.page, spec)
    for layout in samples.layouts().all
    for number, spec in enumerate(_tables(layout.blocks), 1)
]


@pytest.fixture
def tokens(printed):
    """The words of a table printed alone."""

    def words(table: Table, page: PageSetup) -> list[str]:
        return printed(Document(title="Bảng", blocks=(table,), page=page)).text.split()

    return words


def test_every_column_of_amounts_in_every_paper_holds_a_large_sum(tokens):
    """The largest sum of a province's year, bold as a total, in each column that is set to the right."""
    assert len(_TABLES) > 20
    for name, page, spec in _TABLES:
        columns = tuple(Column(c.heading, c.width, c.align, c.group) for c in spec.columns)
        cells = tuple((SUM,) if column.align == "right" else () for column in columns)
        amounts = sum(column.align == "right" for column in columns)
        found = tokens(Table(columns, (TableRow(cells, bold=True),)), page)
        assert found.count(SUM) == amounts, name


@settings(max_examples=examples(15), deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(["", "1", SUM, "12.345.678.901", "một câu dài hơn một chút"])),
        min_size=1,
        max_size=6,
    )
)
def test_columns_fill_the_page_and_keep_what_their_numbers_need(columns):
    width = 165 * MILLIMETRE
    table = Table(
        tuple(Column("Cột", millimetres) for millimetres, _ in columns),
        (TableRow(tuple((cell,) for _, cell in columns)),),
    )
    widths = column_widths(table, width)
    if all(millimetres for millimetres, _ in columns) or sum(m for m, _ in columns) * MILLIMETRE <= width:
        assert sum(widths) == pytest.approx(width)
    assert all(points >= 0 for points in widths)
