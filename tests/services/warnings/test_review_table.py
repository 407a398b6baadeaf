"""The review table: what an officer wrote goes before what is suggested; PDF, Word and Excel say the same."""

from datetime import date

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from kcdesk.services.records import changing
from kcdesk.services.warnings import review_table
from tests.services import lives
from tests.services.samples import new

OBSTACLE, WAY_OUT = "Máy về chậm (mẫu)", "Gia hạn đến tháng 3, Trung tâm đôn đốc (mẫu)"


@pytest.fixture
def proposals(workspace):
    """Two running proposals of 2018 and one that is accepted."""
    workspace.today = lambda: date(2026, 11, 30)
    made = []
    for _number in range(3):
        id_ = lives.write(workspace, "brand")
        lives.approve(workspace, id_)
        lives.sign(workspace, id_)
        made.append(id_)
    lives.pay(workspace, made[0], "advance", amount=1_000_000)
    with workspace.store.act("Đã nghiệm thu") as act:
        act.update(made[2], {"state": "accepted"})
        for id_ in made:
            act.update(id_, {"ends_on": "2026-12-31"})
    return made


def _wish(workspace, proposal, **values):
    base = {"raised_on": "1/11/2026", "topic": "technology", "content": OBSTACLE, "proposal": proposal}
    return new(workspace, "difficulty", establishment="Cơ sở mẫu", **{**base, **values})


def test_the_most_endangered_comes_first_by_the_officers_word(workspace, proposals):
    steady, endangered, done = proposals
    _wish(workspace, endangered, completion_chance="unlikely", way_out=WAY_OUT)
    lines = review_table.review_lines(workspace, 2018)
    assert lines[0].id == endangered
    assert lines[-1].id == done
    first = lines[0]
    assert (first.chance, first.basis) == ("Khó hoàn thành", "cán bộ ghi")
    assert (first.obstacle, first.way_out) == (OBSTACLE, WAY_OUT)
    second = next(line for line in lines if line.id == steady)
    assert second.basis == "gợi ý"
    assert (second.support, second.paid, second.share) == ("4.000.000", "1.000.000", "25%")
    assert lines[-1].basis == ""
    assert "1 khó hoàn thành" in review_table.total_text(lines)
    assert "đã giải ngân 1.000.000 đồng (8,3%)" in review_table.total_text(lines)


def test_a_difficulty_that_is_settled_no_longer_speaks(workspace, proposals):
    wish = _wish(workspace, proposals[1], completion_chance="unlikely")
    changing.set_values(
        workspace, wish, {"progress": "solved", "answer": "Đã giao máy (mẫu)", "answered_on": "20/11/2026"}
    )
    line = next(line for line in review_table.review_lines(workspace, 2018) if line.id == proposals[1])
    assert line.basis == "gợi ý"
    assert line.difficulty == ""


def test_a_proposal_past_its_last_day_is_not_called_steady(workspace, proposals):
    workspace.today = lambda: date(2027, 2, 1)
    line = next(line for line in review_table.review_lines(workspace, 2018) if line.id == proposals[0])
    assert (line.chance, line.basis) == ("Phải điều chỉnh", "gợi ý")
    assert "Đã quá thời gian thực hiện (đến ngày 31/12/2026)" in line.obstacle
    assert isinstance(line.as_json()["money"], tuple)


def test_a_new_difficulty_knows_the_establishment_of_its_proposal(workspace, proposals):
    id_ = changing.begin(workspace, "difficulty", {"proposal": proposals[0]})
    assert workspace.store.record(id_).value("establishment")


def test_the_three_files_say_what_the_table_says(workspace, proposals, tmp_path):
    _wish(workspace, proposals[1], completion_chance="adjusted", way_out=WAY_OUT)
    paths = {kind: tmp_path / f"review.{kind}" for kind in ("pdf", "docx", "xlsx")}
    lines = review_table.review_lines(workspace, 2018)
    review_table.print_review(workspace, 2018, lines, paths["pdf"], paths["docx"])
    review_table.write_workbook(workspace, 2018, lines, paths["xlsx"])
    with PdfDocument(paths["pdf"]) as document:
        pdf = " ".join(page.get_textpage().get_text_bounded() for page in document)
    word = " ".join(
        cell.text for table in Document(str(paths["docx"])).tables for row in table.rows for cell in row.cells
    )
    sheet = load_workbook(paths["xlsx"]).active
    excel = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    for words in ("Phải điều chỉnh", "Máy về chậm", "4.000.000"):
        assert all(words in " ".join(text.split()) for text in (pdf, word, excel)), words
    assert "TB 504/TB-CN" in pdf
