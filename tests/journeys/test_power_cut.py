"""The plug is pulled while an officer types: at most what was typed in the last second is lost."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kcdesk.services.maintenance import opening
from kcdesk.services.records import reading
from tests.examples import chosen
from tests.ui.conftest import practice_answers

ROOT = Path(__file__).parents[2]
LOST_AT_MOST = 1.0  # seconds of typing

pytestmark = pytest.mark.full_strength


@pytest.mark.parametrize("seconds", chosen((2.1,), [1.3, 2.1, 2.9]))
def test_killing_the_program_loses_at_most_a_second_of_typing(tmp_path, seconds):
    workspace, _ = opening.create_workspace(tmp_path / "store", practice_answers())
    workspace.close()
    typist = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.typist", str(tmp_path / "store")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        log = typing_until(typist, seconds)
    finally:
        typist.kill()
        typist.communicate()

    workspace = opening.open_workspace(tmp_path / "store")
    title = reading.list_page(workspace, "proposal")[0].title
    problems = workspace.store.check()
    workspace.close()
    last = log[-1][0]
    safe = max(letters for at, letters in log if at <= last - LOST_AT_MOST)
    assert len(title) >= safe - 1  # a blank at the end is not kept
    assert problems == []


def typing_until(typist: subprocess.Popen, seconds: float) -> list[tuple[float, int]]:
    """What was typed when, from the first letter on, for so many seconds."""
    log: list[tuple[float, int]] = []
    deadline = None
    while deadline is None or time.time() < deadline:
        line = typist.stdout.readline()
        assert line, "the typist stopped by itself"
        at, letters = line.split()
        deadline = deadline or float(at) + seconds
        log.append((float(at), int(letters)))
    return log
