"""The commands that keep a store safe: backups, restoring, checking, what opens it."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from kcdesk.cli import commands, text_output
from kcdesk.cli.commands import Result, with_workspace
from kcdesk.cli.window import store_folder
from kcdesk.errors import UserError
from kcdesk.services.maintenance import backups, opening, passphrases, restoring
from kcdesk.services.workspace import Workspace

_FLAG = {"action": "store_true"}
_BACKUP_PASSPHRASE = "KCDESK_BACKUP_PASSPHRASE"  # where the backup had another passphrase than the store has
_NEW_PASSPHRASE = "KCDESK_NEW_PASSPHRASE"


def add_commands(add: Callable[..., None]) -> None:
    """The commands of this module; `add` is that of the grammar."""
    add(
        "backup",
        with_workspace(backup),
        backed_up_in_lines,
        "sao lưu kho và đọc lại bản sao",
        (
            "folder",
            {
                "metavar": "THƯ_MỤC",
                "nargs": "?",
                "default": "",
                "help": "nơi nhận (mặc định: «backups» trong kho); nơi đã có tệp thì nhận vào một thư mục con",
            },
        ),
    )
    add(
        "restore",
        restore,
        text_output.restored,
        "thay kho bằng một bản sao lưu; kho đang có được sao lưu trước",
        ("file", {"metavar": "BẢN_SAO_LƯU", "help": "thư mục của bản sao lưu"}),
        ("--dry-run", _FLAG | {"help": "chỉ kiểm tra và so sánh, không thay"}),
        ("--replace", _FLAG | {"help": "thay cả khi kho đang có là của đơn vị khác hoặc không mở được"}),
    )
    add("check", with_workspace(commands.check), text_output.check, "kiểm tra kho dữ liệu có nguyên vẹn")
    add(
        "passphrase",
        passphrase,
        passphrase_in_lines,
        f"đổi mật khẩu của kho; mật khẩu mới gõ hai lần, hoặc lấy từ biến {_NEW_PASSPHRASE}",
        ("--recovery-code", _FLAG | {"help": "lập cả mã khôi phục mới; mã đã in trước đây hết hiệu lực"}),
    )


def backup(workspace: Workspace, options: Namespace) -> Result:
    """Make a backup now."""
    made = backups.back_up(workspace, Path(options.folder) if options.folder else None)
    return {"backup": str(made.folder), "records": made.records}


def passphrase(options: Namespace) -> Result:
    """Lock the store with another passphrase; who came in by the recovery code is given another one, too."""
    folder, secret = store_folder(options), commands.passphrase(options)
    workspace = opening.open_workspace(folder, secret)
    try:
        if workspace.identity.practice:
            passphrases.change(workspace, "")  # which says that there is none
        wants_code = options.recovery_code or passphrases.is_recovery_code(folder, secret)
        passphrases.change(workspace, _new_passphrase())
        code = passphrases.new_recovery_code(workspace) if wants_code else ""
    finally:
        workspace.close()
    return {"changed": True, "recovery_code": code}


def _new_passphrase() -> str:
    if _NEW_PASSPHRASE in os.environ:
        return os.environ[_NEW_PASSPHRASE]
    typed = commands.asked("Mật khẩu mới: ")
    if typed is None:
        raise UserError("Chưa có mật khẩu mới.", code="no_passphrase", hint=f"Hãy đặt biến {_NEW_PASSPHRASE}.")
    passphrases.refuse_different(typed, commands.asked("Gõ lại mật khẩu mới: ") or "")
    return typed


def restore(options: Namespace) -> Result:
    """Put a backup in the store's place, or look at what that would do."""
    folder, source = store_folder(options), Path(options.file)
    locked = restoring.needs_secret(source)
    variable = _BACKUP_PASSPHRASE if _BACKUP_PASSPHRASE in os.environ else "KCDESK_PASSPHRASE"
    secret = commands.secret(variable, "Mật khẩu hoặc mã khôi phục của bản sao lưu: ") if locked else ""
    here = _opened(folder, options) if opening.is_store(folder) else None
    try:
        prepared = restoring.look(folder, source, secret or "", restoring.holding(here) if here else None)
        if options.dry_run:
            restoring.discard(prepared)
            return prepared.to_json() | {"applied": False, "backup": "", "device": ""}
        restored, kept = restoring.restore(prepared, consent=options.replace, here=here)
    finally:
        if here:
            here.close()
    device, by_code = restored.identity.device_id, passphrases.is_recovery_code(folder, secret or "")
    restored.close()
    return prepared.to_json() | {"applied": True, "backup": str(kept or ""), "device": device, "by_code": by_code}


def _opened(folder: Path, options: Namespace) -> Workspace | None:
    """The store that is here; None for one that does not open."""
    try:
        return opening.open_workspace(folder, commands.passphrase(options))
    except UserError:
        return None


# -- in lines ------------------------------------------------------------------------------------------------------


def backed_up_in_lines(result: Result) -> Iterator[str]:
    """Where the copy lies, and that it was read again."""
    yield f"Đã sao lưu vào {result['backup']}. Bản sao đọc lại được, có {result['records']} hồ sơ."


def passphrase_in_lines(result: Result) -> Iterator[str]:
    """That it is another one now, and the code that must be kept."""
    yield f"Đã đổi mật khẩu của kho. {passphrases.OLD_COPIES}"
    if result["recovery_code"]:
        yield f"Mã khôi phục mới (hãy in và cất giữ; mã cũ hết hiệu lực): {result['recovery_code']}"
