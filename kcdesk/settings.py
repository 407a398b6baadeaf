"""The officer's small preferences (look, last page, column widths): declared here, kept as one JSON file.

Losing them costs nothing, so reading never fails: a value that does not fit its declaration is replaced by its default
and its name is listed in `faults`. Writing replaces the whole file; if the folder cannot be written, the program goes
on with the values in memory.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from kcdesk import placing
from kcdesk.bounded.json_text import parsed

FILE_NAME = "settings.json"
_LARGEST = 4 << 20  # bytes
THEMES = ("system", "light", "dark", "contrast_light", "contrast_dark")
LETTERS = ("normal", "large", "largest")
LOCK_MINUTES = (0, 2, 5, 10, 15, 30, 60)  # of idle time before the screen is locked; 0 for never


def _choice_of(*allowed: str | int) -> dict[str, Callable[[Any], bool]]:
    return {"fits": lambda value: type(value) is type(allowed[0]) and value in allowed}


def _is(kind: type) -> dict[str, Callable[[Any], bool]]:
    return {"fits": lambda value: type(value) is kind}


def _maps_to(kind: type) -> dict[str, Callable[[Any], bool]]:
    return {"fits": lambda value: type(value) is dict and all(type(item) is kind for item in value.values())}


@dataclass(slots=True, kw_only=True)
class Settings:
    """Every setting with its default."""

    theme: str = field(default="system", metadata=_choice_of(*THEMES))
    letters: str = field(default="normal", metadata=_choice_of(*LETTERS))
    lock_minutes: int = field(default=10, metadata=_choice_of(*LOCK_MINUTES))
    page: str = field(default="overview", metadata=_is(str))
    version_seen: str = field(default="", metadata=_is(str))  # of the program, when the window was open last
    register: str = field(default="", metadata=_is(str))  # kind of record shown on «Sổ hồ sơ»
    geometry: str = field(default="", metadata=_is(str))  # QMainWindow.saveGeometry, base64
    narrow_navigation: bool = field(default=False, metadata=_is(bool))
    columns: dict[str, str] = field(default_factory=dict, metadata=_maps_to(str))  # kind: header state, base64
    list_columns: dict[str, str] = field(default_factory=dict, metadata=_maps_to(str))  # kind: names, with commas
    table_columns: dict[str, str] = field(default_factory=dict, metadata=_maps_to(str))  # kind.field: name=pixels …
    views: dict[str, str] = field(default_factory=dict, metadata=_maps_to(str))  # ui/shell/kept_views: name: JSON
    place: dict[str, str] = field(default_factory=dict, metadata=_maps_to(str))  # open now; emptied by a normal end
    folders: dict[str, str] = field(default_factory=dict, metadata=_maps_to(str))  # purpose: folder of the last file


class SettingsFile:
    """The settings of one store and the file in which they are kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values, self.faults = _read(path)
        self._written = asdict(self.values)

    def save(self) -> None:
        """Replace the file if a setting changed; a folder that cannot be written is ignored."""
        current = asdict(self.values)
        if current == self._written:
            return
        with contextlib.suppress(OSError):
            placing.keep_own(self.path, json.dumps(current, ensure_ascii=False, indent=1).encode())
            self._written = current


def _read(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """The settings in a file, and the names that were not accepted (the file name if none could be read)."""
    try:
        if path.stat().st_size > _LARGEST:
            return Settings(), (path.name,)
        content = parsed(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), ()
    except (OSError, ValueError):
        return Settings(), (path.name,)
    if type(content) is not dict:
        return Settings(), (path.name,)
    declared = {item.name: item for item in fields(Settings)}
    fitting = {
        name: value for name, value in content.items() if name in declared and declared[name].metadata["fits"](value)
    }
    return Settings(**fitting), tuple(name for name in content if name not in fitting)
