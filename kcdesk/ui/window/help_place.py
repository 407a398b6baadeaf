"""Help in the main window: F1 opens the drawer at the right, for what has the keyboard or for a message that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QBoxLayout, QMainWindow, QWidget

from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.help_key import refusal_topics
from kcdesk.ui.shell.notices.notice_bar import NoticeBar
from kcdesk.ui.shell.page import Page
from kcdesk.ui.toolkit.qt import application
from kcdesk.ui.window.navigation import Navigation

if TYPE_CHECKING:
    from kcdesk.ui.help.drawer import HelpDrawer


class HelpPlace(QObject):
    """Makes the drawer at the first F1 and shows in it what the officer asks for."""

    def __init__(
        self,
        window: QMainWindow,
        context: Context,
        row: QBoxLayout,
        navigation: Navigation,
        notices: NoticeBar,
        front: Callable[[], Page],
    ) -> None:
        super().__init__(window)
        self._window, self._context, self._row, self._front = window, context, row, front
        self._navigation, self._notices = navigation, notices
        self.drawer: HelpDrawer | None = None
        self._followed = ""  # the topic of the field with the keyboard; while another is read, the page stays
        self.go: Callable[[str], object] = lambda _name: None
        self.run: Callable[[str], object] = lambda _name: None
        self.acts: Mapping[str, Callable[[], object]] = {}  # what the menu offers besides pages: the guide on paper, …
        notices.help_wanted.connect(self.show_topic)
        if context.pages is not None:
            context.pages.currentChanged.connect(self._turn_to_page)

    def show_here(self) -> None:
        """Show the help of the message that stands, else of what has the keyboard; asked again, let it be read."""
        topic = self.drawer.topic if self.is_open and self.drawer is not None else ""
        if self._notices.is_wrong():
            self.show_topic(self._notices.topic())
        else:
            self._show((*self._refused(), *self._topics(self._window.focusWidget())))
            self._followed = self._made().topic
        if self.drawer is not None and topic == self.drawer.topic:
            self.drawer.read(self._window.focusWidget())

    def act(self, name: str) -> None:
        """Do something that the menu of help offers besides pages."""
        self.acts[name]()

    def show_topic(self, topic: str) -> None:
        """Show the page of a topic, "" for that of the page in front; if it is shown already, let it be read."""
        before = self.drawer.topic if self.is_open and self.drawer is not None else ""
        self._show((topic,) if topic else self._page_topics())
        if self.drawer is not None and self.drawer.topic == before:
            self.drawer.read(self._window.focusWidget())
        if not topic:
            self._followed = self._made().topic

    def topic_of_page(self) -> str:
        """Return the topic of the page in front."""
        return next(filter(None, self._page_topics()), "")

    def _turn_to_page(self) -> None:
        """Show the help of the page that has come to the front, as long as the drawer shows such pages."""
        if self.is_open and self.drawer is not None and self.drawer.topic == self._followed:
            self.drawer.replace_topics(self._page_topics())
            self._followed = self.drawer.topic

    @property
    def is_open(self) -> bool:
        """Whether the drawer is shown."""
        return self.drawer is not None and self.drawer.isVisible()

    def fit(self) -> None:
        """Fit the drawer and the navigation into a window of another size."""
        if self.is_open and self.drawer is not None:
            self.drawer.fit()
        else:
            self._fit_navigation()

    def _fit_navigation(self) -> None:
        """Reduce the navigation to icons where pages and help need its room."""
        taken = self.drawer.width() if self.is_open and self.drawer is not None else 0
        self._navigation.fit(self._window.width() - taken)

    def close(self) -> bool:
        """Close the drawer; return False when it was not open."""
        if not self.is_open or self.drawer is None:
            return False
        self.drawer.close_drawer()
        return True

    def _show(self, topics: Iterable[str]) -> None:
        drawer = self._made()
        drawer.show_topics(topics)
        if not drawer.isVisible():
            drawer.show()
            application().focusChanged.connect(self._follow)

    def _made(self) -> HelpDrawer:
        if self.drawer is None:
            from kcdesk.ui.help.drawer import HelpDrawer  # a session without F1 does not need it

            self.drawer = HelpDrawer(self._context.workspace.forms, self._window.centralWidget())
            self.drawer.hide()
            self.drawer.closed.connect(lambda: application().focusChanged.disconnect(self._follow))
            self.drawer.resized.connect(self._fit_navigation)
            self.drawer.act_wanted.connect(self._act)
            self.drawer.keys_wanted.connect(lambda: self.run("keys"))
            self._row.addWidget(self.drawer)
        return self.drawer

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Show the page of the field that the officer has come to, as long as the drawer shows such pages."""
        if self.drawer is None or self.drawer.topic != self._followed or new is None or new.window() != self._window:
            return
        topics = [topic for topic in self._topics(new) if "." in topic]
        if topics and not self.drawer.isAncestorOf(new):
            self.drawer.replace_topics(topics)
            self._followed = self.drawer.topic

    def _refused(self) -> Iterator[str]:
        """Yield the topics of refusals that stand in the page in front."""
        yield from refusal_topics(self._front())

    def _topics(self, widget: QWidget | None) -> Iterator[str]:
        from kcdesk.ui.help.topics import topics_at  # as above

        yield from topics_at(widget)
        yield from self._page_topics()

    def _page_topics(self) -> Iterator[str]:
        """Yield the topic of the page in front, and the kind of record that it shows."""
        page = self._front()
        yield page.help_topic
        if record := page.place().get("record"):
            yield self._context.workspace.store.record(record).kind

    def _act(self, link: str) -> None:
        """Do what a link of the handbook asks for: `go:` a page of the navigation, `do:` an entry of the menus."""
        scheme, _, name = link.partition(":")
        if scheme == "go":
            self.go(name)
        elif scheme == "do":
            self.run(name)
