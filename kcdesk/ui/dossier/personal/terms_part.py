"""«Thời hạn lưu giữ»: the periods with their sources, the records past them; nothing is erased by itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kcdesk.services.personal import people, rights
from kcdesk.services.personal.rights import Standing
from kcdesk.text import format_integer
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.decision_button import decision_button, push_button
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

HEADINGS = ("Hồ sơ đã hết thời hạn lưu giữ", "Loại", "Sửa lần cuối")
PERIODS = ("Loại hồ sơ", "Giữ bao lâu", "Căn cứ")
_EMPTY = "Chưa có hồ sơ nào hết thời hạn lưu giữ."
_SOME = (
    "Chương trình không tự xoá: xem từng hồ sơ rồi mới xoá dữ liệu cá nhân trong đó, nếu không còn lý do nào để giữ."
)
_REASON = "Hết thời hạn lưu giữ"


class TermsPart(QWidget):
    """The records past their term, oldest first; signals as those of the part about a person."""

    opened = Signal(str)
    erased = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._due: dict[str, Standing] = {}
        self.table = LinesTable("person.due", HEADINGS, 0, context.theme, whole={1, 2})
        self.table.setAccessibleName(HEADINGS[0])
        self.table.chosen.connect(self.opened)
        self.message = labelled(role="help", wrap=True)
        self.message.setObjectName("person.terms_message")
        self.opener = push_button("Mở hồ sơ", "person.open_due", self._open)
        self.eraser = decision_button("Xoá dữ liệu cá nhân trong hồ sơ này…", "person.erase_due", self.erase)
        self.periods = LinesTable("person.periods", PERIODS, 2, context.theme, whole={1})
        self.periods.setAccessibleName("Thời hạn lưu giữ theo loại hồ sơ")
        acts = FlowRow(FIELD_GAP)
        acts.add(self.opener)
        acts.add(self.eraser)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, FIELD_GAP, 0, 0)
        column.setSpacing(FIELD_GAP)
        for widget, share in ((self.message, 0), (self.table, 3), (acts, 0), (self.periods, 2)):
            column.addWidget(widget, share)
        self.setFocusProxy(self.table)

    def show_terms(self) -> None:
        """Read the periods and what is past them."""
        workspace = self._context.workspace
        self._due = {standing.record: standing for standing in rights.due(workspace)}
        self.table.show_lines([self._line(standing) for standing in self._due.values()])
        self.message.setText(f"{format_integer(len(self._due))} hồ sơ. {_SOME}" if self._due else _EMPTY)
        self.opener.setEnabled(bool(self._due))
        self.eraser.setEnabled(bool(self._due))
        forms = workspace.forms
        self.periods.show_lines([
            TableLine(str(row), (
                ", ".join(forms.current(kind).label for kind in period.kinds),
                f"{period.years} năm sau năm sửa lần cuối", period.level_of_proof(),
            ))
            for row, period in enumerate(workspace.retention)
        ])  # fmt: skip

    def erase(self) -> None:
        """Erase every personal value of the current record, after a reason."""
        workspace, record = self._context.workspace, self.table.key()
        if not record:
            return
        places = people.held_in(workspace, record).erasable() or {record: []}
        detail = (
            f"Mọi dữ liệu cá nhân trong «{self._due[record].title}» bị xoá hẳn, cả trong lịch sử. Không hoàn tác được."
        )
        reason = self._context.messages.ask_text("Xoá dữ liệu hết hạn", "Lý do", "Xoá hẳn", "Giữ lại", detail=detail)
        if (
            reason
            and self._context.attempt(lambda: rights.erase(workspace, places, f"{_REASON}: {reason}")) is not None
        ):
            self._context.messages.notice("Đã xoá dữ liệu cá nhân trong một hồ sơ.")
            self.erased.emit(rights.changes_of(workspace, _REASON, [record]))

    def _open(self) -> None:
        if self.table.key():
            self.opened.emit(self.table.key())

    def _line(self, standing: Standing) -> TableLine:
        label = self._context.workspace.forms.by_reference(
            self._context.workspace.store.get(standing.record).form
        ).label
        return TableLine(standing.record, (standing.title, label, standing.changed))
