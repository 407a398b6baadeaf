"""PDF/A-2b: what the archive keeps conforms to ISO 19005-2, as pikepdf's validator judges it, and shows the same."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from pikepdf import pdfa

from kcdesk.documents.blocks import Document, Paragraph
from kcdesk.documents.pdf.archive import with_line_ends
from kcdesk.documents.pdf.pdf_writer import to_pdf
from kcdesk.runtime.frozen import replace
from tests.documents import samples, visits

MADE = datetime(2026, 3, 6, 6, 30, tzinfo=UTC)
# Together: tables, ticks, blanks, photos of every kind, labels with codes, landscape and upright pages.
LAYOUTS = ("minutes_5a", "blank_checklist", "photo_annex", "photo_annex_four", "labels", "supplement_letter")


def archived(paper: Document) -> bytes:
    return to_pdf(replace(paper, made=MADE), archive=True)


def findings(content: bytes) -> list[str]:
    return [str(found) for found in pdfa.validate_written(BytesIO(content), "2b").findings]


@pytest.mark.parametrize("name", LAYOUTS)
def test_papers_conform(name):
    paper = samples.layouts()[name].render(visits.context(name))
    assert findings(archived(paper)) == []
    assert findings(to_pdf(paper)) != []  # the validator would notice


def test_strange_letters_and_empty_properties_conform():
    words = 'A & B < C > "D" \ufffe\U0001f642 \x01 Đặng Ê Đê ê̆ ô̆'
    paper = Document(title=words, author="", subject=words, keywords=(words,), blocks=(Paragraph((words,)),))
    assert findings(archived(paper)) == []
    assert findings(archived(Document(title="", blocks=()))) == []


def test_the_metadata_say_what_the_properties_say():
    paper = samples.layouts()["minutes_5a"].render(samples.context())
    with pikepdf.open(BytesIO(archived(paper))) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == paper.title == str(pdf.docinfo["/Title"])
        assert metadata["dc:creator"] == [paper.author]
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2026-03-06T06:30:00+00:00"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260306063000+00'00'"


def test_pages_are_those_of_the_usual_file():
    paper = replace(samples.layouts()["minutes_5a"].render(samples.context()), made=MADE)
    with pikepdf.open(BytesIO(archived(paper))) as kept, pikepdf.open(BytesIO(to_pdf(paper))) as usual:
        assert len(kept.pages) == len(usual.pages)
        contents = [[page.Contents.read_bytes() for page in pdf.pages] for pdf in (kept, usual)]
    assert contents[0] == contents[1]


def test_every_stream_ends_on_a_line_of_its_own():
    """ISO 19005-2, 6.1.7.1; qpdf, on which the validator stands, does not tell."""
    content = archived(samples.layouts()["minutes_5a"].render(samples.context()))
    assert content.count(b"\nendstream\nendobj\n") == content.count(b"endstream\nendobj\n") > 5
    starts = [int(at) for at in re.findall(rb"(\d{10}) 00000 n", content)]
    assert all(re.match(rb"\d+ 0 obj\n", content[at : at + 12]) for at in starts)
    assert with_line_ends(to_pdf(Document(title="", blocks=(), made=MADE))).count(b"\nendstream") > 0
