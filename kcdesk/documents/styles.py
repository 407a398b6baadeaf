"""Measures and paragraph styles of papers; sizes and distances follow NĐ 30/2020, Phụ lục I."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from functools import cache
from typing import TypeVar

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

from kcdesk.documents.blocks import Align
from kcdesk.documents.fonts import faces

T = TypeVar("T")

MILLIMETRE = 72 / 25.4
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
NO_PHOTO = "Ảnh không có trong kho này hoặc đã hỏng."
FIRST_LINE = 10 * MILLIMETRE  # điểm b khoản 6 mục II: 1 cm or 1.27 cm
BETWEEN_PARAGRAPHS = 6  # points, at least
LINE_HEIGHT = 1.28  # between single and one and a half
TABLE_SIZE = 11
TITLE_SIZE = 14  # the kind of paper and its subject: 13 or 14
HEADER_SIZE = 12  # Quốc hiệu and names of agencies: 12 or 13
LEFT_OF_HEADER = 0.42  # share of the width
ROOM_TO_SIGN = 22 * MILLIMETRE
RECIPIENTS_SIZE = 11
FOOTER_SIZE = 7.5
CAPTION_SIZE = 12
LABEL_SIZE = 11
SUBJECT_SIZE = 12  # "V/v" of a letter: 12 or 13
PAGE_NUMBER_SIZE = 13
PHOTO_HEIGHT = 92 * MILLIMETRE  # at most, so that two photos with captions fit below a title
QR_SIDE = 17 * MILLIMETRE  # half a millimetre for each module, readable in a scan of 200 dpi
QR_FROM_EDGE = 8 * MILLIMETRE  # of the first drawing: in the margin for binding, within the area that printers reach
QR_BELOW = 6 * MILLIMETRE  # from the lower edge, at the right end of the text, where nothing is bound or punched
FOOTER, FOOTER_LINE = 7 * MILLIMETRE, 3 * MILLIMETRE  # the lowest line above the edge, and from line to line
_SHORTEST_RULE, _RULE, _LONGEST_RULE = 1 / 3, 0.42, 0.48  # of the line of letters above; NĐ 30/2020: a third to a half

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
    """Make a paragraph style; sizes and distances in points."""
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
    """The style without first-line indent."""
    plain = copy(base)
    plain.firstLineIndent = 0
    return plain


def spread(millimetres: Sequence[int], width: float) -> list[float]:
    """Column widths in points for `width` points; columns with 0 millimetres share the rest equally."""
    points = [value * MILLIMETRE for value in millimetres]
    left = max(width - sum(points), 0)
    open_columns = points.count(0)
    if not open_columns:
        return [value * width / sum(points) for value in points]
    return [value or left / open_columns for value in points]


def rule_length(lines: Sequence[float]) -> float:
    """The length of the line below a text whose lines have these widths, all in points.

    From a third to a half of the widest line, and of the last line too where that is not much shorter.
    """
    widest, last = max(lines, default=0), lines[-1] if lines else 0
    return min(_RULE * widest, max(_SHORTEST_RULE * widest, _LONGEST_RULE * last))


def in_groups(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in groups of `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
