"""The officer's small preferences (look, last page, column widths): declared here, kept as one JSON file.

Losing them costs nothing, so reading never refuses: a value that does not fit its declaration falls back to
its default and is named in `faults`. Writing replaces the file whole; a folder that cannot be written keeps
the program running with what it has in memory.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

FILE_NAME = "settings.json"
THEMES = ("system", "light", "dark")


def _one_of(*allowed: str) -> dict[str, Callable[[Any], bool]]:
    return {"fits": lambda value: value in allowed}


def _is(kind: type) -> dict[str, Callable[[Any], bool]]:
    return {"fits": lambda value: type(value) is kind}


def _maps_to(kind: type) -> dict[str, Callable[[Any], bool]]:
    return {"fits": lambda value: type(value) is dict and all(type(item) is kind for item in value.values())}


@dataclass(slots=True, kw_only=True)
class Settings:
    """Every setting with its default; `changed` values are written by `save`."""

    theme: str = field(default="system", metadata=_one_of(*THEMES))
    page: str = field(default="overview", metadata=_is(str))
    register: str = field(default="", metadata=_is(str))  # kind of record in front on «Sổ hồ sơ»
    geometry: str = field(default="", metadata=_is(str))  # QMainWindow.saveGeometry, base64
    narrow_navigation: bool = field(default=False, metadata=_is(bool))
    columns: dict[str, str] = field(default_factory=dict, metadata=_maps_to(str))  # kind: header state, base64
    place: dict[str, str] = field(default_factory=dict, metadata=_maps_to(str))  # open now; emptied by a clean close
    folder: str = field(default="", metadata=_is(str))  # where files were last opened or saved


class SettingsFile:
    """The settings of one store and the file that they came from."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values, self.faults = _read(path)
        self._written = asdict(self.values)

    def save(self) -> None:
        """Replace the file when something changed; a folder that refuses is left alone."""
        current = asdict(self.values)
        if current == self._written:
            return
        with contextlib.suppress(OSError):
            _replace(self.path, json.dumps(current, ensure_ascii=False, indent=1))
            self._written = current


def _read(path: Path) -> tuple[Settings, tuple[str, ...]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), ()
    except (OSError, ValueError):
        return Settings(), (path.name,)
    if type(found) is not dict:
        return Settings(), (path.name,)
    declared = {item.name: item for item in fields(Settings)}
    fitting = {
        name: value for name, value in found.items() if name in declared and declared[name].metadata["fits"](value)
    }
    return Settings(**fitting), tuple(name for name in found if name not in fitting)


def _replace(path: Path, text: str) -> None:
    """Write beside, then replace, so that a power cut leaves the old file or the new one."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
