"""Pictures of every page and of filled-in dossiers, for the demo and the README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from kcdesk.services.reporting.figure_records import figure_records
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.planning.overview_page import OverviewPage
from kcdesk.ui.reports.reports_page import ReportsPage
from kcdesk.ui.visits.visit_page import VisitPage
from kcdesk.ui.window.main_window import MainWindow

# Visits that differ from the visit before only at these places.
_DIFFERING = dict.fromkeys(("conditional", "second"), ("basis", "checklist", "conclusion"))
FIELD = "field"  # the name of the visit that is shown in field mode
SIZE = (1366, 768)  # the screen size of the officers' laptops


def take_pictures(window: MainWindow, dossiers: dict[str, str], folder: Path) -> list[Path]:
    """Write `<page>.png` for each page and `<name>[-<n>].png` for each part of the dossiers (name → record id)."""
    folder.mkdir(parents=True, exist_ok=True)
    window.resize(*SIZE)
    window.show()
    pictures = [_pages(window, folder), _dossiers(window, dossiers, folder)]
    return [path for group in pictures for path in group]


def _pages(window: MainWindow, folder: Path) -> Iterator[Path]:
    for entry in window.navigation.entries:
        window.go(entry.name)
        show_figures(window)
        yield picture(window, folder / f"{entry.name}.png")
        yield from _behind(window, folder)


def show_figures(window: MainWindow) -> None:
    """Show the figures of all periods, if the page in front shows reports: the journey is not of this year."""
    await_work(window)
    if isinstance(window.page, ReportsPage):
        window.page.view.choices.show_every_period()
        await_work(window)


def _behind(window: MainWindow, folder: Path) -> Iterator[Path]:
    """Take a picture of the records behind a figure, if the page in front shows reports."""
    page = window.page
    place = page.view.table.place() if isinstance(page, ReportsPage) else None
    if not isinstance(page, ReportsPage) or place is None:
        return
    figures = page.view.table.figures
    figure = page.figure(figures.key(figures.rowCount() - 1), place[1])
    assert figure is not None, "a figure that is chosen belongs to an answer"
    behind = figure_records(window.context.workspace, figure.asked, figure.row, figure.column)
    yield from dialog_picture(page.behind.records_dialog(figure, behind), folder / "reports-behind.png")


def _dossiers(window: MainWindow, dossiers: dict[str, str], folder: Path) -> Iterator[Path]:
    lists = {entry.name for entry in window.navigation.entries}
    for name, id_ in dossiers.items():
        window.go(name if name in lists else "proposal")
        page = window.open_record(id_)
        assert isinstance(page, DossierPage), "a dossier of the journey can always be opened"
        yield from _on_site(page, folder) if name == FIELD else _at_the_desk(page, folder, name)
        window.back()


def _at_the_desk(page: DossierPage, folder: Path, name: str) -> Iterator[Path]:
    for number, section in enumerate(page.section_ids(), start=1):
        if section in _DIFFERING.get(name, (section,)):
            page.form.scroll_to_section(section)
            yield picture(page.window(), folder / f"{name}-{number:02}.png")
    if page.can_preview():
        yield from dialog_picture(page.preview_dialog(), folder / f"{name}-preview.png")


def _on_site(page: DossierPage, folder: Path) -> Iterator[Path]:
    """Take pictures of the preparation and of every step on site."""
    assert isinstance(page, VisitPage), "only visits have a field mode"
    yield from dialog_picture(page.ready_dialog(), folder / f"{FIELD}-ready.png")
    page.enter_field_mode()
    for number, step in enumerate(page.field_page.step_ids(), start=1):
        page.field_page.show_step(step)
        yield picture(page.window(), folder / f"{FIELD}-{number:02}.png")
    page.leave_field_mode()


def dialog_picture(dialog: QDialog, path: Path) -> Iterator[Path]:
    """Take a picture of a dialog and close it."""
    dialog.show()
    yield picture(dialog, path)
    dialog.close()


def picture(widget: QWidget, path: Path) -> Path:
    """Take a picture of a widget after it has been drawn."""
    settle()
    widget.grab().save(str(path))
    return path


def await_work(window: MainWindow) -> None:
    """Wait until nothing is done in the background any more."""
    settle()
    if isinstance(window.page, OverviewPage):
        window.page.questions.hurry()
    while window.context.worker.busy:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    settle()


def settle() -> None:
    """Process layouts, deferred deletions and short timers."""
    for _ in range(5):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
