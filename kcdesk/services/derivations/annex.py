"""The annex that explains a number on paper; that of a closed dossier is kept as it was printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.services.derivations import explaining, wording
from kcdesk.services.papers import kept_sheets, printing
from kcdesk.services.papers.sheets import Topic
from kcdesk.services.workspace import Workspace

LAYOUT = "derivation_annex"


def print_annex(workspace: Workspace, record_id: str, name: str, pdf: Path) -> dict[str, Any]:
    """Write the tree of a number as PDF; returns {"pdf", "pages"}. UserError as `explaining.why`, KnownError."""
    tree = explaining.why(workspace, record_id, name)
    record = workspace.store.record(record_id)
    values = {
        "period": Topic(record_id, record.title()),
        "subject": f"{tree.label}: {tree.written(tree.value)}",
        "warning": wording.FAULT if wording.has_fault(tree) else tree.remark(),
        "lines": _rows(tree),
    }
    printing.write_pdf(kept_sheets.sheet_of_record(workspace, record, LAYOUT, name, values), pdf)
    return {"pdf": str(pdf), "pages": printing.page_count(pdf)}


def writer(workspace: Workspace, record_id: str, name: str) -> Callable[[Path], object]:
    """What writes the annex of a number into a file."""
    return lambda pdf: print_annex(workspace, record_id, name, pdf)


def _rows(tree: Derivation) -> list[dict[str, str]]:
    return [
        {
            "number": line.number or "Số này",
            "text": "\n".join((line.label, *line.details())),
            "formula": line.source(),
            "value": line.printed_value,
        }
        for line in wording.lines_of(tree)
    ]
