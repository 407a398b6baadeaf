"""«Lập từ hồ sơ này»: a new record that takes over what may be carried from an earlier one.

The form says what (`copied`). Everything else is typed anew: what belongs to one establishment, one year, one decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.model import Form
from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.composite_types import new_row_id
from kcdesk.formdef.types.row_links import links_of
from kcdesk.services.records import permissions, prefill
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.stored_record import new_id


def can_be_copied(form: Form) -> bool:
    """Whether a new record may be made from one of this form."""
    return bool(form.copied)


def label_of(form: Form) -> str:
    """The name of the command: «Lập từ đề án khuyến công này»."""
    return f"Lập từ {form.label.lower()} này"


def copy(workspace: Workspace, id_: str) -> Changes:
    """Make a record from an earlier one, in any state; UserError `not_copied` for a kind that has no such command."""
    source = permissions.living(workspace, id_)
    form = workspace.forms.current(source.kind, workspace.today())
    if not can_be_copied(form):
        raise UserError(
            f"{form.plural}: không lập hồ sơ mới từ hồ sơ cũ được.",
            code="not_copied",
            hint=f"Hãy dùng «{form.new_label}».",
        )
    record = new_record(workspace.forms, form.id, new_id(), workspace.today())
    record.apply(dict(_carried(source, record)))
    prefill.fill_beginning(workspace, record)
    prefill.prepare(workspace, record)
    with workspace.store.act(f"{form.new_label} từ «{source.title()}»") as act:
        act.insert(record.kind, form.reference, record.data, id=record.id)
    return act.changes


def _carried(source: Record, record: Record) -> Iterator[tuple[str, Any]]:
    """Yield the values to set by field; a table has new rows with the columns that are carried."""
    columns: dict[str, list[str]] = {}
    for entry in record.form.copied:
        name, _, column = entry.partition(".")
        field = record.field(name)
        if field.columns:
            typed = [each.name for each in field.columns if not each.computed]
            columns.setdefault(name, []).extend([column] if column else typed)
        elif (value := source.value(name)) is not None:
            yield name, value
    new_ids = {row["id"]: new_row_id() for table in columns for row in source.rows(table)}
    for table, names in columns.items():
        links = {link.column for link in links_of(record.form) if link.table == table}
        yield table, [_row(row, names, links, new_ids) for row in source.rows(table)]


def _row(row: dict[str, Any], names: list[str], links: set[str], new_ids: Mapping[str, str]) -> dict[str, Any]:
    """A new row with the carried cells, at the place of the old one; it names only rows that are carried too."""
    cells = {name: row[name] for name in names if name in row}
    cells |= {name: new_ids.get(cells[name]) for name in links & cells.keys()}
    return {"id": new_ids[row["id"]], "position": row["position"], **cells}
