"""The table of contents of a dossier."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidgetItem, QMenu, QToolButton

from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.toolkit.qt import empty_menu
from kcdesk.ui.toolkit.sizes import keep_size, scaled
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_WIDTH = 184  # pixels
_ROOM = 1060  # pixels of the page; below that the form needs the room more
_SECTION = Qt.ItemDataRole.UserRole


class Contents(WrappedList):
    """One line per section, with the number of problems in it; the section in which the officer works is marked.

    Folded, it is the button `chip` with the same lines in its menu.

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
        self._fits, self._folded = True, False
        self.chip = QToolButton()
        self.chip.setObjectName("contents.chip")
        self.chip.setText("Mục ▾")
        self.chip.setAccessibleName("Mục của hồ sơ")
        self.chip.setToolTip("Chọn mục để đến")
        self.chip.setProperty("role", "chip")
        self.chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.chip.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.chip)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self.chip.setMenu(menu)
        self.chip.hide()
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)
        self.itemSelectionChanged.connect(self._keep_marked)

    def follow(self, form: FormView) -> None:
        """Show where the officer is in a form and how many problems each section has, and lead there."""
        self.section_chosen.connect(form.scroll_to_section)
        form.section_reached.connect(self.mark)
        form.sections_changed.connect(lambda: self.show_sections(form.sections()))

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
        """Fold in a narrow page."""
        self._fits = page_width >= scaled(_ROOM)
        self._show_or_fold()

    def fold(self, folded: bool) -> None:
        """Give the room of the list to a wide table, or take it back."""
        self._folded = folded
        self._show_or_fold()

    def _show_or_fold(self) -> None:
        self.setVisible(self._fits and not self._folded)
        self.chip.setVisible(not self._fits or self._folded)

    def _fill(self, menu: QMenu) -> None:
        empty_menu(menu)
        for row, id_ in enumerate(self._ids):
            act = menu.addAction(self.item(row).text().replace("&", "&&"))
            act.setCheckable(True)
            act.setChecked(row == self.currentRow())
            act.triggered.connect(lambda _on=False, id_=id_: self.section_chosen.emit(id_))

    def mark(self, section_id: str) -> None:
        """Mark the section in which the officer is now: the first one in a form just opened."""
        self._marked = section_id or self._marked  # a form that is hidden is in no section
        row = self._ids.index(self._marked) if self._marked in self._ids else min(0, self.count() - 1)
        if row != self.currentRow():
            self.setCurrentRow(row)

    def _keep_marked(self) -> None:
        """Keep the mark when the officer clicks between two lines: Qt would take it away."""
        if self.currentItem() is not None and not self.selectedItems():
            self.currentItem().setSelected(True)

    def _choose(self, item: QListWidgetItem) -> None:
        self.section_chosen.emit(item.data(_SECTION))
