"""PDF/A-2b (ISO 19005-2, level B): what an archive asks of a PDF file besides the pages.

The pages conform anyway: fonts are embedded, nothing is transparent, colours are plain. Added are the metadata as XMP,
the colour profile that says what the colours mean, and line ends before the mark that ends a stream. reportlab cannot
write the structure tags of level A.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFPage, PDFStream, PDFString

from kcdesk.documents.blocks import Document, moment_of

_PROFILE = "sRGB IEC61966-2.1"
_PROFILE_DATE = slice(24, 36)  # bytes of the header of a profile: the time at which it was made
_STREAM_END = b"endstream\nendobj\n"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XREF_LINE = re.compile(rb"(\d{10}) 00000 n")

_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>vi-VN</rdf:li></rdf:Bag></dc:language>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>kcdesk</xmp:CreatorTool>
<xmp:CreateDate>{made}</xmp:CreateDate>
<xmp:ModifyDate>{made}</xmp:ModifyDate>
<xmp:MetadataDate>{made}</xmp:MetadataDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def declare(canvas: Any, document: Document) -> None:
    """Add the metadata and the colour profile to a file that is being written."""
    catalog = canvas._doc.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
    kind = {"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}
    catalog.Metadata = PDFStream(PDFDictionary(kind), _metadata(document, canvas._doc.info.producer))
    profile = PDFStream(PDFDictionary({"N": 3}), _colour_profile(), canvas._doc.defaultStreamFilters)
    intent = {
        "Type": PDFName("OutputIntent"),
        "S": PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": PDFString(_PROFILE),
        "Info": PDFString(_PROFILE),
        "DestOutputProfile": canvas._doc.Reference(profile),
    }
    catalog.OutputIntents = PDFArray([PDFDictionary(intent)])


def without_transitions(canvas: Any) -> None:
    """Remove the empty transitions between pages that reportlab writes."""
    for thing in canvas._doc.idToObject.values():
        if isinstance(thing, PDFPage):
            thing.Trans = None


def with_line_ends(pdf: bytes) -> bytes:
    """A file of reportlab with a line end before every `endstream`, as ISO 19005-2, 6.1.7.1 asks."""
    table_at = pdf.rindex(b"xref\n", 0, pdf.rindex(b"startxref"))
    offsets = [int(match[1]) for match in _XREF_LINE.finditer(pdf, table_at)]
    parts, moved, end = [pdf[: offsets[0]]], [], offsets[0]
    for start, stop in zip(offsets, [*offsets[1:], table_at], strict=True):
        part = pdf[start:stop]
        if part.endswith(_STREAM_END):
            part = part.removesuffix(_STREAM_END) + b"\n" + _STREAM_END
        moved.append(end)
        parts.append(part)
        end += len(part)
    lines = iter(moved)
    tail = _XREF_LINE.sub(lambda _match: b"%010d 00000 n" % next(lines), pdf[table_at:])
    return b"".join(parts) + re.sub(rb"startxref\n\d+", b"startxref\n%d" % end, tail)


def _metadata(document: Document, producer: str) -> bytes:
    words = {
        "title": document.title,
        "author": document.author,
        "subject": document.subject,
        "keywords": ", ".join(document.keywords),
        "producer": producer,
        "made": _iso(moment_of(document)),
    }
    return _XMP.format(**{name: escape(_NOT_IN_XML.sub("", value)) for name, value in words.items()}).encode()


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


@cache
def _colour_profile() -> bytes:
    """The profile of sRGB, with a fixed date so that equal papers give equal files."""
    from PIL import ImageCms  # a library that only the archive needs

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made = (2020, 1, 1, 0, 0, 0)
    profile[_PROFILE_DATE] = b"".join(number.to_bytes(2) for number in made)
    return bytes(profile)
