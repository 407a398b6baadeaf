"""Commands of the program's own versions: take an update from a file, go back, what is new."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from kcdesk.cli.given_paths import GivenPath
from kcdesk.cli.record_commands import passphrase
from kcdesk.cli.text_output import CommandResult
from kcdesk.cli.window import store_folder
from kcdesk.errors import UserError
from kcdesk.services.maintenance import opening
from kcdesk.services.updating import program_updates, release_notes
from kcdesk.services.updating.program_updates import ProgramUpdates

_FLAG = {"action": "store_true"}
_MB = 1 << 20


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "update",
        update,
        in_lines,
        "cập nhật chương trình từ một tệp đã ký; kho được sao lưu trước, bản đang dùng được giữ lại",
        ("file", {"type": GivenPath, "nargs": "?", "default": "", "metavar": "TỆP_CẬP_NHẬT"}),
        ("--dry-run", _FLAG | {"help": "chỉ kiểm tra tệp hoặc xem bản trước, không đổi gì"}),
        ("--back", _FLAG | {"help": "trở về bản trước lần cập nhật cuối"}),
    )
    add("news", news, news_in_lines, "có gì mới trong từng bản của chương trình")


def update(options: Namespace) -> CommandResult:
    """Take an update, or go back."""
    if bool(options.file) == options.back:
        raise UserError(
            "Hãy cho một tệp cập nhật, hoặc --back để trở về bản trước.",
            code="bad_usage",
            hint="Xem: kcdesk update --help",
        )
    updates = program_updates.updates_of_this_program()
    if options.back:
        former = updates.former() if options.dry_run else updates.go_back()
        note = program_updates.going_back_text(former)
        return {"version": former.version, "note": note, "gone_back": not options.dry_run}
    if options.dry_run:
        return updates.preview(Path(options.file)).to_json()
    return _installed(updates, Path(options.file), options)


def _installed(updates: ProgramUpdates, file: Path, options: Namespace) -> CommandResult:
    """Install an update; without a store there is nothing to copy before."""
    updates.preview(file)  # before a passphrase is asked for
    folder = store_folder(options)
    workspace = None if opening.is_new(folder) else opening.open_workspace(folder, passphrase(options))
    try:
        done = updates.install(file, workspace)
    finally:
        if workspace is not None:
            workspace.close()
    return done.preview.to_json() | {"backup": str(done.backup or ""), "installed": True}


def in_lines(result: CommandResult) -> Iterator[str]:
    """The result of `update` as text."""
    if "note" in result:
        gone = f"Từ lần mở sau chạy bản {result['version']}."
        kept = f"Bản trước là {result['version']}, còn trong thư mục chương trình."
        yield f"{gone if result['gone_back'] else kept} {result['note']}"
        return
    if "installed" in result:
        yield f"Đã cập nhật từ bản {result['present']} lên {result['version']}; từ lần mở sau chạy bản mới."
        if result["backup"]:
            yield f"Bản sao lưu trước đó: {result['backup']}"
    else:
        yield f"Tệp đúng là bản {result['version']} của kcdesk, đã ký; cần {-(-result['size'] // _MB)} MB."
    yield from (f"  - {note}" for note in result["notes"])


def news(_options: Namespace) -> CommandResult:
    """List what is new, version by version."""
    return {"versions": [version.to_json() for version in release_notes.all_versions()]}


def news_in_lines(result: CommandResult) -> Iterator[str]:
    """The result of `news` as text."""
    for version in result["versions"]:
        yield f"{version['version']}:"
        yield from (f"  - {note}" for note in version["notes"])
