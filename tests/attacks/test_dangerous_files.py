"""Attachments that are programs, or do something when they are opened: never handed to another program."""

from __future__ import annotations

import io
import os
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.foreign_files.file_names import safe_name, shown_name
from kcdesk.foreign_files.judging import judge
from kcdesk.services.attachments import content, inside
from kcdesk.services.records import changing
from tests.attacks.bombs.pictures import PAPERS
from tests.services.samples import new

EXE = b"MZ\x90\x00" + b"\x00" * 60 + b"This program cannot be run in DOS mode.\r\r\n$"
TYPES = "application/vnd.openxmlformats-officedocument."
TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATION = '<Relationship xmlns="r" Id="a" Type="http://x/{type}" Target="{target}" TargetMode="{mode}"/>'


def pdf(*objects: bytes) -> bytes:
    """A PDF of one page, with more objects."""
    more = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 4))
    head = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    pages = b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    page = b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>\nendobj\n"
    return head + pages + page + more + b"trailer\n<</Root 1 0 R>>\n%%EOF"


def packed(text: bytes) -> bytes:
    """A stream of objects, as writers of PDF pack them."""
    stream = zlib.compress(b"9 0 " + text)
    return b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(stream), stream)


def picture(kind: str = "PNG") -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(drawn, kind)
    return drawn.getvalue()


def archive(parts: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, part in parts.items():
            written.writestr(name, part)
    return file.getvalue()


def word(body: str = "<w:p><w:r><w:t>Chào</w:t></w:r></w:p>", **more: str) -> bytes:
    kind = more.pop("kind", f"{TYPES}wordprocessingml.document.main+xml")
    types = f'<Types xmlns="t"><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    text = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return archive({"[Content_Types].xml": types, "word/document.xml": text, **more})


def sheet(part: str = "<worksheet/>", **more: str) -> bytes:
    types = f'<Types xmlns="t"><Override ContentType="{TYPES}spreadsheetml.sheet.main+xml"/></Types>'
    return archive({"[Content_Types].xml": types, "xl/worksheets/sheet1.xml": part, **more})


def relation(kind: str, target: str, mode: str = "External") -> str:
    return f'<Relationships xmlns="r">{RELATION.format(type=kind, target=target, mode=mode)}</Relationships>'


PIECES = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in ("DDE", "AUTO c x"))
FIELD = f"<w:p><w:r><w:fldChar/></w:r>{PIECES}</w:p>"
PROGRAMS = {
    "hoá đơn.pdf.exe": EXE,
    "hoá đơn.EXE": b"",
    "ảnh.jpg": EXE,
    "ảnh.png": picture() + EXE,
    "hoá đơn\u202efdp.exe": b"x",
    "hoá đơn.pdf                                  .exe": b"x",
    "hoá đơn.exe. . ": b"x",
    "hoá\u200b đơn.ex\u200be": b"x",
    "a.txt:b.exe": b"x",
    "đường tắt.lnk": b"L\x00\x00\x00\x01\x14\x02\x00",
    "trang.hta": b"<script>",
    "trang.html": b"<p>",
    "lệnh.js": b"WScript.Echo(1)",
    "lối tắt.url": b"[InternetShortcut]\r\nURL=file://x/y.exe",
    "lối tắt.txt": b"[InternetShortcut]\r\nURL=file://x/y.exe",
    "hình.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>',
    "hình2.svg": b'<svg onload="x()"/>',
    "thư mục.{20d04fe0-3aea-1069-a2d8-08002b30309d}": b"",
    "không đuôi": b"#!/bin/sh\nrm x",
    "lạ": b"<html><body onload=x>",
    "chữ.bat": b"@echo off",
    "bảng.xll": b"MZ",
    "đĩa.iso": b"CD001",
}
UNSAFE = {
    "bảng.xlsm": sheet(),
    "mẫu.docm": word(),
    "cũ.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "nén.zip": archive({"a.exe": EXE}),
    "macro.docx": word(**{"word/vbaProject.bin": "x"}),
    "macro2.docx": word(kind="application/vnd.ms-word.document.macroEnabled.main+xml"),
    "ole.docx": word(**{"word/embeddings/oleObject1.bin": "x"}),
    "gói.xlsx": sheet(**{"xl/embeddings/Microsoft.docx": "x"}),
    "mẫu từ xa.docx": word(**{"word/_rels/settings.xml.rels": relation("attachedTemplate", "http://x/a.dotm")}),
    "ảnh từ xa.docx": word(**{"word/_rels/document.xml.rels": relation("image", "file://x/a.png", "&#69;xternal")}),
    "dde.docx": word(FIELD),
    "dde2.docx": word('<w:p><w:fldSimple w:instr="DDEAUTO c x"/></w:p>'),
    "dde.xlsx": sheet(**{"xl/externalLinks/externalLink1.xml": "<externalLink><ddeLink/></externalLink>"}),
    "xlm.xlsx": sheet('<workbook><definedName xlm="1">x</definedName></workbook>'),
    "truy vấn.xlsx": sheet(**{"xl/connections.xml": '<connections><connection url="http://x"/></connections>'}),
    "truy vấn2.xlsx": sheet(**{"xl/queryTables/queryTable1.xml": "<queryTable/>"}),
    "truy vấn.ods": archive({"content.xml": '<a xmlns:t="t"><t:database-source-sql/></a>'}),
    "thực thể.docx": word("", **{"word/x.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    "hỏng.docx": word()[:-30],
    "sai.docx": sheet(),
    "sai.xlsx": picture(),
    "odf.odt": archive({"content.xml": "<a/>", "Basic/Standard/Module1.xml": "<a/>"}),
    "odf2.odt": archive({"content.xml": '<a xmlns:script="s"><script:event-listener/></a>'}),
    "lệnh.pdf": pdf(b"<</S/JavaScript/JS(app.alert(1))>>"),
    "lệnh2.pdf": pdf(b"<</S/J#61vaScript/JS(app.alert(1))>>"),
    "lệnh3.pdf": pdf(packed(b"<</S/JavaScript/JS(app.alert(1))>>")),
    "lệnh4.pdf": pdf(packed(b"x").replace(b"/FlateDecode", b"/ASCIIHexDecode")),
    "chạy.pdf": pdf(b"<</S/Launch/F(cmd.exe)>>"),
    "nhúng.pdf": pdf(b"<</Type/EmbeddedFile>>"),
    "liên kết tệp.pdf": pdf(b"<</Type/Annot/A<</S/URI/URI(file://host/a)>>>>"),
    "liên kết tệp2.pdf": pdf(rb"<</OpenAction<</S/URI/URI (\146ile://host/(a))>>>>"),
    "liên kết tệp3.pdf": pdf(b"<</S/URI/URI<" + b"file://host/a".hex().encode() + b">>>"),
    "liên kết tệp4.pdf": pdf(packed(b"<</S/URI/URI<FEFF" + "smb://host/a".encode("utf-16-be").hex().encode() + b">>>")),
    "liên kết máy.pdf": pdf(rb"<</S/URI/URI(\\\\host\\a)>>"),
    "liên kết máy2.pdf": pdf(b"<</S/URI/URI(//host/a)>>"),
    "liên kết máy3.pdf": pdf(b"<</S/URI/URI%\n(//host/a)>>"),
    "liên kết máy4.pdf": pdf(b"<</Type/Catalog/URI<</Base(file://host/)>>>>"),
    "liên kết ở xa.pdf": pdf(b"<</S/URI/URI 9 0 R>>"),
    "rất nhiều liên kết.pdf": pdf(b"/URI(a)" * 200_000),
    "liên kết dài.pdf": pdf(b"<</S/URI/URI<" + b"20" * 1_000_000 + b">>>"),
    "khoá.pdf": pdf(b"<</Encrypt 9 0 R>>"),
    "hai mặt.pdf": pdf() + archive({"a.exe": "x"}),
    "hai mặt2.pdf": b"%PDF-1.4 <html><script>x</script>" + pdf(),
    "hai mặt.png": picture() + archive({"a.exe": "x"}),
    "hai mặt.gif": picture("GIF") + b"<script>x</script>",
    "đầu lạ.pdf": b"xx" + pdf(),
    "không phải.jpg": picture("PNG"),
    "bảng.csv": "Tên;Ghi chú\nA;=cmd|' /C calc'!A0\n".encode(),
    "bảng2.csv": 'Tên,Ghi chú\nA,"＋SUM(1)"\n'.encode(),
    "hoá đơn.exe.pdf": pdf(),
    "ẩn\u202edocx.pdf": pdf(),
    "NUL.pdf": pdf(),
    "../../ra.pdf": pdf(),
    "a:b.pdf": pdf(),
}
GOOD = {
    "Đơn đề nghị.pdf": pdf(b"<</Type/Annot/A<</S/URI/URI(http://moit.gov.vn)>>>>"),
    "Liên kết.pdf": pdf(
        b"<</S/URI/URI(mailto:a@moit.gov.vn)>><</URI(https://moit.gov.vn/\\(a\\))>><</URI(a/b.html)/S/URI>>"
    ),
    "Gốm Bát Tràng. Bản 1.pdf": pdf(packed(b"<</Type/Font>>")),
    "ảnh.png": picture(),
    "ảnh.JPG": picture("JPEG"),
    "Biên bản.docx": word(**{"word/_rels/document.xml.rels": relation("hyperlink", "http://a")}),
    "Bảng.xlsx": sheet(**{"xl/printerSettings/printerSettings1.bin": "x"}),
    "ghi chú.txt": "Nguyễn - 090".encode(),
    "bảng.csv": "Tên;Số;Điện thoại\nA;-5.000;+84 912 345 678\n".encode(),
}


def value(workspace, id_: str, path: str) -> list[dict[str, str]]:
    return workspace.store.record(id_).value(path)


def test_programs_are_known_whatever_they_are_called():
    assert [name for name, data in PROGRAMS.items() if not judge(name, data).is_program] == []


def test_what_may_act_is_only_saved():
    judged = {name: judge(name, data) for name, data in UNSAFE.items()}
    assert [name for name, judgement in judged.items() if judgement.is_openable] == []
    assert [name for name, judgement in judged.items() if judgement.is_program] == []


def test_ordinary_files_are_opened():
    assert {name: judge(name, data).faults for name, data in GOOD.items() if judge(name, data).faults} == {}


def test_programs_are_taken_in_by_no_door_and_the_others_are_not_handed_over(workspace, tmp_path):
    id_ = new(workspace, "proposal", title="A")
    bait = tmp_path / "hoá đơn.pdf.exe"
    bait.write_bytes(EXE)
    with pytest.raises(UserError) as refused:
        changing.attach(workspace, id_, "attachments", [bait])
    assert refused.value.code == "program_file"
    assert "hoá đơn.pdf.exe" in refused.value.message
    macro = tmp_path / "macro.docx"
    macro.write_bytes(UNSAFE["macro.docx"])
    changing.attach(workspace, id_, "attachments", [macro])
    (file,) = value(workspace, id_, "attachments")
    with pytest.raises(UserError) as refused:
        content.take_out(workspace, file)
    assert refused.value.code == "not_openable"
    assert "có macro" in refused.value.message
    assert not list(paths.temporary_root().rglob("*.docx"))
    content.save_copy(workspace, file, tmp_path / "saved.docx")
    assert (tmp_path / "saved.docx").read_bytes() == UNSAFE["macro.docx"]
    if sys.platform == "linux":
        assert os.getxattr(tmp_path / "saved.docx", "user.xdg.origin.url") == b"about:internet"
    # A package may name its files as it likes.
    strange = file | workspace.store.files.add(EXE, "x") | {"name": "ảnh\u202egpj.exe"}
    with pytest.raises(UserError) as refused:
        content.take_out(workspace, strange)
    assert "[U+202E]" in refused.value.message
    assert "1 tệp" in content.strange_names([strange["name"], "Đơn.pdf"])


def test_a_good_copy_is_read_only_and_its_name_tells_nothing(workspace, tmp_path):
    id_ = new(workspace, "proposal", title="A")
    given = tmp_path / "Nguyễn Văn An.pdf"
    given.write_bytes(pdf())
    changing.attach(workspace, id_, "attachments", [given])
    out = content.take_out(workspace, value(workspace, id_, "attachments")[0])
    assert (out.suffix, out.read_bytes()) == (".pdf", pdf())
    assert "Nguyễn" not in str(out)
    assert out.is_relative_to(paths.temporary_root())
    assert out.stat().st_mode & (0o222 if sys.platform == "win32" else 0o377) == 0


@pytest.mark.parametrize(
    ("name", "shown", "safe"),
    [
        ("Đơn đề nghị.pdf", "Đơn đề nghị.pdf", "Đơn đề nghị.pdf"),
        ("a\u202efdp.exe", "a[U+202E]fdp.exe", "afdp.exe"),
        ("a\u3164\ufe0f\u00a0b.txt", "a[U+3164][U+FE0F][U+00A0]b.txt", "ab.txt"),
        ("a.pdf" + " " * 40 + ".exe", "a.pdf [40 dấu cách] .exe", "a.pdf.exe"),
        ("a.txt:b.exe", "a.txt:b.exe", "a.txt_b.exe"),
        ("..\\..\\x.pdf", "..\\..\\x.pdf", "_.._x.pdf"),
        ("CON.txt", "CON.txt", "_CON.txt"),
        ("a.exe. ", "a.exe.␠", "a.exe"),
        ("<img src=x>.txt", "‹img src=x›.txt", "_img src=x_.txt"),
        ("", "[không tên]", "tep"),
        ("\n", "[U+000A]", "tep"),
    ],
)
def test_names(name, shown, safe):
    assert (shown_name(name), safe_name(name)) == (shown, safe)
    assert Path(safe).name == safe


def test_long_names_keep_their_ending():
    assert len(safe_name("ế" * 300 + ".pdf").encode()) <= 180
    assert safe_name("ế" * 300 + ".pdf").endswith("ế.pdf")


def test_what_is_shown_here_needs_no_other_program():
    assert inside.number_of_pages(pdf()) == 1
    assert inside.page_picture(pdf(), 0, 100, 100).startswith(b"\x89PNG")
    assert inside.number_of_pages(b"%PDF-1.4") == 0
    assert inside.picture(picture("JPEG"), 50).startswith(b"\x89PNG")
    assert inside.picture(EXE, 50) == b""
    two = word("<w:p><w:r><w:t>Một</w:t><w:tab/><w:t>hai</w:t></w:r></w:p><w:p><w:r><w:t>Ba</w:t></w:r></w:p>")
    assert inside.text_of("words", two) == "Một\thai\nBa"
    assert inside.text_of("words", b"PK\x03\x04") == "…"
    assert inside.text_of("text", "Điện thoại".encode("utf-16")) == "Điện thoại"


def test_a_page_that_is_never_finished_does_not_hold_the_window_up(tmp_path):
    trap = PAPERS["pdf: forms in forms"](tmp_path / "trap").read_bytes()
    assert inside.number_of_pages(trap) == 1
    assert inside.page_picture(trap, 0, 100, 100) == b""
