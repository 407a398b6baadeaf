"""«Hồ sơ có kết quả khác»: the open dossiers that a change of rules touches, to be opened or printed."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kcdesk.services.effects.rule_changes import touched_by_undoing
from kcdesk.ui.settings.effects.touched_table import TouchedTable
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, SECTION_GAP, labelled

NOTE = "Chương trình không tự sửa gì trong hồ sơ: hãy mở từng hồ sơ, xem mục «Quy định», rồi quyết định."


class TouchedDialog(Dialog):
    """Shows what `why` has changed; the list comes from `table.search` or `table.show_touched`."""

    help_topic = "changed_rules"

    def __init__(self, context: Context, why: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("touched.dialog")
        self.setWindowTitle("Hồ sơ có kết quả khác")
        self.begin_size(1000, 620)
        self.table = TouchedTable(context, why)
        self.table.record_wanted.connect(self._open)
        self._context = context
        self.finished.connect(self.table.stop)
        self.close_button = push_button("Đóng", "touched.close", self.reject)
        self.close_button.setDefault(True)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SECTION_GAP, SECTION_GAP, SECTION_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(why, "section", wrap=True))
        column.addWidget(labelled(NOTE, "help", wrap=True))
        column.addWidget(self.table, 1)
        column.addLayout(self.buttons)

    def _open(self, id_: str) -> None:
        self.reject()
        self._context.record_wanted.emit(id_)


class UndoRulesDialog(TouchedDialog):
    """Shows what taking back the newest file of rules would do; accepted means the officer agrees."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "Bỏ tệp quy định nhận sau cùng: quy định trước tệp ấy có hiệu lực trở lại.", parent)
        self.setWindowTitle("Bỏ tệp quy định")
        self.close_button.setText("Giữ tệp quy định")
        self.undo_button = push_button("Bỏ tệp quy định", "touched.undo", self.accept)
        self.buttons.addWidget(self.undo_button)
        self.table.search(touched_by_undoing)
