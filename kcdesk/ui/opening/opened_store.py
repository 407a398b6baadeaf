"""From the folder of a store to the open store: wizard, passphrase, doubts and trouble, until it opens or is left."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from kcdesk.errors import KcdeskError
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.maintenance import opening, passphrases, relocation, salvaging
from kcdesk.ui.opening.unlock import UnlockDialog, ask_after_code, ask_province, carried_out
from kcdesk.ui.shell.worker import Stopped

if TYPE_CHECKING:
    from kcdesk.services.maintenance.passphrases import KeyChange
    from kcdesk.services.maintenance.restoring import PreparedRestore
    from kcdesk.services.workspace import Workspace
    from kcdesk.ui.opening.store_trouble_dialog import TroubleDialog


class OpenedStore(Value):
    """The store of a new window, with what to show first: a sentence, a package to preview."""

    workspace: Workspace | None
    message: str = ""
    package: Path | None = None


def open_or_make(folder: Path) -> OpenedStore:
    """Open or create the store; without a store when the officer cancelled."""
    while True:
        try:
            return _opened(folder)
        except KcdeskError as error:
            restored = _try_again(error, folder)
            if restored is not None:
                return restored


def _opened(folder: Path) -> OpenedStore:
    if opening.is_new(folder):
        from kcdesk.ui.opening.wizard import Wizard  # every other start would load it in vain

        wizard = Wizard(folder)
        wizard.exec()
        return OpenedStore(wizard.workspace, package=wizard.package)
    secrets = [""]
    if opening.needs_passphrase(folder):
        waits = partial(passphrases.seconds_to_wait, folder)

        def open_with(secret: str) -> Workspace:
            secrets[0] = secret
            return opening.open_workspace(folder, secret)

        workspace = _unlocked(UnlockDialog(open_with, waits, ask_province(folder)))
    else:
        workspace = opening.open_workspace(folder)
    if workspace is None:
        return OpenedStore(None)
    return _only_read(workspace, secrets[0]) if workspace.store.is_damaged else _settled(workspace)


def _only_read(workspace: Workspace, secret: str) -> OpenedStore:
    """Ask what to do with a damaged store; after a restore, the saved package is shown, to be taken in."""
    from kcdesk.ui.opening.damaged_store_dialog import DamagedStoreDialog  # a sound store would load it in vain

    dialog = DamagedStoreDialog(workspace, secret)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        workspace.close()
        return OpenedStore(None)
    if dialog.prepared is None:
        return OpenedStore(workspace, salvaging.TROUBLE)
    workspace.close()
    restored = open_restored(dialog.prepared, None)
    if restored is None:
        return _opened(dialog.prepared.folder)
    package = Path(dialog.saved.package) if dialog.saved and dialog.saved.package else None
    return replace(restored, package=package)


def _settled(workspace: Workspace) -> OpenedStore:
    """Ask what a store is that was last opened elsewhere or lacks something; ordinary stores are not asked about."""
    repairs, suspicion = relocation.notes(workspace), relocation.doubt(workspace)
    if not suspicion:
        return OpenedStore(workspace, " ".join(filter(None, (relocation.beside_note(workspace), *repairs))))
    from kcdesk.ui.opening.relocation_dialog import RelocationDialog  # a store at its place would load it in vain

    dialog = RelocationDialog(suspicion, workspace=workspace)
    dialog.exec()
    if dialog.prepared is not None and (restored := open_restored(dialog.prepared, workspace)) is not None:
        return restored
    if workspace.store.is_closed:  # the restore was refused after it had begun
        return _opened(workspace.store.folder)
    return OpenedStore(workspace, " ".join((relocation.settle(workspace, suspicion, dialog.answer), *repairs)))


def open_restored(prepared: PreparedRestore | KeyChange, here: Workspace | None) -> OpenedStore | None:
    """Replace the store and return the new one; None when it was refused, with the reason shown, or stopped."""
    try:
        workspace = carried_out(prepared, here)
    except Stopped:
        return None
    except KcdeskError as error:
        _trouble(error, prepared.folder).exec()
        return None
    settled = ask_after_code(workspace, prepared.secret)
    return OpenedStore(settled, prepared.message(settled) if settled else "")


def _unlocked(dialog: UnlockDialog) -> Workspace | None:
    dialog.exec()
    if dialog.refusal is not None:
        raise dialog.refusal
    return dialog.workspace and ask_after_code(dialog.workspace, dialog.secret.text())


def _try_again(error: KcdeskError, folder: Path) -> OpenedStore | None:
    """Return None to try again; an empty start when the officer cancels; the restored store after a restore."""
    dialog = _trouble(error, folder)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        return None
    return (dialog.prepared and open_restored(dialog.prepared, None)) or OpenedStore(None)


def _trouble(error: KcdeskError, folder: Path) -> TroubleDialog:
    from kcdesk.ui.opening.store_trouble_dialog import TroubleDialog  # a sound store would load it in vain

    return TroubleDialog(error, folder)
