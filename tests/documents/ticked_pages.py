"""A page of the checklist ticked at random, photographed, and what the program sees in its boxes."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from math import hypot
from time import process_time

from PIL import Image

from kcdesk.documents.block_writer import code_rectangle
from kcdesk.documents.pdf.pdf_writer import placed_pdf
from kcdesk.documents.ticked import box_finding, box_ink, page_finding
from kcdesk.documents.ticked.box_ink import BoxInk
from kcdesk.documents.ticked.page_finding import FlatPage, PageMeasures
from kcdesk.documents.ticked.placed_pieces import PieceKey, PiecePlace
from kcdesk.runtime.frozen import Value
from tests.documents import samples, ticked_sheets

STYLES = ("", "", "", "cross", "hook", "faint", "filled")
DOUBTFUL_STYLES = ("", "", "", "", "cross", "hook", "faintest", "faintest", "long")  # right, or said to be doubtful
_REACH = 14  # millimetres to the next boxes


class Sample(Value):
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


def ticked(seed: str, styles: Sequence[str] = STYLES) -> tuple[Image.Image, dict[PieceKey, str], random.Random]:
    """The page ticked at random, the style of each box ("" for empty), and the chance that goes on."""
    chance = random.Random(seed)
    page, chosen = sample().page.copy(), {}
    for key, place in sample().boxes.items():
        chosen[key] = chance.choice(styles)
        if chosen[key]:
            ticked_sheets.tick(page, place, chosen[key], chance, into=chance.choice(_boxes_beside(place)))
    return page, chosen, chance


def _boxes_beside(place: PiecePlace) -> list[PiecePlace]:
    others = (other for other in sample().boxes.values() if other is not place)
    return [other for other in others if hypot(other.left - place.left, other.top - place.top) < _REACH] or [place]


def seen_marks(picture: Image.Image) -> tuple[dict[PieceKey, str] | str, float]:
    """The mark of each box in a picture, or what is not found; and the seconds of the processor."""
    inks, seconds = seen_inks(picture)
    return inks if isinstance(inks, str) else {key: ink.mark for key, ink in inks.items()}, seconds


def seen_inks(picture: Image.Image) -> tuple[dict[PieceKey, BoxInk] | str, float]:
    """As `seen_marks`, with how dark each box is."""
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
    if flat.number != 1:
        inks = {key: BoxInk("doubtful", ink.amount) for key, ink in inks.items()}
    return inks, process_time() - begun
