"""The pages of a scan and the codes on them; nothing here needs a store, so all of it may run in any thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.documents.paper_codes import PaperCode, read_qr
from kcdesk.errors import UserError
from kcdesk.progress import Progress

if TYPE_CHECKING:
    from PIL.Image import Image


_RESOLUTIONS = (200, 300)  # dots an inch; the finer one only for what the first does not show
_LONGEST = 5000  # pixels of a page, whatever size it claims
_PHOTO_SIDE = 3000  # pixels of a page that was photographed: half a millimetre of paper is five of them


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one page of a scan; `code` is None for a page without a QR of ours."""

    code: PaperCode | None
    other: bool = False  # it carries the QR of somebody else


def read(paths: Sequence[Path], progress: Progress) -> list[Page]:
    """What the pages of PDF files and images say; UserError for a file that is neither."""
    pages: list[Page] = []
    for number, path in enumerate(paths):
        progress(number, len(paths))
        pages += _read_pdf(path, progress) if path.suffix.lower() == ".pdf" else list(_read_photo(path))
    progress(len(paths), len(paths))
    return pages


def _read_pdf(path: Path, progress: Progress) -> list[Page]:
    from pypdfium2 import PdfDocument, PdfiumError  # pdfium is a library of 10 MB

    try:
        with PdfDocument(path.read_bytes()) as pdf:
            pages = []
            for number in range(len(pdf)):
                progress(number, len(pdf))
                pages.append(_first_read(_rendered(pdf[number])))
            return pages
    except (PdfiumError, OSError) as error:
        raise _cannot_open(path) from error


def _rendered(page: Any) -> Iterator[Image]:
    """One page, the second time finer."""
    longest = max(page.get_size())
    for resolution in _RESOLUTIONS:
        scale = min(resolution / 72, _LONGEST / longest)
        yield page.render(scale=scale, grayscale=True).to_pil()


def _read_photo(path: Path) -> Iterator[Page]:
    """A photo is one page, a TIFF of a scanner may be several."""
    from kcdesk.services.attachments import images  # Pillow takes 60 ms

    try:
        with path.open("rb") as stream, images.open_picture(stream) as image:
            for number in range(getattr(image, "n_frames", 1)):
                image.seek(number)
                images.decode(image, _PHOTO_SIDE)
                yield _first_read(iter([image.convert("L")]))
    except (UserError, OSError) as error:
        raise _cannot_open(path) from error


def _first_read(pictures: Iterator[Image]) -> Page:
    other = False
    for picture in pictures:
        for written in _qr_texts(picture):
            if (code := read_qr(written)) is not None:
                return Page(code)
            other = True
    return Page(None, other)


def _qr_texts(picture: Image) -> list[str]:
    from zxingcpp import BarcodeFormat, BarcodeFormats, read_barcodes  # only a scan pays for it

    return [found.text for found in read_barcodes(picture, formats=BarcodeFormats([BarcodeFormat.QRCode]))]


def _cannot_open(path: Path) -> UserError:
    return UserError(
        f"Không mở được bản quét «{path.name}».",
        code="scan_unreadable",
        hint="Hãy chọn tệp PDF không đặt mật khẩu hoặc ảnh JPEG, PNG, TIFF.",
    )
