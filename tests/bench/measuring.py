"""What more than one measure counts: seconds by the clock, and the bytes of a folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def seconds(act: Callable[[], object]) -> float:
    """How long an act takes."""
    before = time.perf_counter()
    act()
    return round(time.perf_counter() - before, 2)


def size(folder: Path) -> int:
    """The bytes of all files in a folder and below it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
