"""Read attachments from the store, write them to a temporary folder."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from kcdesk.services.workspace import Workspace
from kcdesk.text import slug


def content(workspace: Workspace, file: dict[str, Any]) -> bytes:
    """The content of an attachment; empty if it did not arrive with its dossier."""
    if not workspace.store.files.has(file["sha256"]):
        return b""
    return workspace.store.files.read(file["sha256"])


def take_out(workspace: Workspace, file: dict[str, Any]) -> Path:
    """Write an attachment into a new temporary folder, under a safe form of its name."""
    name = Path(file["name"])
    folder = Path(tempfile.mkdtemp(prefix="kcdesk-"))
    path = folder / f"{slug(name.stem)}{name.suffix}"
    path.write_bytes(workspace.store.files.read(file["sha256"]))
    return path
