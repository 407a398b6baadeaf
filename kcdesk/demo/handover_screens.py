"""Pictures of the hand-over pages of both sides, for the demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEventLoop

from kcdesk.demo.screens import SIZE, dialog_picture, picture
from kcdesk.services.handover.receipts import drafts
from kcdesk.ui.handover.export_dialog import ExportDialog
from kcdesk.ui.handover.fingerprint_dialog import FingerprintDialog
from kcdesk.ui.handover.receipt_page import ReceiptPage
from kcdesk.ui.handover.receiving.preview_page import IntakePage
from kcdesk.ui.window.main_window import MainWindow


def take_lower(window: MainWindow, returned: str, folder: Path) -> list[Path]:
    """Take the pictures of the unit below: sending, keys, a returned dossier."""
    return list(_lower(_shown(window), returned, folder))


def take_province(window: MainWindow, supplement: Path, folder: Path) -> list[Path]:
    """Take the pictures of the province: hand-over page, package preview, decisions, receipts."""
    return list(_province(_shown(window), supplement, folder))


def _shown(window: MainWindow) -> MainWindow:
    window.resize(*SIZE)
    window.show()
    return window


def _lower(window: MainWindow, returned: str, folder: Path) -> Iterator[Path]:
    window.go("proposal")
    window.open_record(returned)
    yield picture(window, folder / "handoff-returned.png")
    window.go("handoff")
    yield from dialog_picture(ExportDialog(window.context, window), folder / "handoff-export.png")
    window.run_command("partners")
    yield picture(window, folder / "handoff-partners.png")


def _province(window: MainWindow, supplement: Path, folder: Path) -> Iterator[Path]:
    window.go("handoff")
    yield picture(window, folder / "handoff-province.png")
    after_work(window, lambda: window.take_in_files([supplement]))
    yield picture(window, folder / "handoff-preview.png")
    assert isinstance(window.page, IntakePage), "the supplement of the journey can always be looked at"
    seen = window.page.preview
    dialog = FingerprintDialog(seen.sender_name, seen.sender, seen.fingerprint, parent=window)
    yield from dialog_picture(dialog, folder / "handoff-fingerprint.png")
    package = drafts.outbox(window.context.workspace)[0].package
    window.open_page(lambda context: ReceiptPage(context, package))
    yield picture(window, folder / "handoff-receipt.png")


def after_work(window: MainWindow, begin: Callable[[], None]) -> None:
    """Start a task that runs in the worker and wait for its end."""
    waiting = QEventLoop()
    window.context.worker.started.connect(lambda job: job.ended.connect(waiting.quit))
    begin()
    waiting.exec()
