"""The minutes as PDF, filled and written, against platypus setting as many plain lines."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from tests.documents import samples

_ROUNDS = 15


def measure() -> dict[str, Any]:
    """Milliseconds for one filled paper, warm; `ratio` is against a plain document of as many paragraphs and pages."""
    from kcdesk.documents.pdf.pdf_writer import write_pdf
    from kcdesk.documents.preview import page_count

    layout = samples.layouts()["minutes_5a"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "minutes.pdf"
        contexts = [samples.context(copies=number + 1) for number in range(_ROUNDS)]
        value = _milliseconds(lambda number: write_pdf(layout.render(contexts[number]), path))
        pages, lines = page_count(path), _lines(path)
    baseline = _milliseconds(lambda _number: _plain(lines))
    return {
        "name": "minutes_pdf_ms",
        "value": round(value, 1),
        "aim": 45,
        "pages": pages,
        "baseline_ms": round(baseline, 1),
        "ratio": round(value / baseline, 2),
    }


def _milliseconds(act: Callable[[int], object]) -> float:
    """The median of several rounds; each gets its number, so that no paper is the same as the last."""
    times = []
    for number in range(_ROUNDS):
        start = time.perf_counter()
        act(number)
        times.append((time.perf_counter() - start) * 1000)
    return median(times[3:])


def _lines(path: Path) -> list[str]:
    from kcdesk.documents.preview import page_count, page_text

    return [line for page in range(page_count(path)) for line in page_text(path, page).splitlines() if line.strip()]


def _plain(lines: list[str]) -> None:
    """What reportlab needs at least: the same lines, one paragraph each, in one face, no tables."""
    from xml.sax.saxutils import escape

    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    from kcdesk.documents.fonts import faces

    style = ParagraphStyle("", fontName=faces().regular, fontSize=13, leading=17)
    SimpleDocTemplate(BytesIO(), invariant=1).build([Paragraph(escape(line), style) for line in lines])
