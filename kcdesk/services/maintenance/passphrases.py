"""The secrets that open a real store: another passphrase, another recovery code. Neither is kept or logged."""

from __future__ import annotations

from pathlib import Path

from kcdesk.errors import UserError
from kcdesk.services.maintenance.opening import refuse_weak
from kcdesk.services.workspace import Workspace
from kcdesk.store.database import key

OLD_COPIES = "Bản sao lưu làm trước đó vẫn mở bằng mật khẩu và mã khôi phục của lúc sao lưu."


def change(workspace: Workspace, new: str) -> None:
    """Lock the store with another passphrase. UserError `practice_store`, `weak_passphrase`."""
    if not workspace.identity.practice:
        refuse_weak(new)
    workspace.store.change_passphrase(new)


def new_recovery_code(workspace: Workspace) -> str:
    """Another recovery code; the one printed before opens nothing any more. UserError `practice_store`."""
    return workspace.store.new_recovery_code()


def prove(workspace: Workspace, secret: str) -> None:
    """UserError `wrong_passphrase` unless `secret` opens the store: who sits there may not be who opened it."""
    if not workspace.identity.practice:
        key.unlock(workspace.store.folder, secret)


def is_recovery_code(folder: Path, secret: str) -> bool:
    """Whether what opened the store in `folder` is its recovery code: its passphrase is then forgotten."""
    return key.exists(folder) and key.is_recovery_code(folder, secret)


def refuse_different(new: str, again: str) -> None:
    """UserError `passphrases_differ` where the second typing is not the first."""
    if new != again:
        raise UserError("Hai lần gõ mật khẩu chưa giống nhau.", code="passphrases_differ", field="again")
