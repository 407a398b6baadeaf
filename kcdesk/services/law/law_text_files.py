"""Files of legal texts from unknown sources: what they are, a PDF to read of each, and the words of its pages.

PDF, Word (.docx) and pictures of pages are taken; every size is limited, nothing in a file is run, loaded or unpacked.
This needs no store.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import given_files, text
from kcdesk.documents.blocks import Document, Paragraph
from kcdesk.errors import UserError
from kcdesk.exchange.container.safe_zip import (
    SafeArchive,
    UnsafeArchiveError,
    refuse_document_type,
)
from kcdesk.formdef.law.text_places import TextPages

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

MOST_BYTES = 60 << 20
MOST_PAGES = 2_000
_MOST_LETTERS = 8_000_000  # of all pages
_MOST_XML = 60 << 20  # bytes of a part of a Word file
_PICTURE_SIDE = 2_200  # pixels of the longer side of a page of a scan
_MOST_PICTURES = 200  # pages of a picture file
_WORD_PART = "word/document.xml"
_TYPES = "Hãy chọn tệp PDF, Word (.docx), hoặc ảnh chụp trang (JPEG, PNG, TIFF)."
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"BM", b"RIFF")


@dataclass(frozen=True, slots=True)
class GivenText:
    """A file that was taken: its content, and a PDF of it to read; None if it is a PDF itself."""

    name: str
    content: bytes
    reading_copy: bytes | None = None


def given_text(path: Path) -> GivenText:
    """Read a file; UserError for another kind of file, one that is too large, damaged, locked or unsafe."""
    given_files.refuse_odd_file(path)
    content = _content(path)
    if content.lstrip()[:5] == b"%PDF-":
        _refuse_pages(content, path.name)
        return GivenText(path.name, content)
    if content.startswith(b"PK\3\4"):
        return GivenText(path.name, content, _word_as_pdf(content, path.name))
    if content.startswith(_PICTURES):
        return GivenText(path.name, content, _pictures_as_pdf(content))
    raise UserError(f"«{path.name}» không phải là văn bản đọc được.", code="law_text_kind", hint=_TYPES)


def words_of(pdf: bytes) -> TextPages:
    """The words of the pages of a PDF that `given_text` took; pages of a scan have none."""
    from pypdfium2 import PdfiumError  # pdfium is a library of 10 MB

    from kcdesk.documents import preview  # as above

    try:
        pages = preview.page_texts(pdf, _MOST_LETTERS)
    except PdfiumError:
        return TextPages(())
    return TextPages([unicodedata.normalize("NFC", page) for page in pages])


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UserError(
                f"«{path.name}» quá lớn: {size // 1_000_000} MB, tối đa {MOST_BYTES // 1_000_000} MB.",
                code="law_text_size",
                hint="Hãy quét với độ phân giải thấp hơn, hoặc chia tệp.",
            )
        content = path.read_bytes()
    except OSError as error:
        raise given_files.explained_error(error) from error
    if not content:
        raise UserError(f"«{path.name}» là tệp trống.", code="law_text_kind", hint=_TYPES)
    return content


def _refuse_pages(content: bytes, name: str) -> None:
    """UserError for a PDF that cannot be opened, or has no or too many pages."""
    from pypdfium2 import PdfiumError  # pdfium is a library of 10 MB

    from kcdesk.documents import preview  # as above

    try:
        count = preview.page_count(content)
    except PdfiumError as error:
        raise _damaged(name) from error
    if not 0 < count <= MOST_PAGES:
        raise UserError(
            f"«{name}» có {text.format_integer(count)} trang, tối đa {text.format_integer(MOST_PAGES)}.",
            code="law_text_size",
            hint="Hãy chỉ lấy các trang của văn bản.",
        )


# -- Word ----------------------------------------------------------------------------------------------------------


def _word_as_pdf(content: bytes, name: str) -> bytes:
    from kcdesk.documents.pdf import pdf_writer  # reportlab takes 150 ms

    document = _opened_word(content, name)
    paragraphs = [" ".join(line.split()) for line in _lines_of(document)]
    if sum(map(len, paragraphs)) > _MOST_LETTERS:
        raise _unsafe(name)
    if not any(paragraphs):
        raise UserError(f"«{name}» không có chữ nào.", code="law_text_kind", hint=_TYPES)
    blocks = tuple(Paragraph((line,), align="left", indent=False) for line in paragraphs if line)
    return pdf_writer.to_pdf(Document(title=name, blocks=blocks, footer=f"Bản đọc của {name}"))


def _opened_word(content: bytes, name: str) -> WordDocument:
    import docx  # python-docx takes 100 ms

    try:
        with SafeArchive(io.BytesIO(content)) as archive:
            if _WORD_PART not in archive:
                raise UserError(f"«{name}» không phải là tệp Word.", code="law_text_kind", hint=_TYPES)
            for part, info in archive.infos.items():
                if part.endswith((".xml", ".rels")):
                    if info.file_size > _MOST_XML:
                        raise UnsafeArchiveError(part)
                    refuse_document_type(archive.read(part))
        return docx.Document(io.BytesIO(content))
    except UnsafeArchiveError as error:
        raise _unsafe(name) from error
    except UserError:
        raise
    except Exception as error:  # python-docx raises whatever a damaged part leads to
        raise _damaged(name) from error


def _lines_of(document: WordDocument) -> Iterator[str]:
    """Paragraphs and rows of tables in their order; cells of a row side by side."""
    from docx.table import Table  # python-docx takes 100 ms

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield " | ".join(words for words, _merged in groupby(cell.text.strip() for cell in row.cells))
        else:
            yield from block.text.splitlines()


# -- pictures of pages ---------------------------------------------------------------------------------------------


def _pictures_as_pdf(content: bytes) -> bytes:
    from kcdesk.services.attachments import images  # Pillow takes 60 ms

    pages = []
    with images.open_picture(io.BytesIO(content)) as image:
        for number in range(min(getattr(image, "n_frames", 1), _MOST_PICTURES)):
            image.seek(number)
            images.decode(image, _PICTURE_SIDE)
            page = images.upright(image).convert("RGB")
            page.thumbnail((_PICTURE_SIDE, _PICTURE_SIDE))
            pages.append(page)
        return _joined(pages)


def _joined(pages: Sequence[Any]) -> bytes:
    pdf = io.BytesIO()
    pages[0].save(pdf, "PDF", save_all=True, append_images=list(pages[1:]), resolution=200.0)
    return pdf.getvalue()


def _unsafe(name: str) -> UserError:
    return UserError(
        f"«{name}» không an toàn để mở: quá lớn khi giải nén, hoặc có phần không được phép.",
        code="law_text_unsafe",
        hint="Hãy mở tệp bằng Word, lưu thành PDF rồi chọn tệp PDF.",
    )


def _damaged(name: str) -> UserError:
    return UserError(
        f"Không mở được «{name}»: tệp hỏng hoặc có mật khẩu.",
        code="law_text_unreadable",
        hint="Hãy mở thử bằng chương trình khác, bỏ mật khẩu rồi lưu lại.",
    )
