"""«Sổ hồ sơ»: the lists of every kind of record that has no page of its own, one register in front at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout

from kcdesk.ui.context import Context
from kcdesk.ui.list_page import ListPage
from kcdesk.ui.page import Command, Page
from kcdesk.ui.theme import FIELD_GAP, PAGE_MARGIN


class RegistersPage(Page):
    """One tab for each of `kinds`; the list in front answers for the page, and is the one of the last time."""

    title = "Sổ hồ sơ"

    def __init__(self, context: Context, kinds: Sequence[str]) -> None:
        super().__init__(context)
        self._kinds = tuple(kinds)
        self._lists: dict[str, ListPage] = {}
        self.tabs = self._tab_bar()
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        row = QHBoxLayout()
        row.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 0)
        row.addWidget(self.tabs)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        kept = context.settings.register
        self.kind = ""  # of the records in front
        self._bring_forward(kept if kept in self._kinds else self._kinds[0])
        self.tabs.currentChanged.connect(lambda place: self.show_register(self._kinds[place]))

    def _tab_bar(self) -> QTabBar:
        tabs = QTabBar()
        tabs.setObjectName("registers.tabs")
        tabs.setAccessibleName("Chọn sổ")
        tabs.setDrawBase(False)
        tabs.setExpanding(False)
        tabs.setUsesScrollButtons(True)
        tabs.setElideMode(Qt.TextElideMode.ElideNone)
        tabs.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        forms, today = self.context.workspace.forms, self.context.workspace.today()
        for kind in self._kinds:
            tabs.addTab(forms.current(kind, today).plural)
        return tabs

    # -- registers -----------------------------------------------------------------------------------------------

    @property
    def register(self) -> ListPage:
        """The list in front."""
        return self._lists[self.kind]

    def show_register(self, kind: str) -> None:
        """Bring the list of `kind` to the front and give it the keyboard, unless that is choosing among the tabs."""
        choosing = self.tabs.hasFocus()
        self.register.on_leave()
        self._bring_forward(kind)
        self.register.on_show()
        if choosing:
            self.tabs.setFocus()
        self.title_changed.emit()

    def _bring_forward(self, kind: str) -> None:
        if kind not in self._lists:
            self._lists[kind] = self._adopted(ListPage(self.context, kind))
        self.kind = kind
        with QSignalBlocker(self.tabs):
            self.tabs.setCurrentIndex(self._kinds.index(kind))
        self._stack.setCurrentWidget(self._lists[kind])
        self.search_hint = self.register.search_hint
        self.context.settings.register = kind

    def _adopted(self, page: ListPage) -> ListPage:
        self._stack.addWidget(page)
        page.open_requested.connect(self.open_requested)
        page.go_requested.connect(self.go_requested)
        page.page_requested.connect(self.page_requested)
        page.title_changed.connect(lambda: self.title_changed.emit() if page is self.register else None)
        return page

    def _step(self, by: int) -> None:
        self.show_register(self._kinds[(self._kinds.index(self.kind) + by) % len(self._kinds)])

    # -- what the window asks ------------------------------------------------------------------------------------

    def main_action(self) -> Command | None:
        """That of the list in front."""
        return self.register.main_action()

    def commands(self) -> Mapping[str, Command]:
        """Those of the list in front, and the way to the registers beside it."""
        beside = {
            "step_before": Command("Sổ trước", lambda: self._step(-1)),
            "step_after": Command("Sổ sau", lambda: self._step(1)),
        }
        return {**self.register.commands(), **(beside if len(self._kinds) > 1 else {})}

    def search(self, text: str) -> None:
        """Search the list in front."""
        self.register.search(text)

    def search_text(self) -> str:
        """What the list in front is searched for; each keeps its own."""
        return self.register.search_text()

    def on_show(self) -> None:
        """The list in front catches up."""
        self.register.on_show()

    def on_leave(self) -> None:
        """The list in front keeps its columns."""
        self.register.on_leave()

    def refresh(self, changes: object, initiator: object) -> None:
        """Every list that was shown once may have to be read again."""
        for page in self._lists.values():
            page.refresh(changes, initiator)
