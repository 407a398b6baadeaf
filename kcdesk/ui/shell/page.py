"""What the main window asks of a page, and what a page may ask of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kcdesk.ui.shell.context import Context

if TYPE_CHECKING:
    from kcdesk.services.records.changing import Changes


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a page can do now; the window gives it its menu entry and shortcut."""

    label: str
    run: Callable[[], object]


class Page(QWidget):
    """One page of the window: a list, a dossier, a report.

    Signals:
        open_requested: the id of a record that is to be opened in place.
        go_requested: the name of a page that is to be shown.
        page_requested: a page that is to be opened over this one, as a function of the context.
        close_requested: this page (a dossier) is done with.
        moved: the officer is at another place of the page, perhaps without the keyboard having moved.
        title_changed: title, main action, commands or searching have changed.
    """

    open_requested = Signal(str)
    go_requested = Signal(str)
    page_requested = Signal(object)
    close_requested = Signal()
    moved = Signal()
    title_changed = Signal()

    title = ""

    search_hint = ""  # what the search box says; empty: the page cannot be searched

    def __init__(self, context: Context) -> None:
        super().__init__(context.pages)
        self.context = context

    @property
    def alone(self) -> bool:
        """Whether the page takes the whole window, without navigation and header."""
        return False

    def main_action(self) -> Command | None:
        """The page's one main action, at the right of its title; Ctrl+Enter."""
        return None

    def commands(self) -> Mapping[str, Command]:
        """What the menu can do here: "new", "print", "export", "delete", and more of the page's own."""
        return {}

    def other_steps(self) -> Sequence[Command]:
        """Steps of the dossier's life besides the main action."""
        return ()

    def take_in_files(self, paths: Sequence[Path]) -> None:
        """Look at packages, or folders of them; only the hand-over page does."""

    def search(self, text: str) -> None:
        """Show only what holds `text`."""

    def search_text(self) -> str:
        """What the page is searched for now."""
        return ""

    def step_back(self) -> bool:
        """Esc: whether the page has gone back within itself; else the window leaves it."""
        return False

    def on_show(self) -> None:
        """The page has come to the front: take the focus, catch up with what has changed."""

    def on_leave(self) -> None:
        """Keep what is being typed: the page goes out of sight, or something is taken back."""

    def place(self) -> dict[str, str]:
        """Where the officer is, as words that survive a power cut; empty for a page that is no dossier."""
        return {}

    def return_to(self, place: Mapping[str, str]) -> None:
        """Go where `place` says that the officer was."""

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Records have changed; the page that wrote (`initiator is self`) shows it already."""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One entry of the navigation; the page is built when it is first shown."""

    name: str
    title: str
    icon: str
    build: Callable[[Context], Page]
    waiting: Callable[[Context], int] | None = None  # how many things wait there
    when_waiting: bool = False  # shown only while something waits, without a number of its own
