"""What new rules change: figures of support as before and after, and the proposals that they touch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.formdef.regulations.norms import NormLine, NormPeriod, Norms, in_force
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.papers.sheets import Topic, print_sheet
from kcdesk.services.rulebook.norm_drafts import NormTerritory
from kcdesk.services.rules import ceilings
from kcdesk.services.workspace import Workspace

LAYOUT = "rule_effects"
_NONE = "chưa có"


class NormChange(Value, kw_only=True):
    """A figure that is new or other: `before` and `after` are its texts, `first` and `last` the days of the new one."""

    territory: str
    label: str
    before: str
    after: str
    first: date
    last: date | None
    source: str
    activities: tuple[str, ...]
    programme: str

    @property
    def days(self) -> str:
        """«từ 01/01/2027», «từ 01/01/2027 đến 31/12/2030»."""
        until = f" đến {text.format_date(self.last)}" if self.last else ""
        return f"từ {text.format_date(self.first)}{until}"

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        names = ("territory", "label", "before", "after", "source")
        days = {"from": self.first.isoformat(), "to": self.last.isoformat() if self.last else None}
        return {name: getattr(self, name) for name in names} | days


class TouchedProposal(Value, kw_only=True):
    """A proposal without a decision whose ceiling becomes another one; amounts in đồng, None for no figure."""

    id: str
    title: str
    requested: int | None
    before: int | None
    after: int | None

    @property
    def over(self) -> int:
        """By how much the request exceeds the new ceiling."""
        return max(0, (self.requested or 0) - self.after) if self.after is not None else 0

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {name: getattr(self, name) for name in ("id", "title", "requested", "before", "after", "over")}


def norm_changes(before: Sequence[Norms], after: Sequence[Norms]) -> list[NormChange]:
    """The figures of `after` that `before` has not, in the order of the files."""
    return [change for norms in after for change in _changes_of(_same_territory(before, norms), norms)]


def touched_proposals(
    workspace: Workspace, would_be: Workspace, changes: Sequence[NormChange]
) -> list[TouchedProposal]:
    """The open proposals without a decision whose ceiling the changes alter, from the day on which all are in force."""
    if not changes:
        return []
    day = max(workspace.today(), *(change.first for change in changes))
    later = replace(would_be, today=lambda: day)
    codes = sorted({code for change in changes for code in change.activities or _all_activities(workspace)})
    programmes = sorted({change.programme for change in changes})
    where = {
        "activity": codes,
        "programme": programmes,
        "decision_date": None,
        "state": workspace.forms.open_states("proposal"),
    }
    stored = workspace.store.page("proposal", where=where, limit=-1)
    proposals = (record.record(workspace.forms) for record in stored)
    touched = (
        TouchedProposal(
            id=proposal.id,
            title=proposal.title(),
            requested=proposal.value("requested_support"),
            before=_amount(workspace, proposal),
            after=_amount(later, proposal),
        )
        for proposal in proposals
    )
    return [proposal for proposal in touched if proposal.before != proposal.after]


def sentence(changes: Sequence[NormChange], touched: Sequence[TouchedProposal]) -> str:
    """Which dossiers the new figures concern, in words; "" if they change no figure."""
    if not changes:
        return "Hồ sơ đã lập giữ mẫu lúc lập; hồ sơ mới theo mẫu mới từ ngày áp dụng."
    kept = "Đề án đã có ngày quyết định phê duyệt giữ quy định của ngày đó."
    if not touched:
        return f"{kept} Không có đề án nào chưa có quyết định bị đổi mức."
    over = sum(bool(proposal.over) for proposal in touched)
    first = text.format_date(min(change.first for change in changes))
    rest = f", {over} đề án vượt mức mới" if over else ", không đề án nào vượt mức mới"
    return f"{kept} {len(touched)} đề án chưa có quyết định tính theo mức mới từ ngày {first}{rest}."


def print_effects(
    workspace: Workspace, changes: Sequence[NormChange], touched: Sequence[TouchedProposal], pdf: Path
) -> dict[str, Any]:
    """Write the changes and the touched proposals as PDF; returns {"pdf", "pages"}."""
    values = {
        "period": Topic("rules", "quy định mới"),
        "norms": [_printed_change(change) for change in changes],
        "touched": [_printed_proposal(proposal) for proposal in touched],
        "sentence": sentence(changes, touched),
    }
    return print_sheet(workspace, LAYOUT, values, pdf)


def figure(line: NormLine, period: NormPeriod) -> str:
    """A figure in words: «50 % chi phí, tối đa 300.000.000 đồng/cơ sở»."""
    return figure_of(period.percent, period.cap, line.per, period.note)


def figure_of(percent: Decimal | int | str | None, cap: int | None, per: str, note: str = "") -> str:
    """The words of a figure; the note for one without percent and ceiling."""
    parts = [f"{text.format_decimal(str(percent))} % chi phí"] if percent is not None else []
    parts += [f"tối đa {amount_text(cap)}" + (f"/{per}" if per else "")] if cap is not None else []
    return ", ".join(parts) or note or _NONE


def present_figures(norms: Sequence[Norms], territory: NormTerritory, activity: str, on: date) -> list[str]:
    """The figures in force for an activity in a territory on a day, with their sources."""
    lines = [line for owner in norms if territory.owns(owner) for line in owner.lines if not line.part]
    return [
        f"{figure(line, period)} ({period.source}, từ {text.format_date(period.effective_from)})"
        for line in lines
        if line.concerns(activity)
        for period in line.periods
        if in_force(period, on)
    ]


def amount_text(amount: int | None) -> str:
    """«300.000.000 đồng», «chưa có» for no figure."""
    return _NONE if amount is None else f"{text.format_integer(amount)} đồng"


# -- inside ------------------------------------------------------------------------------------------------------------


def _same_territory(all_norms: Sequence[Norms], wanted: Norms) -> Norms | None:
    owner = (wanted.programme, wanted.province, wanted.old_province)
    return next((n for n in all_norms if (n.programme, n.province, n.old_province) == owner), None)


def _changes_of(before: Norms | None, after: Norms) -> Iterator[NormChange]:
    known = {line.id: line for line in before.lines} if before else {}
    for line in after.lines:
        old = known.get(line.id)
        starts = {period.effective_from: period for period in old.periods} if old else {}
        for period in line.periods:
            same = starts.get(period.effective_from)
            if same is not None and replace(same, effective_to=period.effective_to) == period:
                continue
            yield NormChange(
                territory=after.label,
                label=line.label,
                before=_figure_before(before, line, period, same),
                after=figure(line, period),
                first=period.effective_from,
                last=period.effective_to,
                source=period.source,
                activities=line.activities,
                programme=after.programme,
            )


def _figure_before(before: Norms | None, line: NormLine, period: NormPeriod, same: NormPeriod | None) -> str:
    """The figures for the activities of the line on the day before the new one, or the one that it corrects."""
    if same is not None:
        return figure(line, same)
    day = period.effective_from - timedelta(days=1)
    figures = [
        figure(old, old_period)
        for old in (before.lines if before else ())
        if not old.part and set(old.activities) & set(line.activities)
        for old_period in old.periods
        if in_force(old_period, day)
    ]
    return "; ".join(dict.fromkeys(figures)) or _NONE


def _amount(workspace: Workspace, proposal: Any) -> int | None:
    norm = ceilings.of_proposal(workspace, proposal).ceiling
    return norm.amount if norm else None


def _all_activities(workspace: Workspace) -> list[str]:
    return [activity.code for activity in workspace.forms.activities]


def _printed_change(change: NormChange) -> dict[str, str]:
    names = ("territory", "label", "before", "after", "days", "source")
    return {name: str(getattr(change, name)) for name in names}


def _printed_proposal(proposal: TouchedProposal) -> dict[str, str]:
    amounts = {name: amount_text(getattr(proposal, name)) for name in ("requested", "before", "after")}
    return {"title": proposal.title, "over": amount_text(proposal.over) if proposal.over else "–"} | amounts
