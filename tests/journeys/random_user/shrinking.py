"""The smallest walk that still leads to a finding: a short end of it, then without every act that is not needed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.journeys.random_user.acts import Act
from tests.journeys.random_user.desk import Desk
from tests.journeys.random_user.walk import Fault, Walk

Leads = Callable[[Sequence[Act]], bool]


def replayed(prepared: Path, level: str, script: Sequence[Act], kind: str = "") -> dict[str, Fault]:
    """What a recorded walk finds at a new desk; with `kind`, only findings like it end the walk."""
    with tempfile.TemporaryDirectory() as folder, Desk(prepared, level, Path(folder)).sitting() as desk:
        walk = Walk(desk, 0, first_only=bool(kind))
        walk.replay(script)
        return walk.faults


def shrunk(prepared: Path, level: str, fault: Fault, seconds: float = 120) -> tuple[Act, ...]:
    """The acts without which the finding is not reached, as far as the time suffices."""
    end = time.monotonic() + seconds
    kind = fault.finding.kind

    def leads_there(script: Sequence[Act]) -> bool:
        return time.monotonic() < end and kind in replayed(prepared, level, script, kind)

    return _smallest(fault.acts, leads_there)


def shrunk_crash(
    level: str, acts: tuple[Act, ...], write: Callable[[Path, Sequence[Act]], None], best: Path
) -> tuple[Act, ...]:
    """The acts without which the process does not end by a signal; each try is a process of its own.

    `best`: where the shortest walk so far is kept, because this may take long.
    """
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "walk.jsonl"

        def ends_the_process(script: Sequence[Act]) -> bool:
            write(record, script)
            command = [sys.executable, "-m", "tests.journeys.random_user", "--level", level, "--replay", str(record)]
            ended = subprocess.run(command, capture_output=True, check=False).returncode < 0
            if ended:
                print(f"{len(script)} acts suffice", flush=True)
                write(best, script)
            return ended

        return _smallest(acts, ends_the_process)


def _smallest(acts: tuple[Act, ...], leads_there: Leads) -> tuple[Act, ...]:
    return _without_the_needless(_short_end(acts, leads_there), leads_there)


def _short_end(acts: tuple[Act, ...], leads_there: Leads) -> tuple[Act, ...]:
    length = 4
    while length < len(acts):
        if leads_there(acts[-length:]):
            return acts[-length:]
        length *= 2
    return acts


def _without_the_needless(acts: tuple[Act, ...], leads_there: Leads) -> tuple[Act, ...]:
    piece = max(1, len(acts) // 2)
    while True:
        place = 0
        while place < len(acts):
            fewer = acts[:place] + acts[place + piece :]
            if fewer and leads_there(fewer):
                acts = fewer
            else:
                place += piece
        if piece == 1:
            return acts
        piece = max(1, piece // 2)
