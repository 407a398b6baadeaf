"""Boxes ticked by hand are read from bad pictures of the page; what is not sure is said to be doubtful."""

from __future__ import annotations

import random
from contextlib import closing

import pytest
from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument

from kcdesk.documents.blocks import DRAWING, SHEET_DRAWING
from kcdesk.documents.pdf.pdf_writer import placed_pdf, to_pdf
from kcdesk.documents.ticked import box_ink, page_finding
from kcdesk.documents.ticked.box_finding import SeenBox
from kcdesk.documents.ticked.corner_marks import MOST_PAGES, page_bits, page_of_bits
from kcdesk.documents.ticked.plane import view_of
from kcdesk.runtime.frozen import replace
from tests.documents import samples, ticked_pages, ticked_sheets
from tests.documents.ticked_pages import sample, seen_marks, ticked
from tests.examples import chosen


@pytest.mark.parametrize("how", chosen(("bent", "dark"), ["phone", "bent", "upside down", "dark"]))
def test_every_box_of_a_bad_picture_is_read_or_doubtful(how):
    page, styles, chance = ticked(how)
    marks, _ = seen_marks(ticked_sheets.photographed(page, chance, **ticked_sheets.HOW[how]))
    assert isinstance(marks, dict), marks
    read = {key: mark != "empty" for key, mark in marks.items() if mark != "doubtful"}
    assert read == {key: bool(styles[key]) for key in read}
    assert len(read) >= 0.97 * len(styles)


def test_marks_that_hardly_anybody_would_see_and_hooks_into_other_boxes_are_never_read_wrongly():
    page, styles, chance = ticked("faintest", ticked_pages.DOUBTFUL_STYLES)
    marks, _ = seen_marks(ticked_sheets.photographed(page, chance, **ticked_sheets.HOW["phone"]))
    assert isinstance(marks, dict), marks
    read = {key: mark != "empty" for key, mark in marks.items() if mark != "doubtful"}
    assert read == {key: bool(styles[key]) for key in read}
    assert {styles[key] for key in marks.keys() - read.keys()} >= {"faintest", "long"}
    assert sum(not styles[key] for key in read) > len(styles) / 4


@pytest.mark.parametrize("step", [1, 6, 7], ids=["beside", "below", "across"])
def test_a_hook_that_ends_in_another_box_answers_neither_surely(step):
    page, chance = sample().page.copy(), random.Random(step)
    keys = list(sample().boxes)
    first, other = keys[8], keys[8 + step]
    ticked_sheets.tick(page, sample().boxes[first], "long", chance, into=sample().boxes[other])
    ticked_sheets.tick(page, sample().boxes[keys[3]], "hook", chance)
    marks, _ = seen_marks(ticked_sheets.photographed(page, chance))
    assert isinstance(marks, dict)
    assert {key: mark for key, mark in marks.items() if mark != "empty"} == {
        keys[3]: "ticked",
        first: "doubtful",
        other: "doubtful",
    }


def test_a_mark_between_a_speck_and_a_tick_is_doubtful():
    page, chance = sample().page.copy(), random.Random(1)
    for place in sample().boxes.values():
        x, y, side = (value * ticked_sheets.MM for value in (place.left, place.top, place.width))
        line = [(x, y + side / 2), (x + side * 0.4, y + side * 0.9), (x + side, y)]
        ticked_sheets.draw(page, line, (195, 195, 195), 0.45 * ticked_sheets.MM)
    marks, _ = seen_marks(ticked_sheets.photographed(page, chance, noise=4))
    assert isinstance(marks, dict)
    assert set(marks.values()) <= {"doubtful", "ticked"}
    assert list(marks.values()).count("doubtful") > len(marks) / 2


@pytest.mark.parametrize("corner", range(4))
def test_a_corner_that_is_cut_off_is_named(corner):
    page = sample().page.copy()
    wide, high = page.size
    x, y = (0, wide, wide, 0)[corner], (0, 0, high, high)[corner]
    reach = 16 * ticked_sheets.MM
    ImageDraw.Draw(page).polygon(
        [(x, y), (x + (reach if not x else -reach), y), (x, y + (reach if not y else -reach))], (92, 70, 52)
    )
    marks, _ = seen_marks(ticked_sheets.photographed(page, random.Random(corner)))
    assert marks == f"corners [{corner}]"


def test_the_number_of_a_page_is_read_from_its_small_marks():
    assert all(page_of_bits(page_bits(number)) == number for number in range(1, MOST_PAGES + 1))
    for number in range(1, MOST_PAGES + 1):
        for place in range(len(page_bits(number))):
            bits = page_bits(number)
            bits[place] = not bits[place]  # one of them is covered, or dirt looks like one
            assert page_of_bits(bits) == 0


def test_boxes_are_drawn_where_their_places_are_noted():
    document = samples.layouts()["blank_checklist"].render(samples.context(), blank=True)
    pages = ticked_sheets.rendered(to_pdf(document))
    for key, place in placed_pdf(document)[1].items():
        if not key.is_box:
            continue
        corners = (place.left, place.top, place.left + place.width, place.top + place.height)
        left, top, right, low = (value * ticked_sheets.MM for value in corners)
        picture = pages[place.page - 1].convert("L")
        for x, y in (
            (left, (top + low) / 2),
            (right, (top + low) / 2),
            ((left + right) / 2, top),
            ((left + right) / 2, low),
        ):
            around = picture.crop((round(x) - 1, round(y) - 1, round(x) + 2, round(y) + 2))
            assert around.getextrema()[0] < 140
        assert picture.getpixel((round((left + right) / 2), round((top + low) / 2))) == 255


def test_only_sheets_that_are_read_back_have_marks():
    blank = samples.layouts()["blank_checklist"].render(samples.context())
    minutes = samples.layouts()["minutes_5a"]
    assert blank.drawing == SHEET_DRAWING
    assert minutes.render(samples.context()).drawing == minutes.render(samples.context(), blank=True).drawing == DRAWING
    marked, plain = (squares(to_pdf(replace(blank, drawing=drawing))) for drawing in (SHEET_DRAWING, DRAWING))
    assert marked - plain >= 4


def squares(pdf):
    """How many dark places of the size of a corner mark the first page has in its corners."""
    with closing(PdfDocument(pdf)) as opened:
        page = opened[0].render(scale=2).to_pil().convert("L")
    at = round(9 / 25.4 * 144)
    places = [(x, y) for x in (at, page.width - at) for y in (at, page.height - at)]
    return sum(page.crop((x - 4, y - 4, x + 4, y + 4)).getextrema()[1] < 60 for x, y in places)


def test_a_page_seen_from_the_side_keeps_its_places():
    places = [(0.0, 0.0), (210.0, 0.0), (210.0, 297.0), (0.0, 297.0)]
    pixels = [(100.0, 80.0), (900.0, 120.0), (1000.0, 1300.0), (60.0, 1250.0)]
    view = view_of(places, pixels)
    assert view is not None
    for place, pixel in zip(places, pixels, strict=True):
        assert view.pixel(place) == pytest.approx(pixel)
    assert view_of([(0.0, 0.0)] * 4, pixels) is None


def test_a_picture_without_marks_gives_no_page():
    empty = Image.new("L", (1800, 2500), 255)
    code = page_finding.SeenCode(sample().qr, ((1500.0, 2300.0), (1650.0, 2300.0), (1650.0, 2450.0), (1500.0, 2450.0)))
    assert page_finding.flat_page(empty, code, ticked_pages.sample().measures) == [0, 1, 2, 3]


def test_the_number_of_a_page_and_the_advice_stand_apart():
    document = samples.layouts()["blank_checklist"].render(samples.context(), blank=True)
    with PdfDocument(to_pdf(document)) as pdf:
        page = pdf[1]
        letters = page.get_textpage()
        upper = page.get_height() - 15 * 72 / 25.4
        head = [
            (letters.get_text_range(at, 1), letters.get_charbox(at))
            for at in range(letters.count_chars())
            if letters.get_charbox(at)[1] > upper
        ]
    (number,) = [box for letter, box in head if letter == "2"]
    others = [box for letter, box in head if letter.strip() and letter != "2"]
    assert others
    assert all(box[1] > number[3] or box[2] < number[0] or box[0] > number[2] for box in others)


def box_on(paper, mark=()):
    """The mark that is seen in a box in the middle of a paper, with lines of a pen of some darkness."""
    draw = ImageDraw.Draw(paper)
    draw.rectangle((80, 80, 120, 120), outline=30, width=3)
    for points, darkness, width in mark:
        draw.line(points, darkness, width)
    key = next(iter(sample().boxes))
    return box_ink.inks_of(paper, 10, 4, {key: SeenBox((100.0, 100.0), 100)})[key].mark


def test_the_edge_of_a_shadow_in_a_box_is_no_tick_and_a_thin_pale_line_is_a_doubt():
    half = Image.new("L", (200, 200), 220)
    half.paste(120, (100, 0, 200, 200))
    assert box_on(half.copy()) == "doubtful"
    hook = ([(86, 100), (98, 114), (116, 84)], 25, 6)
    assert box_on(half.copy(), [hook]) in ("ticked", "doubtful")
    assert box_on(Image.new("L", (200, 200), 220)) == "empty"
    assert box_on(Image.new("L", (200, 200), 220), [hook]) == "ticked"
    assert box_on(Image.new("L", (200, 200), 220), [([(86, 100), (98, 114), (116, 84)], 150, 2)]) != "empty"
