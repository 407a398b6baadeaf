"""The contract between the main window and its pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kcdesk.runtime.frozen import Value
from kcdesk.ui.shell.context import Context

if TYPE_CHECKING:
    from kcdesk.services.records.changing import Changes


class PageCommand(Value):
    """An action that a page offers now; the window gives it a menu entry and a shortcut."""

    label: str
    run: Callable[[], object]
    hint: str = ""  # what it does, in half a line
    take: Callable[[str], object] | None = None  # does the same with a code that a reader has typed elsewhere


class Offered(Value):
    """What a page offers now, for the header and the menus: each is asked for once, since it may read the store."""

    main: PageCommand | None
    steps: Sequence[PageCommand]
    commands: Mapping[str, PageCommand]


class Page(QWidget):
    """One page of the window: a list, a dossier, a report.

    Signals:
        open_requested: open a record in place; carries its id.
        field_requested: open a record at a field; carries its id and the path, "" for where the officer was last.
        go_requested: show a page of the navigation; carries its name.
        page_requested: open a page over this one; carries a function of the context that builds it.
        close_requested: close this page (a dossier).
        moved: the officer is at another place of the page, perhaps without a change of keyboard focus.
        title_changed: title, main action, commands or search have changed.
    """

    open_requested = Signal(str)
    field_requested = Signal(str, str)
    go_requested = Signal(str)
    page_requested = Signal(object)
    close_requested = Signal()
    moved = Signal()
    title_changed = Signal()

    title = ""
    help_topic = ""  # of the page in the handbook; of a dossier it is the kind of its record

    listed_kind = ""  # kind of the records in its list: a spreadsheet that is dropped there may hold such records

    belongs_to = ""  # kind of the list of which it is a part, wherever it was opened; "" for where it was opened

    search_hint = ""  # placeholder of the search box; "" when the page cannot be searched

    def __init__(self, context: Context) -> None:
        super().__init__(context.pages)
        self.context = context

    @property
    def alone(self) -> bool:
        """Return whether the page fills the whole window, without navigation and header."""
        return False

    def main_action(self) -> PageCommand | None:
        """Return the main action, shown to the right of the title (Ctrl+Enter)."""
        return None

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the menu commands available here: "new", "print", "export", "delete", and the page's own."""
        return {}

    def other_steps(self) -> Sequence[PageCommand]:
        """Return the steps of the dossier's workflow besides the main action."""
        return ()

    def offered(self) -> Offered:
        """Return everything that the page offers now."""
        return Offered(self.main_action(), self.other_steps(), self.commands())

    def take_in_files(self, paths: Sequence[Path], listed: str = "") -> None:
        """Preview packages on the hand-over page, an update of the program in the settings.

        `listed` is the kind of records in the list on which they were dropped.
        """

    def search(self, text: str) -> None:
        """Show only records that contain `text`."""

    def search_text(self) -> str:
        """Return the current search text."""
        return ""

    def show_matches(self, kind: str, search: str, where: Mapping[str, Any]) -> None:
        """Show the records of `kind` with this search and filter; only pages with lists do this."""

    def show_part(self, name: str) -> None:
        """Show one of the things between which the page lets the officer choose, such as a report."""

    def step_back(self) -> bool:
        """Go back within the page (Alt+←); return False when the window should leave the page."""
        return False

    def cancel(self) -> None:
        """Close what is open within the page, or undo a selection (Esc); never leave a form."""

    def on_show(self) -> None:
        """Take the focus and update the page when it comes to the front."""

    def on_leave(self) -> None:
        """Save what is being typed: the page is about to be hidden, or a change undone."""

    def on_close(self) -> None:
        """Write nothing from now on: the window is closed, and the store may be closed before the page is deleted."""

    def place(self) -> dict[str, str]:
        """Return the officer's place in the page as texts that can be saved; empty for a page that is no dossier."""
        return {}

    def last_place(self) -> dict[str, str]:
        """Return where the officer was last in the page, for when it is opened again."""
        return self.place()

    def return_to(self, place: Mapping[str, str]) -> None:
        """Go to a place that `place` returned earlier."""

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Show changed records; the page that wrote (`initiator is self`) already shows them."""


class PageEntry(Value):
    """One entry of the navigation; its page is built when first shown."""

    name: str
    title: str
    icon: str
    build: Callable[[Context], Page]
    waiting: Callable[[Context], int] | None = None  # counts the items that need attention
    when_waiting: bool = False  # shown only while something needs attention; has no Alt+number shortcut
