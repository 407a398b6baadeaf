"""The package id in the document properties, the only mark that remains when any program saves the workbook."""

from __future__ import annotations

from kcdesk.exchange.container.safe_zip import SafeArchive

PACKAGE_PROPERTY = "kcdesk.package"
FORMAT_PROPERTY = "kcdesk.format"
_PART = "docProps/custom.xml"
_PROPERTY = "{*}property"  # Strict Open XML has another namespace


def read_properties(archive: SafeArchive) -> tuple[str, int]:
    """The package id ("" if there is none) and the format version (0 if there is none)."""
    if _PART not in archive:
        return "", 0
    properties = {
        element.get("name"): "".join(str(text) for text in element.itertext()).strip()
        for element in archive.xml(_PART).iter(_PROPERTY)
    }
    version = properties.get(FORMAT_PROPERTY, "")
    return properties.get(PACKAGE_PROPERTY, ""), int(version) if version.isdecimal() else 0
