"""A list in groups with sums: what is grouped and added is chosen here, and a group leads to its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.services.questions import grouping
from kcdesk.services.questions.grouping import GroupedList, ListGroup
from kcdesk.text import disarmed, format_integer, format_number
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.fitting.searching_choice import SearchingChoice
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_SIZE = (760, 520)  # pixels
_SUMS = 4  # columns of sums


class GroupsDialog(Dialog):
    """Shows the groups of the filtered list; `chosen` is the condition of the group to show, "" for none."""

    help_topic = "lists"

    def __init__(
        self, context: Context, kind: str, search: str, where: Mapping[str, Any], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._kind, self._search, self._where = context, kind, search, where
        self.chosen = ""
        self._sums = grouping.paths_to_sum(context.workspace, kind)[:_SUMS]
        self.setWindowTitle("Nhóm và cộng danh sách")
        self.begin_size(*_SIZE)
        self.by = SearchingChoice()
        self.by.setObjectName("groups.by")
        self.by.setAccessibleName("Nhóm theo")
        for path in grouping.paths_to_group(context.workspace, kind):
            self.by.offer(path.label, path.path)
        heads = ["Nhóm", "Số hồ sơ", *(path.label for path in self._sums)]
        self.lines = LinesTable("groups.lines", heads, 0, context.theme, right=range(1, len(heads)))
        self.lines.setAccessibleName("Các nhóm")
        self.lines.chosen.connect(self._choose)
        self._copy = QPushButton("Chép bảng")
        self._copy.setAutoDefault(False)
        self._copy.clicked.connect(lambda _checked=False: self.copy())
        self._buttons = QDialogButtonBox()
        show = self._buttons.addButton("Xem nhóm này", QDialogButtonBox.ButtonRole.AcceptRole)
        show.setProperty("role", "main")
        self._buttons.addButton("Đóng", QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(lambda: self._choose(self.lines.key()))
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self.by.currentIndexChanged.connect(lambda _place: self.show_groups())
        self.show_groups()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(labelled("Nhóm theo", "strong"))
        row.addWidget(self.by, 1)
        row.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addLayout(row)
        column.addWidget(self.lines, 1)
        column.addWidget(self._buttons)

    def show_groups(self) -> None:
        """Group by the chosen field."""
        by, names = self.by.currentData(), [path.path for path in self._sums]
        result = self._context.messages.guarded(lambda: self._grouped(by, names))
        if result is not None:
            self._result = result
            self.lines.show_lines(
                [self._line(str(place), group) for place, group in enumerate((*result.groups, result.total))]
            )

    def _grouped(self, by: str, names: list[str]) -> GroupedList:
        return grouping.grouped(self._context.workspace, self._kind, by, names, search=self._search, where=self._where)

    def _line(self, key: str, group: ListGroup) -> TableLine:
        sums = [group.sums[path.path] for path in self._sums]
        shown = ["" if amount is None else format_number(amount) for amount in sums]
        return TableLine(key, [group.label, format_integer(group.count), *shown])

    def _choose(self, key: str) -> None:
        """Close and name the group whose records are to be shown; the last line is all of them."""
        if key and int(key) < len(self._result.groups):
            self.chosen = grouping.condition_of(self._result, self._result.groups[int(key)])
        self.accept()

    def copy(self) -> None:
        """Copy the groups as a spreadsheet takes them."""
        model = self.lines.lines_model
        heads = [str(model.headerData(n, Qt.Orientation.Horizontal) or "") for n in range(model.columnCount())]
        rows = [[str(cell) for cell in line.cells] for line in model.lines]
        QGuiApplication.clipboard().setText("\n".join("\t".join(map(disarmed, row)) for row in (heads, *rows)))
        self._context.messages.notice("Đã chép bảng; dán được vào Excel.")
