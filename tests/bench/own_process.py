"""Runs a measure in a process of its own, off screen: nothing of an earlier measure is loaded there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any


def figures_of(module: str, *arguments: str) -> dict[str, Any]:
    """What the module prints as JSON in its last line."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    command = [sys.executable, "-m", module, *arguments]
    result = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    figures: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return figures
