"""The comments of one sheet of a workbook: the part with their texts, and the drawing with their boxes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from lxml import etree
from openpyxl.utils import column_index_from_string

from kcdesk.exchange.container.safe_zip import SafeArchive, parse_xml
from kcdesk.exchange.container.xml_parts import written
from kcdesk.sheets.files.marked_cells import AUTHOR, FIRST_WORDS, MarkedCell, comments_by_place

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_VML, _BOX, _EXCEL = (
    "urn:schemas-microsoft-com:vml",
    "urn:schemas-microsoft-com:office:office",
    "urn:schemas-microsoft-com:office:excel",
)
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_CONTENT_TYPES = "[Content_Types].xml"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class SheetComments:
    """The comments of a sheet, to which some are added."""

    def __init__(self, archive: SafeArchive, part: str) -> None:
        self._archive, self._part = archive, part
        folder, name = posixpath.split(part)
        self._relations_part = f"{folder}/_rels/{name}.rels"
        self._relations = self._xml(self._relations_part) or etree.Element(
            f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS}
        )

    def write(self, cells: Sequence[MarkedCell], changed: dict[str, bytes]) -> str:
        """Put the changed parts into `changed`; returns the id of the relation to the drawing."""
        texts = comments_by_place(cells)
        comments, drawing = self._related("comments"), self._related("vmlDrawing")
        comments_part = comments or self._free("comments", "xml")
        drawing_part = drawing or self._free("vmlDrawing", "vml")
        changed[comments_part] = self._written(comments, texts)
        changed[drawing_part] = self._drawn(drawing, sorted(texts))
        if not comments:
            self._relate("comments", comments_part)
        relation = self._relation_id("vmlDrawing") if drawing else self._relate("vmlDrawing", drawing_part)
        changed[self._relations_part] = written(self._relations)
        changed[_CONTENT_TYPES] = self._content_types(comments_part)
        return relation

    def _xml(self, part: str) -> etree._Element | None:
        return parse_xml(self._archive.read(part)) if part in self._archive else None

    def _relation(self, kind: str) -> etree._Element | None:
        named = (each for each in self._relations if each.get("Type", "").rpartition("/")[2] == kind)
        return next(named, None)

    def _relation_id(self, kind: str) -> str:
        relation = self._relation(kind)
        return "" if relation is None else relation.get("Id", "")

    def _related(self, kind: str) -> str:
        """The part that the sheet has for its comments or their drawing; "" if there is none."""
        relation = self._relation(kind)
        if relation is None:
            return ""
        target = relation.get("Target", "")
        part = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(posixpath.dirname(self._part), target))
        )
        return part if part in self._archive else ""

    def _free(self, stem: str, suffix: str) -> str:
        folder = "xl/drawings" if suffix == "vml" else "xl"
        number = 1
        while f"{folder}/{stem}{number}.{suffix}" in self._archive:
            number += 1
        return f"{folder}/{stem}{number}.{suffix}"

    def _relate(self, kind: str, part: str) -> str:
        for dead in [each for each in self._relations if each.get("Type", "").rpartition("/")[2] == kind]:
            self._relations.remove(dead)
        taken = {each.get("Id", "") for each in self._relations}
        number = 1
        while f"kcdesk{number}" in taken:
            number += 1
        relation = etree.SubElement(self._relations, f"{{{_RELATIONS}}}Relationship")
        relation.set("Id", f"kcdesk{number}")
        relation.set("Type", f"{_OFFICE}/{kind}")
        relation.set("Target", f"/{part}")
        return f"kcdesk{number}"

    def _content_types(self, comments_part: str) -> bytes:
        root = parse_xml(self._archive.read(_CONTENT_TYPES))
        if not any(each.get("Extension", "").lower() == "vml" for each in root):
            default = etree.Element(f"{{{_TYPES}}}Default", Extension="vml", ContentType=_VML_TYPE)
            root.insert(0, default)
        if not any(each.get("PartName", "") == f"/{comments_part}" for each in root):
            etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{comments_part}", ContentType=_COMMENTS_TYPE)
        return written(root)

    def _written(self, part: str, texts: dict[str, str]) -> bytes:
        """The part with the texts: those of others stay, those of this program are replaced."""
        root = self._xml(part) if part else None
        if root is None:
            root = etree.Element(f"{{{_MAIN}}}comments", nsmap={None: _MAIN})
            etree.SubElement(root, f"{{{_MAIN}}}authors")
            etree.SubElement(root, f"{{{_MAIN}}}commentList")
        space = root.tag.rpartition("}")[0] + "}"
        authors, listed = next(root.iter(f"{space}authors")), next(root.iter(f"{space}commentList"))
        etree.SubElement(authors, f"{space}author").text = AUTHOR
        author = str(len(authors) - 1)
        for comment in list(listed):
            own = "".join(map(str, comment.itertext()))
            if own.startswith(FIRST_WORDS):
                listed.remove(comment)
            elif comment.get("ref", "") in texts:
                texts[comment.get("ref", "")] += f"\n{own}"
                listed.remove(comment)
        for place in sorted(texts, key=_order):
            comment = etree.SubElement(listed, f"{space}comment", ref=place, authorId=author)
            text = etree.SubElement(etree.SubElement(comment, f"{space}text"), f"{space}t")
            text.text = texts[place]
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return written(root)

    def _drawn(self, part: str, places: Sequence[str]) -> bytes:
        """The drawing with a box for each comment; boxes that are there already stay."""
        root = self._xml(part) if part else None
        if root is None:
            root = etree.Element("xml", nsmap={"v": _VML, "o": _BOX, "x": _EXCEL})
            kind = etree.SubElement(
                root,
                f"{{{_VML}}}shapetype",
                id="_x0000_t202",
                coordsize="21600,21600",
                path="m,l,21600r21600,l21600,xe",
            )
            kind.set(f"{{{_BOX}}}spt", "202")
        boxes = {
            (box.findtext(f".//{{{_EXCEL}}}Row", ""), box.findtext(f".//{{{_EXCEL}}}Column", ""))
            for box in root.iter(f"{{{_VML}}}shape")
        }
        for number, place in enumerate(places, 1):
            match = _REFERENCE.fullmatch(place)
            if match is None:
                continue
            row, column = str(int(match[2]) - 1), str(column_index_from_string(match[1]) - 1)
            if (row, column) not in boxes:
                _draw_box(root, number, row, column)
        return written(root)


def _draw_box(root: etree._Element, number: int, row: str, column: str) -> None:
    box = etree.SubElement(
        root, f"{{{_VML}}}shape", id=f"_kcdesk{number}_{row}_{column}", type="#_x0000_t202", fillcolor="#ffffe1"
    )
    box.set(
        "style", "position:absolute;margin-left:60pt;margin-top:2pt;width:220pt;height:80pt;z-index:1;visibility:hidden"
    )
    box.set(f"{{{_BOX}}}insetmode", "auto")
    etree.SubElement(box, f"{{{_VML}}}fill", color2="#ffffe1")
    etree.SubElement(box, f"{{{_VML}}}textbox", style="mso-direction-alt:auto")
    data = etree.SubElement(box, f"{{{_EXCEL}}}ClientData", ObjectType="Note")
    left, top = int(column) + 1, int(row)
    etree.SubElement(data, f"{{{_EXCEL}}}MoveWithCells")
    etree.SubElement(data, f"{{{_EXCEL}}}SizeWithCells")
    etree.SubElement(data, f"{{{_EXCEL}}}Anchor").text = f"{left}, 15, {top}, 2, {left + 4}, 15, {top + 5}, 4"
    etree.SubElement(data, f"{{{_EXCEL}}}AutoFill").text = "False"
    etree.SubElement(data, f"{{{_EXCEL}}}Row").text = row
    etree.SubElement(data, f"{{{_EXCEL}}}Column").text = column


def _order(place: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(place)
    return (int(match[2]), column_index_from_string(match[1])) if match else (0, 0)
