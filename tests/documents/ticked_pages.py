"""A page of the checklist ticked at random, photographed, and what the program sees in its boxes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from time import process_time

from PIL import Image

from kcdesk.documents.block_writer import code_rectangle
from kcdesk.documents.pdf.pdf_writer import placed_pdf
from kcdesk.documents.ticked import box_finding, box_ink, page_finding
from kcdesk.documents.ticked.page_finding import FlatPage, PageMeasures
from kcdesk.documents.ticked.placed_pieces import PieceKey, PiecePlace
from tests.documents import samples, ticked_sheets

STYLES = ("", "", "", "cross", "hook", "faint", "filled")


@dataclass(frozen=True, slots=True)
class Sample:
    """The first page of the checklist as it is printed, with the places of its boxes."""

    qr: str
    measures: PageMeasures
    page: Image.Image
    boxes: Mapping[PieceKey, PiecePlace]


@cache
def sample() -> Sample:
    """The sheet of the sample dossier."""
    document = samples.layouts()["blank_checklist"].render(samples.context(), blank=True)
    pdf, places = placed_pdf(document)
    boxes = {key: place for key, place in places.items() if key.is_box and place.page == 1}
    measures = PageMeasures(document.page.width, document.page.height, *code_rectangle(document))
    return Sample(document.qr, measures, ticked_sheets.rendered(pdf)[0], boxes)


def ticked(seed: str) -> tuple[Image.Image, dict[PieceKey, str], random.Random]:
    """The page ticked at random, the style of each box ("" for empty), and the chance that goes on."""
    chance = random.Random(seed)
    page, styles = sample().page.copy(), {}
    for key, place in sample().boxes.items():
        styles[key] = chance.choice(STYLES)
        if styles[key]:
            ticked_sheets.tick(page, place, styles[key], chance)
    return page, styles, chance


def seen_marks(picture: Image.Image) -> tuple[dict[PieceKey, str] | str, float]:
    """The mark of each box in a picture, or what is not found; and the seconds of the processor."""
    begun = process_time()
    grey = picture.convert("L")
    code = page_finding.code_of_paper(page_finding.seen_codes(grey), sample().qr)
    if code is None:
        return "code", process_time() - begun
    flat = page_finding.flat_page(grey, code, sample().measures)
    if not isinstance(flat, FlatPage):
        return f"corners {flat}", process_time() - begun
    seen = box_finding.seen_boxes(flat.picture, flat.scale, sample().boxes)
    side = next(iter(sample().boxes.values())).width
    inks = box_ink.inks_of(flat.picture, flat.scale, side, seen)
    marks = {key: ink.mark if flat.number == 1 else "doubtful" for key, ink in inks.items()}
    return dict(marks), process_time() - begun
