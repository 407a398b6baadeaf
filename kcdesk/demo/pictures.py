"""Pictures of the window over the stores of a journey, drawn off screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from kcdesk.app import build_window
from kcdesk.demo import handover_screens, screens
from kcdesk.demo.journey import Journey
from kcdesk.services.maintenance import opening
from kcdesk.settings import Settings
from kcdesk.ui.toolkit.theme import Theme
from kcdesk.ui.window.main_window import MainWindow


def paint(journey: Journey, dossiers: dict[str, str], folder: Path) -> None:
    """Take all pictures into `folder`; the environment must set Qt's off-screen platform."""
    theme = Theme(QApplication(sys.argv[:1]), "light")
    _with_window(journey.store, theme, lambda window: screens.take_pictures(window, dossiers, folder))
    if (exchange := journey.exchange) is not None:
        returned, supplement = exchange.returned, exchange.supplement
        _with_window(journey.store, theme, lambda window: handover_screens.take_lower(window, returned, folder))
        _with_window(journey.province, theme, lambda window: handover_screens.take_province(window, supplement, folder))


def _with_window(store: Path, theme: Theme, take: Callable[[MainWindow], object]) -> None:
    workspace = opening.open_workspace(store)
    try:
        window = build_window(workspace, Settings(), theme)
        take(window)
        window.close()
        window.context.worker.close()
    finally:
        workspace.close()
