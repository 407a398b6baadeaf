"""The top line of the window: back button, title, search box, other commands, main action."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from kcdesk.ui.shell.page import Offered, Page, PageCommand
from kcdesk.ui.toolkit.decision_button import DecisionButton
from kcdesk.ui.toolkit.fitting.cut_label import TitleLabel
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.qt import empty_menu
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, PAGE_MARGIN
from kcdesk.ui.window.search_box import SearchBox

_LEAST_SEARCH, _SEARCH_WIDTH = 56, 300
_HEIGHT = 64
_STRETCHES = {"page_title": 3, "search": 2}  # parts of the room that the buttons leave


class Header(QWidget):
    """Shows title, search and commands of the page in front."""

    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        keep_size(self, fixed_height=_HEIGHT)
        self.back = _tool("arrow-left", "Trở lại (Alt+←)")
        self.back.clicked.connect(self.back_requested)
        self.title = TitleLabel()
        self.title.setObjectName("page_title")
        self.search = SearchBox()
        self.search.setObjectName("search")
        self.search.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        keep_size(self.search, least_width=_LEAST_SEARCH, most_width=_SEARCH_WIDTH)
        self.more = _tool("ellipsis", "Việc khác trên trang này")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(QMenu(self.more))
        self.steps = QPushButton("Bước khác")
        self.steps.setObjectName("other_steps")
        self.steps.setToolTip("Các bước khác của hồ sơ (Ctrl+Shift+Enter)")
        self.steps.setMenu(QMenu(self.steps))
        self.main = DecisionButton()
        self.main.setObjectName("main_action")
        self.main.setProperty("role", "main")
        self.main.decided.connect(self._run_main)
        self._main_command: PageCommand | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(PAGE_MARGIN, FIELD_GAP, PAGE_MARGIN, FIELD_GAP)
        row.setSpacing(FIELD_GAP)
        for widget in (self.back, self.title, self.search, self.more, self.steps, self.main):
            row.addWidget(widget, _STRETCHES.get(widget.objectName(), 0))

    def show_page(self, page: Page, offered: Offered, *, can_go_back: bool) -> None:
        """Show the title, the search box and the commands of `page`."""
        self.back.setVisible(can_go_back)
        self.title.show_text(page.title)
        self.search.setVisible(bool(page.search_hint))
        self.search.setPlaceholderText(page.search_hint)
        if page.search_text() != self.search.text() and not self.search.hasFocus():
            self.search.show_text(page.search_text())
        self._main_command = offered.main
        self.main.setVisible(self._main_command is not None)
        self.main.setText(self._main_command.label if self._main_command else "")
        _fill(self.steps.menu(), offered.steps)
        self.steps.setVisible(bool(offered.steps))
        self._offer(offered.commands, {command.label for command in offered.steps})

    def open_steps(self) -> None:
        """Open the menu of other workflow steps, if the dossier in front has any."""
        if self.steps.isVisible():
            self.steps.showMenu()

    def _offer(self, commands: Mapping[str, PageCommand], steps: Collection[str]) -> None:
        main = self._main_command.label if self._main_command else ""
        others = [command for command in commands.values() if command.label not in (main, *steps)]
        _fill(self.more.menu(), others)
        self.more.setVisible(bool(others))

    def _run_main(self) -> None:
        if self._main_command is not None:
            self._main_command.run()


def _fill(menu: QMenu, commands: Iterable[PageCommand]) -> None:
    """Fill the menu with these commands."""
    empty_menu(menu)
    for command in commands:
        text = f"{command.label} – {command.hint}" if command.hint else command.label
        menu.addAction(text).triggered.connect(lambda _checked=False, run=command.run: run())


def _tool(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    set_icon(button, name)
    return button
