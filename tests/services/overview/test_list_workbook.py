"""A list as a workbook: what the officer saw, with numbers and days that Excel reckons with."""

from datetime import date

import pytest
from openpyxl import load_workbook

from kcdesk.services.handover.receipts import standing
from kcdesk.services.overview import filter_options
from kcdesk.services.overview.list_workbook import STATE, ListExport, write_list
from kcdesk.services.personal import rights
from kcdesk.services.records import changing
from kcdesk.services.records.titles import title_for_others

COLUMNS = ("name", STATE, standing.FILTER, "capital", "registration_date")


@pytest.fixture
def listed(workspace):
    """Three beneficiaries; the name of one begins as a formula does."""
    values = [
        {"name": "=1+1", "capital": "300.000.000", "registration_date": "05/3/2020"},
        {"name": "Cơ sở Bình Minh", "capital": "1,25 tỷ", "legal_form": "household_business"},
        {"name": "Cơ sở An Phú", "phone": "0912345678"},
    ]
    return [changing.add(workspace, "beneficiary", each).items[0].id for each in values]


def _rows(path):
    sheet = load_workbook(path).active
    return sheet, [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_numbers_and_days_are_real_and_text_stays_text(workspace, listed, tmp_path):
    assert len(listed) == 3
    path = tmp_path / "Danh sách.xlsx"
    assert write_list(workspace, ListExport(kind="beneficiary", columns=COLUMNS, order="name"), path) == 3
    sheet, rows = _rows(path)
    assert rows[0] == ["TT", "Tên đơn vị", "Trạng thái", "Bàn giao", "Tổng nguồn vốn (đồng)", "Ngày đăng ký"]
    by_name = {row[1]: row for row in rows[1:4]}
    assert by_name["Cơ sở Bình Minh"][4] == 1_250_000_000
    assert by_name["=1+1"][5].date() == date(2020, 3, 5)
    formula_like = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1")
    assert formula_like.data_type == "s"
    assert rows[4][1] == "Cộng"
    assert rows[4][4] == "=SUBTOTAL(9,E5:E7)"


def test_only_the_marked_records_and_the_filter_in_words(workspace, listed, tmp_path):
    path = tmp_path / "a.xlsx"
    export = ListExport(kind="beneficiary", columns=COLUMNS, ids=listed[:2])
    assert write_list(workspace, export, path) == 2
    assert load_workbook(path).active["A3"].value == "Các hồ sơ được chọn: 2 hồ sơ"
    export = ListExport(kind="beneficiary", columns=COLUMNS, search="binh minh", heading="Tìm «binh minh»")
    assert write_list(workspace, export, path) == 1
    assert load_workbook(path).active["A3"].value == "Tìm «binh minh»: 1 hồ sơ"


def test_an_empty_list_has_its_heads_and_no_sum(workspace, tmp_path):
    path = tmp_path / "a.xlsx"
    assert write_list(workspace, ListExport(kind="beneficiary", columns=COLUMNS), path) == 0
    assert len(_rows(path)[1]) == 1


def test_a_list_of_several_pages_is_written_whole(workspace, tmp_path):
    with workspace.store.act("test") as act:
        for number in range(1_001):
            act.insert("beneficiary", "beneficiary@1", {"name": f"Cơ sở {number:04d}", "state": "draft"})
    path = tmp_path / "a.xlsx"
    assert write_list(workspace, ListExport(kind="beneficiary", columns=COLUMNS, order="name"), path) == 1_001
    names = [row[1] for row in _rows(path)[1][1:1_002]]
    assert names == [f"Cơ sở {number:04d}" for number in range(1_001)]


def test_the_unit_that_made_a_record_stands_by_its_name(workspace, listed, tmp_path):
    path = tmp_path / "a.xlsx"
    export = ListExport(kind="beneficiary", columns=("name", filter_options.UNIT))
    assert write_list(workspace, export, path) == len(listed)
    rows = _rows(path)[1]
    assert rows[0][2] == "Đơn vị"
    assert {row[2] for row in rows[1:4]} == {"Trung tâm Khuyến công mẫu"}


def test_what_may_only_be_kept_is_left_out_and_counted(workspace, listed, tmp_path):
    path = tmp_path / "a.xlsx"
    rights.restrict(workspace, listed[1:2], "Theo yêu cầu của chủ cơ sở")
    assert write_list(workspace, ListExport(kind="beneficiary", columns=COLUMNS), path) == 2
    sheet, rows = _rows(path)
    assert sheet["A3"].value == "Tất cả: 2 hồ sơ; không ghi 1 hồ sơ chỉ được lưu giữ"
    assert [row[0] for row in rows[1:3]] == [1, 2]
    assert "Cơ sở Bình Minh" not in {row[1] for row in rows}
    others = ListExport(kind="beneficiary", columns=COLUMNS, ids=[listed[0]])
    assert write_list(workspace, others, path) == 1
    assert load_workbook(path).active["A3"].value == "Các hồ sơ được chọn: 1 hồ sơ"
    assert title_for_others(workspace, "Cơ sở Bình Minh", listed[1]) == "(hồ sơ chỉ được lưu giữ)"
