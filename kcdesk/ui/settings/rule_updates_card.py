"""The card of rule updates from the province: the received files, and buttons for the next."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kcdesk import moments, text
from kcdesk.services.effects import seen_rules
from kcdesk.services.rulebook import norm_drafts, updates
from kcdesk.services.rulebook.drafts.rule_entries import RuleSubject
from kcdesk.services.rulebook.drafts.subjects import SUBJECTS
from kcdesk.text import format_date
from kcdesk.ui.settings.area_dialog import AreaDialog
from kcdesk.ui.settings.effects.touched_dialog import TouchedDialog, UndoRulesDialog
from kcdesk.ui.settings.entering.rule_entry_dialog import RuleEntryDialog
from kcdesk.ui.settings.norm_dialog import NormDialog
from kcdesk.ui.settings.rules_dialog import RulesDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

_FILES = "Tệp quy định (*.xlsx)"


class RuleUpdates(QWidget):
    """Lists the received rule files; receives, signs and undoes them."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._taken = labelled(wrap=True)
        self.take_button = push_button("Nhận tệp quy định…", "settings.take_rules", self.take)
        self.undo_button = push_button("Bỏ tệp nhận sau cùng", "settings.undo_rules", self.undo)
        self.pack_button = push_button("Lập tệp quy định…", "settings.pack_rules", self.pack)
        self.pack_button.setVisible(context.workspace.level.decides)
        buttons = FlowRow(FIELD_GAP)
        self.enter_button = push_button("Nhập mức chi…", "settings.enter_norms", self.enter)
        level = context.workspace.level
        self.enter_button.setVisible(level.decides and not level.spans_provinces)
        self.areas_button = push_button("Danh mục địa bàn ưu tiên…", "settings.enter_areas", self.enter_areas)
        self.areas_button.setVisible(level.decides and not level.spans_provinces)
        self.touched_button = push_button("Hồ sơ có kết quả khác…", "settings.touched", self.show_touched)
        entering = [self._entering(subject) for subject in SUBJECTS]
        for button in (self.enter_button, *entering, self.areas_button, self.take_button, self.undo_button):
            buttons.add(button)
        buttons.add(self.pack_button)
        buttons.add(self.touched_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self._taken)
        column.addWidget(buttons)
        self.show_taken()

    def _entering(self, subject: RuleSubject) -> QPushButton:
        """The button that opens the form of a kind of rules; only where rules are decided."""
        name, act = f"settings.enter_{subject.name}", partial(self.enter_rules, subject)
        button = push_button(subject.button, name, act)
        level = self.context.workspace.level
        button.setVisible(level.decides and not level.spans_provinces)
        return button

    def show_taken(self) -> None:
        """List the received files, newest first."""
        taken = updates.installed_updates(self.context.workspace)
        lines = [_update_line(update) for update in taken]
        self._taken.setText("\n".join(lines) or "Chưa nhận tệp nào; đang dùng quy định đi kèm chương trình.")
        self.undo_button.setEnabled(bool(taken))
        self.touched_button.setEnabled(seen_rules.has_earlier_rules(self.context.workspace))

    def take(self) -> None:
        """Choose a file, show what it changes, receive it after the officer agrees."""
        path = self.context.messages.open_file("Nhận tệp quy định", _FILES, purpose="rules")
        if path is None:
            return
        preview = self.context.messages.guarded(lambda: updates.preview_update(self.context.workspace, path))
        if preview is not None:
            dialog = RulesDialog(self.context, preview, self)
            dialog.accepted.connect(lambda: self._take_in(path))
            dialog.open()

    def _take_in(self, path: Path) -> None:
        if self.context.messages.guarded(lambda: updates.install_update(self.context.workspace, path)):
            self._offer_reopening("Đã nhận quy định mới.")

    def _offer_reopening(self, done: str) -> None:
        """Say what was done; the rules are read when the store is opened, so offer to open it again now."""
        self.show_taken()
        self.context.messages.offer(f"{done} Kho này áp dụng từ lần mở sau.", "Mở lại ngay", self.context.open_again)

    def show_touched(self) -> None:
        """Show which open dossiers get another answer than before the last change of rules."""
        dialog = TouchedDialog(self.context, "Quy định hiện nay so với trước lần đổi gần nhất", self.window())
        dialog.table.search(seen_rules.touched_since)
        dialog.open()

    def undo(self) -> None:
        """Show which dossiers undoing the newest file touches; undo it when the officer agrees."""
        dialog = UndoRulesDialog(self.context, self)
        dialog.accepted.connect(self._undo)
        dialog.open()

    def _undo(self) -> None:
        about = self.context.messages.guarded(lambda: updates.undo_update(self.context.workspace))
        if about:
            self._offer_reopening(f"Đã bỏ tệp quy định của {about['name']}.")

    def enter(self) -> None:
        """Enter figures of support in a form, sign them for the units below; they count here too."""
        NormDialog(self.context, norm_drafts.own_territory(self.context.workspace), self._sign, self).open()

    def enter_rules(self, subject: RuleSubject) -> None:
        """Enter deadlines, advances or conditions in a form, sign them for the units below; they count here too."""
        RuleEntryDialog(self.context, subject, partial(self._sign, what=subject.label), self).open()

    def enter_areas(self) -> None:
        """Enter the list of priority areas by commune, sign it for the units below; it counts here too."""
        AreaDialog(self.context, partial(self._sign, what="địa bàn ưu tiên"), self).open()

    def _sign(self, files: dict[str, str], note: str, what: str = "mức hỗ trợ") -> bool:
        """Write the signed file; False when the officer names no place for it. Errors are those of `pack_texts`."""
        name = f"{text.upper_first(what)}.xlsx"
        path = self.context.messages.save_file("Ghi tệp quy định", name, _FILES, purpose="rules")
        if path is None:
            return False
        updates.pack_texts(self.context.workspace, files, path, note)
        self._offer_reopening(f"Đã ký {what} vào {path.name}. Hãy gửi tệp cho các đơn vị.")
        return True

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
            self._offer_reopening(f"Đã ký {made['files']} tệp quy định vào {path.name}. Hãy gửi tệp cho các đơn vị.")


def _update_line(update: dict[str, Any]) -> str:
    return f"{_day(update['taken_at'])}: {update['note'] or ', '.join(update['files'])} ({update['name']})"


def _day(moment: str) -> str:
    return format_date(moments.day(moment))
