"""A package of this store that comes back from Excel or LibreOffice: its changed cells, applied only with consent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk.exchange.container.entries import RecordEntry, read_lines
from kcdesk.exchange.verification import SENTENCES, inspect_package, opened_package
from kcdesk.exchange.workbook.cells import seen_text
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.packages import changes_in_words, recipients, verdict
from kcdesk.services.handover.trust import partners
from kcdesk.services.records import prefill
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.handover.package_ledger import PackageEntry

if TYPE_CHECKING:
    from kcdesk.exchange.edits import Edit
    from kcdesk.exchange.verification import Inspection

OF_OTHERS = "others"  # the source of cells in the package of another unit
_OF_OTHERS = (
    "Chưa ghi vào kho này: chỉ {} nhận được ô này, vì nơi lập gói giữ bản gốc để so sánh. Hãy chuyển lại tệp này; "
    "nơi đó nhận ô rồi gửi gói mới."
)
_DIFFERENT = "{} ô khác với hồ sơ ở kho này, chưa ô nào được ghi vào kho."
_NOTHING_DIFFERENT = "Không có ô nào khác với hồ sơ ở kho này; kho giữ nguyên."
_NOTHING_HELD = "Kho này chưa có hồ sơ nào của đơn vị đó nên không biết ô nào đã sửa; kho giữ nguyên."
_NO_ROWS = {"new": 0, "changed": 0, "same": 0, "conflict": 0, "refused": 0}


def is_edited(workspace: Workspace, path: Path, password: str = "") -> bool:
    """Whether a file is a package that this store sent and that another program saved since."""
    inspection = inspect_package(path, password, partners.known_keys(workspace))
    entry = workspace.store.packages.get(inspection.package) if inspection.package else None
    return inspection.status == "edited" and entry is not None and entry.direction == "out"


def read_changes_of_others(workspace: Workspace, path: Path, password: str = "") -> dict[str, Any]:
    """Read the cells of another unit's edited package that differ from the records here; nothing can be applied.

    Only the unit that made the package has its original, so every cell is refused with that reason. JSON as of
    `read_edits`, with "sender_name", "obstacle" and "hint" of the file; "compared" says what differs.
    """
    from kcdesk.exchange import edits  # openpyxl takes 150 ms

    store = workspace.store
    with opened_package(path, password, partners.known_keys(workspace)) as file:
        inspection, workbook = file.inspection, file.workbook
        assert workbook is not None, "an edited package stays readable"
        workbook.seek(0)
        entries = _held_records(workspace, inspection)
        cells = edits.edits(store, workbook, entries, workspace.identity.unit.level)
    kept = {entry.id for entry in entries}
    reason = _OF_OTHERS.format(inspection.sender_name or "đơn vị gửi")
    shown = [replace(edit, value=None, reason=reason) for edit in cells if edit.record in kept and edit.path]
    bar = verdict.bar_of_edited(inspection)
    named = {"package": inspection.package, "type": inspection.type, "period": inspection.period}
    return {
        **named,
        "status": "edited",
        "source": OF_OTHERS,
        "sender": inspection.sender,
        "sender_name": inspection.sender_name,
        "counts": dict(inspection.counts),
        "rows": _NO_ROWS | {"refused": len({edit.record for edit in shown})},
        "applied": False,
        "sentence": SENTENCES["edited"],
        "obstacle": bar.obstacle,
        "compared": _compared(len(shown), bool(entries)),
        "hint": bar.hint,
        "problems": [bar.obstacle],
        "edits": [_described(workspace, edit) for edit in shown],
        "lines": [],
        "checked": "",
    }


def _compared(different: int, holds_records: bool) -> str:
    if different:
        return _DIFFERENT.format(different)
    return _NOTHING_DIFFERENT if holds_records else _NOTHING_HELD


def _held_records(workspace: Workspace, inspection: Inspection) -> list[RecordEntry]:
    """The records of this store that the package carried, or else those of its sender, or else all that hand over."""
    store = workspace.store
    ids = store.packages.carried(inspection.package) if store.packages.get(inspection.package) else ()
    stored = [store.get(id_) for id_ in ids] or recipients.business(store, _unit_code(inspection))
    return [RecordEntry.of(record, ()) for record in stored if not record.deleted]


def _unit_code(inspection: Inspection) -> str:
    """The code of the sender: of the manifest, else the last word in brackets on the cover, «Trung tâm (TT-A)»."""
    return inspection.sender or inspection.sender_name.rpartition("(")[2].rstrip(")")


def read_edits(workspace: Workspace, path: Path, password: str = "", *, accept: bool = False) -> dict[str, Any]:
    """Read the changed cells of such a file and apply them if `accept`; JSON as of receiving, plus "edits", "checked".

    The values are not signed, so they are only proposals. If a cell is refused, a coloured copy with the reasons is
    written beside the file. UserError if this store did not send the package.
    """
    return _read_and_apply(workspace, path, password, accept)[0]


def accept_edits(
    workspace: Workspace, path: Path, password: str = "", *, only: Collection[str] | None = None
) -> tuple[dict[str, Any], Changes]:
    """Apply the changed cells, or only those with the keys `only` (`key_of`); JSON of `read_edits` and the changes."""
    return _read_and_apply(workspace, path, password, True, only)


def key_of(edit: Mapping[str, Any]) -> str:
    """What tells the changed cells of a workbook apart, of a cell as JSON."""
    return f"{edit['id']} {edit['sheet']} {edit['path']} {'+'.join(edit['places'])}"


def _receiver_of(workspace: Workspace, package: str) -> str:
    entry = workspace.store.packages.get(package)
    return entry.partner if entry else ""


def _read_and_apply(
    workspace: Workspace, path: Path, password: str, accept: bool, only: Collection[str] | None = None
) -> tuple[dict[str, Any], Changes]:
    from kcdesk.exchange import edits, sent_packages  # openpyxl takes 150 ms

    with opened_package(path, password, partners.known_keys(workspace)) as file:
        package_id = file.inspection.package
        entries = list(read_lines(sent_packages.sent_records(workspace.store, package_id)))
        assert file.workbook is not None
        level = recipients.level_of(workspace, _receiver_of(workspace, package_id), is_below=workspace.collects)
        file.workbook.seek(0)
        cell_edits = edits.edits(workspace.store, file.workbook, entries, level)
        checked = path.with_name(f"{path.stem}.checked.xlsx") if any(edit.reason for edit in cell_edits) else None
        if checked:
            file.workbook.seek(0)
            edits.write_checked(file.workbook, cell_edits, checked, lambda edit: names_of_cell(workspace, edit))
    entry = workspace.store.packages.get(package_id)
    assert entry is not None
    changes = apply_edits(workspace, cell_edits, path.name, only) if accept else None
    ids = {entry.id for entry in entries}
    return edits_as_json(
        workspace, entry, cell_edits, ids, applied=changes is not None, checked=checked
    ), changes or Changes("")


def apply_edits(
    workspace: Workspace, edits: Sequence[Edit], name: str, only: Collection[str] | None = None
) -> Changes | None:
    """Apply the cells that are not refused, or of them those with the keys `only`, after a backup; None for none."""
    accepted_edits = [edit for edit in edits if not edit.reason and (only is None or _key(edit) in only)]
    if not accepted_edits:
        return None
    workspace.store.backup(reason="bulk")
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


def _key(edit: Edit) -> str:
    return key_of({"id": edit.record, "sheet": edit.sheet, "path": edit.path, "places": edit.places})


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
    """Title of the record and label of the field of a cell; a column without a field is named as in the workbook."""
    names = changes_in_words.RecordNames(workspace.store)
    form = workspace.store.get(edit.record).form if edit.record and workspace.store.merging.stored(edit.record) else ""
    is_field = form and edit.path and "." not in edit.path
    label = names.label(form, edit.path) if is_field else edit.heading or edit.path
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
