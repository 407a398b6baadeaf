"""Charts of papers and screens, drawn once: vectors in a PDF, a picture everywhere else.

The shades differ in lightness, so that a grey print can be read; every bar and point has its figure beside it.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.charts.barcharts import HorizontalBarChart
from reportlab.graphics.charts.linecharts import HorizontalLineChart
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.graphics.widgets.markers import makeMarker
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from kcdesk.documents import preview
from kcdesk.documents.blocks import CHART_SHADES, Chart
from kcdesk.documents.fonts import FACES, faces, printable
from kcdesk.letters import normalized

_SHADES = tuple(HexColor(f"#{shade}") for shade in CHART_SHADES)
_INK, _LINE = HexColor("#222222"), HexColor("#999999")
_MARKERS = ("FilledCircle", "FilledSquare", "FilledDiamond", "FilledTriangle", "Circle", "Square")
_LETTERS, _TITLE = 9, 11  # points
_BAR, _BETWEEN, _LINES = 11.0, 7.0, 150.0  # points: a bar, the room between categories, the height of lines
_TALLEST = 400.0  # points, of all bars: a landscape page has 480
_HEAD, _LEGEND, _FOOT = 22.0, 16.0, 8.0  # points above and below the drawing itself
_FIGURE = 22.0  # points above the highest point, for its figure
_LABELS = 0.34  # share of the width for names of categories, at most


def chart_size(chart: Chart, width: float) -> tuple[float, float]:
    """Width and height in points of a chart that is `width` points wide."""
    if chart.style == "lines":
        return width, _HEAD + _LINES + _LEGEND + _FOOT + _LETTERS + 6
    return width, _HEAD + min(_bars_height(chart), _TALLEST) + _LEGEND + _FOOT


def drawing(chart: Chart, width: float) -> Drawing:
    """Draw a chart, `width` points wide; the drawing may stand in a PDF as it is."""
    faces()
    width, height = chart_size(chart, width)
    made = Drawing(width, height)
    head = f"{chart.title} ({chart.unit})" if chart.unit else chart.title
    made.add(_text(_cut(head, width, _TITLE), 0, height - 14, _TITLE, bold=True))
    if chart.categories and chart.series:
        made.add(_lines(chart, width, height) if chart.style == "lines" else _bars(chart, width, height))
        _add_legend(made, chart, width)
    else:
        made.add(_text("Chưa có số liệu", 0, height - 34, _LETTERS))
    return made


def chart_png(chart: Chart, width: float, *, scale: float = 2.0) -> bytes:
    """A chart as a PNG picture; at scale 1 one point is one pixel."""
    pdf = BytesIO()
    renderPDF.drawToFile(drawing(chart, width), pdf)
    return preview.render_png(pdf.getvalue(), 0, scale)


# -- inside --------------------------------------------------------------------------------------------------------


def _bars(chart: Chart, width: float, height: float) -> Any:
    """Bars from left to right, the first category on top."""
    made = HorizontalBarChart()
    names = min(_widest(chart.categories), width * _LABELS)
    room = _widest([text for series in chart.series for text in series.texts]) + 8
    made.x, made.y = names + 8, _FOOT + _LEGEND
    made.width, made.height = max(width - names - 8 - room, 20), height - _HEAD - _LEGEND - _FOOT
    # A chart counts from below, a reader from above.
    made.data = [tuple(reversed(row)) for row in reversed(_data(chart))]
    texts = [tuple(reversed(series.texts)) for series in reversed(chart.series)]
    made.categoryAxis.categoryNames = [_cut(name, names, _LETTERS) for name in reversed(chart.categories)]
    made.categoryAxis.labels.boxAnchor, made.categoryAxis.labels.dx = "e", -4
    narrowed = min(_TALLEST / _bars_height(chart), 1)  # a chart is never taller than a page
    made.barWidth, made.groupSpacing, made.barSpacing = _BAR * narrowed, _BETWEEN * narrowed, 0
    made.barLabelFormat, made.barLabelArray = "values", [[printable(text) for text in row] for row in texts]
    made.barLabels.boxAnchor, made.barLabels.dx, made.barLabels.nudge = "w", 3, 0
    _set_letters(made.categoryAxis.labels, made.barLabels)
    for place, shade in enumerate(reversed(_shades(chart))):
        made.bars[place].fillColor, made.bars[place].strokeColor = shade, None
    _set_values(made.valueAxis, made.data)
    made.valueAxis.visible = False
    made.categoryAxis.strokeColor, made.categoryAxis.visibleTicks = _LINE, False
    return made


def _lines(chart: Chart, width: float, height: float) -> Any:
    """Lines over time, each with a mark of its own."""
    made = HorizontalLineChart()
    made.x, made.y = 8, _FOOT + _LEGEND + _LETTERS + 6
    made.width, made.height = width - 16, height - _HEAD - made.y - _FIGURE
    made.data = _data(chart)
    step = max(round(len(chart.categories) * (_widest(chart.categories) + 6) / made.width + 0.49), 1)
    made.categoryAxis.categoryNames = [
        printable(name) if place % step == 0 else "" for place, name in enumerate(chart.categories)
    ]
    made.categoryAxis.labels.boxAnchor, made.categoryAxis.labels.dy = "n", -3
    made.lineLabelFormat = "values"
    made.lineLabelArray = [
        [printable(text) if place % step == 0 else "" for place, text in enumerate(series.texts)]
        for series in chart.series
    ]
    made.lineLabels.boxAnchor, made.lineLabels.dy = "s", 4
    _set_letters(made.categoryAxis.labels, made.lineLabels)
    for place, shade in enumerate(_shades(chart)):
        made.lines[place].strokeColor, made.lines[place].strokeWidth = shade, 1.6
        made.lines[place].symbol = makeMarker(_MARKERS[place % len(_MARKERS)])
        made.lines[place].symbol.size, made.lines[place].symbol.fillColor = 5, shade
    _set_values(made.valueAxis, made.data)
    made.valueAxis.visible = False
    made.categoryAxis.strokeColor = _LINE
    return made


def _data(chart: Chart) -> list[tuple[float, ...]]:
    """The values as parts of the largest, so that no amount is too large or too small to be drawn."""
    largest = max((abs(value) for series in chart.series for value in series.values), default=0.0) or 1.0
    return [tuple(value / largest for value in series.values) for series in chart.series]


def _set_values(axis: Any, data: list[tuple[float, ...]]) -> None:
    """The axis begins at nothing, so that lengths can be compared."""
    values = [value for row in data for value in row]
    axis.valueMin, axis.valueMax = min(*values, 0.0), max(*values, 0.0) or 1.0
    axis.valueStep = axis.valueMax - axis.valueMin


def _set_letters(*labels: Any) -> None:
    for kind in labels:
        kind.fontName, kind.fontSize, kind.fillColor = FACES.regular, _LETTERS, _INK


def _add_legend(made: Drawing, chart: Chart, width: float) -> None:
    """Name the series from left to right below the chart; a chart of one series is named by its title."""
    if len(chart.series) < 2:
        return
    x = 0.0
    for series, shade in zip(chart.series, _shades(chart), strict=True):
        name = _cut(series.name, max(width / len(chart.series) - 18, 10), _LETTERS)
        made.add(Rect(x, _FOOT - 1, 8, 8, fillColor=shade, strokeColor=None))
        made.add(_text(name, x + 12, _FOOT, _LETTERS))
        x += 12 + _width(name) + 14


def _shades(chart: Chart) -> list[Color]:
    return [_SHADES[place % len(_SHADES)] for place in range(len(chart.series))]


def _bars_height(chart: Chart) -> float:
    return len(chart.categories) * (max(len(chart.series), 1) * _BAR + _BETWEEN) + _BETWEEN


def _text(text: str, x: float, y: float, size: float, *, bold: bool = False) -> String:
    return String(x, y, text, fontName=FACES.face(bold=bold), fontSize=size, fillColor=_INK)


def _widest(texts: Any) -> float:
    return max(map(_width, texts), default=0.0)


def _width(text: str, size: float = _LETTERS) -> float:
    return float(stringWidth(printable(text), FACES.regular, size))


def _cut(text: str, room: float, size: float) -> str:
    """The text in letters that the font has, its end left out where the room ends."""
    text = printable(normalized("NFC", " ".join(text.split())))
    if _width(text, size) <= room:
        return text
    while text and _width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
