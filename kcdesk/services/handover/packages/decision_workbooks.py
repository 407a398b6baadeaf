"""The decision workbook: a province without the program decides in Excel, and its cells come back as proposals."""

from __future__ import annotations

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


def make(workspace: Workspace, package: str, path: Path, *, password: str = "") -> dict[str, Any]:
    """Write the dossiers of a package with the province's columns to fill in; returns {"file", "package", "records"}.

    The package was sent from here, or taken in here. UserError `not_found`, or `nothing_to_decide` when none of its
    dossiers has anything that the province fills in; KnownError when the disk refuses.
    """
    from kcdesk.exchange import decisions  # openpyxl takes 150 ms

    entry = workspace.store.packages.get(package)
    if entry is None or entry.details.get("undone"):
        raise UserError("Kho này không có gói đó.", code="not_found", hint="Xem mã gói trong sổ bàn giao.")
    stored = [workspace.store.get(id_) for id_ in workspace.store.packages.carried(package)]
    count = decisions.write_decision_workbook(
        path, workspace.store, entry, [one for one in stored if not one.deleted], password
    )
    return {"file": str(path), "package": package, "records": count}


def is_workbook(workspace: Workspace, path: Path, password: str = "") -> bool:
    """Whether a file is such a workbook, filled in or not, whatever program has saved it since."""
    from kcdesk.exchange import decisions  # openpyxl takes 150 ms

    if inspect_package(path, password, partners.known_keys(workspace)).status != "foreign":
        return False
    return decisions.package_of(path, password) != ""


def take(workspace: Workspace, path: Path, password: str = "", *, accept: bool = False) -> dict[str, Any]:
    """The filled-in cells of such a file, taken in when `accept`; in the shape of `edited_workbooks.take`.

    Nobody has signed for these values: they are proposals. Where a cell is refused, a coloured copy with the reasons
    lies beside the file. UserError when this store did not send or take in the package.
    """
    return _taken(workspace, path, password, accept)[0]


def take_in(workspace: Workspace, path: Path, password: str = "") -> tuple[dict[str, Any], Changes]:
    """Take the filled-in cells in, as `take`, and what that changed."""
    return _taken(workspace, path, password, True)


def _taken(workspace: Workspace, path: Path, password: str, accept: bool) -> tuple[dict[str, Any], Changes]:
    from kcdesk.exchange import decisions  # openpyxl takes 150 ms
    from kcdesk.exchange.edits import write_checked  # openpyxl takes 150 ms

    entry = _known(workspace, decisions.package_of(path, password))
    carried = set(workspace.store.packages.carried(entry.id))
    with decisions.workbook(path, password) as file:
        found = decisions.edits(workspace.store, file, entry.id, carried)
        checked = path.with_name(f"{path.stem}.checked.xlsx") if any(edit.reason for edit in found) else None
        if checked:
            file.seek(0)
            write_checked(file, found, checked, lambda edit: edited_workbooks.named(workspace, edit))
    changes = edited_workbooks.accepted(workspace, found, path.name) if accept else None
    told = edited_workbooks.told(workspace, entry, found, carried, applied=changes is not None, checked=checked)
    return told | {"source": DECISIONS, "sentence": _SENTENCE}, changes or Changes("")


def _known(workspace: Workspace, package: str) -> PackageEntry:
    entry = workspace.store.packages.get(package)
    if entry is None:
        raise UserError(
            "Bảng quyết định này không lập từ một gói của kho này.", code="not_found", hint="Hãy chọn đúng tệp."
        )
    return entry
