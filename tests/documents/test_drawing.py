"""What the decree says of lines and margins, measured in the PDF; papers that were kept are drawn as they were."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise

import pytest
import zxingcpp
from pypdfium2 import PdfDocument
from pypdfium2.raw import FPDF_PAGEOBJ_PATH

from kcdesk.documents import block_json
from kcdesk.documents.blocks import (
    Blank,
    Column,
    Document,
    FieldLine,
    FieldPart,
    Heading,
    OfficialHeader,
    Paragraph,
    Signature,
    SignatureGrid,
    Table,
    TableRow,
    Title,
)
from kcdesk.documents.layouts.templates import FILTERS
from kcdesk.documents.pdf.pdf_writer import to_pdf
from kcdesk.runtime.frozen import replace
from tests.documents import samples

MM = 72 / 25.4
SUBJECT = "Nghiệm thu cơ sở đề án khuyến công địa phương"


def headed(*more, **named):
    header = OfficialHeader(("ỦY BAN NHÂN DÂN TỈNH MẪU",), ("SỞ CÔNG THƯƠNG",), ("Số: 05/BB-SCT",))
    return Document(title="Biên bản", blocks=(header, Title(("BIÊN BẢN",), (SUBJECT,)), *more), **named)


def rules(raw):
    """The horizontal lines of the first page, from top to bottom: left end, right end, height, in points."""
    with closing(PdfDocument(raw)) as pdf:
        boxes = [item.get_bounds() for item in pdf[0].get_objects([FPDF_PAGEOBJ_PATH])]
    lines = [(left, right, bottom) for left, bottom, right, top in boxes if top - bottom < 3 and right - left > 20]
    return sorted(lines, key=lambda line: -line[2])


def line_of(raw, words):
    """Left and right end of a line of text on the first page, in points."""
    with closing(PdfDocument(raw)) as pdf:
        page = pdf[0].get_textpage()
        place = page.search(words).get_next()
        boxes = [page.get_charbox(place[0] + n) for n in range(place[1])]
    return min(box[0] for box in boxes), max(box[2] for box in boxes)


def test_the_lines_below_organ_and_subject_are_a_third_to_a_half_of_their_text_and_in_its_middle():
    raw = to_pdf(headed())
    below_organ, below_subject = (line for line in rules(raw) if line[1] - line[0] < 200 and line[1] < 440)
    for words, (left, right, _) in (("SỞ CÔNG THƯƠNG", below_organ), (SUBJECT, below_subject)):
        start, end = line_of(raw, words)
        assert 1 / 3 <= (right - left) / (end - start) <= 1 / 2
        assert (left + right) / 2 == pytest.approx((start + end) / 2, abs=2)


def test_the_code_stands_outside_the_margin_for_binding_below_the_text_and_is_read():
    qr = "KCDESK:minutes_5a:0:1:0"
    long = tuple(Paragraph(("Nội dung mẫu. " * 30,)) for _ in range(12))
    with closing(PdfDocument(to_pdf(headed(*long, qr=qr, footer="Biên bản\n" + "Chân trang rất dài " * 12)))) as pdf:
        image = pdf[0].render(scale=200 / 72).to_pil()
        words = pdf[0].get_textpage()
        (found,) = zxingcpp.read_barcodes(image)
        corners = found.position
        dot = 25.4 / 200  # millimetres
        assert corners.top_left.x * dot >= 30  # never where a paper is bound or punched
        assert corners.bottom_right.x * dot <= 196
        code = words.get_text_bounded(left=175 * MM, right=210 * MM, bottom=0, top=23 * MM).strip()
        assert code == ""  # neither the text nor the lines at the foot run into it
    assert found.text == qr


def spaces_of(raw, words):
    """The widest space within a line of text, in points."""
    with closing(PdfDocument(raw)) as pdf:
        page = pdf[0].get_textpage()
        start, count = page.search(words).get_next()
        boxes = [page.get_charbox(start + n) for n in range(count) if words[n] != " "]
    return max(after[0] - before[2] for before, after in pairwise(boxes))


def test_words_before_a_blank_are_not_stretched_over_the_line():
    line = Paragraph(("Hôm nay, ngày 20 tháng 01 năm 2019, tại ", Blank(40), ", chúng tôi gồm:"))
    now = headed(line)
    assert spaces_of(to_pdf(now), "Hôm nay, ngày 20 tháng") < 5
    assert spaces_of(to_pdf(replace(now, drawing=2)), "Hôm nay, ngày 20 tháng") > 20  # as it was signed


def test_a_paper_kept_before_drawings_had_numbers_is_drawn_as_it_was():
    now = headed(qr="KCDESK:a:0:1:0", made=datetime(2026, 11, 30, 8, tzinfo=UTC))
    kept = json.loads(block_json.to_json(now))
    assert kept.pop("drawing") == 4
    before = block_json.from_json(json.dumps(kept).encode())
    assert before.drawing == 1
    assert before == replace(now, drawing=1)
    with closing(PdfDocument(to_pdf(before))) as pdf:
        (found,) = zxingcpp.read_barcodes(pdf[0].render(scale=200 / 72).to_pil())
    assert found.position.top_left.x * 25.4 / 200 < 30
    widths = [right - left for left, right, _ in rules(to_pdf(before))]
    assert any(width == pytest.approx(165 * MM / 3, abs=2) for width in widths)
    with pytest.raises(block_json.DocumentError):
        block_json.from_json(json.dumps({**kept, "drawing": 5}).encode())


@pytest.mark.parametrize("lines", range(27, 34))
def test_a_short_table_is_not_divided_and_its_heading_goes_with_it(printed, lines):
    filling = tuple(Paragraph((f"Câu {n}.",)) for n in range(lines))
    small = Table((Column("TT"),), tuple(TableRow(((f"Dòng {n}",),)) for n in range(4)))
    paper = printed(headed(*filling, Heading(("II. BẢNG NGẮN",)), small))
    (page,) = [text for text in paper.pages if "II. BẢNG NGẮN" in text]
    assert all(f"Dòng {n}" in page for n in range(4))


@pytest.mark.parametrize("lines", range(20, 30))
def test_a_heading_is_not_left_behind_by_the_places_to_sign(printed, lines):
    filling = tuple(FieldLine((FieldPart("Câu", (str(n),)),)) for n in range(lines))
    signing = SignatureGrid((Signature(("GIÁM ĐỐC",), ("Người Mẫu",)),))
    paper = printed(headed(*filling, Heading(("III. KIẾN NGHỊ",)), Paragraph(("Không có.",)), signing))
    (page,) = [text for text in paper.pages if "III. KIẾN NGHỊ" in text]
    assert "Không có." in page
    assert "Người Mẫu" in page


@pytest.mark.parametrize(
    ("value", "changed", "measured"),
    [
        (-4, "giảm 4", "thiếu 4"),
        ("-1.5", "giảm 1,5", "thiếu 1,5"),
        (5_000_000, "tăng 5.000.000", "vượt 5.000.000"),
        (0, "không đổi", "đạt"),
        ("0", "không đổi", "đạt"),
        ("", "", ""),
    ],
)
def test_a_difference_is_said_in_words(value, changed, measured):
    assert FILTERS["changed"](value) == changed
    assert FILTERS["measured"](value) == measured


def test_no_number_on_the_minutes_has_a_sign(minutes):
    rows = [row | {"gap": "-4", "change": "-12.5"} for row in samples.ANSWERS["results"]]
    paper = minutes(results=rows, remaining=-50_000_000)
    assert "thiếu 4" in paper.text
    assert "giảm 12,5%" in paper.text
    assert "phải hoàn trả: 50.000.000 đồng" in paper.text
    assert "-4" not in paper.text
    assert "-50.000.000" not in paper.text
