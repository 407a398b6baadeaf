"""A package of ours that comes back from Excel or LibreOffice: its changed cells, taken in only with consent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.exchange.container.entries import read_lines
from kcdesk.exchange.verification import SENTENCES, inspect_package, opened_package
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
    """Whether a file is a package that this store sent and that another program has saved since."""
    found = inspect_package(path, password, partners.known_keys(workspace))
    entry = workspace.store.packages.get(found.package) if found.package else None
    return found.status == "edited" and entry is not None and entry.direction == "out"


def take(workspace: Workspace, path: Path, password: str = "", *, accept: bool = False) -> dict[str, Any]:
    """The changed cells of such a file, taken in when `accept`; in the shape of taking in, with "edits" and "checked".

    Nobody has signed for these values: they are proposals. Where a cell is refused, a coloured copy with the reasons
    lies beside the file. UserError when this store did not send the package.
    """
    return _taken(workspace, path, password, accept)[0]


def take_in(workspace: Workspace, path: Path, password: str = "") -> tuple[dict[str, Any], Changes]:
    """Take the changed cells in, as `take`, and what that changed."""
    return _taken(workspace, path, password, True)


def _taken(workspace: Workspace, path: Path, password: str, accept: bool) -> tuple[dict[str, Any], Changes]:
    from kcdesk.exchange import edits, package_file  # openpyxl takes 150 ms

    with opened_package(path, password, partners.known_keys(workspace)) as file:
        id_ = file.inspection.package
        entries = list(read_lines(package_file.sent_records(workspace.store, id_)))
        assert file.workbook is not None
        level = "lower" if workspace.identity.unit.level == "province" else "province"
        file.workbook.seek(0)
        found = edits.edits(workspace.store, file.workbook, entries, level)
        checked = path.with_name(f"{path.stem}.checked.xlsx") if any(edit.reason for edit in found) else None
        if checked:
            file.workbook.seek(0)
            edits.write_checked(file.workbook, found, checked, lambda edit: named(workspace, edit))
    entry = workspace.store.packages.get(id_)
    assert entry is not None
    changes = accepted(workspace, found, path.name) if accept else None
    ids = {entry.id for entry in entries}
    return told(workspace, entry, found, ids, applied=changes is not None, checked=checked), changes or Changes("")


def accepted(workspace: Workspace, found: Sequence[Edit], name: str) -> Changes | None:
    """Take in the cells that are not refused, after a backup; None when there are none."""
    taken = [edit for edit in found if not edit.reason]
    if not taken:
        return None
    workspace.store.backup()
    return _apply(workspace, taken, name)


def told(
    workspace: Workspace,
    entry: PackageEntry,
    found: Sequence[Edit],
    records: Collection[str],
    *,
    applied: bool,
    checked: Path | None,
) -> dict[str, Any]:
    """What was found in an edited workbook that came from a package, in the shape of taking in."""
    changed = {edit.record for edit in found if not edit.reason}
    refused = {edit.record for edit in found if edit.reason}
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
        "problems": [edit.reason for edit in found if edit.reason],
        "edits": [_described(workspace, edit) for edit in found],
        "lines": [],
        "checked": str(checked) if checked else "",
    }


def _apply(workspace: Workspace, taken: list[Edit], name: str) -> Changes:
    """One act for the whole file, named after it: its source has signed nothing."""
    by_record: dict[str, list[Edit]] = {}
    for edit in taken:
        by_record.setdefault(edit.record, []).append(edit)
    with workspace.store.act(f"Nhận ô sửa trong bảng tính «{name}» (nguồn không ký)") as act:
        for id_, edits in by_record.items():
            record = workspace.store.record(id_)
            changes: dict[str, Any] = {}
            for edit in edits:
                changes |= record.set(edit.path, edit.value)
            act.update(id_, changes | prefill.follow(workspace, record, changes))
    return act.changes


def named(workspace: Workspace, edit: Edit) -> tuple[str, str]:
    """What the record of a cell and its field are called."""
    names = changes_in_words.Names(workspace.store)
    form = workspace.store.get(edit.record).form if edit.record and workspace.store.merging.stored(edit.record) else ""
    label = names.label(form, edit.path) if form and edit.path and "." not in edit.path else edit.path
    return names.title_of(edit.record) if edit.record else "", label


def _described(workspace: Workspace, edit: Edit) -> dict[str, Any]:
    title, label = named(workspace, edit)
    return {
        "sheet": edit.sheet,
        "id": edit.record,
        "title": title,
        "path": edit.path,
        "label": label,
        "was": str(edit.was if edit.was is not None else ""),
        "shown": str(edit.shown if edit.shown is not None else ""),
        "accepted": not edit.reason,
        "reason": edit.reason,
    }
