"""«Đã được hỗ trợ?»: the support of an establishment in any year, from any unit in the store.

Which records may be the same establishment says `rules/unit_matches`; here are also those with the same machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.formdef.activities import activities_of
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.services.records.references import present
from kcdesk.services.rules import unit_matches
from kcdesk.services.rules.unit_matches import Matches
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord

SITES = "sites"
_SAME_MACHINE = "cùng số máy"


class EarlierSupport(Value):
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
        return asdict(self)


class SupportAnswer(Value):
    """What `answer_to` gives; `unhelped` names the units that fit too and have no support in this store."""

    supports: list[EarlierSupport]
    unhelped: list[str]

    @property
    def note(self) -> str:
        """What must be known beside the supports: units that fit without support, and that more may fit."""
        names = len({entry.beneficiary for entry in self.supports}) + len(self.unhelped)
        parts = [f"Cũng khớp nhưng chưa thấy hỗ trợ: {'; '.join(self.unhelped)}."] if self.unhelped else []
        if names >= unit_matches.LISTED:
            parts.append(f"Có thể còn đơn vị khác: chỉ so {unit_matches.LISTED} đơn vị đầu, hãy gõ thêm chữ của tên.")
        return " ".join(parts)


def of_proposal(workspace: Workspace, proposal: Record) -> list[EarlierSupport]:
    """List other support of a proposal's beneficiaries, and other proposals with its machines; newest first."""
    matches: Matches = {}
    for beneficiary in present(workspace, beneficiaries_of(proposal)):
        unit_matches.add(matches, unit_matches.of_unit(workspace, beneficiary))
    supports = _supports_of(workspace, matches)
    serials = [serial for visit in workspace.store.children(proposal.id, "acceptance") for serial in _serials(visit)]
    for serial in serials:
        supports += _by_machine(workspace, serial)
    return _ordered(entry for entry in supports if entry.proposal != proposal.id)


def of_beneficiary(workspace: Workspace, id_: str) -> list[EarlierSupport]:
    """List the support of an establishment, newest first."""
    return _ordered(_supports_of(workspace, unit_matches.of_unit(workspace, workspace.store.get(id_))))


def search(workspace: Workspace, typed: str) -> list[EarlierSupport]:
    """List the support of establishments that match a typed number or name, newest first."""
    return answer_to(workspace, typed).supports


def answer_to(workspace: Workspace, typed: str) -> SupportAnswer:
    """Answer a typed number, name, part of a name or owner: the support of every unit that fits, newest first."""
    words = text.clean(typed).strip()
    matches = unit_matches.of_words(workspace, words)
    supports = _ordered([*_supports_of(workspace, matches), *(_by_machine(workspace, words) if words else [])])
    helped = {entry.beneficiary for entry in supports}
    units = [(stored.record(workspace.forms).title(), reason, id_) for id_, (stored, reason) in matches.items()]
    return SupportAnswer(supports, [f"{title} ({reason})" for title, reason, id_ in units if id_ not in helped])


def none_in_words(workspace: Workspace, typed: str) -> str:
    """What was compared when `search` lists nothing: an answer that holds for this store and these years only."""
    names = [stored.record(workspace.forms).title() for stored, _ in unit_matches.of_words(workspace, typed).values()]
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
        unit_matches.add(matches, {beneficiary.id: (beneficiary, unit_matches.SAME)})
        for name in ("tax_code", "citizen_id"):
            if value := beneficiary.data.get(name):
                unit_matches.add(matches, unit_matches.by_number(workspace, name, value, unit_matches.NUMBERS[name]))
    return list(matches)


def _serials(visit: StoredRecord) -> list[str]:
    return [row["serial_number"] for row in visit.data.get("machines", []) if row.get("serial_number")]


def _ordered(supports: Iterator[EarlierSupport] | list[EarlierSupport]) -> list[EarlierSupport]:
    """Sort by year, newest first; a proposal is listed once per establishment, even if several matches lead to it."""
    unique: dict[tuple[str, str], EarlierSupport] = {}
    for entry in supports:
        unique.setdefault((entry.proposal, entry.beneficiary), entry)
    return sorted(unique.values(), key=lambda entry: (-(entry.year or 0), entry.name, entry.title))
