"""Texts broken into lines between their words."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics


def broken_lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Return a text in lines of at most this width, in pixels; a longer word has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
