"""What Excel and LibreOffice do to a package on its way: each change is taken or refused by itself, with the reason."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from kcdesk.formdef.loading.loader import load
from kcdesk.services.handover.packages import edited_workbooks
from kcdesk.services.records import changing
from tests.services.exchange_support import Offices, contents

SHEET = "Đề án"


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """A unit with three dossiers and the package that it sent; nothing here changes the store."""
    offices = Offices(tmp_path_factory.mktemp("offices"), load())
    unit = offices.make("TT-A")
    for number in range(3):
        budget = [{"item": "Máy", "cost": 1_000_000 + number}]
        values = {"title": f"Đề án {number}", "year": 2026, "budget": budget}
        changing.add(unit, "proposal", values)
    path, _ = offices.export(unit)
    yield offices, unit, path
    offices.close()


@pytest.fixture
def returned(sent):
    """What becomes of the package after a change: `returned(change)` gives the answer and the coloured copy."""
    offices, unit, path = sent

    def run(change, sheet=SHEET):
        book = load_workbook(path)
        change(book[sheet])
        back = offices.path()
        book.save(back)
        before = contents(unit)
        found = edited_workbooks.read_edits(unit, back)
        assert contents(unit) == before
        return found, load_workbook(found["checked"]) if found["checked"] else None

    return run


def column(page, name):
    return next(cell.column for cell in page[2] if cell.value == name)


def put(name, value, row=3):
    def change(page):
        page.cell(row, column(page, name)).value = value

    return change


def reasons(found):
    return [edit["reason"] for edit in found["edits"]]


def test_saving_alone_changes_nothing(returned):
    found, checked = returned(lambda _page: None)
    assert (found["edits"], checked) == ([], None)
    assert found["rows"]["same"] == 3


def test_sorted_rows_are_the_same_rows(returned):
    def turn(page):
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3, max_row=5)]
        for row, values in zip(page.iter_rows(min_row=3, max_row=5), rows[::-1], strict=True):
            for cell, value in zip(row, values, strict=True):
                cell.value = value

    assert returned(turn)[0]["edits"] == []


def test_a_row_put_above_the_names_changes_nothing(returned):
    assert returned(lambda page: page.insert_rows(1))[0]["edits"] == []


def test_moved_and_hidden_columns_are_the_same_columns(returned):
    def move(page):
        at = column(page, "title")
        values = [page.cell(row, at).value for row in range(1, 6)]
        page.delete_cols(at)
        page.column_dimensions["D"].hidden = True
        last = page.max_column + 1
        for row, value in enumerate(values, 1):
            page.cell(row, last).value = value

    assert returned(move)[0]["edits"] == []


def test_a_column_that_is_gone_empties_nothing(returned):
    found, checked = returned(lambda page: page.delete_cols(column(page, "title")))
    assert reasons(found) == ["Cột «Tên đề án» không còn trong trang này; các ô của cột trong kho giữ nguyên."]
    assert checked.worksheets[0].cell(2, 6).value == reasons(found)[0]


def test_a_row_that_was_cut_stays_in_the_store_and_is_named(returned):
    found, checked = returned(lambda page: page.delete_rows(4))
    assert reasons(found) == ["Dòng này đã bị bỏ khỏi bảng; hồ sơ trong kho giữ nguyên."]
    assert found["rows"]["refused"] == 1
    assert checked.worksheets[0].title == "Kết quả xem"


def test_a_row_that_was_pasted_twice_is_refused_in_both_places(returned):
    def paste(page):
        for cell in page[3]:
            page.cell(6, cell.column).value = cell.value
        page.cell(3, column(page, "title")).value = "một trong hai"

    found, checked = returned(paste)
    assert len(found["edits"]) == 1
    assert "nhiều lần" in reasons(found)[0]
    assert [checked[SHEET].cell(row, 1).comment is not None for row in (3, 4, 6)] == [True, False, True]


def test_a_new_row_is_no_new_dossier(returned):
    found, _ = returned(put("title", "Đề án viết thêm", row=6))
    assert "không có trong gói đã gửi" in reasons(found)[0]


@pytest.mark.parametrize("typed", ["2026", " 2026 ", 2026.0])
def test_the_same_in_another_spelling_is_no_change(returned, typed):
    assert returned(put("year", typed))[0]["edits"] == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("province_support", "200.000.000"),
        ("province_support", 200_000_000.0),
        ("province_support", "200 triệu"),
        ("province_decision_date", "5/3/2026"),
        ("province_decision_date", date(2026, 3, 5)),
        ("province_result", "phê duyệt"),
    ],
)
def test_what_can_be_read_is_a_proposal(returned, name, typed):
    found, checked = returned(put(name, typed))
    assert [(edit["path"], edit["accepted"]) for edit in found["edits"]] == [(name, True)]
    assert checked is None


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("province_support", "hai trăm", ""),
        ("province_support", "=SUM(A1:A9)", "công thức"),
        ("title", "=A1", "công thức"),
        ("title", "#REF!", "lỗi công thức"),
        ("province_decision_date", "31/2/2026", ""),
        ("province_result", "để xem", ""),
        ("state", "Đã chốt", "chương trình ghi"),
        ("form", "proposal@9", "chương trình ghi"),
    ],
)
def test_what_cannot_be_read_is_refused_in_its_cell(returned, name, typed, said):
    found, checked = returned(put(name, typed))
    (edit,) = found["edits"]
    assert not edit["accepted"]
    assert said in edit["reason"]
    cell = checked[SHEET].cell(3, column(checked[SHEET], name))
    assert edit["reason"] in cell.comment.text
    assert cell.fill.start_color.rgb.endswith("FFC7CE")


@pytest.mark.parametrize("change", [lambda page: setattr(page, "title", "Của tôi"), lambda page: page.delete_rows(2)])
def test_a_sheet_that_is_not_found_changes_nothing(returned, change):
    found, _ = returned(change)
    assert "Trang này đã bị xoá, đổi tên" in reasons(found)[0]


def test_amounts_in_rows_are_found_by_the_ids_of_their_rows(returned):
    lines = "Đề án - Dự toán kinh phí"
    assert returned(put("cost", "1.000.000"), lines)[0]["edits"] == []
    found, _ = returned(put("cost", "2.000.000"), lines)
    assert [(edit["path"].split("/")[0], edit["accepted"]) for edit in found["edits"]] == [("budget", True)]
