"""«Sao lưu ra nơi khác»: a backup on a stick or another disk, offered from several pages."""

from __future__ import annotations

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import backup_copies
from kcdesk.text import format_integer
from kcdesk.ui.shell.context import Context


def back_up_outside(context: Context) -> None:
    """Choose a folder and make a backup there."""
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
