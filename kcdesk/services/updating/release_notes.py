"""What is new in each version, in Vietnamese: resources/updates/notes.toml."""

from __future__ import annotations

import tomllib
from typing import Any

from kcdesk import __version__, paths
from kcdesk.exchange.updates.update_file import numbers
from kcdesk.runtime.frozen import Value


class VersionNotes(Value):
    """A version and what is new in it, in sentences."""

    version: str
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The shape of the command line."""
        return {"version": self.version, "notes": list(self.notes)}


def all_versions() -> list[VersionNotes]:
    """What is new, newest version first."""
    content = tomllib.loads((paths.resources() / "updates" / "notes.toml").read_text(encoding="utf-8"))
    versions = [VersionNotes(version, tuple(notes)) for version, notes in content["versions"].items()]
    return sorted(versions, key=lambda version: numbers(version.version), reverse=True)


def news_since(seen: str) -> list[VersionNotes]:
    """What is new since the version that an officer has seen last, newest first; nothing on the first day ("")."""
    if not seen:
        return []
    return [version for version in all_versions() if numbers(seen) < numbers(version.version) <= numbers(__version__)]
