"""Every change of a record in a table: field, old, new, who, when, machine and package; to print or give on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from kcdesk.errors import KcdeskError
from kcdesk.services.overview import history_lines
from kcdesk.services.overview.history_lines import HistoryLine
from kcdesk.services.records import reading
from kcdesk.text import slug
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_AFTER = 6


class HistoryPage(Page):
    """The history of one record; Enter or a double click goes to the field in the dossier with `go_to`."""

    help_topic = "dossier"
    title = "Lịch sử"

    def __init__(self, context: Context, record_id: str, go_to: Callable[[str], object]) -> None:
        super().__init__(context)
        self._record_id, self._go_to = record_id, go_to
        self._paths: dict[str, str] = {}
        self.heading = labelled(role="section", wrap=True)
        self.table = LinesTable("history.lines", history_lines.HEADS, _AFTER, context.theme, whole=(0,))
        self.table.setAccessibleName("Lịch sử hồ sơ")
        self.table.chosen.connect(self._open_field)
        self.table.moved.connect(self._show_whole)
        self.whole = labelled(wrap=True)
        self.note = labelled(role="help", wrap=True)
        export = QPushButton("Xuất Excel…")
        export.setObjectName("history.export")
        export.clicked.connect(lambda: self.export())
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(export)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self.whole)
        column.addWidget(self.note)
        self._load()

    def main_action(self) -> PageCommand:
        """ "In lịch sử"."""
        return PageCommand("In lịch sử", self.print)

    def commands(self) -> dict[str, PageCommand]:
        """Return printing."""
        return {"print": self.main_action()}

    def on_show(self) -> None:
        """Read the history again and take the focus."""
        self._load()
        self.table.setFocus()

    def print(self) -> None:
        """Show the print preview."""
        self.dialog().exec()

    def dialog(self) -> SheetDialog:
        """Return the print preview."""
        workspace, id_ = self.context.workspace, self._record_id
        write = lambda path: history_lines.print_history(workspace, id_, path)  # noqa: E731 - one short act
        return SheetDialog(self.context, history_lines.LAYOUT, write, self._file_name(), self)

    def export(self) -> None:
        """Write the history as a workbook."""
        path = self.context.messages.save_file(
            "Xuất Excel", f"{self._file_name()}.xlsx", "Bảng tính Excel (*.xlsx)", purpose="lists"
        )
        if path is None:
            return
        try:
            made = history_lines.write_history(self.context.workspace, self._record_id, path)
        except KcdeskError as error:
            self.context.messages.error(error, self.export)
        else:
            self.context.messages.notice(f"Đã xuất {made['lines']} dòng lịch sử vào {path.name}.")

    # -- inside --------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        lines = history_lines.history_lines(self.context.workspace, self._record_id)
        self.heading.setText(reading.title_of(self.context.workspace, self._record_id))
        self._paths = {str(number): line.path for number, line in enumerate(lines)}
        self.table.show_lines([_line(number, line) for number, line in enumerate(lines)])
        self.note.setText(history_lines.note_on(lines))
        self.note.setVisible(bool(self.note.text()))

    def _file_name(self) -> str:
        return f"Lịch sử {slug(reading.title_of(self.context.workspace, self._record_id))[:60]}"

    def _open_field(self, key: str) -> None:
        self.close_requested.emit()
        if path := self._paths.get(key, ""):
            self._go_to(path)

    def _show_whole(self, key: str) -> None:
        """Show the selected change in full: its row may cut it."""
        line = next((line for line in self.table.lines_model.lines if line.key == key), None)
        if line is None:
            self.whole.setText("")
            return
        _at, _who, _machine, action, label, before, after, package = map(str, line.cells)
        change = f"{label}: «{before}» → «{after}». " if label else ""
        self.whole.setText(f"{change}{action}{f' ({package})' if package else ''}")


def history_opener(page: Page, record_id: str, go_to: Callable[[str], object]) -> Callable[[], None]:
    """Return what shows the history of a record over a page."""
    build = partial(HistoryPage, record_id=record_id, go_to=go_to)
    return lambda: page.page_requested.emit(build)


def _line(number: int, line: HistoryLine) -> TableLine:
    return TableLine(str(number), line.cells)
