"""Fill in what the subjects offer for a table: usual rows, amounts as contracted, remedies of failed items."""

from __future__ import annotations

from kcdesk.errors import UserError
from kcdesk.formdef.record_values import ValueChanges
from kcdesk.services.records import changing, permissions
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes


def offered_tables(workspace: Workspace, kind: str) -> tuple[str, ...]:
    """The tables of a kind for which something is offered."""
    return tuple(table for its_kind, table in workspace.extensions.table_offers if its_kind == kind)


def fill_tables(workspace: Workspace, id_: str, tables: tuple[str, ...] = ()) -> Changes:
    """Fill in tables of a record, all whose offer fills only empty places by default, in one act.

    UserError `no_suggestions` for a table without an offer, `nothing_suggested` if there is nothing to fill in.
    """
    record = permissions.living(workspace, id_)
    offers, offered = workspace.extensions.table_offers, offered_tables(workspace, record.kind)
    if not offered or not set(tables) <= set(offered):
        raise UserError(
            f"{record.form.label} không có dòng gợi ý cho bảng này.",
            code="no_suggestions",
            hint=f"Các bảng có gợi ý: {', '.join(offered)}." if offered else "",
        )
    changes: ValueChanges = {}
    notes: list[str] = []
    for table in tables or [table for table in offered if not offers[record.kind, table].replaces]:
        permissions.refuse_unless_editable(workspace, record, table)
        filled, note = offers[record.kind, table].fill(workspace, record)
        changes |= filled
        notes.append(note)
    if not changes:
        raise UserError(" ".join(dict.fromkeys(notes)), code="nothing_suggested")
    return changing.save(workspace, id_, changes).changes
