"""The growth of the costs with the number of proposals, drawn: one line for each cost, both axes by powers of ten.

Times are those of the processor, so that a busy machine draws the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

# Label, colour and dashes, so that a grey print can be read too.
_LINES = {
    "report_ms": ("slowest report, all years, ms", "#D55E00", ""),
    "year_report_ms": ("slowest report of a year, ms", "#8A6D00", "8 4"),
    "overview_ms": ("first page, ms", "#009E73", ""),
    "open_ms": ("opening, ms", "#AA3377", "2 3"),
    "search_p99_ms": ("search p99, ms", "#0072B2", ""),
    "memory_mb": ("memory, MB", "#000000", "8 3 2 3"),
}
_LEFT, _TOP, _WIDTH, _HEIGHT = 70, 20, 400, 330
_DECADES = 5  # of the axis of costs: from 1 to 100,000
Figures = Sequence[Mapping[str, object]]


def draw(figures: Figures, path: Path) -> None:
    """Draw the figures of several scales into an SVG file."""
    body = "\n".join((*_axes(figures), *_lines(figures)))
    text = 'font-family="sans-serif" font-size="12"'
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="410" viewBox="0 0 720 410" {text}>\n'
        f'<rect width="720" height="410" fill="#FFFFFF"/>\n{body}\n</svg>\n',
        encoding="utf-8",
    )


def _across(figures: Figures, proposals: float) -> float:
    scales = [math.log10(float(str(line["proposals"]))) for line in figures]
    first, last = math.floor(min(scales)), max(math.ceil(max(scales)), math.floor(min(scales)) + 1)
    return _LEFT + _WIDTH * (math.log10(proposals) - first) / (last - first)


def _down(cost: float) -> float:
    return _TOP + _HEIGHT * (1 - math.log10(max(cost, 1.0)) / _DECADES)


def _axes(figures: Figures) -> Iterator[str]:
    for power in range(_DECADES + 1):
        y = _down(10**power)
        yield f'<path d="M{_LEFT} {y:.1f}h{_WIDTH}" stroke="#DDDDDD"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:,}</text>'
    for proposals in (int(str(line["proposals"])) for line in figures):
        x = _across(figures, proposals)
        yield f'<path d="M{x:.1f} {_TOP}v{_HEIGHT}" stroke="#DDDDDD"/>'
        yield f'<text x="{x:.1f}" y="{_TOP + _HEIGHT + 20}" text-anchor="middle">{proposals:,}</text>'
    yield f'<text x="{_LEFT + _WIDTH / 2}" y="{_TOP + _HEIGHT + 42}" text-anchor="middle">proposals</text>'


def _lines(figures: Figures) -> Iterator[str]:
    for number, (name, (label, colour, dashes)) in enumerate(_LINES.items()):
        costs = [(float(str(line["proposals"])), float(str(line[name]))) for line in figures]
        points = " ".join(f"{_across(figures, proposals):.1f},{_down(cost):.1f}" for proposals, cost in costs)
        style = f'fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dashes or "none"}"'
        y = _TOP + 20 + 24 * number
        yield f'<polyline points="{points}" {style}/>'
        yield f'<path d="M490 {y}h30" {style}/>'
        yield f'<text x="528" y="{y + 4}">{label}</text>'
