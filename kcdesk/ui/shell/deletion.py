"""Deleting a record, from a list or from its page: it is asked for by name, and can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kcdesk.services.handover.receipts import standing
from kcdesk.services.records import changing, titles
from kcdesk.services.records.reading import ListRow
from kcdesk.text import format_integer, lower_first
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context

_NAMED = 3  # records named when several are deleted
_UNDONE = "Hoàn tác được trong Sửa → Hoàn tác."
_SENT = "Hồ sơ này đã bàn giao: gói sau sẽ báo cho nơi nhận là đã xoá."


def delete_asked(context: Context, id_: str) -> bool:
    """Ask, delete, and offer to undo; return whether the record is deleted.

    Enter deletes, but keeps a record that another office has. A record that was never written is given up unasked.
    """
    workspace = context.workspace
    if changing.forget_untouched(workspace, id_):
        return True
    record = context.attempt(lambda: changing.deletable(workspace, id_))
    if record is None:
        return False
    title = titles.title_of(workspace, record)
    sent = standing.handover_state(workspace, id_).standing != "none"
    question = f"Xoá {lower_first(record.form.label)} «{title}»?"
    detail = f"{_SENT} {_UNDONE}" if sent else _UNDONE
    if not context.messages.ask(question, detail, "Xoá", "Giữ lại", keep_first=sent):
        return False
    deleted = context.act(lambda: changing.delete(workspace, id_)) is not None
    if deleted:
        context.messages.notice(f"Đã xoá «{title}».", partial(undoing.undo, context))
    return deleted


def delete_several_asked(context: Context, rows: Sequence[ListRow]) -> None:
    """Ask, naming some of them, delete all in one act, and offer to undo."""
    number = format_integer(len(rows))
    named = ", ".join(f"«{row.title}»" for row in rows[:_NAMED]) + ("…" if len(rows) > _NAMED else "")
    if not context.messages.ask(f"Xoá {number} hồ sơ đang chọn?", f"{named}\n{_UNDONE}", "Xoá", "Giữ lại"):
        return
    ids = [row.id for row in rows]
    if context.act(lambda: changing.delete_several(context.workspace, ids)) is not None:
        context.messages.notice(f"Đã xoá {number} hồ sơ.", partial(undoing.undo, context))
