"""What a pasted table would make of a list: every row with what cannot be read, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from kcdesk.services.records.pasted_records import PastedColumn, PastedRow, PastedTable
from kcdesk.text import format_integer
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_SIZE = (820, 520)  # pixels
_SHOWN = 500  # rows


class PasteDialog(Dialog):
    """Shows the rows; «Lập … hồ sơ» can be pressed when every cell can be read."""

    help_topic = "old_lists"

    def __init__(self, context: Context, table: PastedTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = context.workspace.forms.current(table.kind)
        self.setWindowTitle(f"Dán vào danh sách {form.plural.lower()}")
        self.begin_size(*_SIZE)
        columns = [column for column in table.columns if column.field is not None]
        heads = ["Dòng", "Cần sửa, cần xem", *(column.heading for column in columns)]
        self.lines = LinesTable("paste.lines", heads, 2, context.theme)
        self.lines.setAccessibleName("Các dòng sẽ lập hồ sơ")
        self.lines.show_lines([self._line(columns, row) for row in table.rows[:_SHOWN]])
        number, faults = len(table.rows), len(table.problems)
        self.summary = labelled(self._sentence(table), "problem" if faults else "strong", wrap=True)
        buttons = QDialogButtonBox()
        self.make = buttons.addButton(f"Lập {format_integer(number)} hồ sơ", QDialogButtonBox.ButtonRole.AcceptRole)
        self.make.setProperty("role", "main")
        self.make.setEnabled(not faults)
        buttons.addButton("Thôi", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.summary)
        column.addWidget(self.lines, 1)
        column.addWidget(buttons)

    def _line(self, columns: Sequence[PastedColumn], row: PastedRow) -> TableLine:
        words = "; ".join(row.problems or row.cautions)
        cells = [str(row.number), words, *(row.shown.get(column.heading, "") for column in columns)]
        tones = {1: "wrong" if row.problems else "waiting"} if words else {}
        return TableLine(str(row.number), cells, tones, {1: words})

    def _sentence(self, table: PastedTable) -> str:
        left_out = f" Cột không nhận: {', '.join(table.left_out)}." if table.left_out else ""
        if table.problems:
            return (
                f"{format_integer(len(table.problems))} chỗ không đọc được; hãy sửa trong Excel rồi dán lại.{left_out}"
            )
        looked_at = f" {format_integer(len(table.cautions))} chỗ cần đối chiếu trước khi lập." if table.cautions else ""
        return f"{format_integer(len(table.rows))} dòng đọc được hết; mỗi dòng thành một hồ sơ.{looked_at}{left_out}"
