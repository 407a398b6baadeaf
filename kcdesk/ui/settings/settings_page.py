"""«Cài đặt»: theme, store and its safety, versions of the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kcdesk import moments
from kcdesk.errors import KcdeskError
from kcdesk.services.handover.trust import stamps_ahead
from kcdesk.services.maintenance import backup_copies
from kcdesk.services.personal import privacy_papers
from kcdesk.services.staff import own_details
from kcdesk.settings import LOCK_MINUTES
from kcdesk.text import format_date
from kcdesk.ui.dossier.personal.person_page import PersonPage
from kcdesk.ui.opening.old_copies_dialog import OldCopiesDialog
from kcdesk.ui.opening.passphrase_dialog import PassphraseDialog, change_passphrase
from kcdesk.ui.opening.recovery_key.given_key_dialog import GivenKeyDialog
from kcdesk.ui.opening.recovery_key.held_keys_dialog import HeldKeysDialog
from kcdesk.ui.settings.check_line import CheckLine
from kcdesk.ui.settings.copies.copies_page import CopiesPage, begin_restore
from kcdesk.ui.settings.law_page import LawPage
from kcdesk.ui.settings.own_details_dialog import OwnDetailsDialog
from kcdesk.ui.settings.phrases_dialog import PhrasesDialog
from kcdesk.ui.settings.rule_updates_card import RuleUpdates
from kcdesk.ui.settings.updating.program_card import ProgramVersions
from kcdesk.ui.settings.word_forms_card import WordForms
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.messages import open_outside
from kcdesk.ui.shell.outside_backup import back_up_outside
from kcdesk.ui.shell.page import Page
from kcdesk.ui.toolkit import sizes
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, FORM_WIDTH, GROUP_GAP, PAGE_MARGIN, SECTION_GAP, labelled

_THEMES = {
    "system": "Theo hệ điều hành",
    "light": "Sáng",
    "dark": "Tối",
    "contrast_light": "Tương phản cao, nền sáng",
    "contrast_dark": "Tương phản cao, nền tối",
}
_LETTERS_HELP = "Ctrl++ to hơn, Ctrl+- nhỏ hơn, Ctrl+0 về cỡ vừa."


class SettingsPage(Page):
    """Every setting takes effect at once."""

    help_topic = "settings"
    title = "Cài đặt"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.theme = self._choice_box("settings.theme", _THEMES, context.settings.theme, self._choose_theme)
        self.letters = self._choice_box(
            "settings.letters", sizes.LABELS, context.settings.letters, self._choose_letters
        )
        minutes = {number: f"Sau {number} phút không làm gì" if number else "Không tự khoá" for number in LOCK_MINUTES}
        self.lock_minutes = self._choice_box(
            "settings.lock", minutes, context.settings.lock_minutes, self._choose_lock_minutes
        )
        self.backup_age, self.check_line = labelled(), CheckLine(context)
        self.officer, self.unit, self.above = labelled(wrap=True), labelled(wrap=True), labelled(wrap=True)
        content = QWidget()
        keep_size(content, most_width=FORM_WIDTH)
        column = QVBoxLayout(content)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(
            _card("Giao diện", ("Màu nền", self.theme), ("Cỡ chữ", self.letters), ("", labelled(_LETTERS_HELP, "help")))
        )
        column.addWidget(_card("Đơn vị và cán bộ", *self._identity_lines()))
        column.addWidget(_card("Kho dữ liệu", *self._store_lines()))
        self.rules, self.program = RuleUpdates(context), ProgramVersions(context)
        law = push_button("Căn cứ pháp lý…", "settings.law", lambda: self.page_requested.emit(LawPage))
        column.addWidget(_card("Quy định", ("Văn bản", _row(law)), ("Từ cấp tỉnh", self.rules)))
        self.word_forms = WordForms(context)
        column.addWidget(_card("Mẫu Word của đơn vị", ("Giấy in theo", self.word_forms)))
        usual = push_button("Câu thường dùng…", "settings.phrases", self.edit_phrases)
        column.addWidget(_card("Gợi ý khi gõ", ("Nhận xét, lý do", _row(usual))))
        column.addWidget(_card("Dữ liệu cá nhân", *self._personal_lines()))
        column.addWidget(_card("Biểu mẫu đang dùng", *self._form_lines()))
        column.addWidget(_card("Chương trình", ("Phiên bản", self.program)))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def on_show(self) -> None:
        """Show how old the last backup is today."""
        self._show_backup_age()
        self.check_line.show_state()
        self.word_forms.show_forms()
        self.letters.setCurrentIndex(self.letters.findData(self.context.settings.letters))
        self.theme.setFocus()

    def take_in_files(self, paths: Sequence[Path], listed: str = "") -> None:
        """Show what an update brings, as «Cập nhật từ tệp…» does."""
        del listed
        soon(self, lambda: self.program.take_in(paths[0]))  # it asks: a file manager must not wait

    def back_up(self) -> None:
        """Make a backup now."""
        try:
            made = backup_copies.back_up(self.context.workspace)
        except KcdeskError as error:
            self.context.messages.error(error, self.back_up)
            return
        self._show_backup_age()
        self.context.messages.notice(f"Đã sao lưu vào {made.folder.name}.")

    def back_up_elsewhere(self) -> None:
        """Make a backup on a stick or another disk, where it survives the loss of the laptop."""
        back_up_outside(self.context)

    def change_passphrase(self) -> None:
        """Change the passphrase; the store is encrypted anew after the window is closed, which then opens again."""
        change_passphrase(self.context, self.window())

    def show_old_copies(self) -> None:
        """Show the copies that the passphrase before the last change still opens, and offer to remove them."""
        OldCopiesDialog(self.context, self.window()).exec()

    def show_province_key(self) -> None:
        """Give the key of this store to the province, end that; at the province: offer its key, open a lost store."""
        if self.context.workspace.level.decides:
            HeldKeysDialog(self.context, self.window()).exec()
        elif GivenKeyDialog(self.context, self.window()).exec():
            change_passphrase(self.context, self.window(), ends_consent=True)

    def make_recovery_code(self) -> None:
        """Make a new recovery code, which opens the store when the passphrase is forgotten."""
        if PassphraseDialog(self.context.workspace, only_code=True, parent=self.window()).exec():
            self.context.messages.notice("Đã tạo mã khôi phục mới; mã cũ không dùng được nữa.")

    def edit_details(self) -> None:
        """Change the names, title, telephone and address of the officer and the unit."""
        if OwnDetailsDialog(self.context, self.window()).exec():
            self.context.identity_changed.emit()
            self._show_details()

    def edit_phrases(self) -> None:
        """Add sentences to those offered while typing, or bring back those that are not offered any more."""
        if PhrasesDialog(self.context, self.window()).exec():
            self.context.messages.notice("Đã ghi câu thường dùng; có hiệu lực từ bây giờ.")

    def restore(self) -> None:
        """Choose a backup; it replaces the store after the window is closed, which then opens again."""
        begin_restore(self.context, self)

    def repair_stamps(self) -> None:
        """Bring back the stamps that a clock which ran ahead has left, after the officer has compared the clock."""
        workspace, messages = self.context.workspace, self.context.messages
        if (trouble := stamps_ahead.trouble(workspace)) is None:
            messages.notice("Không có dấu thời gian nào chạy trước giờ của máy; không phải sửa gì.")
            return
        question = f"Bây giờ có đúng là {stamps_ahead.present_moment(workspace)} không?"
        detail = f"{trouble.message} {stamps_ahead.WHAT_HAPPENS}"
        if messages.ask(question, detail, "Đúng giờ, sửa dấu thời gian", "Chưa đúng, để sau"):
            repaired = messages.guarded(lambda: stamps_ahead.repair(workspace))
            if repaired is not None:
                messages.notice(repaired.sentence())

    @staticmethod
    def _choice_box(name: str, choices: Mapping[Any, str], chosen: str | int, choose: Callable[[], None]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        for value, label in choices.items():
            box.addItem(label, value)
        box.setCurrentIndex(box.findData(chosen))
        box.activated.connect(lambda _place: choose())
        return box

    def _choose_theme(self) -> None:
        choice = self.theme.currentData()
        self.context.settings.theme = choice
        self.context.theme.choose(choice)

    def _choose_letters(self) -> None:
        letters = self.letters.currentData()
        self.context.settings.letters = letters
        self.context.theme.choose_letters(letters)

    def _choose_lock_minutes(self) -> None:
        self.context.settings.lock_minutes = self.lock_minutes.currentData()

    def _identity_lines(self) -> list[tuple[str, QWidget]]:
        workspace, unit = self.context.workspace, self.context.workspace.identity.unit
        province = workspace.places.province_name(unit.province) or unit.province
        self._show_details()
        return [
            ("Cán bộ", self.officer),
            ("Đơn vị", self.unit),
            ("Cấp", labelled(", ".join(filter(None, (workspace.level.label, province))), wrap=True)),
            ("Cấp trên", self.above),
            ("", _row(push_button("Sửa tên, chức vụ, địa chỉ…", "settings.details", self.edit_details))),
        ]

    def _show_details(self) -> None:
        details, code = own_details.details_of(self.context.workspace), self.context.workspace.identity.unit.code
        self.above.setText(details.above or "(không ghi)")
        self.officer.setText(", ".join(filter(None, (details.officer, details.title, details.phone))))
        self.unit.setText(", ".join(filter(None, (f"{details.unit} ({code})", details.address, details.unit_phone))))

    def _store_lines(self) -> list[tuple[str, QWidget]]:
        folder = self.context.workspace.store.folder
        practice = self.context.workspace.identity.practice
        kind = "Kho thực hành, không mã hoá" if practice else "Kho thật, đã mã hoá bằng mật khẩu"
        copies = _row(
            push_button("Sao lưu ngay", "settings.backup", self.back_up),
            push_button("Sao lưu ra nơi khác…", "settings.backup_elsewhere", self.back_up_elsewhere),
        )
        door = _row(
            push_button("Các bản sao lưu…", "settings.copies", lambda: self.page_requested.emit(CopiesPage)),
            push_button("Khôi phục từ bản sao lưu…", "settings.restore", self.restore),
        )
        look = _row(
            push_button("Mở thư mục", "settings.folder", lambda: open_outside(folder)),
            push_button("Sửa dấu thời gian…", "settings.stamps", self.repair_stamps),
        )
        change = _row(
            push_button("Đổi mật khẩu…", "settings.passphrase", self.change_passphrase),
            push_button("Tạo mã khôi phục mới…", "settings.recovery_code", self.make_recovery_code),
        )
        former = _row(
            push_button("Bản sao của mật khẩu cũ…", "settings.old_copies", self.show_old_copies),
            push_button("Khoá khôi phục của tỉnh…", "settings.province_key", self.show_province_key),
        )
        secret = [] if practice else [("Mật khẩu", change), ("", former), ("Khoá màn hình", self.lock_minutes)]
        return [
            ("Loại kho", labelled(kind, wrap=True)),
            ("Thư mục", labelled(str(folder), wrap=True)),
            ("", look),
            ("Kiểm tra", self.check_line),
            *secret,
            ("Sao lưu gần nhất", self.backup_age),
            ("", copies),
            ("", door),
        ]

    def _personal_lines(self) -> list[tuple[str, QWidget]]:
        def button(label: str, name: str, part: str) -> QPushButton:
            return push_button(label, name, lambda: self.page_requested.emit(partial(PersonPage, part=part)))

        papers = push_button("Mẫu đánh giá, thông báo…", "settings.privacy_papers", self.write_privacy_papers)
        log = button("Ai đã xem, gửi…", "settings.uses", "uses")
        return [
            ("Một người", _row(button("Tìm, in, xoá dữ liệu…", "settings.person", "person"))),
            ("Cơ quan", _row(log, button("Thời hạn lưu giữ…", "settings.terms", "terms"))),
            ("Giấy tờ", _row(papers)),
        ]

    def write_privacy_papers(self) -> None:
        """Write the papers on personal data that the office adapts, for Word."""
        folder = self.context.messages.choose_folder("Chọn nơi ghi hai mẫu Word", purpose="lists")
        if folder is None:
            return
        written = self.context.attempt(lambda: privacy_papers.write_papers(self.context.workspace, folder))
        if written:
            self.context.messages.written(written[0])

    def _form_lines(self) -> list[tuple[str, QWidget]]:
        workspace = self.context.workspace
        current = [workspace.forms.current(kind, workspace.today()) for kind in workspace.forms.kinds]
        return [
            (
                form.label,
                labelled(
                    f"Bản {form.version}, theo {form.source}" if form.source else f"Bản {form.version}", wrap=True
                ),
            )
            for form in current
        ]

    def _show_backup_age(self) -> None:
        latest = backup_copies.latest(self.context.workspace)
        self.backup_age.setText(_moment(latest) if latest else "Chưa có")


def _card(title: str, *lines: tuple[str, QWidget]) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    form = QFormLayout(card)
    form.setContentsMargins(SECTION_GAP, GROUP_GAP, SECTION_GAP, GROUP_GAP)
    form.setHorizontalSpacing(GROUP_GAP)
    form.setVerticalSpacing(FIELD_GAP)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    form.addRow(labelled(title, "section"))
    for label, field in lines:
        form.addRow(_caption(label), field)
    return card


def _row(*buttons: QPushButton) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(FIELD_GAP)
    for button in buttons:
        line.addWidget(button)
    line.addStretch(1)
    return row


def _caption(text: str) -> QLabel:
    caption = labelled(text, "muted", wrap=True)
    keep_size(caption, fixed_width=160)
    return caption


def _moment(moment: datetime) -> str:
    local = moments.local(moment)
    return f"{format_date(local.date())} {local:%H:%M}"
