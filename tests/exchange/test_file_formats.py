"""A file that is no workbook is called what it is, with what to do, whatever its name says."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from kcdesk.exchange.container.file_formats import other_format
from kcdesk.exchange.verification import inspect_file

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence", "hint"),
    [
        (OLE + bytes(600), "Excel 97–2003 (.xls)", "Excel Workbook (*.xlsx)"),
        (OLE + bytes(600) + "WordDocument".encode("utf-16-le"), "Word cũ (.doc)", "đúng tệp"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(99), "Excel rất cũ", "Excel Workbook"),
        (b"<html><table><tr><td>STT</td></tr></table></html>", "HTML", "Excel Workbook"),
        (b"\xef\xbb\xbf\n <!DOCTYPE html>\n<HTML>", "HTML", "Excel Workbook"),
        ("<html><body>".encode("utf-16"), "HTML", "Excel Workbook"),
        (b"<table border=1>", "HTML", "Excel Workbook"),
        (b"MIME-Version: 1.0\r\n", "MHT", "Excel Workbook"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML 2003",
            "Excel Wo",
        ),
        (b'<?xml version="1.0"?><office:document xmlns:office="x">', ".fods", "Excel Workbook"),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), ".ods", "Excel Workbook"),
        (zipped(xl__workbook_dot_bin="x"), ".xlsb", "Excel Workbook"),
        (zipped(Index__Document_dot_iwa="x"), "Numbers", "Excel Workbook"),
        (zipped(word__document_dot_xml="<x/>"), ".docx", "đúng tệp"),
        ("STT;Tên;Số tiền\n1;Cơ sở;5\n".encode(), "CSV", "Excel Workbook"),
        ("STT\tTên\n".encode("utf-16"), "CSV", "Excel Workbook"),
        (b"STT,T\xaan\r\n", "CSV", "Excel Workbook"),  # in an old code of Vietnamese letters
        (b"%PDF-1.7", "PDF", "đúng tệp"),
        (b"\xff\xd8\xff\xe0", "JPEG", "đúng tệp"),
        (b"SQLite format 3\0", "kho dữ liệu SQLite", "đúng tệp"),
        (b"Ghi chep", "văn bản thường", "đúng tệp"),
        (b"", "trống", "chép lại"),
        (bytes(5000), "trống", "chép lại"),
    ],
)
def test_a_file_is_called_what_it_is(content, sentence, hint):
    other = other_format(io.BytesIO(content))
    assert other is not None
    assert sentence in other.sentence
    assert hint in other.hint
    inspection = inspect_file(io.BytesIO(content), "", {})
    assert (inspection.status, inspection.other) == ("foreign", other)


def test_a_workbook_and_unknown_bytes_are_not_called_anything():
    file = io.BytesIO()
    Workbook().save(file)
    assert other_format(file) is None
    assert other_format(io.BytesIO(bytes(range(256)))) is None
    assert other_format(io.BytesIO(b"PK\3\4" + bytes(99))) is None
