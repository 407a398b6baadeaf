"""Attachments on their way out of the store."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from kcdesk.services.workspace import Workspace
from kcdesk.text import slug


def content(workspace: Workspace, file: dict[str, Any]) -> bytes:
    """What an attachment holds; empty when it did not come along with its dossier."""
    if not workspace.store.files.has(file["sha256"]):
        return b""
    return workspace.store.files.read(file["sha256"])


def take_out(workspace: Workspace, file: dict[str, Any]) -> Path:
    """Write one attachment into a fresh temporary folder, under a harmless form of its own name."""
    name = Path(file["name"])
    folder = Path(tempfile.mkdtemp(prefix="kcdesk-"))
    path = folder / f"{slug(name.stem)}{name.suffix}"
    path.write_bytes(workspace.store.files.read(file["sha256"]))
    return path
