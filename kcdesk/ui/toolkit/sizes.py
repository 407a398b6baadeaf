"""Sizes in pixels that follow the letters: written for normal letters, larger when the officer chooses larger ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from kcdesk.settings import LETTERS
from kcdesk.ui.toolkit.fitting.broken_lines import few_lines

NORMAL, *_ = LETTERS
_POINTS: Mapping[str, int] = dict(zip(LETTERS, (10, 12, 14), strict=True))
_SHEET_SIZE = re.compile(r"(?<![\w#.-])(\d+)(?:-(1))?(px|pt)\b")  # 4-1px: 4 pixels scaled, less a wider border
LABELS: Mapping[str, str] = dict(zip(LETTERS, ("Vừa", "Lớn", "Rất lớn"), strict=True))
_RADIUS = "border-radius: "
_BORDER = 2  # pixels; lines and borders up to this width do not grow
_PREFIX = "normal_"  # of the dynamic properties that keep a widget's sizes for normal letters
_CUT = "cut_text"
_SETTERS: Mapping[str, Callable[[Any, int], None]] = {
    "fixed_width": QWidget.setFixedWidth,
    "fixed_height": QWidget.setFixedHeight,
    "least_width": QWidget.setMinimumWidth,
    "least_height": QWidget.setMinimumHeight,
    "most_width": QWidget.setMaximumWidth,
    "most_height": QWidget.setMaximumHeight,
}


class _Chosen:
    """The size of letters that the program shows now."""

    letters = NORMAL


def set_letters(letters: str) -> None:
    """Scale from now on for letters of this size: one of LETTERS."""
    _Chosen.letters = letters


def letters() -> str:
    """Return the name of the present size of letters."""
    return _Chosen.letters


def neighbour(step: int) -> str:
    """Return the next larger (1) or smaller (-1) size of letters; the last one stays."""
    place = LETTERS.index(_Chosen.letters) + step
    return LETTERS[max(0, min(place, len(LETTERS) - 1))]


def points() -> int:
    """Return the size of the body font in points."""
    return _POINTS[_Chosen.letters]


def scaled(pixels: int, at: str = "") -> int:
    """Return pixels of normal letters in those of the present letters, or of the letters `at`."""
    return round(pixels * _POINTS[at or _Chosen.letters] / _POINTS[NORMAL])


def scaled_sheet(sheet: str) -> str:
    """Return a style sheet with its sizes in px and pt scaled; borders stay.

    The radius of a corner is rounded down: a corner rounder than half its box would be drawn square.
    """
    return _SHEET_SIZE.sub(_scaled_size, sheet)


def _scaled_size(size: re.Match[str]) -> str:
    number, less, unit = int(size[1]), int(size[2] or 0), size[3]
    is_radius = size.string[: size.start()].endswith(_RADIUS)
    grown = number * points() // _POINTS[NORMAL] if is_radius else scaled(number)
    return f"{number if unit == 'px' and number <= _BORDER else grown - less}{unit}"


def keep_size(widget: QWidget, **pixels: int) -> None:
    """Give a widget sizes that follow the letters: fixed_width, fixed_height, least_width, most_width and so on."""
    for name, size in pixels.items():
        widget.setProperty(_PREFIX + name, size)
        _SETTERS[name](widget, scaled(size))


def keep_cut(
    widget: QAbstractButton | QLabel,
    text: str,
    pixels: int,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    *,
    lines: int = 1,
) -> None:
    """Show a text in so many lines, cut to a width that follows the letters; the tool tip should show it in full."""
    widget.setProperty(_CUT, [text, pixels, mode.value, lines])
    _cut(widget)


def _cut(widget: QWidget) -> None:
    kept = widget.property(_CUT)
    if kept and isinstance(widget, QAbstractButton | QLabel):
        text, pixels, mode, lines = kept
        widget.ensurePolished()
        shown = few_lines(text, widget.fontMetrics(), scaled(pixels), lines, Qt.TextElideMode(mode))
        widget.setText("\n".join(shown))


def follow(widgets: Iterable[QWidget]) -> None:
    """Give widgets with kept sizes and cut texts those of the present letters."""
    for widget in widgets:
        _cut(widget)
        for name, setter in _SETTERS.items():
            size = widget.property(_PREFIX + name)
            if size is not None:
                setter(widget, scaled(size))
