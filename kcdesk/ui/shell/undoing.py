"""Undo and redo, from the menu or from a notice: each says in words what it took back or did again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kcdesk.services.records import changing, reading
from kcdesk.text import format_integer, lower_first
from kcdesk.ui.shell.messages import UNDO_SECONDS, Notice

if TYPE_CHECKING:
    from kcdesk.services.records.changing import Changes
    from kcdesk.ui.shell.context import Context


def undo(context: Context) -> None:
    """Undo the last change of any record, and say which."""
    _step(context, "Đã hoàn tác", changing.undo_label(context.workspace), changing.undo)


def redo(context: Context) -> None:
    """Redo the change that was undone last, and say which."""
    _step(context, "Đã làm lại", changing.redo_label(context.workspace), changing.redo)


def labels(context: Context) -> tuple[str, str]:
    """Return what the next undo and the next redo would change; "" for none."""
    return changing.undo_label(context.workspace), changing.redo_label(context.workspace)


def _step(context: Context, done: str, label: str, act: Callable[..., Changes]) -> None:
    changes = context.act(lambda: act(context.workspace))
    if changes is not None:
        context.messages.shown.emit(Notice(sentence(context, done, label, changes), "neutral", seconds=UNDO_SECONDS))


def sentence(context: Context, done: str, label: str, changes: Changes) -> str:
    """Return «Đã hoàn tác: sửa Tổng kinh phí – «Đề án …».»: what was changed, and in which record or how many."""
    ids = list(dict.fromkeys(item.id for item in changes.items))
    title = reading.title_of(context.workspace, ids[0]) if len(ids) == 1 else ""
    where = f" – «{title}»" if title and title not in label else ""
    where = where or (f" ({format_integer(len(ids))} hồ sơ)" if len(ids) > 1 else "")
    return f"{done}: {lower_first(label)}{where}." if label else f"{done}{where}."
