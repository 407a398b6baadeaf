"""Pages: furniture, what stays together, what is divided, and the file itself."""

from __future__ import annotations

import errno
import re
from contextlib import closing
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument
from reportlab.lib.pagesizes import A4

from kcdesk import moments
from kcdesk.documents import preview
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
    Tick,
    Title,
)
from kcdesk.documents.pdf.pdf_writer import to_pdf, write_pdf
from kcdesk.documents.word.word_writer import to_docx
from kcdesk.errors import KnownError
from kcdesk.runtime.frozen import replace
from tests.documents import samples
from tests.examples import examples

MILLIMETRE = 72 / 25.4
WORDS = "Máy móc vận hành ổn định, sản phẩm đạt yêu cầu. "
HEADER = OfficialHeader(("SỞ MẪU",), ("TRUNG TÂM MẪU " * 6,), ("Số: 05/BB-TT",))
COLUMNS = (Column("TT", 10, "center"), Column("Nội dung"), Column("Giá trị", 30, "right"))
CLOSING = Paragraph(("Biên bản kết thúc, các bên nhất trí và ký tên./.",))
GRID = SignatureGrid(tuple(Signature((f"BÊN {n}",), (f"Người Mẫu {n}",)) for n in range(1, 6)))


def lines(count):
    return [Paragraph((f"Dòng thứ {n}.",)) for n in range(count)]


def boxes(path, page):
    """The text of one page piece by piece: (left, bottom, right, top, text), in points."""
    with closing(PdfDocument(path)) as pdf:
        view = pdf[page].get_textpage()
        rectangles = [view.get_rect(index) for index in range(view.count_rects())]
        return [(*box, view.get_text_bounded(*box).strip()) for box in rectangles]


def test_the_page_keeps_the_margins_of_the_decree(minutes):
    paper = minutes()
    left, right = 30 * MILLIMETRE, A4[0] - 15 * MILLIMETRE
    for page in range(len(paper.pages)):
        body = [box for box in boxes(paper.path, page) if 20 * MILLIMETRE < box[1] < A4[1] - 20 * MILLIMETRE]
        assert min(box[0] for box in body) >= left - 1
        assert max(box[2] for box in body) <= right + 1


def test_pages_are_numbered_at_the_top_from_the_second(minutes):
    paper = minutes()
    for page in range(len(paper.pages)):
        top = [box for box in boxes(paper.path, page) if box[1] > A4[1] - 20 * MILLIMETRE]
        assert [box[4] for box in top] == ([str(page + 1)] if page else [])
        assert all(abs((box[0] + box[2]) / 2 - A4[0] / 2) < 2 for box in top)


def test_the_header_is_not_divided(printed):
    paper = printed(Document(title="Mẫu", blocks=(*lines(29), HEADER, *lines(3))))
    (page,) = [page for page in paper.pages if "SỞ MẪU" in page]
    assert all(
        part in page for part in ("TRUNG TÂM MẪU", "Số: 05/BB-TT", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Hạnh phúc")
    )


def test_the_name_of_an_organ_breaks_before_its_place(printed):
    header = OfficialHeader(("ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN",), ("SỞ CÔNG THƯƠNG",), ("Số: 1",))
    paper = printed(Document(title="Mẫu", blocks=(header,)))
    lines = {box[4].replace("\u00a0", " ").strip(): box[1] for box in boxes(paper.path, 0)}
    (organ,) = [bottom for line, bottom in lines.items() if line.startswith("ỦY BAN")]
    (place,) = [bottom for line, bottom in lines.items() if line.startswith("TỈNH LẠNG SƠN")]
    assert place < organ - 10, "it stands on the line below"


def test_table_heads_are_repeated_at_the_top_of_every_page_only(printed):
    rows = tuple(TableRow(((str(n),), (WORDS,), ("1.000",))) for n in range(120))
    paper = printed(Document(title="Mẫu", blocks=(Table(COLUMNS, rows),)))
    assert len(paper.pages) > 2
    assert all(page.count("Nội dung") == 1 for page in paper.pages)


def test_the_last_row_of_a_table_is_never_alone(printed):
    for count in range(20, 60):
        rows = tuple(TableRow(((f"r{n}",), ("Nội dung chi",), ("1",))) for n in range(count))
        paper = printed(Document(title="Mẫu", blocks=(Table(COLUMNS, rows),)))
        assert f"r{count - 2}" in paper.pages[-1]


def test_grouped_columns_stand_under_one_head(printed):
    columns = (Column("TT", 10), Column("Quốc gia", group="Nguồn vốn"), Column("Đối ứng", group="Nguồn vốn"))
    paper = printed(Document(title="Mẫu", blocks=(Table(columns, (TableRow((("1",), ("2",), ("3",))),)),)))
    assert paper.text.count("Nguồn vốn") == 1
    assert "Quốc gia Đối ứng" in paper.text


@pytest.mark.parametrize("place", ["cell", "paragraph"])
def test_an_answer_of_six_thousand_words_is_printed_whole(printed, place):
    words = [f"từ{n}" for n in range(6000)]
    answer = (" ".join(words),)
    table = Table(
        COLUMNS,
        (TableRow((("1",), ("ngắn",), ())), TableRow((("2",), answer, ("9",))), TableRow((("3",), ("cuối",), ()))),
    )
    paper = printed(
        Document(title="Mẫu", blocks=(*lines(5), table if place == "cell" else Paragraph(answer), *lines(2)))
    )
    assert len(paper.pages) > 8
    assert re.findall(r"từ\d+", paper.text) == words


def test_a_long_answer_in_the_minutes(minutes):
    words = [f"từ{n}" for n in range(6000)]
    checklist = [row | {"finding": " ".join(words)} for row in samples.ANSWERS["checklist"][:1]]
    paper = minutes(checklist=checklist)
    assert re.findall(r"từ\d+", paper.text) == words
    assert "Người Mẫu Ba" in paper.pages[-1]


def test_a_heading_stays_with_what_it_heads(printed):
    for before in range(24, 40):
        table = Table(COLUMNS, (TableRow((("1",), ("hàng đầu",), ("1",))),))
        blocks = (*lines(before), Heading(("I. TIÊU ĐỀ",)), Paragraph(("Đơn vị tính: đồng",)), table)
        paper = printed(Document(title="Mẫu", blocks=blocks))
        (page,) = [page for page in paper.pages if "I. TIÊU ĐỀ" in page]
        assert "hàng đầu" in page
        paper = printed(
            Document(title="Mẫu", blocks=(*lines(before), Heading(("I. TIÊU ĐỀ",)), Paragraph((WORDS * 9,))))
        )
        (page,) = [page for page in paper.pages if "I. TIÊU ĐỀ" in page]
        assert "Máy móc vận hành" in page


def test_a_bold_line_at_the_edge_stays_with_what_it_heads(printed):
    for before in range(24, 40):
        head = Paragraph(("3. Đáp ứng thị trường",), bold=True, indent=False)
        paper = printed(Document(title="Mẫu", blocks=(*lines(before), head, Paragraph((WORDS * 9,)))))
        (page,) = [page for page in paper.pages if "3. Đáp ứng thị trường" in page]
        assert "Máy móc vận hành" in page


def test_signatures_stay_together_with_the_closing_paragraph(printed):
    for before in range(15, 45):
        paper = printed(Document(title="Mẫu", blocks=(*lines(before), CLOSING, GRID)))
        last = paper.pages[-1]
        assert "Biên bản kết thúc" in last
        assert all(f"BÊN {n}" in last and f"Người Mẫu {n}" in last for n in range(1, 6))


@pytest.mark.parametrize("count", range(30, 52, 3))
def test_signatures_below_a_table_never_stand_without_its_last_rows(printed, count):
    rows = tuple(TableRow(((str(n),), (f"Đề án số {n}.",), ("1.000",))) for n in range(count))
    paper = printed(Document(title="Mẫu", blocks=(Heading(("BIỂU TỔNG HỢP",)), Table(COLUMNS, rows), GRID)))
    last = paper.pages[-1]
    assert all(words in last for words in ("BÊN 1", f"Đề án số {count - 2}.", f"Đề án số {count - 1}."))
    assert "Đề án số 0." in paper.pages[0], "the table begins below its heading"


def test_blanks_run_to_the_end_of_the_line_and_keep_the_unit(printed):
    fields = (
        FieldLine((FieldPart("Địa chỉ", (Blank(60),)),)),
        FieldLine((FieldPart("Đã tạm ứng", (Blank(14), " đồng"), 80), FieldPart("Còn lại", (Blank(14), " đồng")))),
        FieldLine((FieldPart("Số người", (Blank(4),)),)),
    )
    paper = printed(Document(title="Mẫu", blocks=fields))
    found = boxes(paper.path, 0)
    right = A4[0] - 15 * MILLIMETRE
    (address,) = [box for box in found if "Địa chỉ" in box[4]]
    assert right - 6 < address[2] <= right
    assert paper.text.count("đồng") == 2
    (people,) = [box for box in found if "Số người" in box[4]]
    assert people[2] < right / 2


def test_a_blank_of_several_lines_is_that_many_lines(printed):
    paper = printed(Document(title="Mẫu", blocks=(Paragraph((Blank(60, 4),)),)))
    assert len({round(box[1]) for box in boxes(paper.path, 0)}) == 4


def test_ticks_are_drawn_and_differ(printed):
    def page(on):
        return preview.render_png(printed(Document(title="Mẫu", blocks=(Paragraph((Tick(on), " Đạt")),))).path, 0)

    assert page(True) != page(False)
    assert page(True).startswith(b"\x89PNG")


@pytest.fixture(scope="module")
def raw():
    return to_pdf(samples.layouts()["minutes_5a"].render(samples.context()))


def test_only_tinos_is_used_and_embedded(raw):
    names = set(re.findall(rb"/BaseFont\s*/([A-Za-z+-]+)", raw))
    assert names
    assert all(re.fullmatch(rb"[A-Z]{6}\+Tinos(-[A-Za-z]+)?", name) for name in names), names
    assert raw.count(b"/FontFile2") == len(names)


@pytest.mark.parametrize("archive", [False, True])
def test_the_same_paper_of_the_same_moment_is_the_same_bytes(archive):
    made = datetime(2026, 3, 6, 6, 30, tzinfo=timezone(timedelta(hours=7)))
    papers = [replace(samples.layouts()["minutes_5a"].render(samples.context()), made=made) for _ in range(2)]
    first, second = (to_pdf(paper, archive=archive) for paper in papers)
    assert first == second
    assert to_docx(papers[0]) == to_docx(papers[1])
    with PdfDocument(first) as pdf:
        dates = [pdf.get_metadata_value(name) for name in ("CreationDate", "ModDate")]
    assert dates == ["D:20260306063000+07'00'"] * 2
    properties = docx.Document(BytesIO(to_docx(papers[0]))).core_properties
    assert (properties.created, properties.modified) == (made, made)


def test_a_paper_without_a_date_has_the_moment_of_writing(raw):
    with PdfDocument(raw) as pdf:
        written = pdf.get_metadata_value("CreationDate")
    assert abs(moments.now() - datetime.strptime(written.replace("'", ""), "D:%Y%m%d%H%M%S%z")) < timedelta(minutes=5)


def test_properties_language_and_outline(minutes):
    paper = minutes()
    with closing(PdfDocument(paper.path)) as pdf:
        properties = pdf.get_metadata_dict()
        titles = [mark.get_title() for mark in pdf.get_toc()]
    assert properties["Title"].startswith("Biên bản nghiệm thu cơ sở – Hỗ trợ ứng dụng")
    assert properties["Author"] == "Sở Công Thương (mẫu)"
    assert "khuyến công" in properties["Keywords"]
    assert b"/Lang (vi-VN)" in paper.path.read_bytes()
    assert titles[0] == "BIÊN BẢN Nghiệm thu cơ sở đề án khuyến công địa phương"
    assert "VIII. KẾT LUẬN" in titles


def test_every_page_carries_the_short_code(minutes):
    paper = minutes()
    (code,) = {re.search(r"Mã giấy (\S+)", page)[1] for page in paper.pages}
    assert code.startswith("000000AC-1-")


def test_another_answer_gives_another_code():
    layout = samples.layouts()["minutes_5a"]
    assert layout.render(samples.context()).qr != layout.render(samples.context(copies=6)).qr
    assert re.fullmatch(r"[0-9A-Z $%*+\-./:]+", layout.render(samples.context()).qr)


@settings(max_examples=examples(12), deadline=None)
@given(st.lists(st.text(max_size=300), min_size=3, max_size=3))
@example(["\u0530 𝖊" * 15, "", ""])  # each letter without a glyph is a word: a row as long as a page, signed below
def test_no_text_breaks_a_page(texts):
    one, two, three = ((text,) for text in texts)
    blocks = (
        Title(one, two),
        Heading(three),
        Paragraph(one),
        FieldLine((FieldPart("Mục", two, 60), FieldPart("Mục", three))),
        Table(COLUMNS, (TableRow((one, two, three)),)),
        SignatureGrid((Signature(one, two),)),
    )
    assert to_pdf(Document(title=texts[0], blocks=blocks)).startswith(b"%PDF")


def test_nothing_to_print_is_one_empty_page(printed):
    assert printed(Document(title="Trống", blocks=())).pages == [""]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(KnownError, match="mất") as caught:
        write_pdf(Document(title="Mẫu", blocks=()), tmp_path / "mất" / "a.pdf")
    assert caught.value.code == "no_folder"


def test_a_file_in_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "tệp").touch()
    with pytest.raises(KnownError) as caught:
        write_pdf(Document(title="Mẫu", blocks=()), tmp_path / "tệp" / "a.pdf")
    assert caught.value.code == "no_folder"


def test_writing_again_replaces_the_file(tmp_path):
    path = tmp_path / "a.pdf"
    for title in ("Một", "Hai"):
        write_pdf(Document(title=title, blocks=()), path)
    with closing(PdfDocument(path)) as pdf:
        assert pdf.get_metadata_dict()["Title"] == "Hai"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PermissionError(errno.EACCES, "open in another program"), "file_locked"),
        (OSError(errno.ENOSPC, "no space left"), "disk_full"),
        (OSError(errno.EIO, "stick removed"), "write_failed"),
    ],
)
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch, error, code):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"old")

    def refuse(_self, _target):
        raise error

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(KnownError) as caught:
        write_pdf(Document(title="Mẫu", blocks=()), path)
    assert caught.value.code == code
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
