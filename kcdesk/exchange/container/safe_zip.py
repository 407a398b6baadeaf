"""Safe opening of a workbook from an unknown source.

All sizes are limited, nothing is unpacked to disk, no XML entity is resolved, nothing is loaded from the network, and a
zip inside the zip is not opened.
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

if TYPE_CHECKING:
    from lxml import etree


MAX_FILE_SIZE = 1 << 30
MAX_PARTS = 20_000
MAX_TOTAL_SIZE = 2 << 30
MAX_XML_SIZE = 512 << 20
MAX_RATIO = 500  # of sizes unpacked to packed; deflate reaches 1,032 on zeros, real sheets stay under 60
RATIO_MATTERS_FROM = 1 << 20  # bytes; the ratio of a smaller part is not checked
_CHUNK = 1 << 20
_TAIL = 22 + 65_535  # bytes of the end record with the longest comment
_COUNT = 10  # offset of the number of entries in the end record (zip64, for more than 65,535, is over our limit)
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

    def digests(self, keep: str = "") -> dict[str, str]:
        """The SHA-256 of every part, with all checksums verified; the part `keep` stays in memory for one `read`.

        UnsafeArchiveError if an XML part declares a document type, before another reader parses it.
        """
        return {name: self._digest(name, keep) for name in self.infos}

    def _digest(self, name: str, keep: str) -> str:
        if name != keep and not name.endswith((".xml", ".rels", ".vml")):
            return self._digest_in_pieces(name)
        if self.infos[name].file_size > MAX_XML_SIZE:
            raise UnsafeArchiveError(name)
        content = self.read(name)
        if name == keep:
            self._kept = {name: content}
        else:
            refuse_document_type(content)
        return hashlib.sha256(content).hexdigest()

    def _digest_in_pieces(self, name: str) -> str:
        digest = hashlib.sha256()
        for chunk in self.pieces(name):
            digest.update(chunk)
        return digest.hexdigest()

    def xml(self, name: str) -> etree._Element:
        """Read one part as an XML tree; UnsafeArchiveError for a document type, which could declare entities."""
        if self.infos[name].file_size > MAX_XML_SIZE:
            raise UnsafeArchiveError(name)
        return parse_xml(self.read(name))

    def _refuse_excess(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > MAX_PARTS or len(entries) != len(self.infos):
            raise UnsafeArchiveError("parts")
        if sum(info.file_size for info in entries) > MAX_TOTAL_SIZE:
            raise UnsafeArchiveError("size")
        for info in entries:
            if info.compress_type not in _METHODS or info.flag_bits & 1:
                raise UnsafeArchiveError(info.filename)
            if info.file_size > max(RATIO_MATTERS_FROM, info.compress_size * MAX_RATIO):
                raise UnsafeArchiveError(info.filename)


def _declared_entries(file: BinaryIO) -> int:
    """The number of entries by the end record: zipfile does not check it, and a wrong length would hide entries."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    place = tail.rfind(b"PK\5\6") + _COUNT
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
    """UnsafeArchiveError if XML declares a document type, or is written in a code in which that cannot be seen."""
    if b"<!DOCTYPE" in content or content.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        raise UnsafeArchiveError("document type")


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
