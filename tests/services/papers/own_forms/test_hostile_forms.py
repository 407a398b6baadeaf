"""A Word file that could run, load or call something, or is too large, is refused with a sentence."""

from __future__ import annotations

import io
import zipfile
from functools import partial

import pytest

from kcdesk.documents.blocks import Document, OwnForm, OwnValue
from kcdesk.documents.own_forms.filling import own_form, to_own_docx
from kcdesk.documents.own_forms.word_file import FormFaultsError, opened
from kcdesk.errors import UserError
from tests.services.papers.own_forms.word_files import made_of, with_part

_MAIN = "wordprocessingml.document.main"
FORM = made_of("Đơn vị: {{ don_vi.ten }}")
DOCUMENT, RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def in_paragraph(xml, text):
    return text.replace("</w:p>", f"<w:r>{xml}</w:r></w:p>", 1)


def field(code):
    begin, end = '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="end"/>'
    return partial(in_paragraph, f"{begin}<w:instrText>{code}</w:instrText>{end}")


def relation(kind, target, text):
    made = f'<Relationship Id="rId99" Type="{_RELATION}{kind}" Target="{target}" TargetMode="External"/>'
    return text.replace("</Relationships>", f"{made}</Relationships>")


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(DOCUMENT, b" " * (200 << 20))
    return packed.getvalue()


def deep(text):
    return text.replace("</w:p>", f"{'<w:smartTag>' * 200}{'</w:smartTag>' * 200}</w:p>", 1)


HOSTILE = {
    "a macro": (with_part(FORM, "word/vbaProject.bin", lambda _: "x"), "macro"),
    "macros allowed": (
        with_part(FORM, "[Content_Types].xml", lambda text: text.replace(_MAIN, "x.macroEnabled")),
        "macro",
    ),
    "an OLE object": (with_part(FORM, "word/embeddings/oleObject1.bin", lambda _: "x"), "đối tượng nhúng"),
    "an object in the text": (with_part(FORM, DOCUMENT, partial(in_paragraph, "<w:object/>")), "đối tượng nhúng"),
    "ActiveX": (with_part(FORM, "word/activeX/activeX1.xml", lambda _: "<x/>"), "đối tượng nhúng"),
    "text of another file": (with_part(FORM, DOCUMENT, partial(in_paragraph, "<w:altChunk/>")), "tệp khác"),
    "INCLUDETEXT": (with_part(FORM, DOCUMENT, field('INCLUDETEXT "C:/secret.docx"')), "INCLUDETEXT"),
    "DDEAUTO": (with_part(FORM, DOCUMENT, field('DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"')), "DDEAUTO"),
    "a field in pieces": (
        with_part(FORM, DOCUMENT, lambda text: field("DDE</w:instrText><w:instrText>AUTO x")(text)),
        "DDEAUTO",
    ),
    "a simple field": (
        with_part(FORM, DOCUMENT, partial(in_paragraph, '</w:r><w:fldSimple w:instr=" LINK Excel.Sheet"/><w:r>')),
        "LINK",
    ),
    "a remote picture": (
        with_part(FORM, RELATIONS, partial(relation, "image", "http://vi.du/x.png")),
        "nơi khác",
    ),
    "a remote frame": (with_part(FORM, RELATIONS, partial(relation, "frame", "http://vi.du/x.html")), "tệp khác"),
    "entities": (with_part(FORM, DOCUMENT, lambda text: '<!DOCTYPE x [<!ENTITY a "b">]>' + text), "thực thể XML"),
    "too deep": (with_part(FORM, DOCUMENT, deep), "lồng nhau quá sâu"),
    "a bomb": (bomb(), "quá lớn"),
    "too large": (FORM + b"x" * (1 << 20), "lớn hơn 1 MB"),
    "an old Word file": (b"\xd0\xcf\x11\xe0" + b"x" * 500, "kiểu cũ"),
    "no Word file": (b"PK\3\4 broken", "không phải tệp Word"),
    "half a file": (FORM[: len(FORM) // 2], "không phải tệp Word"),
    "a broken part": (with_part(FORM, DOCUMENT, lambda text: text[: len(text) // 2]), "hỏng"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(name):
    content, words = HOSTILE[name]
    with pytest.raises(FormFaultsError) as refusal:
        opened(content)
    assert words in refusal.value.sentence()
    assert all(fault.hint for fault in refusal.value.faults)


def test_links_and_what_reaches_outside_lose_their_address():
    content = with_part(FORM, RELATIONS, partial(relation, "hyperlink", "http://vi.du/track"))
    link = '</w:r><w:hyperlink r:id="rId99"><w:r><w:t>địa chỉ</w:t></w:r></w:hyperlink><w:r>'
    content = with_part(content, DOCUMENT, partial(in_paragraph, link))
    content = with_part(
        content,
        "word/_rels/settings.xml.rels",
        lambda _: (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATION}attachedTemplate" Target="file:///c:/x.dotm"'
            ' TargetMode="External"/>'
            "</Relationships>"
        ),
    )
    parts = opened(content)
    with zipfile.ZipFile(io.BytesIO(parts.packed())) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
        assert "địa chỉ".encode() in archive.read(DOCUMENT)
    assert b"vi.du" not in whole
    assert b"dotm" not in whole
    assert parts.notes


def test_values_are_text_and_never_run():
    form = own_form("Mẫu", 1, made_of("{{ de_an.ten }} và { 1 }"), (), ())
    value = "{{ 7*7 }} {% for x in range(9) %} <w:p> & \u0007 ]]> {{ brace_open }}"
    kept = OwnForm(form.label, 1, form.file, (OwnValue("de_an.ten", value),), ())
    docx = to_own_docx(Document(title="{{ 7*7 }}", blocks=(kept,), author="{% x %}", footer="{{ 7*7 }}"))
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        body = archive.read(DOCUMENT).decode()
    assert "{{ 7*7 }} {% for x in range(9) %} &lt;w:p&gt; &amp;" in body
    assert "49" not in "".join(body.split("rsid"))
    assert "và { 1 }" in body


def test_a_paper_from_another_office_with_a_hostile_form_is_refused_when_it_is_written():
    kept = own_form("Mẫu", 1, HOSTILE["DDEAUTO"][0], (), ())
    with pytest.raises(UserError, match="DDEAUTO"):
        to_own_docx(Document(title="x", blocks=(kept,)))
    broken = OwnForm("Mẫu", 1, "không phải base64", (), ())
    with pytest.raises(UserError) as refusal:
        to_own_docx(Document(title="x", blocks=(broken,)))
    assert refusal.value.code == "word_form"
