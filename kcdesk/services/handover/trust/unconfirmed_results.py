"""A result that a unit below wrote by itself: that unit's claim until the province confirms or rejects it."""

from __future__ import annotations

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


def sentence(workspace: Workspace, record_id: str) -> str:
    """«Đã phê duyệt»: đơn vị tự ghi, … for such a record here; "" for any other."""
    stored = workspace.store.get(record_id)
    if not _may_be(workspace.store, stored.kind, stored.unit, stored.data):
        return ""
    devices = partners.authority(workspace, None).devices
    words = province_decisions.words(workspace.store, stored.id, stored, devices)
    return _sentence(workspace.forms, stored.kind, stored.data, (word.state for word in words.values()))


def coming(reader: Reader, kind: str, unit: str, outcome: Outcome, vouched: Vouched) -> str:
    """The same of a record that a package brings."""
    after = outcome.after
    if after.deleted or not _may_be(reader, kind, unit, after.data):
        return ""
    words = province_decisions.words(reader, outcome.id, outcome.stored, vouched.authority.devices, vouched.vouchers)
    said = [word.state for word in words.values()]
    if province_decisions.is_by(after.stamps.get(_STATE), vouched.authority.devices):
        said.append(after.data[_STATE])
    return _sentence(reader.forms, kind, after.data, said)


def _may_be(reader: Reader, kind: str, unit: str, data: Mapping[str, Any]) -> bool:
    """Whether it is worth asking what the province has said: most records of a package are no claims."""
    is_decided = reader.forms.workflow(kind).is_marked(data.get(_STATE, ""), "decided")
    return is_decided and unit != reader.identity.unit.code and _is_for_the_province(reader.forms, kind)


def _is_for_the_province(forms: Forms, kind: str) -> bool:
    return any(field.name == _RESULT for field in forms.current(kind).fields)


def _sentence(forms: Forms, kind: str, data: Mapping[str, Any], said: Iterable[str]) -> str:
    """`said` are the states that the province itself has given the record."""
    workflow = forms.workflow(kind)
    is_settled = data.get(_RESULT) in ("approved", "rejected")
    if is_settled or any(workflow.is_marked(state, "decided") for state in said):
        return ""
    return f"«{workflow.state(data[_STATE]).label}»: {UNCONFIRMED}."
