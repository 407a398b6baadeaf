"""The command line: commands, their arguments, their output as text and JSON.

`main`, in `program.py`, is the face of this package for scripts: `from kcdesk.cli import main`.
"""

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    """Give `main` when it is asked for: the commands import this package, so it cannot import them first."""
    if name != "main":
        raise AttributeError(name)
    return import_module("kcdesk.cli.program").main
