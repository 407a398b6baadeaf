"""The records behind a figure: each with what it adds, their sum, and the ways to them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from kcdesk.services.reporting.figure_records import FigureRecords
from kcdesk.text import disarmed, format_integer
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_NOTHING = "Không có hồ sơ nào đứng sau số này."


class BehindDialog(Dialog):
    """Lists the records behind a figure that `words` name.

    Signals:
        record_chosen: open a record; carries its id.
        list_wanted: show the records of a kind in their list; carries the kind.
        why_wanted: explain the figure.
    """

    help_topic = "reports"
    record_chosen = Signal(str)
    list_wanted = Signal(str)
    why_wanted = Signal()

    def __init__(self, context: Context, words: str, behind: FigureRecords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._behind = context, behind
        self.setObjectName("behind")
        self.setWindowTitle("Hồ sơ đứng sau số này")
        self.heading = labelled(words, "section", wrap=True)
        self.sums = labelled("\n".join(behind.sums) or _NOTHING, "muted", wrap=True)
        self.lines = self._table()
        self.opener = push_button("Mở hồ sơ", "behind.open", lambda: self._open(self.lines.key()))
        self.opener.setProperty("role", "main")
        self.opener.setEnabled(bool(behind.lines))
        self.lister = push_button("Xem trong danh sách", "behind.list", self._show_list)
        self.lister.setEnabled(bool(behind.ids))
        self._lay_out()
        self.begin_size(900, 520)

    def _table(self) -> LinesTable:
        behind = self._behind
        columns = ["Hồ sơ", "Loại hồ sơ", *(["Cộng vào"] if behind.has_several_figures else []), "Giá trị"]
        last = len(columns) - 1
        table = LinesTable("behind.lines", columns, 0, self._context.theme, right={last}, whole={last})
        table.setAccessibleName("Hồ sơ đứng sau số này")
        table.chosen.connect(self._open)
        table.show_lines(
            [
                TableLine(
                    str(place),
                    [
                        *(line.title, line.kind_label),
                        *([line.figure] if behind.has_several_figures else []),
                        line.value,
                    ],
                )
                for place, line in enumerate(behind.lines)
            ]
        )
        return table

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.lister)
        buttons.addWidget(push_button("Vì sao có số này?", "behind.why", self._explain))
        buttons.addWidget(push_button("Chép bảng", "behind.copy", self.copy))
        buttons.addStretch(1)
        buttons.addWidget(self.opener)
        buttons.addWidget(push_button("Đóng", "behind.close", self.reject))
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.heading)
        column.addWidget(self.sums)
        column.addWidget(self.lines, 1)
        column.addLayout(buttons)

    def _open(self, key: str) -> None:
        if key:
            self.accept()
            self.record_chosen.emit(self._behind.lines[int(key)].id)

    def _explain(self) -> None:
        self.accept()
        self.why_wanted.emit()

    def _show_list(self) -> None:
        """Show the list of the only kind, or let the officer choose among several."""
        kinds = [*self._behind.ids]
        if len(kinds) == 1:
            self._leave_for(kinds[0])
            return
        menu = self.list_menu()
        menu.popup(self.lister.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def list_menu(self) -> QMenu:
        """Return the menu of the kinds of these records."""
        menu = QMenu(self)
        for kind, ids in self._behind.ids.items():
            label = f"{self._behind.kind_labels[kind]} ({format_integer(len(ids))})"
            menu.addAction(label).triggered.connect(lambda _checked=False, kind=kind: self._leave_for(kind))
        return menu

    def _leave_for(self, kind: str) -> None:
        self.accept()
        self.list_wanted.emit(kind)

    def copy(self) -> None:
        """Copy the lines as a spreadsheet takes them."""
        heads = ["Hồ sơ", "Loại hồ sơ", "Cộng vào", "Giá trị"]
        rows = [[line.title, line.kind_label, line.figure, line.value] for line in self._behind.lines]
        text = "\n".join("\t".join(disarmed(" ".join(cell.split())) for cell in row) for row in (heads, *rows))
        QGuiApplication.clipboard().setText(text)
        self._context.messages.notice("Đã chép bảng; dán được vào Excel.")
