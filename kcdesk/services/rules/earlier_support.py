"""«Đã được hỗ trợ?»: what an establishment has had in any year, from any unit that the store knows.

It is found again by tax code, citizen id, phone, the serial number of a machine and a name that is nearly the same,
whatever its accents, the order of its words and the way its legal form is written.
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
from kcdesk.store.records import StoredRecord

NUMBERS = {"tax_code": "cùng mã số thuế", "citizen_id": "cùng số định danh cá nhân", "phone": "cùng số điện thoại"}
_SAME, _NEAR_NAME, _SAME_MACHINE = "chính đơn vị này", "tên gần giống", "cùng số máy"
_NAMES = 8  # names that are near enough to be looked at


@dataclass(frozen=True, slots=True)
class Help:
    """One support that was given or asked for; `amount` in đồng, None where nobody has written it."""

    proposal: str
    beneficiary: str
    name: str
    reason: str  # why it is thought to be the same establishment
    title: str
    content: str
    programme: str
    year: int | None
    amount: int | None
    granted: bool  # approved; else the amount is what was asked for
    decision: str
    state: str

    def as_json(self) -> dict[str, Any]:
        """For the command line."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


Found = dict[str, tuple[StoredRecord, str]]  # beneficiaries by id, each with the strongest reason


def of_proposal(workspace: Workspace, proposal: Record) -> list[Help]:
    """What the beneficiaries of a proposal have had beside it, and who else has shown its machines; newest first."""
    found: Found = {}
    for beneficiary in present(workspace, beneficiaries_of(proposal.data)):
        _merge(found, _same(workspace, beneficiary))
    helps = _given(workspace, found)
    serials = [serial for visit in workspace.store.children(proposal.id, "acceptance") for serial in _serials(visit)]
    for serial in serials:
        helps += _by_machine(workspace, serial)
    return _ordered(entry for entry in helps if entry.proposal != proposal.id)


def of_beneficiary(workspace: Workspace, id_: str) -> list[Help]:
    """What an establishment has had, newest first."""
    return _ordered(_given(workspace, _same(workspace, workspace.store.get(id_))))


def search(workspace: Workspace, typed: str) -> list[Help]:
    """The same for a number or a name that somebody types."""
    words = text.clean(typed).strip()
    found: Found = {}
    for name, reason in NUMBERS.items():
        if (value := _number(workspace, name, words)) is not None:
            _merge(found, _equal(workspace, name, value, reason))
    if words and not found:
        _merge(
            found, {near.id: (near, _NEAR_NAME) for near in workspace.store.near("beneficiary", "name", words, _NAMES)}
        )
    return _ordered([*_given(workspace, found), *(_by_machine(workspace, words) if words else [])])


# -- which establishments --------------------------------------------------------------------------------------------


def _same(workspace: Workspace, beneficiary: StoredRecord) -> Found:
    """The establishment itself and every other that looks like it."""
    found: Found = {beneficiary.id: (beneficiary, _SAME)}
    for name, reason in NUMBERS.items():
        if value := beneficiary.data.get(name):
            _merge(found, _equal(workspace, name, value, reason))
    if called := beneficiary.data.get("name"):
        near = workspace.store.near("beneficiary", "name", called, _NAMES)
        _merge(found, {other.id: (other, _NEAR_NAME) for other in near})
    return found


def _equal(workspace: Workspace, name: str, value: str, reason: str) -> Found:
    """Those with that number; a branch's tax code (10 digits, 3 more) finds the enterprise too."""
    wanted = dict.fromkeys([value, value.partition("-")[0]] if name == "tax_code" else [value])
    found = workspace.store.find("beneficiary", name, list(wanted))
    return {stored.id: (stored, reason) for stored in found}


def _merge(found: Found, more: Found) -> None:
    """The first reason is the strongest."""
    for id_, entry in more.items():
        found.setdefault(id_, entry)


def _number(workspace: Workspace, name: str, typed: str) -> str | None:
    """What was typed as such a number is stored; None when it is none."""
    field = workspace.forms.current("beneficiary").field(name)
    try:
        value = type_of(field).parse(typed, field, workspace.forms)
    except ValueProblem:
        return None
    return value if isinstance(value, str) else None


# -- what they had ---------------------------------------------------------------------------------------------------


def _given(workspace: Workspace, found: Found) -> list[Help]:
    """Every proposal for one of them; in a group, the part of that one."""
    helps = []
    for id_, (beneficiary, reason) in found.items():
        proposals = {
            proposal.id: proposal
            for path in ("beneficiaries", "sites/beneficiary")
            for proposal in workspace.store.find("proposal", path, id_)
        }
        helps += [_help(workspace, proposal, beneficiary, reason) for proposal in proposals.values()]
    return helps


def _by_machine(workspace: Workspace, serial: str) -> list[Help]:
    """The proposals whose visits have seen a machine of that serial number."""
    helps = []
    for visit in workspace.store.find("acceptance", "machines/serial_number", [serial, text.bare_code(serial)]):
        owners = present(workspace, filter(None, [visit.data.get("beneficiary")]))
        for proposal in present(workspace, filter(None, [visit.parent])):
            beneficiary = owners[0] if owners else None
            helps.append(_help(workspace, proposal, beneficiary, f"{_SAME_MACHINE} {serial}"))
    return helps


def _help(workspace: Workspace, proposal: StoredRecord, beneficiary: StoredRecord | None, reason: str) -> Help:
    data = proposal.data
    record = proposal.record(workspace.forms)
    approved = data.get("approved_support")
    of_site = _site_support(data, beneficiary.id) if beneficiary else None
    return Help(
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
    """The establishments that a proposal names, for itself or for its sites."""
    sites = (row.get("beneficiary") for row in data.get("sites", []))
    return list(dict.fromkeys(filter(None, (*data.get("beneficiaries", []), *sites))))


def same_by_number(workspace: Workspace, ids: Iterable[str]) -> list[str]:
    """The establishments and every other record of them: one that carries the same tax code or citizen id."""
    found: Found = {}
    for beneficiary in present(workspace, list(ids)):
        _merge(found, {beneficiary.id: (beneficiary, _SAME)})
        for name in ("tax_code", "citizen_id"):
            if value := beneficiary.data.get(name):
                _merge(found, _equal(workspace, name, value, NUMBERS[name]))
    return list(found)


def _serials(visit: StoredRecord) -> list[str]:
    return [row["serial_number"] for row in visit.data.get("machines", []) if row.get("serial_number")]


def _ordered(helps: Iterator[Help] | list[Help]) -> list[Help]:
    """Newest first; what was found in two ways is told once for each establishment."""
    once: dict[tuple[str, str], Help] = {}
    for entry in helps:
        once.setdefault((entry.proposal, entry.beneficiary), entry)
    return sorted(once.values(), key=lambda entry: (-(entry.year or 0), entry.name, entry.title))
