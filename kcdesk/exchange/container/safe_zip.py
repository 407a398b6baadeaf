"""Opening a workbook from nobody knows where: every size is limited, nothing is unpacked to disk, no XML entity
is resolved, nothing is fetched, and a zip inside the zip stays closed.
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
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from lxml import etree


MAX_FILE_SIZE = 1 << 30
MAX_PARTS = 20_000
MAX_TOTAL_SIZE = 2 << 30
MAX_XML_SIZE = 512 << 20
MAX_RATIO = 500  # deflate reaches 1,032 on zeros; real sheets stay under 60
RATIO_MATTERS_FROM = 1 << 20  # bytes; a small part may be as repetitive as it likes
_CHUNK = 1 << 20
_TAIL = 22 + 65_535  # the end record with the longest comment
_COUNT = 10  # where it tells the number of entries (zip64, for more than 65,535, is past our limit)
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
    """The zip cannot be read: truncated, a wrong checksum, a directory that lies."""


class UnsafeArchiveError(Exception):
    """The zip can be read but passes a limit, or its XML declares entities."""


class SafeArchive:
    """A zip whose directory has passed every limit; parts are read whole or hashed in pieces."""

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
        """One part, its checksum verified."""
        if name in self._kept:
            return self._kept.pop(name)
        with _translated():
            return self._zip.read(name)

    def digests(self, keep: str = "") -> dict[str, str]:
        """The SHA-256 of every part, its checksum verified; the part `keep` is then at hand for one `read`.

        UnsafeArchiveError when an XML part declares a document type: before another reader parses it.
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
            _refuse_document_type(content)
        return hashlib.sha256(content).hexdigest()

    def _digest_in_pieces(self, name: str) -> str:
        digest = hashlib.sha256()
        with _translated(), self._zip.open(name) as part:
            while chunk := part.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def xml(self, name: str) -> etree._Element:
        """One part as a tree; a document type, where entities would be declared, is refused."""
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
    """How many entries the end record announces: zipfile does not look, and a bent length swallows neighbours."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    place = tail.rfind(b"PK\5\6") + _COUNT
    return int.from_bytes(tail[place : place + 2], "little")


def parse_xml(content: bytes) -> etree._Element:
    """XML without entities, network or document type; BrokenArchiveError when it is not well formed."""
    from lxml import etree  # 15 ms that no start needs

    _refuse_document_type(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BrokenArchiveError from error


def _refuse_document_type(content: bytes) -> None:
    if b"<!DOCTYPE" in content or content.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        raise UnsafeArchiveError("document type")


@contextmanager
def _translated() -> Iterator[None]:
    """Whatever zipfile raises on a broken file, as one error; a failing disk stays an OSError."""
    try:
        yield
    except _BREAKAGES as error:
        raise BrokenArchiveError from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # a directory that points before the file
            raise BrokenArchiveError from error
        raise
