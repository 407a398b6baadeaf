"""Adjusting, extending, adding and stopping a proposal: who decides, and how a decision changes the proposal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.derivations.amounts import Amount, amount_of, difference
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row, copied, differences
from kcdesk.services.law import governing
from kcdesk.services.proposals import adjustment_effects
from kcdesk.services.records.copying import fill, linked, plain, shared_rows, taken, typed_columns
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.formdef.regulations.procedures import Authority

# field of the adjustment ← field of the proposal: the presently approved values
TOPIC = "authority"  # in forms/governing_days.toml
_OLD = {
    "old_address": "address",
    "old_place": "place",
    "old_beneficiaries": "beneficiaries",
    "old_coordinating_units": "coordinating_units",
    "old_implementing_unit": "implementing_unit",
    "old_goals": "goals",
    "old_scale": "scale",
    "old_content": "content",
    "old_ends_on": "ends_on",
    "old_total": "approved_total",
    "old_support": "approved_support",
    "programme": "programme",
    "scheme": "scheme",
}
# field of the adjustment → field of the proposal, by subject of the adjustment
_NEW: Mapping[str, Mapping[str, str]] = {
    "place": {"new_address": "address", "new_place": "place", "new_sites": "sites"},
    "beneficiary": {"new_beneficiaries": "beneficiaries", "new_sites": "sites"},
    "implementer": {
        "new_implementing_unit": "implementing_unit",
        "new_implementing_representative": "implementing_representative",
        "new_implementing_title": "implementing_title",
        "new_implementing_address": "implementing_address",
    },
    "coordinator": {"new_coordinating_units": "coordinating_units"},
    "time": {"new_ends_on": "ends_on"},
    "support": {"new_support": "approved_support", "new_total": "approved_total"},
    "budget": {"new_budget": "budget"},
    "content": {"new_goals": "goals", "new_scale": "scale", "new_content": "content"},
}
_TABLES = {"sites": ("old_sites", "new_sites"), "budget": ("old_budget", "new_budget")}  # of the proposal
_NAMING = ("name", "item")  # the columns that name a row
# The step of the proposal that a decision takes, for types that change its state.
_STEPS = {"stop": "stop", "add": "approve"}
_RANK = ("department", "agency", "ministry")  # a higher authority may decide what a lower one could


# Fields that tie an adjustment to its proposal.
TIES = frozenset(("proposal", "adjustment_type"))


def prepare_adjustment(workspace: Workspace, adjustment: Record) -> None:
    """Fill in the present values of the proposal; for an addition also the plan."""
    proposal = linked(workspace, adjustment, "proposal")
    if proposal is not None:
        for name, source in _OLD.items():
            fill(adjustment, name, taken(proposal, source))
        for source, copies in _TABLES.items():
            for name in copies:  # rows keep their ids, so that changed rows differ from new ones
                fill(adjustment, name, _shared_rows(adjustment, name, proposal.value(source)))
        adjustment_type = adjustment.value("adjustment_type")
        if adjustment_type == "add":
            fill(adjustment, "plan", adjustment_effects.plan_of(workspace, proposal))


def subjects(adjustment: Record) -> set[str]:
    """The subjects of the change; an extension changes the time, an addition the support, a stop nothing."""
    implied = {"extend": {"time"}, "add": {"support"}, "stop": set()}
    adjustment_type = adjustment.value("adjustment_type")
    return implied[adjustment_type] if adjustment_type in implied else set(adjustment.value("subjects") or [])


def authority(workspace: Workspace, adjustment: Record) -> Authority | None:
    """The rule that says who decides (Điều 11 TT 36/2013 for national proposals); None if facts are missing."""
    on = governing.day_for(workspace, adjustment, TOPIC).on
    return workspace.procedures.authority(adjustment.data | _facts(adjustment), on)


def _facts(adjustment: Record) -> dict[str, bool]:
    changed = subjects(adjustment)
    old, new = adjustment.value("old_support"), adjustment.value("new_support")
    raised = "support" in changed and isinstance(old, int) and isinstance(new, int) and new > old
    raised = raised or (
        "budget" in changed
        and _support_of_lines(adjustment, "new_budget") > _support_of_lines(adjustment, "old_budget")
    )
    return {"raises_support": raised, "into_next_year": "time" in changed and _into_next_year(adjustment)}


def _support_of_lines(adjustment: Record, table: str) -> int:
    """The sum of national and local support of a budget's lines, in đồng."""
    return sum(row.get(name, 0) for row in adjustment.rows(table) for name in ("national", "local"))


def _into_next_year(adjustment: Record) -> bool:
    """Whether the new end date is in a later year than the approved one."""
    ends = adjustment.value("new_ends_on")
    before = adjustment.value("old_ends_on")
    return isinstance(ends, str) and isinstance(before, str) and ends[:4] > before[:4]


def authority_changes(workspace: Workspace, adjustment: Record) -> dict[str, dict[str, Any]]:
    """The deciding authority and its article, as changes of the adjustment by record id."""
    rule = authority(workspace, adjustment)
    if rule is None:
        return {adjustment.id: {}}
    changes = adjustment.set("authority", rule.decided_by)
    return {adjustment.id: changes | adjustment.set("authority_source", rule.source)}


def problems_of_request(workspace: Workspace, adjustment: Record) -> list[Problem]:
    """Report why this adjustment cannot be requested in the present state of the proposal."""
    proposal = workspace.store.record(str(adjustment.value("proposal")))
    workflow = workspace.forms.workflow("proposal")
    allowed = workflow.marked("addable" if adjustment.value("adjustment_type") == "add" else "adjustable")
    if proposal.state in [state.name for state in allowed]:
        return adjustment_effects.problems_of_plan(workspace, adjustment)
    labels = ", ".join(f"«{state.label}»" for state in allowed)
    state_label = workflow.state(proposal.state).label
    change = adjustment.text("adjustment_type").lower()
    return [
        Problem("adjustment_type", f"Đề án ở trạng thái «{state_label}» nên không {change} được; chỉ khi: {labels}.")
    ]


def problems_of_decision(workspace: Workspace, adjustment: Record) -> list[Problem]:
    """Report a decision by the wrong authority, and fields of the proposal that changed since the request."""
    problems = problems_of_request(workspace, adjustment) + _outdated_fields(workspace, adjustment)
    rule = authority(workspace, adjustment)
    decided_by = adjustment.value("decided_by")
    if rule is not None and isinstance(decided_by, str) and not _may_decide(decided_by, rule.decided_by):
        field = adjustment.form.field("decided_by")
        labels = {choice.value: choice.label for choice in workspace.forms.choices(field)}
        day = governing.day_for(workspace, adjustment, TOPIC).on
        basis = workspace.forms.basis(rule.source, unverified=rule.unverified, on=day)
        problems.append(Problem("decided_by", f"{rule.label}: do {labels[rule.decided_by]} quyết định ({basis})."))
    return problems


def _outdated_fields(workspace: Workspace, adjustment: Record) -> list[Problem]:
    """Fields changed since the request; deciding would overwrite them."""
    proposal = workspace.store.record(str(adjustment.value("proposal")))
    problems = []
    for new, target in new_fields(adjustment):
        old = new.replace("new_", "old_", 1)
        if old not in adjustment.form.by_name:
            continue
        if _is_same(adjustment.value(old), _shared_rows(adjustment, old, proposal.value(target))):
            continue
        sentence = f"Đề án nay đã khác lúc đề nghị ở «{adjustment.field(old).label}»"
        problems.append(Problem(old, f"{sentence}: hãy «Sửa thành bản mới» đề nghị này và ghi lại theo đề án."))
    return problems


def _shared_rows(adjustment: Record, table: str, value: Any) -> Any:
    """Rows of the proposal as a table of the adjustment keeps them; the value of a field that is no table."""
    return shared_rows(adjustment, table, value) if value and adjustment.field(table).columns else value


def _decided_value(adjustment: Record, name: str, proposal: Record, target: str) -> Any:
    """The new value of a field; rows with the cells that only the proposal's table keeps, as its row has them."""
    value = adjustment.value(name)
    only_here = typed_columns(proposal, target) - typed_columns(adjustment, name)
    if not only_here or not value:
        return value
    kept = {row["id"]: {name: row[name] for name in only_here & row.keys()} for row in proposal.rows(target)}
    return [kept.get(row["id"], {}) | row for row in value]


def _is_same(first: Any, other: Any) -> bool:
    return (first or None) == (other or None)


def new_fields(adjustment: Record) -> Iterator[tuple[str, str]]:
    """Yield each visible and filled field with a new value, and the field of the proposal that it replaces."""
    seen = set()
    for subject, fields in _NEW.items():
        for new, target in fields.items() if subject in subjects(adjustment) else ():
            if new not in seen and adjustment.is_visible(new) and adjustment.value(new) is not None:
                seen.add(new)
                yield new, target


def _may_decide(decided_by: str, required: str) -> bool:
    if decided_by in _RANK and required in _RANK:
        return _RANK.index(decided_by) >= _RANK.index(required)
    return decided_by == required


def decided_changes(workspace: Workspace, adjustment: Record) -> dict[str, dict[str, Any]]:
    """The changes by a decision in the proposal, its contracts and the year plan, by record id."""
    proposal = workspace.store.record(str(adjustment.value("proposal")))
    before = copied(proposal.data)
    for name, target in new_fields(adjustment):
        proposal.set(target, _decided_value(adjustment, name, proposal, target))
    adjustment_type = adjustment.value("adjustment_type")
    if "support" in subjects(adjustment) and "new_support" in adjustment.data:
        _update_shares(proposal)
    if adjustment_type == "add":
        for name in ("decision_number", "decision_date", "decision_authority"):
            proposal.set(name, adjustment.value(name))
    if adjustment_type in _STEPS:
        proposal.set("state", workspace.forms.workflow("proposal").step(_STEPS[str(adjustment_type)]).to)
    tables = (table.name for table in proposal.form.tables)
    related_changes = adjustment_effects.contract_changes(workspace, adjustment) | adjustment_effects.plan_changes(
        workspace, adjustment
    )
    return {proposal.id: differences(before, proposal.data, tables)} | related_changes


def _update_shares(proposal: Record) -> None:
    """Recompute the approved shares: the support is all national or all local, the counterpart is the rest."""
    for name, amount in shares(proposal).items():
        proposal.set(name, plain(amount))


def shares(proposal: Record) -> dict[str, Amount]:
    """The approved shares that follow from the approved support and total."""
    support, total = (amount_of(proposal, name) for name in ("approved_support", "approved_total"))
    own, other = ("national", "local") if proposal.value("programme") == "national" else ("local", "national")
    computed = {}
    if not proposal.value(f"approved_{other}"):
        computed[f"approved_{own}"] = support
    known = all(isinstance(proposal.value(name), int) for name in ("approved_support", "approved_total"))
    if known and not proposal.value("approved_other"):
        computed["approved_counterpart"] = difference("Tổng kinh phí trừ hỗ trợ", total, support)
    return computed


def rows(workspace: Workspace, adjustment: Record) -> list[dict[str, str]]:
    """The changes of an adjustment for papers: {"label", "before", "after"}."""
    changes: list[dict[str, str]] = []
    for new, _target in new_fields(adjustment):
        old = new.replace("new_", "old_", 1)
        if adjustment.field(new).columns:
            changes += _changed_rows(workspace, adjustment, old, new)
        else:
            before = _text(workspace, adjustment, old) if old in adjustment.form.by_name else ""
            label = adjustment.field(new).label.removesuffix(" mới")  # the table heads say «before» and «after»
            changes.append({"label": label, "before": before, "after": _text(workspace, adjustment, new)})
    changes += adjustment_effects.contract_rows(workspace, adjustment)
    items = adjustment.rows("items") if adjustment.is_visible("items") else []
    return changes + [{"label": row["item"], "before": row.get("before", ""), "after": row["after"]} for row in items]


def _changed_rows(workspace: Workspace, adjustment: Record, old: str, new: str) -> Iterator[dict[str, str]]:
    """Yield the rows that were added, removed or changed, as texts."""
    past, future = ({row["id"]: row for row in adjustment.rows(table)} for table in (old, new))
    field = adjustment.field(new)
    for id_ in dict.fromkeys((*past, *future)):
        before = _row_text(workspace, adjustment, old, past.get(id_))
        after = _row_text(workspace, adjustment, new, future.get(id_))
        if before != after:
            label = f"{text.upper_first(field.row_label)}: {_name(future.get(id_) or past[id_])}"
            yield {"label": label, "before": before or "Chưa có", "after": after or "Bỏ"}


def _row_text(workspace: Workspace, adjustment: Record, table: str, row: Row | None) -> str:
    """«Xưởng A; Địa chỉ: …; Hỗ trợ: …»; "" for a missing row."""
    if row is None:
        return ""
    columns = [column for column in adjustment.field(table).columns if column.name not in _NAMING]
    texts = [(column.heading, _text(workspace, adjustment, f"{table}/{row['id']}/{column.name}")) for column in columns]
    return "; ".join(filter(None, (_name(row), *(f"{label}: {value}" for label, value in texts if value))))


def _name(row: Row) -> str:
    return next((str(row[name]) for name in _NAMING if row.get(name)), "")


def _text(workspace: Workspace, adjustment: Record, path: str) -> str:
    """The value as printed; referenced dossiers by their titles."""
    if not adjustment.field(path).target:
        return adjustment.text(path)
    value = adjustment.value(path) or []
    ids = value if isinstance(value, list) else [value]
    return "; ".join(stored.record(workspace.forms).title() for stored in present(workspace, ids))
