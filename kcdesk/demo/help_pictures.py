"""The pictures of the handbook, taken from the real window over practice stores: `python -m kcdesk.demo.help_pictures`.

Each is small enough for the drawer: a part of a page, or a whole page in a small window. They are taken off screen and
look alike on every machine. Run it after a change that an officer sees; a test runs every shot and finds those without
a page.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QDialog, QWidget

from kcdesk import handbook
from kcdesk.app import build_window
from kcdesk.demo import handover_screens, journey, screens
from kcdesk.demo.journey import Journey
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.packages import receiving
from kcdesk.services.handover.receipts import drafts
from kcdesk.services.maintenance import opening
from kcdesk.services.workspace import Workspace
from kcdesk.settings import Settings
from kcdesk.temporary import private_files
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.handover.export_dialog import ExportDialog
from kcdesk.ui.handover.receipt_page import ReceiptPage
from kcdesk.ui.opening.restore_dialog import RestoreDialog
from kcdesk.ui.opening.unlock import UnlockDialog
from kcdesk.ui.opening.wizard import Wizard
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.toolkit.qt import application
from kcdesk.ui.toolkit.theme import Theme
from kcdesk.ui.visits.visit_page import VisitPage
from kcdesk.ui.window.main_window import MainWindow

SIZE = (1024, 680)
WIDEST = 900  # pixels of a stored picture
_QUALITY = 75  # of WebP, per cent


class Studio(Value):
    """The stores of the journey, and a window over each side."""

    journey: Journey
    lower: MainWindow
    province: MainWindow


Shot = Callable[[Studio], QPixmap]


def take(opened: Studio) -> Iterator[tuple[str, QPixmap]]:
    """Yield every picture with its name; the windows are left on other pages."""
    for name, shot in SHOTS.items():
        yield name, shot(opened)


@contextmanager
def studio(played: Journey, theme: Theme) -> Iterator[Studio]:
    """Open a window over both stores of a journey; close them at the end."""
    stores = [opening.open_workspace(folder) for folder in (played.store, played.province)]
    windows = [_window(workspace, theme) for workspace in stores]
    try:
        yield Studio(played, *windows)
    finally:
        for window, workspace in zip(windows, stores, strict=True):
            window.close()
            window.context.worker.close()
            window.deleteLater()
            workspace.close()


def _window(workspace: Workspace, theme: Theme) -> MainWindow:
    window = build_window(workspace, Settings(), theme, Messages())
    window.resize(*SIZE)
    window.show()
    return window


# -- shots ---------------------------------------------------------------------------------------------------------


def _page(name: str, height: int = 0) -> Shot:
    """Return the shot of a page of the navigation, its upper part only if a height is given."""

    def shot(studio: Studio) -> QPixmap:
        studio.lower.go(name)
        screens.await_work(studio.lower)
        return _upper(studio.lower, height)

    return shot


def _reports(studio: Studio) -> QPixmap:
    studio.lower.go("reports")
    screens.show_figures(studio.lower)
    return _upper(studio.lower)


def _upper(window: MainWindow, height: int = 0) -> QPixmap:
    """Return the page in front with its header, without menus, navigation and status bar."""
    screens.settle()
    content = window.header.parentWidget()
    assert content is not None, "the header stands in the window"
    corner = content.mapTo(window, QPoint(0, 0))
    return window.grab(QRect(corner.x(), corner.y(), content.width(), height or content.height()))


def _dossier(studio: Studio, id_: str) -> DossierPage:
    studio.lower.go("proposal")
    page = studio.lower.open_record(id_)
    assert isinstance(page, DossierPage), "a dossier of the journey can always be opened"
    return page


def _at(page: DossierPage, section: str) -> DossierPage:
    """Show the page from the beginning of a section."""
    screens.settle()
    page.form.scroll_to_section(section)
    return page


def _part(widget: QWidget, height: int = 0) -> QPixmap:
    """A part of a page, from the top, on the colour of the page: it has none itself, and the drawer may be dark."""
    screens.settle()
    part = widget.grab(QRect(0, 0, widget.width(), min(height, widget.height()) if height else widget.height()))
    whole = QPixmap(part.size())
    whole.setDevicePixelRatio(part.devicePixelRatio())
    whole.fill(widget.palette().color(QPalette.ColorRole.Window))
    painter = QPainter(whole)
    painter.drawPixmap(0, 0, part)
    painter.end()
    return whole


def _draft(studio: Studio) -> QPixmap:
    assert studio.journey.exchange is not None, "the journey is played to its end"
    _at(_dossier(studio, studio.journey.exchange.returned), "general")
    return _upper(studio.lower)


def _beneficiary(studio: Studio) -> QPixmap:
    _dossier(studio, studio.journey.beneficiary)
    return _upper(studio.lower)


def _contract(studio: Studio) -> QPixmap:
    _dossier(studio, studio.journey.contract)
    return _upper(studio.lower)


def _steps(studio: Studio) -> QPixmap:
    assert studio.journey.exchange is not None, "the journey is played to its end"
    _dossier(studio, studio.journey.exchange.returned)
    return _upper(studio.lower, 102)


def _budget(studio: Studio) -> QPixmap:
    assert studio.journey.exchange is not None, "the journey is played to its end"
    page = _at(_dossier(studio, studio.journey.exchange.returned), "budget")
    return _part(page.form.viewport(), 320)


def _checklist(studio: Studio) -> QPixmap:
    page = _at(_visit(studio), "checklist")
    return _part(page.form.viewport(), 420)


def _visit(studio: Studio) -> DossierPage:
    """Open the visit in progress; of a journey without one, the visit that was made."""
    more = studio.journey.more
    return _dossier(studio, more.under_way if more is not None else studio.journey.acceptance)


def _field_mode(studio: Studio) -> QPixmap:
    page = _visit(studio)
    assert isinstance(page, VisitPage), "only visits have a field mode"
    page.enter_field_mode()
    picture = _part(page.field_page, 460)
    page.leave_field_mode()
    return picture


def _preview(studio: Studio) -> QPixmap:
    return _dialog(_dossier(studio, studio.journey.acceptance).preview_dialog())


def _dialog(dialog: QDialog) -> QPixmap:
    dialog.show()
    picture = _part(dialog)
    dialog.close()
    dialog.deleteLater()
    return picture


def _export(studio: Studio) -> QPixmap:
    studio.lower.go("handoff")
    return _dialog(ExportDialog(studio.lower.context, studio.lower))


def _partners(studio: Studio) -> QPixmap:
    studio.lower.go("handoff")
    studio.lower.run_command("partners")
    return _upper(studio.lower, 420)


def _intake(studio: Studio) -> QPixmap:
    assert studio.journey.exchange is not None, "the journey is played to its end"
    supplement = studio.journey.exchange.supplement
    studio.province.go("handoff")
    handover_screens.after_work(studio.province, lambda: studio.province.take_in_files([supplement]))
    return _upper(studio.province, 520)


def _receipt(studio: Studio) -> QPixmap:
    package = drafts.outbox(studio.province.context.workspace)[0].package
    studio.province.open_page(lambda context: ReceiptPage(context, package))
    return _upper(studio.province)


def _conflicts(studio: Studio) -> QPixmap:
    assert studio.journey.exchange is not None, "the journey is played to its end"
    receiving.receive(studio.province.context.workspace, studio.journey.exchange.supplement)
    studio.province.go("conflicts")
    return _upper(studio.province, 480)


def _unlock(_studio: Studio) -> QPixmap:
    def refuse(_secret: str) -> Workspace:
        raise NotImplementedError

    return _dialog(UnlockDialog(refuse))


def _first_start(studio: Studio) -> QPixmap:
    return _dialog(Wizard(studio.journey.store.parent / "new"))


def _restore(studio: Studio) -> QPixmap:
    return _dialog(RestoreDialog(studio.journey.store, None))


SHOTS: Mapping[str, Shot] = {
    "overview": _page("overview", 480),
    "proposal_list": _page("proposal", 420),
    "reports": _reports,
    "settings": _page("settings", 440),
    "handoff": _page("handoff", 480),
    "dossier": _draft,
    "beneficiary": _beneficiary,
    "contract": _contract,
    "steps": _steps,
    "budget": _budget,
    "checklist": _checklist,
    "field_mode": _field_mode,
    "preview": _preview,
    "export": _export,
    "partners": _partners,
    "intake": _intake,
    "receipt": _receipt,
    "conflicts": _conflicts,
    "unlock": _unlock,
    "first_start": _first_start,
    "restore": _restore,
}


def retake() -> None:
    """Take all pictures into the handbook."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    theme = Theme(application(sys.argv[:1]), "light")
    folder = handbook.folder() / "pictures"
    with private_files.folder() as place:
        played = journey.play(place / "stores", more_visits=True, answered=True)
        with studio(played, theme) as opened:
            for name, picture in take(opened):
                _store(picture, folder / f"{name}.webp")


def _store(picture: QPixmap, path: Path) -> None:
    width = min(WIDEST, picture.width())
    image = picture.toImage().scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
    image.save(str(path), quality=_QUALITY)
    print(path)


if __name__ == "__main__":
    retake()
