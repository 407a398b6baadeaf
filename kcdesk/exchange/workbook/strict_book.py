"""Workbooks in Strict Open XML: the same elements in other namespaces, which openpyxl does not know."""

from __future__ import annotations

import io
import zipfile
from typing import BinaryIO

from kcdesk.exchange.container.safe_zip import SafeArchive

_STRICT = b"http://purl.oclc.org/ooxml/"
_OFFICE = b"http://schemas.openxmlformats.org/"
# The longer name first, because it begins with the shorter one.
_NAMESPACES = (
    (b"officeDocument/relationships/extendedProperties", b"officeDocument/2006/relationships/extended-properties"),
    (b"officeDocument/relationships/customProperties", b"officeDocument/2006/relationships/custom-properties"),
    (b"officeDocument/extendedProperties", b"officeDocument/2006/extended-properties"),
    (b"officeDocument/customProperties", b"officeDocument/2006/custom-properties"),
    (b"officeDocument/", b"officeDocument/2006/"),
    (b"spreadsheetml/", b"spreadsheetml/2006/"),
    (b"drawingml/", b"drawingml/2006/"),
)


def transitional(file: BinaryIO) -> BinaryIO:
    """A workbook with the namespaces that openpyxl knows; the file itself unless it is in Strict Open XML."""
    with SafeArchive(file) as archive:
        if not any(_STRICT in archive.read(name) for name in archive.infos if name.endswith("workbook.xml")):
            file.seek(0)
            return file
        translated = io.BytesIO()
        with zipfile.ZipFile(translated, "w", zipfile.ZIP_DEFLATED) as target:
            for name in archive.infos:
                content = archive.read(name)
                target.writestr(name, _translated(content) if name.endswith((".xml", ".rels")) else content)
    translated.seek(0)
    return translated


def _translated(content: bytes) -> bytes:
    for strict, other in _NAMESPACES:
        content = content.replace(_STRICT + strict, _OFFICE + other)
    return content
