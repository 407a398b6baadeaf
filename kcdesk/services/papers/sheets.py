"""Papers without a record: lists, letters and sheets about a day, a period or a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kcdesk.documents.blocks import Document
from kcdesk.services.papers import printing
from kcdesk.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Topic:
    """The subject of a paper without a record: a day, a period, a package; `content` is a hash of what it prints."""

    id: str
    name: str
    content: str = ""
    revision: int = 0

    def answers_hash(self) -> str:
        """The hash in the code of the paper; "" for a sheet that is never signed."""
        return self.content


def filled_sheet(workspace: Workspace, layout: str, values: Mapping[str, Any]) -> Document:
    """Fill a layout with its subject and rows, and with what any sheet may name: office, officer, practice, today."""
    identity = workspace.identity
    around = {
        "unit": identity.unit,
        "officer": identity.officer,
        "practice": identity.practice,
        "today": workspace.today().isoformat(),
    }
    return workspace.layouts[layout].render(around | dict(values))


def print_sheet(workspace: Workspace, layout: str, values: Mapping[str, Any], pdf: Path) -> dict[str, Any]:
    """Write a sheet as PDF; returns {"pdf", "pages"}. KnownError if the file cannot be written."""
    printing.write_pdf(filled_sheet(workspace, layout, values), pdf)
    return {"pdf": str(pdf), "pages": printing.page_count(pdf)}
