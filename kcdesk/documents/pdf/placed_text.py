"""Writing placed letters into a PDF file: each glyph at its place, and for copying the letters that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportlab.lib.rl_accel import fp_str
from reportlab.pdfgen.textobject import PDFTextObject

from kcdesk.documents import shaping
from kcdesk.documents.shaping import Glyph, Piece

_NO_SUBSET = -1  # makes reportlab name the font again


class PlacedText(PDFTextObject):  # type: ignore[misc]  # reportlab has no types
    """A text object that draws the placed parts of its text glyph by glyph."""

    def _formatText(self, text: Any) -> str:  # noqa: N802
        """The operators for a text; called by reportlab for every text that is written."""
        if not isinstance(text, str) or not shaping.is_placed(text):
            return self._letter_by_letter(text)
        parts = shaping.pieces(text, self._fontname)
        return " ".join(self._placed(part) if part.glyphs else self._letter_by_letter(part.text) for part in parts)

    def _letter_by_letter(self, text: Any) -> str:
        return str(super()._formatText(text))

    def _placed(self, part: Piece) -> str:
        self._curSubset = _NO_SUBSET
        meant = part.text.encode("utf-16-be").hex().upper()
        return "\n".join([f"/Span <</ActualText <FEFF{meant}>>> BDC", *self._drawn(part), "EMC"])

    def _drawn(self, part: Piece) -> Iterator[str]:
        font, size, named, rise = shaping.registered(part.font), self._fontsize, "", self._rise
        for glyph in part.glyphs:
            ((subset, code),) = font.splitString(glyph.character, self._canvas._doc)
            name = font.getSubsetInternalName(subset, self._canvas._doc)
            if name != named:
                named = name
                yield f"{name} {fp_str(size)} Tf {fp_str(self._leading)} TL"
            height = self._rise + size * glyph.y / 1000
            if height != rise:
                rise = height
                yield f"{fp_str(rise)} Ts"
            yield _operator(glyph, self._canvas._escape(code))
        if rise != self._rise:
            yield f"{fp_str(self._rise)} Ts"


def _operator(glyph: Glyph, code: str) -> str:
    """Move to the place of a glyph, draw it, and move to where the next one begins."""
    before, after = fp_str(-glyph.x), fp_str(glyph.x + glyph.width - glyph.advance)
    return f"[{before} ({code}) {after}] TJ"
