"""Sheets that hold only totals of years come in as opening totals, and reports count them."""

from __future__ import annotations

import openpyxl
import pytest

from kcdesk.errors import UserError
from kcdesk.services.intake import template_files
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.sheet_loading import apply_load, prepare_load
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing
from kcdesk.services.reporting import running
from kcdesk.services.reporting.running import Wanted
from tests.services.intake.sheet_rows import saved

MILLION = 1_000_000
YEARS = (
    ("UBND TỈNH MẪU",),
    ("TỔNG HỢP KINH PHÍ KHUYẾN CÔNG ĐỊA PHƯƠNG GIAI ĐOẠN 2016-2018",),
    ("ĐVT: triệu đồng",),
    ("TT", "Năm", "Số đề án", "Kinh phí kế hoạch", "Kinh phí thực hiện", "Kinh phí giải ngân", "Vốn đối ứng"),
    (1, 2016, 10, 1500, 1450, 1450, 3000),
    (2, "Năm 2017", 12, 1800, 1750.5, 1700, None),
    (None, "Tổng cộng", 22, 3300, 3200.5, 3150, 3000),
)
BY_SOURCE = (
    ("KẾT QUẢ HOẠT ĐỘNG KHUYẾN CÔNG NĂM 2019",),
    ("TT", "Nội dung hoạt động", "Số đề án", "Kinh phí thực hiện (triệu đồng)", None, "Vốn đối ứng (triệu đồng)"),
    (None, None, None, "KCQG", "KCĐP", None),
    (1, "Đào tạo nghề, truyền nghề", 2, None, 200, 0),
    (2, "Tổ chức hội chợ", 1, 300, 50, None),
    (3, "Việc gì đó khác hẳn", 4, 10, 20, None),
    (None, "Cộng", 7, 310, 270, 0),
)


def _loaded(workspace, path):
    return prepare_load(workspace, LoadOrder(kind="opening_total", path=path))


def _totals(workspace, *names):
    return [tuple(record.data.get(name) for name in names) for record in workspace.store.page("opening_total")]


def test_a_sheet_of_years_becomes_totals_of_the_own_unit_and_reports_count_them(workspace, tmp_path):
    path = saved(tmp_path / "tong.xlsx", YEARS)
    loaded = apply_load(workspace, _loaded(workspace, path))
    unit = workspace.identity.unit.name
    names = ("unit_name", "year_from", "year_to", "programme", "proposals", "planned", "executed", "counterpart")
    assert sorted(_totals(workspace, *names)) == [
        (unit, 2016, 2016, "local", 10, 1500 * MILLION, 1450 * MILLION, 3000 * MILLION),
        (unit, 2017, 2017, "local", 12, 1800 * MILLION, 1_750_500_000, None),
    ]
    assert loaded.notes == [f"Bảng không có cột «Đơn vị, địa phương»: ghi là số liệu của «{unit}»."]
    for plan in loaded.judged.plans:
        assert "tong.xlsx" in workspace.store.record(plan).value("source_paper")
        steps.take_step(workspace, plan, "finalise")
    report = running.run(workspace, Wanted(name="funding", period=running.wanted_period("2016", "2017", "")))
    assert report.total.values["planned"] == 3300 * MILLION


def test_loaded_again_nothing_is_doubled_and_one_undo_takes_all_back(workspace, tmp_path):
    path = saved(tmp_path / "tong.xlsx", YEARS)
    apply_load(workspace, _loaded(workspace, path))
    again = _loaded(workspace, path)
    assert {verdict.status for verdict in again.judged.verdicts} == {"joined"}
    changed = saved(tmp_path / "sua.xlsx", [*YEARS[:4], (1, 2016, 11, 1500, 1450, 1450, 3000)])
    assert [(each.status, tuple(each.fields)) for each in _loaded(workspace, changed).judged.verdicts] == [
        ("changed", ("proposals",))
    ]
    changing.undo(workspace)
    assert workspace.store.page("opening_total") == []


def test_columns_of_two_sources_become_a_total_of_each_and_one_of_what_they_share(workspace, tmp_path):
    book = openpyxl.load_workbook(saved(tmp_path / "nguon.xlsx", BY_SOURCE))
    for area in ("D2:E2", "A2:A3", "B2:B3", "C2:C3", "F2:F3"):
        book.active.merge_cells(area)
    book.save(tmp_path / "nguon.xlsx")
    loaded = apply_load(workspace, _loaded(workspace, tmp_path / "nguon.xlsx"))
    names = ("activity", "programme", "proposals", "executed", "counterpart", "year_from")
    training, fair = "vocational_training", "fair_organisation"
    assert set(_totals(workspace, *names)) == {
        (training, None, 2, None, 0, 2019),
        (training, "local", None, 200 * MILLION, None, 2019),
        (fair, None, 1, None, None, 2019),
        (fair, "national", None, 300 * MILLION, None, 2019),
        (fair, "local", None, 50 * MILLION, None, 2019),
    }
    assert [verdict.why for verdict in loaded.judged.verdicts][:2] == ["phần ghi chung", "Khuyến công địa phương"]
    assert {cell.cell for cell in loaded.judged.refused} == {"B6", "A6"}  # of an unknown activity: nothing of the row
    assert all(each.status == "joined" for each in _loaded(workspace, tmp_path / "nguon.xlsx").judged.verdicts[:5])


def test_a_province_takes_in_totals_of_its_units_of_a_period_in_the_title(province, tmp_path):
    rows = (
        ("KẾT QUẢ KHUYẾN CÔNG QUỐC GIA GIAI ĐOẠN 2016 – 2020",),
        ("STT", "Đơn vị", "Số đề án", "Kinh phí thực hiện (triệu đồng)"),
        (1, "Phòng Kinh tế huyện A", 5, 900),
        (2, "Phòng Kinh tế huyện B", 3, 600),
    )
    apply_load(province, _loaded(province, saved(tmp_path / "ky.xlsx", rows)))
    assert sorted(_totals(province, "unit_name", "year_from", "year_to", "programme")) == [
        ("Phòng Kinh tế huyện A", 2016, 2020, "national"),
        ("Phòng Kinh tế huyện B", 2016, 2020, "national"),
    ]
    own = (("TỈNH HÀ GIANG",), ("Năm", "Số đề án", "Kinh phí thực hiện"), (2015, 5, 9 * MILLION), (2014, 4, MILLION))
    loaded = _loaded(province, saved(tmp_path / "tinh.xlsx", own))
    assert {plan.fields["unit_name"] for plan in loaded.judged.plans.values()} == {"Tỉnh Hà Giang"}


def test_years_that_stand_beside_each_other_are_refused_with_the_way_out(workspace, tmp_path):
    rows = (("Chỉ tiêu", "Đơn vị tính", "Năm 2016", "Năm 2017"), ("Số đề án", "đề án", 10, 12), ("Kế hoạch", "đ", 1, 2))
    with pytest.raises(UserError, match="mỗi năm ở một cột") as refused:
        _loaded(workspace, saved(tmp_path / "ngang.xlsx", rows))
    assert (refused.value.code, "Chuyển vị" in refused.value.hint) == ("years_across", True)


def test_a_template_of_totals_has_each_field_once(workspace, tmp_path):
    path = template_files.write_template(workspace, "opening_total", tmp_path / "mau.xlsx")
    texts = [cell.value for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
    keys = [text for text in texts if isinstance(text, str) and text.startswith("kcdesk:")]
    assert "kcdesk:opening_total:executed" in keys
    assert not any("@" in key for key in keys)
