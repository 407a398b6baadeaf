"""The year plan: filled with registered proposals, ordered by priority, cut at the budget, decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef import record_values
from kcdesk.formdef.derivations.amounts import cell_of
from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations import priorities
from kcdesk.runtime.frozen import Value
from kcdesk.services.plans import lines
from kcdesk.services.records import permissions
from kcdesk.services.rules import earlier_support, priority_areas
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.stored_record import StoredRecord

_ENTRIES = "entries"
_LISTS = ("priority_areas", "priority_sectors")
_FLAGS = ("women_owned", "minority_owned")
# column of a row ← fields of its proposal
_TAKEN = {"total_cost": ("total_cost",), "support": ("requested_support", "approved_support")}
_REPORT = ("previous_results", "current_assessment", "goals")


class Summary(Value):
    """The totals of a plan: numbers of proposals, amounts in đồng."""

    entries: int
    requested: int
    budget: int
    taken: int
    support: int
    carried_over: int
    added: int = 0  # by decisions after that of the plan
    added_support: int = 0

    @property
    def over(self) -> int:
        """By how many đồng the proposals of the plan exceed its budget: later decisions may add more than is left."""
        return max(0, self.support - self.budget)

    def sentence(self) -> str:
        """«3 đề án, đề nghị 900.000.000 đồng; đưa vào kế hoạch 2, 600.000.000 đồng; còn 0 đồng …»."""
        number = text.format_integer
        if not self.budget:
            asked = f"{number(self.entries)} đề án đề nghị {number(self.requested)} đồng"
            return f"{asked}; chưa ghi kinh phí dự kiến bố trí nên chưa chia được đề án nào trong kinh phí."
        added = f" (bổ sung {number(self.added)} đề án, {number(self.added_support)} đồng)" if self.added else ""
        over = f", vượt kinh phí {number(self.over)} đồng" if self.over else ""
        return (
            f"{number(self.entries)} đề án đề nghị {number(self.requested)} đồng; trong kinh phí "
            f"{number(self.budget)} đồng đưa vào được {number(self.taken)} đề án, "
            f"{number(self.support)} đồng{added}{over}; "
            f"{number(self.carried_over)} đề án chuyển năm sau hoặc không đưa vào."
        )


def summary(plan: Record) -> Summary:
    """Add up the rows of a plan."""
    rows = plan.rows(_ENTRIES)
    taken = [row for row in rows if lines.fits(row)]
    return Summary(
        entries=len(rows),
        requested=int(plan.value("requested") or 0),
        budget=int(plan.value("budget") or 0),
        taken=len(taken),
        support=sum(int(row.get("support", 0)) for row in taken),
        carried_over=len(rows) - len(taken),
        added=sum(1 for row in taken if row.get("added_by")),
        added_support=int(plan.value("additions") or 0),
    )


def fill_plan(workspace: Workspace, plan_id: str) -> Changes:
    """Fill a plan with the registered proposals of its year and programme, and those carried over from the last year.

    Existing rows keep an officer's decisions and their order; new rows are placed by priority. A proposal that is no
    longer registered is removed. UserError if the plan is closed or lacks its year or programme.
    """
    plan = _open(workspace, plan_id)
    rows_before = {row["proposal"]: row for row in plan.rows(_ENTRIES) if row.get("proposal")}
    registered = {stored.id: (stored, year) for stored, year in _registered(workspace, plan)}
    ranked = _by_priority(workspace, plan, [stored for stored, _year in registered.values()])
    data_before = record_values.copied(plan.data)
    for proposal_id, row in rows_before.items():
        if proposal_id not in registered:
            plan.remove_row(_ENTRIES, row["id"])
    for number, (stored, place) in enumerate(ranked, start=1):
        row = _row(stored, number, registered[stored.id][1])
        proofs = dict.fromkeys(_area_proofs(workspace, stored, _day_of(workspace, plan))) if place.reasons else ()
        row["priority"] = "; ".join((*place.reasons, *proofs)) or None
        _update_row(plan, rows_before.get(stored.id), row)
    _sort(plan)
    return _save(workspace, plan, data_before, "Lấy đề án đã đăng ký vào kế hoạch")


def order_of(workspace: Workspace, plan: Record) -> list[tuple[str, str]]:
    """The title of each registered proposal in the order that the rules of priority give, with its reasons."""
    ranked = _by_priority(workspace, plan, [stored for stored, _year in _registered(workspace, plan)])
    return [(stored.record(workspace.forms).title(), "; ".join(place.reasons)) for stored, place in ranked]


def move(workspace: Workspace, plan_id: str, row_id: str, to: int, reason: str) -> Changes:
    """Move a row to the position `to` (from 1) and store the reason. UserError `reason_missing` or `not_found`."""
    plan = _open(workspace, plan_id)
    reason = text.clean(reason).strip()
    if not reason:
        raise UserError("Cần ghi lý do xếp khác thứ tự.", code="reason_missing", field=_ENTRIES)
    others = [row["id"] for row in plan.rows(_ENTRIES) if row["id"] != row_id]
    if len(others) == len(plan.rows(_ENTRIES)) or not 1 <= to <= len(others) + 1:
        raise UserError(f"Kế hoạch không có dòng hoặc vị trí {to}.", code="not_found", field=_ENTRIES)
    data_before = record_values.copied(plan.data)
    plan.move_row(_ENTRIES, row_id, others[to - 2] if to > 1 else None)
    plan.set(f"{_ENTRIES}/{row_id}/reason", reason)
    return _save(workspace, plan, data_before, f"Chuyển đề án đến vị trí {to}: {reason}")


def _save(workspace: Workspace, plan: Record, data_before: dict[str, Any], action: str) -> Changes:
    """Save the changes of a plan since `data_before`, as one act."""
    with workspace.store.act(action, record=plan.id) as act:
        act.update(plan.id, record_values.differences(data_before, plan.data, (_ENTRIES,)))
    return act.changes


def beyond_budget(plan: Record, more: int) -> str:
    """What `more` đồng of support exceed of what the budget has left, as a sentence; "" if they fit."""
    now = summary(plan)
    left, number = max(0, now.budget - now.support), text.format_integer
    if more <= left:
        return ""
    return f"Kinh phí kế hoạch còn {number(left)}, bổ sung {number(more)}: vượt {number(more - left)}."


def is_decided(workspace: Workspace, record: Record) -> bool:
    """Whether the record is a year plan with a recorded decision."""
    return record.kind == "plan" and workspace.forms.workflow("plan").is_marked(record.state, "decided")


def unwritten_report(_workspace: Workspace, plan: Record) -> list[Problem]:
    """Ask for the parts of the registration report, which print as dots when empty; they prevent nothing.

    Source: điểm a khoản 1 Điều 6 TT 36/2013/TT-BCT.
    """
    empty = [name for name in _REPORT if name in plan.form.by_name and not plan.value(name)]
    return [Problem(name, f"Báo cáo đăng ký chưa có «{plan.field(name).label}».", advice=True) for name in empty]


# -- registered proposals and their order --------------------------------------------------------------------------


def _open(workspace: Workspace, plan_id: str) -> Record:
    plan = permissions.living(workspace, plan_id)
    if plan.kind != "plan":
        raise UserError(f"«{plan.title()}» không phải là kế hoạch năm.", code="wrong_kind")
    permissions.refuse_unless_editable(workspace, plan, _ENTRIES)
    for name in ("year", "programme"):
        if not plan.value(name):
            raise UserError(f"Chưa ghi «{plan.field(name).label}» của kế hoạch.", code="missing", field=name)
    return plan


def _registered(workspace: Workspace, plan: Record) -> Iterator[tuple[StoredRecord, int | None]]:
    """Yield each registered proposal with the year whose plan carried it over, or None."""
    year, programme = plan.value("year"), plan.value("programme")
    carried = set(_carried_over(workspace, int(year or 0) - 1, str(programme)))
    for stored in workspace.store.page("proposal", where={"year": year, "programme": programme}, limit=-1):
        if _is_registered(workspace, stored):
            yield stored, int(year or 0) - 1 if stored.id in carried else None
            carried.discard(stored.id)
    for id_ in sorted(carried):
        stored_proposal = lines.living_proposal(workspace, id_)
        if stored_proposal and _is_registered(workspace, stored_proposal):
            yield stored_proposal, int(year or 0) - 1


def _is_registered(workspace: Workspace, proposal: StoredRecord) -> bool:
    return workspace.forms.workflow("proposal").is_marked(str(proposal.data.get("state", "")), "registered")


def _carried_over(workspace: Workspace, year: int, programme: str) -> Iterator[str]:
    """Yield the ids of proposals that did not fit into the decided plan of a year."""
    closed = workspace.forms.workflow("plan").locked
    for stored in workspace.store.page("plan", where={"year": year, "programme": programme}, limit=-1):
        plan = stored.record(workspace.forms)
        for row in plan.rows(_ENTRIES) if plan.state in closed else ():
            if row.get("proposal") and not lines.fits(row) and row.get("left_out") in (None, "carried_over"):
                yield row["proposal"]


def _by_priority(
    workspace: Workspace, plan: Record, proposals: Iterable[StoredRecord]
) -> list[tuple[StoredRecord, priorities.Place]]:
    """Sort proposals by priority, then by the time of their registration."""
    on, law = _day_of(workspace, plan), workspace.forms.law
    placed = [
        (stored, priorities.rank(workspace.priorities, plan.data, _values(workspace, stored, on), on, law))
        for stored in proposals
    ]
    return sorted(placed, key=lambda pair: (pair[1].key, pair[0].created, pair[0].seq))


def _day_of(workspace: Workspace, plan: Record) -> date:
    """The day whose rules of priority apply: today, and at most the last day of the plan's year."""
    return min(workspace.today(), date(int(plan.value("year") or date.max.year), 12, 31))


def _owners(workspace: Workspace, proposal: StoredRecord) -> list[dict[str, Any]]:
    named = earlier_support.beneficiaries_of(proposal.record(workspace.forms))
    stored = [lines.living_proposal(workspace, id_) for id_ in named]
    return [owner.data for owner in stored if owner]


def _area_proofs(workspace: Workspace, proposal: StoredRecord, on: date) -> Iterator[str]:
    """How the areas of the beneficiaries are known."""
    for owner in _owners(workspace, proposal):
        yield from priority_areas.proofs_of(workspace, owner, on)


def _values(workspace: Workspace, proposal: StoredRecord, on: date) -> dict[str, Any]:
    """The values that the priorities compare: of the proposal, and of its beneficiaries combined."""
    owners = [priority_areas.values_of(workspace, owner, on) for owner in _owners(workspace, proposal)]
    values: dict[str, Any] = {name: [item for owner in owners for item in owner.get(name, ())] for name in _LISTS}
    values |= {name: any(owner.get(name) is True for owner in owners) for name in _FLAGS}
    values["workers"] = max((int(owner.get("workers", 0)) for owner in owners), default=0)
    return values | proposal.data


def _row(stored: StoredRecord, number: int, carried_from: int | None) -> dict[str, Any]:
    data = stored.data
    return {
        "proposal": stored.id,
        "scheme": data.get("scheme"),
        "total_cost": data.get("total_cost"),
        "support": data.get("approved_support", data.get("requested_support")),
        "rank": number,
        "carried_from": carried_from,
    }


def origins_of_entry(workspace: Workspace, plan: Record, path: str) -> Iterator[Derivation]:
    """The amounts of the proposal that its row may have taken over, the likeliest first."""
    row, _, column = path.rpartition("/")
    names = _TAKEN.get(column, ()) if row else ()
    stored = lines.living_proposal(workspace, str(plan.value(f"{row}/proposal"))) if names else None
    if stored is not None:
        proposal = stored.record(workspace.forms)
        yield from (cell_of(proposal, name) for name in names if proposal.value(name) is not None)


def _update_row(plan: Record, row: dict[str, Any] | None, values: dict[str, Any]) -> None:
    """Update a row, or add it; the decisions of an officer in the row are kept."""
    if row is None:
        plan.add_row(_ENTRIES, {name: value for name, value in values.items() if value is not None})
        return
    for name, value in values.items():
        if row.get(name) != value:
            plan.set(f"{_ENTRIES}/{row['id']}/{name}", value)


def _sort(plan: Record) -> None:
    """Sort the rows by rank; a row that an officer moved stays behind the same neighbour."""
    rows = plan.rows(_ENTRIES)
    order = sorted((row for row in rows if not row.get("reason")), key=lambda row: int(row.get("rank", 0)))
    for index, row in enumerate(rows):
        if row.get("reason"):
            before = rows[index - 1]["id"] if index else ""
            place = next((number for number, other in enumerate(order, start=1) if other["id"] == before), 0)
            order.insert(place, row)
    after: str | None = None
    for row in order:
        plan.move_row(_ENTRIES, row["id"], after)
        after = row["id"]
