"""«Đã được hỗ trợ?»: the support of an establishment in any year, from any unit in the store.

Records of the same establishment are matched by tax code, citizen id, phone, serial number of a machine, or a similar
name (without regard to accents, word order and spelling of the legal form), each as it is today or as it was before a
change. A name of which only a part is typed is searched last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from kcdesk import text
from kcdesk.formdef.activities import activities_of
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.records.former_names import last_day, name_reason
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace
from kcdesk.store.similar_names import SimilarName
from kcdesk.store.stored_record import StoredRecord

NUMBERS = {"tax_code": "cùng mã số thuế", "citizen_id": "cùng số định danh cá nhân", "phone": "cùng số điện thoại"}
SITES = "sites"
_SAME, _PART_OF_NAME, _SAME_MACHINE = "chính đơn vị này", "tên có những chữ này", "cùng số máy"
_NAMES = 8  # limit of similar names
_LEAST_LETTERS, _LOOKED_AT = 3, 50  # of a part of a name: letters that are typed, records that are looked at


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
    for beneficiary in present(workspace, beneficiaries_of(proposal)):
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
    supports = _supports_of(workspace, _matches_of_words(workspace, words))
    return _ordered([*supports, *(_by_machine(workspace, words) if words else [])])


def none_in_words(workspace: Workspace, typed: str) -> str:
    """What was compared when `search` lists nothing: an answer that holds for this store and these years only."""
    names = [stored.record(workspace.forms).title() for stored, _ in _matches_of_words(workspace, typed).values()]
    if names:
        return (
            f"Chưa thấy hỗ trợ nào: {'; '.join(names)} có trong sổ nhưng không có trong đề án nào{_years(workspace)}."
        )
    return f"Chưa thấy hỗ trợ nào: {compared(workspace)}."


def compared(workspace: Workspace) -> str:
    """What a negative answer compared: «không có tên gần giống … trong 12.431 đơn vị, các năm 2016–2026»."""
    units = workspace.store.count("beneficiary")
    if not units:
        return "kho này chưa có đơn vị thụ hưởng nào để so"
    return (
        "không có tên gần giống, tên trước đây, mã số thuế, số căn cước, điện thoại hoặc số máy như vậy trong "
        f"{text.format_integer(units)} đơn vị{_years(workspace)}"
    )


def _years(workspace: Workspace) -> str:
    (years,) = workspace.store.query("SELECT min(year) AS first, max(year) AS last FROM proposal")
    first, last = years["first"], years["last"]
    if first is None:
        return ", chưa có đề án nào"
    return f", các năm {first}–{last}" if first != last else f", năm {first}"


# -- matching establishments ------------------------------------------------------------------------------------------


def _matches_of_words(workspace: Workspace, words: str) -> Matches:
    """The beneficiaries with a typed number; without any, those with a similar name; else with these words in it."""
    matches: Matches = {}
    for name, reason in NUMBERS.items():
        if (value := _number(workspace, name, words)) is not None:
            _merge(matches, _matches_by_number(workspace, name, value, reason))
    if words and not matches:
        _merge(matches, _matches_by_name(workspace, words))
    return matches or _matches_by_part(workspace, words)


def _matches_by_name(workspace: Workspace, name: str) -> Matches:
    near = workspace.store.near("beneficiary", "name", name, _NAMES)
    return {match.record.id: (match.record, name_reason(match)) for match in near}


def _matches_by_part(workspace: Workspace, typed: str) -> Matches:
    """The beneficiaries whose name, today or before, has every typed word, or begins a word with it."""
    words = text.tokens(typed)
    if sum(map(len, words)) < _LEAST_LETTERS or not any(word.isalpha() for word in words):
        return {}
    matches: Matches = {}
    for stored in workspace.store.page("beneficiary", search=typed, limit=_LOOKED_AT):
        former = [value for value in workspace.store.former(stored) if value.path == "name"]
        if _has_words(str(stored.data.get("name", "")), words):
            matches[stored.id] = (stored, _PART_OF_NAME)
        elif earlier := next((value for value in former if _has_words(str(value.value), words)), None):
            matches[stored.id] = (stored, name_reason(SimilarName(stored, earlier)))
    return dict(islice(matches.items(), _NAMES))


def _has_words(name: str, words: Sequence[str]) -> bool:
    own = text.index_words(name)
    return all(any(word.startswith(part) for word in own) for part in words)


def _matches_of(workspace: Workspace, beneficiary: StoredRecord) -> Matches:
    """The establishment itself and every record that may be the same establishment."""
    matches: Matches = {beneficiary.id: (beneficiary, _SAME)}
    for name, reason in NUMBERS.items():
        if value := beneficiary.data.get(name):
            _merge(matches, _matches_by_number(workspace, name, value, reason))
    if title := beneficiary.data.get("name"):
        _merge(matches, _matches_by_name(workspace, title))
    return matches


def _matches_by_number(workspace: Workspace, name: str, value: str, reason: str) -> Matches:
    """The beneficiaries with a number; the tax code of a branch (10 + 3 digits) also matches its enterprise."""
    codes = dict.fromkeys([value, value.partition("-")[0]] if name == "tax_code" else [value])
    matches = {stored.id: (stored, reason) for stored in workspace.store.find("beneficiary", name, list(codes))}
    for stored, former in workspace.store.find_former("beneficiary", name, codes):
        matches.setdefault(stored.id, (stored, f"{reason} trước đây, đến {last_day(former)}"))
    return matches


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
        named = (p for p in proposals.values() if id_ in beneficiaries_of(p.record(workspace.forms)))
        supports += [_support_of(workspace, proposal, beneficiary, reason) for proposal in named]
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
    of_site = _site_support(record, beneficiary.id) if beneficiary else None
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


def _site_support(proposal: Record, beneficiary: str) -> int | None:
    return sum_of_known(support_of_site(row) for row in sites_of(proposal) if row.get("beneficiary") == beneficiary)


def _decision(data: dict[str, Any]) -> str:
    number, day = data.get("decision_number", ""), data.get("decision_date")
    dated = f"ngày {text.format_date(date.fromisoformat(day))}" if day else ""
    return " ".join(part for part in (number, dated) if part)


def beneficiaries_of(proposal: Record) -> list[str]:
    """The ids of the beneficiaries that a proposal names, directly or in its sites; hidden sites do not count."""
    sites = (row.get("beneficiary") for row in sites_of(proposal))
    return list(dict.fromkeys(filter(None, (*(proposal.value("beneficiaries") or ()), *sites))))


def sites_of(proposal: Record) -> list[Row]:
    """The rows of the sites of a scheme that has sites; those of a scheme that was made single wait hidden."""
    return proposal.rows(SITES) if proposal.is_visible(SITES) else []


def support_of_site(site: Row) -> int | None:
    """The support in đồng of a site: as typed, else that of the budget lines that name it; None if neither is known."""
    if site.get("support") is not None:
        return int(site["support"])
    return sum_of_known(site.get(name) for name in ("national", "local"))


def sum_of_known(amounts: Iterable[int | None]) -> int | None:
    """The sum of the amounts that are known; None if none is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


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
