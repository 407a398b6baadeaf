"""The parts of a workbook that came back, whichever program saved it: its sheets, its texts, its formats.

Excel (also as Strict Open XML), LibreOffice, WPS, Google Sheets and the libraries of other programs differ in the names
of parts and in namespaces. So parts are found by their relations, and elements by their local names. Files are hostile
until proved: XML is read piece by piece, without entities, and every limit stands here.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from kcdesk.exchange.container.safe_zip import BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.runtime.frozen import Value

MAX_SHEETS = 1_000
MAX_TEXTS = 2_000_000  # shared texts of one workbook
MAX_LETTERS = 120_000_000  # of all shared texts
MAX_ELEMENT = 6 << 20  # bytes between two rows or two texts
MAX_NODES = 400_000  # elements and attributes between two rows or two texts; a row has at most 16,384 cells
_MAIN, _SHEET, _TEXTS, _STYLES = "officeDocument", "worksheet", "sharedStrings", "styles"
_LONGEST_FORMAT = 255  # letters, as in Excel; what looks for days in it takes time with the square
_TRUE = ("1", "true", "on")
# Formats of days and times that East Asian programs number without writing them down (ECMA-376, 18.8.30).
_DAY, _CLOCK = "dd/mm/yyyy", "h:mm"
_UNWRITTEN = {
    **dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), _DAY),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), _CLOCK),
}


class NotWorkbookError(Exception):
    """The zip is no workbook of Open XML."""


class BookSheet(Value):
    """One sheet: its name, and the part that holds it."""

    name: str
    part: str


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class BookParts:
    """The parts of an open workbook; NotWorkbookError if the zip is none, BrokenArchiveError, UnsafeArchiveError."""

    def __init__(self, archive: SafeArchive) -> None:
        self._archive = archive
        self._names = {_plain(name): name for name in archive.infos}
        main = next((part for kind, part in self._relations("").values() if kind == _MAIN), "")
        if not main or not main.casefold().endswith(".xml"):
            raise NotWorkbookError
        self.root = archive.xml(main)  # lists the sheets and the names
        self._related = self._relations(main)

    @property
    def styles_part(self) -> str:
        """The part with the styles of cells; "" if there is none."""
        return self._part_of(_STYLES)

    @cached_property
    def sheets(self) -> list[BookSheet]:
        """The sheets of cells, in their order, hidden ones too."""
        listed = [
            BookSheet(element.get("name", ""), part)
            for element in self.root.iter("{*}sheet")
            for kind, part in [self._related.get(_relation_id(element), ("", ""))]
            if kind == _SHEET and part
        ]
        if len(listed) > MAX_SHEETS:
            raise UnsafeArchiveError("sheets")
        return listed

    @cached_property
    def epoch(self) -> datetime:
        """The day from which this workbook counts its days: 1900, or 1904 on an old Macintosh."""
        settings = next(self.root.iter("{*}workbookPr"), None)
        is_old = settings is not None and settings.get("date1904", "").lower() in _TRUE
        epoch: datetime = MAC_EPOCH if is_old else WINDOWS_EPOCH
        return epoch

    @cached_property
    def texts(self) -> list[str]:
        """The shared texts, to which cells refer by number."""
        texts: list[str] = []
        letters = 0
        for element in self.elements(self._part_of(_TEXTS), ("si",)):
            texts.append(text_in(element))
            letters += len(texts[-1])
            if len(texts) > MAX_TEXTS or letters > MAX_LETTERS:
                raise UnsafeArchiveError("texts")
        return texts

    def shared_text(self, number: str) -> str | None:
        """The shared text with this number, as a cell names it; None if there is none."""
        is_known = number.isdecimal() and len(number) < 10 and int(number) < len(self.texts)
        return self.texts[int(number)] if is_known else None

    @cached_property
    def formats(self) -> list[str]:
        """The number format of each style, as Excel writes it ("General", "dd/mm/yyyy")."""
        part = self._part_of(_STYLES)
        if not part:
            return []
        root = self._archive.xml(part)
        own = {
            element.get("numFmtId"): element.get("formatCode", "")[:_LONGEST_FORMAT]
            for element in root.iter("{*}numFmt")
        }
        styles = next(root.iter("{*}cellXfs"), None)
        numbers = [] if styles is None else [style.get("numFmtId", "0") for style in styles.iter("{*}xf")]
        return [own.get(number) or _known_format(number) for number in numbers]

    def elements(self, part: str, names: tuple[str, ...]) -> Iterator[etree._Element]:
        """Yield the elements of a part with these local names, one by one; each is forgotten after its turn."""
        parser = etree.XMLPullParser(
            ("end",),
            tag=[f"{{*}}{name}" for name in names],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        waiting, nodes = 0, 0
        if not part:
            return
        for piece in self._archive.markup_pieces(part):
            waiting, nodes = waiting + len(piece), nodes + piece.count(b"<") + piece.count(b"=")
            if waiting > MAX_ELEMENT or nodes > MAX_NODES:
                raise UnsafeArchiveError(part)
            _feed(parser, piece)
            for _, element in parser.read_events():
                waiting, nodes = 0, 0
                yield element
                _forget(element)
        _end(parser)

    def _part_of(self, kind: str) -> str:
        return next((part for other, part in self._related.values() if other == kind), "")

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The relations of a part ("" for the whole file) by their ids: the last word of the kind, and the part."""
        folder, name = posixpath.split(part)
        listed = self._names.get(_plain(f"{folder}/_rels/{name}.rels"))
        if listed is None:
            return {}
        return {
            element.get("Id", ""): (
                element.get("Type", "").rpartition("/")[2],
                self._names.get(_plain(posixpath.join(f"/{folder}", element.get("Target", ""))), ""),
            )
            for element in self._archive.xml(listed).iter("{*}Relationship")
        }


def text_in(element: etree._Element) -> str:
    """The text of a shared or inline string, of all its runs, without its reading aids."""
    runs = (child for child in element if local_name(child) in ("t", "r"))
    return "".join(part.text or "" for run in runs for part in run.iter("{*}t"))


def _plain(name: str) -> str:
    """The name of a part for comparing: some programs write backslashes, other capitals or an absolute path."""
    return posixpath.normpath("/" + name.replace("\\", "/").lstrip("/")).casefold()


def _relation_id(element: etree._Element) -> str:
    """The id of the relation that an element names; its attribute has a namespace, which differs in Strict."""
    return next((value for name, value in element.attrib.items() if name.endswith("}id")), "")


def _known_format(number: str) -> str:
    if not number.isdecimal() or len(number) > 4:
        return "General"
    return _UNWRITTEN.get(int(number)) or BUILTIN_FORMATS.get(int(number), "General")


def _feed(parser: etree.XMLPullParser[etree._Element], piece: bytes) -> None:
    try:
        parser.feed(piece)
    except etree.XMLSyntaxError as error:
        raise BrokenArchiveError from error


def _end(parser: etree.XMLPullParser[etree._Element]) -> None:
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise BrokenArchiveError from error


def _forget(element: etree._Element) -> None:
    """Free an element and everything before it, so that a big part takes little memory."""
    element.clear()
    for kept in (element, *element.iterancestors()):
        parent = kept.getparent()
        while parent is not None and kept.getprevious() is not None:
            del parent[0]
