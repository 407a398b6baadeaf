"""The additional parts of the workbook, and the seal over the whole file.

ECMA-376 requires readers to ignore unknown parts and relationships, so a package opens like any workbook:

- `customXml/item1.xml`: the signed manifest, a custom XML part of the workbook, the last entry of the zip;
- `kcdesk/records.jsonl`: the records, one JSON object on each line, without loss and with stamps;
- `kcdesk/papers.jsonl`: the papers of locked records as they were fixed; only if there are any;
- `kcdesk/summary.json`: what the pages for people say of earlier packages and payments; only if there is anything;
- `kcdesk/renewals.json`: the renewals of the maker's key, each signed by the old key; only if there are any;
- `kcdesk/attachments/<SHA-256>.bin`: the attached files, related to the records.

The manifest holds the hash of every other part. The hashes do not cover times and flags in the headers of the zip and
spare bits of a compressed stream. The **seal** covers these: it is a signature over every byte of the file, kept in an
extra field of the manifest's local header, which zip readers skip. Any program that saves the workbook writes new
headers and so removes the seal.
"""

from __future__ import annotations

import hashlib
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from struct import pack
from typing import TYPE_CHECKING, BinaryIO

from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import NAMESPACE
from kcdesk.exchange.container.safe_zip import SafeArchive, parse_xml
from kcdesk.exchange.container.xml_parts import add_element, root_element, written
from kcdesk.runtime.frozen import Value

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from lxml import etree

MANIFEST = "customXml/item1.xml"
RECORDS = "kcdesk/records.jsonl"
PAPERS = "kcdesk/papers.jsonl"
RENEWALS = "kcdesk/renewals.json"
ATTACHMENTS = "kcdesk/attachments/"
OWN_FOLDER = "kcdesk/"  # folder of parts that no other program writes

_PROPERTIES = "customXml/itemProps1.xml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_DATASTORE = f"{_OFFICE}/customXml"
_MOMENT = (1980, 1, 1, 0, 0, 0)  # fixed, so that equal content gives an equal file; the real time is in the manifest
_LOCAL_HEADER_SIZE = 30
_SEAL_ID = 0x636B  # "kc"
_SEAL_HEAD = pack("<HH", _SEAL_ID, signing.SIGNATURE_SIZE)
_NO_SEAL = bytes(signing.SIGNATURE_SIZE)
_PURPOSE = "seal"
_LEVEL = 3  # of deflate: less than half the time of the usual level 6, for a sixth more bytes
_CHUNK = 1 << 20


def custom_parts(archive: SafeArchive) -> list[str]:
    """The names of the custom XML parts of a workbook; Excel may give ours another number when it saves."""
    return [name for name in archive.infos if name.startswith("customXml/item") and name.endswith(".xml")]


def attachment_part(sha256: str) -> str:
    """The name of the part that holds an attachment."""
    return f"{ATTACHMENTS}{sha256}.bin"


def assemble(
    target: BinaryIO,
    workbook: zipfile.ZipFile,
    records: bytes,
    attachments: Iterable[tuple[str, bytes]],
    manifest: Callable[[dict[str, str]], bytes],
    others: Mapping[str, bytes] | None = None,
) -> None:
    """Write the package to `target`; `manifest` is called last with the SHA-256 of every other part.

    `others` are more parts of our own, by name, each written if it has any content.
    """
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, content: bytes, compression: int = zipfile.ZIP_DEFLATED) -> None:
            archive.writestr(_entry(name, compression), content, compresslevel=_LEVEL)
            hashes[name] = hashlib.sha256(content).hexdigest()

        for name, content in _workbook_parts(workbook):
            add(name, content)
        add(RECORDS, records)
        related = []
        for name, content in (others or {}).items():
            if content:
                add(name, content)
                related.append((f"urn:kcdesk:{_stem(name)}", name.removeprefix(OWN_FOLDER)))
        for sha256, content in attachments:
            add(attachment_part(sha256), content, zipfile.ZIP_STORED)
            related.append(("urn:kcdesk:attachment", attachment_part(sha256).removeprefix(OWN_FOLDER)))
        add("kcdesk/_rels/records.jsonl.rels", _relationships(related))
        add(_PROPERTIES, _item_properties(records))
        add("customXml/_rels/item1.xml.rels", _relationships([(f"{_DATASTORE}Props", "itemProps1.xml")]))
        last = _entry(MANIFEST, zipfile.ZIP_STORED)
        last.extra = _SEAL_HEAD + _NO_SEAL
        archive.writestr(last, manifest(hashes))


def _stem(name: str) -> str:
    """The name of a part of our own without folder and ending: `papers`."""
    return name.removeprefix(OWN_FOLDER).partition(".")[0]


def workbook_hashes(workbook: zipfile.ZipFile) -> dict[str, str]:
    """The SHA-256 of each part of a plain workbook, as it would be in a package."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in _workbook_parts(workbook)}


def with_custom_part(target: BinaryIO, workbook: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Write a workbook to `target` with an additional custom XML part."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for other in workbook.namelist():
            part = workbook.read(other)
            if other == "xl/_rels/workbook.xml.rels":
                part = _related(part, _DATASTORE, f"../{name}")
            archive.writestr(_entry(other, zipfile.ZIP_DEFLATED), part)
        archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), content)


def seal(file: BinaryIO, key: Ed25519PrivateKey) -> None:
    """Sign every byte of an assembled package and write the seal into it; `file` is open for reading and writing."""
    with zipfile.ZipFile(file) as archive:
        place = _seal_place(archive.getinfo(MANIFEST))
    signature = signing.sign(key, _PURPOSE, _digest(file, place))
    file.seek(place)
    file.write(signature)


class Seal(Value):
    """The seal of a package: whether it exists, and whether its signature is valid."""

    present: bool
    valid: bool


def read_seal(file: BinaryIO, info: zipfile.ZipInfo, key: str) -> Seal:
    """Read and verify the seal of an open package; `info` is the entry of its manifest, `key` the manifest's key."""
    place = _seal_place(info)
    file.seek(place - len(_SEAL_HEAD))
    head, signature = file.read(len(_SEAL_HEAD)), file.read(signing.SIGNATURE_SIZE)
    marked = head == _SEAL_HEAD or info.extra.startswith(_SEAL_HEAD)
    # A program that copies the entries of a zip into a new one copies the empty seal from the directory.
    present = marked and signature != _NO_SEAL
    return Seal(present, present and signing.verify(key, _PURPOSE, _digest(file, place), signature))


def _seal_place(info: zipfile.ZipInfo) -> int:
    return info.header_offset + _LOCAL_HEADER_SIZE + len(info.filename.encode()) + len(_SEAL_HEAD)


def _digest(file: BinaryIO, place: int) -> bytes:
    """The SHA-256 of the whole file, with the bytes of the seal itself taken as zeros."""
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in _chunks(file, place):
        digest.update(chunk)
    digest.update(_NO_SEAL)
    file.seek(place + len(_NO_SEAL))
    for chunk in _chunks(file):
        digest.update(chunk)
    return digest.digest()


def _chunks(file: BinaryIO, size: int = -1) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK if size < 0 else min(_CHUNK, size)):
        if size >= 0:
            size -= len(chunk)
        yield chunk


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.compress_type = compression
    entry.create_system = 0  # the same on every system
    return entry


def _workbook_parts(workbook: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """The parts of the plain workbook, with our parts declared as the standard requires."""
    amendments: dict[str, Callable[[bytes], bytes]] = {
        "[Content_Types].xml": _with_content_types,
        "_rels/.rels": lambda content: _related(content, "urn:kcdesk:records", RECORDS),
        "xl/_rels/workbook.xml.rels": lambda content: _related(content, _DATASTORE, f"../{MANIFEST}"),
    }
    for name in sorted(workbook.namelist(), key=lambda name: (name not in amendments, name)):
        content = workbook.read(name)
        yield name, amendments[name](content) if name in amendments else content


def _with_content_types(content: bytes) -> bytes:
    root = parse_xml(content)
    present = {element.get("Extension") for element in root}
    for extension, media in (("jsonl", "application/x-ndjson"), ("bin", "application/octet-stream")):
        if extension not in present:
            root.insert(0, add_element(root, _CONTENT_TYPES, "Default", Extension=extension, ContentType=media))
    add_element(
        root,
        _CONTENT_TYPES,
        "Override",
        PartName=f"/{_PROPERTIES}",
        ContentType="application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    )
    return written(root)


def _related(content: bytes, kind: str, target: str) -> bytes:
    root = parse_xml(content)
    _add_relationship(root, "rIdKcdesk", kind, target)
    return written(root)


def _relationships(related: Iterable[tuple[str, str]]) -> bytes:
    root = root_element(_RELATIONSHIPS, "Relationships")
    for number, (kind, target) in enumerate(related, 1):
        _add_relationship(root, f"rId{number}", kind, target)
    return written(root)


def _add_relationship(root: etree._Element, name: str, kind: str, target: str) -> None:
    add_element(root, _RELATIONSHIPS, "Relationship", Id=name, Type=kind, Target=target)


def _item_properties(records: bytes) -> bytes:
    """The id of the custom XML part, which Office requires; derived from the records, so that files are repeatable."""
    item = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(records).hexdigest())
    root = root_element(_DATASTORE, "datastoreItem", prefix="ds")
    root.set(f"{{{_DATASTORE}}}itemID", f"{{{item}}}".upper())
    references = add_element(root, _DATASTORE, "schemaRefs")
    add_element(references, _DATASTORE, "schemaRef").set(f"{{{_DATASTORE}}}uri", NAMESPACE)
    return written(root)
