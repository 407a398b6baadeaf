"""Commands that concern a store as a whole: back up, restore, publish, change the passphrase."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from kcdesk import given_files
from kcdesk.cli import record_commands, text_output
from kcdesk.cli.given_paths import FOLDER, GivenPath
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.terminal import console_progress
from kcdesk.cli.text_output import CommandResult
from kcdesk.cli.window import store_folder
from kcdesk.errors import UserError
from kcdesk.services.maintenance import backup_copies, opening, passphrases, restoring, salvaging
from kcdesk.services.publication.publishing import publish
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer

_FLAG = {"action": "store_true"}
_BACKUP_PASSPHRASE = "KCDESK_BACKUP_PASSPHRASE"  # for a backup with another passphrase than the store
_NEW_PASSPHRASE = "KCDESK_NEW_PASSPHRASE"


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "backup",
        with_workspace(backup),
        backed_up_in_lines,
        "sao lưu kho và đọc lại bản sao",
        (
            "folder",
            FOLDER
            | {
                "nargs": "?",
                "default": "",
                "help": "nơi nhận (mặc định: «backups» trong kho); nơi đã có tệp thì nhận vào một thư mục con",
            },
        ),
    )
    add(
        "restore",
        restore,
        text_output.restored_in_lines,
        "thay kho bằng một bản sao lưu; kho đang có được sao lưu trước",
        ("file", {"type": GivenPath, "metavar": "BẢN_SAO_LƯU", "help": "thư mục của bản sao lưu"}),
        ("--dry-run", _FLAG | {"help": "chỉ kiểm tra và so sánh, không thay"}),
        ("--replace", _FLAG | {"help": "thay cả khi kho đang có là của đơn vị khác hoặc không mở được"}),
    )
    add(
        "check",
        with_workspace(record_commands.check_store),
        text_output.check_in_lines,
        "kiểm tra kho dữ liệu có nguyên vẹn",
    )
    add(
        "salvage",
        with_workspace(salvage_store),
        salvaged_in_lines,
        "lưu những gì còn đọc được của kho hỏng: kho mới, một gói (khoá bằng mật khẩu kho), danh sách phần mất",
        ("folder", FOLDER | {"help": "nơi nhận"}),
    )
    add(
        "passphrase",
        passphrase,
        passphrase_in_lines,
        f"đổi mật khẩu của kho; mật khẩu mới gõ hai lần, hoặc lấy từ biến {_NEW_PASSPHRASE}",
        ("--end-recovery", _FLAG | {"help": "thôi gửi khoá kho ở tỉnh: khoá khôi phục của tỉnh không mở được kho nữa"}),
        ("--recovery-code", _FLAG | {"help": "không còn cần: đổi mật khẩu luôn lập mã khôi phục mới"}),
    )
    add(
        "old-copies",
        with_workspace(old_copies),
        old_copies_in_lines,
        "bản sao lưu chỉ mở được bằng mật khẩu trước khi đổi khoá",
        ("folder", FOLDER | {"nargs": "*", "help": "nơi khác cần tìm thêm, ví dụ thẻ nhớ"}),
        ("--remove", _FLAG | {"help": "sao lưu một bản mới rồi xoá các bản ấy"}),
    )
    add(
        "publish",
        with_workspace(publish_store),
        published_in_lines,
        "công bố số liệu cho nhiều người cùng hỏi: tệp Parquet trong một thư mục, hoặc bảng trong PostgreSQL",
        (
            "target",
            {
                "metavar": "NƠI_NHẬN",
                "help": "thư mục, hoặc postgresql://tài_khoản@máy_chủ/cơ_sở_dữ_liệu; mật khẩu nên để trong PGPASSWORD"
                " hoặc tệp .pgpass",
            },
        ),
        (
            "--personal",
            {
                "action": "store_true",
                "help": "cả dữ liệu cá nhân, nhạy cảm và tệp đính kèm: chúng ra khỏi kho có khoá",
            },
        ),
        ("--purpose", {"default": "", "metavar": "MỤC_ĐÍCH", "help": "vì sao cần dữ liệu cá nhân; ghi vào sổ"}),
        ("--schema", {"default": "", "metavar": "TÊN", "help": "schema của PostgreSQL (mặc định: kcdesk)"}),
        ("--full", {"action": "store_true", "help": "ghi lại tất cả, không chỉ những gì đã đổi từ lần trước"}),
    )


def backup(workspace: Workspace, options: Namespace) -> CommandResult:
    """Make a backup."""
    made = backup_copies.back_up(workspace, Path(options.folder) if options.folder else None)
    return {"backup": str(made.folder), "records": made.records}


def salvage_store(workspace: Workspace, options: Namespace) -> CommandResult:
    """Save what can be read."""
    password = "" if workspace.identity.practice else record_commands.passphrase(options)
    return salvaging.save_readable(workspace, Path(options.folder), password).to_json()


def publish_store(workspace: Workspace, options: Namespace) -> CommandResult:
    """Publish the store."""
    chosen = {name: getattr(options, name) for name in ("personal", "purpose", "schema", "full")}
    return publish(workspace, options.target, **chosen)


def passphrase(options: Namespace) -> CommandResult:
    """Change the passphrase: the store is encrypted anew under a new key, with a new recovery code."""
    folder, secret = store_folder(options), record_commands.passphrase(options)
    workspace = opening.open_workspace(folder, secret)
    try:
        if workspace.identity.practice:
            passphrases.change(workspace, "")  # raises the error: a practice store has no passphrase
        progress = console_progress("Mã hoá lại kho")
        workspace, code = passphrases.change(workspace, new_passphrase(), progress, ends_consent=options.end_recovery)
        copies = [str(copy) for copy in workspace.store.old_key_copies()]
    finally:
        workspace.close()
    return {"changed": True, "recovery_code": code, "old_copies": copies}


def old_copies(workspace: Workspace, options: Namespace) -> CommandResult:
    """List or remove the copies that only an earlier key of the store opens."""
    folders = [Path(given) for given in options.folder]
    for folder in folders:
        given_files.refuse_missing_folder(folder)
    elsewhere = [copy for folder in folders for copy in backup_copies.within(folder, workspace.store.folder)]
    copies = workspace.store.old_key_copies(elsewhere)
    removed = passphrases.remove_old_copies(workspace, copies) if options.remove else 0
    return {"copies": [str(copy) for copy in copies], "removed": removed}


def new_passphrase() -> str:
    """Return a new passphrase, from the environment or typed twice; UserError `no_passphrase`, `passphrases_differ`."""
    if _NEW_PASSPHRASE in os.environ:
        return os.environ[_NEW_PASSPHRASE]
    typed = record_commands.asked("Mật khẩu mới: ")
    if typed is None:
        raise UserError("Chưa có mật khẩu mới.", code="no_passphrase", hint=f"Hãy đặt biến {_NEW_PASSPHRASE}.")
    passphrases.refuse_different(typed, record_commands.asked("Gõ lại mật khẩu mới: ") or "")
    return typed


def restore(options: Namespace) -> CommandResult:
    """Restore a backup, or only compare it with the current store."""
    folder, source = store_folder(options), Path(options.file)
    locked = restoring.needs_secret(source)
    variable = _BACKUP_PASSPHRASE if _BACKUP_PASSPHRASE in os.environ else "KCDESK_PASSPHRASE"
    secret = record_commands.secret(variable, "Mật khẩu hoặc mã khôi phục của bản sao lưu: ") if locked else ""
    here = _opened(folder, options) if opening.is_store(folder) else None
    try:
        prepared = restoring.stage_backup(folder, source, secret or "", restoring.store_summary(here) if here else None)
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
    """Return the current store; None when it cannot be opened."""
    try:
        return opening.open_workspace(folder, record_commands.passphrase(options))
    except UserError:
        return None


# -- output as lines -------------------------------------------------------------------------------------------


def backed_up_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the path of the backup, which was read back."""
    yield f"Đã sao lưu vào {result['backup']}. Bản sao đọc lại được, có {result['records']} hồ sơ."


def passphrase_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the confirmation, and the new recovery code to keep."""
    yield f"Đã đổi mật khẩu và mã hoá lại cả kho bằng khoá mới. {passphrases.OLD_COPIES}"
    yield f"Mã khôi phục mới (hãy in và cất giữ; mã cũ hết hiệu lực): {result['recovery_code']}"
    if result["old_copies"]:
        yield f"Còn {len(result['old_copies'])} bản sao lưu cũ cạnh kho; xoá bằng: kcdesk old-copies --remove"


def old_copies_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the copies under an earlier key, and how many were removed."""
    yield from result["copies"]
    if not result["copies"]:
        yield "Không có bản sao lưu nào của khoá cũ."
    elif result["removed"]:
        yield f"Đã sao lưu một bản mới và xoá {result['removed']} bản cũ."


def salvaged_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield where everything was saved, and what was not."""
    yield f"Đã lưu {format_integer(result['records'])} hồ sơ đọc được vào {result['folder']}."
    if result["package"]:
        yield f"Gói để nhận lại sau khi khôi phục: {result['package']}"
    yield from (f"  Không đọc được: {line}" for line in result["lost"])


def published_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield what was written, then the notes."""
    what = "tất cả" if result["everything"] else "những gì đã đổi"
    deleted = f", đánh dấu xoá {format_integer(result['deleted'])} dòng" if result["deleted"] else ""
    yield f"Đã công bố {what} ra {result['target']}: ghi {format_integer(result['lines'])} dòng{deleted}."
    yield from (
        f"  {table['table']}: {format_integer(table['lines'])}"
        for table in result["tables"]
        if table["lines"] or table["deleted"]
    )
    yield from result["notes"]
