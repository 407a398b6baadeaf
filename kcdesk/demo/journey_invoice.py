"""The step of the demo in which an electronic invoice comes in: read, verified, compared, its rows agreed to."""

from __future__ import annotations

import shutil
from pathlib import Path

from kcdesk import paths
from kcdesk.services.invoices import opened_files, taking_in
from kcdesk.services.workspace import Workspace

NAME = "invoice.xml"


def take_in_invoice(workspace: Workspace, visit: str, folder: Path) -> Path:
    """Take the sample invoice into a visit under way, every row; returns the file."""
    path = folder / NAME
    shutil.copyfile(paths.resources() / "samples" / NAME, path)
    (read,) = taking_in.beside(workspace, opened_files.opened(path), visit)
    taking_in.take_in(workspace, visit, read, [row.key for row in read.rows])
    return path
