"""Safe opening of a workbook from an unknown source.

All sizes are limited (`bounded/limits`), nothing is unpacked to disk, no XML entity is resolved, nothing is loaded from
the network, and a zip inside the zip is not opened. The directory is looked at before it is read; what a part gives is
counted while it is inflated.
"""

from __future__ import annotations

import errno
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from struct import error as struct_error
from types import TracebackType
from typing import IO, TYPE_CHECKING, BinaryIO

from kcdesk.bounded import limits
from kcdesk.bounded.markup import MarkupCheck, UnsafeMarkupError, refuse_unsafe_markup

if TYPE_CHECKING:
    from lxml import etree


MAX_FILE_SIZE = limits.PACKAGE.bytes
MAX_PARTS = limits.PACKAGE.parts
MAX_TOTAL_SIZE = limits.PACKAGE.unpacked
MAX_XML_SIZE = 512 << 20
_LONG_PARTS = ("xl/worksheets/", "xl/sharedStrings", "customXml/", "word/")
_LARGEST_OTHER = 24 << 20  # bytes of any other part of XML, which is parsed as a whole
MAX_RATIO = 500  # of sizes unpacked to packed; deflate reaches 1,032 on zeros, real sheets stay under 60
RATIO_MATTERS_FROM = 1 << 20  # bytes; the ratio of a smaller part is not checked
MAX_CELLS = 3_000_000  # cells of all sheets
_MOST_OVERALL = 100  # as MAX_RATIO, of the whole file
_OVERALL_FROM = 96 << 20  # bytes of all parts
_LARGEST_DIRECTORY = 8 << 20  # bytes: 20,000 names of 300 letters
_LOCAL_HEADER = 30  # bytes, without name and extra field
_CHUNK = 1 << 20
_TAIL = 22 + 65_535  # bytes of the end record with the longest comment
_END = b"PK\5\6"
_COUNT, _SIZE = 10, 12  # offsets in the end record (zip64, for more than 65,535 entries, is over our limit)
_END_64, _LOCATOR_64 = 56, 20  # bytes of the records of zip64, which stand before the end record
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BREAKAGES = (
    zipfile.BadZipFile,
    zlib.error,
    struct_error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    IndexError,
    OverflowError,
)


class BrokenArchiveError(Exception):
    """The zip cannot be read: it is truncated, or has a wrong checksum or a wrong directory."""


class UnsafeArchiveError(Exception):
    """The zip can be read but exceeds a limit, or its XML declares entities."""


class SafeArchive:
    """A zip whose directory is within all limits; parts are read whole or hashed in pieces."""

    def __init__(self, file: BinaryIO) -> None:
        with _translated():
            _refuse_large_directory(file)
            self._zip = zipfile.ZipFile(file)
            if _declared_entries(file) != len(self._zip.infolist()):
                raise zipfile.BadZipFile("the directory has lost entries")
        self._kept: dict[str, bytes] = {}
        self.infos = {info.filename: info for info in self._zip.infolist()}
        try:
            self._refuse_excess()
        except UnsafeArchiveError:
            self._zip.close()
            raise

    def __enter__(self) -> SafeArchive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self.infos

    def read(self, name: str) -> bytes:
        """Read one part and verify its checksum."""
        if name in self._kept:
            return self._kept.pop(name)
        with _translated():
            return self._zip.read(name)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of one part, piece by piece, with its checksum verified at the end."""
        with _translated():
            part = self._zip.open(name)
        with part:
            while chunk := self._next_piece(part):
                yield chunk

    def _next_piece(self, part: IO[bytes]) -> bytes:
        with _translated():
            return part.read(_CHUNK)

    def refuse_unsafe_parts(self, most_cells: int = MAX_CELLS) -> None:
        """Look at all parts of XML before any of them is parsed; UnsafeArchiveError, BrokenArchiveError."""
        check = MarkupCheck(limits.PACKAGE.nodes, most_cells)
        for name in filter(_is_markup, self.infos):
            for _ in self.markup_pieces(name, check):
                pass

    def digests(self, keep: str = "") -> dict[str, str]:
        """The SHA-256 of every part, with all checksums verified; the part `keep` stays in memory for one `read`.

        UnsafeArchiveError if an XML part declares a document type, before another reader parses it.
        """
        check = MarkupCheck(limits.PACKAGE.nodes, MAX_CELLS)
        return {name: self._digest(name, keep, check) for name in self.infos}

    def _digest(self, name: str, keep: str, check: MarkupCheck) -> str:
        if name == keep:
            content = self.read(name)
            self._kept = {name: content}
            return hashlib.sha256(content).hexdigest()
        digest = hashlib.sha256()
        for chunk in self.markup_pieces(name, check) if _is_markup(name) else self.pieces(name):
            digest.update(chunk)
        return digest.hexdigest()

    def markup_pieces(self, name: str, check: MarkupCheck | None = None) -> Iterator[bytes]:
        """The content of a part of XML, piece by piece, each looked at; UnsafeArchiveError before it is parsed.

        With one `check` for several parts, their elements count together.
        """
        check = check or MarkupCheck(limits.PACKAGE.nodes)
        check.begin()
        for chunk in self.pieces(name):
            with _refused():
                check.add(chunk)
            yield chunk

    def xml(self, name: str) -> etree._Element:
        """Read one part as an XML tree; UnsafeArchiveError for a document type, which could declare entities."""
        if self.infos[name].file_size > MAX_XML_SIZE:
            raise UnsafeArchiveError(name)
        return parse_xml(self.read(name))

    def _refuse_excess(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > MAX_PARTS or len(entries) != len(self.infos):
            raise UnsafeArchiveError("parts")
        total, packed = (sum(getattr(info, size) for info in entries) for size in ("file_size", "compress_size"))
        if total > MAX_TOTAL_SIZE or total > max(_OVERALL_FROM, packed * _MOST_OVERALL):
            raise UnsafeArchiveError("size")
        self._refuse_overlap(entries)
        for info in entries:
            if info.compress_type not in _METHODS or info.flag_bits & 1:
                raise UnsafeArchiveError(info.filename)
            if _is_markup(info.filename) and info.file_size > _most_markup(info.filename):
                raise UnsafeArchiveError(info.filename)
            if info.file_size > max(RATIO_MATTERS_FROM, info.compress_size * MAX_RATIO):
                raise UnsafeArchiveError(info.filename)

    def _refuse_overlap(self, entries: list[zipfile.ZipInfo]) -> None:
        """Refuse parts that lie in each other: the same bytes would be inflated again and again."""
        end = 0
        for info in sorted(entries, key=lambda info: info.header_offset):
            if info.header_offset < end:
                raise UnsafeArchiveError("overlap")
            end = info.header_offset + _LOCAL_HEADER + info.compress_size


def _most_markup(name: str) -> int:
    """The bytes that a part of XML may have: only sheets, shared texts and the manifest are long."""
    return MAX_XML_SIZE if name.startswith(_LONG_PARTS) else _LARGEST_OTHER


def _is_markup(name: str) -> bool:
    return name.endswith((".xml", ".rels", ".vml"))


def _refuse_large_directory(file: BinaryIO) -> None:
    """Refuse a directory that is larger than one within the limits can be, before zipfile reads it into memory."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL - _END_64 - _LOCATOR_64))
    tail = file.read()
    place = tail.rfind(_END)
    declared = [int.from_bytes(tail[place + _SIZE : place + _SIZE + 4], "little")] if place >= 0 else []
    before = place - _LOCATOR_64
    if before >= _END_64 and tail[before : before + 4] == b"PK\6\7":
        declared = [int.from_bytes(tail[before - 16 : before - 8], "little")]  # of the longer record
    if any(_LARGEST_DIRECTORY < size < 0xFFFFFFFF for size in declared):
        raise UnsafeArchiveError("directory")
    file.seek(0)


def _declared_entries(file: BinaryIO) -> int:
    """The number of entries by the end record: zipfile does not check it, and a wrong length would hide entries."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    place = tail.rfind(_END) + _COUNT
    return int.from_bytes(tail[place : place + 2], "little")


def parse_xml(content: bytes) -> etree._Element:
    """Parse XML without entities, network or document type; BrokenArchiveError if it is not well formed."""
    from lxml import etree  # 15 ms that no start needs

    refuse_document_type(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BrokenArchiveError from error


def refuse_document_type(content: bytes) -> None:
    """UnsafeArchiveError for XML that declares a document type, hides that, or would make too large a tree."""
    with _refused():
        refuse_unsafe_markup(content)


@contextmanager
def _refused() -> Iterator[None]:
    """Turn what is said of XML into UnsafeArchiveError."""
    try:
        yield
    except UnsafeMarkupError as error:
        raise UnsafeArchiveError(str(error)) from error


@contextmanager
def _translated() -> Iterator[None]:
    """Turn all errors of zipfile on a broken file into BrokenArchiveError; a disk failure stays an OSError."""
    try:
        yield
    except _BREAKAGES as error:
        raise BrokenArchiveError from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # the directory points before the beginning of the file
            raise BrokenArchiveError from error
        raise
