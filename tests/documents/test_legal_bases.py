"""The bases of a paper: what an officer typed stands in line with what the layout says."""

from __future__ import annotations

from kcdesk.documents.blocks import Blank
from kcdesk.documents.layouts.legal_bases import tidy


def words(*lines):
    return ["".join(piece if isinstance(piece, str) else "…" for piece in line) for line in tidy(lines)]


def test_a_typed_base_gets_its_first_word_and_loses_its_signs():
    assert words(
        ("Căn cứ Bộ luật Dân sự ngày 24 tháng 11 năm 2015",),
        ("Nghị quyết số 33/2024/NQ-HĐND ngày 10 tháng 7 năm 2024;",),
        ("Kế hoạch số 12/KH-UBND. ",),
        ("Xét tờ trình của phòng ",),
    ) == [
        "Căn cứ Bộ luật Dân sự ngày 24 tháng 11 năm 2015",
        "Căn cứ Nghị quyết số 33/2024/NQ-HĐND ngày 10 tháng 7 năm 2024",
        "Căn cứ Kế hoạch số 12/KH-UBND",
        "Xét tờ trình của phòng",
    ]


def test_an_instrument_is_a_base_once():
    layout = (
        ("Căn cứ Nghị định số 45/2012/NĐ-CP ngày 21 tháng 5 năm 2012 của Chính phủ về khuyến công",),
        ("Căn cứ Thông tư số 46/2012/TT-BCT quy định chi tiết một số nội dung của Nghị định số 45/2012/NĐ-CP",),
    )
    typed = (("NĐ 45/2012/NĐ-CP;",), ("Thông tư 46/2012/TT-BCT của Bộ Công Thương.",))
    assert words(*layout, *typed) == words(*layout)


def test_decisions_of_two_years_may_have_one_number():
    lines = (("Căn cứ Quyết định số 01/QĐ-UBND năm 2025",), ("Căn cứ Quyết định số 01/QĐ-UBND năm 2026",))
    assert len(words(*lines)) == 2


def test_a_base_to_be_written_by_hand_stays():
    assert words(("Căn cứ ", Blank(20)), (Blank(20), " ngày")) == ["Căn cứ …", "… ngày"]
