"""When an act has had all its effects: no task runs, no event waits, and no short pause of the program is under way.

Pauses of the program (until typed text is saved, until counters are computed) are not waited for: they are ended at
once, the shortest first. So it does not matter how fast the machine is.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from kcdesk.ui.shell.worker import BackgroundWorker

_SHORT = 1000  # milliseconds: pauses of typing and counting are shorter, messages stay longer
_STRETCHED = 10**9  # milliseconds that a long pause is given, so that only the walk ends it
_ROUNDS = 90  # of pauses and tasks that begin each other, such as parts of a form; more would never end
_LOOKS, _LOOK = 4000, 5  # how often, and how many milliseconds at a time, a long task is waited for


def settle(worker: BackgroundWorker | None, strangers: Iterable[QWidget] = (), *, long_pauses: bool = False) -> None:
    """Let everything happen that has begun; `long_pauses`: also what would happen many seconds later."""
    known = set(strangers)
    for _ in range(_ROUNDS):
        _let_events_happen()
        if worker is not None and isValid(worker) and worker.busy:
            _wait_for(worker)
        elif not _end_pauses(known, long_pauses=long_pauses):
            break


def _let_events_happen() -> None:
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def _wait_for(worker: BackgroundWorker) -> None:
    looks = 0
    while isValid(worker) and worker.busy and looks < _LOOKS:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, _LOOK)
        looks += 1


def _end_pauses(strangers: set[QWidget], *, long_pauses: bool) -> bool:
    """End the pauses under way; whether there was one that ends only once."""
    running = [timer for timer in _timers(strangers) if timer.isActive()]
    short = [timer for timer in running if timer.interval() < _SHORT or long_pauses]
    for timer in running:
        if timer not in short and timer.interval() < _STRETCHED:
            timer.start(_STRETCHED)
    for timer in sorted(short, key=lambda timer: timer.interval()):
        if isValid(timer) and timer.isActive():
            timer.stop() if timer.isSingleShot() else None
            timer.timeout.emit()
    return any(isValid(timer) and timer.isSingleShot() for timer in short)


def _timers(strangers: set[QWidget]) -> list[QTimer]:
    windows = [window for window in QApplication.topLevelWidgets() if window.parent() is None]
    windows = [window for window in windows if window not in strangers]  # a dialog or menu is found below its window
    windows.sort(key=lambda window: (type(window).__name__, window.windowTitle(), window.objectName()))
    return [timer for window in windows for timer in window.findChildren(QTimer)]
