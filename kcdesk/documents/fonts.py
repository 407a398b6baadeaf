"""The font Tinos, which has the widths of Times New Roman; registered when the first paper is written.

Letters that Tinos lacks or has to place are measured here and drawn by `documents/pdf/placed_text`.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from kcdesk import paths
from kcdesk.documents import shaping


class Faces(NamedTuple):
    """The names of the four registered faces."""

    regular: str
    bold: str
    italic: str
    bold_italic: str

    def face(self, *, bold: bool = False, italic: bool = False) -> str:
        """The face with this weight and slope."""
        return self[bold + 2 * italic]


FACES = Faces("Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic")


class _Font(TTFont):  # type: ignore[misc]  # reportlab has no types
    """A face that caches the width of each word, because papers repeat the same words often."""

    def __init__(self, name: str, filename: str) -> None:
        super().__init__(name, filename)
        self._widths: dict[str, float] = {}

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: N802
        """The width of a text in points."""
        width = self._widths.get(text)
        if width is None:
            width = self._width(text, encoding)
            if len(self._widths) < _MAX_CACHED:
                self._widths[text] = width
        return width * size

    def _width(self, text: str, encoding: str) -> float:
        if not isinstance(text, str) or not shaping.is_placed(text):
            return self._letter_by_letter(text, encoding)
        parts = shaping.pieces(text, self.fontName)
        return sum(
            part.advance / 1000 if part.glyphs else self._letter_by_letter(part.text, encoding) for part in parts
        )

    def _letter_by_letter(self, text: str, encoding: str) -> float:
        return float(super().stringWidth(text, 1, encoding))


_MAX_CACHED = 20_000  # words; about 2 MB


@cache
def faces() -> Faces:
    """Register the faces at the first call; returns their names."""
    rl_config.useA85 = 0  # no seven-bit encoding of files: it is slow, makes files a quarter longer, and is not needed
    for name in FACES:
        pdfmetrics.registerFont(_Font(name, str(paths.resources() / "fonts" / f"{name}.ttf")))
    return FACES


class _Printable(dict[int, int | str | None]):
    """A table for str.translate that is filled on demand."""

    def __missing__(self, code: int) -> int | str | None:
        glyphs = pdfmetrics.getFont(faces().regular).face.charToGlyph
        self[code] = code if code in glyphs or shaping.fallback(chr(code)) else _substitute(code)
        return self[code]


def _substitute(code: int) -> str | None:
    """The text for a character that no font has: its code, as [U+1F600]; None for joiners and selectors."""
    is_unseen = unicodedata.category(chr(code)) in ("Cf", "Cc") or 0xFE00 <= code <= 0xFE0F
    return None if is_unseen else f"[U+{code:04X}]"


_printable = _Printable()


def printable(text: str) -> str:
    """The text with a visible substitute for every character that no font of papers has."""
    return text if text.isascii() else text.translate(_printable)


def unprintable(text: str) -> str:
    """The characters, each once, that a paper can show only by their codes."""
    if text.isascii():
        return ""
    return "".join(dict.fromkeys(letter for letter in text if len(printable(letter)) > 1))
