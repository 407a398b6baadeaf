"""A value survives the way into a workbook and back, whatever it is."""

import io
from datetime import date, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from kcdesk import text
from kcdesk.exchange.workbook.cells import MAX_TEXT, from_xml, same, seen_text, sheet_names, to_cell, to_xml
from kcdesk.formdef.values import Percentage, Unreadable


def through_a_workbook(shown):
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Thử")
    cell = WriteOnlyCell(sheet, to_xml(shown) if isinstance(shown, str) else shown)
    if isinstance(shown, str):
        cell.data_type = "s"
    sheet.append([cell])
    file = io.BytesIO()
    workbook.save(file)
    return from_xml(load_workbook(file).active["A1"].value)


@settings(deadline=None)
@given(st.text(max_size=60))
@example("=1+1")
@example("+84")
@example("-5")
@example("@SUM(A1)")
@example("#N/A")
@example("007")
@example("_x0041_")
@example(" hai đầu trống ")
@example("& < > \" ' 😀\ttab\nxuống dòng")
@example("tiê\u0309ng Viê\u0323t")
@example("a\x00b\x0bc\x1f\ud800")
def test_any_text_comes_back_clean_and_is_never_a_formula(written):
    shown = to_cell(written)
    back = through_a_workbook(shown)

    assert back == (text.portable(written) or None)
    assert same(back, written)


def test_numbers_beyond_fifteen_digits_become_text_so_that_no_digit_changes():
    assert to_cell(999_999_999_999_999) == 999_999_999_999_999
    assert through_a_workbook(to_cell(12_345_678_901_234_567)) == "12345678901234567"
    assert to_cell(-(10**15)) == "-1000000000000000"


def test_days_are_days_and_those_that_excel_miscounts_are_text():
    assert through_a_workbook(to_cell(date(2026, 3, 5))) == date(2026, 3, 5)
    assert to_cell(date(1900, 2, 28)) == "28/02/1900"


def test_yes_and_no_are_words_and_what_is_no_number_is_text():
    assert to_cell(True) == "Có"
    assert to_cell(False) == "Không"
    assert to_cell(float("inf")) == "inf"


def test_a_text_too_long_for_a_cell_is_cut_with_a_note_that_fits():
    shown = to_cell("từ 😀 " * 12_000)

    assert len(shown.encode("utf-16-le")) // 2 <= MAX_TEXT
    assert shown.endswith("60.000 ký tự nằm trong hồ sơ điện tử của gói này]")
    assert same(shown, "từ 😀 " * 12_000)


def test_cells_that_differ_are_told_apart():
    assert not same("5", 5)
    assert not same(None, 0)
    assert not same("Có", None)
    assert same(None, "")
    assert same(0.46700000000000003, 0.467)


@given(st.lists(st.text(max_size=50), max_size=12))
def test_names_of_sheets_are_legal_and_unique_in_any_case(labels):
    names = sheet_names(labels)

    assert len({name.casefold() for name in names}) == len(labels)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")


def test_a_long_name_of_a_sheet_ends_at_a_word():
    assert sheet_names(["Đề án: Danh mục máy móc, quá-dài-một-từ", "Dự toán", "DỰ TOÁN"]) == [
        "Đề án Danh mục máy móc…",
        "Dự toán",
        "DỰ TOÁN (2)",
    ]


@pytest.mark.parametrize("native", [time(8, 30), timedelta(hours=30), 0, False, Unreadable("Không đọc được.")])
def test_only_an_empty_cell_is_empty(native):
    assert from_xml(native) == native
    assert not same(from_xml(native), None)


def test_what_is_no_value_of_a_cell_is_unreadable():
    assert isinstance(from_xml(object()), Unreadable)
    assert from_xml("") is None
    assert from_xml(None) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (timedelta(hours=30), "30:00"),
        (timedelta(minutes=-90), "-1:30"),
        (time(8, 30), "08:30"),
        (Percentage(0.467), "46,7%"),
        (0, "0"),
        (Unreadable("Không đọc được.", "#REF!"), "#REF!"),
    ],
)
def test_a_cell_that_came_back_is_shown_as_people_see_it(value, shown):
    assert seen_text(value) == shown
