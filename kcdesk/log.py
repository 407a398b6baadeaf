"""The log of the program: what it did, never the data that the officer entered.

`start` keeps the last lines in memory for the crash dialog. Once a store is open, `to_file` also writes them to a file
of at most one megabyte in the folder of the store.
"""

from __future__ import annotations

import logging
from collections import deque
from pathlib import Path

ROOT = "kcdesk"
FILE_NAME = "kcdesk.log"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_KEPT_LINES = 200
_FILE_BYTES = 500_000


def logger(area: str) -> logging.Logger:
    """The logger of an area of the program ("ui", "store", "exchange"), not of a module."""
    return logging.getLogger(f"{ROOT}.{area}")


class Recorder(logging.Handler):
    """Keeps the last lines for the crash dialog."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self.setFormatter(logging.Formatter(_FORMAT))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self._lines.append(self.format(record))

    def text(self) -> str:
        """The lines that are kept, oldest first."""
        return "\n".join(self._lines)


def start() -> Recorder:
    """Begin to keep log lines; the caller ends this with `stop`."""
    root = logging.getLogger(ROOT)
    root.setLevel(logging.INFO)
    recorder = Recorder()
    root.addHandler(recorder)
    return recorder


def to_file(folder: Path) -> logging.Handler | None:
    """Also write to the log file in `folder`; None if the file cannot be written."""
    from logging.handlers import RotatingFileHandler  # imports sockets and pickle, which would delay the window

    try:
        handler = RotatingFileHandler(
            folder / FILE_NAME, maxBytes=_FILE_BYTES, backupCount=1, encoding="utf-8", delay=False
        )
    except OSError:
        return None
    handler.setFormatter(logging.Formatter(_FORMAT))
    logging.getLogger(ROOT).addHandler(handler)
    return handler


def stop(handler: logging.Handler | None) -> None:
    """Remove and close a handler returned by `start` or `to_file`."""
    if handler is not None:
        logging.getLogger(ROOT).removeHandler(handler)
        handler.close()
