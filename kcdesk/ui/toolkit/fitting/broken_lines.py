"""Texts broken into lines between their words."""

from __future__ import annotations

from PySide6.QtCore import Qt
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


def few_lines(
    text: str,
    metrics: QFontMetrics,
    width: int,
    most: int = 2,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> list[str]:
    """Return a text in at most `most` lines, broken between words, each cut to this width; `mode` says where."""
    lines = broken_lines(text, metrics, width)
    few = (*lines[: most - 1], " ".join(lines[most - 1 :]))
    return [metrics.elidedText(line, mode, width) for line in few if line]
