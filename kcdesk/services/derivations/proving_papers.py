"""The paper behind a value: decision, contract, voucher or minutes, by `forms/evidence.toml`, and the scans of it."""

from __future__ import annotations

from kcdesk.formdef.derivations.nodes import ProvingPaper
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.evidence import Evidence
from kcdesk.services.workspace import Workspace


def paper_behind(workspace: Workspace, record: Record, path: str) -> ProvingPaper | None:
    """The paper that proves the value at a path; None while the record names neither number, day nor scan."""
    for evidence in workspace.evidence:
        if evidence.proves(record.kind, path):
            paper = _paper(record, evidence, path)
            if paper.number or paper.date or paper.scans:
                return paper
    return None


def _paper(record: Record, evidence: Evidence, path: str) -> ProvingPaper:
    scans = [entry for name in evidence.scans for entry in _files(record, _at(name, path))]
    return ProvingPaper(
        evidence.label,
        number=_text(record, evidence.number, path),
        date=str(_stored(record, evidence.date, path) or ""),
        issuer=_text(record, evidence.issuer, path),
        scans=tuple(dict.fromkeys(scans)),
    )


def _at(name: str, path: str) -> str:
    """A field, or with «table.column» the cell in the row of the value."""
    table, _, column = name.rpartition(".")
    return f"{table}/{path.split('/')[1]}/{column}" if table else name


def _stored(record: Record, name: str, path: str) -> object:
    known = name.partition(".")[0] in record.form.by_name
    return record.value(_at(name, path)) if name and known else None


def _text(record: Record, name: str, path: str) -> str:
    return record.text(_at(name, path)) if _stored(record, name, path) is not None else ""


def _files(record: Record, name: str) -> list[str]:
    if name.partition("/")[0] not in record.form.by_name:
        return []
    files = record.value(name)
    entries = files if isinstance(files, list) else []
    return [str(entry.get("caption") or entry.get("name") or "") for entry in entries if isinstance(entry, dict)]
