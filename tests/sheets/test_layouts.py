"""Foreign sheets of any layout: what is a heading, a record, a total, a section, a signature; files of any format."""

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcdesk.formdef.loading.loader import load
from kcdesk.sheets.book.foreign_book import ForeignSheet, MergedRange
from kcdesk.sheets.book.text_tables import read_text
from kcdesk.sheets.layout import row_signs
from kcdesk.sheets.layout.sheet_layout import laid_out
from kcdesk.sheets.matching.column_matching import HeadingWords

FORMS = load()
KNOWN = HeadingWords.of(FORMS, "beneficiary").score
HEADINGS = ("TT", "Tên cơ sở", "Địa chỉ", "MST")


def _sheet(rows, merged=()):
    cells = {
        number: {at: [at, value] for at, value in enumerate(row, 1) if value not in (None, "")}
        for number, row in enumerate(rows, 1)
    }
    return ForeignSheet(
        "Sheet1", {number: row for number, row in cells.items() if row}, merged=[MergedRange(*m) for m in merged]
    )


@settings(max_examples=40, deadline=None)
@given(
    title=st.lists(st.sampled_from(["UBND TỈNH MẪU", "DANH SÁCH CƠ SỞ NĂM 2021", ""]), max_size=3),
    sections=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    numbers=st.booleans(),
    totals=st.sampled_from(["Cộng", "TỔNG CỘNG", "Tổng số:", "Cộng mục I", "=> Cộng"]),
    signed=st.booleans(),
)
def test_only_records_are_rows(title, sections, numbers, totals, signed):
    rows = [[text] for text in title]
    rows.append(list(HEADINGS))
    if numbers:
        rows.append(["(1)", "(2)", "(3)", "(4)"])
    expected = []
    for section, count in enumerate(sections):
        rows.append([["I", "II", "III", "IV"][section], f"Huyện Mẫu {section}"])
        for number in range(count):
            rows.append([number + 1, f"Công ty TNHH Cộng Hoà {number}", "xã Mẫu", "0100109106"])
            expected.append(len(rows))
        rows.append([None, totals, None, None])
    if signed:
        rows += [
            [None, None, "Mẫu, ngày 05 tháng 01 năm 2025"],
            [None, "Người lập biểu", "GIÁM ĐỐC"],
            [None, "Lê Văn Mẫu"],
        ]
    layout = laid_out(_sheet(rows), KNOWN)
    assert [row.number for row in layout.rows] == expected
    assert {row.section for row in layout.rows} == {f"Huyện Mẫu {section}" for section in range(len(sections))}
    assert layout.year == (2021 if "DANH SÁCH CƠ SỞ NĂM 2021" in title else None)


def test_storeys_without_merged_cells_and_a_layout_that_changes():
    rows = [
        ["TT", "Tên cơ sở", "Liên hệ", None],
        [None, None, "Địa chỉ", "Điện thoại"],
        [1, "Cơ sở A", "xã Mẫu", "0912345678"],
        ["STT", "Tên cơ sở", "MST"],
        [1, "Cơ sở B", "0100109106"],
    ]
    layout = laid_out(_sheet(rows), KNOWN)
    assert [block.rows for block in layout.blocks] == [(1, 2), (4,)]
    assert [column.heading for column in layout.blocks[0].columns][2:] == ["Liên hệ / Địa chỉ", "Liên hệ / Điện thoại"]
    assert [(row.number, row.block.rows[0]) for row in layout.rows] == [(3, 1), (5, 4)]


def test_totals_and_signatures_by_their_words():
    totals = ("Cộng", "TỔNG CỘNG (I+II)", "Tổng số", "Cộng mục I", "tong cong", "=> Cộng", "Luỹ kế")
    names = ("Công ty TNHH A", "Tổng công ty Giấy", "Cty CP Cộng Đồng", "Cơ sở Tổng Hợp", "CONG TY TNHH B")
    assert [text for text in totals if not row_signs.is_total(text)] == []
    assert [text for text in names if row_signs.is_total(text)] == []
    signed = ("Người lập biểu", "KT. GIÁM ĐỐC", "Thủ trưởng đơn vị", "Kế toán trưởng")
    assert [text for text in signed if not row_signs.is_signature(text)] == []


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_text_with_columns_is_read_in_any_code(separator, code):
    text = f'Tên cơ sở{separator}Địa chỉ\r\nCơ sở A{separator}"xã Mẫu\r\nhuyện Mẫu"\r\n'
    (sheet,) = read_text(text.encode(code))["sheets"]
    assert sheet["rows"] == [(1, [[1, "Tên cơ sở"], [2, "Địa chỉ"]]), (2, [[1, "Cơ sở A"], [2, "xã Mẫu\r\nhuyện Mẫu"]])]


def test_sep_line_of_excel_is_obeyed():
    (sheet,) = read_text(b"sep=|\na|b\n")["sheets"]
    assert sheet["rows"] == [(2, [[1, "a"], [2, "b"]])]


def test_formulas_merged_and_hidden_cells_of_a_workbook():
    from kcdesk.sheets.book.open_xml import read_open_xml  # as the worker process reads it

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Tên cơ sở", "Vốn"])
    sheet.append(["Cơ sở A", "=1+1"])
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    (read,) = read_open_xml(buffer.getvalue())["sheets"]
    assert (read["merged"], read["hidden_rows"], read["hidden_columns"]) == ([(2, 1, 3, 1)], [2], [2])
    assert dict(read["rows"])[2][1][2]["e"] == "chưa tính"  # no program has computed it
