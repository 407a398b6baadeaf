"""The format of a spreadsheet by its content: its name may say something else."""

from __future__ import annotations

import io

from kcdesk.errors import UserError
from kcdesk.exchange.container import file_formats
from kcdesk.exchange.container.lock import is_container
from kcdesk.exchange.container.safe_zip import BrokenArchiveError, SafeArchive, UnsafeArchiveError

OPEN_XML, OLD_EXCEL, BINARY, OPEN_DOCUMENT, HTML, XML_2003, TEXT = "xlsx", "xls", "xlsb", "ods", "html", "xml", "csv"
_HEAD = 64 << 10  # bytes looked at
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_MARKED = {
    b"urn:schemas-microsoft-com:office:spreadsheet": XML_2003,
    b"<html": HTML,
    b"<table": HTML,
    b"<!doctype html": HTML,
}
_READABLE = "Chương trình đọc được .xlsx, .xlsm, .xlsb, .xls, .ods, .csv. Hãy mở tệp bằng Excel rồi lưu thành .xlsx."
LOCKED = UserError(
    "Bảng tính này có mật khẩu nên không đọc được.",
    code="sheet_locked",
    hint="Hãy mở bằng Excel, bỏ mật khẩu (Tệp › Thông tin › Bảo vệ sổ làm việc) rồi lưu lại và nạp tệp đó.",
)


def damaged() -> UserError:
    """The refusal of a spreadsheet that cannot be read."""
    return UserError(
        "Bảng tính này hỏng hoặc thiếu một phần nên không đọc được.",
        code="bad_sheet",
        hint="Hãy sao chép lại từ nơi gửi, hoặc mở bằng Excel rồi lưu lại thành .xlsx.",
    )


def format_of(content: bytes) -> str:
    """The format of a spreadsheet; UserError `sheet_locked`, `bad_sheet` for what is none or cannot be read."""
    head = content[:_HEAD]
    if not head.strip(b"\0 \r\n\t"):
        raise UserError("Tệp này trống, không có nội dung.", code="bad_sheet", hint="Hãy sao chép lại từ nơi gửi.")
    if head.startswith(b"PK"):
        return _zipped(content)
    if head.startswith(_OLE):
        return _container(content)
    if marked := _markup(head):
        return marked
    if is_container(io.BytesIO(content)):
        raise damaged()
    return _text_or_other(content)


def _zipped(content: bytes) -> str:
    try:
        with SafeArchive(io.BytesIO(content)) as archive:
            names = {name.casefold() for name in archive.infos}
            kind = next(archive.pieces("mimetype"), b"") if "mimetype" in archive else b""
    except BrokenArchiveError as error:
        raise damaged() from error
    except UnsafeArchiveError as error:
        raise UserError(
            "Bảng tính này khi giải nén lớn quá mức nhận hoặc có phần lạ bên trong.",
            code="bad_sheet",
            hint="Hãy mở bằng Excel rồi lưu lại thành .xlsx, hoặc xin nơi gửi tệp khác.",
        ) from error
    if kind.startswith(_SPREADSHEET):
        return OPEN_DOCUMENT
    if any(name.endswith("workbook.bin") for name in names):
        return BINARY
    if any(name.endswith("workbook.xml") for name in names) or "[content_types].xml" in names:
        if any(name.startswith("word/") for name in names):
            raise _other(content)
        return OPEN_XML
    raise _other(content)


def _container(content: bytes) -> str:
    if _ENCRYPTED in content:
        raise LOCKED
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return OLD_EXCEL
    raise _other(content)


def _markup(head: bytes) -> str:
    lowered = head.replace(b"\0", b"").lower().removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").lstrip()
    if not lowered.startswith(b"<"):
        return ""
    return next((kind for mark, kind in _MARKED.items() if mark in lowered), "")


def _text_or_other(content: bytes) -> str:
    described = file_formats.other_format(io.BytesIO(content))
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:_HEAD].count(b"\0") > len(content[:_HEAD]) // 4
    looks_like_text = is_wide or not any(byte < 9 or 13 < byte < 27 for byte in content[:_HEAD])
    named = described is not None and any(word in described.sentence for word in ("PDF", "RTF", "ảnh", "nén", "chạy"))
    if not looks_like_text or named:
        raise _other(content)
    return TEXT


def _other(content: bytes) -> UserError:
    described = file_formats.other_format(io.BytesIO(content))
    sentence = described.sentence if described else "Tệp này không phải là bảng tính, hoặc đã hỏng."
    sentence = sentence.replace("sổ làm việc Excel (.xlsx)", "bảng tính")
    return UserError(sentence, code="bad_sheet", hint=_READABLE)
