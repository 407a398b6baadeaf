"""The title of a dossier outside its list; a draft without a title of its own adds that of its parent."""

from __future__ import annotations

from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

ELSEWHERE = "(hồ sơ của đơn vị khác)"  # a unit receives its own records, not all that they refer to


def title_of(workspace: Workspace, record: Record) -> str:
    """The title of a record, such as «Điều chỉnh đề án: Đào tạo nghề may» for a draft without its own title."""
    own, above = record.title(), record.form.parent
    if not above or own != record.form.label or not record.value(above):
        return own
    try:
        return f"{own}: {workspace.store.record(str(record.value(above))).title()}"
    except UserError:  # a unit receives only its own dossiers
        return own
