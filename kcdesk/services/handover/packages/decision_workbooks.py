"""The decision workbook: a province without this program decides in Excel; its cells come back as proposed changes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.exchange.verification import inspect_package
from kcdesk.services.handover.packages import edited_workbooks
from kcdesk.services.handover.trust import partners
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.handover.package_ledger import PackageEntry

DECISIONS = "decisions"  # the source of such cells
_SENTENCE = "Bảng quyết định điền trong bảng tính; không có chữ ký, mỗi ô là một đề nghị."


def make_decision_workbook(workspace: Workspace, package: str, path: Path, *, password: str = "") -> dict[str, Any]:
    """Write the dossiers of a package with the province's columns to fill in; returns {"file", "package", "records"}.

    The package was sent or received by this store. UserError `not_found`, or `nothing_to_decide` if none of its
    dossiers has fields of the province; KnownError if the file cannot be written.
    """
    from kcdesk.exchange import decisions  # openpyxl takes 150 ms

    entry = workspace.store.packages.get(package)
    if entry is None or entry.details.get("undone"):
        raise UserError("Kho này không có gói đó.", code="not_found", hint="Xem mã gói trong sổ bàn giao.")
    stored = [workspace.store.get(id_) for id_ in workspace.store.packages.carried(package)]
    count = decisions.write_decision_workbook(
        path, workspace.store, entry, [record for record in stored if not record.deleted], password
    )
    return {"file": str(path), "package": package, "records": count}


def is_workbook(workspace: Workspace, path: Path, password: str = "") -> bool:
    """Whether a file is a decision workbook, filled in or not, saved by any program."""
    from kcdesk.exchange import decisions  # openpyxl takes 150 ms

    if inspect_package(path, password, partners.known_keys(workspace)).status != "foreign":
        return False
    return decisions.package_of(path, password) != ""


def read_decisions(workspace: Workspace, path: Path, password: str = "", *, accept: bool = False) -> dict[str, Any]:
    """Read the filled-in cells of a decision workbook and apply them if `accept`; JSON as of `read_edits`.

    The values are not signed, so they are only proposals. If a cell is refused, a coloured copy with the reasons is
    written beside the file. UserError if the package was neither sent nor received by this store.
    """
    return _read_and_apply(workspace, path, password, accept)[0]


def accept_decisions(
    workspace: Workspace, path: Path, password: str = "", *, only: Collection[str] | None = None
) -> tuple[dict[str, Any], Changes]:
    """Apply the filled-in cells, or only those with these keys; the JSON of `read_decisions` and the changes."""
    return _read_and_apply(workspace, path, password, True, only)


def _read_and_apply(
    workspace: Workspace, path: Path, password: str, accept: bool, only: Collection[str] | None = None
) -> tuple[dict[str, Any], Changes]:
    from kcdesk.exchange import decisions  # openpyxl takes 150 ms
    from kcdesk.exchange.edits import write_checked  # openpyxl takes 150 ms

    entry = _known(workspace, decisions.package_of(path, password))
    carried = set(workspace.store.packages.carried(entry.id))
    with decisions.workbook(path, password) as file:
        edits = decisions.edits(workspace.store, file, entry.id, carried)
        checked = path.with_name(f"{path.stem}.checked.xlsx") if any(edit.reason for edit in edits) else None
        if checked:
            file.seek(0)
            write_checked(file, edits, checked, lambda edit: edited_workbooks.names_of_cell(workspace, edit))
    changes = edited_workbooks.apply_edits(workspace, edits, path.name, only) if accept else None
    result = edited_workbooks.edits_as_json(
        workspace, entry, edits, carried, applied=changes is not None, checked=checked
    )
    return result | {"source": DECISIONS, "sentence": _SENTENCE}, changes or Changes("")


def _known(workspace: Workspace, package: str) -> PackageEntry:
    entry = workspace.store.packages.get(package)
    if entry is None:
        raise UserError(
            "Bảng quyết định này không lập từ một gói của kho này.", code="not_found", hint="Hãy chọn đúng tệp."
        )
    return entry
