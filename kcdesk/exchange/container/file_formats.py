"""What a file is that is no workbook of Open XML, by its content: its name may say .xlsx or .xls all the same.

The same sentences for every file that the program is asked to read, with what to do.
"""

from __future__ import annotations

import io
import re
from typing import BinaryIO

from kcdesk.exchange.container.safe_zip import BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.runtime.frozen import Value

_HEAD = 64 << 10  # bytes looked at
_SAVE = (
    "Hãy mở tệp bằng Excel, LibreOffice hoặc WPS, chọn «Lưu thành» dạng «Excel Workbook (*.xlsx)», rồi chọn tệp mới."
)
_CHOOSE = "Hãy chọn đúng tệp sổ làm việc .xlsx."
_COPY = "Hãy sao chép lại từ nơi gửi."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (  # beginnings of files that are no spreadsheets
    (b"%PDF", "PDF"),
    (b"{\\rtf", "văn bản RTF"),
    (b"\x89PNG", "ảnh PNG"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"GIF8", "ảnh GIF"),
    (b"Rar!", "nén RAR"),
    (b"7z\xbc\xaf", "nén 7-Zip"),
    (b"\x1f\x8b", "nén GZIP"),
    (b"MZ", "chương trình chạy được"),
    (b"SQLite format 3", "kho dữ liệu SQLite"),
)
_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08]..", re.DOTALL)  # the first record of an .xls before Excel 97
_NUMBERS = "Index/Document.iwa"
_MIMETYPES = {  # of the entry `mimetype` in files of OpenDocument
    "application/vnd.oasis.opendocument.spreadsheet": "bảng tính OpenDocument (.ods)",
    "application/vnd.oasis.opendocument.text": "văn bản OpenDocument (.odt)",
}
_MARKUP = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "XML 2003 của Excel"),
    (b"<office:document", "bảng tính OpenDocument một tệp (.fods)"),
    (b"<html", "trang web HTML"),
    (b"<table", "trang web HTML"),
    (b"mime-version:", "trang web MHT"),
)


class FileFormat(Value):
    """What a file is that the program does not take for a package: a sentence about it, and what to do.

    `is_readable`: a person can make of it what the program reads, so the sentence says it all.
    """

    sentence: str
    hint: str
    is_readable: bool = False


PACKAGE = FileFormat("Đây là gói bàn giao của chương trình.", "Hãy nhận bằng «Nhận gói…».", True)
_OWN_BOOKS = {  # workbooks of this program that are no packages, by the kind of their cover, and what to do with each
    "decisions": ("bảng quyết định", "Hãy mở riêng tệp này để xem từng ô rồi nhận."),
    "recovery_key": ("tệp khoá khôi phục của tỉnh", "Hãy nhận tệp này ở Cài đặt, «Khoá khôi phục của tỉnh…»."),
    "recovery_consent": ("tệp đồng ý gửi khoá", "Hãy nhận tệp này ở Cài đặt, «Khoá khôi phục của tỉnh…»."),
    "identity": ("tệp nhận diện đơn vị", "Hãy mở riêng tệp này để đối chiếu dấu khoá ký rồi tin cậy."),
    "rules": ("tệp quy định", "Hãy nhận tệp này trong Cài đặt."),
}
_SIGNED = ("identity", "rules", "recovery_key", "recovery_consent")


def own_book(kind: str, *, is_signed: bool) -> FileFormat | None:
    """What a workbook of this program is that is no package, by the kind of its cover; None for other kinds.

    `is_signed` says whether it still has the part that holds the signature.
    """
    if kind not in _OWN_BOOKS:
        return None
    label, advice = _OWN_BOOKS[kind]
    if kind in _SIGNED and not is_signed:
        return lost_signature(label)
    return FileFormat(f"Đây là {label} của chương trình, không phải gói bàn giao.", advice, True)


def lost_signature(label: str) -> FileFormat:
    """What to do with a signed page that another program has saved."""
    sentence = f"{label.capitalize()} này đã được lưu lại bằng chương trình khác nên mất chữ ký."
    return FileFormat(sentence, "Hãy xin nơi lập xuất lại rồi gửi đúng tệp ấy, không mở ra lưu lại.", True)


def other_format(file: BinaryIO) -> FileFormat | None:
    """The format of an open file that is no workbook of Open XML; None for a workbook, or if nothing is known of it."""
    file.seek(0)
    head = file.read(_HEAD)
    if not head.strip(b"\0"):
        return FileFormat("Tệp này trống, không có nội dung.", _COPY)
    if head.startswith(b"PK\3\4"):
        return _zipped(file)
    if head.startswith(_OLE):
        return _old_office(file)
    for start, label in _STARTS:
        if head.startswith(start):
            return FileFormat(f"Tệp này là {label}, không phải sổ làm việc Excel (.xlsx).", _CHOOSE)
    return _markup(head) or (_spreadsheet("Excel rất cũ (.xls)") if _BIFF.match(head) else _table(head))


def _spreadsheet(label: str) -> FileFormat:
    return FileFormat(f"Tệp này ở dạng {label}, chương trình chỉ đọc dạng sổ làm việc Excel (.xlsx).", _SAVE, True)


def _zipped(file: BinaryIO) -> FileFormat | None:
    try:
        with SafeArchive(file) as archive:
            names = set(archive.infos)
            mimetype = (
                next(archive.pieces("mimetype"), b"")[:100].decode("ascii", "replace") if "mimetype" in names else ""
            )
    except (BrokenArchiveError, UnsafeArchiveError, OSError):
        return None
    if label := _MIMETYPES.get(mimetype.strip()):
        return _spreadsheet(label)
    if any(name.casefold().endswith("workbook.bin") for name in names):
        return _spreadsheet("Excel nhị phân (.xlsb)")
    if _NUMBERS in names:
        return _spreadsheet("Numbers của Apple")
    if "word/document.xml" in names:
        return FileFormat("Tệp này là văn bản Word (.docx), không phải sổ làm việc Excel (.xlsx).", _CHOOSE)
    return None


def _old_office(file: BinaryIO) -> FileFormat:
    """An old binary file of Office; an encrypted workbook is opened elsewhere."""
    file.seek(0)
    content = file.read(16 << 20)
    if "WordDocument".encode("utf-16-le") in content:
        return FileFormat("Tệp này là văn bản Word cũ (.doc), không phải sổ làm việc Excel (.xlsx).", _CHOOSE)
    return _spreadsheet("Excel 97–2003 (.xls)")


def _markup(head: bytes) -> FileFormat | None:
    lowered = head.replace(b"\0", b"").lower()
    start = lowered.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()
    if not start.startswith((b"<", b"mime-version:")):
        return None
    return next((_spreadsheet(label) for mark, label in _MARKUP if mark in lowered), None)


def _table(head: bytes) -> FileFormat | None:
    """A text with columns, in any code of letters: no control characters, and a separator in its first line."""
    text = head.replace(b"\0", b"") if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head
    if any(byte < 32 and byte not in b"\t\r\n\x0c" for byte in text):
        return None
    first = io.BytesIO(text).readline()
    if any(separator in first for separator in (b",", b";", b"\t", b"|")):
        return _spreadsheet("văn bản phân cột (CSV)")
    return FileFormat("Tệp này là văn bản thường, không phải sổ làm việc Excel (.xlsx).", _CHOOSE)
