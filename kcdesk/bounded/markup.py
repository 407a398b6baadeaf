"""XML from outside is looked at before it is parsed: no document type, none that could be hidden, no excess.

A parser makes hundreds of bytes of every element and attribute, so their number is limited, not only the size.
"""

from __future__ import annotations

import re

TREE_NODES = 400_000  # elements and attributes of a part that is parsed as a whole: 80 MB
_DOCTYPE = b"<!DOCTYPE"
_CELL = b"<c"  # of a sheet; other elements whose names begin so are few, and each further pass costs as much
_PREFIXED_CELLS = (b":c ", b":c/")
_HEAD = 256  # bytes in which the declaration stands
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_SEEN_AS_ASCII = re.compile(rb"(?:utf-?8|us-ascii|ascii|iso-8859-\d+|windows-125\d)", re.IGNORECASE)


class UnsafeMarkupError(ValueError):
    """The XML declares a document type, hides whether it does, or has too many elements."""


class MarkupCheck:
    """Looks at parts, piece by piece, and counts their elements and attributes together."""

    def __init__(self, most_nodes: int, most_cells: int = 0) -> None:
        self._left = most_nodes
        self._cells_left = most_cells or most_nodes
        self.begin()

    def begin(self) -> None:
        """Begin a part."""
        self._end = b""
        self._is_begun = False

    def add(self, piece: bytes) -> None:
        """Look at the next piece; UnsafeMarkupError."""
        if not self._is_begun:
            self._is_begun = True
            _refuse_hidden_letters(piece)
        if _DOCTYPE in self._end + piece[: len(_DOCTYPE)] or _DOCTYPE in piece:
            raise UnsafeMarkupError("document type")
        self._end = (self._end + piece)[-len(_DOCTYPE) :]
        self._left -= piece.count(b"<") + piece.count(b"=")
        self._cells_left -= piece.count(_CELL) + (sum(map(piece.count, _PREFIXED_CELLS)) if b":" in piece else 0)
        if self._left < 0 or self._cells_left < 0:
            raise UnsafeMarkupError("nodes")


def refuse_unsafe_markup(content: bytes, most_nodes: int = TREE_NODES) -> None:
    """Look at a whole part; UnsafeMarkupError."""
    MarkupCheck(most_nodes).add(content)


def _refuse_hidden_letters(piece: bytes) -> None:
    """Refuse XML in a code of letters in which a document type would not be seen."""
    start = piece[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _DECLARED.match(start)
    if start[:1] not in (b"<", b"") or b"\0" in start or (declared and not _SEEN_AS_ASCII.fullmatch(declared[1])):
        raise UnsafeMarkupError("letters")
