"""«Hoàn tác việc nhận gói»: undoes the receiving of a package in the background."""

from __future__ import annotations

from collections.abc import Callable

from kcdesk.progress import Progress
from kcdesk.services.handover.packages import conflicts, receiving
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page


def undo_intake(context: Context, page: Page, package: str, done: Callable[[], None]) -> None:
    """Undo the receiving of a package in the background and report what was kept."""

    def act(workspace: Workspace, _progress: Progress) -> tuple[changing.Changes, list[str], int]:
        ids = list(workspace.store.packages.carried(package))
        return *receiving.undo(workspace, package), conflicts.waiting_in(workspace, ids)

    def undone(result: tuple[changing.Changes, list[str], int]) -> None:
        changes, kept, waiting = result
        gone = sum(bool(context.workspace.store.get(item.id).deleted) for item in changes.items)
        context.announce(changes)
        done()
        context.messages.notice(_what_stays(gone, len(kept), waiting))

    blocking_task.run(
        context,
        page,
        act,
        text="Hoàn tác việc nhận gói",
        done=undone,
        failed=lambda error: context.messages.error(error),
    )


def _what_stays(gone: int, kept: int, waiting: int) -> str:
    """Say how many records have gone with the package, and what stays of it."""
    left = (
        f" {format_integer(gone)} hồ sơ chỉ có trong gói không còn trong kho; nhận lại gói thì có lại." if gone else ""
    )
    if not kept and not waiting:
        return f"Đã hoàn tác việc nhận gói; kho như trước khi nhận.{left}"
    stays = f" {kept} hồ sơ mới đã được sửa từ đó nên vẫn giữ." if kept else ""
    piled = f" {waiting} chỗ sửa từ đó vẫn giữ, bản trước khi nhận chờ ở «Cần xem»." if waiting else ""
    return f"Đã hoàn tác việc nhận gói.{left}{stays}{piled}"
