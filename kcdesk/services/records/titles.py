"""What a dossier is called where it stands alone: a draft that has no title of its own by the dossier above it."""

from __future__ import annotations

from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

ELSEWHERE = "(hồ sơ của đơn vị khác)"  # a unit is sent its own records, not those that they point to


def title_of(workspace: Workspace, record: Record) -> str:
    """The title of a record; «Điều chỉnh đề án: Đào tạo nghề may» while it says nothing itself."""
    own, above = record.title(), record.form.parent
    if not above or own != record.form.label or not record.value(above):
        return own
    try:
        return f"{own}: {workspace.store.record(str(record.value(above))).title()}"
    except UserError:  # a unit is sent its own dossiers only
        return own
