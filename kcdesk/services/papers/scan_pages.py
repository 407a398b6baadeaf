"""Read the pages of a scan and the codes on them. This needs no store, so it may run in any thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import given_files
from kcdesk.documents.paper_codes import PaperCode, read_qr
from kcdesk.errors import UserError
from kcdesk.progress import Progress

if TYPE_CHECKING:
    from PIL.Image import Image


_RESOLUTIONS = (200, 300)  # dots per inch; the second is tried if no code is read at the first
_LONGEST = 5000  # maximum pixels of the longer side of a page, whatever size it claims
_PHOTO_SIDE = 3000  # pixels of the longer side of a photographed page: 0.5 mm of paper are five pixels


@dataclass(frozen=True, slots=True)
class ScanPage:
    """A page of a scan; `code` is None if it has no QR code of this program."""

    code: PaperCode | None
    other: bool = False  # it has a QR code of another program


def read_scan(paths: Sequence[Path], progress: Progress) -> list[ScanPage]:
    """Read the pages of PDF files and images; UserError `scan_unreadable` for another file."""
    pages: list[ScanPage] = []
    for number, path in enumerate(paths):
        progress(number, len(paths))
        pages += _read_pdf(path, progress) if path.suffix.lower() == ".pdf" else list(_read_photo(path))
    progress(len(paths), len(paths))
    return pages


def _read_pdf(path: Path, progress: Progress) -> list[ScanPage]:
    from pypdfium2 import PdfDocument, PdfiumError  # pdfium is a library of 10 MB

    given_files.refuse_odd_file(path)
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
    """Render a page, at the second request with the higher resolution."""
    longest = max(page.get_size())
    for resolution in _RESOLUTIONS:
        scale = min(resolution / 72, _LONGEST / longest)
        yield page.render(scale=scale, grayscale=True).to_pil()


def _read_photo(path: Path) -> Iterator[ScanPage]:
    """Read an image: a photo is a single page, a TIFF of a scanner may have several."""
    from kcdesk.services.attachments import images  # Pillow takes 60 ms

    given_files.refuse_odd_file(path)
    try:
        with path.open("rb") as stream, images.open_picture(stream) as image:
            for number in range(getattr(image, "n_frames", 1)):
                image.seek(number)
                images.decode(image, _PHOTO_SIDE)
                yield _first_read(iter([image.convert("L")]))
    except (UserError, OSError) as error:
        raise _cannot_open(path) from error


def _first_read(pictures: Iterator[Image]) -> ScanPage:
    other = False
    for picture in pictures:
        for payload in _qr_texts(picture):
            if (code := read_qr(payload)) is not None:
                return ScanPage(code)
            other = True
    return ScanPage(None, other)


def _qr_texts(picture: Image) -> list[str]:
    from zxingcpp import BarcodeFormat, BarcodeFormats, read_barcodes  # only a scan pays for it

    return [barcode.text for barcode in read_barcodes(picture, formats=BarcodeFormats([BarcodeFormat.QRCode]))]


def _cannot_open(path: Path) -> UserError:
    return UserError(
        f"Không mở được bản quét «{path.name}».",
        code="scan_unreadable",
        hint="Hãy chọn tệp PDF không đặt mật khẩu hoặc ảnh JPEG, PNG, TIFF.",
    )
