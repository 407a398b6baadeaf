"""The title of a dossier outside its list; a draft without a title of its own adds that of its parent."""

from __future__ import annotations

from collections.abc import Iterator

from kcdesk.errors import UserError
from kcdesk.formdef import personal
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

KEPT_ONLY = "(hồ sơ chỉ được lưu giữ)"
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


def title_for_others(workspace: Workspace, title: str, id_: str) -> str:
    """A title in a list meant for others: personal fields that name its dossier, or one above it, are masked.

    A dossier whose use is restricted is not named at all (decision 109).
    """
    if workspace.store.personal.restriction(id_) is not None:
        return KEPT_ONLY
    for record in _named_in(workspace, id_):
        title = personal.title_for_others(title, record)
    return title


def _named_in(workspace: Workspace, id_: str) -> Iterator[Record]:
    """The dossier, those that it belongs to, and the proposal that a task is about."""
    seen: set[str] = set()
    waiting = [id_] if id_ else []
    while waiting:
        seen.add(record_id := waiting.pop())
        try:
            record = workspace.store.record(record_id)
        except UserError:  # it is not here
            continue
        yield record
        about = record.value("proposal") if "proposal" in record.form.by_name else None
        waiting += [str(other) for other in (record.parent, about) if other and other not in seen]
