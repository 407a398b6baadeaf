"""A package of this store that comes back from Excel or LibreOffice: its changed cells, applied only with consent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.exchange.container.entries import read_lines
from kcdesk.exchange.verification import SENTENCES, inspect_package, opened_package
from kcdesk.exchange.workbook.cells import seen_text
from kcdesk.services.handover.packages import changes_in_words
from kcdesk.services.handover.trust import partners
from kcdesk.services.records import prefill
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.handover.package_ledger import PackageEntry

if TYPE_CHECKING:
    from kcdesk.exchange.edits import Edit

_NO_ROWS = {"new": 0, "changed": 0, "same": 0, "conflict": 0, "refused": 0}


def is_edited(workspace: Workspace, path: Path, password: str = "") -> bool:
    """Whether a file is a package that this store sent and that another program saved since."""
    inspection = inspect_package(path, password, partners.known_keys(workspace))
    entry = workspace.store.packages.get(inspection.package) if inspection.package else None
    return inspection.status == "edited" and entry is not None and entry.direction == "out"


def read_edits(workspace: Workspace, path: Path, password: str = "", *, accept: bool = False) -> dict[str, Any]:
    """Read the changed cells of such a file and apply them if `accept`; JSON as of receiving, plus "edits", "checked".

    The values are not signed, so they are only proposals. If a cell is refused, a coloured copy with the reasons is
    written beside the file. UserError if this store did not send the package.
    """
    return _read_and_apply(workspace, path, password, accept)[0]


def accept_edits(workspace: Workspace, path: Path, password: str = "") -> tuple[dict[str, Any], Changes]:
    """Apply the changed cells; the JSON of `read_edits` and the changes."""
    return _read_and_apply(workspace, path, password, True)


def _read_and_apply(workspace: Workspace, path: Path, password: str, accept: bool) -> tuple[dict[str, Any], Changes]:
    from kcdesk.exchange import edits, package_file  # openpyxl takes 150 ms

    with opened_package(path, password, partners.known_keys(workspace)) as file:
        package_id = file.inspection.package
        entries = list(read_lines(package_file.sent_records(workspace.store, package_id)))
        assert file.workbook is not None
        level = "lower" if workspace.identity.unit.level == "province" else "province"
        file.workbook.seek(0)
        cell_edits = edits.edits(workspace.store, file.workbook, entries, level)
        checked = path.with_name(f"{path.stem}.checked.xlsx") if any(edit.reason for edit in cell_edits) else None
        if checked:
            file.workbook.seek(0)
            edits.write_checked(file.workbook, cell_edits, checked, lambda edit: names_of_cell(workspace, edit))
    entry = workspace.store.packages.get(package_id)
    assert entry is not None
    changes = apply_edits(workspace, cell_edits, path.name) if accept else None
    ids = {entry.id for entry in entries}
    return edits_as_json(
        workspace, entry, cell_edits, ids, applied=changes is not None, checked=checked
    ), changes or Changes("")


def apply_edits(workspace: Workspace, edits: Sequence[Edit], name: str) -> Changes | None:
    """Apply the cells that are not refused, after a backup; None if there are none."""
    accepted_edits = [edit for edit in edits if not edit.reason]
    if not accepted_edits:
        return None
    workspace.store.backup()
    return _apply(workspace, accepted_edits, name)


def edits_as_json(
    workspace: Workspace,
    entry: PackageEntry,
    edits: Sequence[Edit],
    records: Collection[str],
    *,
    applied: bool,
    checked: Path | None,
) -> dict[str, Any]:
    """The cells of an edited workbook as JSON, in the shape of receiving."""
    changed = {edit.record for edit in edits if not edit.reason}
    refused = {edit.record for edit in edits if edit.reason}
    same = set(records) - changed - refused
    rows = _NO_ROWS | {"changed": len(changed), "refused": len(refused - changed), "same": len(same)}
    return {
        "status": "edited",
        "source": "package",
        "package": entry.id,
        "type": entry.type,
        "period": entry.period,
        "sender": workspace.identity.unit.code,
        "counts": entry.details["counts"],
        "rows": rows,
        "applied": applied,
        "sentence": SENTENCES["edited"],
        "problems": [edit.reason for edit in edits if edit.reason],
        "edits": [_described(workspace, edit) for edit in edits],
        "lines": [],
        "checked": str(checked) if checked else "",
    }


def _apply(workspace: Workspace, edits: list[Edit], name: str) -> Changes:
    """Apply the edits in a single act, named after the file because its source is not signed."""
    by_record: dict[str, list[Edit]] = {}
    for edit in edits:
        by_record.setdefault(edit.record, []).append(edit)
    with workspace.store.act(f"Nhận ô sửa trong bảng tính «{name}» (nguồn không ký)") as act:
        for id_, own_edits in by_record.items():
            record = workspace.store.record(id_)
            changes: dict[str, Any] = {}
            for edit in own_edits:
                changes |= record.set(edit.path, edit.value)
            act.update(id_, changes | prefill.follow(workspace, record, changes))
    return act.changes


def names_of_cell(workspace: Workspace, edit: Edit) -> tuple[str, str]:
    """Title of the record and label of the field of a cell."""
    names = changes_in_words.RecordNames(workspace.store)
    form = workspace.store.get(edit.record).form if edit.record and workspace.store.merging.stored(edit.record) else ""
    label = names.label(form, edit.path) if form and edit.path and "." not in edit.path else edit.path
    return names.title_of(edit.record) if edit.record else "", label


def _described(workspace: Workspace, edit: Edit) -> dict[str, Any]:
    title, label = names_of_cell(workspace, edit)
    return {
        "sheet": edit.sheet,
        "id": edit.record,
        "title": title,
        "path": edit.path,
        "label": label,
        "was": seen_text(edit.was),
        "shown": seen_text(edit.shown),
        "accepted": not edit.reason,
        "reason": edit.reason,
        "note": edit.note,
        "places": list(edit.places),
    }
