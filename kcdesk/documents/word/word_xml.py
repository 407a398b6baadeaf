"""What python-docx does not offer: borders, leaders, fields, pictures at a fixed place of the page."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from kcdesk import text as texts
from kcdesk.documents.blocks import Align, Blank, Inline, Tick

FONT = "Times New Roman"
_TICK_FONT = "Segoe UI Symbol"  # part of every Windows since 7; has both boxes
_TICKED, _OPEN = "\u2612", "\u2610"
_LEADER = "\t\u200b"  # LibreOffice shows a leader in a cell only if something follows
_SMALL = 8  # letters; a smaller blank keeps its size
_NOWHERE: Any = None  # what a paragraph stands in, where that does not matter
_LONGEST_TAIL = 10  # letters that may follow a blank that reaches the end of its line
_ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def align(paragraph: Any, how: Align) -> None:
    """Align a paragraph: left, right, center or justify."""
    paragraph.alignment = _ALIGNMENTS[how]


def space(paragraph: Any, *, before: float = 0, after: float = 0, first_line: float = 0) -> None:
    """Set the distances of a paragraph in points."""
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.first_line_indent = Pt(before), Pt(after), Pt(first_line)


def align_and_space(paragraph: Any, how: Align, *, before: float, after: float, first_line: float) -> None:
    """Align a paragraph and set its distances in points."""
    if paragraph._p.pPr is None:
        paragraph._p.insert(0, deepcopy(_placed(how, before, after, first_line)))
    else:
        align(paragraph, how)
        space(paragraph, before=before, after=after, first_line=first_line)


@cache
def _placed(how: Align, before: float, after: float, first_line: float) -> Any:
    """The properties of a paragraph, to be copied: python-docx is slow at setting them one by one."""
    paragraph = Paragraph(OxmlElement("w:p"), _NOWHERE)
    align(paragraph, how)
    space(paragraph, before=before, after=after, first_line=first_line)
    return paragraph._p.pPr


def write_line(
    paragraph: Any, line: Inline, *, size: float, width: float, bold: bool = False, italic: bool = False
) -> None:
    """Write one line of text; a blank at its end becomes a dotted leader to `width` points, or dots if `width` is 0."""
    last = len(line) - 1
    for place, piece in enumerate(line):
        if isinstance(piece, Tick):
            run = paragraph.add_run(_TICKED if piece.on else _OPEN)
        elif isinstance(piece, Blank):
            is_open = width and _runs_on(line, place, last)
            run = paragraph.add_run(_LEADER if is_open else "." * (2 * piece.letters))
            if is_open:
                _add_leader(paragraph, width - _tail_width(line[place + 1 :], size))
        else:
            run = paragraph.add_run(texts.printed(piece))
        run._r.insert(0, deepcopy(_letters(size, bold, italic)))
        if isinstance(piece, Tick):
            _name_font(run, _TICK_FONT)


@cache
def _letters(size: float, bold: bool, italic: bool) -> Any:
    """The properties of a run, to be copied: set one by one they took a third of the time of a paper."""
    run = Run(OxmlElement("w:r"), _NOWHERE)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return run._r.rPr


def _runs_on(line: Inline, place: int, last: int) -> bool:
    """Whether a blank ends its line, perhaps followed by a unit."""
    blank, after = line[place], line[place + 1 :]
    assert isinstance(blank, Blank)
    tail = "".join(piece for piece in after if isinstance(piece, str))
    return blank.letters >= _SMALL and last - place == len(after) and len(tail) <= _LONGEST_TAIL and _all_text(after)


def _all_text(pieces: Sequence[object]) -> bool:
    return all(isinstance(piece, str) for piece in pieces)


def _tail_width(pieces: Sequence[object], size: float) -> float:
    """The approximate width of a unit in points."""
    return sum(len(piece) for piece in pieces if isinstance(piece, str)) * size * 0.5


def _add_leader(paragraph: Any, position: float) -> None:
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Pt(position), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def name_font(style: Any) -> None:
    """Set Times New Roman for every script of a style, and remove fonts of a theme."""
    _name_font(style, FONT)


def _name_font(holder: Any, name: str) -> None:
    holder.font.name = name
    fonts = holder.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        if attribute.endswith("Theme"):
            del fonts.attrib[attribute]
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def set_language(style: Any, language: str) -> None:
    """Set the language for Word's spelling check."""
    mark = OxmlElement("w:lang")
    for attribute in ("w:val", "w:eastAsia"):
        mark.set(qn(attribute), language)
    style.element.get_or_add_rPr().append(mark)


def drop_thumbnail(document: Any) -> None:
    """Remove the preview picture that comes from the empty template of python-docx."""
    relations = document.part.package.rels
    for name in [name for name, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[name]


def with_fixed_times(docx: bytes) -> bytes:
    """The same Word file without the time at which its parts were packed, so that equal papers give equal files."""
    buffer = BytesIO()
    with ZipFile(BytesIO(docx)) as packed, ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name in packed.namelist():
            part = ZipInfo(name, _PACKED)
            part.compress_type = ZIP_DEFLATED
            part.create_system = 0  # the same on every system
            archive.writestr(part, packed.read(name))
    return buffer.getvalue()


_PACKED = (1980, 1, 1, 0, 0, 0)


def rule(paragraph: Any, indent: float) -> None:
    """Draw a line below a paragraph, `indent` points from both sides."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Pt(indent)
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'
    )
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(border, *_AFTER_BORDER)


# The elements that the standard requires after the borders in the properties of a paragraph.
_AFTER_BORDER = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl",
    "w:rPr", "w:sectPr",
)  # fmt: skip


def add_field(paragraph: Any, code: str, size: float) -> None:
    """Add a field that Word computes: PAGE."""
    run = paragraph.add_run()
    run.font.size = Pt(size)
    for kind, content in (("begin", ""), ("", code), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = content
        run._r.append(mark)


def repeat_head(row: Any) -> None:
    """Repeat a row at the top of every page of its table."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: Any) -> None:
    """Do not divide a row between pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def fix_widths(table: Any, widths: Sequence[float], padding: float) -> None:
    """Set exact column widths and the padding of each cell, in points."""
    table.autofit = False
    properties = table._tbl.tblPr
    room = {"top": padding - 1, "left": padding, "bottom": padding, "right": padding} if padding else {}
    names = ("top", "left", "bottom", "right")
    sides = "".join(f'<w:{name} w:w="{round(room.get(name, 0) * 20)}" w:type="dxa"/>' for name in names)
    properties.insert_element_before(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"), "w:tblLook")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Pt(width)


def frame_pages(section: Any, inset: float) -> None:
    """Draw a double line around the pages of a section, `inset` points from their edges (Word allows at most 31)."""
    borders = OxmlElement("w:pgBorders")
    borders.set(qn("w:offsetFrom"), "page")
    for side in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "thickThinSmallGap"), ("sz", "18"), ("space", str(min(int(inset), 31)))):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    margins = section._sectPr.find(qn("w:pgMar"))
    margins.addnext(borders)


def dash(table: Any) -> None:
    """Draw dashed lines around the rows and between the labels, to cut along."""
    edges = "".join(
        f'<w:{edge} w:val="dashed" w:sz="4" w:color="808080"/>'
        for edge in ("top", "left", "bottom", "right", "insideH")
    )
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{edges}</w:tblBorders>")
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def anchor(run: Any, picture: bytes, side: float, left: float, top: float) -> None:
    """Put a square picture behind the text; side and position from the corner of the page in millimetres."""
    shape = run.add_picture(BytesIO(picture), Mm(side), Mm(side))
    inline = shape._inline
    graphic, properties, extent = inline.graphic, inline.docPr, inline.extent
    floating = parse_xml(
        f'<wp:anchor {nsdecls("wp", "a", "pic", "r")} distT="0" distB="0" distL="0" distR="0" simplePos="0"'
        ' relativeHeight="1" behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{Mm(left)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{Mm(top)}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{extent.cx}" cy="{extent.cy}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        "</wp:anchor>"
    )
    for element in (properties, parse_xml(f"<wp:cNvGraphicFramePr {nsdecls('wp')}/>"), graphic):
        floating.append(element)
    inline.getparent().replace(inline, floating)
