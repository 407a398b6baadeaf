"""What the worker process does to show a file: count the pages of a PDF, draw one of them, draw a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from kcdesk.bounded.serving import NextStep


def count_job(_given: Mapping[str, Any], contents: Sequence[bytes], _step: NextStep) -> tuple[int, list[bytes]]:
    """The number of pages of a PDF; 0 if it cannot be opened."""
    from pypdfium2 import PdfiumError  # pdfium is a library of 10 MB

    from kcdesk.documents import preview  # as above

    try:
        return preview.page_count(contents[0]), []
    except PdfiumError:
        return 0, []


def page_job(given: Mapping[str, Any], contents: Sequence[bytes], _step: NextStep) -> tuple[None, list[bytes]]:
    """A page as PNG that fits into a frame in pixels; empty if the page is damaged."""
    from pypdfium2 import PdfiumError  # pdfium is a library of 10 MB

    from kcdesk.documents import preview  # as above

    try:
        return None, [preview.render_fitted(contents[0], given["page"], given["width"], given["height"])]
    except PdfiumError:
        return None, [b""]


def picture_job(given: Mapping[str, Any], contents: Sequence[bytes], _step: NextStep) -> tuple[None, list[bytes]]:
    """A picture as PNG that fits into a square in pixels; UserError if it cannot be read."""
    from kcdesk.services.attachments import images  # Pillow takes 60 ms

    side, drawn = given["side"], BytesIO()
    with images.open_picture(BytesIO(contents[0])) as image:
        images.decode(image, side)
        image.thumbnail((side, side))
        images.upright(image).convert("RGB").save(drawn, "PNG")
    return None, [drawn.getvalue()]
