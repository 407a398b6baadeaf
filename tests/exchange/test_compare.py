"""Sheets and records say the same, and every cell, row and sheet that does not is found."""

import pytest
from openpyxl import load_workbook

from kcdesk.exchange.compare import differences
from kcdesk.exchange.container.entries import read_lines
from kcdesk.exchange.workbook.sheet_content import Content
from kcdesk.exchange.workbook.titles import titles


@pytest.fixture(scope="module")
def content(sender, sent):
    entries = list(read_lines(sent.records))
    return Content(sender.forms, entries, titles(sender, entries))


def changed(sent, tmp_path, change):
    """What is found after somebody has changed the workbook with another program."""
    book = load_workbook(sent.path)
    change(book)
    book.save(tmp_path / "edited.xlsx")
    return tmp_path / "edited.xlsx"


def found(path, content):
    with path.open("rb") as file:
        return list(differences(file, content))


def column(sheet, name):
    return next(cell.column for cell in sheet[2] if cell.value == name)


def set_cell(sheet_name, name, row, value):
    def change(book):
        sheet = book[sheet_name]
        sheet.cell(row, column(sheet, name)).value = value

    return change


def test_an_untouched_package_shows_its_records(sent, content):
    assert found(sent.path, content) == []


def test_saving_without_a_change_changes_nothing(sent, content, tmp_path):
    assert found(changed(sent, tmp_path, lambda _book: None), content) == []


@pytest.mark.parametrize(
    ("sheet", "name", "row", "value", "path"),
    [
        ("Hồ sơ", "amount", 3, 1_250_000_001, "amount"),
        ("Hồ sơ", "amount", 3, "1.250.000.000", "amount"),
        ("Hồ sơ", "decision", 4, "Đồng ý", "decision"),
        ("Hồ sơ", "name", 4, None, "name"),
        ("Hồ sơ", "other.title", 4, "Tên khác", "other.title"),
        ("Hồ sơ", "deleted", 5, None, "deleted"),
        ("Hồ sơ - Các dòng", "cost", 4, 1, "lines/r2/cost"),
        ("Tệp đính kèm", "sha256", 3, "0" * 64, "sha256"),
    ],
)
def test_a_changed_cell_is_named(sent, content, tmp_path, sheet, name, row, value, path):
    (difference,) = found(changed(sent, tmp_path, set_cell(sheet, name, row, value)), content)

    assert (difference.sheet, difference.path, difference.shown) == (sheet, path, value)


def test_sorted_rows_and_moved_columns_are_the_same(sent, content, tmp_path):
    def change(book):
        sheet = book["Hồ sơ"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        moved = [row[::-1] for row in [*rows[:2], *rows[:1:-1]]]
        for number, row in enumerate(moved, 1):
            for place, value in enumerate(row, 1):
                sheet.cell(number, place).value = value

    assert found(changed(sent, tmp_path, change), content) == []


def test_rows_cut_pasted_twice_and_added_are_found(sent, content, tmp_path):
    def change(book):
        sheet = book["Hồ sơ - Các dòng"]
        for cell in sheet[4]:
            cell.value = sheet.cell(3, cell.column).value
        sheet.cell(9, column(sheet, "item")).value = "dòng lạ"

    doubled, cut, strange = found(changed(sent, tmp_path, change), content)

    assert (cut.shown, cut.recorded) == (None, "r2")
    assert (doubled.shown, doubled.recorded) == ("r1", "r1")
    assert (strange.record, strange.shown) == ("", "")


def test_a_sheet_that_is_gone_or_renamed_is_found(sent, content, tmp_path):
    def change(book):
        book["Hồ sơ"].title = "Khác"

    (difference,) = found(changed(sent, tmp_path, change), content)

    assert (difference.sheet, difference.recorded) == ("Hồ sơ", "Hồ sơ")


def test_a_reference_to_a_record_that_nobody_here_knows_cannot_be_held_against_it(sent, content):
    stranger = Content(content.forms, content.entries[1:2], {})

    assert not [d for d in found(sent.path, stranger) if d.path == "other.title"]


def test_a_sheet_of_its_own_shows_what_no_record_has(sent, content, tmp_path):
    def smuggle(book):
        strange = book.copy_worksheet(book["Hồ sơ"])
        strange.title = "Đề án"
        strange.delete_rows(4, 9)
        strange["A3"].value = None

    (difference,) = found(changed(sent, tmp_path, smuggle), content)

    assert (difference.sheet, difference.record, difference.path) == ("Đề án", "", "")


def test_an_empty_sheet_of_an_earlier_version_is_no_difference(sent, content, tmp_path):
    def empty(book):
        book.create_sheet("Hợp đồng").append(["Mã hồ sơ", "Mẫu"])
        book["Hợp đồng"].append(["id", "form"])

    assert found(changed(sent, tmp_path, empty), content) == []
