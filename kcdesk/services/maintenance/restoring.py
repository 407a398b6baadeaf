"""Restoring from a backup: a door of its own. A package is taken in beside what is here; a backup takes its place.

The copy is looked at in a place of its own before anything changes; what is here is backed up; the exchange happens in
one step; and the store goes on as another device, for others know more of the old one than the copy does.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import opening
from kcdesk.services.workspace import Workspace
from kcdesk.store.safety import restoring
from kcdesk.store.store import Store

_KEPT = "Kho đang dùng giữ nguyên."


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a store holds: `changed` is its newest change (UTC) and `action` what that was; `counts` label and number
    of each kind of record."""

    store_id: str
    unit: str
    code: str
    level: str
    province: str
    officer: str
    practice: bool
    changed: str
    action: str
    counts: tuple[tuple[str, int], ...]

    @property
    def records(self) -> int:
        """How many records there are."""
        return sum(number for _, number in self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A backup that has been copied beside the store and found sound; `here` is None where there is no store or none
    that opens. `concerns` want an explicit consent, `notes` should be known."""

    folder: Path
    source: Path
    secret: str
    copied: Holding
    here: Holding | None
    concerns: tuple[str, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The stable shape of the command line."""
        return {
            "source": str(self.source),
            "copied": _as_json(self.copied),
            "here": self.here and _as_json(self.here),
            "concerns": list(self.concerns),
            "notes": list(self.notes),
        }


def holding(workspace: Workspace) -> Holding:
    """What an open store holds."""
    own, last = workspace.identity, next(iter(workspace.store.acts(1)), None)
    kinds = [(workspace.forms.current(kind).label, workspace.store.count(kind)) for kind in workspace.forms.kinds]
    return Holding(
        store_id=own.store_id,
        unit=own.unit.name,
        code=own.unit.code,
        level=own.unit.level,
        province=own.unit.province,
        officer=own.officer.name,
        practice=own.practice,
        changed=last.at if last else own.created,
        action=last.action if last else "Lập kho",
        counts=tuple((label, number) for label, number in kinds if number),
    )


def needs_secret(source: Path) -> bool:
    """Whether a backup is locked with a passphrase; UserError `not_a_backup`."""
    return Store.needs_passphrase(folder_of(source))


def look(folder: Path, source: Path, secret: str = "", here: Holding | None = None) -> Prepared:
    """Copy a backup beside the store in `folder`, open and check it there; nothing of the store changes.

    `secret` is the passphrase that the backup had, or its recovery code; `here` is what the store holds, if it opens.
    UserError `not_a_backup`, `own_store`, `wrong_passphrase`, `damaged_backup`, `newer_store`; KnownError `disk_full`.
    """
    source = folder_of(source)
    if source.resolve() == folder.resolve():
        raise UserError("Đây là chính kho đang dùng.", code="own_store", hint="Hãy chọn thư mục của bản sao lưu.")
    staged = restoring.stage(source, folder)
    try:
        copied, notes = _looked_at(staged, secret)
    except BaseException:
        restoring.discard(folder)
        raise
    concerns = tuple(_concerns(copied, here, is_there=Store.is_store(folder)))
    return Prepared(
        folder=folder, source=source, secret=secret, copied=copied, here=here, concerns=concerns, notes=notes
    )


def discard(prepared: Prepared) -> None:
    """Leave everything as it is."""
    restoring.discard(prepared.folder)


def restore(
    prepared: Prepared, *, consent: bool = False, here: Workspace | None = None
) -> tuple[Workspace, Path | None]:
    """Put the backup in the store's place, as another device; the open store, and the backup of what was here.

    `here` is the store that is still open; it is closed. UserError `consent_missing` while concerns are not agreed to.
    """
    if prepared.concerns and not consent:
        raise UserError(
            f"{prepared.concerns[0]} {_KEPT}", code="consent_missing", hint="Hãy xác nhận nếu đúng là muốn thay."
        )
    kept = _keep(prepared.folder, here)
    staged = opening.open_workspace(prepared.folder / restoring.STAGED, prepared.secret)
    try:
        partners.renew_device(staged, backup=False)
    finally:
        staged.close()
    restoring.commit(prepared.folder)
    return opening.open_workspace(prepared.folder, prepared.secret), kept


def _keep(folder: Path, here: Workspace | None) -> Path | None:
    """A backup of what is here, which is closed; file by file when it does not open."""
    if here is None:
        return restoring.keep(folder) if Store.is_store(folder) else None
    kept = here.store.backup()
    here.close()
    return kept


def folder_of(source: Path) -> Path:
    """The folder of a backup, also by its data file; UserError `not_a_backup`."""
    folder = source if source.is_dir() else source.parent
    if not Store.is_store(folder) or (source.is_file() and source.suffix == ".xlsx"):
        raise _no_backup(source)
    return folder


def _looked_at(staged: Path, secret: str) -> tuple[Holding, tuple[str, ...]]:
    try:
        workspace = opening.open_workspace(staged, secret)
        try:
            return holding(workspace), _notes(workspace)
        finally:
            workspace.close()
    except UserError as error:
        if error.code == "damaged_store":
            raise _damaged("") from error
        if error.code == "foreign_store":
            raise _no_backup(staged) from error
        raise


def _notes(workspace: Workspace) -> tuple[str, ...]:
    """What is odd in a copy that is sound as a whole; UserError `damaged_backup` for one that is not."""
    if damage := workspace.store.damage():
        raise _damaged(damage[0])
    oddities = workspace.store.oddities()
    return (f"Bản sao lưu có {len(oddities)} chỗ cần xem: {oddities[0]}",) if oddities else ()


def _no_backup(source: Path) -> UserError:
    return UserError(
        f"«{source.name}» không phải là bản sao lưu của chương trình. {_KEPT}",
        code="not_a_backup",
        hint="Hãy chọn một thư mục trong «backups». Gói bàn giao (.xlsx) thì nhận ở trang Bàn giao.",
    )


def _damaged(what: str) -> UserError:
    return UserError(
        f"Bản sao lưu này bị hỏng nên không dùng được. {what} {_KEPT}".replace("  ", " "),
        code="damaged_backup",
        hint="Hãy chọn bản sao lưu khác.",
    )


def _concerns(copied: Holding, here: Holding | None, *, is_there: bool) -> list[str]:
    if here is None:
        return ["Kho đang có không mở được nên không so sánh được."] if is_there else []
    found = []
    if (copied.code, copied.province, copied.level) != (here.code, here.province, here.level):
        found.append(f"Bản sao lưu là của đơn vị khác: {copied.unit} ({copied.code}).")
    if copied.practice != here.practice:
        what = "kho thực hành" if copied.practice else "kho thật"
        found.append(f"Bản sao lưu là của một {what}.")
    return found


def _as_json(held: Holding) -> dict[str, Any]:
    return asdict(held) | {"counts": dict(held.counts), "records": held.records}
