"""The file of rules that an office edits: the one in force with its comments, or a new one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import tomlkit
from tomlkit import TOMLDocument

from kcdesk import text
from kcdesk.formdef.places import bare_name
from kcdesk.services.rulebook import installed
from kcdesk.services.workspace import Workspace


def edited_document(
    workspace: Workspace, folder: str, keys: Mapping[str, str], about: str, territory: str
) -> tuple[str, TOMLDocument]:
    """The file of a folder that has these keys, whatever its label, and its name; a new one with them if none has.

    A key that is "" is missing in the file. `about`, for its comment, and `territory`, for its name, are of a new file.
    """
    place = installed.folder_in_force(workspace.store.folder) / folder  # with what was signed since it was opened
    for path in sorted(place.glob("*.toml")):
        document = tomlkit.parse(path.read_text("utf-8"))
        if all(document.get(key, "") == value for key, value in keys.items() if key != "label"):
            return path.name, document
    document = tomlkit.document()
    document.add(tomlkit.comment(f"{about}. Grammar: ../README.md."))
    document.add(tomlkit.nl())
    document.update({key: value for key, value in keys.items() if value})
    return _free_name(place, text.slug(bare_name(territory)).replace("-", "_")), document


def _free_name(folder: Path, name: str) -> str:
    """A name that no file of the folder has: the province before the merger may have the plain one."""
    taken = {path.name for path in folder.glob("*.toml")}
    return next(free for free in (f"{name}.toml", f"{name}_moi.toml") if free not in taken)
