"""Sheets that come back from any program: rows and names are found, and every cell has one of three states."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcdesk.errors import UserError
from kcdesk.exchange.workbook import book_parts, returned_rows
from kcdesk.exchange.workbook.returned_rows import returned_sheets
from kcdesk.formdef.values import Percentage, Unreadable
from kcdesk.text import portable
from tests.exchange.raw_books import raw_book, row

NAMES = row(2, "id", "name", "note")
LABELS = row(1, "Mã", "Tên", "Ghi chú")
HALF_PAST_TEN = datetime.fromisoformat("2026-03-05T10:30:00")
STYLES = (
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/>'
    '<numFmt numFmtId="166" formatCode="#,##0\\ &quot;đồng&quot;"/></numFmts>'
    '<cellXfs count="9"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="20"/>'
    '<xf numFmtId="166"/><xf numFmtId="31"/><xf numFmtId="49"/><xf numFmtId="22"/><xf numFmtId="10"/></cellXfs>'
)


def read(rows, **book):
    """The only sheet of a workbook with such rows."""
    (sheet,) = returned_sheets(raw_book(rows, **book))
    return sheet


def cells_of(rows, **book):
    return [given.cells for given in read(rows, **book).rows]


def cell(content, **book):
    """What one cell of a workbook says."""
    third = f'<row r="3"><c r="A3" t="inlineStr"><is><t>r1</t></is></c>{content}</row>'
    (given,) = cells_of(LABELS + NAMES + third, styles=STYLES, **book)
    return given.get("name")


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ('<c r="B3"><v>5</v></c>', 5),
        ('<c r="B3"><v>-5.0</v></c>', -5.0),
        ('<c r="B3"><v>1E+11</v></c>', 1e11),
        ('<c r="B3" s="4"><v>300000</v></c>', 300_000),
        ('<c r="B3" s="6"><v>12</v></c>', 12),
        ('<c r="B3" s="8"><v>0.467</v></c>', Percentage(0.467)),
        ('<c r="B3" s="99"><v>12</v></c>', 12),
        ('<c r="B3" s="1"><v>46086</v></c>', date(2026, 3, 5)),
        ('<c r="B3" s="5"><v>46086</v></c>', date(2026, 3, 5)),  # numbered by WPS, not written down
        ('<c r="B3" s="7"><v>46086.4375</v></c>', HALF_PAST_TEN),
        ('<c r="B3" s="3"><v>0.3541666666666667</v></c>', time(8, 30)),
        ('<c r="B3" s="3"><v>1.25</v></c>', timedelta(hours=30)),
        ('<c r="B3" s="2"><v>1.25</v></c>', timedelta(hours=30)),
        ('<c r="B3" t="d"><v>2026-03-05T00:00:00</v></c>', date(2026, 3, 5)),
        ('<c r="B3" t="d"><v>2026-03-05T10:30:00Z</v></c>', HALF_PAST_TEN),
        ('<c r="B3" t="d"><v>08:30:00</v></c>', time(8, 30)),
        ('<c r="B3" t="b"><v>1</v></c>', True),
        ('<c r="B3" t="b"><v>0</v></c>', False),
        ('<c r="B3" t="s"><v>0</v></c>', "Chiếu cói"),
        ('<c r="B3" t="str"><v>Chiếu</v></c>', "Chiếu"),
        ('<c r="B3" t="inlineStr"><is><r><t>Chi</t></r><r><rPr/><t>ếu</t></r><rPh><t>x</t></rPh></is></c>', "Chiếu"),
        ('<c r="B3" t="inlineStr"><is><t>_x0041_</t></is></c>', "A"),
        ('<c r="B3" t="inlineStr"><is><t> </t></is></c>', " "),
        ('<c t="inlineStr"><is><t>Chiếu</t></is></c>', "Chiếu"),  # some libraries write no addresses
    ],
)
def test_a_cell_with_a_value(content, value):
    texts = "<si><r><t>Chiếu</t></r><r><t> cói</t></r><rPh><t>x</t></rPh></si>"
    read_value = cell(content, texts=texts)
    assert (read_value, type(read_value)) == (value, type(value))


@pytest.mark.parametrize(
    "content", ["", '<c r="B3"/>', '<c r="B3" s="1"><v></v></c>', '<c r="B3" t="inlineStr"><is><t></t></is></c>']
)
def test_an_empty_cell(content):
    assert cell(content) is None


@pytest.mark.parametrize(
    ("content", "shown", "sentence"),
    [
        ('<c r="B3" t="e"><v>#REF!</v></c>', "#REF!", "lỗi công thức"),
        ('<c r="B3" t="str"><f>A1</f><v>#N/A</v></c>', "#N/A", "lỗi công thức"),
        ('<c r="B3" t="inlineStr"><is><t>#VALUE!</t></is></c>', "#VALUE!", "lỗi công thức"),
        ('<c r="B3" t="str"><f>A1</f><v>Err:502</v></c>', "Err:502", "lỗi công thức"),
        ('<c r="B3"><f>SUM(C3:C9)</f></c>', "=SUM(C3:C9)", "công thức không có kết quả"),
        ('<c r="B3" t="str"><f>""</f><v></v></c>', '=""', "công thức không có kết quả"),
        ('<c r="B3" s="1"><v>99999999</v></c>', "99999999", "không phải ngày nào"),
        ('<c r="B3" s="1"><v>-3</v></c>', "-3", "không phải ngày nào"),
        ('<c r="B3" s="1"><v>12.5</v></c>', "12.5", "không phải ngày nào"),  # before 1 March 1900 Excel counts wrongly
        ('<c r="B3" t="s"><v>77</v></c>', "77", "không đọc được"),
        ('<c r="B3"><v>1E+999</v></c>', "1E+999", "không đọc được"),
        ('<c r="B3"><v>năm</v></c>', "năm", "không đọc được"),
        ('<c r="B3" t="d"><v>05/03/2026</v></c>', "05/03/2026", "không đọc được"),
        ('<c r="B3" t="new"><v>1</v></c>', "1", "không đọc được"),
    ],
)
def test_a_cell_that_cannot_be_read_is_not_empty(content, shown, sentence):
    value = cell(content)
    assert isinstance(value, Unreadable)
    assert value.shown == shown
    assert sentence in value.reason


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(["n", "s", "str", "inlineStr", "b", "d", "e", "x"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
    | st.floats(allow_nan=False).map(repr)
    | st.integers().map(str),
    st.integers(0, 9),
    st.booleans(),
)
def test_only_a_cell_without_content_is_empty(kind, content, style, is_formula):
    formula = "<f>A1</f>" if is_formula else ""
    inside = f"<is><t>{escape(content)}</t></is>" if kind == "inlineStr" else f"<v>{escape(content)}</v>"
    value = cell(f'<c r="B3" s="{style}" t="{kind}">{formula}{inside}</c>')
    assert (value is None) == (not is_formula and portable(content) == "")


def test_the_result_of_a_formula_is_a_value_with_a_word():
    third = '<row r="3"><c r="A3" t="inlineStr"><is><t>r1</t></is></c><c r="B3"><f>2*3</f><v>6</v></c></row>'
    (given,) = read(NAMES + third).rows
    assert given.cells["name"] == 6
    assert "công thức" in given.notes["name"]


def test_days_are_counted_from_1904_where_the_workbook_says_so():
    content = '<c r="B3" s="1"><v>44624</v></c>'
    assert cell(content, settings='<workbookPr date1904="1"/>') == date(2026, 3, 5)
    assert cell(content, settings='<workbookPr date1904="true"/>') == date(2026, 3, 5)


def test_names_are_found_below_rows_that_somebody_put_above():
    above = row(1, "BẢNG NĂM 2026") + row(4, "", "", "kẻ bảng")
    sheet = read(above + row(9, "Mã", "Tên") + row(20, " id ", "name") + row(40, "r1", "Một"))
    assert [(given.number, given.cells) for given in sheet.rows] == [(40, {"id": "r1", "name": "Một"})]
    assert sheet.place(sheet.rows[0], "name") == "B40"
    assert list(returned_sheets(raw_book(row(21, "id", "name") + row(22, "r1", "Một")))) == []


def test_rows_that_were_sorted_above_the_names_are_read():
    rows = row(1, "r2", "Hai") + row(2, "Mã hồ sơ", "Tên") + row(3, "", "BẢNG") + row(4, "id", "name") + row(5, "r1")
    assert [(given.number, given.cells["id"]) for given in read(rows).rows] == [(1, "r2"), (5, "r1")]


def test_hidden_and_filtered_rows_are_read_and_copies_of_the_names_are_not():
    hidden = row(3, "r1", "Một").replace("<row", '<row hidden="1"')
    rows = NAMES + hidden + row(4) + row(5, "id", "name", "note") + row(6, "r2", "Hai")
    after = '<autoFilter ref="A2:C6"><filterColumn colId="1"/></autoFilter>'
    assert [given["id"] for given in cells_of(rows, after=after)] == ["r1", "r2"]


def test_a_column_that_is_there_twice_counts_if_both_are_equal():
    names = row(2, "id", "note", "name", "name")
    same, other, lost = cells_of(
        names + row(3, "r1", "", "Một", "Một") + row(4, "r2", "", "Hai", "Ba") + row(5, "r3", "", "", "Bốn")
    )
    assert same["name"] == "Một"
    assert "hai lần" in other["name"].reason
    assert isinstance(lost["name"], Unreadable)


ROWS = NAMES + row(3, "r1", "Một", "x") + row(4, "r2") + row(5, "r3", "", "y") + row(6, "r4", "Bốn")


def merged(*places):
    return "<mergeCells>" + "".join(f'<mergeCell ref="{place}"/>' for place in places) + "</mergeCells>"


def test_a_merged_cell_speaks_for_every_row_and_only_for_its_column():
    sheet = read(ROWS, after=merged("B3:B5"))
    assert [given.cells.get("name") for given in sheet.rows] == ["Một", "Một", "Một", "Bốn"]
    assert ["B3:B5" in given.notes.get("name", "") for given in sheet.rows] == [False, True, True, False]
    beside = read(ROWS, after=merged("B3:C4")).rows
    assert [given.cells.get("name") for given in beside[:2]] == ["Một", "Một"]
    assert all("ô trộn B3:C4" in given.cells["note"].reason for given in beside[:2])


def test_a_key_in_a_merged_cell_cannot_be_read_and_an_empty_one_is_marked():
    keys = read(ROWS, after=merged("A3:A4")).rows
    assert keys[0].cells["id"] == "r1"
    assert isinstance(keys[1].cells["id"], Unreadable)
    empty = read(ROWS, after=merged("B4:B6")).rows[3]
    assert "name" not in empty.cells
    assert "B4:B6" in empty.notes["name"]


def test_a_cell_merged_from_above_the_rows_and_wrong_ranges():
    rows = read(ROWS, after=merged("B1:B3", "C9", "A0:B", "XFD9:A1", "B6:B1048576", "ZZZZZ1:ZZZZZ2")).rows
    assert isinstance(rows[0].cells["name"], Unreadable)
    assert rows[3].cells["name"] == "Bốn"


@pytest.mark.parametrize(
    ("strict", "main"), [(True, "xl/workbook.xml"), (False, "xl/book7.xml"), (False, "XL\\Workbook.xml")]
)
def test_other_producers_name_parts_and_spaces_differently(strict, main):
    file = raw_book(NAMES + row(3, "r1", "Một"), strict=strict, main=main.replace("\\", "/"))
    if "\\" in main:
        renamed = io.BytesIO()
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(renamed, "w") as new:
            for info in old.infolist():
                new.writestr(zipfile.ZipInfo(info.filename.replace("XL/", "xl/")), old.read(info))
        file = renamed
    (sheet,) = returned_sheets(file)
    assert [given.cells for given in sheet.rows] == [{"id": "r1", "name": "Một"}]


def test_numbers_of_rows_and_addresses_may_be_missing():
    def bare(*texts):
        cells = (f'<c t="inlineStr"><is><t>{shown}</t></is></c>' for shown in texts)
        return f"<row>{''.join(cells)}</row>"

    assert cells_of(bare("id", "name") + bare("r1", "Một")) == [{"id": "r1", "name": "Một"}]


@pytest.mark.parametrize(("limit", "value"), [("MAX_CELLS", 3), ("MAX_ROWS", 5), ("MAX_MERGED", 0)])
def test_more_than_the_limit_is_refused_with_a_sentence(monkeypatch, limit, value):
    monkeypatch.setattr(returned_rows, limit, value)
    with pytest.raises(UserError, match="quá nhiều"):
        list(returned_sheets(raw_book(ROWS, after=merged("B3:B4") + row(7, "r5"))))


def test_a_part_without_end_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(book_parts, "MAX_ELEMENT", 1 << 20)
    with pytest.raises(UserError, match="quá nhiều"):
        list(returned_sheets(raw_book(NAMES + row(3, "r1"), after=f"<x>{'<y/>' * 1_000_000}</x>")))


@pytest.mark.parametrize(
    "spoilt",
    [
        raw_book(NAMES + "<row><c>"),
        raw_book(NAMES + row(3, "r1") + '<row r="4"><c t="s"><v>0</v></c></row>', texts="<si>"),
        raw_book(NAMES, parts={"xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{NAMES}</sheetData>"}),
        raw_book(NAMES, main="xl/workbook.bin"),
        io.BytesIO(b"no zip"),
    ],
)
def test_a_broken_workbook_is_refused_with_a_sentence(spoilt):
    with pytest.raises(UserError) as refused:
        [given for sheet in returned_sheets(spoilt) for given in sheet.rows]
    assert refused.value.code == "damaged"


def test_entities_are_never_resolved():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    with pytest.raises(UserError):
        list(returned_sheets(raw_book(NAMES, parts={"xl/worksheets/sheet1.xml": bomb})))
