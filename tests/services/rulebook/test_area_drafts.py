"""A province's list of priority areas from Excel: refused rows with their reason, signed rules, ended older lists."""

from datetime import date

import pytest
import tomlkit
from openpyxl import Workbook

from kcdesk.errors import UserError
from kcdesk.runtime.frozen import replace
from kcdesk.services.rulebook import area_drafts, trial
from kcdesk.services.rulebook.area_drafts import AreaDraft

FIRST = date(2026, 6, 23)


@pytest.fixture
def own(workspace):
    """Codes and addresses of three communes of the office's province."""
    province = workspace.identity.unit.province
    communes = (workspace.places.commune(code) for code in workspace.places.communes)
    return [place for place in communes if place.province_code == province][:3]


def _file(folder, *rows):
    book = Workbook()
    for row in (("DANH MỤC (mẫu)",), (), ("TT", "Tên xã, phường", "Địa bàn"), *rows):
        book.active.append(row)
    path = folder / "danh-muc.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_read_by_name_and_code_and_each_refused_row_says_why(workspace, own, tmp_path):
    first, second, third = own
    path = _file(
        tmp_path,
        (1, first.address, "Xã đặc biệt khó khăn"),
        (2, int(second.code), "Địa bàn có điều kiện kinh tế - xã hội khó khăn"),
        (3, "Phường Ba Đình", "difficult"),
        (4, third.name, "địa bàn lạ"),
        (5, first.code, "very_difficult"),
        (6, None, "difficult"),
    )
    rows = area_drafts.rows_in_file(workspace, path, FIRST)
    assert [(row.code, row.kind) for row in rows[:2]] == [(first.code, "very_difficult"), (second.code, "difficult")]
    problems = [row.problem for row in rows]
    assert problems[:2] == ["", ""]
    assert "tỉnh không có xã, phường «Phường Ba Đình»" in problems[2]
    assert "không rõ địa bàn «địa bàn lạ»" in problems[3]
    assert "trùng dòng 4" in problems[4]
    assert "chưa ghi xã, phường" in problems[5]
    with pytest.raises(UserError, match="Còn 4 dòng chưa nhận được"):
        area_drafts.area_file(workspace, AreaDraft(document="QĐ 1/QĐ-UBND", first=FIRST, rows=tuple(rows)))


def _draft(own, *, first=FIRST, document="QĐ 2167/QĐ-UBND"):
    rows = (area_drafts.AreaRow(number=1, commune="", area="", code=own[0].code, kind="very_difficult"),)
    return AreaDraft(document=document, first=first, covers=("difficult", "very_difficult"), rows=rows)


def test_a_later_list_ends_the_one_before_it_and_the_same_day_replaces_it(workspace, own):
    files = area_drafts.area_file(workspace, _draft(own))
    with trial.workspace_with(workspace, files) as ruled:
        (entry,) = ruled.areas
        assert [(item.source, item.effective_to) for item in entry.lists] == [("QĐ 2167/QĐ-UBND", None)]
        assert area_drafts.present_draft(ruled).rows[0].name == own[0].address
    (content,) = files.values()
    document = tomlkit.parse(content)
    area_drafts.put_list(document, _draft(own, first=date(2027, 1, 1), document="QĐ 9/QĐ-UBND"))
    assert document["list"][0]["effective_to"] == date(2026, 12, 31)
    with pytest.raises(UserError, match="áp dụng từ ngày 01/01/2027"):
        area_drafts.put_list(document, _draft(own, first=date(2026, 12, 1)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"document": " "}, "Chưa ghi văn bản"),
        ({"last": date(2026, 1, 1)}, "trước ngày có hiệu lực"),
        ({"covers": ("difficult",)}, "chưa chọn ở «Danh mục xác định»"),
        ({"rows": ()}, "chưa có xã, phường nào"),
    ],
)
def test_a_list_that_lacks_something_is_not_signed(workspace, own, change, words):
    with pytest.raises(UserError, match=words):
        area_drafts.area_file(workspace, replace(_draft(own), **change))


def test_what_is_no_workbook_is_refused_with_a_sentence(workspace, tmp_path):
    path = tmp_path / "danh-muc.xlsx"
    path.write_bytes(b"not a workbook")
    with pytest.raises(UserError, match="không đọc được như một bảng tính") as refused:
        area_drafts.rows_in_file(workspace, path, FIRST)
    assert refused.value.code == "bad_file"
