"""Saves the officer's place continuously; after a power cut the program offers to return there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from kcdesk import moments
from kcdesk.errors import KcdeskError
from kcdesk.text import format_date
from kcdesk.ui.toolkit.qt import application

if TYPE_CHECKING:
    from kcdesk.ui.window.main_window import MainWindow

_PAUSE = 400  # milliseconds after the keyboard focus has moved


class LastPlace(QObject):
    """Follows the keyboard focus and saves the place in the settings; a normal close removes it."""

    def __init__(self, window: MainWindow, keep: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._keep = keep
        self._settings = window.context.settings
        self._before = dict(self._settings.place)  # of a session that ended without a normal close
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self.note)
        application().focusChanged.connect(self._wait)
        window.context.changed.connect(self._wait)
        window.moved.connect(self._wait)

    def _wait(self) -> None:
        """Save soon: a timer that every key restarts would never fire during fast typing."""
        if not self._timer.isActive():
            self._timer.start()

    def note(self) -> None:
        """Save the place if it has changed, and whether a record was edited there."""
        place = self._window.page.place()
        saved = self._window.context.saved_at
        if place:
            place["at"] = (saved or moments.now()).isoformat()
        if place != self._settings.place:
            self._settings.place = place
            self._keep()

    def forget(self) -> None:
        """Remove the saved place: the program closes normally."""
        self._timer.stop()
        self._settings.place = {}

    def offer(self) -> None:
        """Offer to open the dossier in which the last session ended without a normal close."""
        id_ = self._before.get("record", "")
        if not id_:
            return
        try:
            record = self._window.context.workspace.store.record(id_)
            at = moments.local(self._before["at"])
        except (KcdeskError, KeyError, ValueError):  # another store, or a settings file edited by hand
            return
        if record.deleted or not self._window.context.messages.ask(
            f"Mở lại «{record.title()}»?", self._detail(at), "Mở lại", "Để sau", keep_first=False
        ):
            return
        page = self._window.open_record(id_)
        if page is not None:
            page.return_to(self._before)

    def _detail(self, at: datetime) -> str:
        where = ", ở chế độ hiện trường" if "step" in self._before else ""
        return (
            f"Lần trước chương trình dừng đột ngột khi hồ sơ này đang mở{where}; lần lưu cuối lúc {at:%H:%M} ngày "
            f"{format_date(at.date())}. Những gì đã lưu còn nguyên; mở lại sẽ về đúng chỗ đang làm."
        )
