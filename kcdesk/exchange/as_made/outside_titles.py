"""Titles of records that a package refers to and does not contain: each office has its own.

The pages for people show them among other words. Where the receiver knows such a record by another title (a firm that
it has renamed, a dossier that it lacks), a line reads otherwise than the receiver would write it. To see that nothing
else differs, the pages are written once more with a mark in place of every such title.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from kcdesk.exchange.hidden_content import Line

Pieces = tuple[str, ...]  # of a cell: what stands before, between and after its titles
Places = tuple[int, ...]  # of the cells of a line that have such a title


class OutsideTitles:
    """Says which lines differ from those of this office in titles of records outside the package only."""

    def __init__(
        self, titles: Mapping[str, str], inside: Iterable[str], write: Callable[[Mapping[str, str]], list[Line]]
    ) -> None:
        """`titles` by record, `inside` the records of the package; `write` gives the lines with other titles."""
        self._mark = secrets.token_hex(8)  # in no record: a title that reads like the mark would let any text pass
        self._outside = titles.keys() - set(inside)
        self._titles, self._write = titles, write

    def explain(self, line: Line) -> bool:
        """Return whether the line is one of this office with other titles in place of those; each explains one line."""
        for places, known in self._known.items():
            if places[-1] < len(line):
                alike = known.get(_rest(line, places), [])
                for pieces in alike:
                    if all(map(_fits, pieces, (line[place] for place in places))):
                        alike.remove(pieces)
                        return True
        return False

    @cached_property
    def _known(self) -> Mapping[Places, Mapping[Line, list[tuple[Pieces, ...]]]]:
        """The lines with such titles: where these are, the other cells, and what stands around the titles.

        A line that has nothing but titles explains none: it could say anything.
        """
        marked_lines: dict[Places, dict[Line, list[tuple[Pieces, ...]]]] = {}
        marked = dict.fromkeys(self._outside, self._mark)
        for line in self._write({**self._titles, **marked}) if marked else ():
            places = tuple(place for place, cell in enumerate(line) if self._mark in cell)
            pieces = tuple(tuple(line[place].split(self._mark)) for place in places)
            if places and (len(places) < len(line) or any(map(any, pieces))):
                marked_lines.setdefault(places, {}).setdefault(_rest(line, places), []).append(pieces)
        return marked_lines


def _rest(line: Line, places: Places) -> Line:
    """The other cells of a line."""
    return tuple(cell for place, cell in enumerate(line) if place not in places)


def _fits(pieces: Pieces, cell: str) -> bool:
    """Whether a cell has these pieces in their order, and something of one line between them."""
    first, *middle, last = pieces
    if not (cell.startswith(first) and cell.endswith(last)):
        return False
    place, end = len(first), len(cell) - len(last)
    for piece in middle:
        begin = cell.find(piece, place + 1, end)
        if begin < 0 or "\n" in cell[place:begin]:
            return False
        place = begin + len(piece)
    return place < end and "\n" not in cell[place:end]
