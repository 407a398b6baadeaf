"""The log of the program: what it did, never the data that the officer entered.

A line has the words of the code, codes and counts. Of an error it has the types and the places, never its text: that of
SQLite, openpyxl or a missing key quotes what the record holds. `start` keeps the last lines in memory for the crash
dialog. Once a store is open, `to_file` also writes them to a file of at most one megabyte in the folder of the store.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import traceback
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any, cast

from kcdesk.bounded.small_files import small_file
from kcdesk.errors import KcdeskError
from kcdesk.temporary import private_files

if TYPE_CHECKING:
    from io import TextIOWrapper

ROOT = "kcdesk"
FILE_NAME = "kcdesk.log"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_KEPT_LINES = 200
_LARGEST = 16 << 20  # bytes of a report that is looked through
_FILE_BYTES = 500_000
_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/-]{0,60}")  # names of the code and of forms; no text, number or day
_MOST = 10_000  # a count may be logged; the digits of an identity card or a telephone may not
_TEXT_OF_ERRORS = b"Traceback (most recent call last)"  # in files of versions that wrote it


class FaultPlaces(str):
    """The types and places of an error, which may be logged as they are."""

    __slots__ = ()


def logger(area: str) -> logging.Logger:
    """The logger of an area of the program ("ui", "store", "exchange"), not of a module."""
    return logging.getLogger(f"{ROOT}.{area}")


def places_of(error: BaseException | None) -> FaultPlaces:
    """The types and the places of an error and of what caused it, the first cause first; no text, no value."""
    return FaultPlaces("\n".join(_lines(error)) if error is not None else "")


class Recorder(logging.Handler):
    """Keeps the last lines for the crash dialog."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self.setFormatter(_WithoutValues(_FORMAT))

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

    class PrivateFileHandler(RotatingFileHandler):
        """A log that only its owner may read."""

        def _open(self) -> TextIOWrapper:
            return cast(
                "TextIOWrapper",
                open(self.baseFilename, self.mode, encoding=self.encoding, opener=private_files.keep_private),
            )

    forget_texts(folder / FILE_NAME, folder / f"{FILE_NAME}.1")
    if (folder / FILE_NAME).exists() and not (folder / FILE_NAME).is_file():
        return None  # a pipe would wait for somebody who reads it
    try:
        handler = PrivateFileHandler(
            folder / FILE_NAME, maxBytes=_FILE_BYTES, backupCount=1, encoding="utf-8", delay=False
        )
    except OSError:
        return None
    handler.setFormatter(_WithoutValues(_FORMAT))
    logging.getLogger(ROOT).addHandler(handler)
    return handler


def stop(handler: logging.Handler | None) -> None:
    """Remove and close a handler returned by `start` or `to_file`."""
    if handler is not None:
        logging.getLogger(ROOT).removeHandler(handler)
        handler.close()


def forget_texts(*files: Path) -> None:
    """Delete reports in which an earlier version wrote the texts of errors, which may quote a record."""
    for path in files:
        with suppress(OSError):
            if _TEXT_OF_ERRORS in small_file(path, _LARGEST):
                path.unlink()


class _WithoutValues(logging.Formatter):
    """Writes codes and counts as they are, of anything else its type."""

    def format(self, record: logging.LogRecord) -> str:
        careful = logging.makeLogRecord(record.__dict__)
        given = record.args or ()
        if isinstance(given, Mapping):
            careful.args = {name: _shown(value) for name, value in given.items()}
        else:
            careful.args = tuple(map(_shown, given))
        careful.exc_text = places_of(record.exc_info[1]) if record.exc_info else None
        careful.exc_info = careful.stack_info = None
        return super().format(careful)


def _shown(value: Any) -> Any:
    if isinstance(value, FaultPlaces) or (isinstance(value, str) and _CODE.fullmatch(value)):
        return str(value)
    if isinstance(value, int) and abs(value) <= _MOST:
        return value
    return places_of(value) if isinstance(value, BaseException) else f"<{type(value).__name__}>"


def _lines(error: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _lines(cause, seen | {id(error)})
    yield _kind(error)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        yield f"  {_place(frame.filename)}:{frame.lineno} {frame.name}"
    for inner in getattr(error, "exceptions", ()):
        yield from _lines(inner, seen | {id(error)})


def _kind(error: BaseException) -> str:
    """The type of an error and its code: ours, that of SQLite, that of the system."""
    number = getattr(error, "errno", None)
    code = error.code if isinstance(error, KcdeskError) else getattr(error, "sqlite_errorname", "")
    code = code or (errno.errorcode.get(number, "") if isinstance(number, int) else "")
    return f"{type(error).__module__}.{type(error).__qualname__} {code}".rstrip()


def _place(file: str) -> str:
    """The path of a source below its library; where the program lies names the officer."""
    parts = PureWindowsPath(file).parts if os.name == "nt" else Path(file).parts
    roots = [place for place, part in enumerate(parts) if part in ("site-packages", "dist-packages", ROOT)]
    below = parts[roots[-1] + (parts[roots[-1]] != ROOT) :] if roots else parts[-1:]
    return "/".join(below)
