"""What the worker process does with the photo of a card or a plate: give the codes on it; no picture is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.services.papers.scan_reading import qr_texts, scan_pictures

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST_CODES = 20


def codes_job(given: Mapping[str, Any], _contents: Sequence[bytes], step: NextStep) -> tuple[list[str], list[bytes]]:
    """The texts of the QR codes in a picture or PDF, each once; UserError for another file."""
    texts: dict[str, None] = {}
    for pictures in scan_pictures(Path(given["path"]), limits.CARD_PHOTO, step):
        for picture in pictures:  # of a PDF the second one has a higher resolution
            seen = qr_texts(picture)
            texts |= dict.fromkeys(seen)
            if seen:
                break
    return [*texts][:_MOST_CODES], []


def plate_job(
    given: Mapping[str, Any], _contents: Sequence[bytes], step: NextStep
) -> tuple[list[tuple[str, str]], list[bytes]]:
    """Text and kind of each code in a picture or PDF, those of machines' plates; UserError for another file."""
    seen: dict[tuple[str, str], None] = {}
    for pictures in scan_pictures(Path(given["path"]), limits.CARD_PHOTO, step):
        for picture in pictures:
            codes = plate_texts(picture)
            seen |= dict.fromkeys(codes)
            if codes:
                break
    return [*seen][:_MOST_CODES], []


def plate_texts(picture: Image) -> list[tuple[str, str]]:
    """Text and kind of the bar codes, QR and DataMatrix codes in a picture, each at its sharpest."""
    from zxingcpp import BarcodeFormat, BarcodeFormats, read_barcodes  # only a photo pays for it

    wanted = (
        *(BarcodeFormat.Code128, BarcodeFormat.Code39, BarcodeFormat.Code93, BarcodeFormat.DataMatrix),
        *(BarcodeFormat.QRCode, BarcodeFormat.EAN13, BarcodeFormat.EAN8, BarcodeFormat.UPCA, BarcodeFormat.UPCE),
    )
    return [(code.text, str(code.format)) for code in read_barcodes(picture, formats=BarcodeFormats(wanted))]
