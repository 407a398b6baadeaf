"""An officer on site in a process of its own: answers a checklist by digits until somebody pulls the plug.

Prints `answered <n>` when the store has the answer, and `noted` when the place is in the settings file.
"""

import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kcdesk.app import build_window
from kcdesk.services.maintenance import opening
from kcdesk.settings import FILE_NAME, SettingsFile
from kcdesk.ui.toolkit.theme import Theme
from kcdesk.ui.window.last_place import LastPlace
from tests.ui.conftest import ScriptedMessages

PAUSE = 20  # milliseconds between two answers


def reopened(folder: Path, workspace, theme):
    """The window as it opens after a power cut, the officer saying yes to the question."""
    file = SettingsFile(folder / FILE_NAME)
    messages = ScriptedMessages()
    messages.answers.append(True)
    window = build_window(workspace, file.values, theme, messages)
    place = LastPlace(window, file.save)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    place.offer()
    return window, place, file


def go_to_first_open(page) -> None:
    """To the first item without an answer."""
    rows = page.context.workspace.store.record(page.record_id).value("checklist")
    item = next(row["id"] for row in rows if "result" not in row)
    page.focus_field(f"checklist/{item}")


def main(folder: Path, visit: str, rest_after: int) -> None:
    """Go back to where the last session ended, else to the checklist; rest once; then answer for ever."""
    application = QApplication([])
    workspace = opening.open_workspace(folder)
    window, _place, file = reopened(folder, workspace, Theme(application, "light"))
    page = window.page
    if getattr(page, "record_id", "") != visit:
        page = window.open_record(visit)
        page.enter_field_mode()
    go_to_first_open(page)
    timer = QTimer(interval=PAUSE)
    answered = 0

    def press() -> None:
        nonlocal answered
        if answered == rest_after and file.values.place.get("field") != page.place().get("field"):
            return  # a look at the machine: the place is noted meanwhile
        if answered == rest_after:
            print("noted", flush=True)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
        answered += 1
        rows = workspace.store.record(visit).value("checklist")
        print(f"answered {sum('result' in row for row in rows)}", flush=True)

    timer.timeout.connect(press)
    timer.start()
    application.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
