"""The commands of rules that travel: sign, look, take in, take back."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.cli.commands import with_workspace
from kcdesk.services.rulebook import updates
from kcdesk.services.workspace import Workspace

Result = Any
_FLAG = {"action": "store_true"}
_TEXT = {"default": ""}


def add_commands(add: Callable[..., None]) -> None:
    """The commands of this module; `add` is that of the grammar."""
    add(
        "pack-rules",
        with_workspace(pack),
        say_packed,
        "ký các tệp quy định mới của một thư mục thành một tệp để chuyển đi (cấp tỉnh)",
        ("folder", {"metavar": "THƯ_MỤC"}),
        ("file", {"metavar": "TỆP.xlsx"}),
        ("--note", _TEXT | {"metavar": "NỘI_DUNG", "help": "những gì thay đổi, một câu"}),
    )
    add(
        "take-rules",
        with_workspace(take),
        say_preview,
        "nhận một tệp quy định; hồ sơ cũ giữ quy định cũ",
        ("file", {"metavar": "TỆP.xlsx"}),
        ("--dry-run", _FLAG | {"help": "chỉ xem sẽ thay đổi gì"}),
    )
    add("rules", with_workspace(taken), say_taken, "các tệp quy định đã nhận")
    add("undo-rules", with_workspace(undo), say_undone, "bỏ tệp quy định nhận sau cùng")


def pack(workspace: Workspace, options: Namespace) -> Result:
    """Sign the rules of a folder."""
    return updates.pack(workspace, Path(options.folder), Path(options.file), options.note)


def take(workspace: Workspace, options: Namespace) -> Result:
    """Take a file of rules in, or look at what that would do."""
    act = updates.look if options.dry_run else updates.take
    preview = act(workspace, Path(options.file))
    return preview.as_json() | {"applied": not options.dry_run and not preview.already}


def taken(workspace: Workspace, _options: Namespace) -> Result:
    """The files taken in."""
    return updates.taken(workspace)


def undo(workspace: Workspace, _options: Namespace) -> Result:
    """Take the newest back."""
    return updates.undo(workspace)


def _day(moment: str) -> str:
    return text.format_date(date.fromisoformat(moment[:10]))


def say_packed(result: Result) -> Iterator[str]:
    """One sentence."""
    yield f"{result['file']}: {result['files']} tệp quy định, dấu khoá {result['fingerprint']}"


def say_preview(result: Result) -> Iterator[str]:
    """Who made it, what it changes, and whether it holds now."""
    yield f"{result['name']} ({result['unit']}), {_day(result['made_at'])}: {result['note'] or 'không ghi nội dung'}"
    yield from (f"- {change}" for change in result["changes"] or ["Không thay đổi gì."])
    if result["obstacle"]:
        yield result["obstacle"]
    elif result["already"]:
        yield "Tệp này đã nhận trước đây."
    else:
        yield "Đã nhận; áp dụng từ lần mở sau." if result["applied"] else "Chưa nhận (chỉ xem)."


def say_taken(result: Result) -> Iterator[str]:
    """One line for each file."""
    for one in result:
        yield f"{_day(one['taken_at'])}  {one['name']}: {one['note'] or ', '.join(one['files'])}"
    if not result:
        yield "Chưa nhận tệp quy định nào."


def say_undone(result: Result) -> Iterator[str]:
    """One sentence."""
    yield f"Đã bỏ tệp quy định của {result['name']} lập ngày {_day(result['made_at'])}."
