"""Results that a lower unit wrote itself: they count as its claim until the province confirms or rejects them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kcdesk.formdef.forms import Forms
from kcdesk.services.handover.trust import partners, province_decisions
from kcdesk.services.workspace import Workspace
from kcdesk.store.reader import Reader

if TYPE_CHECKING:
    from kcdesk.services.handover.trust.province_decisions import Vouched
    from kcdesk.store.handover.merge_state import Outcome

UNCONFIRMED = "đơn vị tự ghi, cấp tỉnh chưa xác nhận"
_RESULT, _STATE = "province_result", "state"
# Whether the province may have said something of a record: signed, written into it, or entered here by hand.
_IS_KNOWN = """
exists (select 1 from voucher where voucher.record = record.seq)
or exists (select 1 from touched where touched.record = record.seq
  and touched.device in (select value from json_each(:devices)))
or exists (select 1 from change join act on act.seq = change.act where change.record = record.seq
  and act.device in (select value from json_each(:devices))
  and not exists (select 1 from intake where act.id in (intake.act, intake.undone)))
"""
_COLUMNS = ("id", "unit", _STATE, _RESULT)


def sentence(workspace: Workspace, record_id: str) -> str:
    """The note "not confirmed by the province" of a record in this store («Đã phê duyệt»: đơn vị tự ghi, …), or ""."""
    stored = workspace.store.get(record_id)
    if not _may_be_claim(workspace.store, stored.kind, stored.unit, stored.data):
        return ""
    devices = partners.deciding_devices(workspace)
    states = province_decisions.province_states(workspace.store, stored.id, stored, devices)
    return _claim_sentence(workspace.forms, stored.kind, stored.data, (state.state for state in states.values()))


def columns(forms: Forms, kind: str) -> frozenset[str]:
    """The columns of the view of a kind that `unconfirmed` reads; empty for a kind without results."""
    return frozenset(_COLUMNS) if _is_for_the_province(forms, kind) else frozenset()


def unconfirmed(workspace: Workspace, kind: str) -> list[str]:
    """The ids of the records of a kind with a result that only the unit vouches for; [] for a kind without results.

    A record to which no device of the province has written here, and for which nothing is signed, needs no closer look.
    """
    if not _is_for_the_province(workspace.forms, kind):
        return []
    states = [state.name for state in workspace.forms.workflow(kind).marked("decided")]
    places = {f"s{number}": state for number, state in enumerate(states)}
    sql = (
        f"select dossier.id, {_IS_KNOWN} as is_known"
        f' from "{workspace.store.readings.relation(kind, _COLUMNS)}" as dossier'
        f" join record on record.id = dossier.id where coalesce(dossier.{_RESULT}, '') not in ('approved', 'rejected')"
        f" and dossier.unit <> :own and dossier.{_STATE} in ({', '.join(f':{name}' for name in places)})"
    )
    devices = json.dumps(sorted(partners.deciding_devices(workspace)))
    lines = workspace.store.query(sql, {"own": workspace.identity.unit.code, "devices": devices, **places})
    return [line["id"] for line in lines if not line["is_known"] or sentence(workspace, line["id"])]


def coming(reader: Reader, kind: str, unit: str, outcome: Outcome, vouched: Vouched) -> str:
    """The same note for a record that arrives with a package."""
    after = outcome.after
    if after.deleted or not _may_be_claim(reader, kind, unit, after.data):
        return ""
    given_states = province_decisions.province_states(
        reader, outcome.id, outcome.stored, vouched.deciders, vouched.vouchers
    )
    states = [state.state for state in given_states.values()]
    if province_decisions.is_written_by(after.stamps.get(_STATE), vouched.deciders):
        states.append(after.data[_STATE])
    return _claim_sentence(reader.forms, kind, after.data, states)


def _may_be_claim(reader: Reader, kind: str, unit: str, data: Mapping[str, Any]) -> bool:
    """Whether the record may be a claim; a cheap check first, because most records of a package are none."""
    is_decided = reader.forms.workflow(kind).is_marked(data.get(_STATE, ""), "decided")
    return is_decided and unit != reader.identity.unit.code and _is_for_the_province(reader.forms, kind)


def _is_for_the_province(forms: Forms, kind: str) -> bool:
    return any(field.name == _RESULT for field in forms.current(kind).fields)


def _claim_sentence(forms: Forms, kind: str, data: Mapping[str, Any], states: Iterable[str]) -> str:
    """The note, or "" if the result is confirmed; `states` are the states that the province itself gave the record."""
    workflow = forms.workflow(kind)
    is_settled = data.get(_RESULT) in ("approved", "rejected")
    if is_settled or any(workflow.is_marked(state, "decided") for state in states):
        return ""
    return f"«{workflow.state(data[_STATE]).label}»: {UNCONFIRMED}."
