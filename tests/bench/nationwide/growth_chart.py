"""The growth of the costs with the number of proposals, drawn: one line for each cost, both axes by powers of ten.

Times are those of the processor, so that a busy machine draws the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from reportlab.graphics import renderSVG
from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing, Line, String
from reportlab.graphics.widgets.markers import makeMarker
from reportlab.lib.colors import HexColor

_LINES = {
    "report_ms": ("slowest report, all years, ms", "#D55E00", "FilledCircle"),
    "year_report_ms": ("slowest report of a year, ms", "#E69F00", "FilledSquare"),
    "overview_ms": ("first page, ms", "#009E73", "FilledTriangle"),
    "open_ms": ("opening, ms", "#CC79A7", "FilledDiamond"),
    "search_p99_ms": ("search p99, ms", "#0072B2", "FilledPentagon"),
    "memory_mb": ("memory, MB", "#000000", "FilledHexagon"),
}
_PLOT = {"x": 60, "y": 50, "width": 400, "height": 330}


def draw(figures: Sequence[Mapping[str, object]], path: Path) -> None:
    """Draw the figures of several scales into an SVG file."""
    drawing, plot = Drawing(700, 410), LinePlot()
    for name, value in _PLOT.items():
        setattr(plot, name, value)
    scales = [math.log10(float(str(line["proposals"]))) for line in figures]
    plot.data = [
        list(zip(scales, [math.log10(max(float(str(line[name])), 0.1)) for line in figures], strict=True))
        for name in _LINES
    ]
    for axis in (plot.xValueAxis, plot.yValueAxis):
        axis.labelTextFormat = _power
        axis.valueStep = 1
        axis.visibleGrid = True
        axis.gridStrokeColor = HexColor("#DDDDDD")
    plot.xValueAxis.valueMin, plot.xValueAxis.valueMax = math.floor(min(scales)), math.ceil(max(scales))
    plot.yValueAxis.valueMin, plot.yValueAxis.valueMax = 0, 5
    for number, (label, colour, marker) in enumerate(_LINES.values()):
        plot.lines[number].strokeColor = HexColor(colour)
        plot.lines[number].strokeWidth = 2
        plot.lines[number].symbol = makeMarker(marker, size=6)
        height = 350 - 24 * number
        drawing.add(Line(475, height + 4, 495, height + 4, strokeColor=HexColor(colour), strokeWidth=3))
        drawing.add(String(500, height, label, fontSize=11))
    drawing.add(plot)
    drawing.add(String(230, 15, "proposals", fontSize=11))
    renderSVG.drawToFile(drawing, str(path))


def _power(value: float) -> str:
    return f"{10**value:,.10g}"
