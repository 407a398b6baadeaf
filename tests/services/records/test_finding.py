"""The search over all records: any words, in any order; kinds, states and choices as words; why, and how many."""

from __future__ import annotations

import pytest

from kcdesk.services.records import changing, finding, reading
from tests.services import samples
from tests.services.samples import new


def titles(results) -> dict[str, list[str]]:
    return {result.form.id: [record.row.title for record in result.records] for result in results}


def test_one_search_looks_everywhere_without_accents(workspace):
    owner = samples.beneficiary(workspace, name="Gốm sứ Đông Triều")
    new(workspace, "proposal", title="Lò nung gốm", beneficiaries=[owner])
    assert set(titles(finding.find(workspace, "gom"))) == {"beneficiary", "proposal"}
    assert titles(finding.find(workspace, "nung trieu dong lo")) == {"proposal": ["Lò nung gốm"]}
    assert finding.find(workspace, "không có gì như vậy") == []
    assert finding.find(workspace, " , ") == []


def test_an_advance_is_found_by_the_words_of_its_title(workspace):
    proposal = new(workspace, "proposal", title="Máy sấy chè")
    advance = new(workspace, "payment", proposal=proposal, payment_type="advance")
    title = reading.title_of(workspace, advance)
    assert "ứng" in title
    for typed in ("tam ung", "Tạm ứng", "tam ung lan mot"):
        assert title in titles(finding.find(workspace, typed)).get("payment", []), typed
    (result,) = [result for result in finding.find(workspace, "tam ung lan mot") if result.form.id == "payment"]
    assert result.where == {"payment_type": "advance"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("de an", ["Dệt thổ cẩm", "Máy sấy chè"]),
        ("de an dang soan", ["Dệt thổ cẩm", "Máy sấy chè"]),
        ("dang soan tho cam", ["Dệt thổ cẩm"]),
        ("che de an", ["Máy sấy chè"]),
        ("da luu tru", []),
    ],
)
def test_kinds_and_states_count_as_words(workspace, typed, expected):
    for title in ("Máy sấy chè", "Dệt thổ cẩm"):
        new(workspace, "proposal", title=title)
    assert sorted(titles(finding.find(workspace, typed)).get("proposal", [])) == expected


def test_whole_words_come_before_longer_ones_and_neighbours_before_spread_ones(workspace):
    for number, address in ((7, ""), (4, "Số nhà 7"), (70, "")):
        unit = {"implementing_unit": f"Phòng Kinh tế xã số {number}", "implementing_address": address}
        new(workspace, "proposal", title="Máy", **unit)
    (result,) = [result for result in finding.find(workspace, "phong kinh te xa so 7") if result.form.id == "proposal"]
    assert [record.piece for record in result.records] == [f"Phòng Kinh tế xã số {number}" for number in (7, 4, 70)]
    assert {record.label for record in result.records} == {"Đơn vị thực hiện"}


def test_a_hit_says_where_the_words_stand(workspace):
    new(workspace, "proposal", title="Máy sấy chè", goals="Cơ sở ở thôn Nà Mẫu " + "sấy thủ công, hao than. " * 20)
    ((record,),) = [result.records for result in finding.find(workspace, "na mau say")]
    assert record.label == "Mục tiêu cụ thể của đề án cần đạt được"
    assert "Nà Mẫu" in record.piece
    assert len(record.piece) < 130
    places = finding.marked(record.piece, ["na", "mau", "say"])
    assert [record.piece[start:end] for start, end in places][:3] == ["Nà", "Mẫu", "sấy"]


def test_the_list_shows_what_is_counted(workspace):
    for number in range(12):
        new(workspace, "proposal", title=f"Dệt thổ cẩm {number}")
    new(workspace, "proposal", title="Máy sấy")
    for typed, total in (("tho cam", 12), ("de an", 13), ("dang soan", 13), ("de an tho cam", 12)):
        result = next(result for result in finding.find(workspace, typed) if result.form.id == "proposal")
        assert result.total == total, typed
        assert reading.count(workspace, "proposal", result.search, result.where) == total
        assert len(result.records) == 5


def test_a_former_name_is_the_reason(workspace):
    owner = samples.beneficiary(workspace, name="Cơ sở Tên Cũ")
    changing.set_values(workspace, owner, {"name": "Cơ sở Tên Mới"})
    ((record,),) = [result.records for result in finding.find(workspace, "ten cu")]
    assert record.row.title == "Cơ sở Tên Mới"
    assert "Tên Cũ" in record.row.former
