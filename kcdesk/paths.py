"""The only module that knows where anything lies: shipped data, the store's folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """A shipped folder: inside the package in a wheel, beside it in a checkout and in the frozen program."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def resources() -> Path:
    """Fonts, icons, catalogues."""
    return _shipped("resources")


def forms() -> Path:
    """Form definitions: everything that a circular can change."""
    return _shipped("forms")


def program_folder() -> Path:
    """The folder of the frozen program, or of the checkout."""
    return Path(sys.executable).resolve().parent if getattr(sys, "frozen", False) else _PACKAGE.parent


def default_store() -> Path:
    """`kcdesk-data` beside the program when it is there (runs from a stick), else the user's data folder."""
    portable = program_folder() / "kcdesk-data"
    if portable.is_dir():
        return portable
    if named := os.environ.get("KCDESK_STORE"):
        return Path(named)
    import platformdirs  # 15 ms that a named store need not pay

    return Path(platformdirs.user_data_dir("kcdesk", appauthor=False))
