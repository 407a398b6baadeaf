"""A worker process for libraries that cannot be bounded: it has a limit of memory and time, and is ended at will.

A job is a function of our own, named by module and name, that takes and gives plain values and bytes. The process is
started at the first job (0.2 s), does the next ones at once, and ends by itself a few seconds after the last.
"""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO, NamedTuple, cast

import kcdesk
from kcdesk import paths
from kcdesk.bounded.limits import MB, Limits
from kcdesk.bounded.worker_messages import TOO_LONG, Frame, read_frame, write_frame
from kcdesk.errors import KnownError, UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.temporary import private_files

ARGUMENT = "--bounded-worker"  # of the frozen program, which then is the worker
_START = "import sys; sys.path.insert(0, sys.argv[1]); from kcdesk.bounded.serving import serve; serve()"
_BETWEEN = 0.1  # seconds between two looks at a cancelled job
_SLOWEST = 20  # times the seconds of the processor, by the clock: other programs and a slow disk take theirs
_PATIENCE = 30.0  # seconds by the clock that every step has at least
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_log = logging.getLogger(__name__)


class BoundedJob(NamedTuple):
    """A function of our own: `serving.BoundedJob`."""

    module: str
    function: str


class WorkResult(NamedTuple):
    """What a job gave."""

    values: Any
    contents: list[bytes]


class _GoneError(Exception):
    """The process had ended before it took the job."""


class _Process:
    """One worker process."""

    def __init__(self) -> None:
        root = str(Path(kcdesk.__file__).resolve().parent.parent)
        self._place = private_files.place()  # where its temporary files lie too
        itself = [sys.executable, "-I", "-c", _START, root]
        command = [*paths.command_program(), ARGUMENT] if paths.is_frozen() else itself
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._place,  # so that no stick is held
            creationflags=_NO_WINDOW,
        )
        self._frames: SimpleQueue[Frame | None] = SimpleQueue()
        self._shown = (0, 0)
        self._allowed = _PATIENCE
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def has_its_folder(self) -> bool:
        """Whether the private folder of its beginning is still that of this program."""
        return self._place == private_files.place()

    def run(self, job: BoundedJob, values: Mapping[str, Any], contents: Sequence[bytes]) -> None:
        """Hand a job over; _GoneError if the process has ended."""
        try:
            write_frame(cast(BinaryIO, self._process.stdin), "job", {**values, **job._asdict()}, contents)
        except (OSError, ValueError) as error:  # it has ended, or was ended here
            raise _GoneError from error
        self._shown, self._allowed = (0, 0), max(_PATIENCE, _SLOWEST * values["seconds"])

    def next_frame(self, progress: Progress) -> Frame | None:
        """The next message; None if the process has ended. What `progress` raises ends the process."""
        until = time.monotonic() + self._allowed
        while time.monotonic() < until:
            try:
                frame = self._frames.get(timeout=_BETWEEN)
            except Empty:
                progress(*self._shown)  # it may raise: the officer has cancelled
                continue
            if frame is not None and frame.kind == "step":
                self._shown = (frame.values["done"], frame.values["total"])
                progress(*self._shown)
            return frame
        return None

    def end(self) -> int:
        """End the process; returns its exit code."""
        if self._is_stuck():
            self._process.kill()
        code = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was not sent is not wanted any more
                    stream.close()
        return code

    def _is_stuck(self) -> bool:
        """Whether the process goes on; one that ends by itself has a moment to do so, for its exit code."""
        try:
            self._process.wait(_BETWEEN)
        except subprocess.TimeoutExpired:
            return True
        return False

    def _listen(self) -> None:
        stream = cast(BinaryIO, self._process.stdout)
        try:
            while (frame := read_frame(stream)) is not None:
                self._frames.put(frame)
        except (OSError, ValueError):  # it was closed here
            pass
        self._frames.put(None)


class _Waiting:
    """The process that waits for the next job, if any; each is used by one thread at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: _Process | None = None

    def take(self) -> _Process | None:
        """The waiting process, which then is the caller's own."""
        with self._lock:
            process, self._process = self._process, None
        if process is None or process.has_its_folder:
            return process
        process.end()
        return None

    def keep(self, process: _Process) -> None:
        """Let a process wait; it ends by itself when it has waited for some seconds."""
        with self._lock:
            former, self._process = self._process, process
        if former is not None:
            former.end()

    def end(self) -> None:
        """End the waiting process."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.end()


_waiting = _Waiting()


def end_waiting() -> None:
    """End the process that waits for the next job, if any."""
    _waiting.end()


private_files.before_end(end_waiting)  # its temporary files lie there too


def run_bounded(
    job: BoundedJob,
    limits: Limits,
    given: Mapping[str, Any],
    contents: Sequence[bytes] = (),
    *,
    size: int = 0,
    progress: Progress = ignore_progress,
) -> WorkResult:
    """Do a job in the worker process, within the limits of its reader; `size` are the bytes of the file.

    UserError of the job, or the refusal of `limits` if it takes too long or too much memory.
    What `progress` raises ends it.
    """
    seconds = limits.seconds + limits.seconds_each * (size or sum(map(len, contents))) / MB
    values = {"seconds": seconds, "megabytes": limits.megabytes, "given": dict(given)}
    while True:
        waiting = _waiting.take()
        process = waiting or _Process()
        try:
            process.run(job, values, contents)
            answer = _answered(process, limits, progress)
        except _GoneError:
            process.end()
            if waiting is None:
                raise _not_started() from None
        except (UserError, KnownError):
            _waiting.keep(process)
            raise
        except BaseException:
            process.end()
            raise
        else:
            _waiting.keep(process)
            return answer


def _answered(process: _Process, limits: Limits, progress: Progress) -> WorkResult:
    """The answer to the job that was handed over."""
    taken = process.next_frame(progress)
    if taken is None:
        raise _GoneError
    while (frame := process.next_frame(progress)) is not None:
        if frame.kind == "result":
            return WorkResult(frame.values["result"], frame.contents)
        if frame.kind != "step":
            raise _refused(frame, limits)
    raise _ended(process.end(), limits)


def _refused(frame: Frame, limits: Limits) -> UserError | KnownError:
    """The error of the job, as it was raised there."""
    if frame.kind == "refusal":
        values = dict(frame.values)
        kind = UserError if values.pop("is_users") else KnownError
        return kind(values.pop("message"), **values)
    _log.info("a job ended with %s", frame.values["error"])
    return limits.refusal("megabytes") if frame.values["memory"] else _unreadable(limits)


def _ended(code: int, limits: Limits) -> UserError:
    """The refusal after the process has ended in the middle of a job: it took too long, or died of the file."""
    return limits.refusal("seconds" if code in (TOO_LONG, -9) else "megabytes")


def _not_started() -> KnownError:
    return KnownError(
        "Không mở được tiến trình phụ để đọc tệp.",
        code="no_worker",
        hint="Hãy đóng bớt chương trình rồi thử lại; nếu vẫn vậy, hãy khởi động lại máy.",
    )


def _unreadable(limits: Limits) -> UserError:
    return UserError(f"{limits.label} hỏng nên không đọc được.", code=limits.code, hint=limits.advice)
