"""The main window: navigation on the left, header above, the current page, the status bar below.

Pages are built when first shown. Records open over their list; `_trail` is the stack of pages to return through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from kcdesk.errors import KcdeskError
from kcdesk.services.records import changing
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.kept_views import LeftPlaces
from kcdesk.ui.shell.notices.notice_bar import NoticeBar
from kcdesk.ui.shell.page import Page, PageEntry
from kcdesk.ui.shell.view_menu import pop_up_menu
from kcdesk.ui.shell.worker import is_gone
from kcdesk.ui.toolkit import icons
from kcdesk.ui.toolkit.drop_targets import dropped, is_update
from kcdesk.ui.window import letters, menus, window_size
from kcdesk.ui.window.frame import arranged
from kcdesk.ui.window.global_search import GlobalSearch
from kcdesk.ui.window.header import Header
from kcdesk.ui.window.help_place import HelpPlace
from kcdesk.ui.window.keyboard import KeyboardKeeper, press_button
from kcdesk.ui.window.leftovers import Leftovers
from kcdesk.ui.window.navigation import Navigation
from kcdesk.ui.window.search_sources import action_source, help_source, record_source
from kcdesk.ui.window.status import StatusLine

_COUNT_PAUSE = 400  # milliseconds without a change before the navigation's counters are computed again

OpenDossier = Callable[[Context, str], Page]


class MainWindow(QMainWindow):
    """Builds the frame and switches pages; `moved`: the officer is at another place of the page in front."""

    moved = Signal()

    def __init__(self, context: Context, entries: Sequence[PageEntry], open_dossier: OpenDossier) -> None:
        super().__init__()
        self.context, self._open_dossier = context, open_dossier
        self._entries = {entry.name: entry for entry in entries}
        self._pages: dict[str, Page] = {}
        self._trail: list[Page] = []  # dossiers open over the page of the navigation
        self._left = LeftPlaces(context.settings)
        self._base, self.header = "", Header()
        self.navigation = Navigation(entries, narrow=context.settings.narrow_navigation)
        self.stack = context.pages = QStackedWidget()
        self.status = StatusLine(context)
        self.setWindowTitle("kcdesk – Khuyến công")
        self.setMinimumSize(window_size.smallest(self))
        central, row, content = arranged(self.navigation, self.header, self.stack)
        self.setCentralWidget(central)
        self.setStatusBar(self.status)
        self.notices = NoticeBar(content, context.messages, context.theme, self.status.unit)
        self.help = HelpPlace(self, context, row, self.navigation, self.notices, lambda: self.page)
        self.global_search = GlobalSearch(self)
        self.menu_actions = menus.build(self, self._actions())
        self.global_search.add_sources(
            action_source(self.menu_actions, lambda: self.page),
            record_source(context.workspace, self.open_record, self.show_matches),
            help_source(self.help.show_topic),
        )
        self._keyboard, self._leftovers = KeyboardKeeper(self), Leftovers(self)
        self._counting = QTimer(self, singleShot=True, interval=_COUNT_PAUSE)
        self.setAcceptDrops(True)
        self._wire()
        window_size.restore(self, context.settings.geometry)

    # -- pages ---------------------------------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        """Return the page in front."""
        return self._trail[-1] if self._trail else self._pages[self._base]

    @property
    def help_topic(self) -> str:
        """Return the topic of the page in front: a question over the window is about it."""
        return self.help.topic_of_page()

    def start(self) -> None:
        """Show the page of the last session; compute the counters after the window is shown."""
        wanted = self.context.settings.page
        self.go(wanted if wanted in self._entries else next(iter(self._entries)))
        self._counting.start()

    def go(self, name: str) -> None:
        """Show a page of the navigation; open dossiers are saved and closed."""
        self._leave()
        while self._trail:
            self._drop(self._trail.pop())
        self._base = name
        self.context.settings.page = name
        self._bring_forward(self._built(name))

    def open_record(self, id_: str) -> Page | None:
        """Open a record in place; None when it cannot be read (the notice bar shows why)."""
        self._leave()
        for place, page in enumerate(self._trail):
            if getattr(page, "record_id", None) == id_:
                self._close_down_to(place + 1)
                return page
        try:
            page = self._open_dossier(self.context, id_)
        except KcdeskError as error:
            self.context.messages.error(error)
            self._leftovers.drop_half_built(self.stack)
            return None
        self._open_over(page)
        page.return_to(self._left.of(id_))
        return page

    def open_at(self, id_: str, path: str) -> None:
        """Open a record at a field; "" for where the officer was last in it."""
        if (page := self.open_record(id_)) is not None and path:
            page.return_to({"field": path})

    def open_page(self, build: Callable[[Context], Page]) -> Page:
        """Open a page over the one in front; Alt+← returns."""
        self._leave()
        return self._open_over(build(self.context))

    def _open_for(self, asking: Page, build: Callable[[Context], Page]) -> None:
        """Open a page over the one that asks; if the officer works on another one meanwhile, only offer it."""
        if asking is self.page:
            self.open_page(build)
        else:
            self.context.messages.offer(f"«{asking.title}» đã xem xong tệp.", "Mở xem", lambda: self.open_page(build))

    def _open_over(self, page: Page) -> Page:
        self._adopt(page)
        page.close_requested.connect(lambda: self._close(page))
        self._trail.append(page)
        self._bring_forward(page)
        return page

    def back(self) -> None:
        """Go back one step: within the page, else to the page below it (Alt+←, the arrow beside the title)."""
        if not self.page.step_back() and self._trail:
            self._leave()
            self._close_down_to(len(self._trail) - 1)

    def cancel(self) -> None:
        """Close the message, else the help, else what is open within the page (Esc); a form is never left by it."""
        if self.notices.isVisible():
            self.notices.hide()
        elif not self.help.close():
            self.page.cancel()

    # -- menu commands ---------------------------------------------------------------------------------------------

    def run_command(self, name: str) -> None:
        """Run a command of the page in front by name: "print", "delete", "export"."""
        command = self.page.commands().get(name)
        if command is not None:  # the menu offers nothing else; a key that was pressed too late does nothing
            command.run()

    def begin_new(self) -> None:
        """Create a record of the kind that the page in front lists; over a dossier, of the kind of its list."""
        offered = [page.commands().get("new") for page in (self.page, self._pages[self._base])]
        command = next((command for command in offered if command is not None), None)
        if command is None:
            self.go("proposal")
            self.begin_new()
        else:
            command.run()

    def export(self) -> None:
        """Go to the hand-over page and start a package."""
        if "export" not in self.page.commands():
            self.go("handoff")
        self.run_command("export")

    def take_in_files(self, paths: Sequence[Path]) -> None:
        """Preview packages, a folder of them, or what else was dropped on a list; an update goes to the settings."""
        listed = self.page.listed_kind
        self.go("settings" if is_update(paths) else "handoff")
        self.page.take_in_files(paths, listed)

    def show_matches(self, kind: str, search: str, where: Mapping[str, Any]) -> None:
        """Show the list of a kind with this search and filter: on its own page, else in the registers."""
        self.go(kind if kind in self._entries else "registers")
        self.page.show_matches(kind, search, where)

    def run_on(self, page: str, command: str) -> None:
        """Go to a page of the navigation and run one of its commands there, such as its calendar."""
        self.go(page)
        self.run_command(command)

    def run_main_action(self) -> None:
        """Run the main action (the button to the right of the title)."""
        if not self.header.main.isHidden():
            self.header.main.click()

    def undo(self) -> None:
        """Undo the last change of any record; of a new record without a change, undo that it was begun."""
        self._leave()
        if changing.forget_untouched(self.context.workspace, self.page.place().get("record", "")):
            self._close(self.page)
        else:
            undoing.undo(self.context)

    def redo(self) -> None:
        """Redo the change that was undone last."""
        self._leave()
        undoing.redo(self.context)

    def focus_search(self) -> None:
        """Focus the page's search box (Ctrl+F), or open the global search if the page has none."""
        if self.header.search.isVisible():
            self.header.search.setFocus()
            self.header.search.selectAll()
        else:
            self.global_search.pop_up()

    # -- inside --------------------------------------------------------------------------------------------------

    def _actions(self) -> menus.WindowActions:
        return menus.WindowActions(
            entries=self.navigation.entries,
            go=self.go,
            run_command=self.run_command,
            step_labels=partial(undoing.labels, self.context),
            begin_new=self.begin_new,
            run_main_action=self.run_main_action,
            open_steps=self.header.open_steps,
            export=self.export,
            run_on=self.run_on,
            close=self.close,
            lock=lambda: self.context.lock_screen(),
            undo=self.undo,
            redo=self.redo,
            focus_search=self.focus_search,
            search_everywhere=self.global_search.pop_up,
            back=self.back,
            fold_navigation=self.navigation.fold,
            set_letters=partial(letters.change, self.context),
            help_here=self.help.show_here,
            show_help=self.help.show_topic,
            help_act=self.help.act,
        )

    def _wire(self) -> None:
        self.navigation.chosen.connect(self.go)
        self.header.back_requested.connect(self.back)
        self.status.page_wanted.connect(self.go)
        self.status.field_wanted.connect(self.open_at)
        self.header.search.searched.connect(lambda text: self.page.search(text))
        self.header.search.left.connect(lambda: self.page.on_show())
        self.help.go, self.help.run = self.go, lambda name: self.menu_actions[name].trigger()
        self.context.changed.connect(self._announce)
        self.context.theme.changed.connect(self._redraw)
        self.context.record_wanted.connect(self.open_record)
        self.context.worker.started.connect(lambda job: job.ended.connect(self._counting.start))  # it may have sent
        self.context.unread_changed.connect(self._counting.start)  # it may have been the first of a new record
        self.context.unread_changed.connect(self.notices.look_again)
        self.context.messages.mended.connect(self.notices.look_again)
        self._counting.timeout.connect(self._count)

    def _redraw(self) -> None:
        icons.redraw(self)
        self.help.fit()  # larger letters need more room

    def _built(self, name: str) -> Page:
        if name not in self._pages:
            self._pages[name] = self._entries[name].build(self.context)
            self._adopt(self._pages[name])
        return self._pages[name]

    def _adopt(self, page: Page) -> None:
        self.stack.addWidget(page)
        page.open_requested.connect(self.open_record)
        page.field_requested.connect(self.open_at)
        page.page_requested.connect(lambda build: self._open_for(page, build))
        page.go_requested.connect(self.go)
        page.moved.connect(self.moved)
        page.title_changed.connect(lambda: self._show_header() if page is self.page else None)

    def _bring_forward(self, page: Page) -> None:
        if page is not self.stack.currentWidget():
            self.notices.leave_page()
        self.stack.setCurrentWidget(page)
        self.navigation.mark(self._base, page.belongs_to)
        self._show_header()
        page.on_show()
        self._keyboard.stand_by(page)

    def _show_header(self) -> None:
        offered = self.page.offered()
        self.header.show_page(self.page, offered, can_go_back=bool(self._trail))
        self.header.setVisible(not self.page.alone)
        self.navigation.setVisible(not self.page.alone)
        menus.name_main_action(self.menu_actions, offered.main)
        can_go_back = bool(self._trail) or self.page.alone
        menus.offer(self.menu_actions, offered.commands, steps=bool(offered.steps), back=can_go_back)
        self._keyboard.stand_by(self.page)

    def _leave(self) -> None:
        if self._base:
            self.page.on_leave()

    def _close(self, page: Page) -> None:
        """Close a page that asks for it; pages that lie above it stay."""
        if page in self._trail and page is self.page:
            self._close_down_to(len(self._trail) - 1)
        elif page in self._trail:
            self._trail.remove(page)
            self._drop(page)
            self._show_header()

    def _close_down_to(self, depth: int) -> None:
        while len(self._trail) > depth:
            self._drop(self._trail.pop())
        self._bring_forward(self.page)

    def _drop(self, page: Page) -> None:
        """Delete a page: answers of long tasks no longer reach it, and its fields give the keyboard back first."""
        self._left.put(page.last_place())
        focused = self.focusWidget()
        if focused is not None and page.isAncestorOf(focused):
            focused.clearFocus()
        self.stack.removeWidget(page)
        self._leftovers.add(page)
        self.context.worker.stop_unawaited()
        if (given_up := changing.leave(self.context.workspace, getattr(page, "record_id", ""))) is not None:
            self.context.announce(given_up)

    def _announce(self, changes: changing.Changes, initiator: object) -> None:
        self.notices.forget_undo()
        for page in (page for page in (*self._pages.values(), *self._trail) if not is_gone(page)):
            page.refresh(changes, initiator)  # one may close itself meanwhile: its record was deleted
        self.notices.look_again()
        self._keyboard.stand_by(self.page)
        self._counting.start()

    def _count(self) -> None:
        waiting = {entry.name: entry.waiting(self.context) for entry in self._entries.values() if entry.waiting}
        self.navigation.show_waiting(waiting)
        self.status.catch_up(waiting.get("handoff", 0))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept packages, a folder of packages, or an update, anywhere on the window."""
        if dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Preview the dropped files on the page that takes them in."""
        event.acceptProposedAction()
        self.take_in_files(dropped(event.mimeData()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel on an Esc that no field has used; Enter presses the button that has the keyboard."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif not press_button(self.focusWidget(), event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of a list, table or tree that has none of its own."""
        pop_up_menu(self, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reduce the navigation to icons in a narrow window."""
        super().resizeEvent(event)
        self.help.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Update when the window becomes active again: the day or the last backup may have changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self.isVisible():
            self._counting.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save what is being typed, the window size and the column widths; ask if a long task is running."""
        if not self.context.may_stop_work():
            event.ignore()
            return
        self._leave()
        pages = (*self._pages.values(), *self._trail)
        for page in pages:
            page.on_leave()
            self._left.put(page.last_place())
            changing.leave(self.context.workspace, getattr(page, "record_id", ""))
        self._counting.stop()
        window_size.keep_geometry(self, self.context.settings)
        self.context.settings.narrow_navigation = self.navigation.wished_narrow
        super().closeEvent(event)
        for page in pages:
            page.on_close()
