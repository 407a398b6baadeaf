"""The minutes 5a: what is stored stands on the paper, what is not stays open."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from kcdesk import text
from kcdesk.documents import paper_codes
from kcdesk.documents.blocks import Paragraph, Table, Tick
from tests.documents import samples

# Answered by a tick or by the heading of a list; looked at one by one below.
_TICKED = {"result", "conclusion", "is_new", "party"}
# Stored only to tie records together, or never printed.
_NOT_ON_PAPER = {
    "proposal",
    "contract",
    "beneficiary",
    "activity",
    "code",
    "group",
    "state",
    "revision",
    "id",
    "position",
}


def _leaves(value, name=""):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, name)
    elif name not in _NOT_ON_PAPER | _TICKED:
        yield name, value


def _on_paper(name, value):
    if name.endswith("_on"):
        day = date.fromisoformat(value)
        return (text.format_date(day), text.date_in_words(day))
    if name.endswith("_at"):
        return (value.replace(":", " giờ "),)
    if isinstance(value, int) and name != "year":
        return (text.format_integer(value),)
    return (str(value).replace(".", ","), str(value))


def tables(document):
    """The tables of a paper."""
    return [block for block in document.blocks if isinstance(block, Table)]


def ticked(row):
    """Which boxes of a row are ticked."""
    return [piece.on for cell in row.cells for piece in cell if isinstance(piece, Tick)]


def texts(document):
    """The pieces of every paragraph of a paper."""
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def test_every_stored_answer_is_printed(minutes):
    paper = minutes()
    missing = [
        (name, value)
        for name, value in _leaves(samples.ANSWERS)
        if not any(form in paper.text for form in _on_paper(name, value))
    ]
    # Nothing differs from the contract, so no difference is named.
    assert [name for name, value in missing if name not in ("quantity_difference", "value_difference")] == []


def test_the_dossier_is_printed_with_its_signs(minutes):
    paper = minutes()
    assert "nông sản & dược liệu (mẫu)" in paper.text
    assert "Căn cứ Quyết định số 1947/QĐ-UBND ngày 05 tháng 3 năm 2018" in paper.text
    assert "Mã số thuế: 0101243150" in paper.text


def test_amounts_stand_in_figures_and_in_words(minutes):
    paper = minutes()
    assert "570.000.000 đồng" in paper.text
    assert "Bằng chữ: Năm trăm bảy mươi triệu đồng" in paper.text
    assert "Bằng chữ: Sáu mươi triệu đồng" in paper.text


def test_the_number_of_the_paper_follows_the_decree(minutes):
    assert "Số: 05/BB-SCT" in minutes().pages[0]  # of the Sở, which organises the acceptance
    assert "Số: 17/BB-TTKC" in minutes(number="17/BB-TTKC").pages[0]


def test_bases_end_as_the_decree_says(minutes):
    first = minutes(legal_basis="Căn cứ Kế hoạch mẫu số 1\nCăn cứ Kế hoạch mẫu số 2").pages[0]
    assert "về việc phê duyệt đề án;" in first
    assert "Căn cứ Kế hoạch mẫu số 1; Căn cứ Kế hoạch mẫu số 2." in first


def test_the_amended_decree_is_named_from_the_day_it_is_in_force(minutes):
    assert "235/2025" not in minutes(visited_on="2025-10-14").text
    assert "235/2025" in minutes(visited_on="2025-10-15").text


@pytest.mark.parametrize("name", ["visited_on", "work_done", "copies", "proposed_payment", "total_accepted"])
def test_a_missing_answer_is_a_visible_blank(minutes, name):
    assert minutes(**{name: None}).text.count("......") > minutes().text.count("......")


def test_a_result_that_nobody_gave_is_not_invented():
    rows = [row | {"result": None} for row in samples.ANSWERS["checklist"]]
    bare = [{key: value for key, value in row.items() if value is not None} for row in rows]
    document = samples.layouts()["minutes_5a"].render(samples.context(checklist=bare))
    papers, facts, *_ = tables(document)
    ticks = [on for row in papers.rows + facts.rows for on in ticked(row)]
    assert len(ticks) == 3 * len(rows)
    assert not any(ticks)


def test_results_are_ticked_in_their_column():
    document = samples.layouts()["minutes_5a"].render(samples.context())
    papers, facts, machines, *_ = tables(document)
    order = ("pass", "fail", "not_applicable")
    expected = [[row["result"] == result for result in order] for row in samples.ANSWERS["checklist"]]
    assert [ticked(row) for row in papers.rows + facts.rows] == expected
    assert ticked(machines.rows[0]) == [True, False]  # a new machine
    assert [row.cells[0] for row in facts.rows] == [("6",), ("7",), ("8",), ("9",)]  # numbered as one list


def test_one_conclusion_is_ticked_and_every_party_has_its_heading():
    paragraphs = texts(samples.layouts()["minutes_5a"].render(samples.context()))
    boxes = next(pieces for pieces in paragraphs if isinstance(pieces[0], Tick))
    assert [piece.on for piece in boxes if isinstance(piece, Tick)] == [False, True, False]
    assert boxes[3].strip() == "Nghiệm thu có điều kiện"
    headings = [pieces[0] for pieces in paragraphs if ". Đại diện " in str(pieces[0])]
    assert headings == [
        "1. Đại diện Sở Công Thương:",
        "2. Đại diện đơn vị thực hiện đề án:",
        "3. Đại diện đơn vị thụ hưởng:",
        "4. Đại diện Ủy ban nhân dân xã (mẫu):",
    ]


def test_everything_may_be_missing(minutes):
    nothing = dict.fromkeys(samples.ANSWERS)
    paper = minutes(without=("proposal", "contract", "beneficiary"), **nothing)
    assert "BIÊN BẢN" in paper.pages[0]
    assert "None" not in paper.text


def test_a_blank_print_keeps_the_dossier_and_no_answer(minutes):
    paper = minutes(blank=True)
    for kept in (
        "nông sản & dược liệu",
        "Hợp đồng mua máy móc",
        "Máy sấy nông sản tự động",
        "570.000.000",
        "Mẫu Số Một",
    ):
        assert kept in paper.text
    for answer in (
        "Người Mẫu Ba",
        "08 giờ 30",
        "ngày 15 tháng 10",
        "MAU-2018-0001",
        "Thiếu dấu",
        "đã lắp đặt",
        "60.000.000",
    ):
        assert answer not in paper.text


def test_a_blank_print_has_no_ticks_and_its_code_names_no_answers():
    document = samples.layouts()["minutes_5a"].render(samples.context(), blank=True)
    assert "Tick(on=True)" not in repr(document)
    code = paper_codes.read_qr(document.qr)
    assert code.is_blank
    assert len(code.content) == 16


def test_the_paper_of_a_practice_store_says_so(printed):
    context = samples.context() | {"practice": True}
    paper = printed(samples.layouts()["minutes_5a"].render(context))
    assert all("BẢN TẬP" in page for page in paper.pages)


def test_a_draft_says_so(minutes):
    assert all("Bản chưa chốt" in page for page in minutes(state="draft").pages)
    assert "Bản chưa chốt" not in minutes().text
    assert "Bản chưa chốt" not in minutes(blank=True, state="draft").text


def test_an_organ_without_one_above_leaves_no_gap(printed):
    context = samples.context() | {"organiser": samples.ORGANISER | {"above": ""}}
    head = printed(samples.layouts()["minutes_5a"].render(context)).pages[0].partition("Số:")[0]
    assert "SỞ CÔNG THƯƠNG (MẪU)" in head
    assert ".." not in head


def test_decomposed_letters_come_out_composed(minutes):
    paper = minutes(site=unicodedata.normalize("NFD", "Xưởng chế biến Đắk Lắk"))
    assert "Xưởng chế biến Đắk Lắk" in paper.text


def test_markup_and_control_characters_are_only_text(minutes):
    paper = minutes(site='<b>R&D</b> "A" < B > {{ unit }}\x02+\x03\x00')
    assert '<b>R&D</b> "A" < B > {{ unit }}+' in paper.text


def test_a_letter_without_a_glyph_is_printed_as_its_code(minutes):
    assert "Tốt [U+1F600][U+4E2D]!" in minutes(work_done="Tốt 😀️中!").text


def test_a_name_of_two_hundred_letters_stays_on_the_paper(minutes):
    people = [row | {"name": "Ngô" * 67, "title": "T" * 200} for row in samples.ANSWERS["participants"]]
    paper = minutes(participants=people)
    assert paper.text.replace(" ", "").count("Ngô") >= 67 * len(people)


def test_vocational_training_prints_classes_and_no_machines(minutes):
    classes = [{"id": "k1", "position": 1.0, "name": "Lớp may mẫu", "planned_learners": 30, "attended": 28}]
    paper = minutes(activity="vocational_training", classes=classes, machines=None)
    assert "Lớp may mẫu" in paper.text
    assert "Máy móc, thiết bị đối chiếu" not in paper.text
    assert "Cộng 30 28" in paper.text
