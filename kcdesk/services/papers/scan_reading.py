"""What the worker process does with a scan: show each page and look for the codes on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.documents.paper_codes import read_qr
from kcdesk.errors import UserError

if TYPE_CHECKING:
    from PIL.Image import Image

_RESOLUTIONS = (200, 300)  # dots per inch; the second is tried if no code is read at the first
_LONGEST = 5000  # maximum pixels of the longer side of a page, whatever size it claims
_MOST_PIXELS = 16_000_000  # of a page: A3 at 300 dots per inch
_PHOTO_SIDE = 3000  # pixels of the longer side of a photographed page: 0.5 mm of paper are five pixels
_Page = tuple[str, bool]  # the text of our code, "" for none; whether there is one of another program


def scan_job(given: Mapping[str, Any], _contents: Sequence[bytes], step: NextStep) -> tuple[list[_Page], list[bytes]]:
    """The codes on the pages of a PDF or a picture; UserError for another file, or one with too many pages."""
    return [_first_read(pictures) for pictures in scan_pictures(Path(given["path"]), limits.SCAN, step)], []


def scan_pictures(path: Path, reader: limits.Limits, step: NextStep) -> Iterator[Iterator[Image]]:
    """For each page of a PDF or a picture: the picture of the page, of a PDF then one of a higher resolution.

    UserError for another file, and for one that exceeds the limits of the reader.
    """
    return (_pdf_pictures if path.suffix.lower() == ".pdf" else _photo_pictures)(path, reader, step)


def _pdf_pictures(path: Path, reader: limits.Limits, step: NextStep) -> Iterator[Iterator[Image]]:
    from pypdfium2 import PdfDocument, PdfiumError  # pdfium is a library of 10 MB

    try:
        with PdfDocument(path) as pdf:
            if len(pdf) > reader.count:
                raise reader.refusal("count")
            for number in range(len(pdf)):
                step(number, len(pdf))
                yield _rendered(pdf[number])
    except (PdfiumError, OSError) as error:
        raise cannot_open(path) from error


def _rendered(page: Any) -> Iterator[Image]:
    """Render a page, at the second request with the higher resolution."""
    width, height = page.get_size()
    for resolution in _RESOLUTIONS:
        most = (_MOST_PIXELS / max(width * height, 1)) ** 0.5
        scale = min(resolution / 72, _LONGEST / max(width, height, 1), most)
        yield page.render(scale=scale, grayscale=True).to_pil()


def _photo_pictures(path: Path, reader: limits.Limits, step: NextStep) -> Iterator[Iterator[Image]]:
    """Read an image: a photo is a single page, a TIFF of a scanner may have several."""
    from kcdesk.services.attachments import images  # Pillow takes 60 ms

    try:
        with path.open("rb") as stream, images.open_picture(stream) as image:
            for number in images.page_numbers(image, reader.count, reader):
                step(number, 0)
                image.seek(number)
                images.decode(image, _PHOTO_SIDE)
                yield iter([image.convert("L")])
    except OSError as error:
        raise cannot_open(path) from error
    except UserError as error:
        if error.code == reader.code:
            raise
        raise cannot_open(path) from error


def _first_read(pictures: Iterator[Image]) -> _Page:
    is_other = False
    for picture in pictures:
        for payload in qr_texts(picture):
            if read_qr(payload) is not None:
                return payload, False
            is_other = True
    return "", is_other


def qr_texts(picture: Image) -> list[str]:
    """The texts of all QR codes in a picture."""
    from zxingcpp import BarcodeFormat, BarcodeFormats, read_barcodes  # only a scan pays for it

    return [barcode.text for barcode in read_barcodes(picture, formats=BarcodeFormats([BarcodeFormat.QRCode]))]


def cannot_open(path: Path) -> UserError:
    """The refusal of a file that is no scan, is damaged or has a password."""
    return UserError(
        f"Không mở được bản quét «{path.name}».",
        code="scan_unreadable",
        hint="Hãy chọn tệp PDF không đặt mật khẩu hoặc ảnh JPEG, PNG, TIFF.",
    )
