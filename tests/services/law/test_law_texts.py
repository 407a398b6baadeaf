"""The texts of instruments that the office has: taken in safely, searched, opened at the page of an article."""

import io
import time
import zipfile

import docx
import pytest
from PIL import Image

from kcdesk.documents.blocks import Document, PageBreak, Paragraph
from kcdesk.documents.pdf import pdf_writer
from kcdesk.errors import UserError
from kcdesk.services.law import law_texts
from kcdesk.services.records import changing

NUMBER = "TT 28/2018/TT-BTC"
ARTICLES = (
    ("Điều 7. Nội dung chi", "1. Chi đào tạo nghề.", "2. Chi hội chợ."),
    ("Điều 8. Mức chi", "1. Chi thành lập doanh nghiệp: 10 triệu đồng.", "2. Chi xây dựng mô hình:", "a) Mô hình mới;"),
    ("đ) Nhân rộng mô hình.", "3. Chi máy móc. Điều này áp dụng từ ngày ký.", "Điều 9. Mức khác", "2. Khoản hai."),
)


def written_pdf(path, pages=ARTICLES):
    blocks = [block for page in pages for block in (*(Paragraph((line,)) for line in page), PageBreak())]
    pdf_writer.write_pdf(Document(title="Văn bản mẫu", blocks=tuple(blocks[:-1])), path)
    return path


def written_word(path, lines):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Bình chọn", "400 triệu đồng"
    document.save(path)
    return path


@pytest.fixture
def kept(workspace, tmp_path):
    law_texts.add_text(workspace, "Thông tư số 28/2018/TT-BTC", written_pdf(tmp_path / "tt28.pdf"))
    return workspace


@pytest.mark.parametrize(
    ("source", "page", "piece"),
    [
        ("Điều 8 TT 28/2018/TT-BTC", 2, "Điều 8. Mức chi"),
        ("Khoản 2 Điều 8 TT 28/2018/TT-BTC, có hiệu lực từ ngày 11/5/2018", 2, "2. Chi xây dựng mô hình:"),
        ("Điểm đ khoản 2 Điều 8 TT 28/2018/TT-BTC", 3, "đ) Nhân rộng mô hình."),
        ("Khoản 2 Điều 9 TT 28/2018/TT-BTC", 3, "2. Khoản hai."),
        ("Khoản 2 Điều 7 và khoản 1 Điều 8 TT 28/2018/TT-BTC", 1, "2. Chi hội chợ."),
    ],
)
def test_a_citation_leads_to_the_page_of_its_article(kept, source, page, piece):
    (place,) = law_texts.places_of(kept, source)
    assert (place.page, place.piece, place.is_sure) == (page, piece, True)


def test_what_is_not_found_opens_the_beginning_and_says_so_until_an_officer_notes_the_page(kept):
    source = "Khoản 3 Điều 12 TT 28/2018/TT-BTC"
    (place,) = law_texts.places_of(kept, source)
    assert (place.page, place.is_sure) == (1, False)
    law_texts.note_page(kept, NUMBER, "Điều 12", 3)
    (place,) = law_texts.places_of(kept, source)
    assert (place.page, place.is_sure) == (3, True)
    with pytest.raises(UserError, match="có 3 trang, không có trang 4"):
        law_texts.note_page(kept, NUMBER, "Điều 12", 4)
    assert law_texts.places_of(kept, "Điều 8 TT 36/2013/TT-BCT") == []


@pytest.mark.parametrize("typed", ["nhân rộng mô hình", "nhan rong mo hinh", "RỘNG nhân"])
def test_words_are_found_with_and_without_accents(kept, typed):
    (hit,) = law_texts.find_words(kept, typed)
    assert (hit.text.instrument, hit.page) == (NUMBER, 3)
    assert "Nhân rộng mô hình" in hit.piece
    assert law_texts.find_words(kept, "không có chữ này") == []


def test_a_text_is_replaced_and_removed_and_both_are_undone(kept, tmp_path):
    law_texts.add_text(kept, NUMBER, written_word(tmp_path / "moi.docx", ["Điều 1. Mới", "Điều 2. Bình chọn"]))
    assert law_texts.text_of(kept, NUMBER).original["name"] == "moi.docx"
    changing.undo(kept)
    assert law_texts.text_of(kept, NUMBER).original["name"] == "tt28.pdf"
    law_texts.remove_text(kept, NUMBER)
    assert law_texts.texts(kept) == {}
    changing.undo(kept)
    assert law_texts.text_of(kept, NUMBER).original["name"] == "tt28.pdf"


def test_word_is_read_as_pages_with_its_tables(workspace, tmp_path):
    lines = [f"Điều {number}. Nội dung của điều" + " chữ" * 400 for number in range(1, 9)]
    law_texts.add_text(workspace, NUMBER, written_word(tmp_path / "van ban.docx", lines))
    law_text = law_texts.text_of(workspace, NUMBER)
    assert law_text.is_copy
    assert [place.page for place in law_texts.places_of(workspace, "Điều 8 TT 28/2018/TT-BTC")] > [1]
    (hit,) = law_texts.find_words(workspace, "binh chon 400 trieu")
    assert "400 triệu đồng" in hit.piece


def test_a_scan_has_pages_without_words(workspace, tmp_path):
    scan = tmp_path / "trang.tiff"
    pages = [Image.new("L", (600, 800), shade) for shade in (200, 220)]
    pages[0].save(scan, save_all=True, append_images=pages[1:])
    law_texts.add_text(workspace, NUMBER, scan)
    assert any(
        "Bản quét không có chữ" in line for line in law_texts.described(workspace, law_texts.text_of(workspace, NUMBER))
    )
    (place,) = law_texts.places_of(workspace, "Điều 8 TT 28/2018/TT-BTC")
    assert not place.is_sure
    law_texts.note_page(workspace, NUMBER, "Điều 8", 2)
    assert [entry.page for entry in law_texts.places_of(workspace, "Điều 8 TT 28/2018/TT-BTC")] == [2]


def _zip(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", part)
    return content.getvalue()


ENTITIES = b"<!DOCTYPE w [<!ENTITY a 'b'>]><w:document/>"
HOSTILE = {
    "empty.pdf": (b"", "là tệp trống"),
    "program.pdf": (b"MZ\x90\0" * 100, "không phải là văn bản đọc được"),
    "broken.pdf": (b"%PDF-1.7\n" + b"x" * 500, "tệp hỏng hoặc có mật khẩu"),
    "sheet.docx": (_zip(xl__workbook=b"<workbook/>"), "không phải là tệp Word"),
    "entities.docx": (_zip(word__document=ENTITIES), "không an toàn"),
    "bomb.docx": (_zip(word__document=b" " * (30 << 20)), "không an toàn"),
    "parts.docx": (_zip(word__document=b"<w:document/>", **{f"a{n}": b"" for n in range(5_000)}), "không an toàn"),
    "torn.docx": (_zip(word__document=b"<w:document/>")[:-30], "tệp hỏng hoặc có mật khẩu"),
    "no_parts.docx": (_zip(word__document=b"<w:document/>"), "tệp hỏng hoặc có mật khẩu"),
    "torn.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "không phải là ảnh hoặc đã hỏng"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(workspace, tmp_path, name):
    content, sentence = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UserError) as refused:
        law_texts.add_text(workspace, NUMBER, path)
    assert sentence in refused.value.sentence()
    assert law_texts.texts(workspace) == {}


def test_a_number_that_no_register_has_and_a_missing_file_are_refused(workspace, tmp_path):
    with pytest.raises(UserError, match="không có văn bản «TT 1/2099/TT-BTC»"):
        law_texts.add_text(workspace, "TT 1/2099/TT-BTC", written_pdf(tmp_path / "a.pdf"))
    with pytest.raises(UserError, match="Không có"):
        law_texts.add_text(workspace, NUMBER, tmp_path / "no.pdf")
    with pytest.raises(UserError, match="chưa có bản"):
        law_texts.remove_text(workspace, NUMBER)


def test_a_long_text_is_searched_quickly(workspace, tmp_path):
    pages = [tuple(f"Điều {page * 9 + line}. Lời văn dài của điều này" for line in range(9)) for page in range(120)]
    law_texts.add_text(workspace, NUMBER, written_pdf(tmp_path / "dai.pdf", pages))
    law_texts.find_words(workspace, "loi van")
    began = time.perf_counter()
    assert len(law_texts.find_words(workspace, "dieu 1000 loi")) == 1
    assert law_texts.places_of(workspace, "Điều 1000 TT 28/2018/TT-BTC")[0].page > 100
    assert time.perf_counter() - began < 0.5


def test_a_text_whose_file_is_not_here_is_named_and_opens_nowhere(kept):
    known = law_texts.text_of(kept, NUMBER)
    kept.store.files.forget(known.reading["sha256"])
    (sentence,) = law_texts.described(kept, known)
    assert "tt28.pdf; tệp không có trong kho này" in sentence
    (place,) = law_texts.places_of(kept, f"Điều 8 {NUMBER}")
    assert (place.page, place.is_sure) == (1, False)
    assert law_texts.find_words(kept, "dieu") == []


def test_a_search_in_one_text_is_not_filled_up_by_the_others(kept, tmp_path):
    law_texts.add_text(kept, "NĐ 45/2012/NĐ-CP", written_pdf(tmp_path / "nd45.pdf"))
    for number, known in law_texts.texts(kept).items():
        (hit,) = law_texts.find_words(kept, "dieu", 1, among=[known])
        assert hit.text.instrument == number
