"""Every temporary file of the program: a private folder of each process, with names that tell nothing, swept.

The folder lies in the officer's own folder of this machine, or beside a program that runs from a stick. A running
process locks its folder; whatever no process holds any more is deleted at the next start, so that a crash leaves
nothing for longer. Files that another program still shows (Windows keeps them) stay until a later start.

`begun` sends the temporary files of the libraries there too: those of Python by `tempfile.tempdir`, those of Qt, of
the system's printing and of LibreOffice by the variables of the environment. SQLite keeps its own in memory
(`store/database/db`). What is handed to another program (`outside`) gets the environment as it was before.
"""

from __future__ import annotations

import atexit
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from kcdesk import paths
from kcdesk.temporary.sealed_file import Spool

if sys.platform == "win32":
    import ctypes
    import msvcrt
else:
    import fcntl
    import resource

_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_PRIVATE = 0o077  # the rights that nobody but the owner has
_LOCK, _HELD, _NOTES = "lock", "held", "writing"
_NAME_BYTES = 6
_NO_HEAP = 1  # WER_FAULT_REPORTING_FLAG_NOHEAP
# Folders that versions before November 2026 left in the system's own folder.
_EARLIER = re.compile(r"kcdesk-[a-z0-9_]{8}")
_EARLIER_AGE = 86_400.0  # seconds; a younger one may belong to such a version that runs
_NOTE_AGE = 30 * 86_400.0  # seconds; a stick that is away for longer is not waited for


class _ProcessFolder:
    """The folder of this process; locked until `end`."""

    def __init__(self, root: Path) -> None:
        self.root, self._process = root, os.getpid()
        self._file: BinaryIO | None = None  # the lock; None where nothing can be locked
        self._before: tuple[dict[str, str | None], str | None, int] | None = None
        self.path = self._make()
        atexit.register(self.end)

    def _make(self) -> Path:
        try:
            _make_private(self.root)
            with _locked(self.root / _LOCK):
                _sweep(self.root)
                path = self.root / secrets.token_hex(_NAME_BYTES)
                path.mkdir(mode=0o700)
                self._file = _opened(path / _HELD)
                _take(self._file, wait=False)
        except OSError:  # nobody may write there: the system's own folder then
            return Path(tempfile.mkdtemp(prefix="kcdesk-"))
        return path

    @property
    def is_locked(self) -> bool:
        """Whether other processes see that this one is running."""
        return self._file is not None

    @property
    def takes_all(self) -> bool:
        """Whether the libraries put their files here."""
        return self._before is not None

    def send_all_here(self) -> None:
        """Let every library put its temporary files here, and keep everything that is written to its owner."""
        self._before = ({name: os.environ.get(name) for name in _VARIABLES}, tempfile.tempdir, os.umask(_PRIVATE))
        os.environ.update(dict.fromkeys(_VARIABLES, str(self.path)))
        tempfile.tempdir = str(self.path)

    def undo(self) -> None:
        """Let the libraries put their files where they did before."""
        if self._before is None:
            return
        variables, python, umask = self._before
        self._before = None
        _restore(variables)
        tempfile.tempdir = python
        os.umask(umask)

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Start other programs with the environment that this one was started with."""
        if self._before is None:
            yield
            return
        self.undo()
        try:
            yield
        finally:
            self.send_all_here()

    def end(self) -> None:
        """Delete the folder; what another program holds stays until the next start."""
        atexit.unregister(self.end)
        if os.getpid() != self._process:  # a copy of the process, which owns nothing
            return
        for end in _before_end:
            end()
        self.undo()
        if self._file is not None:
            self._file.close()
            self._file = None
        remove(self.path)


_before_end: list[Callable[[], None]] = []  # what ends those who use the folder
_running: list[_ProcessFolder] = []  # at most one: the folder of this process, once something asked for it


def _process_folder() -> _ProcessFolder:
    """The folder of this process, made now if there is none."""
    root = paths.temporary_root()
    if _running and (_running[0].root != root or not _running[0].path.is_dir()):
        _running.pop().end()
    if not _running:
        _running.append(_ProcessFolder(root))
    return _running[0]


@contextmanager
def begun() -> Iterator[None]:
    """Sweep what earlier processes left, and keep every temporary file in the private folder for the block.

    The folder is deleted at the end.
    """
    held = _process_folder()
    if held.takes_all:  # a command that another one runs
        yield
        return
    _sweep_earlier_versions()
    _keep_memory_off_the_disk()
    held.send_all_here()
    try:
        yield
    finally:
        if held in _running:
            _running.remove(held)
        held.end()


def before_end(end: Callable[[], None]) -> None:
    """Call `end` each time before the folder is deleted: it ends somebody whose files lie there."""
    _before_end.append(end)


def outside() -> AbstractContextManager[None]:
    """A block in which other programs are started, with the environment that this one was started with."""
    return _process_folder().outside()


def place() -> Path:
    """The folder of this process."""
    return _process_folder().path


def new_folder() -> Path:
    """Make an empty folder, deleted when the program ends at the latest."""
    return Path(tempfile.mkdtemp(prefix="", dir=_process_folder().path))


def new_file(suffix: str = "") -> Path:
    """A path of a file that does not exist yet, in a folder of its own; the name tells nothing."""
    return new_folder() / f"tep-{secrets.token_hex(3)}{suffix}"


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for the block."""
    path = new_folder()
    try:
        yield path
    finally:
        remove(path)


def spool(in_memory: int) -> BinaryIO:
    """Bytes in memory, above that limit in an encrypted file without a name."""
    return cast(BinaryIO, Spool(in_memory, _nameless))


def _nameless() -> Any:
    return tempfile.TemporaryFile(dir=_process_folder().path, buffering=0)


def remove(path: Path) -> None:
    """Delete a folder as far as possible, also files that are marked as read-only."""
    for inner in path.rglob("*"):
        with suppress(OSError):
            if not inner.is_symlink():
                inner.chmod(stat.S_IRWXU)
    shutil.rmtree(path, ignore_errors=True)


def keep_private(path: str, flags: int) -> int:
    """The `opener` of files that only their owner may read, whatever the process was started with; follows no link."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


def make_private(folder: Path) -> None:
    """Give a folder and the files in it to their owner alone; earlier versions left some readable to others."""
    for path in (folder, *folder.iterdir()):
        with suppress(OSError):  # a file system without rights, such as that of a stick
            if not path.is_symlink():
                path.chmod(0o700 if path.is_dir() else 0o600)


@contextmanager
def noted(unfinished: Path) -> Iterator[None]:
    """While a file is written beside its place, note it, so that the next start deletes it after a crash."""
    held = _process_folder()
    if not held.is_locked:
        yield
        return
    note = held.root / _NOTES / f"{held.path.name}-{secrets.token_hex(_NAME_BYTES)}"
    with suppress(OSError):
        _make_private(note.parent)
        note.write_text(str(unfinished.absolute()), encoding="utf-8", errors="surrogateescape")
    try:
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)


# -- sweeping -------------------------------------------------------------------------------------------------------


def _sweep(root: Path) -> None:
    """Delete the folders that no process holds; called while the root is locked."""
    for path in root.iterdir():
        if path.is_dir() and not path.is_symlink() and path.name != _NOTES and not _is_held(path):
            remove(path)
    for note in (root / _NOTES).glob("*"):
        if not (root / note.name.partition("-")[0]).exists():
            with suppress(OSError):
                _delete_unfinished(note)


def _is_held(path: Path) -> bool:
    try:
        with _opened(path / _HELD) as file:
            _take(file, wait=False)
    except OSError:
        return True
    return False


def _delete_unfinished(note: Path) -> None:
    """Delete the file of a note; one on a stick that is away is waited for."""
    unfinished = Path(note.read_text(encoding="utf-8", errors="surrogateescape"))
    if unfinished.parent.is_dir():
        if unfinished.name.startswith(".") and not unfinished.is_dir():
            unfinished.unlink(missing_ok=True)
        note.unlink()
    elif time.time() - note.stat().st_mtime > _NOTE_AGE:
        note.unlink()


def _sweep_earlier_versions() -> None:
    """Delete what versions without this module left in the system's folder, where anybody may look."""
    with suppress(OSError):
        for path in Path(tempfile.gettempdir()).iterdir():
            if _EARLIER.fullmatch(path.name) and _is_old(path):
                remove(path)


def _is_old(path: Path) -> bool:
    """Whether it is a folder of this person that has been left alone for a day."""
    try:
        about = path.lstat()
    except OSError:
        return False
    is_own = not hasattr(os, "getuid") or about.st_uid == os.getuid()
    return stat.S_ISDIR(about.st_mode) and is_own and time.time() - about.st_mtime > _EARLIER_AGE


def _keep_memory_off_the_disk() -> None:
    """Let the system write no image of the memory when the program crashes: it would hold the open records."""
    with suppress(OSError, ValueError, AttributeError):
        if sys.platform == "win32":
            ctypes.windll.kernel32.WerSetFlags(_NO_HEAP)
        else:
            resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


# -- files and locks ------------------------------------------------------------------------------------------------


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, open(path, "ab+", opener=keep_private))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _opened(path) as file:
        _take(file, wait=True)
        yield


if sys.platform == "win32":

    def _take(file: BinaryIO, *, wait: bool) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:

    def _take(file: BinaryIO, *, wait: bool) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def _restore(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
