"""The table of the registration report (Mẫu số 2) as a workbook for printing: A4 landscape, heads on every page."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

from kcdesk.errors import KnownError
from kcdesk.formdef.record import Record
from kcdesk.services.plans import lines as plan_lines
from kcdesk.services.plans import year_plans
from kcdesk.services.plans.lines import PlanLine
from kcdesk.services.records import permissions
from kcdesk.services.workspace import Workspace
from kcdesk.text import portable

_HEAD_ROW = 5
_MONEY = "#,##0"
_UNVERIFIED = "Các cột theo nội dung Điều 5, Điều 6 TT 36/2013/TT-BCT; bố cục Mẫu số 2 chưa đối chiếu. Đơn vị: đồng."
# heading, width in characters, value; money columns get a total
_COLUMNS: tuple[tuple[str, int, Callable[[PlanLine], Any]], ...] = (
    ("TT", 5, lambda line: line.number),
    ("Tên đề án", 32, lambda line: line.title),
    ("Dạng đề án", 11, lambda line: line.scheme),
    ("Nội dung hoạt động", 18, lambda line: line.activity),
    ("Đơn vị thực hiện", 17, lambda line: line.implementing),
    ("Đơn vị thụ hưởng", 18, lambda line: line.beneficiaries),
    ("Địa điểm", 17, lambda line: line.place),
    ("Thời gian", 12, lambda line: line.period),
    ("Tổng kinh phí", 15, lambda line: line.total_cost),
    ("Khuyến công hỗ trợ", 15, lambda line: line.support),
    ("Vốn đối ứng", 15, lambda line: line.counterpart),
    ("Nguồn khác", 12, lambda line: line.other),
    ("Trong kinh phí", 8, lambda line: "Có" if line.fits else "Không"),
    ("Lý do ưu tiên", 34, lambda line: line.priority),
    ("Ghi chú", 20, lambda line: line.why),
)
_LINE = 15  # height of a line of text in points
_FIRST_MONEY, _LAST_MONEY = 9, 12


def write_workbook(workspace: Workspace, plan_id: str, path: Path) -> dict[str, Any]:
    """Write the table of a plan; returns {"xlsx", "rows"}. KnownError `not_written` if the file cannot be written."""
    from openpyxl import Workbook  # openpyxl takes 150 ms

    plan = permissions.living(workspace, plan_id)
    lines = plan_lines.lines_of(workspace, plan)
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Mẫu số 2"
    _write_title(workspace, sheet, plan)
    _write_lines(sheet, lines)
    _set_page(sheet, len(lines))
    try:
        workbook.save(path)
    except OSError as error:
        raise KnownError(
            f"Không ghi được tệp {path.name}.", code="not_written", hint="Tệp có thể đang mở; hãy đóng rồi thử lại."
        ) from error
    return {"xlsx": str(path), "rows": len(lines)}


def _write_title(workspace: Workspace, sheet: Any, plan: Record) -> None:
    from openpyxl.styles import Font  # openpyxl takes 150 ms

    practice = " (BẢN TẬP)" if workspace.identity.practice else ""
    title_lines = (
        f"BIỂU TỔNG HỢP CHI TIẾT CÁC ĐỀ ÁN{practice}",
        f"{plan.text('programme')} năm {plan.text('year')} – {workspace.identity.unit.name}",
        year_plans.summary(plan).sentence(),
        _UNVERIFIED,
    )
    for row, line in enumerate(title_lines, start=1):
        cell = sheet.cell(row, 1)
        _set_value(cell, line)
        cell.font = Font(name="Times New Roman", size=14 if row == 1 else 11, bold=row == 1, italic=row == 4)


def _write_lines(sheet: Any, lines: list[PlanLine]) -> None:
    for column, (heading, _width, _value) in enumerate(_COLUMNS, start=1):
        _write_cell(sheet.cell(_HEAD_ROW, column), heading, head=True)
    for row, line in enumerate(lines, start=_HEAD_ROW + 1):
        for column, (_heading, _width, value) in enumerate(_COLUMNS, start=1):
            _write_cell(sheet.cell(row, column), value(line))
        sheet.row_dimensions[row].height = _height(line)
    sheet.row_dimensions[_HEAD_ROW].height = 2.2 * _LINE
    last = _HEAD_ROW + len(lines)
    for column in range(1, len(_COLUMNS) + 1):
        letter = sheet.cell(_HEAD_ROW, column).column_letter
        is_money = _FIRST_MONEY <= column <= _LAST_MONEY
        total = f"=SUM({letter}{_HEAD_ROW + 1}:{letter}{last})" if is_money and lines else None
        _write_cell(sheet.cell(last + 1, column), "Tổng cộng" if column == 2 else None, head=True)
        if total:
            sheet.cell(last + 1, column).value = total
            sheet.cell(last + 1, column).number_format = _MONEY


def _height(line: PlanLine) -> float:
    """The height in points that the longest cell of a line needs; not every spreadsheet program computes it."""
    wrapped = [
        sum(ceil((len(part) + 2) * 0.85 / width) for part in str(value(line) or "").split("\n"))
        for _heading, width, value in _COLUMNS
    ]
    return min(409, max(wrapped) * _LINE + 3)  # the maximum height of a row in Excel


def _write_cell(cell: Any, value: Any, *, head: bool = False) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side  # openpyxl takes 150 ms

    _set_value(cell, value)
    thin = Side(style="thin")
    cell.border = Border(thin, thin, thin, thin)
    cell.font = Font(name="Times New Roman", size=11, bold=head)
    across = "center" if head or cell.column == 1 else None
    cell.alignment = Alignment(wrap_text=True, vertical="center" if head else "top", horizontal=across)
    if isinstance(value, int) and cell.column > 1:
        cell.number_format = _MONEY


def _set_value(cell: Any, value: Any) -> None:
    """Set a value; text is stored as text even if it begins with «=»."""
    cell.value = portable(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"


def _set_page(sheet: Any, lines: int) -> None:
    for column, (_heading, width, _value) in enumerate(_COLUMNS, start=1):
        sheet.column_dimensions[sheet.cell(_HEAD_ROW, column).column_letter].width = width
    sheet.freeze_panes = sheet.cell(_HEAD_ROW + 1, 3)
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.print_area = f"A1:{sheet.cell(_HEAD_ROW, len(_COLUMNS)).column_letter}{_HEAD_ROW + lines + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.oddFooter.right.text = "Trang &P/&N"
