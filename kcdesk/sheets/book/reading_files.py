"""Opens the spreadsheet of somebody else, in the worker process and within its limits."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk import given_files
from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.errors import UserError
from kcdesk.exchange.container.safe_zip import BrokenArchiveError, UnsafeArchiveError
from kcdesk.exchange.workbook.book_parts import NotWorkbookError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.sheets.book import book_formats
from kcdesk.sheets.book.counting import is_too_long, too_many_rows
from kcdesk.sheets.book.foreign_book import ForeignBook, sent_rows, sheet_from_plain

_LIMITS = limits.FOREIGN_SHEET


def read_book(path: Path, progress: Progress = ignore_progress) -> ForeignBook:
    """Read a spreadsheet; UserError `no_file`, `bad_sheet`, `sheet_locked`; what `progress` raises stops it."""
    given_files.refuse_missing_file(path)
    _LIMITS.refuse_size(path)
    return book_from(path.read_bytes(), progress)


def book_from(content: bytes, progress: Progress = ignore_progress) -> ForeignBook:
    """As `read_book`, for the content of a file."""
    if len(content) > _LIMITS.bytes:
        raise _LIMITS.refusal("bytes")
    book_format = book_formats.format_of(content)
    job = BoundedJob(__name__, "reading_job")
    result = run_bounded(job, _LIMITS, {"format": book_format}, [content], progress=progress)
    plain = json.loads(result.contents[0])
    sheets = [sheet_from_plain(sheet) for sheet in plain["sheets"]]
    return ForeignBook(sheets, book_format, has_links=plain.get("links", False))


def reading_job(given: Mapping[str, Any], contents: Sequence[bytes], step: NextStep) -> tuple[None, list[bytes]]:
    """The job of `book_from`."""
    step(0, 1, len(contents[0]) / (1 << 20) * _LIMITS.seconds_each)
    try:
        plain = _reader(given["format"])(contents[0])
    except (BrokenArchiveError, NotWorkbookError, KeyError) as error:
        raise book_formats.damaged() from error
    except UnsafeArchiveError as error:
        if is_too_long(error):
            raise too_many_rows() from error
        raise UserError(
            "Bảng tính này lớn quá mức nhận, hoặc có khai báo thực thể (entity) không an toàn.",
            code="bad_sheet",
            hint="Hãy mở bằng Excel rồi lưu lại thành .xlsx, hoặc chia thành nhiều tệp.",
        ) from error
    for sheet in plain["sheets"]:
        sheet["rows"] = list(sent_rows(sheet["rows"]))
    return None, [json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")]


def _reader(book_format: str) -> Callable[[bytes], dict[str, Any]]:
    """The reader of a format; each imports its library only when it is needed."""
    from kcdesk.sheets.book import markup_tables, old_formats, open_document, open_xml, text_tables  # only the worker

    readers: dict[str, Callable[[bytes], dict[str, Any]]] = {
        book_formats.OPEN_XML: open_xml.read_open_xml,
        book_formats.OLD_EXCEL: lambda content: old_formats.read_old(content, book_formats.OLD_EXCEL),
        book_formats.BINARY: lambda content: old_formats.read_old(content, book_formats.BINARY),
        book_formats.OPEN_DOCUMENT: open_document.read_open_document,
        book_formats.HTML: markup_tables.read_html,
        book_formats.XML_2003: markup_tables.read_xml_2003,
        book_formats.TEXT: text_tables.read_text,
    }
    return readers[book_format]
