"""The parts of a list page: its table, its quiet buttons, what stands there when it is empty, lines by typed words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from kcdesk.text import fold
from kcdesk.ui.dossier.record_model import RecordModel
from kcdesk.ui.toolkit.decision_button import DecisionButton
from kcdesk.ui.toolkit.tables import TitledTable
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled


class EmptyState(QWidget):
    """The message of an empty list and a button with the next action."""

    def __init__(self) -> None:
        super().__init__()
        self.message: QLabel = labelled(role="muted", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = DecisionButton()
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(self.message)
        column.addSpacing(FIELD_GAP)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_text(self, text: str, act_label: str) -> None:
        """Show a message and the label of the button."""
        self.message.setText(text)
        self.button.setText(act_label)


def narrow(lines: QListWidget, typed: str) -> list[int]:
    """Show only the lines that contain each typed word, accents aside; return their rows."""
    words = fold(typed).split()
    fitting = []
    for row in range(lines.count()):
        label = fold(lines.item(row).text())
        fits = all(word in label for word in words)
        lines.setRowHidden(row, not fits)
        fitting += [row] if fits else []
    return fitting


def quiet_button(label: str, words: str, act: Callable[[], object]) -> QPushButton:
    """Return a button below the list; `words` say what it does."""
    button = QPushButton(label)
    button.setProperty("role", "quiet")
    button.setToolTip(words)
    button.setAccessibleName(words)
    button.clicked.connect(lambda _checked=False: act())
    return button


def record_table(model: RecordModel) -> TitledTable:
    """Return the table of a list, whose rows can be marked."""
    table = TitledTable(model.title_column, two_lines=True)
    table.setObjectName(f"list.{model.form.id}")
    table.setAccessibleName(model.form.plural)
    table.setModel(model)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.horizontalHeader().setSectionsMovable(True)
    table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    header = table.horizontalHeader()
    header.setSectionsClickable(True)
    header.setSortIndicatorShown(True)
    return table
