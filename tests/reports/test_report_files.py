"""A report as PDF, Word, workbook and picture: the same figures everywhere, no text that becomes a formula."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
from PIL import Image

from kcdesk.documents import preview
from kcdesk.errors import UserError
from kcdesk.reports.report_table import ReportTable
from kcdesk.services.reporting import paper, report_workbook, running
from kcdesk.services.reporting.figures import money_unit
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.workspace import Workspace
from tests.reports.conftest import Insert

BILLION = 10**9
# As printed by the seventeenth conference of the northern provinces for 2022; tenths of a billion.
NATIONAL, LOCAL = (809, 795), (982, 909)


@pytest.fixture
def conference(workspace: Workspace, insert: Insert) -> ReportTable:
    """The money of 2022 by source, with a hostile name of an office."""
    for programme, (planned, executed) in (("national", NATIONAL), ("local", LOCAL)):
        insert(
            "opening_total",
            unit_name='=HYPERLINK("http://x")',
            year_from=2022,
            year_to=2022,
            programme=programme,
            planned=planned * BILLION // 10,
            executed=executed * BILLION // 10,
        )
    return running.run(workspace, Wanted(name="funding", period=running.wanted_period("2022", "2022", "")))


def test_the_pdf_has_figures_charts_and_places_to_sign(
    workspace: Workspace, conference: ReportTable, tmp_path: Path
) -> None:
    made = paper.print_report(workspace, conference, tmp_path / "r.pdf", money_unit("tỷ"))
    text = "\n".join(preview.page_text(tmp_path / "r.pdf", page) for page in range(made["pages"]))
    for words in ("80,9", "79,5", "98,3", "92,6", "46,7", "53,3", "Đơn vị tính tiền: tỷ đồng", "NGƯỜI LẬP"):
        assert words in text
    assert text.count("Khuyến công quốc gia") == 2  # in the table and in the chart


def test_word_has_the_same_table_and_the_chart(workspace: Workspace, conference: ReportTable, tmp_path: Path) -> None:
    paper.write_report_docx(workspace, conference, tmp_path / "r.docx", money_unit("tỷ"))
    word = docx.Document(str(tmp_path / "r.docx"))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert {"80,9", "98,3", "179,1", "Tổng cộng"} <= set(cells)
    assert len(word.inline_shapes) == 1


def test_the_workbook_has_numbers_sums_and_a_chart(
    workspace: Workspace, conference: ReportTable, tmp_path: Path
) -> None:
    report_workbook.write_report_workbook(workspace, conference, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    assert sheet is not None
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=4) if row[0].value}
    assert rows["Khuyến công quốc gia"][1].value == 80_900_000_000
    assert rows["Tổng cộng"][1].value == "=SUM(B5:B6)"
    assert rows["Tổng cộng"][3].value == 95.1  # a rate of totals is no sum
    with zipfile.ZipFile(tmp_path / "r.xlsx") as parts:
        assert [name for name in parts.namelist() if "/charts/" in name] == ["xl/charts/chart1.xml"]


def test_a_hostile_name_stays_a_text_in_the_workbook(
    workspace: Workspace, conference: ReportTable, tmp_path: Path
) -> None:
    assert conference.rows
    by_unit = running.run(workspace, Wanted(name="funding", by=("unit",)))
    report_workbook.write_report_workbook(workspace, by_unit, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    assert sheet is not None
    hostile = [cell for (cell,) in sheet.iter_rows(max_col=1) if str(cell.value).startswith("=HYPERLINK")]
    assert [cell.data_type for cell in hostile] == ["s"]


def test_the_chart_is_a_picture(workspace: Workspace, conference: ReportTable, tmp_path: Path) -> None:
    paper.write_picture(workspace, conference, tmp_path / "r.png")
    picture = Image.open(BytesIO((tmp_path / "r.png").read_bytes()))
    assert picture.width == 2 * paper.PICTURE_WIDTH


def test_one_row_has_no_chart_and_says_so(workspace: Workspace, tmp_path: Path) -> None:
    table = running.run(workspace, Wanted(name="failed_items"))
    with pytest.raises(UserError) as caught:
        paper.write_picture(workspace, table, tmp_path / "r.png")
    assert caught.value.code == "no_chart"
    assert not (tmp_path / "r.png").exists()
