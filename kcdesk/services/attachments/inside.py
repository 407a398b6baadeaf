"""What this program itself can show of an attachment: pages, a picture, its text. Nothing in the file is run.

The worker process draws pages and pictures (`drawing`), within the limits of attachments.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.parsers import expat

from kcdesk.bounded import limits
from kcdesk.bounded.worker import BoundedJob, WorkResult, run_bounded
from kcdesk.errors import KcdeskError
from kcdesk.text import disarmed

MOST_PAGES = 300
_DRAWING = "kcdesk.services.attachments.drawing"
_MOST_LETTERS = 400_000
_MOST_OF_PART = 64 << 20  # bytes of the text of a Word file
_UNREADABLE = (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, RuntimeError, OSError, EOFError)


def number_of_pages(pdf: bytes) -> int:
    """The number of pages of a PDF; 0 if it cannot be read or is a trap."""
    counted = _done("count_job", pdf)
    return counted.values if counted else 0


def page_picture(pdf: bytes, page: int, width: int, height: int) -> bytes:
    """A page (from 0) as PNG that fits into a frame in pixels; empty if the page is damaged or a trap."""
    drawn = _done("page_job", pdf, page=page, width=width, height=height)
    return drawn.contents[0] if drawn else b""


def picture(content: bytes, side: int) -> bytes:
    """A picture as PNG of at most `side` pixels; empty if it cannot be read or is a trap."""
    drawn = _done("picture_job", content, side=side)
    return drawn.contents[0] if drawn else b""


def _done(job: str, content: bytes, **given: int) -> WorkResult | None:
    """What a job gives; None if the file or the machine does not allow it."""
    try:
        return run_bounded(BoundedJob(_DRAWING, job), limits.ATTACHMENT, given, [content])
    except KcdeskError:
        return None


def text_of(inside: str, content: bytes) -> str:
    """The text of a plain file, of a Word file, of the first sheet of a workbook; "" if there is none."""
    if inside == "words":
        return _words(content)
    if inside == "cells":
        from kcdesk.exchange.workbook.plain_tables import shown_table  # openpyxl takes 150 ms

        return "\n".join("\t".join(disarmed(" ".join(cell.split())) for cell in row) for row in shown_table(content))[
            :_MOST_LETTERS
        ]
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content[: 4 * _MOST_LETTERS].decode("utf-16" if wide else "utf-8-sig", errors="replace")[:_MOST_LETTERS]


def _words(content: bytes) -> str:
    """The paragraphs of a Word file, without a tree of its XML; as much as was read before a fault."""
    reader = _WordReader()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open("word/document.xml") as part:
            reader.read(iter(lambda: part.read(1 << 16), b""))
    except _UNREADABLE:
        reader.end()
    return reader.text()


class _WordReader:
    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._letters = self._bytes = 0
        self._in_text = False

    def read(self, pieces: Iterator[bytes]) -> None:
        """Read the XML of the text; ValueError for what no document needs."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._close
        parser.CharacterDataHandler = self._add
        parser.StartDoctypeDeclHandler = self._refuse
        for piece in pieces:
            self._bytes += len(piece)
            if self._bytes > _MOST_OF_PART or self._letters > _MOST_LETTERS:
                return
            parser.Parse(piece)

    def end(self) -> None:
        """Say that there is more."""
        self._pieces.append("\n…")

    def text(self) -> str:
        """What was read."""
        return "".join(self._pieces).strip()[:_MOST_LETTERS]

    def _refuse(self, *_declared: object) -> None:
        raise ValueError

    def _begin(self, tag: str, _attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self._in_text = name == "t"
        self._pieces.append({"tab": "\t", "br": "\n", "tc": "\t"}.get(name, ""))

    def _close(self, tag: str) -> None:
        self._in_text = False
        self._pieces.append("\n" if tag.endswith(" p") else "")

    def _add(self, text: str) -> None:
        if self._in_text:
            self._pieces.append(text)
            self._letters += len(text)
