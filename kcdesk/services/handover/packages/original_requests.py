"""The letter that asks a unit for its original package, when the file that came cannot be received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk.documents.paper_codes import content_hash
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers import printing
from kcdesk.services.papers.sheets import Topic, print_sheet
from kcdesk.services.workspace import Workspace

LAYOUT = "original_request"
ASKED_FOR = ("edited", "damaged", "sheets_differ", "replaced", "foreign")  # codes of files that a letter may ask for
_EMPTY = "(trống)"


class OriginalRequest(Value, kw_only=True):
    """What the letter says: the unit asked ("" to fill in by hand), its period, the file and why it is not received.

    `edits` are the changed cells as `edited_workbooks` describes them.
    """

    file: str
    reason: str
    sender: str = ""
    period: str = ""
    edits: Sequence[Mapping[str, Any]] = ()


class EditedCellLine(Value):
    """An item of `edits` in the layout."""

    title: str
    label: str
    was: str
    shown: str


def print_request(workspace: Workspace, request: OriginalRequest, pdf: Path) -> dict[str, Any]:
    """Write the letter as PDF; returns {"pdf", "pages"}. KnownError if the file cannot be written."""
    values = {
        "period": Topic(content_hash([request.file, request.period]), request.period),  # a file may say no period
        "request": request,
        "edits": [_line(edit) for edit in request.edits],
        "province": printing.province_name(workspace),
    }
    return print_sheet(workspace, LAYOUT, values, pdf)


def _line(edit: Mapping[str, Any]) -> EditedCellLine:
    label = f"{edit['label']} ({', '.join(edit['places'])})" if edit["places"] else str(edit["label"])
    return EditedCellLine(str(edit["title"]), label, edit["was"] or _EMPTY, edit["shown"] or _EMPTY)
