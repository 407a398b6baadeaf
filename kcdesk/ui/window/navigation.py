"""The navigation on the left: one button per page with icon, title and counter; icons only when narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from kcdesk.services.overview.counters import counted
from kcdesk.ui.shell.page import PageEntry
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.sizes import keep_size, scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, ICON_SIZE

WIDE = 208
NARROW = 56
NARROW_BELOW = 1120  # width of the window, in pixels, below which only icons are shown


class Navigation(QWidget):
    """Shows the entries; `chosen(name)` is emitted when the officer clicks one."""

    chosen = Signal(str)

    def __init__(self, entries: Sequence[PageEntry], *, narrow: bool = False) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._wished_narrow = narrow
        self._room = NARROW_BELOW
        self._waiting: dict[str, int] = {}
        self._entries = {entry.name: entry for entry in entries}
        self._group = QButtonGroup(self)
        self._buttons = {entry.name: self._button(entry) for entry in entries}
        for place, entry in enumerate(numbered(entries), start=1):
            self._buttons[entry.name].setProperty("shortcut_text", f"Alt+{place}")
        self._fold = self._fold_button()
        self._lay_out()
        self._show()

    @property
    def entries(self) -> tuple[PageEntry, ...]:
        """Return the entries from top to bottom."""
        return tuple(self._entries.values())

    @property
    def narrow(self) -> bool:
        """Return whether only icons are shown, by choice or because the window is narrow."""
        return self._wished_narrow or self._room < scaled(NARROW_BELOW)

    @property
    def wished_narrow(self) -> bool:
        """Return whether the officer folded the navigation."""
        return self._wished_narrow

    def fold(self) -> None:
        """Fold to icons, or unfold."""
        self._wished_narrow = not self._wished_narrow
        self._show()

    def fit(self, window_width: int) -> None:
        """Show only icons when the window is narrow."""
        self._room = window_width
        if self._shown_folding != self._folding():
            self._show()

    def _folding(self) -> tuple[bool, bool]:
        """Return whether only icons are shown, and whether there is room for more."""
        return self.narrow, self._room >= scaled(NARROW_BELOW)

    def mark(self, name: str, kind: str = "") -> None:
        """Mark the page in front; `kind`: of the list to which it belongs, wherever it was opened."""
        entry = kind if kind in self._buttons else "registers"
        self._buttons[entry if kind and entry in self._buttons else name].setChecked(True)
        self._show()

    def show_waiting(self, waiting: Mapping[str, int]) -> None:
        """Show the number of waiting items after the titles."""
        self._waiting = dict(waiting)
        self._show()

    def text_of(self, name: str) -> str:
        """Return the full text of an entry: «Nghiệm thu 2»."""
        count = self._waiting.get(name, 0)
        return f"{self._entries[name].title}  {counted(count)}" if count else self._entries[name].title

    def _button(self, entry: PageEntry) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"navigation.{entry.name}")
        button.setProperty("role", "navigation")
        button.setCheckable(True)
        button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setAccessibleName(entry.title)
        button.setProperty("shortcut_text", "Ctrl+J")
        set_icon(button, entry.icon, QPalette.ColorRole.WindowText)
        button.clicked.connect(lambda: self.chosen.emit(entry.name))
        self._group.addButton(button)
        return button

    def _fold_button(self) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "navigation")
        button.setText("  Thu gọn")
        button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_icon(button, "panel-left")
        button.clicked.connect(self.fold)
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(FIELD_GAP, FIELD_GAP, FIELD_GAP, FIELD_GAP)
        column.setSpacing(4)
        for button in self._buttons.values():
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self._fold)

    def _show(self) -> None:
        self._shown_folding = self._folding()
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if self.narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        keep_size(self, fixed_width=NARROW if self.narrow else WIDE)
        for name, button in self._buttons.items():
            text = self.text_of(name)
            button.setText(f"  {text}")
            button.setVisible(
                not self._entries[name].when_waiting or bool(self._waiting.get(name)) or button.isChecked()
            )
            button.setToolTip(f"{text} ({button.property('shortcut_text')})")
        for button in (*self._buttons.values(), self._fold):
            button.setToolButtonStyle(style)
        self._fold.setToolTip("Mở rộng thanh bên" if self.narrow else "Thu gọn thanh bên")
        self._fold.setEnabled(self._room >= scaled(NARROW_BELOW))


def numbered(entries: Sequence[PageEntry]) -> list[PageEntry]:
    """Return the entries that have an Alt+number shortcut."""
    return [entry for entry in entries if not entry.when_waiting]
