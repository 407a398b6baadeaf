"""The secrets that open a real store: change the passphrase, make a new recovery code. Neither is stored or logged."""

from __future__ import annotations

from pathlib import Path

from kcdesk.errors import UserError
from kcdesk.secret_strength import refuse_weak
from kcdesk.services.workspace import Workspace
from kcdesk.store.database import key

OLD_COPIES = "Bản sao lưu làm trước đó vẫn mở bằng mật khẩu và mã khôi phục của lúc sao lưu."


def change(workspace: Workspace, new: str) -> None:
    """Change the passphrase of the store. UserError `practice_store`, `weak_passphrase`."""
    if not workspace.identity.practice:
        refuse_weak(new, *known_of(workspace))
    workspace.store.change_passphrase(new)


def known_of(workspace: Workspace) -> tuple[str, ...]:
    """What others know of the owner of the store: a passphrase made of it is easily guessed."""
    own = workspace.identity
    return own.unit.name, own.unit.code, own.officer.name


def new_recovery_code(workspace: Workspace) -> str:
    """Make a new recovery code; the earlier code becomes invalid. UserError `practice_store`."""
    return workspace.store.new_recovery_code()


def prove(workspace: Workspace, secret: str) -> None:
    """Refuse a secret that does not open the store (UserError `wrong_passphrase`).

    Asked again before sensitive acts, because another person may be at the open laptop.
    """
    if not workspace.identity.practice:
        key.unlock(workspace.store.folder, secret)


def is_recovery_code(folder: Path, secret: str) -> bool:
    """Whether `secret` is the recovery code of the store in `folder`; then the officer has forgotten the passphrase."""
    return key.exists(folder) and key.is_recovery_code(folder, secret)


def refuse_different(new: str, again: str) -> None:
    """Refuse two different passphrases; UserError `passphrases_differ`."""
    if new != again:
        raise UserError("Hai lần gõ mật khẩu chưa giống nhau.", code="passphrases_differ", field="again")
