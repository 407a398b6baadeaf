"""Make and write the small XML parts of a workbook. lxml waits until a part is made: 15 ms that no start needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree


def root_element(namespace: str, name: str, prefix: str | None = None) -> etree._Element:
    """A new root in a namespace, which is declared under `prefix` (None: the default namespace)."""
    from lxml import etree  # see the top of the module

    return etree.Element(f"{{{namespace}}}{name}", nsmap={prefix: namespace})


def add_element(
    parent: etree._Element, namespace: str, name: str, text: str | None = None, **attributes: str
) -> etree._Element:
    """Append an element to another one."""
    element = parent.makeelement(f"{{{namespace}}}{name}", attributes)
    element.text = text
    parent.append(element)
    return element


def written(root: etree._Element) -> bytes:
    """A part as it stands in the file."""
    from lxml import etree  # see the top of the module

    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
