"""A steady typist in a process of its own: types into the title of a new proposal until somebody pulls the plug.

Prints one line per letter, `<seconds> <letters so far>`, so that the test knows what was typed when.
"""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from kcdesk.app import Start
from tests.ui.form_support import type_text

PAUSE = 25  # milliseconds between two letters: faster than any officer


def main(folder: str) -> None:
    """Open the window over the store in `folder` and type for ever."""
    start = Start([])
    window = start.open(Path(folder))
    window.show()
    window.activateWindow()
    window.go("proposal")
    window.run_command("new")
    window.page.focus_field("title")
    typed = 0

    def press() -> None:
        nonlocal typed
        if QApplication.focusWidget() is None:
            return  # the window has not been given the keyboard yet: a busy machine
        type_text("a" if typed % 8 else " b")
        typed += 1 if typed % 8 else 2
        print(f"{time.time():.3f} {typed}", flush=True)

    timer = QTimer(interval=PAUSE)
    timer.timeout.connect(press)
    timer.start()
    start.application.exec()


if __name__ == "__main__":
    main(sys.argv[1])
