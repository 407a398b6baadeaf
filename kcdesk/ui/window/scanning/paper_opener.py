"""«Mở hồ sơ từ ảnh giấy in…»: a photo or scan of a paper, chosen or dropped on the window, opens its dossier."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent

from kcdesk.errors import KcdeskError
from kcdesk.services.papers import opened_papers, scan_pages
from kcdesk.ui.toolkit.drop_targets import dragged_files
from kcdesk.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from kcdesk.services.papers.scan_pages import ScanPage

_FILTER = "Ảnh chụp, bản quét (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp *.gif *.pdf);;Mọi tệp (*)"


class PaperOpener(QObject):
    """Takes pictures that no field of the page in front has taken."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._context = window, window.context
        window.installEventFilter(self)

    def choose(self) -> None:
        """Let the officer choose a photo or scan of a paper."""
        if path := self._context.messages.open_file("Chọn ảnh hoặc bản quét giấy in", _FILTER, purpose="scans"):
            self.open([path])

    def open(self, paths: Sequence[Path]) -> None:
        """Look for the code of the paper in the background, then open its dossier."""
        self._context.worker.run(
            partial(scan_pages.read_scan, paths),
            text="Đang đọc mã trên giấy",
            done=self._show,
            failed=self._refuse,
            owner=self._window,
            only_reads=True,
        )

    def _show(self, pages: Sequence[ScanPage]) -> None:
        try:
            paper = opened_papers.dossier_on(self._context.workspace, pages)
        except KcdeskError as error:
            self._refuse(error)
            return
        self._window.open_record(paper.record)
        self._context.messages.notice(paper.sentence)

    def _refuse(self, error: KcdeskError) -> None:
        self._context.messages.error(error)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take pictures and PDF files that are dropped on the window itself."""
        is_drag = event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop)
        if not is_drag or not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        paths = _pictures(event.mimeData())
        if paths:
            event.acceptProposedAction()
        if paths and event.type() == QEvent.Type.Drop:
            self.open(paths)
        return bool(paths)


def _pictures(data: QMimeData) -> list[Path]:
    """Return the dragged files if all of them are pictures or PDF files."""
    paths = dragged_files(data)
    return paths if paths and all(path.suffix.lower() in opened_papers.PICTURES for path in paths) else []
