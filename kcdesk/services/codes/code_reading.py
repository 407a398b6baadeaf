"""What the worker process does with the photo of a card: give every text of a QR code on it; no picture is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.services.papers.scan_reading import qr_texts, scan_pictures

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
