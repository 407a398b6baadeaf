"""Photos that failed items of a visit's checklist need, by `photo_when_failed` of the checklist in force on its day."""

from __future__ import annotations

from collections.abc import Iterator

from kcdesk.errors import Problem
from kcdesk.formdef.model import ChecklistItem
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.law import governing
from kcdesk.services.records.copying import linked
from kcdesk.services.visits.prefill import CHECKLIST_TOPIC
from kcdesk.services.workspace import Workspace

_FAIL = "fail"


def obstacles(workspace: Workspace, record: Record) -> list[Problem]:
    """A problem for every failed item without the photo that it needs; only advice where a note says why."""
    return [
        Problem(
            f"{table}/{row['id']}/result", _sentence(workspace, record, number, row, item), advice=bool(row["note"])
        )
        for table, number, row, item in _without_photo(workspace, record)
    ]


def waiting(workspace: Workspace, record: Record) -> list[str]:
    """The paths of the failed items that still need a photo: `checklist/<row id>`."""
    return [f"{table}/{row['id']}" for table, _number, row, _item in _without_photo(workspace, record)]


def _without_photo(workspace: Workspace, record: Record) -> Iterator[tuple[str, int, Row, ChecklistItem]]:
    """The table, the number, the row and the item of every failed item that no photo shows."""
    tables = [field.name for field in record.form.fields if type_of(field).is_checklist]
    photos = [field.name for field in record.form.fields if field.photos]
    failed = [
        (table, number, row)
        for table in tables
        for number, row in enumerate(record.rows(table), start=1)
        if row.get("result") == _FAIL
    ]
    if not failed or not photos:
        return
    shown = {file.get("item") for field in photos for file in record.value(field) or ()}
    demanded = _demanding(workspace, record)
    for table, number, row in failed:
        item = demanded.get(str(row.get("code")))
        if item is not None and f"{table}/{row['id']}" not in shown:
            yield table, number, {"note": "", **row}, item


def _demanding(workspace: Workspace, record: Record) -> dict[str, ChecklistItem]:
    proposal = linked(workspace, record, "proposal")
    if proposal is None:
        return {}
    return workspace.forms.photo_items(proposal.data, governing.day_for(workspace, record, CHECKLIST_TOPIC).on)


def _sentence(workspace: Workspace, record: Record, number: int, row: Row, item: ChecklistItem) -> str:
    day = governing.day_for(workspace, record, CHECKLIST_TOPIC).on
    source = item.photo_source or item.source
    basis = workspace.forms.basis(source, unverified=item.unverified and not item.photo_source, on=day)
    what = f"Câu {number} «{item.item}» không đạt mà chưa có ảnh"
    ask = "" if row["note"] else ": hãy bấm «Đính kèm ảnh…» ở câu đó, không chụp được thì ghi lý do ở Ghi chú"
    return f"{what}{ask} ({basis})."
