"""`tests.bench.cold_start`: a start that asks something, or never comes to a window, is ended and told."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from kcdesk.services.maintenance import opening, relocation
from tests.bench import cold_start
from tests.services.samples import practice_answers

ROOT = Path(__file__).parent.parent


def started(tmp_path, program, *arguments, longest=60.0):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    return cold_start.timed([sys.executable, "-c", program, *arguments], environment, tmp_path, longest)


def test_a_start_that_takes_too_long_is_ended(tmp_path):
    with pytest.raises(cold_start.NoStartError, match=r"no window after 0\.1 seconds"):
        started(tmp_path, "import threading; threading.Event().wait()", longest=0.1)


def test_a_start_that_breaks_is_told(tmp_path):
    with pytest.raises(cold_start.NoStartError, match="ZeroDivisionError"):
        started(tmp_path, "1 / 0")


def test_a_start_that_asks_is_ended_and_a_settled_store_asks_nothing(tmp_path, forms):
    opening.create(tmp_path / "store", practice_answers(), forms)
    workspace = opening.open_workspace(tmp_path / "store")
    assert relocation.doubt(workspace) == ""  # its place is kept
    workspace.close()
    shutil.copytree(tmp_path / "store", tmp_path / "copy")
    with pytest.raises(cold_start.NoStartError, match="Kho dữ liệu ở nơi khác lần trước"):
        started(tmp_path, cold_start.PROGRAM, str(tmp_path / "copy"))
    start = started(tmp_path, cold_start.PROGRAM, str(cold_start.settled(tmp_path / "copy")))
    assert start.elapsed > 0
    assert start.processor > 0
