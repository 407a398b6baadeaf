"""The history tab beside a dossier: who changed what, from what to what, and the way to the whole table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kcdesk.services.overview.history_lines import HistoryLine
from kcdesk.ui.dossier.choice_list import ChoiceLine, ChoiceList
from kcdesk.ui.toolkit.theme import FIELD_GAP

_MOST = 3  # fields of one act that are shown here; the table shows all
_LONGEST = 60  # letters of a value


class HistoryTab(QWidget):
    """Acts, newest first; Enter or a click goes to the first changed field.

    Signals:
        path_chosen: go to a field; carries its path.
        table_requested: show every change in a table, to print.
    """

    path_chosen = Signal(str)
    table_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.list = ChoiceList()
        self.list.setObjectName("history.list")
        self.list.setAccessibleName("Lịch sử")
        self.list.chosen.connect(lambda path: self.path_chosen.emit(str(path)))
        self.button = QPushButton("Bảng đầy đủ, in…")
        self.button.setObjectName("history.table")
        self.button.clicked.connect(self.table_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, FIELD_GAP, 0, 0)
        column.addWidget(self.list, 1)
        column.addWidget(self.button)

    def show_history(self, lines: Sequence[HistoryLine]) -> None:
        """Show the changes, a paragraph for each act."""
        self.list.show_choices(list(_paragraphs(lines)), "Chưa có thay đổi nào.")


def _paragraphs(lines: Sequence[HistoryLine]) -> Iterator[ChoiceLine]:
    for _act, changes in groupby(lines, key=lambda line: line.act):
        first, *more = changes
        fields = [line for line in (first, *more) if line.path]
        shown = [f"• {line.label}: {_cut(line.before)} → {_cut(line.after)}" for line in fields[:_MOST]]
        rest = len(fields) - _MOST
        shown += [f"… và {rest} mục khác"] if rest > 0 else []
        moment, officer, machine, action = first.cells[:4]
        where = "" if first.is_here else f" · {machine}"
        text = "\n".join((f"{moment} · {officer}{where}", action, *shown))
        yield ChoiceLine(text, next((line.path for line in fields), None))


def _cut(value: str) -> str:
    words = " ".join(value.split()) or "(trống)"
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…"
