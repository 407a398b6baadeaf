"""The font Tinos, which has the widths of Times New Roman; registered when the first paper is written."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from kcdesk import paths


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
            width = super().stringWidth(text, 1, encoding)
            if len(self._widths) < _MAX_CACHED:
                self._widths[text] = width
        return width * size


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
        self[code] = code if code in glyphs else _substitute(code)
        return self[code]


def _substitute(code: int) -> str | None:
    """The text for a character that Tinos lacks: its code, as [U+1F600]; None for joiners and selectors."""
    is_unseen = unicodedata.category(chr(code)) in ("Cf", "Cc") or 0xFE00 <= code <= 0xFE0F
    return None if is_unseen else f"[U+{code:04X}]"


_printable = _Printable()


def printable(text: str) -> str:
    """The text with a visible substitute for every character that Tinos lacks."""
    return text if text.isascii() else text.translate(_printable)
