"""The kept papers in a package: one JSON line of `papers.jsonl` for each paper of a locked record.

Programs that do not know the part pass over it. The content of a paper travels as the store keeps it, compressed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from kcdesk.bounded.json_text import parsed
from kcdesk.exchange.container.manifest import canonical
from kcdesk.runtime.frozen import Value
from kcdesk.store.kept_papers import KeptPaper, PaperEntry
from kcdesk.store.reader import Reader
from kcdesk.store.stored_record import StoredRecord

_TEXTS = ("id", "layout", "variant", "content", "basis", "at", "device", "sha256")
_PHOTO = re.compile(rb'"sha256":"([0-9a-f]{64})"')
_LONGEST = 200  # letters of a text
_LARGEST = 20 << 20  # bytes of the content of one paper


class TravellingPaper(Value):
    """A paper with the id of its record."""

    record: str
    entry: PaperEntry


def paper_part(
    store: Reader, records: Iterable[StoredRecord], attached: Collection[str], *, include_sensitive: bool
) -> bytes:
    """The lines of all papers that the records show now; b"" for none.

    Papers with sensitive values are left out unless `include_sensitive`, and papers whose photos are not in the package
    (`attached`: the hashes of its files), because the receiver would print other pages.
    """
    return b"".join(
        _line(record.id, paper, document)
        for record in records
        if record.data.get("state") in store.forms.workflow(record.kind).locked
        for paper in store.papers.of(record.id)
        if _travels(record, paper, include_sensitive)
        for document in [store.papers.document(paper.id)]
        if {photo.decode() for photo in _PHOTO.findall(document)} <= set(attached)
    )


def read_paper_part(part: bytes) -> Iterator[TravellingPaper]:
    """Read the papers of a part; a line that is none is left out, because a paper can be printed anew."""
    for line in part.splitlines():
        try:
            yield _read(parsed(line))
        except (ValueError, TypeError, KeyError, zlib.error, binascii.Error):
            continue


def _travels(record: StoredRecord, paper: KeptPaper, include_sensitive: bool) -> bool:
    is_present = not paper.withdrawn and paper.revision == record.data.get("revision", 1)
    return is_present and (include_sensitive or not paper.sensitive)


def _line(record: str, paper: KeptPaper, document: bytes) -> bytes:
    values = {name: getattr(paper, name) for name in (*_TEXTS, "revision", "sensitive", "details")}
    packed = base64.b64encode(zlib.compress(document, 9)).decode()
    return canonical({"record": record, "own": list(paper.own), "document": packed, **values}) + b"\n"


def _read(values: dict[str, Any]) -> TravellingPaper:
    texts = {name: values[name] for name in (*_TEXTS, "record")}
    own, revision = values["own"], values["revision"]
    is_right = all(isinstance(text, str) and len(text) <= _LONGEST for text in (*texts.values(), *own))
    if not is_right or type(revision) is not int or type(values["sensitive"]) is not bool:
        raise ValueError("a value has another type")
    document = _unpacked(base64.b64decode(values["document"], validate=True))
    if hashlib.sha256(document).hexdigest() != texts["sha256"] or not isinstance(values["details"], dict):
        raise ValueError("another content")
    paper = KeptPaper(
        **{name: texts[name] for name in _TEXTS},
        revision=revision,
        own=tuple(own),
        sensitive=values["sensitive"],
        details=values["details"],
    )
    return TravellingPaper(texts["record"], PaperEntry(paper, document))


def _unpacked(packed: bytes) -> bytes:
    stream = zlib.decompressobj()
    document = stream.decompress(packed, _LARGEST)
    if not stream.eof:
        raise ValueError("too large")
    return document
