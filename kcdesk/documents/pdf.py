"""A document as a PDF file: pages, their furniture, the file's properties; written whole or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from functools import lru_cache, partial
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from reportlab.graphics.barcode import qrencoder
from reportlab.lib.pagesizes import A4
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate

from kcdesk.documents.blocks import Document
from kcdesk.documents.fonts import faces, printable
from kcdesk.documents.story import Story
from kcdesk.documents.styles import FOOTER_SIZE, MILLIMETRE
from kcdesk.errors import KnownError

_PAGE_NUMBER_SIZE = 13
_PAGE_NUMBER_BELOW_EDGE = 12 * MILLIMETRE
_QR_SIDE = 17 * MILLIMETRE  # half a millimetre a module: a 200 dpi scan reads it
_QR_FROM_EDGE = 8 * MILLIMETRE  # in the margin for binding, outside what printers cannot reach


def write_pdf(document: Document, path: Path) -> None:
    """Write the document; KnownError file_open, read_only, no_folder or disk_full when the file cannot be written."""
    _save(to_pdf(document), path)


def to_pdf(document: Document) -> bytes:
    """The PDF file of a document; the same document always gives the same bytes."""
    page, buffer = document.page, BytesIO()
    width, height = A4
    template = BaseDocTemplate(
        buffer,
        pagesize=A4,
        invariant=1,
        title=document.title,
        author=document.author,
        subject=document.subject,
        keywords=", ".join(document.keywords),
        creator="kcdesk",
        lang="vi-VN",
        initialFontName=faces().regular,  # else every file names Helvetica, which is not embedded
    )
    left, bottom = page.left * MILLIMETRE, page.bottom * MILLIMETRE
    text_width, text_height = width - left - page.right * MILLIMETRE, height - bottom - page.top * MILLIMETRE
    frame = Frame(left, bottom, text_width, text_height, 0, 0, 0, 0)
    template.addPageTemplates(PageTemplate(frames=[frame], onPage=partial(_furnish, document)))
    template.build(Story(page).set(document.blocks) or [PageBreak()])  # a file without pages is none
    return buffer.getvalue()


def _furnish(document: Document, canvas: Any, _template: object) -> None:
    """Number, code and footer of one page; the first page carries no number (NĐ 30/2020)."""
    width, height = A4
    canvas.saveState()
    if canvas.getPageNumber() > 1:
        canvas.setFont(faces().regular, _PAGE_NUMBER_SIZE)
        canvas.drawCentredString(width / 2, height - _PAGE_NUMBER_BELOW_EDGE, str(canvas.getPageNumber()))
    else:
        canvas.showOutline()
    canvas.setFont(faces().regular, FOOTER_SIZE)
    canvas.drawString(document.page.left * MILLIMETRE, 10 * MILLIMETRE, printable(document.footer))
    if document.qr:
        if not canvas.hasForm("qr"):
            _define_qr(canvas, document.qr)
        canvas.doForm("qr")
    canvas.restoreState()


def _define_qr(canvas: Any, text: str) -> None:
    """The code as a drawing that every page shows."""
    modules = _qr_modules(text)
    side = _QR_SIDE / len(modules)
    canvas.beginForm("qr")
    path = canvas.beginPath()
    for number, row in enumerate(modules, 1):
        column = 0
        for is_dark, run in groupby(row):
            length = len(list(run))
            if is_dark:
                path.rect(_QR_FROM_EDGE + column * side, _QR_FROM_EDGE + _QR_SIDE - number * side, length * side, side)
            column += length
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.endForm()


@lru_cache(maxsize=8)
def _qr_modules(text: str) -> tuple[tuple[bool, ...], ...]:
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(qrencoder.QRAlphaNum(text))
    code.make()
    return tuple(tuple(map(bool, row)) for row in code.modules)


def _save(data: bytes, path: Path) -> None:
    """Write beside the file, then put in its place, so that a power cut leaves the old file or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    is_written = False
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        is_written = True
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise _known(error, path, is_written=is_written) from error


def _known(error: OSError, path: Path, *, is_written: bool) -> KnownError:
    if isinstance(error, PermissionError | IsADirectoryError) and is_written:
        message = f"Không ghi được “{path.name}” vì tệp đang mở ở chương trình khác."
        return KnownError(message, code="file_open", hint="Hãy đóng tệp đó rồi thử lại.")
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        message = f"Thư mục “{path.parent}” không cho ghi."
        return KnownError(message, code="read_only", hint="Hãy chọn thư mục khác.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        message = f"Ổ đĩa đã đầy, không ghi được “{path.name}”."
        return KnownError(message, code="disk_full", hint="Hãy giải phóng chỗ trống rồi thử lại.")
    message = f"Không ghi được vào thư mục “{path.parent}”."
    return KnownError(message, code="no_folder", hint="Hãy kiểm tra thư mục, ổ USB rồi thử lại.")
