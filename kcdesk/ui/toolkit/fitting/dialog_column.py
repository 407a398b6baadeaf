"""The column of a dialog that shows something and acts on it: its parts, below them the acts and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN


def stand_in_column(dialog: QDialog, parts: Sequence[QWidget], acts: Sequence[QPushButton], close: QPushButton) -> None:
    """Lay the parts out in the dialog with the buttons below; `close` is its main button."""
    close.setProperty("role", "main")
    row = QHBoxLayout()
    for act in acts:
        row.addWidget(act)
    row.addStretch(1)
    row.addWidget(close)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
    column.setSpacing(FIELD_GAP)
    for part in parts:
        column.addWidget(part)
    column.addLayout(row)
