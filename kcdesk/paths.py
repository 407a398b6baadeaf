"""Where files lie: the data shipped with the program and the folder of the store. No other module knows such paths."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import quote

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """A folder shipped with the program: inside the package in a wheel, else (checkout, frozen program) beside it."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def resources() -> Path:
    """The folder of fonts, icons and catalogues."""
    return _shipped("resources")


def forms() -> Path:
    """The folder of form definitions, which hold everything that a circular can change."""
    return _shipped("forms")


def is_frozen() -> bool:
    """Whether this is the built program, which needs no Python."""
    return bool(getattr(sys, "frozen", False))


def program_folder() -> Path:
    """The folder of the frozen program, or of the checkout."""
    return Path(sys.executable).resolve().parent if is_frozen() else _PACKAGE.parent


def window_program() -> list[str]:
    """What starts the window: in the frozen program the one of its two programs that has no console."""
    return [_frozen_program("kcdesk")] if is_frozen() else [sys.executable, "-m", "kcdesk"]


def command_program() -> list[str]:
    """What runs a command: in the frozen program the one of its two programs that reads and writes by pipes."""
    return [_frozen_program("kcdesk-cli")] if is_frozen() else [sys.executable, "-m", "kcdesk"]


def _frozen_program(name: str) -> str:
    return str(program_folder() / (f"{name}.exe" if os.name == "nt" else name))


def _portable_store() -> Path:
    return program_folder() / "kcdesk-data"


def is_portable() -> bool:
    """Whether the program carries its store along, on a USB stick."""
    return _portable_store().is_dir()


def machine_folder() -> Path:
    """The officer's own folder on this machine for notes about stores; no store lies in it."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "kcdesk-machine"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "kcdesk-machine"


def temporary_root() -> Path:
    """The folder of temporary files: on the stick of a program that runs from one, which is pulled out with them."""
    return program_folder() / "kcdesk-tam" if is_portable() else machine_folder() / "tam"


def tour_store() -> Path:
    """The folder of the practice store that the tour shows; it is made anew for every tour."""
    return machine_folder() / "kho-dao-thu"


def default_store() -> Path:
    """The folder of the store: `kcdesk-data` beside the program if it exists (program on a USB stick), then the
    environment variable KCDESK_STORE, then the data folder of the user.
    """
    if is_portable():
        return _portable_store()
    if named := os.environ.get("KCDESK_STORE"):
        return Path(named)
    import platformdirs  # takes 15 ms, which a store named by the environment does not need

    return Path(platformdirs.user_data_dir("kcdesk", appauthor=False))


def database_address(path: Path) -> str:
    """A database that must exist, as SQLite takes it: a share or a long path of Windows has no URI of its own."""
    return f"file:{quote(str(path.absolute()), safe='')}?mode=rw"
