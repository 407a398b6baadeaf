"""Letters that a font has to place: marks that stand upon marks (ê̆, ơ̆), and scripts that Tinos lacks (Khmer, Chăm).

HarfBuzz reads the tables of the font (GSUB, GPOS) and says which glyphs to draw and where. All other text is drawn
letter by letter, as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from kcdesk import paths
from kcdesk.letters import normalized

KHMER, CHAM = "NotoSerifKhmer", "NotoSansCham"
_KHMER_LETTERS, _CHAM_LETTERS = "\u1780-\u17ff\u19e0-\u19ff", "\uaa00-\uaa5f"
_MARK = "\u0300-\u036f"
_JOINERS = "\u200b-\u200d"
_PLACED = re.compile(
    rf"(?P<khmer>[{_KHMER_LETTERS}][{_KHMER_LETTERS}{_JOINERS}]*)"
    rf"|(?P<cham>[{_CHAM_LETTERS}][{_CHAM_LETTERS}{_JOINERS}]*)"
    rf"|[^\s{_MARK}][{_MARK}]+"
)
_FIRST_PRIVATE, _LAST_PRIVATE = 0xE000, 0xF8FF  # codes for glyphs that stand for no single character


class Glyph(NamedTuple):
    """A glyph to draw: the character under which its font has it, and its measures in thousandths of the size.

    `width` is the font's own width of the glyph, `advance` what the pen moves, `x` and `y` where it is drawn.
    """

    character: str
    width: float
    advance: float
    x: float
    y: float


class Piece(NamedTuple):
    """A part of a text in one font; `glyphs` is empty for a text that is drawn letter by letter."""

    text: str
    font: str
    glyphs: tuple[Glyph, ...] = ()

    @property
    def advance(self) -> float:
        """The width of a placed part in thousandths of the size."""
        return sum(glyph.advance for glyph in self.glyphs)


def is_placed(text: str) -> bool:
    """Whether a text has letters that must be placed."""
    return not text.isascii() and _PLACED.search(text) is not None


def pieces(text: str, font: str) -> Iterator[Piece]:
    """The parts of a text that is written in a font, in their order."""
    end = 0
    for match in _PLACED.finditer(text):
        if match.start() > end:
            yield Piece(text[end : match.start()], font)
        yield _placed(match[0], _font_of(match, font))
        end = match.end()
    if end < len(text):
        yield Piece(text[end:], font)


def fallback(character: str) -> str:
    """The family that has a character which Tinos lacks; "" if there is none."""
    match = _PLACED.match(character)
    family = KHMER if match and match["khmer"] else CHAM if match and match["cham"] else ""
    return family if family and ord(character) in _face(f"{family}-Regular").charToGlyph else ""


def _font_of(match: re.Match[str], font: str) -> str:
    family = KHMER if match["khmer"] else CHAM if match["cham"] else ""
    weight = "Bold" if "Bold" in font else "Regular"
    return f"{family}-{weight}" if family else font


@lru_cache(maxsize=5_000)
def _placed(text: str, font: str) -> Piece:
    face = _face(font)
    shaped = uharfbuzz.Font(_harfbuzz_face(font))
    buffer = uharfbuzz.Buffer()
    buffer.add_str(normalized("NFC", text))
    buffer.guess_segment_properties()
    uharfbuzz.shape(shaped, buffer)
    scale = 1000 / shaped.face.upem
    positions = zip(buffer.glyph_infos, buffer.glyph_positions or (), strict=True)
    glyphs = (_glyph(face, info.codepoint, position, scale) for info, position in positions)
    return Piece(text, font, tuple(glyphs))


def _glyph(face: Any, number: int, position: Any, scale: float) -> Glyph:
    code = face.glyphToChar[number][0] if number in face.glyphToChar else _private_code(face, number)
    if code not in face.charWidths:
        face.charWidths[code] = position.x_advance * scale
    x, y = position.x_offset * scale, position.y_offset * scale
    return Glyph(chr(code), face.charWidths[code], position.x_advance * scale, x, y)


def _private_code(face: Any, number: int) -> int:
    """A code for a glyph without a character; it depends on the font alone, so that equal papers give equal bytes."""
    code = _FIRST_PRIVATE + number
    while face.charToGlyph.get(code, number) != number:
        code = _FIRST_PRIVATE + (code + 1 - _FIRST_PRIVATE) % (_LAST_PRIVATE - _FIRST_PRIVATE)
    face.charToGlyph[code] = number
    return code


def _face(font: str) -> Any:
    return registered(font).face


@cache
def registered(font: str) -> Any:
    """A font of reportlab; a font for other scripts is registered when the first paper needs it."""
    if font.startswith((KHMER, CHAM)):
        pdfmetrics.registerFont(TTFont(font, str(paths.resources() / "fonts" / f"{font}.ttf")))
    return pdfmetrics.getFont(font)


@lru_cache(maxsize=16)
def _harfbuzz_face(font: str) -> uharfbuzz.Face:
    return uharfbuzz.Face(uharfbuzz.Blob(_face(font)._ttf_data))
