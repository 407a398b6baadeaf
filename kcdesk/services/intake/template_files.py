"""A template to fill in, written for one kind of record."""

from __future__ import annotations

from pathlib import Path

from kcdesk import placing
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.files.template_book import template_book


def write_template(workspace: Workspace, kind: str, path: Path) -> Path:
    """Write the template of a kind; UserError `unknown_kind`, KnownError of the disk."""
    reading.form_of(workspace, kind)
    content = template_book(workspace.forms, kind)
    placing.save(content, path)
    return path
