"""Bombs at their doors: each is refused in words. The whole table with times: `python -m tests.attacks.bombs`."""

import time

import pytest

from kcdesk.bounded import limits
from kcdesk.errors import UserError
from kcdesk.services.attachments.shrinking import shrink
from tests.attacks.bombs.catalogue import BOMBS
from tests.attacks.bombs.doors import refusal
from tests.examples import one_of

# What takes long to make, or to refuse, is left to the command.
_LEFT_OUT = (
    *("a gigabyte of zeros", "a size that lies", "texts of 60 MB", "a colour profile of 200 MB", "250 megapixels"),
    *("a million entries", "zips in zips", "forms in forms", "inflates twice", "16,000 × 16,000", "many pictures"),
    *("a tree of millions", "millions of attributes", "a text of 60 MB", "in the properties", "empty cells"),
    *("millions of cells", "empty rows", "before the rows", "merged cells over all", "of one name", "shared texts"),
    *("elements deep", "searched long", "scans again", "100,000 pages", "10,000 pages", "millions of elements"),
    *("hundred thousand placeholders", "links side", "boxes in boxes", "book of 30", "merged down", "billion columns"),
    *("19 MB", "a quote without end", "like a lock", "one long entity", "a million lists deep"),
    *("not closed", "shared text of 30 MB", "hidden columns again", "styles without end", "merged over all"),
    *("side by side", "over all columns", "sixteen thousand headings", "thousands of rows", "formats without end"),
    *("end of the world", "tables in tables", "csv: ", "a chain beyond", "a stream of a terabyte"),
    *("between commas", "are eighteen", "in a row"),
    *("rounds", "names of 60 kB", "5,000 deep", "million digits", "five thousand", "just below", "60,000 × 60,000"),
)
# At the doors of what is read by the same readers as elsewhere, or made at some cost, these stand for the others.
_CHOSEN = {
    "invoice": (
        *("laughs in UTF-16", "ten thousand lines", "twenty thousand invoices", "signed around all"),
        *("invoices that are large together", "rates beyond all", "an exponent as long", "XSLT"),
        *("invoice zip: zip64 that lies", "invoice pdf: pages that"),
    ),
    "card": ("card code: parts",),
    "plate": ("plate code: a serial number",),
    "ticked": ("ticked tiff: pages in a circle",),
    "offer": ("400,000 elements",),
    "consent": ("a million digits",),
    "rules": ("a gigabyte", "a table of 3 MB", "five thousand files"),
    "request": ("a list deep", "costs"),
    "answer": ("16,000 digits", "costs"),
    "update": ("a signature of lines", "by nobody", "zip: overlapping"),
    "map": ("7 MB of names", "names of 190 parts"),
    "receipt": ("xml: laughs in UTF-16",),
    "decisions": ("zip: overlapping",),
    "edited": ("zip: names of 60 kB",),
    "batch": ("zip64 that lies",),
    "laptop": ("one long entity",),
    "totals": ("a column of a million digits", "sectors in a circle"),
    "own form": ("a loop",),
    "offered": ("400,000 elements",),
    "installed": ("a signature of lines", "zip: overlapping"),
}
SMALL = [
    bomb
    for bomb in BOMBS
    if any(words in bomb.name for words in _CHOSEN.get(bomb.door, ("",)))
    and (bomb.door in _CHOSEN or not any(words in bomb.name for words in _LEFT_OUT))
]


def test_there_are_three_hundred_kinds_and_every_door_has_some():
    assert len({bomb.name for bomb in BOMBS}) >= 300
    doors = {"inspect", "photo", "scan", "law", "form", "table", "views", "open", "sheet", "typed", *_CHOSEN}
    assert {bomb.door for bomb in SMALL} >= doors


def test_every_small_bomb_is_refused_in_time(workspace, tmp_path):
    wrong = []
    for number, bomb in enumerate(one_of(2, SMALL)):
        path = bomb.make(tmp_path / f"{number}.xlsx")
        began = time.process_time()
        code = refusal(workspace, bomb.door, path)
        if code not in bomb.codes or time.process_time() - began > 2:
            wrong.append((bomb.door, bomb.name, code, time.process_time() - began))
        if path.is_file():
            path.unlink()
    assert wrong == []


@pytest.mark.parametrize("words", ["tiff: 60,000 × 60,000", "jpeg: 65,000 × 65,000 progressive"])
def test_the_refusal_of_a_picture_names_its_limit(tmp_path, words):
    (bomb,) = (bomb for bomb in BOMBS if bomb.name == words)
    with pytest.raises(UserError) as caught:
        shrink(bomb.make(tmp_path / "bomb"))
    assert caught.value.code == limits.PHOTO.code
    assert caught.value.hint == limits.PHOTO.advice
