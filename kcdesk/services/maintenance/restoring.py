"""Restore the store from a backup. Unlike a received package, which is merged, a backup replaces the present store.

The copy is checked in a separate folder before anything changes; the present store is backed up; the replacement is a
single step. The restored store continues as a new device, because other units may already have later changes of the
old device.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import copy_trust, opening
from kcdesk.services.personal import rights
from kcdesk.services.workspace import Workspace
from kcdesk.store.safety import location, restoring
from kcdesk.store.safety.closings import SignedEnd
from kcdesk.store.store import Store

_UNFIT_KEY = ("key_missing", "key_damaged", "foreign_key")
_KEPT = "Kho đang dùng giữ nguyên."


class StoreSummary(Value, kw_only=True):
    """A summary of a store: `changed` is the time of its newest change (UTC) and `action` its name; `counts` are label
    and number of each kind of record; `ends` are the ends of its history that it has kept, signed."""

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
    ends: tuple[SignedEnd, ...] = ()

    @property
    def records(self) -> int:
        """The number of records."""
        return sum(number for _, number in self.counts)


class PreparedRestore(Value, kw_only=True):
    """A backup that was copied beside the store and checked; `here` is None if there is no store or it does not open.

    `concerns` need the explicit consent of the officer, `notes` are only shown.
    """

    folder: Path
    source: Path
    secret: str
    copied: StoreSummary
    here: StoreSummary | None
    concerns: tuple[str, ...]
    notes: tuple[str, ...]

    def carry_out(self, here: Workspace | None, _progress: Progress = ignore_progress) -> Workspace:
        """Replace the store, with the consent that the officer gave; returns the open store. It takes no time."""
        return restore(self, consent=True, here=here)[0]

    def message(self, _opened: Workspace) -> str:
        """What was done."""
        return "Đã khôi phục từ bản sao lưu. Kho trước đó nằm trong các bản sao lưu của máy này."

    def to_json(self) -> dict[str, Any]:
        """The stable shape of the command line."""
        return {
            "source": str(self.source),
            "copied": _as_json(self.copied),
            "here": self.here and _as_json(self.here),
            "concerns": list(self.concerns),
            "notes": list(self.notes),
        }


def store_summary(workspace: Workspace) -> StoreSummary:
    """Summarise an open store."""
    own, last = workspace.identity, next(iter(workspace.store.acts(1)), None)
    kinds = [(workspace.forms.current(kind).label, workspace.store.count(kind)) for kind in workspace.forms.kinds]
    return StoreSummary(
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
        ends=tuple(workspace.store.closings().values()),
    )


def needs_secret(source: Path) -> bool:
    """Whether a backup is locked with a passphrase; UserError `not_a_backup`."""
    return Store.needs_passphrase(folder_of(source))


def stage_backup(folder: Path, source: Path, secret: str = "", here: StoreSummary | None = None) -> PreparedRestore:
    """Copy a backup beside the store in `folder`, open and check it there; the store itself does not change.

    `secret` is the passphrase of the backup, or its recovery code; `here` summarises the present store, if it opens.
    UserError `not_a_backup`, `own_store`, `wrong_passphrase`, `damaged_backup`, `newer_store`; KnownError `disk_full`.
    """
    source = folder_of(source)
    if source.resolve() == folder.resolve():
        raise UserError("Đây là chính kho đang dùng.", code="own_store", hint="Hãy chọn thư mục của bản sao lưu.")
    staged = restoring.stage(source, folder)
    try:
        copied, notes, changed = _check_copy(staged, secret, source, here.ends if here else ())
    except BaseException:
        restoring.discard(folder)
        raise
    concerns = (*changed, *_concerns(copied, here, is_there=bool(restoring.remains(folder))))
    return PreparedRestore(
        folder=folder, source=source, secret=secret, copied=copied, here=here, concerns=concerns, notes=notes
    )


def discard(prepared: PreparedRestore) -> None:
    """Delete the copy of the backup; the store stays as it is."""
    restoring.discard(prepared.folder)


def restore(
    prepared: PreparedRestore, *, consent: bool = False, here: Workspace | None = None
) -> tuple[Workspace, Path | None]:
    """Replace the store by the backup, as a new device; returns the open store and the folder of the previous one.

    `here` is the present store if it is open; it is closed. UserError `consent_missing` if concerns lack consent.
    """
    if prepared.concerns and not consent:
        raise UserError(
            f"{prepared.concerns[0]} {_KEPT}", code="consent_missing", hint="Hãy xác nhận nếu đúng là muốn thay."
        )
    staged = opening.open_workspace(prepared.folder / restoring.STAGED, prepared.secret)
    try:
        with staged.store.together():
            partners.renew_device(staged, backup=False)
            again = rights.erase_again(staged)
        rights.overwrite(staged, again)
    finally:
        staged.close()
    if here is not None:
        here.close()
    previous = restoring.commit(prepared.folder, opens=here is not None)
    location.note_locked(prepared.folder, is_locked=not prepared.copied.practice)
    return opening.open_workspace(prepared.folder, prepared.secret), previous


def folder_of(source: Path) -> Path:
    """The folder of a backup, given as folder or as a file in it; UserError `not_a_backup`."""
    folder = source if source.is_dir() else source.parent
    if not Store.is_store(folder) or (source.is_file() and source.suffix == ".xlsx"):
        raise _no_backup(source)
    return folder


def _check_copy(
    staged: Path, secret: str, source: Path, known: tuple[SignedEnd, ...]
) -> tuple[StoreSummary, tuple[str, ...], tuple[str, ...]]:
    """What the copy holds, notes about minor defects, and what says that somebody has changed it."""
    try:
        workspace = opening.open_workspace(staged, secret)
        try:
            changed = tuple(copy_trust.copy_faults(workspace.store, source, known))
            return store_summary(workspace), _notes(workspace), changed
        finally:
            workspace.close()
    except UserError as error:
        if error.code == "damaged_store":
            raise _damaged("") from error
        if error.code in _UNFIT_KEY:
            raise _damaged(error.message) from error
        if error.code == "foreign_store":
            raise _no_backup(staged) from error
        raise


def _notes(workspace: Workspace) -> tuple[str, ...]:
    """Notes about minor defects of the copy; UserError `damaged_backup` if it is damaged."""
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


def _concerns(copied: StoreSummary, here: StoreSummary | None, *, is_there: bool) -> list[str]:
    if here is None:
        return ["Kho đang có không mở được, hoặc thiếu tệp dữ liệu, nên không so sánh được."] if is_there else []
    concerns = []
    if (copied.code, copied.province, copied.level) != (here.code, here.province, here.level):
        concerns.append(f"Bản sao lưu là của đơn vị khác: {copied.unit} ({copied.code}).")
    if copied.practice != here.practice:
        what = "kho thực hành" if copied.practice else "kho thật"
        concerns.append(f"Bản sao lưu là của một {what}.")
    return concerns


def _as_json(held: StoreSummary) -> dict[str, Any]:
    shown = {name: value for name, value in asdict(held).items() if name != "ends"}
    return shown | {"counts": dict(held.counts), "records": held.records}
