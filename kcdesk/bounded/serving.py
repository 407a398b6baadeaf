"""The worker process: it does one job after the other, within the limits of memory and time that each job names.

It ends when the program ends, when a job takes too long, and when nothing is asked for a while.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO, NoReturn, Protocol

from kcdesk.bounded import memory
from kcdesk.bounded.worker_messages import TOO_LONG, TOO_MUCH, Frame, read_frame, write_frame
from kcdesk.errors import KcdeskError, UserError

_OURS = "kcdesk."
_LOOK = 0.02  # seconds between two looks at a job
_STARTING = 30.0  # seconds until a job begins
_IDLE = 8.0  # seconds without a job after which the process ends


class NextStep(Protocol):
    """Called by a job between its steps, each of which has its own time: done, total, seconds more for this one."""

    def __call__(self, done: int, total: int, more: float = 0, /) -> None: ...


# What a job may be: a function of (values, contents, step) that gives values and contents.
BoundedJob = Callable[[Mapping[str, Any], Sequence[bytes], NextStep], tuple[Any, Sequence[bytes]]]


class _Watch(threading.Thread):
    """Ends the process when a step takes too long, or when nothing is asked for a while."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._busy = threading.Event()
        self._until = 0.0
        self._most = 0

    def begin(self, seconds: float, megabytes: int) -> None:
        """Begin a step."""
        self._until, self._most = time.process_time() + seconds, megabytes
        self._busy.set()

    def rest(self) -> None:
        """The job is done."""
        self._busy.clear()

    def run(self) -> None:
        """Look at the clock of the processor, which stands still while others use it."""
        while self._busy.wait(_IDLE):
            if self._busy.is_set() and time.process_time() > self._until:
                os._exit(TOO_LONG)
            if self._busy.is_set() and memory.used_megabytes() > 2 * self._most:
                os._exit(TOO_MUCH)
            time.sleep(_LOOK)
        os._exit(0)


def serve() -> NoReturn:
    """Do what comes through standard input until it ends."""
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that a library prints may stand between the answers
    watch = _Watch()
    watch.start()
    while (frame := read_frame(given)) is not None:
        watch.begin(_STARTING, frame.values["megabytes"])
        write_frame(answers, "taken", {})
        memory.limit_memory(frame.values["megabytes"])
        _do(frame, answers, watch)
        watch.rest()
    os._exit(0)


def _do(frame: Frame, answers: BinaryIO, watch: _Watch) -> None:
    values = frame.values
    watch.begin(values["seconds"], values["megabytes"])

    def step(done: int, total: int, more: float = 0, /) -> None:
        watch.begin(values["seconds"] + more, values["megabytes"])
        write_frame(answers, "step", {"done": done, "total": total})

    try:
        result, contents = _job(values["module"], values["function"])(values["given"], frame.contents, step)
        write_frame(answers, "result", {"result": result}, contents)
    except KcdeskError as error:
        shown = {name: getattr(error, name) for name in ("message", "code", "hint", "field")}
        write_frame(answers, "refusal", shown | {"is_users": isinstance(error, UserError)})
    except MemoryError:
        os._exit(TOO_MUCH)
    except Exception as error:  # whatever a library makes of a hostile file
        write_frame(answers, "failed", {"error": type(error).__name__, "memory": _is_memory(error)})


def _job(module: str, function: str) -> BoundedJob:
    if not module.startswith(_OURS):
        raise ValueError(module)
    job: BoundedJob = getattr(importlib.import_module(module), function)
    return job


def _is_memory(error: BaseException | None) -> bool:
    """Whether an error goes back to a lack of memory."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False
