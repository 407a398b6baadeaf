"""The table of contents of a dossier."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidgetItem

from kcdesk.ui.toolkit.sizes import keep_size, scaled
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_WIDTH = 184  # pixels
_ROOM = 1060  # pixels of the page; below that the form needs the room more
_SECTION = Qt.ItemDataRole.UserRole


class Contents(WrappedList):
    """One line per section, with the number of problems in it; the section in which the officer works is marked.

    Signals:
        section_chosen: go to a section; carries its id.
    """

    section_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("contents")
        keep_size(self, fixed_width=_WIDTH)
        self.setSpacing(2)
        self._ids: list[str] = []
        self._marked = ""
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def show_sections(self, sections: list[tuple[str, str, int]]) -> None:
        """Show the sections; lines that stay are not made again, and the marked one stays marked."""
        self._ids = [id_ for id_, _label, _problems in sections]
        self.keep_lines(len(sections))
        for row, (id_, label, problems) in enumerate(sections):
            item = self.item(row)
            item.setText(f"{label} ({problems})" if problems else label)
            item.setData(_SECTION, id_)
        self.mark(self._marked)

    def fit(self, page_width: int) -> None:
        """Be hidden in a narrow page."""
        self.setVisible(page_width >= scaled(_ROOM))

    def mark(self, section_id: str) -> None:
        """Mark the section in which the officer is now."""
        self._marked = section_id or self._marked  # a form that is hidden is in no section
        row = self._ids.index(self._marked) if self._marked in self._ids else -1
        if row != self.currentRow():
            self.setCurrentRow(row)

    def marked(self) -> str:
        """Return the id of the marked section, "" for none."""
        return self._marked if self.currentRow() >= 0 else ""

    def _choose(self, item: QListWidgetItem) -> None:
        self.section_chosen.emit(item.data(_SECTION))
