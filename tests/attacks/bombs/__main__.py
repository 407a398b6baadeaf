"""Bring every bomb to its door and print what it took: `python -m tests.attacks.bombs [WORD …]`.

Each runs in a process of its own, on a practice store. Time is that of the processor at the door, from the file to the
refusal, with the start of the worker process; memory the most that the process and its worker had together, with the
whole program in it.
"""

from __future__ import annotations

import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kcdesk.bounded import worker
from kcdesk.services.maintenance import opening
from tests.attacks.bombs.catalogue import BOMBS
from tests.attacks.bombs.doors import refusal
from tests.services.samples import practice_answers

MOST_SECONDS, MOST_MEGABYTES = 2.0, 300
_LONGEST = 300  # seconds that a bomb may take before its process is ended


def main(words: list[str]) -> int:
    """Print the table; 1 if a bomb is not refused, or takes more than it may."""
    chosen = [bomb for bomb in BOMBS if not words or any(word in f"{bomb.door} {bomb.name}" for word in words)]
    wrong = 0
    print(f"{'door':9} {'bomb':42} {'refused':22} {'s':>6} {'MB':>5}")
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        opening.create(store, practice_answers())
        for bomb in chosen:
            with tempfile.TemporaryDirectory() as place:
                path = _in_process(_made, BOMBS.index(bomb), place)
                code, seconds, megabytes = _in_process(_exploded, BOMBS.index(bomb), path, place, store)
            is_right = code in bomb.codes and seconds <= MOST_SECONDS and megabytes <= MOST_MEGABYTES
            wrong += not is_right
            mark = "" if is_right else "  <<<"
            print(f"{bomb.door:9} {bomb.name:42} {code:22} {seconds:6.2f} {megabytes:5}{mark}", flush=True)
    print(
        f"{wrong} of {len(chosen)} are not as they should be." if wrong else f"All {len(chosen)} are refused in time."
    )
    return bool(wrong)


def _in_process(act: Callable[..., Any], *given: object) -> Any:
    """What a function gives that runs in a process of its own."""
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    answers = context.SimpleQueue()
    process = context.Process(target=_answer, args=(answers, act, given))
    process.start()
    process.join(_LONGEST)
    process.kill()
    return ("no answer", float(_LONGEST), 0) if answers.empty() else answers.get()


def _answer(answers: Any, act: Callable[..., Any], given: tuple[object, ...]) -> None:
    try:
        answers.put(act(*given))
    except BaseException as error:
        answers.put((f"{type(error).__name__}: {error}"[:60], 0.0, 0))


def _made(number: int, folder: str) -> Path:
    """The file of a bomb; making it takes more memory than reading it may."""
    return BOMBS[number].make(Path(folder) / "bomb.xlsx")


def _exploded(number: int, path: Path, folder: str, store: Path) -> tuple[str, float, int]:
    """Bring one bomb to its door: the code, the seconds and the megabytes."""
    workspace = opening.open_workspace(Path(shutil.copytree(store, Path(folder) / "store")))
    began = time.process_time()
    code = refusal(workspace, BOMBS[number].door, path)
    seconds = time.process_time() - began
    workspace.close()
    worker.end_waiting()
    helped = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds += helped.ru_utime + helped.ru_stime
    used = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return code, seconds, used // 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
