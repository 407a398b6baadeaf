"""What Excel and LibreOffice do to a package on its way: each change is taken or refused by itself, with the reason."""

from __future__ import annotations

import zipfile
from datetime import date, time, timedelta

import pytest
from openpyxl import load_workbook

from kcdesk.formdef.loading.loader import load
from kcdesk.services.handover.packages import edited_workbooks
from kcdesk.services.handover.packages import preview as package_preview
from kcdesk.services.records import changing
from tests.exchange.raw_books import to_strict, without_properties
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

    def run(change, sheet=SHEET, written=(b"", b"")):
        book = load_workbook(path)
        change(book[sheet])
        back = offices.path()
        book.save(back)
        if written[0]:
            rewrite(back, *written)
        before = contents(unit)
        found = edited_workbooks.read_edits(unit, back)
        assert contents(unit) == before
        return found, load_workbook(found["checked"]) if found["checked"] else None

    return run


def rewrite(path, old, new):
    """Change what a library has written, as openpyxl writes no results of formulas."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).replace(old, new) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


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
    assert checked.worksheets[0].cell(5, 6).value == reasons(found)[0]


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


def test_a_time_or_a_span_never_empties_a_field(returned):
    for typed in (time(8, 30), timedelta(hours=30)):
        found, _ = returned(put("title", typed))
        (edit,) = found["edits"]
        assert edit["shown"]
        assert not edit["accepted"] or edit["shown"].startswith("08:30")


def test_a_zero_in_an_empty_cell_is_a_value(returned):
    found, _ = returned(put("province_support", 0))
    assert [(edit["path"], edit["shown"], edit["accepted"]) for edit in found["edits"]] == [
        ("province_support", "0", True)
    ]


def test_the_result_of_a_formula_is_proposed_with_a_word(returned):
    offered = []
    for content in ("<f>100*2</f><v>200000000</v>", "<f>1/0</f><v></v>"):
        found, _ = returned(put("province_support", 77), written=(b"<v>77</v>", content.encode()))
        offered += [(edit["shown"], edit["accepted"], edit["note"]) for edit in found["edits"]]
    assert offered[0][:2] == ("200000000", True)
    assert "công thức" in offered[0][2]
    assert offered[1] == ("=1/0", False, "")


def test_a_sheet_sorted_without_its_hidden_columns_proposes_nothing(returned):
    def turn(page):
        hidden = {column(page, name) for name in ("id", "form")}
        visible = [cell.column for cell in page[2] if cell.column not in hidden]
        for at in visible:
            first, last = page.cell(3, at).value, page.cell(5, at).value
            page.cell(3, at).value, page.cell(5, at).value = last, first

    found, checked = returned(turn)
    assert [(edit["accepted"], edit["path"]) for edit in found["edits"]] == [(False, "")] * 2
    assert all("bỏ sót các cột ẩn" in reason for reason in reasons(found))
    assert [checked[SHEET].cell(row, 1).comment is not None for row in (3, 4, 5)] == [True, False, True]


def test_a_copied_sheet_is_named_and_not_read(returned):
    def copy(page):
        page.parent.copy_worksheet(page).title = "Đề án (2)"

    found, _ = returned(copy)
    assert reasons(found) == ["Trang này không có trong gói đã gửi nên không được đọc; các hồ sơ trong kho giữ nguyên."]


def test_merged_cells_and_their_comments(returned):
    def merge(page):
        letter = page.cell(3, column(page, "province_note")).column_letter
        page[f"{letter}3"].value = "Gộp"
        page.merge_cells(f"{letter}3:{letter}4")
        first = page.cell(3, column(page, "title")).column_letter
        page.merge_cells(f"{first}4:{first}5")

    found, checked = returned(merge)
    assert [(edit["path"], edit["accepted"]) for edit in found["edits"]] == [
        ("province_note", True),
        ("province_note", True),
        ("title", True),  # Excel shows one title for both
    ]
    assert checked is None


@pytest.mark.parametrize("save", [without_properties, to_strict])
def test_a_package_that_lost_its_properties_is_known_by_its_cover(sent, save):
    offices, unit, path = sent
    book = load_workbook(path)
    put("province_note", "Đồng ý")(book[SHEET])
    saved, back = offices.path(), offices.path()
    book.save(saved)
    save(saved, back)
    assert edited_workbooks.is_edited(unit, back)
    (edit,) = edited_workbooks.read_edits(unit, back)["edits"]
    assert (edit["path"], edit["accepted"]) == ("province_note", True)


def test_the_cover_is_known_without_its_hidden_column_and_wherever_it_stands(sent):
    offices, unit, path = sent
    book = load_workbook(path)
    cover = book["Bìa"]
    cover.delete_cols(8)
    cover.insert_rows(1, 3)
    cover.insert_cols(1)
    cover.title = "Trang 1"
    book.move_sheet(cover, 3)
    saved, back = offices.path(), offices.path()
    book.save(saved)
    without_properties(saved, back)
    assert edited_workbooks.is_edited(unit, back)


def test_another_office_is_told_whose_edited_package_it_is(sent):
    offices, _, path = sent
    province = offices.make("SCT", "province")
    saved, back = offices.path(), offices.path()
    load_workbook(path).save(saved)
    without_properties(saved, back)
    for file in (saved, back):
        seen = package_preview.preview_package(province, file)
        assert (seen.status, seen.code, seen.period) == ("edited", "edited", "2026-Q1")
        assert "Trung tâm TT-A" in seen.sender_name
        assert "Trung tâm TT-A (TT-A), quý I/2026" in seen.obstacle
        assert "Hãy xin Trung tâm TT-A (TT-A) gửi lại gói gốc" in seen.hint
