"""Measures and paragraph styles of a paper; sizes and distances follow NĐ 30/2020, Phụ lục I."""

from __future__ import annotations

from copy import copy
from functools import cache

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

from kcdesk.documents.blocks import Align
from kcdesk.documents.fonts import faces

MILLIMETRE = 72 / 25.4
FIRST_LINE = 10 * MILLIMETRE  # điểm b khoản 6 mục II: 1 cm or 1.27 cm
BETWEEN_PARAGRAPHS = 6  # points, at least
LINE_HEIGHT = 1.28  # between single and one and a half
TABLE_SIZE = 11
HEADER_SIZE = 12  # Quốc hiệu and names of agencies: 12 or 13
RECIPIENTS_SIZE = 11
FOOTER_SIZE = 7.5

_ALIGNMENTS = {"left": TA_LEFT, "right": TA_RIGHT, "center": TA_CENTER, "justify": TA_JUSTIFY}


@cache
def style(
    size: float,
    align: Align = "left",
    *,
    bold: bool = False,
    italic: bool = False,
    first_line: float = 0,
    before: float = 0,
    after: float = 0,
) -> ParagraphStyle:
    """A paragraph style; sizes and distances in points."""
    return ParagraphStyle(
        "",
        fontName=faces().face(bold=bold, italic=italic),
        fontSize=size,
        leading=size * LINE_HEIGHT,
        alignment=_ALIGNMENTS[align],
        firstLineIndent=first_line,
        spaceBefore=before,
        spaceAfter=after,
        allowWidows=0,
        allowOrphans=0,
        splitLongWords=1,
    )


@cache
def without_indent(base: ParagraphStyle) -> ParagraphStyle:
    """The style with its first line as far left as the others."""
    plain = copy(base)
    plain.firstLineIndent = 0
    return plain
