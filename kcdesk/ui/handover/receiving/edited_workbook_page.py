"""A package of this unit that was edited in Excel or LibreOffice: its changed cells, proposed without a signature."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QPushButton, QVBoxLayout

from kcdesk.progress import Progress
from kcdesk.services.handover.collecting import batch_receiving
from kcdesk.services.handover.packages import decision_workbooks, edited_workbooks
from kcdesk.services.records.changing import Changes
from kcdesk.services.workspace import Workspace
from kcdesk.ui.handover.package_names import package_name
from kcdesk.ui.handover.receiving.original_letter import letter_dialog
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.count_chips import CountChips
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled, set_tone

_COLUMNS = ("Kết quả", "Trang", "Hồ sơ", "Mục", "Đã gửi", "Trong bảng tính", "Vì sao")
_EMPTY = "(trống)"


class EditedWorkbookPage(Page):
    """Shows every changed cell; refused cells have a reason and are coloured in a copy beside the file."""

    help_topic = "edited_workbook"
    title = "Bảng tính đã sửa gửi về"

    def __init__(self, context: Context, path: Path, password: str, workbook: dict[str, Any]) -> None:
        super().__init__(context)
        self._path, self._password, self.workbook = path, password, workbook
        self.summary = labelled(role="section", wrap=True)
        self._notes = labelled(role="muted", wrap=True)
        self.chips = CountChips("edits.show")
        self.chips.chosen.connect(lambda _name: self._show_rows())
        self.table = LinesTable("edits.rows", _COLUMNS, 2, context.theme)
        self.table.setAccessibleName("Những ô đã sửa trong tệp")
        self.table.chosen.connect(self._open)
        self.table.moved.connect(self._show_whole)
        self.whole = labelled(wrap=True)
        self.single = QPushButton("Nhận riêng ô này")
        self.single.setObjectName("edits.single")
        self.single.clicked.connect(lambda: self.take_in_selected())
        self._lay_out()
        self._show()

    def main_action(self) -> PageCommand | None:
        """Return receiving the acceptable cells; for another unit's package the letter that asks for the original."""
        if self._is_of_others:
            return PageCommand("Xin gói gốc…", self.ask_again)
        taken = self._numbers()["accepted"]
        if self.workbook["applied"] or not taken:
            return None
        return PageCommand(f"Nhận {wording.number(taken, 'ô')}", self.take_in)

    def on_show(self) -> None:
        """Focus the cells."""
        self.table.setFocus()

    def ask_again(self) -> None:
        """Show the letter that asks the sender for the original package."""
        dialog = self.context.attempt(self.letter_dialog)
        if dialog is not None:
            dialog.exec()

    def letter_dialog(self) -> QDialog:
        """Return the print preview of that letter."""
        workspace = self.context.workspace
        verdict = batch_receiving.file_verdict(workspace, self._path, self._password)
        request = batch_receiving.original_request(workspace, verdict, self._password)
        return letter_dialog(self.context, request, self)

    def take_in_selected(self) -> None:
        """Write the selected cell into its dossier; the others stay as they are."""
        self._take_in([self.table.key()])

    def take_in(self) -> None:
        """Write the accepted cells into the dossiers as one change."""
        self._take_in(None)

    def _take_in(self, only: list[str] | None) -> None:
        path, password = self._path, self._password
        take_in, read = edited_workbooks.accept_edits, edited_workbooks.read_edits
        if self.workbook["source"] == decision_workbooks.DECISIONS:
            take_in, read = decision_workbooks.accept_decisions, decision_workbooks.read_decisions
        leaves_cells = only is not None and self._numbers()["accepted"] > 1

        def act(workspace: Workspace, _progress: Progress) -> tuple[dict[str, Any], Changes]:
            workbook, changes = take_in(workspace, path, password, only=only)
            return (read(workspace, path, password) if leaves_cells else workbook), changes

        blocking_task.run(
            self.context,
            self,
            act,
            text="Nhận các ô đã sửa",
            done=partial(self._took, only),
            failed=self.context.messages.error,
        )

    def _took(self, only: list[str] | None, result: tuple[dict[str, Any], Changes]) -> None:
        workbook, changes = result
        self.context.announce(changes)
        taken = self._numbers()["accepted"] if only is None else len(only)
        self.workbook = workbook
        self._show()
        self.context.messages.notice(f"Đã nhận {wording.number(taken, 'ô')} vào hồ sơ.")

    @property
    def _is_of_others(self) -> bool:
        return bool(self.workbook["source"] == edited_workbooks.OF_OTHERS)

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(GROUP_GAP, FIELD_GAP, GROUP_GAP, FIELD_GAP)
        inside.addWidget(self.summary)
        inside.addWidget(self._notes)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(card)
        column.addWidget(self.chips)
        column.addWidget(self.table, 1)
        column.addWidget(self.whole)
        column.addWidget(self.single, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(0)

    def _numbers(self) -> dict[str, int]:
        accepted = sum(edit["accepted"] for edit in self.workbook["edits"])
        count = len(self.workbook["edits"])
        return {"all": count, "accepted": accepted, "refused": count - accepted}

    def _show(self) -> None:
        if self._is_of_others:
            self._show_of_others()
            return
        numbers = self._numbers()
        name = package_name(self.workbook["type"], self.workbook["period"])
        verb = "Đã nhận" if self.workbook["applied"] else "Có thể nhận"
        if numbers["all"]:
            refused = f", {numbers['refused']} ô không nhận được" if numbers["refused"] else ""
            self.summary.setText(f"{verb} {numbers['accepted']} ô sửa trong {name}{refused}.")
        else:
            self.summary.setText(f"Bảng tính của {name} được lưu lại nhưng không có ô nào khác với bản đã gửi.")
        notes = ["Nguồn này không có chữ ký: hãy đối chiếu với người gửi trước khi nhận."]
        if self.workbook["checked"]:
            notes.append(f"Bản tô màu, ghi lý do từng ô: {self.workbook['checked']}")
        self._notes.setText("\n".join(notes))
        labels = (("all", "Tất cả"), ("accepted", "Nhận được"), ("refused", "Không nhận"))
        self.chips.show_options([(name, label, numbers[name]) for name, label in labels], "all")
        self.table.setVisible(bool(numbers["all"]))
        self._show_rows()
        self.title_changed.emit()

    def _show_of_others(self) -> None:
        """Show another unit's edited package: what differs from the records here; only that unit can take it."""
        edits = self.workbook["edits"]
        self.summary.setText(self.workbook["obstacle"])
        self._notes.setText(f"{self.workbook['compared']} {self.workbook['hint']}")
        self.chips.setVisible(False)
        self.table.lines_model.rename_column(4, "Ở kho này")
        self.table.setVisible(bool(edits))
        self._show_rows()
        self.title_changed.emit()

    def _show_rows(self) -> None:
        wanted = {"accepted": (True,), "refused": (False,)}.get(self.chips.value, (True, False))
        lines = [_line(edit) for edit in self.workbook["edits"] if edit["accepted"] in wanted]
        self.table.show_lines(lines)

    def _show_whole(self, key: str) -> None:
        """Show the selected cell with the texts that do not fit into its row."""
        edit = next((edit for edit in self.workbook["edits"] if edited_workbooks.key_of(edit) == key), None)
        change = f"{edit['label']}: «{edit['was'] or _EMPTY}» → «{edit['shown'] or _EMPTY}»." if edit else ""
        self.whole.setText(f"{change} {_why(edit)}".rstrip() if edit else "")
        set_tone(self.whole, "wrong" if edit and edit["reason"] else "")
        self.single.setVisible(bool(edit and edit["accepted"] and not self.workbook["applied"]))

    def _open(self, key: str) -> None:
        record = key.partition(" ")[0]
        if record:
            self.open_requested.emit(record)


def _line(edit: dict[str, Any]) -> TableLine:
    label, tone = ("Nhận được", "good") if edit["accepted"] else ("Không nhận", "wrong")
    was, shown = edit["was"] or _EMPTY, edit["shown"] or _EMPTY
    cells = (label, edit["sheet"], edit["title"], edit["label"], was, shown, _why(edit))
    return TableLine(edited_workbooks.key_of(edit), cells, {0: tone})


def _why(edit: dict[str, Any]) -> str:
    """Why a cell is refused, or what to know before it is received."""
    return str(edit["reason"] or edit["note"])
