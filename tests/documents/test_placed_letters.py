"""Marks stand upon marks, Khmer and Chăm are drawn, and what is copied from the paper is what was written."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC
from io import BytesIO

import pytest
from pypdfium2 import PdfDocument
from reportlab.pdfbase.pdfmetrics import stringWidth

from kcdesk.documents.blocks import Column, Document, Paragraph, Table, TableRow
from kcdesk.documents.fonts import faces, printable, unprintable
from kcdesk.documents.pdf.pdf_writer import to_pdf

STACKED = "Buôn Kmrơ\u0306ng: ê\u0306 ô\u0306 ơ\u0306 ư\u0306 Ê\u0306 Đê č ñ\u0306 ẹ\u0306"
KHMER, CHAM = "ភាសាខ្មែរ ស្រុក កម្ពុជា ព្រះ", "ꨀꨇꩉ ꨌꩌ ꨚꨴꨯꨱ"


def paper(*texts: str, **more: bool) -> bytes:
    return to_pdf(Document(title="Giấy mẫu", blocks=tuple(Paragraph((text,), **more) for text in texts)))


def read(data: bytes) -> str:
    with closing(PdfDocument(data)) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pdf)


def ink(data: bytes) -> list[bool]:
    """For each line of points of the first page, from its top, whether there is ink on it."""
    with closing(PdfDocument(data)) as pdf:
        picture = pdf[0].render(scale=4, grayscale=True).to_pil()
    lines = (picture.crop((0, line, picture.width, line + 1)) for line in range(picture.height))
    return [line.getextrema()[0] < 128 for line in lines]


@pytest.mark.parametrize("written", [STACKED, f"xã {KHMER}, tỉnh", f"làng {CHAM}.", f"{STACKED} {KHMER} {CHAM}"])
@pytest.mark.parametrize("bold", [False, True])
def test_what_is_copied_is_what_was_written(written: str, bold: bool) -> None:
    copied = read(paper(written, bold=bold))
    assert re.sub(r" (?=[,.])", "", copied) == written  # pdfium puts a space before a mark of another font


def test_in_a_table_and_over_several_lines() -> None:
    columns = (Column("TT", 10, "center"), Column("Nội dung"))
    row = TableRow((("1",), (f"{STACKED} " * 8,)))
    data = to_pdf(Document(title="Giấy mẫu", blocks=(Table(columns, (row,)),)))
    assert read(data).count("Kmrơ\u0306ng:") == 8
    assert read(paper(f"{KHMER} và " * 12)).count("ស្រុក") == 12


def test_a_mark_on_a_mark_stands_higher_and_takes_no_width() -> None:
    faces()
    for font in faces():
        for letter in "êôơưÊaeiñ":
            assert stringWidth(f"{letter}\u0306", font, 14) == pytest.approx(stringWidth(letter, font, 14), abs=0.6)
    plain, stacked = ink(paper("e")), ink(paper("e\u0302\u0306"))
    assert plain.index(True) - stacked.index(True) > 15  # points of a quarter: two marks, one above the other
    letters = "".join("#" if line else " " for line in stacked).split()
    assert len(letters) == 3  # the breve, the circumflex and the letter, each clear of the other


def test_a_word_without_spaces_that_is_longer_than_a_line() -> None:
    assert read(paper("ភាសាខ្មែរ" * 30)).replace(" ", "").startswith("ភាសាខ្មែរ")
    assert len(read(paper("ê\u0306" * 200)).replace(" ", "")) == 400


def test_equal_papers_give_equal_bytes_whatever_was_written_before() -> None:
    from datetime import datetime  # beside its only use

    made = datetime(2026, 3, 5, 8, tzinfo=UTC)
    one = Document(title="A", blocks=(Paragraph((f"{KHMER} {CHAM} {STACKED}",)),), made=made)
    first = to_pdf(one)
    paper(f"{CHAM} ខ្ញុំ ស្រី ẫ\u0306")
    assert to_pdf(one) == first


def test_letters_that_no_font_has_are_named() -> None:
    assert printable(f"{STACKED} {KHMER} {CHAM}") == f"{STACKED} {KHMER} {CHAM}"
    assert printable("ไทย 中") == "[U+0E44][U+0E17][U+0E22] [U+4E2D]"
    assert unprintable(f"{STACKED} {KHMER} 中😀中") == "中😀"
    assert BytesIO(paper("中")).read(4) == b"%PDF"
