"""The commands of the hand-off: take in, undo, answer, know each other."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path
from typing import Any

from kcdesk.cli import commands
from kcdesk.errors import UserError
from kcdesk.services import shapes
from kcdesk.services.workspace import Workspace

Result = Any
_LOCKED = "locked"
_BACKUP_PASSPHRASE = "KCDESK_BACKUP_PASSPHRASE"  # where the backup had another passphrase than the store has


def import_(workspace: Workspace, options: Namespace) -> Result:
    """Take a package in, or look at what that would do."""
    path, password = Path(options.file), os.environ.get(commands.PACKAGE_PASSWORD, "")
    try:
        return _imported(workspace, path, password, options)
    except UserError as error:
        if error.code != _LOCKED or not (
            password := commands.secret(commands.PACKAGE_PASSWORD, "Mật khẩu của gói: ") or ""
        ):
            raise
        return _imported(workspace, path, password, options)


def _imported(workspace: Workspace, path: Path, password: str, options: Namespace) -> Result:
    from kcdesk.services import decision_workbooks, edits, judging, taking_in

    is_accepted = options.accept_edits and not options.dry_run
    if edits.is_edited(workspace, path, password):
        return edits.take(workspace, path, password, accept=is_accepted)
    if decision_workbooks.is_workbook(workspace, path, password):
        return decision_workbooks.take(workspace, path, password, accept=is_accepted)
    if options.dry_run:
        found = judging.look(workspace, path, password, trust=options.trust)
        if found.code and found.code != "unknown_sender":
            raise UserError(found.obstacle, code=found.code, hint=found.hint)
        return found.to_json()
    taken = taking_in.take(workspace, path, password, trust=options.trust)
    backup = str(taken.backup) if taken.backup else ""
    return taken.preview.to_json(applied=taken.applied) | {"backup": backup}


def collect(workspace: Workspace, options: Namespace) -> Result:
    """Take in, or look at, every package of a folder."""
    from kcdesk.services import collecting

    folder, password = Path(options.folder), os.environ.get(commands.PACKAGE_PASSWORD, "")
    found = collecting.look(workspace, folder, password)
    passwords = {
        verdict.file.name: told
        for verdict in found
        if verdict.code == _LOCKED
        and (told := commands.asked(f"Mật khẩu của {verdict.file.name} (để trống: bỏ qua): "))
    }
    if passwords:
        found = collecting.look(workspace, folder, password, passwords=passwords)
    if options.dry_run:
        return {"files": [verdict.to_json() for verdict in found], "applied": False}
    taken = collecting.take(workspace, found, password, passwords=passwords)
    return {"files": [result.to_json() for result in taken], "applied": any(result.taken for result in taken)}


def late(workspace: Workspace, options: Namespace) -> Result:
    """Who has handed over for a period, who is late."""
    from kcdesk.services import collecting, handoff, reminders

    period = options.period or handoff.default_period(workspace)
    due = commands.day(options.due) if options.due else None
    if options.pdf:
        found = reminders.print_late(workspace, period, Path(options.pdf), due)
    else:
        found = collecting.late(workspace, period, due)
    units = [handed.to_json() | {"state": reminders.state(handed)} for handed in found]
    return {"period": period, "units": units, "pdf": options.pdf}


def handover_record(workspace: Workspace, options: Namespace) -> Result:
    """The paper that goes with a package."""
    from kcdesk.services import package_papers

    docx = Path(options.docx) if options.docx else None
    return package_papers.print_handover(workspace, options.package, Path(options.pdf), docx)


def renew_device(workspace: Workspace, _options: Namespace) -> Result:
    """Another name for this laptop."""
    from kcdesk.services import partners

    return partners.renew_device(workspace)


def restore(options: Namespace) -> Result:
    """Put a backup in the store's place, or look at what that would do."""
    from kcdesk.services import restoring, setup

    folder, source = commands.store_folder(options), Path(options.file)
    locked = restoring.needs_secret(source)
    variable = _BACKUP_PASSPHRASE if _BACKUP_PASSPHRASE in os.environ else "KCDESK_PASSPHRASE"
    secret = commands.secret(variable, "Mật khẩu hoặc mã khôi phục của bản sao lưu: ") if locked else ""
    here = _opened(folder, options) if setup.is_store(folder) else None
    try:
        prepared = restoring.look(folder, source, secret or "", restoring.holding(here) if here else None)
        if options.dry_run:
            restoring.discard(prepared)
            return prepared.to_json() | {"applied": False, "backup": "", "device": ""}
        restored, kept = restoring.restore(prepared, consent=options.replace, here=here)
    finally:
        if here:
            here.close()
    device = restored.identity.device_id
    restored.close()
    return prepared.to_json() | {"applied": True, "backup": str(kept or ""), "device": device}


def _opened(folder: Path, options: Namespace) -> Workspace | None:
    """The store that is here; None for one that does not open."""
    from kcdesk.services import setup

    try:
        return setup.open_workspace(folder, commands.passphrase(options))
    except UserError:
        return None


def decision_workbook(workspace: Workspace, options: Namespace) -> Result:
    """The dossiers of a package with the province's cells to fill in."""
    from kcdesk.services import decision_workbooks

    password = commands.package_password(workspace)
    return decision_workbooks.make(workspace, options.package, Path(options.file), password=password)


def undo_import(workspace: Workspace, options: Namespace) -> Result:
    """Bring back what was before a package."""
    from kcdesk.services import taking_in

    changes, kept = taking_in.undo(workspace, options.package)
    return shapes.changes_as_json(changes) | {"kept": kept}


def packages(workspace: Workspace, _options: Namespace) -> Result:
    """The ledger."""
    from kcdesk.services import handovers

    return handovers.packages(workspace)


def receipt(workspace: Workspace, options: Namespace) -> Result:
    """Answer a package."""
    from kcdesk.services import receipts

    returned: dict[str, list[tuple[str, str]]] = {}
    for pair in options.returned:
        place, equals, reason = pair.partition("=")
        if not equals:
            raise UserError(f"«{pair}» không phải là MÃ[/TRƯỜNG]=LÝ DO.", code="bad_pair")
        id_, _, field = place.partition("/")
        returned.setdefault(id_, []).append((field, reason))
    password = commands.package_password(workspace)
    enclosed = [Path(file) for file in options.enclose]
    return receipts.make(
        workspace, options.package, Path(options.file), returned=returned, enclosed=enclosed, password=password
    )


def answers(workspace: Workspace, options: Namespace) -> Result:
    """What a receipt says, and the files that came with it."""
    from kcdesk.services import answers as reading

    found = reading.read(workspace, options.package)
    for file in found.enclosed if options.save else ():
        name = Path(file["name"]).name
        reading.save_enclosed(workspace, options.package, file["name"], Path(options.save) / name)
    return found.to_json()


def identity(workspace: Workspace, options: Namespace) -> Result:
    """Write this unit's name and key."""
    from kcdesk.services import partners

    return partners.write_identity(workspace, Path(options.file), renew=options.renew)


def trust(workspace: Workspace, options: Namespace) -> Result:
    """Know another unit's key, or stop knowing it."""
    from kcdesk.services import partners

    if options.withdraw:
        return partners.withdraw(workspace, options.withdraw) | {"trusted": False}
    if not options.file:
        return partners.known(workspace)
    return partners.trust(workspace, Path(options.file))
