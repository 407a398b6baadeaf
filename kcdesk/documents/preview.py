"""Pages of a PDF as pictures and as text, for the preview, for printers and for tests.

PDFium must not be used by several threads at the same time, so a lock guards every call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from threading import Lock

from pypdfium2 import PdfDocument

_LOCK = Lock()


@contextmanager
def _opened(source: Path | bytes) -> Iterator[PdfDocument]:
    with _LOCK:
        pdf = PdfDocument(source)
        try:
            yield pdf
        finally:
            pdf.close()


def page_count(source: Path | bytes) -> int:
    """The number of pages of a PDF; PdfiumError if it is damaged or locked."""
    with _opened(source) as pdf:
        return len(pdf)


def page_size(path: Path) -> tuple[float, float]:
    """Width and height of the first page in inches."""
    with _opened(path) as pdf:
        width, height = pdf[0].get_size()
    return width / 72, height / 72


def render_png(source: Path | bytes, page: int, scale: float = 1.0) -> bytes:
    """Render one page (from 0) of a PDF in a file or in memory as PNG; at scale 1, one point is one pixel."""
    picture = BytesIO()
    with _opened(source) as pdf:
        pdf[page].render(scale=scale).to_pil().save(picture, "PNG")
    return picture.getvalue()


def render_fitted(source: Path | bytes, page: int, width: int, height: int) -> bytes:
    """Render one page (from 0) as PNG, as large as fits into a frame in pixels, whatever size the page claims."""
    picture = BytesIO()
    with _opened(source) as pdf:
        own_width, own_height = pdf[page].get_size()
        scale = min(width / max(own_width, 1), height / max(own_height, 1))
        pdf[page].render(scale=scale).to_pil().save(picture, "PNG")
    return picture.getvalue()


def page_texts(source: Path | bytes, most_letters: int, progress: Callable[[int, int], None]) -> list[str]:
    """The text of every page, empty from the page on at which there were more letters; PdfiumError."""
    texts: list[str] = []
    letters = 0
    with _opened(source) as pdf:
        for number in range(len(pdf)):
            progress(number, len(pdf))
            full = letters >= most_letters
            texts.append("" if full else str(pdf[number].get_textpage().get_text_bounded()).replace("\r\n", "\n"))
            letters += len(texts[-1])
    return texts


def page_text(path: Path, page: int) -> str:
    """The text of one page (from 0); lines end in LF."""
    with _opened(path) as pdf:
        return str(pdf[page].get_textpage().get_text_bounded()).replace("\r\n", "\n")
