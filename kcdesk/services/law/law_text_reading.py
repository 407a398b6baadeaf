"""What the worker process does with the file of a legal text: count its pages, make a PDF to read, take out its words.

Nothing in a file is run, loaded or unpacked. Each function is a job of `law_text_files`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.documents.blocks import Document, Paragraph
from kcdesk.errors import UserError
from kcdesk.exchange.container.safe_zip import SafeArchive, UnsafeArchiveError, refuse_document_type

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_LIMITS = limits.LAW_TEXT
_MOST_LETTERS = 8_000_000  # of all pages
_MOST_WORD_LETTERS = 2_000_000  # of a Word file: 600 pages
_LONGEST_WORD = 300  # letters; what has no space for longer is no text to read
_MOST_XML = 60 << 20  # bytes of a part of a Word file
_PICTURE_SIDE = 2_200  # pixels of the longer side of a page of a scan
_MOST_PICTURES = 400  # pages of a picture file
_WORD_PART = "word/document.xml"
TYPES = "Hãy chọn tệp PDF, Word (.docx), hoặc ảnh chụp trang (JPEG, PNG, TIFF)."


def count_job(given: Mapping[str, Any], contents: Sequence[bytes], _step: NextStep) -> tuple[int, list[bytes]]:
    """The number of pages of a PDF; UserError if it cannot be opened, or has no or too many pages."""
    from pypdfium2 import PdfiumError  # pdfium is a library of 10 MB

    from kcdesk.documents import preview  # as above

    try:
        count = preview.page_count(contents[0])
    except PdfiumError as error:
        raise _damaged(given["name"]) from error
    if count > _LIMITS.count:
        raise _LIMITS.refusal("count")
    if count < 1:
        raise _damaged(given["name"])
    return count, []


def words_job(_given: Mapping[str, Any], contents: Sequence[bytes], step: NextStep) -> tuple[list[str], list[bytes]]:
    """The text of every page of a PDF; none if it cannot be opened."""
    from pypdfium2 import PdfiumError  # pdfium is a library of 10 MB

    from kcdesk.documents import preview  # as above

    try:
        return preview.page_texts(contents[0], _MOST_LETTERS, step), []
    except PdfiumError:
        return [], []


# -- Word ----------------------------------------------------------------------------------------------------------


def word_job(given: Mapping[str, Any], contents: Sequence[bytes], step: NextStep) -> tuple[None, list[bytes]]:
    """A PDF with the paragraphs and tables of a Word file."""
    from kcdesk.documents.pdf import pdf_writer  # reportlab takes 150 ms

    name = given["name"]
    document = _opened_word(contents[0], name)
    paragraphs: list[str] = []
    letters = 0
    for number, line in enumerate(_lines_of(document)):
        paragraphs.append(" ".join(_breakable(line)))
        letters += len(paragraphs[-1]) + 1
        if letters > _MOST_WORD_LETTERS:
            raise _LIMITS.refusal("nodes")
        if number % 1_000 == 0:
            step(number, 0)
    if not any(paragraphs):
        raise UserError(f"«{name}» không có chữ nào.", code="law_text_kind", hint=TYPES)
    blocks = tuple(Paragraph((line,), align="left", indent=False) for line in paragraphs if line)
    step(1, 1, 10 * letters / _MOST_WORD_LETTERS)
    return None, [pdf_writer.to_pdf(Document(title=name, blocks=blocks, footer=f"Bản đọc của {name}"))]


def _breakable(line: str) -> Iterator[str]:
    """The words of a line; one without end is cut, because setting it takes time with the square of its length."""
    for word in line.split():
        yield from (word[at : at + _LONGEST_WORD] for at in range(0, len(word), _LONGEST_WORD))


def _opened_word(content: bytes, name: str) -> WordDocument:
    import docx  # python-docx takes 100 ms

    try:
        with SafeArchive(io.BytesIO(content)) as archive:
            if _WORD_PART not in archive:
                raise UserError(f"«{name}» không phải là tệp Word.", code="law_text_kind", hint=TYPES)
            unpacked = sum(info.file_size for info in archive.infos.values())
            if len(archive.infos) > _LIMITS.parts or unpacked > _LIMITS.unpacked:
                raise UnsafeArchiveError(name)
            for part, info in archive.infos.items():
                if part.endswith((".xml", ".rels")):
                    if info.file_size > _MOST_XML:
                        raise UnsafeArchiveError(part)
                    refuse_document_type(archive.read(part))
        return docx.Document(io.BytesIO(content))
    except UnsafeArchiveError as error:
        raise _unsafe(name) from error
    except (UserError, MemoryError):
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


def pages_job(_given: Mapping[str, Any], contents: Sequence[bytes], step: NextStep) -> tuple[None, list[bytes]]:
    """A PDF with the pages of a picture file: one, or all of a TIFF."""
    from kcdesk.services.attachments import images  # Pillow takes 60 ms

    pages: list[bytes] = []
    with images.open_picture(io.BytesIO(contents[0])) as image:
        for number in images.page_numbers(image, _MOST_PICTURES, _LIMITS):
            step(number, 0)
            image.seek(number)
            images.decode(image, _PICTURE_SIDE)
            page = images.upright(image).convert("RGB")
            page.thumbnail((_PICTURE_SIDE, _PICTURE_SIDE))
            pages.append(_page_as_pdf(page))
    return None, [_joined(pages, step)]


def _page_as_pdf(page: Any) -> bytes:
    pdf = io.BytesIO()
    page.save(pdf, "PDF", resolution=200.0)
    return pdf.getvalue()


def _joined(pages: Sequence[bytes], step: NextStep) -> bytes:
    """One PDF of all pages; only small pages are in memory at once."""
    if len(pages) == 1:
        return pages[0]
    from kcdesk.documents.joining import joined  # pdfium is a library of 10 MB

    step(len(pages), len(pages))
    return joined(pages)


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
