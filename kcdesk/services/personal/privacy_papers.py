"""Two papers of the office on personal data, as Word files to adapt: the assessment, and the notice to the persons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kcdesk.formdef.model import Field
from kcdesk.formdef.personal import is_personal
from kcdesk.services.papers import sheets
from kcdesk.services.workspace import Workspace
from kcdesk.text import first_few

LAYOUTS = ("privacy_assessment", "privacy_notice")
_MOST = 12  # fields of a kind that are named


def write_papers(workspace: Workspace, folder: Path) -> list[Path]:
    """Write both into a folder, under their titles; returns the files. KnownError if one cannot be written."""
    nobody = sheets.Topic(id=workspace.identity.unit.code, name=workspace.identity.unit.name)
    values = {"person": nobody, "holdings": _holdings(workspace), "terms": _terms(workspace)}
    written = []
    for layout in LAYOUTS:
        path = folder / f"{workspace.layouts[layout].label}.docx"
        sheets.write_sheet(sheets.filled_sheet(workspace, layout, values), docx=path)
        written.append(path)
    return written


def _holdings(workspace: Workspace) -> list[dict[str, Any]]:
    """Each kind of record with personal fields: their labels, the sensitive ones, and the number of records."""
    rows = []
    for kind in workspace.forms.kinds:
        form = workspace.forms.current(kind, workspace.today())
        fields = [field for outer in form.fields for field in (outer, *outer.columns) if is_personal(field)]
        if fields:
            rows.append(
                {
                    "kind": form.label,
                    "fields": _labels(fields),
                    "sensitive": _labels([field for field in fields if field.sensitive]),
                    "number": workspace.store.count(kind),
                }
            )
    return rows


def _labels(fields: list[Field]) -> str:
    return first_few(list(dict.fromkeys(field.label for field in fields)), _MOST, ", ")


def _terms(workspace: Workspace) -> list[dict[str, Any]]:
    return [
        {
            "kinds": ", ".join(workspace.forms.current(kind).label for kind in period.kinds),
            "years": period.years,
            "source": period.level_of_proof(),
        }
        for period in workspace.retention
    ]
