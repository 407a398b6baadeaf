"""The card of rule updates from the province: the received files, and buttons for the next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk import moments
from kcdesk.services.rulebook import updates
from kcdesk.services.rulebook.updates import RulePreview
from kcdesk.text import format_date
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, SECTION_GAP, labelled
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_FILES = "Tệp quy định (*.xlsx)"
_SIZE = (720, 520)


class RuleUpdates(QWidget):
    """Lists the received rule files; receives, signs and undoes them."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._taken = labelled(wrap=True)
        self.take_button = _button("Nhận tệp quy định…", "settings.take_rules", self.take)
        self.undo_button = _button("Bỏ tệp nhận sau cùng", "settings.undo_rules", self.undo)
        self.pack_button = _button("Lập tệp quy định…", "settings.pack_rules", self.pack)
        self.pack_button.setVisible(context.workspace.identity.unit.level == "province")
        buttons = QHBoxLayout()
        buttons.setSpacing(FIELD_GAP)
        for button in (self.take_button, self.undo_button, self.pack_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self._taken)
        column.addLayout(buttons)
        self.show_taken()

    def show_taken(self) -> None:
        """List the received files, newest first."""
        taken = updates.installed_updates(self.context.workspace)
        lines = [_update_line(update) for update in taken]
        self._taken.setText("\n".join(lines) or "Chưa nhận tệp nào; đang dùng quy định đi kèm chương trình.")
        self.undo_button.setEnabled(bool(taken))

    def take(self) -> None:
        """Choose a file, show what it changes, receive it after the officer agrees."""
        path = self.context.messages.open_file("Nhận tệp quy định", _FILES, purpose="rules")
        if path is None:
            return
        preview = self.context.messages.guarded(lambda: updates.preview_update(self.context.workspace, path))
        if preview is not None:
            dialog = RulesDialog(preview, self)
            dialog.accepted.connect(lambda: self._take_in(path))
            dialog.open()

    def _take_in(self, path: Path) -> None:
        if self.context.messages.guarded(lambda: updates.install_update(self.context.workspace, path)):
            self.show_taken()
            self.context.messages.notice("Đã nhận quy định mới; áp dụng từ lần mở chương trình sau.")

    def undo(self) -> None:
        """Undo the newest file."""
        about = self.context.messages.guarded(lambda: updates.undo_update(self.context.workspace))
        if about:
            self.show_taken()
            self.context.messages.notice(f"Đã bỏ tệp quy định của {about['name']}; áp dụng từ lần mở sau.")

    def pack(self) -> None:
        """Sign the rules in a folder as one file for the units below."""
        messages = self.context.messages
        folder = messages.choose_folder("Thư mục chứa các tệp quy định mới", purpose="rules")
        if folder is None:
            return
        note = messages.ask_text("Lập tệp quy định", "Những gì thay đổi, một câu", "Tiếp tục", "Thôi", kind="line")
        path = messages.save_file("Ghi tệp quy định", "Quy định.xlsx", _FILES, purpose="rules") if note else None
        if path is None:
            return
        made = messages.guarded(lambda: updates.pack(self.context.workspace, folder, path, note))
        if made:
            messages.notice(f"Đã ký {made['files']} tệp quy định vào {path.name}.")


class RulesDialog(Dialog):
    """Shows who made a rule file and every entry it changes; accepted means the officer agrees."""

    def __init__(self, preview: RulePreview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Nhận tệp quy định")
        self.begin_size(*_SIZE)
        rules = preview.rules
        self.changes = WrappedList()
        self.changes.setObjectName("rules.changes")
        self.changes.addItems([change.sentence() for change in preview.changes] or ["Không thay đổi gì."])
        column = QVBoxLayout(self)
        column.setContentsMargins(SECTION_GAP, SECTION_GAP, SECTION_GAP, SECTION_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(labelled(rules.note or "Quy định mới", "section", wrap=True))
        made = f"{rules.name} ({rules.unit}), {rules.officer} lập ngày {_day(rules.made_at)}."
        column.addWidget(labelled(made, wrap=True))
        column.addWidget(labelled(f"Dấu khoá ký: {preview.fingerprint}", "muted", wrap=True))
        column.addWidget(self.changes, 1)
        column.addWidget(labelled(self._verdict(preview), "strong", wrap=True))
        column.addWidget(self._buttons(preview))

    def _verdict(self, preview: RulePreview) -> str:
        if preview.obstacle:
            return f"{preview.obstacle} {preview.hint}"
        if preview.already:
            return "Tệp này đã nhận trước đây."
        return "Hồ sơ cũ giữ quy định cũ. Hồ sơ mới theo quy định mới từ ngày áp dụng ghi trong đó."

    def _buttons(self, preview: RulePreview) -> QDialogButtonBox:
        box = QDialogButtonBox()
        close = box.addButton("Đóng", QDialogButtonBox.ButtonRole.RejectRole)
        box.rejected.connect(self.reject)
        if not preview.obstacle and not preview.already:
            accept = box.addButton("Nhận quy định", QDialogButtonBox.ButtonRole.AcceptRole)
            accept.setObjectName("rules.accept")
            accept.setProperty("role", "main")
            accept.setDefault(True)
            box.accepted.connect(self.accept)
        else:
            close.setDefault(True)
        return box


def _button(label: str, name: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(name)
    button.clicked.connect(lambda: act())
    return button


def _update_line(update: dict[str, Any]) -> str:
    return f"{_day(update['taken_at'])}: {update['note'] or ', '.join(update['files'])} ({update['name']})"


def _day(moment: str) -> str:
    return format_date(moments.day(moment))
