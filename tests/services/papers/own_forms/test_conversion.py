"""A paper by a Word file on paper: PDF by LibreOffice, Word alone without it; its code is found again."""

from __future__ import annotations

import re
from io import BytesIO

import docx
import pytest
from PIL import Image

from kcdesk.documents.paper_codes import PaperCode, read_qr
from kcdesk.errors import KnownError
from kcdesk.services.attachments import photos
from kcdesk.services.papers import filling, printed_contents, printing
from kcdesk.services.papers.own_forms import kept_forms, taking
from kcdesk.services.records import changing
from tests.services import samples
from tests.services.papers.own_forms.word_files import SOFFICE, made_of, words_of, words_of_pdf
from tests.services.samples import begin


class HaltError(Exception):
    """What «Dừng» raises."""


@pytest.fixture
def visit(workspace, tmp_path):
    """An acceptance with a photo, whose minutes a Word file writes."""
    id_ = begin(workspace, samples.approved(workspace), "acceptance")
    picture = BytesIO()
    Image.effect_noise((64, 48), 80).convert("RGB").save(picture, "JPEG")
    photos.add_photos(workspace, id_, "photos", [picture.getvalue()], lambda *_: None)
    lines = ("Ngày {{ nghiem_thu.ngay_nghiem_thu.ngay }}, ngày in {{ giay.ngay_in }}", "{{ giay.ma }} {{ giay.qr }}")
    path = tmp_path / "form.docx"
    path.write_bytes(made_of(*lines, "{{ nghiem_thu.anh.hinh }} {{ nghiem_thu.anh.chu_thich }}"))
    taking.take_in(workspace, "minutes_5a", path)
    return id_


def test_photo_and_code_stand_where_the_form_has_them(workspace, visit, tmp_path):
    printing.prepare_paper(workspace, visit, "minutes_5a").docx(tmp_path / "a.docx", lambda *_: None)
    document = docx.Document(str(tmp_path / "a.docx"))
    assert len(document.inline_shapes) == 2, "the QR code and the photo"
    code = filling.filled(workspace, workspace.store.record(visit), workspace.layouts["minutes_5a"]).code
    words = words_of(tmp_path / "a.docx")
    assert code.short in words.split("\n")[1]
    blank = printing.prepare_paper(workspace, visit, "minutes_5a", blank=True)
    blank.docx(tmp_path / "b.docx", lambda *_: None)
    assert re.search(r"Ngày \.{5,}, ngày in \d", words_of(tmp_path / "b.docx"))


def test_the_code_of_such_a_paper_is_verified(workspace, visit):
    record = workspace.store.record(visit)
    paper = filling.filled(workspace, record, workspace.layouts["minutes_5a"])
    code = read_qr(paper.document.qr)
    assert isinstance(code, PaperCode)
    assert printed_contents.printed_content(workspace, record, code).is_current
    changing.set_values(workspace, visit, {"visited_on": "6/12/2018"})
    assert not printed_contents.printed_content(workspace, workspace.store.record(visit), code).is_current
    changing.set_values(workspace, visit, {"visited_on": ""})
    kept_forms.use(workspace, "minutes_5a", kept_forms.PROGRAM)
    again = printed_contents.printed_content(workspace, workspace.store.record(visit), code)
    assert not again.is_current, "the form of the paper is another one now"


@pytest.mark.skipif(not SOFFICE, reason="a PDF is made by LibreOffice")
def test_libreoffice_makes_the_pdf_and_can_be_stopped(workspace, visit, tmp_path):
    printed = printing.print_record(workspace, visit, "minutes_5a", tmp_path / "a.pdf", docx=tmp_path / "a.docx")
    assert (printed["pages"], printed["docx"]) == (1, str(tmp_path / "a.docx"))
    assert "ngày in" in words_of_pdf(tmp_path / "a.pdf")

    def stop(*_words):
        raise HaltError

    with pytest.raises(HaltError):
        printing.prepare_paper(workspace, visit, "minutes_5a").pdf(tmp_path / "b.pdf", stop)
    assert not (tmp_path / "b.pdf").exists()


def test_without_libreoffice_the_paper_is_written_for_word(workspace, visit, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    printed = printing.print_record(workspace, visit, "minutes_5a", tmp_path / "a.pdf", docx=tmp_path / "a.docx")
    assert "không có LibreOffice" in printed["warning"]
    assert "pdf" not in printed
    assert (tmp_path / "a.docx").is_file()
    with pytest.raises(KnownError) as refusal:
        printing.print_record(workspace, visit, "minutes_5a", tmp_path / "a.pdf")
    assert refusal.value.code == "no_converter"
