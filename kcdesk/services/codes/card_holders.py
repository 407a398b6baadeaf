"""The holder of a citizen card as the representative of a dossier, or as one more participant: proposed, then taken."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.model import Form
from kcdesk.formdef.personal import masked
from kcdesk.formdef.record import Record
from kcdesk.formdef.values import is_blank
from kcdesk.runtime.frozen import Value
from kcdesk.services.codes.citizen_cards import CitizenCard, read_card
from kcdesk.services.records import changing, permissions
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.text import fold

_PARTICIPANTS, _HOLDER, _NUMBER = "participants", "representative", "citizen_id"


class HolderProposal(Value, kw_only=True):
    """What a card proposes for a field; `present` is what the record has, both as they may be shown."""

    path: str
    label: str
    shown: str
    present: str
    is_conflict: bool  # the record has another value
    is_same: bool = False  # the record has it already


def has_place(form: Form) -> bool:
    """Whether records of a form have a field that a card fills."""
    return _PARTICIPANTS in form.by_name or _HOLDER in form.by_name


def holder_proposals(workspace: Workspace, id_: str, code: str) -> list[HolderProposal]:
    """What the code of a card proposes for a record; nothing is written. UserError for a record without such fields."""
    record, card = permissions.living(workspace, id_), read_card(code)
    if not has_place(record.form):
        raise UserError(
            f"{record.form.label} không có ô cho người đại diện hay thành phần tham gia.",
            code="no_place_for_card",
            hint="Hãy mở hồ sơ cơ sở hoặc biên bản nghiệm thu rồi quét lại.",
        )
    return [_proposal(record, path, typed) for path, typed in _values(record, card).items()]


def take_holder(workspace: Workspace, id_: str, code: str) -> Changes:
    """Take the holder of a card into a record, in one act; UserError `card_conflict` if it names somebody else."""
    proposals = holder_proposals(workspace, id_, code)
    if conflicts := [proposal for proposal in proposals if proposal.is_conflict]:
        names = ", ".join(f"«{proposal.label}»" for proposal in conflicts)
        raise UserError(
            f"Hồ sơ đã ghi khác thẻ ở {names}.",
            code="card_conflict",
            hint="Hãy đối chiếu rồi sửa ô sai trước khi nhận.",
        )
    return take_chosen(workspace, id_, code, [proposal.path for proposal in proposals if not proposal.is_same])


def take_chosen(workspace: Workspace, id_: str, code: str, paths: Collection[str]) -> Changes:
    """Take what an officer has agreed to, also in place of what the record has; in one act. Without paths: nothing."""
    record, card = permissions.living(workspace, id_), read_card(code)
    changes: dict[str, Any] = {}
    for path, typed in _values(record, card).items():
        if path in paths:
            changes |= record.add_row(path, {"name": typed})[1] if path == _PARTICIPANTS else record.parse(path, typed)
    return changing.save(workspace, id_, changes, "Nhận từ thẻ căn cước").changes


def _values(record: Record, card: CitizenCard) -> dict[str, str]:
    """What of a card a record keeps, by path: of a participant only the name, because the minutes show no more."""
    if _PARTICIPANTS in record.form.by_name:
        return {_PARTICIPANTS: card.name}
    if _HOLDER not in record.form.by_name:
        return {}
    known = {_HOLDER: card.name, _NUMBER: card.number, "birth_year": str(card.birth.year), "sex": card.sex}
    return {path: typed for path, typed in known.items() if path in record.form.by_name}


def _proposal(record: Record, path: str, typed: str) -> HolderProposal:
    if path == _PARTICIPANTS:
        is_same = any(fold(str(row.get("name") or "")) == fold(typed) for row in record.rows(path))
        present = typed if is_same else ""
    else:
        present = "" if is_blank(record.value(path)) else record.text(path)
        is_same = bool(present) and record.read(path, typed) == record.value(path)
    shown = (masked(typed), masked(present)) if path == _NUMBER else (typed, present)
    return HolderProposal(
        path=path,
        label=record.form.field(path).label,
        shown=shown[0],
        present=shown[1],
        is_conflict=bool(present) and not is_same,
        is_same=is_same,
    )
