"""What can be done with the register of instruments: add one, say how it was read, tick, confirm, take back, send."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kcdesk.formdef.law.checks import LawCheck
from kcdesk.services.effects.rule_changes import touched_by_instrument
from kcdesk.services.law import checking, own_instruments
from kcdesk.services.records import changing
from kcdesk.services.records.changing import Changes
from kcdesk.services.rulebook import updates
from kcdesk.ui.settings.effects.touched_dialog import TouchedDialog
from kcdesk.ui.settings.tick_dialog import TickDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.theme import FIELD_GAP

_FILES = "Tệp quy định (*.xlsx)"
_REASON = "Vì sao rút lại (giữ trong lịch sử)"


class LawActs(QWidget):
    """The buttons below the register; they act on the instrument that `show_instrument` names.

    `written` is emitted after a change; `entry_wanted` carries the id of a record to be filled in.
    """

    written = Signal()
    entry_wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._number = context, ""
        self._check: LawCheck | None = None
        self.add_button = push_button("Thêm văn bản…", "law.add", self.add)
        self.edit_button = push_button("Sửa thông tin văn bản…", "law.edit", self.edit)
        self.tick_button = push_button("Đã đối chiếu…", "law.tick", self.tick)
        self.confirm_button = push_button("Người thứ hai xác nhận…", "law.confirm", self.confirm)
        self.back_button = push_button("Rút lại đối chiếu…", "law.take_back", self.take_back)
        self.send_button = push_button("Ký và gửi các đơn vị…", "law.send", self.send)
        self.send_button.setVisible(context.workspace.level.decides)
        self.touched_button = push_button("Hồ sơ có kết quả khác…", "law.touched", self.show_touched)
        buttons = FlowRow(FIELD_GAP)
        for button in (self.tick_button, self.confirm_button, self.back_button):
            buttons.add(button)
        for button in (self.add_button, self.edit_button, self.touched_button, self.send_button):
            buttons.add(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(buttons)
        self.show_instrument("")

    def show_instrument(self, number: str, check: LawCheck | None = None) -> None:
        """Act on this instrument from now on, and on this comparison of it; "" and None for none."""
        self._number, self._check = number, check
        for button in (self.edit_button, self.tick_button, self.touched_button):
            button.setEnabled(bool(number))
        self.confirm_button.setEnabled(check is not None and not check.is_complete)
        self.back_button.setEnabled(check is not None)

    def add(self) -> None:
        """Begin an instrument that the register does not have."""
        self._begin({})

    def edit(self) -> None:
        """Open the office's own entry of the instrument; begin one from what is known if there is none."""
        workspace = self._context.workspace
        own = own_instruments.own_record(workspace, self._number)
        entry = workspace.forms.law.get(self._number)
        if own:
            self.entry_wanted.emit(own)
        elif entry is not None:
            self._begin(own_instruments.values_of(entry))

    def tick(self) -> None:
        """Write down that somebody compared the instrument."""
        self._open(TickDialog(self._context, self._number, None, self.window()))

    def confirm(self) -> None:
        """Let the second person confirm the comparison that waits."""
        if self._check is not None:
            self._open(TickDialog(self._context, self._number, self._check, self.window()))

    def take_back(self) -> None:
        """Take the comparison back, with a reason."""
        check = self._check
        if check is None:
            return
        title = "Rút lại đối chiếu"
        reason = self._context.messages.ask_text(title, _REASON, "Rút lại", "Giữ nguyên", kind="line")
        if reason:
            self._announce(self._context.attempt(lambda: checking.take_back(self._context.workspace, check, reason)))

    def show_touched(self) -> None:
        """Show which open dossiers get another answer by what was entered and compared of the instrument."""
        number, why = self._number, f"Những gì đã nhập và đối chiếu về {self._number}"
        dialog = TouchedDialog(self._context, why, self.window())
        dialog.table.search(lambda beside, progress: touched_by_instrument(beside, number, progress))
        dialog.open()

    def send(self) -> None:
        """Sign what was entered and compared as a file of rules for the units below."""
        messages, workspace = self._context.messages, self._context.workspace
        path = messages.save_file("Ghi tệp quy định", "Đối chiếu văn bản.xlsx", _FILES, purpose="rules")
        if path is None:
            return
        note = "Văn bản đã nhập và đã đối chiếu"
        if messages.guarded(lambda: updates.pack_texts(workspace, {}, path, note)):
            messages.notice(f"Đã ký vào {path.name}. Hãy gửi tệp cho các đơn vị.")

    # -- inside ----------------------------------------------------------------------------------------------------

    def _begin(self, values: dict[str, object]) -> None:
        begun = self._context.attempt(lambda: changing.begin(self._context.workspace, own_instruments.KIND, values))
        if begun:
            self.entry_wanted.emit(begun)

    def _open(self, dialog: TickDialog) -> None:
        dialog.accepted.connect(lambda: self._announce(dialog.changes))
        dialog.open()

    def _announce(self, changes: Changes | None) -> None:
        if changes is not None:
            self._context.announce(changes)
            self.written.emit()
