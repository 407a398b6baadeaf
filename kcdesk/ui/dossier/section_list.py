"""The table of contents of a dossier."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidgetItem

from kcdesk.ui.toolkit.wrapped_list import WrappedList

_WIDTH = 184  # pixels
_SECTION = Qt.ItemDataRole.UserRole


class Contents(WrappedList):
    """One line per section, with the number of problems in it.

    Signals:
        section_chosen: go to a section; carries its id.
    """

    section_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("contents")
        self.setFixedWidth(_WIDTH)
        self.setSpacing(2)

        self._shown: list[tuple[str, str, int]] = []
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def show_sections(self, sections: list[tuple[str, str, int]]) -> None:
        """Show the sections and keep the selection; lines are created again only when one has changed."""
        if sections == self._shown:
            return
        self._shown = list(sections)
        row = self.currentRow()
        self.clear()
        for id_, label, problems in sections:
            item = QListWidgetItem(f"{label} ({problems})" if problems else label)
            item.setData(_SECTION, id_)
            self.addItem(item)
        self.setCurrentRow(min(row, self.count() - 1))

    def _choose(self, item: QListWidgetItem) -> None:
        self.section_chosen.emit(item.data(_SECTION))
