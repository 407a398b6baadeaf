"""The table of the registration report (Mẫu số 2) as a workbook for printing: A4 landscape, heads on every page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.errors import KnownError
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import replace
from kcdesk.services.plans import lines as plan_lines
from kcdesk.services.plans import plan_budget, year_plans
from kcdesk.services.plans.lines import PlanLine
from kcdesk.services.records import permissions
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.exchange.workbook.looks import Look

_HEAD_ROW = 5
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
_FIRST_MONEY, _LAST_MONEY = 9, 12
# column, heading and name of what is written of a changed budget
_CHANGE_COLUMNS = (
    (2, "Quyết định", "paper"),
    (5, "Cơ quan quyết định", "authority"),
    (9, "Kinh phí trước", "budget_before"),
    (10, "Kinh phí sau", "budget_after"),
    (14, "Lý do", "reason"),
)


def write_workbook(workspace: Workspace, plan_id: str, path: Path) -> dict[str, Any]:
    """Write the table of a plan; returns {"xlsx", "rows"}. KnownError `not_written` if the file cannot be written."""
    from openpyxl import Workbook  # openpyxl takes 150 ms

    workspace.store.write_begun(plan_id)  # a paper of it is out: it stays
    plan = permissions.living(workspace, plan_id)
    lines = plan_lines.lines_of(workspace, plan)
    workbook = Workbook()
    workbook.active.title = "Mẫu số 2"
    table = _PlanTable(workbook.active)
    table.write_title(workspace, plan)
    table.write_lines(lines)
    below = table.write_changes(plan, len(lines))
    table.set_page(len(lines) + below)
    try:
        workbook.save(path)
    except OSError as error:
        raise KnownError(
            f"Không ghi được tệp {path.name}.", code="not_written", hint="Tệp có thể đang mở; hãy đóng rồi thử lại."
        ) from error
    return {"xlsx": str(path), "rows": len(lines)}


class _PlanTable:
    """The sheet, in the looks of every workbook of this program."""

    def __init__(self, sheet: Any) -> None:
        from kcdesk.exchange.workbook import looks  # openpyxl takes 150 ms

        self._sheet, self._looks, self._styler = sheet, looks, looks.styler(sheet)

    def write_title(self, workspace: Workspace, plan: Record) -> None:
        """Write the lines above the table."""
        practice = " (BẢN TẬP)" if workspace.identity.practice else ""
        title_lines = (
            f"BIỂU TỔNG HỢP CHI TIẾT CÁC ĐỀ ÁN{practice}",
            f"{plan.text('programme')} năm {plan.text('year')} – {workspace.identity.unit.name}",
            year_plans.summary(plan).sentence(),
            _UNVERIFIED,
        )
        plain = self._looks.PLAIN
        looks = (self._looks.TITLE, plain, plain, replace(plain, italic=True))
        for row, (line, look) in enumerate(zip(title_lines, looks, strict=True), start=1):
            self._styler.fill(self._sheet.cell(row, 1), line, look)

    def write_lines(self, lines: list[PlanLine]) -> None:
        """Write heads, lines and sums."""
        head, last = self._looks.PALE_HEAD, _HEAD_ROW + len(lines)
        for column, (heading, _width, _value) in enumerate(_COLUMNS, start=1):
            self._styler.fill(self._sheet.cell(_HEAD_ROW, column), heading, head)
        self._sheet.row_dimensions[_HEAD_ROW].height = self._looks.row_height(2)
        for row, line in enumerate(lines, start=_HEAD_ROW + 1):
            for column, (_heading, _width, value) in enumerate(_COLUMNS, start=1):
                self._styler.fill(self._sheet.cell(row, column), value(line), self._look(column))
            self._sheet.row_dimensions[row].height = self._height(line)
        for column in range(1, len(_COLUMNS) + 1):
            look = replace(self._look(column), bold=True)
            self._styler.fill(self._sheet.cell(last + 1, column), self._sum(column, len(lines)), look)

    def write_changes(self, plan: Record, lines: int) -> int:
        """Write below the sums how the budget was changed after the decision; return the number of rows."""
        changes, notes = plan_budget.changes_of(plan), plan_budget.budget_notes(plan)
        first = _HEAD_ROW + lines + 2
        if changes:
            plain = self._looks.PLAIN
            self._styler.fill(self._sheet.cell(first, 2), "Đổi kinh phí sau khi phê duyệt", replace(plain, bold=True))
            heads = [(column, heading) for column, heading, _name in _CHANGE_COLUMNS]
            for column, heading in heads:
                self._styler.fill(self._sheet.cell(first + 1, column), heading, self._looks.PALE_HEAD)
            for row, change in enumerate(changes, start=first + 2):
                for column, _heading, name in _CHANGE_COLUMNS:
                    self._styler.fill(self._sheet.cell(row, column), change.get(name), self._look(column))
                texts = ((str(change.get(name) or ""), _COLUMNS[column - 1][1]) for column, _, name in _CHANGE_COLUMNS)
                high = max(self._looks.lines_high(shown, width) for shown, width in texts)
                self._sheet.row_dimensions[row].height = self._looks.row_height(high)
        below = len(changes) + 2 if changes else 0
        for row, note in enumerate(notes, start=first + below):
            self._styler.fill(self._sheet.cell(row, 1), note, self._looks.PLAIN)
        return below + len(notes)

    def set_page(self, lines: int) -> None:
        """Set widths, frozen panes and the printed page."""
        sheet, last = self._sheet, self._looks.letter(len(_COLUMNS))
        self._looks.set_widths(sheet, [width for _heading, width, _value in _COLUMNS])
        sheet.freeze_panes = sheet.cell(_HEAD_ROW + 1, 3)
        sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
        sheet.print_area = f"A1:{last}{_HEAD_ROW + lines + 1}"
        self._looks.set_page(sheet)

    def _look(self, column: int) -> Look:
        if _is_money(column):
            return self._looks.Look(format=self._looks.MONEY, align="right", grid=True)
        return self._looks.Look(align="center" if column == 1 else "left", grid=True)

    def _sum(self, column: int, lines: int) -> str | None:
        """The formula of a column's sum; the word for it in the second column."""
        if _is_money(column) and lines:
            letter = self._looks.letter(column)
            return self._looks.Sum(f"=SUM({letter}{_HEAD_ROW + 1}:{letter}{_HEAD_ROW + lines})")
        return "Tổng cộng" if column == 2 else None

    def _height(self, line: PlanLine) -> float:
        wrapped = (self._looks.lines_high(str(value(line) or ""), width) for _heading, width, value in _COLUMNS)
        return self._looks.row_height(max(wrapped))


def _is_money(column: int) -> bool:
    return _FIRST_MONEY <= column <= _LAST_MONEY
