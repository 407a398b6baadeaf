"""The composition root of the window: the only module that knows every layer and connects the parts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QIcon
from shiboken6 import isValid

from kcdesk import __version__, log, paths
from kcdesk.runtime import collector
from kcdesk.runtime.frozen import Value
from kcdesk.services.law import reviews
from kcdesk.services.overview import counters
from kcdesk.services.personal import rights, uses
from kcdesk.settings import FILE_NAME, Settings, SettingsFile
from kcdesk.ui.opening.crash_dialog import CrashCatcher
from kcdesk.ui.opening.opened_store import OpenedStore, open_or_make, open_restored
from kcdesk.ui.settings.copies.closing_copy import copy_at_close
from kcdesk.ui.settings.copies.copy_clock import CopyClock
from kcdesk.ui.settings.effects.rule_watch import RuleWatch
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.shell.page import Page, PageEntry
from kcdesk.ui.shell.privacy.screen_lock import ScreenLock
from kcdesk.ui.shell.worker import BackgroundWorker
from kcdesk.ui.toolkit.qt import application, soon
from kcdesk.ui.toolkit.theme import Theme
from kcdesk.ui.window.last_place import LastPlace
from kcdesk.ui.window.main_window import MainWindow
from kcdesk.ui.window.scanning.paper_opener import PaperOpener
from kcdesk.ui.window.scanning.scanned_codes import guard_fields
from kcdesk.ui.window.search_sources import person_source, report_source, settings_source, text_source

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from kcdesk.handbook import TourStop
    from kcdesk.services.workspace import Workspace

_LASTING = 2  # resources that outlast a store: the log in memory, the crash catcher
_WITH_STORE = 5  # and those that outlast its window: the log in a file, the store, the settings


def run_window(folder: Path, file: Path | None = None) -> int:
    """Open the store in `folder`, or create one, and run until the window is closed; return the exit code.

    `file`, a package or an update, is shown first, as if it had been dropped on the window.
    """
    start, context = Start(sys.argv[:1], file), None
    try:
        code, window = 0, start.open(folder)
        while window is not None:
            context = window.context
            window.show()
            soon(window, start.begin)
            code = start.application.exec()
            copy_at_close(window.context)
            window = start.open_restored(window, folder)
        return code
    finally:
        start.close()
        if context is not None and context.starting_again:
            import_module("kcdesk.ui.opening.another_window").open_apart(folder)


class Start:
    """One run of the window: the application, its log and crash catcher, and what was opened."""

    def __init__(self, arguments: list[str], file: Path | None = None) -> None:
        self._file = file
        self.application = application(arguments)
        self.application.setApplicationName("kcdesk")
        self.application.setWindowIcon(QIcon(str(paths.resources() / "icons" / "kcdesk.svg")))
        self._recorder = log.start()
        self._catcher = CrashCatcher(self._recorder)
        self._catcher.install()
        self._ends: list[Callable[[], None]] = [self._catcher.uninstall, lambda: log.stop(self._recorder)]

    def open(self, folder: Path) -> MainWindow | None:
        """Return the window over the store in `folder`, not shown yet; None when the officer cancelled."""
        settings = SettingsFile(folder / FILE_NAME)
        theme = self._theme(settings.values)
        first = open_or_make(folder)
        return self._window(folder, settings, theme, first) if first.workspace is not None else None

    def open_restored(self, window: MainWindow, folder: Path) -> MainWindow | None:
        """Return the window over a restored store, if the last window was closed to restore a backup; else None.

        Likewise over the same store, if it was closed to be opened again.
        """
        prepared, workspace = window.context.restoring, window.context.workspace
        if prepared is None:
            if not window.context.reopening:
                return None
            self._close_down_to(_LASTING)
            return self.open(folder)
        self._close_down_to(_WITH_STORE)
        first = open_restored(prepared, workspace)
        self._close_down_to(_LASTING)
        if first is None:
            return self.open(folder)
        settings = SettingsFile(folder / FILE_NAME)
        return self._window(folder, settings, self._theme(settings.values), first)

    def _theme(self, settings: Settings) -> Theme:
        return Theme(self.application, settings.theme, settings.letters)

    def begin(self) -> None:
        """Show what comes first in the window: the package of a broken laptop, or the place of the last session."""
        if self._first.message:
            self._opened.context.messages.notice(self._first.message)
        self._opened.context.store_check.begin_when_due()
        if self._opened.context.workspace.store.folder == paths.tour_store():
            lead(self._opened)
        elif file := self._first.package or self._file:
            self._file = None  # not again after a restore
            self._opened.take_in_files([file])
        else:
            self.last_place.offer()
            self._offer_news()
            for watch in self._opened.findChildren(RuleWatch):
                watch.look_back()

    def _offer_news(self) -> None:
        """After an update, offer what is new; the first version of all is no news."""
        settings = self._opened.context.settings
        seen, settings.version_seen = settings.version_seen, __version__
        if seen not in ("", __version__):
            window = self._opened
            window.context.messages.offer(
                f"kcdesk nay là bản {__version__}.", "Có gì mới", lambda: window.help.show_topic("news")
            )

    def _window(self, folder: Path, settings: SettingsFile, theme: Theme, first: OpenedStore) -> MainWindow:
        workspace = first.workspace
        assert workspace is not None
        file_log = log.to_file(folder)
        with collector.at_rest():
            window = build_window(workspace, settings.values, theme)
        self._first, self._opened = first, window
        self.last_place = LastPlace(window, settings.save)
        self._ends += [lambda: log.stop(file_log), workspace.close, settings.save]
        self._ends += [theme.deleteLater, lambda: _end(window), window.context.close, self.last_place.forget]
        return window

    def close(self) -> None:
        """Close everything in reverse order of opening."""
        self._close_down_to(0)

    def _close_down_to(self, number: int) -> None:
        while len(self._ends) > number:
            self._ends.pop()()


def build_window(
    workspace: Workspace, settings: Settings, theme: Theme, messages: Messages | None = None
) -> MainWindow:
    """Return the main window over an open store, showing the page of the last session."""
    context = Context(workspace, messages or Messages(settings.folders), BackgroundWorker(), settings, theme)
    window = MainWindow(context, page_entries(), _open_dossier)
    window.global_search.add_sources(
        report_source(workspace, lambda name: _show_report(window, name)),
        text_source(workspace, partial(_open_text, window)),
        person_source(lambda: _show_person(window)),
        settings_source(lambda: _settings_page(window), lambda: window.go("settings")),
    )
    window.help.acts = {
        "field_guide": lambda: _print_field_guide(window),
        "tour": lambda: begin_tour(window),
        "open_paper": PaperOpener(window).choose,
    }
    RuleWatch(context, window)  # it lives with the window, as the next one does
    CopyClock(context, window)
    ScreenLock(window, context)
    guard_fields(window)
    window.start()
    return window


def _show_report(window: MainWindow, name: str) -> None:
    window.go("reports")
    window.page.show_part(name)


def _open_text(window: MainWindow, place: object) -> None:
    import_module("kcdesk.ui.papers.law_text_dialog").open_place(window.context, place, window)


def _settings_page(window: MainWindow) -> Page | None:
    """The page of the settings if it was shown: building it takes too long for a search."""
    pages = (window.stack.widget(place) for place in range(window.stack.count()))
    return next((page for page in pages if isinstance(page, Page) and page.help_topic == "settings"), None)


def _show_person(window: MainWindow) -> None:
    window.open_page(import_module("kcdesk.ui.dossier.personal.person_page").PersonPage)


def _print_field_guide(window: MainWindow) -> None:
    from kcdesk.services.guidance import printed_page  # hardly ever asked for, like the preview
    from kcdesk.ui.papers.sheet_dialog import SheetDialog  # as above

    SheetDialog(window.context, "", printed_page.print_field_guide, "Sổ tay hiện trường", window).exec()


def begin_tour(window: MainWindow) -> None:
    """Make the practice store of the tour and open it in a window of its own; in that window, lead once more."""
    if window.context.workspace.store.folder == paths.tour_store():
        lead(window)
        return
    from kcdesk.demo import tour_store  # hardly ever asked for
    from kcdesk.ui.opening.another_window import open_apart  # as above
    from kcdesk.ui.shell import blocking_task  # as above

    blocking_task.watch(
        window.context,
        window,
        lambda progress: tour_store.make(paths.tour_store(), progress, window.context.workspace.level.name),
        text="Đang lập kho tập với hồ sơ mẫu của mọi nội dung, mọi bước",
        stopping="Dừng thì không có gì được lập; kho thật không đổi.",
        done=open_apart,
        failed=window.context.messages.error,
    )


def lead(window: MainWindow) -> QWidget:
    """Begin the tour in a window; return its bubble."""
    from kcdesk import handbook  # only the tour needs them
    from kcdesk.ui.help.tour import Tour  # as above

    stops = handbook.tour_stops(collects=window.context.workspace.collects)
    return Tour(window, stops, lambda stop: _come_to(window, stop))


def _come_to(window: MainWindow, stop: TourStop) -> None:
    """Show the page of a stop, with the first record of its list if the stop asks for one."""
    from kcdesk.ui.dossier.list_page import ListPage  # every other start loads it when it is shown

    window.go(stop.page)
    if stop.open and isinstance(window.page, ListPage):
        window.page.open_current()


def _end(window: MainWindow) -> None:
    """Delete a closed window before its store is closed: a timer in it would ask a store that is gone."""
    if isValid(window):
        focused = window.focusWidget()
        if focused is not None:
            focused.clearFocus()
        window.hide()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


class _Later(Value):
    """A page class that is imported when first shown: importing all would double the time to the first window."""

    module: str  # below kcdesk.ui
    name: str
    arguments: tuple[Any, ...] = ()  # behind the context

    def __call__(self, context: Context, *more: Any) -> Page:
        page = self.page_class()(context, *self.arguments, *more)
        assert isinstance(page, Page)
        return page

    def page_class(self) -> type[Page]:
        """Return the page class."""
        page: type[Page] = getattr(import_module(f"kcdesk.ui.{self.module}"), self.name)
        return page


_DEADLINES = _Later("planning.deadlines_page", "DeadlinesPage")
_PLACES: Mapping[str, _Later] = {  # pages that the lines of today's work and the first steps open
    "partners": _Later("handover.partners_page", "PartnersPage"),
    "receipts": _Later("handover.waiting_receipts_page", "OutboxPage"),
    "late_units": _Later("handover.receiving.units_summary", "LateUnitsPage"),
}
PAGES: Mapping[str, _Later] = {  # by the name of their entry in the navigation
    "overview": _Later("planning.overview_page", "OverviewPage", (_DEADLINES, _PLACES)),
    "beneficiary": _Later("dossier.list_page", "ListPage", ("beneficiary",)),
    "proposal": _Later("dossier.list_page", "ListPage", ("proposal",)),
    "acceptance": _Later("visits.calendar_page", "AcceptancesPage", ("acceptance",)),
    "handoff": _Later("handover.handover_page", "HandoverPage"),
    "conflicts": _Later("handover.receiving.conflicts_page", "ConflictsPage"),
    "reports": _Later("reports.reports_page", "ReportsPage"),
    "settings": _Later("settings.settings_page", "SettingsPage"),
}
REGISTERS: Mapping[str, _Later] = {  # by kind of record, for registers with more than a list
    "office": _Later("staff.offices_page", "OfficesPage"),
    "work_handover": _Later("staff.offices_page", "WorkHandoversPage", ("work_handover",)),
    "product_entry": _Later("votes.entries_page", "EntriesPage", ("product_entry",)),
}
_REGISTERS_PAGE = _Later("dossier.registers_page", "RegistersPage")
_DOSSIER = _Later("dossier.dossier_page", "DossierPage")
DOSSIERS: Mapping[str, _Later] = {  # by kind of record, for dossiers with their own page class
    "plan": _Later("planning.plan_page", "PlanPage"),
    "staff": _Later("staff.staff_page", "StaffPage"),
    "product_vote": _Later("votes.vote_page", "ProductVotePage"),
    "acceptance": _Later("visits.visit_page", "VisitPage"),
    "inspection": _Later("visits.visit_page", "VisitPage"),
}


def page_entries() -> tuple[PageEntry, ...]:
    """Return the pages of the navigation; each is imported and built when first shown.

    A list page has the name of its kind; kinds without an entry are in the registers.
    """
    return (
        PageEntry("overview", "Tổng quan", "layout-dashboard", PAGES["overview"]),
        PageEntry("beneficiary", "Đơn vị thụ hưởng", "factory", PAGES["beneficiary"]),
        PageEntry("proposal", "Đề án", "file-text", PAGES["proposal"]),
        PageEntry("acceptance", "Nghiệm thu", "clipboard-check", PAGES["acceptance"], _open_acceptances),
        PageEntry("registers", "Sổ hồ sơ", "folder-open", _registers),
        PageEntry("handoff", "Bàn giao", "package", PAGES["handoff"], _waiting_for_handover),
        PageEntry("conflicts", "Cần xem", "triangle-alert", PAGES["conflicts"], _to_decide, when_waiting=True),
        PageEntry("reports", "Báo cáo", "chart-column", PAGES["reports"]),
        PageEntry("settings", "Cài đặt", "settings", PAGES["settings"]),
    )


def _open_acceptances(context: Context) -> int:
    return counters.acceptances(context.workspace)


def _waiting_for_handover(context: Context) -> int:
    workspace = context.workspace
    return counters.receipts(workspace) if workspace.collects else counters.to_hand_over(workspace)


def _to_decide(context: Context) -> int:
    return counters.to_look_at(context.workspace)


def _registers(context: Context) -> Page:
    listed = {entry.name for entry in page_entries()}
    kinds = [kind for kind in context.workspace.forms.kinds if kind not in listed]
    return _REGISTERS_PAGE(context, kinds, REGISTERS)


def _open_dossier(context: Context, id_: str) -> Page:
    if id_.startswith(reviews.PLACE):
        return _Later("settings.law_page", "LawPage")(context, id_.removeprefix(reviews.PLACE))
    if id_ == rights.TERMS_PLACE:
        return _Later("dossier.personal.person_page", "PersonPage")(context, (), "terms")
    kind = context.workspace.store.get(id_).kind
    uses.note_opened(context.workspace, id_)
    if (kept := rights.kept_sentence(context.workspace, id_)) is not None:
        context.messages.notice(kept)
    return DOSSIERS.get(kind, _DOSSIER)(context, id_)
