"""«Ai đã xem, in, gửi»: the log of the use of personal values."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kcdesk.services.personal import uses
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedCheckBox
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

HEADINGS = ("Lúc", "Cán bộ", "Việc", "Hồ sơ", "Ghi chú")
_EMPTY = "Chưa ai mở xem dữ liệu nhạy cảm, in hay gửi dữ liệu cá nhân."
_ABOUT = (
    "Sổ này tự ghi: mở hồ sơ có dữ liệu nhạy cảm, in giấy có dữ liệu cá nhân, gửi gói, kết xuất danh sách, in cho người"
    " ấy. Enter mở hồ sơ."
)


class UsesPart(QWidget):
    """The newest uses first, of everybody or of the records that were found; `opened` carries the id of a record."""

    opened = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._records: Sequence[str] = ()
        self._lines: list[uses.UseLine] = []
        self.only = WrappedCheckBox("Chỉ những hồ sơ vừa tìm thấy")
        self.only.setObjectName("person.only_found")
        self.only.toggled.connect(lambda _on: self.show_uses(self._records))
        self.table = LinesTable("person.uses", HEADINGS, 3, context.theme, whole={0, 2})
        self.table.setAccessibleName("Ai đã xem, in, gửi dữ liệu cá nhân")
        self.table.chosen.connect(self._open)
        self.message = labelled(wrap=True, role="muted")
        self.message.setObjectName("person.uses_message")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, FIELD_GAP, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.only)
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        self.setFocusProxy(self.table)

    def show_uses(self, records: Sequence[str]) -> None:
        """Read the log; `records` are those found last."""
        self._records = records
        self.only.setEnabled(bool(records))
        only = records if records and self.only.isChecked() else None
        self._lines = uses.use_lines(self._context.workspace, only)
        self.table.show_lines([_line(row, use) for row, use in enumerate(self._lines)])
        self.message.setText(_ABOUT if self._lines else _EMPTY)

    def _open(self, key: str) -> None:
        record = self._lines[int(key)].record
        if record:
            self.opened.emit(record)


def _line(row: int, use: uses.UseLine) -> TableLine:
    return TableLine(str(row), (use.at, use.officer, use.what, use.title or "(nhiều hồ sơ)", use.details))
