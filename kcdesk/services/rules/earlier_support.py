"""«Đã được hỗ trợ?»: the support of an establishment in any year, from any unit in the store.

Records of the same establishment are matched by tax code, citizen id, phone, serial number of a machine, or a similar
name (without regard to accents, word order and spelling of the legal form).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.formdef.activities import activities_of
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord

NUMBERS = {"tax_code": "cùng mã số thuế", "citizen_id": "cùng số định danh cá nhân", "phone": "cùng số điện thoại"}
_SAME, _NEAR_NAME, _SAME_MACHINE = "chính đơn vị này", "tên gần giống", "cùng số máy"
_NAMES = 8  # limit of similar names


@dataclass(frozen=True, slots=True)
class EarlierSupport:
    """A support that was granted or requested; `amount` in đồng, None if it is not recorded."""

    proposal: str
    beneficiary: str
    name: str
    reason: str  # why it is taken for the same establishment
    title: str
    content: str
    programme: str
    year: int | None
    amount: int | None
    granted: bool  # approved; otherwise `amount` is the requested support
    decision: str
    state: str

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


Matches = dict[str, tuple[StoredRecord, str]]  # beneficiaries by id, each with the strongest reason of the match


def of_proposal(workspace: Workspace, proposal: Record) -> list[EarlierSupport]:
    """List other support of a proposal's beneficiaries, and other proposals with its machines; newest first."""
    matches: Matches = {}
    for beneficiary in present(workspace, beneficiaries_of(proposal.data)):
        _merge(matches, _matches_of(workspace, beneficiary))
    supports = _supports_of(workspace, matches)
    serials = [serial for visit in workspace.store.children(proposal.id, "acceptance") for serial in _serials(visit)]
    for serial in serials:
        supports += _by_machine(workspace, serial)
    return _ordered(entry for entry in supports if entry.proposal != proposal.id)


def of_beneficiary(workspace: Workspace, id_: str) -> list[EarlierSupport]:
    """List the support of an establishment, newest first."""
    return _ordered(_supports_of(workspace, _matches_of(workspace, workspace.store.get(id_))))


def search(workspace: Workspace, typed: str) -> list[EarlierSupport]:
    """List the support of establishments that match a typed number or name, newest first."""
    words = text.clean(typed).strip()
    matches: Matches = {}
    for name, reason in NUMBERS.items():
        if (value := _number(workspace, name, words)) is not None:
            _merge(matches, _matches_by_number(workspace, name, value, reason))
    if words and not matches:
        _merge(
            matches,
            {near.id: (near, _NEAR_NAME) for near in workspace.store.near("beneficiary", "name", words, _NAMES)},
        )
    return _ordered([*_supports_of(workspace, matches), *(_by_machine(workspace, words) if words else [])])


# -- matching establishments ------------------------------------------------------------------------------------------


def _matches_of(workspace: Workspace, beneficiary: StoredRecord) -> Matches:
    """The establishment itself and every record that may be the same establishment."""
    matches: Matches = {beneficiary.id: (beneficiary, _SAME)}
    for name, reason in NUMBERS.items():
        if value := beneficiary.data.get(name):
            _merge(matches, _matches_by_number(workspace, name, value, reason))
    if title := beneficiary.data.get("name"):
        near = workspace.store.near("beneficiary", "name", title, _NAMES)
        _merge(matches, {other.id: (other, _NEAR_NAME) for other in near})
    return matches


def _matches_by_number(workspace: Workspace, name: str, value: str, reason: str) -> Matches:
    """The beneficiaries with a number; the tax code of a branch (10 + 3 digits) also matches its enterprise."""
    codes = dict.fromkeys([value, value.partition("-")[0]] if name == "tax_code" else [value])
    equal = workspace.store.find("beneficiary", name, list(codes))
    return {stored.id: (stored, reason) for stored in equal}


def _merge(matches: Matches, more: Matches) -> None:
    """Add matches; a reason that is already present is stronger and stays."""
    for id_, entry in more.items():
        matches.setdefault(id_, entry)


def _number(workspace: Workspace, name: str, typed: str) -> str | None:
    """The typed text as it is stored in the field `name`; None if it is not such a number."""
    field = workspace.forms.current("beneficiary").field(name)
    try:
        value = type_of(field).parse(typed, field, workspace.forms)
    except ValueProblem:
        return None
    return value if isinstance(value, str) else None


# -- their support ---------------------------------------------------------------------------------------------------


def _supports_of(workspace: Workspace, matches: Matches) -> list[EarlierSupport]:
    """The support from every proposal for these beneficiaries; of a group proposal the beneficiary's share."""
    supports = []
    for id_, (beneficiary, reason) in matches.items():
        proposals = {
            proposal.id: proposal
            for path in ("beneficiaries", "sites/beneficiary")
            for proposal in workspace.store.find("proposal", path, id_)
        }
        supports += [_support_of(workspace, proposal, beneficiary, reason) for proposal in proposals.values()]
    return supports


def _by_machine(workspace: Workspace, serial: str) -> list[EarlierSupport]:
    """The support from proposals whose acceptances list a machine with that serial number."""
    supports = []
    for visit in workspace.store.find("acceptance", "machines/serial_number", [serial, text.bare_code(serial)]):
        owners = present(workspace, filter(None, [visit.data.get("beneficiary")]))
        for proposal in present(workspace, filter(None, [visit.parent])):
            beneficiary = owners[0] if owners else None
            supports.append(_support_of(workspace, proposal, beneficiary, f"{_SAME_MACHINE} {serial}"))
    return supports


def _support_of(
    workspace: Workspace, proposal: StoredRecord, beneficiary: StoredRecord | None, reason: str
) -> EarlierSupport:
    data = proposal.data
    record = proposal.record(workspace.forms)
    approved = data.get("approved_support")
    of_site = _site_support(data, beneficiary.id) if beneficiary else None
    return EarlierSupport(
        proposal=proposal.id,
        beneficiary=beneficiary.id if beneficiary else "",
        name=beneficiary.record(workspace.forms).title() if beneficiary else "",
        reason=reason,
        title=record.title(),
        content="; ".join(workspace.forms.activity(code).label for code in activities_of(data)),
        programme=record.text("programme"),
        year=data.get("year"),
        amount=next((sum_ for sum_ in (of_site, approved, data.get("requested_support")) if sum_ is not None), None),
        granted=approved is not None,
        decision=_decision(data),
        state=workspace.forms.workflow("proposal").state(record.state).label,
    )


def _site_support(data: dict[str, Any], beneficiary: str) -> int | None:
    parts = [
        row["support"] for row in data.get("sites", []) if row.get("beneficiary") == beneficiary and "support" in row
    ]
    return sum(parts) if parts else None


def _decision(data: dict[str, Any]) -> str:
    number, day = data.get("decision_number", ""), data.get("decision_date")
    dated = f"ngày {text.format_date(date.fromisoformat(day))}" if day else ""
    return " ".join(part for part in (number, dated) if part)


def beneficiaries_of(data: dict[str, Any]) -> list[str]:
    """The ids of the beneficiaries that a proposal names, directly or in its sites."""
    sites = (row.get("beneficiary") for row in data.get("sites", []))
    return list(dict.fromkeys(filter(None, (*data.get("beneficiaries", []), *sites))))


def same_by_number(workspace: Workspace, ids: Iterable[str]) -> list[str]:
    """The ids of these beneficiaries and of every record with the same tax code or citizen id."""
    matches: Matches = {}
    for beneficiary in present(workspace, list(ids)):
        _merge(matches, {beneficiary.id: (beneficiary, _SAME)})
        for name in ("tax_code", "citizen_id"):
            if value := beneficiary.data.get(name):
                _merge(matches, _matches_by_number(workspace, name, value, NUMBERS[name]))
    return list(matches)


def _serials(visit: StoredRecord) -> list[str]:
    return [row["serial_number"] for row in visit.data.get("machines", []) if row.get("serial_number")]


def _ordered(supports: Iterator[EarlierSupport] | list[EarlierSupport]) -> list[EarlierSupport]:
    """Sort by year, newest first; a proposal is listed once per establishment, even if several matches lead to it."""
    unique: dict[tuple[str, str], EarlierSupport] = {}
    for entry in supports:
        unique.setdefault((entry.proposal, entry.beneficiary), entry)
    return sorted(unique.values(), key=lambda entry: (-(entry.year or 0), entry.name, entry.title))
