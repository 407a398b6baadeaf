"""«Sổ hồ sơ»: lists of the record kinds that have no page of their own, shown one at a time.

The registers are grouped as the forms declare, so that all of a group fit into a narrow window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout

from kcdesk.services.records.changing import Changes
from kcdesk.ui.dossier.list_page import ListPage
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.theme import FIELD_GAP, PAGE_MARGIN

_FIRST_GROUP = "Đề án"  # for kinds without a group
Builders = Mapping[str, Callable[[Context], Page]]


class RegistersPage(Page):
    """One tab per kind in `kinds`; the current list acts for the page; the last used list is shown first.

    `builders` create the pages of kinds that have more than a plain list.
    """

    title = "Sổ hồ sơ"

    def __init__(self, context: Context, kinds: Sequence[str], builders: Builders | None = None) -> None:
        super().__init__(context)
        self._builders = builders or {}
        self._groups = _grouped(context, kinds)
        self._kinds = tuple(kind for group in self._groups.values() for kind in group)
        self._last = {name: group[0] for name, group in self._groups.items()}  # the last list shown in each group
        self._lists: dict[str, Page] = {}
        self.groups = _tab_bar("registers.groups", "Chọn nhóm sổ")
        for name in self._groups:
            self.groups.addTab(name)
        self.tabs = _tab_bar("registers.tabs", "Chọn sổ")
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        for bar in (self.groups, self.tabs):
            row = QHBoxLayout()
            row.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 0)
            row.addWidget(bar)
            column.addLayout(row)
        column.addWidget(self._stack, 1)
        kept = context.settings.register
        self.kind = ""  # kind of the current list
        self._bring_forward(kept if kept in self._kinds else self._kinds[0])
        self.tabs.currentChanged.connect(lambda place: self.show_register(self._groups[self.group][place]))
        self.groups.currentChanged.connect(lambda place: self.show_register([*self._last.values()][place]))

    # -- registers -----------------------------------------------------------------------------------------------

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of the registers, in the order of the forms."""
        return self._kinds

    @property
    def register(self) -> Page:
        """Return the current list."""
        return self._lists[self.kind]

    @property
    def group(self) -> str:
        """Return the name of the current list's group."""
        return next(name for name, kinds in self._groups.items() if self.kind in kinds)

    def show_register(self, kind: str) -> None:
        """Show the list of `kind` and focus it, unless the officer is choosing among the tabs."""
        choosing = next((bar for bar in (self.tabs, self.groups) if bar.hasFocus()), None)
        self.register.on_leave()
        self._bring_forward(kind)
        self.register.on_show()
        if choosing is not None:
            choosing.setFocus()
        self.title_changed.emit()

    def _bring_forward(self, kind: str) -> None:
        if kind not in self._lists:
            build = self._builders.get(kind)
            self._lists[kind] = self._adopted(build(self.context) if build else ListPage(self.context, kind))
        self.kind = self.help_topic = self.listed_kind = kind
        self._last[self.group] = kind
        self._show_tabs()
        self._stack.setCurrentWidget(self._lists[kind])
        self.search_hint = self.register.search_hint
        self.context.settings.register = kind

    def _show_tabs(self) -> None:
        """Show the tabs of the current group; a group with one list has none."""
        forms, today, kinds = self.context.workspace.forms, self.context.workspace.today(), self._groups[self.group]
        labels = [forms.current(kind, today).plural for kind in kinds]
        with QSignalBlocker(self.tabs), QSignalBlocker(self.groups):
            self.groups.setCurrentIndex([*self._groups].index(self.group))
            if labels != [self.tabs.tabText(place) for place in range(self.tabs.count())]:
                while self.tabs.count():
                    self.tabs.removeTab(0)
                for label in labels:
                    self.tabs.addTab(label)
            self.tabs.setCurrentIndex(kinds.index(self.kind))
        self.tabs.setVisible(len(kinds) > 1)
        self.groups.setVisible(len(self._groups) > 1)

    def _adopted(self, page: Page) -> Page:
        self._stack.addWidget(page)
        page.open_requested.connect(self.open_requested)
        page.go_requested.connect(self.go_requested)
        page.page_requested.connect(self.page_requested)
        page.title_changed.connect(lambda: self.title_changed.emit() if page is self.register else None)
        return page

    def _step(self, by: int) -> None:
        self.show_register(self._kinds[(self._kinds.index(self.kind) + by) % len(self._kinds)])

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """Return the main action of the current list."""
        return self.register.main_action()

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the commands of the current list, and those that go to the neighbouring lists."""
        beside = {
            "step_before": PageCommand("Sổ trước", lambda: self._step(-1)),
            "step_after": PageCommand("Sổ sau", lambda: self._step(1)),
        }
        return {**self.register.commands(), **(beside if len(self._kinds) > 1 else {})}

    def cancel(self) -> None:
        """Give up what is marked in the current list (Esc)."""
        self.register.cancel()

    def search(self, text: str) -> None:
        """Search the current list."""
        self.register.search(text)

    def show_matches(self, kind: str, search: str, where: Mapping[str, Any]) -> None:
        """Show the list of a kind with this search and filter."""
        self.show_register(kind)
        self.register.show_matches(kind, search, where)

    def search_text(self) -> str:
        """Return the search text of the current list; each list keeps its own."""
        return self.register.search_text()

    def on_show(self) -> None:
        """Update the current list, or show the one that another page has asked for."""
        wanted = self.context.settings.register
        if wanted in self._kinds and wanted != self.kind:
            self._bring_forward(wanted)
        self.register.on_show()

    def on_leave(self) -> None:
        """Save the columns of the current list."""
        self.register.on_leave()

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Pass changes to every list shown so far."""
        for page in self._lists.values():
            page.refresh(changes, initiator)


def _grouped(context: Context, kinds: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the kinds by the name of their group, each in the order of the forms."""
    forms, today = context.workspace.forms, context.workspace.today()
    groups: dict[str, tuple[str, ...]] = {}
    for kind in kinds:
        name = forms.current(kind, today).group or _FIRST_GROUP
        groups[name] = (*groups.get(name, ()), kind)
    return groups


def _tab_bar(name: str, words: str) -> QTabBar:
    tabs = QTabBar()
    tabs.setObjectName(name)
    tabs.setAccessibleName(words)
    tabs.setDrawBase(False)
    tabs.setExpanding(False)
    tabs.setUsesScrollButtons(True)
    tabs.setElideMode(Qt.TextElideMode.ElideNone)
    tabs.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return tabs
