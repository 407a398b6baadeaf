"""The dossier of a year plan: fill it, reorder it with reasons, show the cut line, write workbook and decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QPushButton

from kcdesk.errors import KcdeskError
from kcdesk.services.plans import workbook, year_plans
from kcdesk.services.records import reading
from kcdesk.text import file_name
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import PageCommand
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import labelled


class PlanPage(DossierPage):
    """A dossier with commands for all its proposals."""

    def __init__(self, context: Context, record_id: str) -> None:
        self._buttons: dict[str, QPushButton] = {}
        super().__init__(context, record_id)

    def _lay_out(self) -> None:
        super()._lay_out()
        self.comes_to = labelled(role="help", wrap=True)
        self.comes_to.setObjectName("plan.summary")
        self._column.insertWidget(1, self.comes_to)
        for name, label, icon, run in (
            ("fill", "Lấy đề án đã đăng ký", "refresh-cw", self.fill),
            ("reorder", "Chuyển dòng…", "arrow-up", self.reorder),
            ("workbook", "Xuất bảng tính…", "file-spreadsheet", self.write_workbook),
            ("approve", "Ghi quyết định vào đề án", "check", self.approve),
        ):
            self._top.addWidget(self._button(name, label, icon, run))

    def _button(self, name: str, label: str, icon: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(f"plan.{name}")
        set_icon(button, icon)
        button.clicked.connect(lambda: run())
        self._buttons[name] = button
        return button

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the commands for all its proposals."""
        offered = {"workbook": PageCommand("Xuất bảng tính Mẫu số 2…", self.write_workbook)}
        if self._is_open():
            offered["fill"] = PageCommand("Lấy đề án đã đăng ký", self.fill)
            offered["reorder"] = PageCommand("Chuyển dòng…", self.reorder)
        if year_plans.is_decided(self.context.workspace, self.record):
            offered["approve"] = PageCommand("Ghi quyết định vào đề án", self.approve)
        return {**offered, **super().commands()}

    def fill(self) -> None:
        """Add the registered proposals; what the officer decided by hand stays."""
        self.form.flush()
        workspace = self.context.workspace
        if self.context.act(lambda: year_plans.fill_plan(workspace, self.record_id)) is not None:
            sentence = year_plans.summary(workspace.store.record(self.record_id)).sentence()
            self.context.messages.notice(sentence, self._take_back)

    def reorder(self) -> None:
        """Move a proposal to another place, with a reason."""
        self.form.flush()
        rows = self.record.rows("entries")
        names = [f"{number}. {self._name(row)}" for number, row in enumerate(rows, start=1)]
        chosen = self._choose(names) if rows else ""
        if not chosen:
            return
        row = rows[names.index(chosen)]
        messages = self.context.messages
        to = messages.ask_text(
            "Chuyển dòng", f"Chuyển đến vị trí (1–{len(rows)})", "Tiếp tục", "Giữ nguyên", kind="line"
        )
        reason = messages.ask_text("Chuyển dòng", "Lý do xếp khác thứ tự", "Chuyển", "Giữ nguyên") if to else ""
        place = int(to) if to.strip().isdecimal() else 0
        if reason:
            workspace = self.context.workspace
            self.context.act(lambda: year_plans.move(workspace, self.record_id, row["id"], place, reason))

    def _choose(self, names: list[str]) -> str:
        return self.context.messages.ask_line("Chuyển dòng", "Đề án cần chuyển", names, "Tiếp tục", "Giữ nguyên")

    def _name(self, row: Mapping[str, Any]) -> str:
        return reading.title_of(self.context.workspace, row.get("proposal", ""))

    def write_workbook(self) -> None:
        """Write the plan as an Excel table."""
        self.form.flush()
        name = f"{file_name(f'Mẫu số 2 - {self.record.title()}')}.xlsx"
        path = self.context.messages.save_file("Xuất bảng tính", name, "Bảng tính Excel (*.xlsx)", purpose="lists")
        if path is None:
            return
        try:
            made = workbook.write_workbook(self.context.workspace, self.record_id, path)
        except KcdeskError as error:
            self.context.messages.error(error, self.write_workbook)
        else:
            self.context.messages.notice(f"Đã xuất {made['rows']} đề án vào {path.name}.")

    def approve(self) -> None:
        """Write the plan's decision into the proposals."""
        workspace = self.context.workspace
        changes = self.context.act(lambda: year_plans.approve_proposals(workspace, self.record_id))
        if changes is not None:
            self.context.messages.notice(f"{changes.action}.", self._take_back)

    def _take_back(self) -> None:
        undoing.undo(self.context)

    def _show_beside(self) -> None:
        super()._show_beside()
        record = self.record
        notes = [f"{note.text} ({note.source})" for note in self.context.workspace.priorities.notes]
        self.comes_to.setText(
            year_plans.summary(record).sentence() if record.rows("entries") else notes[0] if notes else ""
        )
        self.comes_to.setToolTip("\n".join(notes))
        for name in ("fill", "reorder"):
            self._buttons[name].setVisible(self._is_open())
        self._buttons["approve"].setVisible(year_plans.is_decided(self.context.workspace, record))
