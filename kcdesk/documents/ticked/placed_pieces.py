"""Boxes and blanks that know which piece of a document they are, so that their places are noted while it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from kcdesk.documents.blocks import Blank, Block, Document, FieldLine, Inline, Paragraph, Piece, Table, Tick
from kcdesk.runtime.frozen import Value, replace


class PieceKey(Value, order=True):
    """A piece of a document: block, row and column (of a table, else 0 and the part of the line), number in its text.

    All are counted from 0; boxes and blanks are counted apart.
    """

    block: int
    row: int
    column: int
    number: int
    is_box: bool


class PlacedTick(Tick):
    """A box that knows its key."""

    key: PieceKey


class PlacedBlank(Blank):
    """A blank that knows its key; the values of `Blank` are given too."""

    key: PieceKey = PieceKey(0, 0, 0, 0, False)


class PiecePlace(Value):
    """Where a piece stands: page from 1; millimetres from the upper left corner of the page, and its size."""

    key: PieceKey
    page: int
    left: float
    top: float
    width: float
    height: float


def with_keys(document: Document) -> Document:
    """The document, drawn in the same way, with a key in every box and blank of its tables, lines and paragraphs."""
    blocks = tuple(_keyed_block(block, number) for number, block in enumerate(document.blocks))
    return replace(document, blocks=blocks)


def has_boxes(document: Document) -> bool:
    """Whether anything is to be ticked in the tables of a document."""
    tables = (block for block in document.blocks if isinstance(block, Table))
    return any(
        isinstance(piece, Tick) for table in tables for row in table.rows for cell in row.cells for piece in cell
    )


def joined_places(places: Sequence[PiecePlace]) -> dict[PieceKey, PiecePlace]:
    """One place for each piece: a blank of several lines is as high as all of them on its first page."""
    joined: dict[PieceKey, PiecePlace] = {}
    for place in places:
        first = joined.get(place.key)
        if first is None or first.page != place.page:
            joined.setdefault(place.key, place)
            continue
        left, top = min(first.left, place.left), min(first.top, place.top)
        right = max(first.left + first.width, place.left + place.width)
        low = max(first.top + first.height, place.top + place.height)
        joined[place.key] = replace(first, left=left, top=top, width=right - left, height=low - top)
    return joined


def _keyed_block(block: Block, number: int) -> Block:
    if isinstance(block, Table):
        rows = [
            replace(row, cells=tuple(_keyed(cell, number, at, column) for column, cell in enumerate(row.cells)))
            for at, row in enumerate(block.rows)
        ]
        return replace(block, rows=tuple(rows))
    if isinstance(block, FieldLine):
        parts = (replace(part, value=_keyed(part.value, number, 0, at)) for at, part in enumerate(block.parts))
        return replace(block, parts=tuple(parts))
    if isinstance(block, Paragraph):
        return replace(block, text=_keyed(block.text, number, 0, 0))
    return block


def _keyed(text: Inline, block: int, row: int, column: int) -> Inline:
    pieces: list[Piece] = []
    boxes = blanks = 0
    for piece in text:
        if isinstance(piece, Tick):
            pieces.append(PlacedTick(piece.on, PieceKey(block, row, column, boxes, True)))
            boxes += 1
        elif isinstance(piece, Blank):
            key = PieceKey(block, row, column, blanks, False)
            pieces.append(PlacedBlank(piece.letters, piece.lines, key))
            blanks += 1
        else:
            pieces.append(piece)
    return tuple(pieces)
