"""Rows spelled as XML read like the rows that openpyxl would write."""

from __future__ import annotations

import io
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kcdesk.exchange.workbook.cells import from_xml, same
from kcdesk.exchange.workbook.xml_rows import RowSpeller, SpelledColumn, begin, heading, save
from tests.examples import examples

VALUES = st.one_of(
    st.none(),
    st.text(max_size=60),
    st.sampled_from(
        ["=1+1", "#REF!", " đầu và cuối ", "a\nb", "_x0041_", "<&>\"'", "]]>", "01", "TRUE", "\r\n", "\u2028"]
    ),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
)


def read_back(rows: list[list[object]]) -> list[list[object]]:
    """The rows as openpyxl reads them, from the second on."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("A")
    writer = begin(sheet)
    writer.begin_rows()
    writer.write_xml(heading(1, ["đầu"], [0]))
    width = max(map(len, rows))
    speller = RowSpeller([SpelledColumn(place, 0, 10.0, True) for place in range(width)])
    writer.write_xml("".join(speller.row(number, row) for number, row in enumerate(rows, 2)))
    file = io.BytesIO()
    save(book, file)
    read = load_workbook(file)["A"].iter_rows(min_row=2, max_row=1 + len(rows), max_col=width)
    return [[cell.value for cell in row] for row in read]


def as_number(value: object) -> object:
    """A day as a cell without the look of a day shows it."""
    return (value - date(1899, 12, 30)).days if isinstance(value, date) and value >= date(1900, 3, 1) else value


@settings(deadline=None, max_examples=examples(60))
@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=3))
def test_what_is_spelled_is_what_is_read(rows):
    for row, shown in zip(rows, read_back(rows), strict=True):
        assert all(same(from_xml(cell), as_number(value)) for value, cell in zip(row, shown, strict=True))


def test_a_text_is_never_a_formula_and_a_day_is_a_number():
    (shown,) = read_back([["=HYPERLINK(1)", date(2026, 3, 5), 10**15]])
    assert shown[0] == "=HYPERLINK(1)"
    assert shown[1] == 46086
    assert shown[2] == str(10**15)
