"""A list with other tables, legends and notes around it, and one that goes on below; see also `test_other_tables`."""

from __future__ import annotations

import pytest

from kcdesk.services.intake.load_answer import load_as_json
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.sheet_loading import prepare_load
from tests.services.intake.sheet_rows import saved

TABLE = (
    ("TT", "Tên cơ sở", "Địa chỉ", "Điện thoại"),
    (1, "Cơ sở A", "xã Mẫu", "0912345678"),
    (2, "Cơ sở B", "xã Mẫu", "0912345679"),
)
OTHERS = {
    "proposals": (("TT", "Tên đề án", "Đơn vị thụ hưởng", "Kinh phí"), (1, "Hỗ trợ máy cưa", "Cơ sở X", 150000000)),
    "counts": (("Huyện", "Số cơ sở", "Lao động"), ("Huyện A", 12, 150), ("Huyện B", 5, 70)),
}


def _loaded(workspace, folder, rows, kind="beneficiary", merged=()):
    saved(folder / "so.xlsx", rows, merged)
    return prepare_load(workspace, LoadOrder(kind=kind, path=folder / "so.xlsx"))


def _titles(loaded, name="name"):
    """What the records of the kind are called, by their rows."""
    plans = (plan for plan in loaded.judged.plans.values() if plan.kind == loaded.order.kind)
    return {row: plan.fields.get(name) for plan in plans for row in plan.rows}


GAPS = {"at once": (), "blank row": ((),), "title": ((), ("II. BẢNG KHÁC",))}
# Without numbers of its rows, a blank row or a title, nothing tells a heading from a record.
BELOW_ANOTHER = [(other, gap) for other in OTHERS for gap in GAPS if (other, gap) != ("counts", "at once")]


@pytest.mark.parametrize(("other", "gap"), BELOW_ANOTHER)
def test_rows_of_another_table_below_are_told_once_and_are_no_records(workspace, tmp_path, other, gap):
    loaded = _loaded(workspace, tmp_path, (*TABLE, *GAPS[gap], *OTHERS[other]))
    answer = load_as_json(workspace, loaded)
    first = len(TABLE) + len(GAPS[gap]) + 1
    assert _titles(loaded) == {2: "Cơ sở A", 3: "Cơ sở B"}
    assert {each["row"] for each in answer["ignored"]} >= {*range(first, first + len(OTHERS[other]))}
    assert [each["cell"].partition(":")[0] for each in answer["ask"]] == [f"A{first}"]
    assert "bảng khác" in answer["ask"][0]["question"]
    assert (answer["refused"], answer["headings"]) == ([], [1])


def test_a_list_of_beneficiaries_below_one_of_proposals_makes_no_proposals(workspace, tmp_path):
    rows = (("TT", "Tên đề án", "Đơn vị thụ hưởng", "Năm"), (1, "Hỗ trợ máy cưa", "Cơ sở X", 2023), (), *TABLE)
    assert _titles(_loaded(workspace, tmp_path, rows, "proposal"), "title") == {2: "Hỗ trợ máy cưa"}


SAME = {
    "page break": ((TABLE[0], (3, "Cơ sở C", "xã Mẫu", "0912345670")), 5),
    "other order": (((), ("TT", "Điện thoại", "Tên cơ sở", "Địa chỉ"), (1, "0912345670", "Cơ sở C", "xã Mẫu")), 6),
    "other columns": (((), ("STT", "Tên doanh nghiệp", "MST", "Số lao động"), (1, "Cơ sở C", "0100109106", 25)), 6),
    "blank rows": (((), (), (3, "Cơ sở C", "xã Mẫu", "0912345670")), 6),
}


@pytest.mark.parametrize("name", SAME)
def test_a_list_that_goes_on_is_read_by_its_own_heading(workspace, tmp_path, name):
    rows, place = SAME[name]
    loaded = _loaded(workspace, tmp_path, (*TABLE, *rows))
    assert _titles(loaded) == {2: "Cơ sở A", 3: "Cơ sở B", place: "Cơ sở C"}
    assert (loaded.judged.asked, loaded.judged.refused) == ([], [])


def test_headings_of_two_storeys_come_again_on_each_page(workspace, tmp_path):
    heading = (("TT", "Tên cơ sở", "Liên hệ", None), (None, None, "Địa chỉ", "Điện thoại"))
    loaded = _loaded(workspace, tmp_path, (*heading, TABLE[1], *heading, TABLE[2]), merged=("C1:D1", "C4:D4"))
    assert _titles(loaded) == {3: "Cơ sở A", 6: "Cơ sở B"}
    assert [row.values["phone"] for row in loaded.rows] == ["0912345678", "0912345679"]


BELOW = {
    "legend": (("Ký hiệu", "Ý nghĩa"), ("A", "Cơ sở loại A")),
    "explained": (("Chú giải:",), ("KCQG", "Khuyến công quốc gia"), ("SX", "Đang sản xuất")),
    "notes": (("Ghi chú: số liệu đến tháng 6",), ("- Cơ sở A đã ngừng",), (None, "Cơ sở B mới mở lại")),
    "numbered notes": (("Ghi chú:",), (1, "Cơ sở A đã ngừng hoạt động từ năm 2020"), (2, "Cơ sở B mới")),
}


@pytest.mark.parametrize("name", BELOW)
def test_legends_and_notes_below_are_no_records(workspace, tmp_path, name):
    loaded = _loaded(workspace, tmp_path, (*TABLE, (), *BELOW[name]))
    assert _titles(loaded) == {2: "Cơ sở A", 3: "Cơ sở B"}
    assert loaded.judged.refused == []


def test_the_list_goes_on_below_a_note_when_its_numbers_do(workspace, tmp_path):
    rows = (*TABLE, (), ("Ghi chú: trang sau là các cơ sở mới",), (3, "Cơ sở C", "xã Mẫu", "0912345670"))
    assert _titles(_loaded(workspace, tmp_path, rows)) == {2: "Cơ sở A", 3: "Cơ sở B", 6: "Cơ sở C"}


def test_no_column_of_a_table_beside_is_read_as_one_of_the_first(workspace, tmp_path):
    beside = (("TT", "Họ tên", "SĐT", "Mã số thuế"), (1, "Lê Văn Mẫu", "0912345670", "0100109106"))
    longer = (None,) * 5 + (2, "Trần Thị Mẫu", "0912345671", None)
    rows = [(*TABLE[0][:3], None, None, *beside[0]), (*TABLE[1][:3], None, None, *beside[1]), longer]
    loaded = _loaded(workspace, tmp_path, rows)
    assert [plan.fields for plan in loaded.judged.plans.values()] == [{"name": "Cơ sở A", "address": "xã Mẫu"}]
    assert [each.cell for each in loaded.judged.asked] == ["F1:I3"]
    assert loaded.judged.refused == []
