"""«Sao lưu ra thẻ nhớ»: on the chosen stick by one click, else into a folder that is asked for; offered by pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import backup_copies, outside_copies
from kcdesk.text import format_integer
from kcdesk.ui.shell.context import Context

if TYPE_CHECKING:
    from kcdesk.services.maintenance.backup_copies import Copy


def back_up_outside(context: Context) -> None:
    """Choose a folder and make a backup there that stands by itself."""
    folder = context.messages.choose_folder("Chọn nơi nhận bản sao lưu", purpose="backups")
    if folder is None:
        return
    try:
        made = backup_copies.back_up(context.workspace, folder)
    except KcdeskError as error:
        context.messages.error(error, lambda: back_up_outside(context))
        return
    context.messages.notice(
        f"Đã sao lưu vào {made.folder}. Bản sao đọc lại được, có {format_integer(made.records)} hồ sơ."
    )


def back_up_to_stick(context: Context, done: Callable[[], object]) -> None:
    """Make a copy on the chosen stick in the background; without it, ask for a folder. `done` is called afterwards."""
    stick = outside_copies.present(context.workspace)
    if stick is None:
        back_up_outside(context)
        done()
        return

    def made(copy: Copy) -> None:
        is_outside = outside_copies.note_outside(context.workspace, copy.folder)
        where = "" if is_outside else " Nơi này cùng ổ đĩa với kho: mất máy là mất cả bản sao."
        context.messages.notice(f"Đã sao lưu ra {stick}: mở được, {format_integer(copy.records)} hồ sơ.{where}")
        done()

    context.worker.run(
        lambda progress: outside_copies.copy_to(context.workspace, stick, "manual", progress),
        text="Sao lưu ra thẻ nhớ",
        done=made,
        failed=lambda error: context.messages.error(error, lambda: back_up_to_stick(context, done)),
        owner=None,
    )


def choose_stick(context: Context) -> Path | None:
    """Ask which stick or disk gets a copy whenever the program is closed; None if none was chosen."""
    folder = context.messages.choose_folder("Chọn thẻ nhớ nhận bản sao mỗi khi đóng", purpose="backups")
    if folder is None:
        return None
    stick = context.attempt(lambda: outside_copies.choose_for_closing(context.workspace, folder))
    return stick.place if stick else None
