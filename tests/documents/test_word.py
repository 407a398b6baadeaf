"""Papers for Word: the same words as the PDF, furniture that Word keeps, nothing that its standard forbids."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
import zipfile
from functools import cache
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kcdesk.documents.blocks import (
    Closing,
    Column,
    Document,
    FieldLine,
    FieldPart,
    Heading,
    Paragraph,
    Recipients,
    Signature,
    SignatureGrid,
    Table,
    TableRow,
    Title,
)
from kcdesk.documents.pdf.pdf_writer import HOW_TO_SHOW, HOW_TO_TICK
from kcdesk.documents.word.word_writer import to_docx, write_docx
from tests.documents import samples, visits
from tests.examples import examples, some

NAMES = visits.names()


def made(name, *, blank=False, **changes):
    """One layout written for Word and read again."""
    if blank or changes:
        document = samples.layouts()[name].render(visits.context(name, **changes), blank=blank)
        return docx.Document(BytesIO(to_docx(document)))
    return docx.Document(BytesIO(written(name)))


@cache
def written(name):
    """One layout as it stands, for Word."""
    return to_docx(samples.layouts()[name].render(visits.context(name)))


def words(paper):
    """All text of the body, dots and leaders apart."""
    text = " ".join("".join(p.itertext(qn("w:t"))) for p in paper.element.body.iter(qn("w:p")))
    return " ".join(re.sub(r"[.\u200b]{2,}|\u200b", " ", text).split())


def tokens(text):
    """The words of a text and the text without anything else: a line's end may join two words."""
    found = re.findall(r"[^\W_]+", text)
    return set(found), "".join(found)


@pytest.mark.parametrize("name", some(14, NAMES))
def test_word_and_pdf_hold_the_same_words(printed, name):
    paper = made(name)
    in_pdf, whole_pdf = tokens(printed(samples.layouts()[name].render(visits.context(name))).text)
    in_word, whole_word = tokens(words(paper))
    furniture = tokens(paper.sections[0].footer.paragraphs[0].text)[0] | {str(page) for page in range(2, 9)}
    furniture |= tokens(f"{HOW_TO_TICK} {HOW_TO_SHOW}")[0]  # beside the marks, which a file for Word does not have
    assert {word for word in in_word if word not in whole_pdf} == set()
    assert {word for word in in_pdf - furniture if word not in whole_word} == set()


def test_the_page_is_that_of_the_decree():
    section = made("minutes_5a").sections[0]
    measures = (section.page_width, section.top_margin, section.left_margin, section.right_margin)
    assert [round(measure.mm) for measure in measures] == [210, 20, 30, 15]


def test_the_page_number_begins_on_the_second_page():
    section = made("minutes_5a").sections[0]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.part.element.xml
    assert "PAGE" not in section.first_page_header.part.element.xml


def test_every_page_carries_code_and_qr():
    section = made("minutes_5a").sections[0]
    for footer in (section.footer, section.first_page_footer):
        assert "Mã giấy 000000AC-1-" in footer.paragraphs[0].text
        assert footer.part.element.xpath(".//wp:anchor//pic:pic")


def test_labels_carry_their_codes_and_no_furniture():
    paper = made("labels")
    assert len(paper.inline_shapes) == 2
    assert paper.sections[0].footer.paragraphs[0].text == ""


def test_the_font_is_named_once_for_every_script():
    fonts = made("minutes_5a").styles["Normal"].element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    assert not [name for name in fonts.attrib if name.endswith("Theme")]


def test_properties_are_those_of_the_paper():
    properties = made("minutes_5a").core_properties
    assert properties.title.startswith("Biên bản nghiệm thu cơ sở – Hỗ trợ ứng dụng")
    assert properties.author == "Sở Công Thương (mẫu)"
    assert properties.language == "vi-VN"
    assert properties.comments == ""


def test_heads_of_tables_are_repeated_and_rows_kept_whole():
    tables = made("minutes_5a").element.body.iter(qn("w:tbl"))
    rows = next(table for table in tables if "Hồ sơ, tài liệu" in "".join(table.itertext())).findall(qn("w:tr"))
    assert len(rows) == 6  # the head and five papers
    assert rows[0].trPr.find(qn("w:tblHeader")) is not None
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_ticks_are_letters_of_a_font_that_has_them():
    runs = [run for p in made("minutes_5a").element.body.iter(qn("w:p")) for run in p.iter(qn("w:r"))]
    boxes = [run for run in runs if "".join(run.itertext(qn("w:t"))) in ("☐", "☒")]
    assert {"☐", "☒"} == {"".join(run.itertext(qn("w:t"))) for run in boxes}
    assert {run.rPr.rFonts.get(qn("w:ascii")) for run in boxes} == {"Segoe UI Symbol"}


def test_headings_are_headings():
    found = [p.text for p in made("minutes_5a").paragraphs if p.style.name == "Heading 1"]
    assert "VIII. KẾT LUẬN" in found


def test_photos_lie_in_the_file_as_small_jpegs():
    document = samples.layouts()["photo_annex_four"].render(visits.context("photo_annex_four"))
    with zipfile.ZipFile(BytesIO(to_docx(document))) as parts:
        pictures = [name for name in parts.namelist() if name.endswith((".jpg", ".jpeg"))]
        assert len(pictures) == 2  # the third has not come, and there is no thumbnail
        assert all(parts.getinfo(name).file_size < 300_000 for name in pictures)


# The order that the standard prescribes for what this program puts there itself; Word refuses files that break it.
_ORDER = {
    "tblPr": ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"],
    "pPr": ["pStyle", "keepNext", "keepLines", "pBdr", "tabs", "spacing", "ind", "jc", "rPr", "sectPr"],
    "rPr": ["rStyle", "rFonts", "b", "i", "color", "sz", "szCs", "lang"],
}


@pytest.mark.parametrize("name", NAMES)
def test_properties_stand_in_the_order_of_the_standard(name):
    blank = to_docx(samples.layouts()[name].render(visits.context(name), blank=True)) if name == "minutes_5a" else b""
    with zipfile.ZipFile(BytesIO(blank or written(name))) as parts:
        for part in ("word/document.xml", "word/footer1.xml", "word/header1.xml"):
            root = etree.fromstring(parts.read(part)) if part in parts.namelist() else etree.Element("none")
            for tag, order in _ORDER.items():
                for element in root.iter(qn(f"w:{tag}")):
                    names = [etree.QName(child).localname for child in element]
                    assert names == sorted(names, key=order.index), (part, tag, names)


@settings(max_examples=examples(12), deadline=None)
@given(st.lists(st.text(max_size=200), min_size=3, max_size=3))
def test_no_text_breaks_a_file(texts):
    one, two, three = ((text,) for text in texts)
    blocks = (
        Title(one, two),
        Heading(three),
        Paragraph(one),
        FieldLine((FieldPart("Mục", two, 60), FieldPart("Mục", three))),
        Table((Column("TT", 10), Column("Nội dung"), Column("Giá trị", 30)), (TableRow((one, two, three)),)),
        SignatureGrid((Signature(one, two),)),
        Closing(Recipients((one,)), Signature(two, three)),
    )
    document = docx.Document(BytesIO(to_docx(Document(title="Mẫu", blocks=blocks))))
    assert len(document.tables) == 4  # fields of one line, the rows, the signatures, the closing
    (written,) = document.tables[1].rows[1:]
    for cell, text in zip(written.cells, texts, strict=True):
        if text.isprintable():
            assert "".join(cell.text.split()) == unicodedata.normalize("NFC", "".join(text.split()))


def test_nothing_to_write_is_an_empty_file(tmp_path):
    write_docx(Document(title="Trống", blocks=()), tmp_path / "giấy.docx")
    assert docx.Document(tmp_path / "giấy.docx").paragraphs == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_libreoffice_opens_the_file(tmp_path):
    document = samples.layouts()["remedy_record"].render(visits.context("remedy_record"))
    write_docx(document, tmp_path / "a.docx")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", tmp_path, tmp_path / "a.docx"], check=True, capture_output=True, timeout=90)
    from kcdesk.documents.preview import page_count, page_text

    text = " ".join(page_text(tmp_path / "a.pdf", page) for page in range(page_count(tmp_path / "a.pdf")))
    assert "XÁC NHẬN" in text.upper()
    assert "Đã có dấu." in " ".join(text.split())
