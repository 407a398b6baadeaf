"""Tables of another kind on the page of a list, below or above it: their rows become no records, and it is said."""

import pytest

from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.sheet_loading import prepare_load
from tests.services.intake.sheet_rows import saved

HEADS = ["STT", "Tên đề án", "Đơn vị thụ hưởng", "Kinh phí hỗ trợ (đồng)", "Năm"]
LIST = [
    ["DANH SÁCH ĐỀ ÁN KHUYẾN CÔNG"],
    HEADS,
    [1, "Hỗ trợ máy cưa CNC", "Hợp tác xã Mộc Việt", 150_000_000, 2025],
    [2, "Hỗ trợ máy sấy chè", "Công ty TNHH Chè Xanh", 200_000_000, 2025],
]
OTHERS = {
    "machines": [
        ["STT", "Tên thiết bị", "Xuất xứ", "Đơn giá", "Số lượng"],
        [1, "Máy cưa bàn trượt", "Đài Loan", 50_000_000, 1],
        [2, "Máy bào", "Việt Nam", 30_000_000, 2],
    ],
    "persons": [
        ["TT", "Họ tên", "Chức vụ", "Điện thoại"],
        [1, "Nguyễn Văn An", "Trưởng phòng", "0912345678"],
        [2, "Trần Bình", "Chuyên viên", "0912345679"],
    ],
    "duties": [
        ["Ghi chú", "Nội dung", "Người phụ trách"],
        ["a", "Gửi báo cáo hằng quý", "Ông An"],
        ["b", "Kiểm tra tại xưởng", "Bà Bình"],
    ],
    "sums of years": [["Năm", "Số đề án", "Kinh phí"], [2024, 3, 400_000_000], [2025, 2, 350_000_000]],
    "no known word": [["Đợt", "Ngày", "Số hiệu"], ["Đợt 1", "01/03/2025", "A-17"], ["Đợt 2", "01/06/2025", "A-18"]],
}


def _loaded(workspace, path, kind="proposal"):
    return prepare_load(workspace, LoadOrder(kind=kind, path=path))


def _titles(loaded):
    return [plan.fields["title"] for plan in loaded.judged.plans.values() if plan.kind == "proposal"]


@pytest.mark.parametrize("between", [[[]], [[], ["BẢNG KÈM THEO"]], [["Cộng", None, None, 350_000_000], []]])
@pytest.mark.parametrize("other", OTHERS)
def test_rows_of_another_table_below_are_left_and_asked_about_once(workspace, tmp_path, between, other):
    loaded = _loaded(workspace, saved(tmp_path / "ds.xlsx", [*LIST, *between, *OTHERS[other]]))
    assert _titles(loaded) == ["Hỗ trợ máy cưa CNC", "Hỗ trợ máy sấy chè"]
    assert loaded.judged.refused == []
    first = len(LIST) + len(between) + 1
    (asked,) = loaded.judged.asked
    assert asked.cell.split(":")[0] == f"A{first}"
    assert f"Từ dòng {first} là một bảng khác" in asked.question
    left = {row.number: row.why for row in loaded.layout.left}
    assert all("thuộc bảng khác" in left[row] for row in range(first + 1, first + len(OTHERS[other])))


def test_a_table_of_sums_above_the_list_makes_no_record(workspace, tmp_path):
    loaded = _loaded(workspace, saved(tmp_path / "ds.xlsx", [*OTHERS["sums of years"], [], *LIST[1:]]))
    assert _titles(loaded) == ["Hỗ trợ máy cưa CNC", "Hỗ trợ máy sấy chè"]
    assert [asked.cell for asked in loaded.judged.asked] == ["A1:C3"]


@pytest.mark.parametrize(
    "heads", [HEADS, ["STT", "Năm", "Tên đề án", "Kinh phí hỗ trợ (đồng)", "Đơn vị thụ hưởng"]], ids=["same", "moved"]
)
def test_a_list_that_goes_on_below_is_read_by_its_own_heading(workspace, tmp_path, heads):
    more = {"STT": 1, "Tên đề án": "Hỗ trợ máy xay", "Đơn vị thụ hưởng": "HTX Lúa Vàng", "Năm": 2024}
    row = [{**more, "Kinh phí hỗ trợ (đồng)": 95_000_000}[head] for head in heads]
    loaded = _loaded(workspace, saved(tmp_path / "ds.xlsx", [*LIST, [], heads, row]))
    assert _titles(loaded) == ["Hỗ trợ máy cưa CNC", "Hỗ trợ máy sấy chè", "Hỗ trợ máy xay"]
    last = [plan.fields for plan in loaded.judged.plans.values() if plan.kind == "proposal"][-1]
    assert (last["year"], last["approved_support"]) == (2024, 95_000_000)
    assert loaded.judged.asked == []


def test_names_of_signers_below_are_no_table(workspace, tmp_path):
    signed = [[], [None, "NGƯỜI LẬP BIỂU", None, "GIÁM ĐỐC"], [], [None, "Nguyễn An", None, "Trần Bình"]]
    loaded = _loaded(workspace, saved(tmp_path / "ds.xlsx", [*LIST, *signed]))
    assert (len(_titles(loaded)), loaded.judged.asked, loaded.judged.refused) == (2, [], [])


def test_a_row_with_words_for_an_amount_after_a_blank_one_stays_a_row(workspace, tmp_path):
    rows = [*LIST, [], [3, "Hỗ trợ máy ép", "HTX Gạch Sạch", "chưa có", 2025]]
    assert _titles(_loaded(workspace, saved(tmp_path / "ds.xlsx", rows)))[-1] == "Hỗ trợ máy ép"


def test_a_section_in_the_column_of_numbers_holds_for_its_rows(workspace, tmp_path):
    rows = [
        HEADS,
        ["I. Khuyến công quốc gia"],
        [1, "Máy A", "HTX Mộc Việt", 150_000_000, 2025],
        ["Khuyến công địa phương"],
        [1, "Máy B", "HTX Chè Xanh", 120_000_000, 2025],
    ]
    plans = _loaded(workspace, saved(tmp_path / "ds.xlsx", rows)).judged.plans.values()
    programmes = {plan.fields["title"]: plan.fields["programme"] for plan in plans if plan.kind == "proposal"}
    assert programmes == {"Máy A": "national", "Máy B": "local"}
