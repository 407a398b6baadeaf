"""The field guide on paper: two A4 sheets that say what to bring, which keys, and what to do when it fails."""

from __future__ import annotations

import unicodedata

import pypdfium2

from kcdesk.cli import main
from kcdesk.services.guidance import printed_page

MILLIMETRE = 72 / 25.4


def test_the_field_guide_fills_two_a4_pages(tmp_path, capsys):
    path = tmp_path / "sổ tay.pdf"
    assert main(["guide", str(path)]) == 0
    assert str(path) in capsys.readouterr().out
    with pypdfium2.PdfDocument(path) as document:
        assert [tuple(round(side / MILLIMETRE) for side in page.get_size()) for page in document] == [(210, 297)] * 2
        read = " ".join(page.get_textpage().get_text_range() for page in document)
    said = " ".join(unicodedata.normalize("NFC", read).split())
    for words in ("SỔ TAY HIỆN TRƯỜNG", "Trước khi đi", "F9", "Không áp dụng", "có điều kiện", "Mất điện", "nhãn máy"):
        assert words in said
    assert "**" not in said
    assert "|" not in said
    assert "....." in said, "room to write by hand"


def test_any_page_of_the_handbook_can_be_printed(tmp_path):
    page = printed_page.handbook.shipped_pages()["package_and_receipt"]
    printed_page.print_page(page, tmp_path / "x.pdf")
    with pypdfium2.PdfDocument(tmp_path / "x.pdf") as document:
        said = unicodedata.normalize("NFC", document[0].get_textpage().get_text_range())
    assert "Lần đầu: hai nơi biết nhau" in said
    assert "go:handoff" not in said
