"""Texts broken into lines between their words."""

from __future__ import annotations

from bisect import bisect

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics


def cut_line(text: str, metrics: QFontMetrics, width: int, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> str:
    """Return a line of at most this width, in pixels, with «…» where it is cut; `mode` says where.

    A line that fits as text is measured in whole pixels stays whole: Qt would cut it for a fraction of one.
    """
    return text if metrics.horizontalAdvance(text) <= width else metrics.elidedText(text, mode, width)


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


def two_line_width(text: str, metrics: QFontMetrics) -> int:
    """Return the pixels of a text in two lines, broken at the space that leaves the shorter lines."""
    words = text.split()

    def width(line: list[str]) -> int:
        return metrics.horizontalAdvance(" ".join(line))

    shorter = bisect(range(1, len(words)), False, key=lambda place: width(words[:place]) > width(words[place:]))
    places = [place for place in (shorter, shorter + 1) if place <= len(words)]  # last with the first line no longer
    return min((max(width(words[:place]), width(words[place:])) for place in places), default=0)


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
    return [cut_line(line, metrics, width, mode) for line in few if line]
