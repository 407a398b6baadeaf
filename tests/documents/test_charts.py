"""Charts: every figure and name is in the PDF, the same chart is a picture in Word, and no text or value breaks it."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from kcdesk.documents import block_json, blocks, charts
from kcdesk.documents.blocks import Chart, ChartSeries, Document
from kcdesk.documents.pdf.pdf_writer import to_pdf
from kcdesk.documents.word.word_writer import to_docx

SOURCES = Chart(
    "Kinh phí khuyến công",
    "tỷ đồng",
    "bars",
    ("Khuyến công quốc gia", "Khuyến công địa phương"),
    (ChartSeries("Kế hoạch", (80.9, 98.2), ("80,9", "98,2")), ChartSeries("Thực hiện", (79.5, 0.0), ("79,5", "–"))),
)
MONTHS = tuple(f"Tháng {number}" for number in range(1, 13))


def of_months(values=(1.0,) * 12):
    texts = tuple(f"{value:g}" for value in values)
    return Chart("Giải ngân", "triệu đồng", "lines", MONTHS, (ChartSeries("2026", tuple(values), texts),))


@pytest.mark.parametrize("chart", [SOURCES, of_months()])
def test_a_pdf_names_categories_series_and_figures(printed, chart):
    paper = printed(Document(title="Biểu đồ", blocks=(chart,)))
    for words in (chart.title, chart.unit, chart.categories[0], chart.series[0].texts[0]):
        assert words in paper.text
    if len(chart.series) > 1:
        assert all(series.name in paper.text for series in chart.series)


def test_longer_bars_stand_for_larger_values():
    picture = Image.open(BytesIO(charts.chart_png(SOURCES, 400, scale=1))).convert("RGB")
    blue = (0x1D, 0x4E, 0x89)
    rows = {y: sum(picture.getpixel((x, y)) == blue for x in range(picture.width)) for y in range(picture.height)}
    first, second = (
        max(length for y, length in rows.items() if low < y < high)
        for low, high in ((0, picture.height // 2), (picture.height // 2, picture.height - 30))
    )
    assert first / second == pytest.approx(80.9 / 98.2, abs=0.02)


def test_word_has_the_chart_as_a_picture_with_its_title():
    word = docx.Document(BytesIO(to_docx(Document(title="Biểu đồ", blocks=(SOURCES,)))))
    (picture,) = word.inline_shapes
    assert picture.width.pt == pytest.approx(word.sections[0].page_width.pt - 45 / 25.4 * 72, abs=1)
    (properties,) = word.element.body.xpath(".//wp:docPr")
    assert properties.get("descr") == SOURCES.title


def test_no_category_says_that_there_are_no_figures(printed):
    paper = printed(Document(title="Trống", blocks=(Chart("Trống", "", "bars", (), ()),)))
    assert "Chưa có số liệu" in paper.text


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
amounts = st.floats(-1e18, 1e18)


@st.composite
def some_charts(draw):
    size = draw(st.integers(0, 6))
    series = st.builds(
        ChartSeries,
        words,
        st.lists(amounts, min_size=size, max_size=size).map(tuple),
        st.lists(words, min_size=size, max_size=size).map(tuple),
    )
    names = tuple(draw(st.lists(words, min_size=size, max_size=size)))
    drawn = st.lists(series, max_size=3).map(tuple)
    return Chart(draw(words), draw(words), draw(st.sampled_from(["bars", "lines"])), names, draw(drawn))


@given(some_charts())
@example(Chart("", "", "bars", ("A", "B"), (ChartSeries("", (0.0, 1.1e-308), ("", "0")),)))
def test_no_text_and_no_value_breaks_a_chart(chart):
    document = Document(title="Biểu đồ", blocks=(chart,))
    assert block_json.from_json(block_json.to_json(document)).blocks == document.blocks
    assert to_pdf(document).startswith(b"%PDF")


@pytest.mark.parametrize(
    "change",
    [{"values": (1.0,)}, {"texts": ()}, {"values": (float("nan"), 1.0)}, {"values": (1e300, 1.0)}],
)
def test_a_chart_of_a_package_that_is_not_whole_is_refused(change):
    series = ChartSeries(**{"name": "A", "values": (1.0, 2.0), "texts": ("1", "2"), **change})
    chart = Chart("A", "", "bars", ("B", "C"), (series,))
    text = block_json.to_json(Document(title="A", blocks=(chart,)))
    with pytest.raises(block_json.DocumentError):
        block_json.from_json(text)


def test_a_chart_takes_the_room_of_its_bars():
    _, height = charts.chart_size(SOURCES, 400)
    longer = blocks.Chart("A", "", "bars", tuple("abcdefgh"), SOURCES.series[:1])
    assert charts.chart_size(longer, 400)[1] > height


def test_the_largest_chart_of_a_package_still_fits_a_page(printed):
    size = 60
    series = tuple(ChartSeries(f"S{n}", tuple(map(float, range(size))), ("1",) * size) for n in range(6))
    page = blocks.PageSetup(landscape=True)
    chart = Chart("A", "", "bars", tuple(f"Dòng {number}" for number in range(size)), series)
    assert "Dòng 59" in printed(Document(title="Biểu đồ", blocks=(chart,), page=page)).text
