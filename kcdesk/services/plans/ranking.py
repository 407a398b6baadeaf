"""The order of a year plan as it is decided about: unit, beneficiary, state and money of each row, and the cut line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.plans import lines
from kcdesk.services.plans.plan_decisions import Blocked
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer


class RankLine(Value, kw_only=True):
    """A row of a plan; `above_cut` is False below the line where the budget ends, `blocked` says why it cannot take the
    decision, money in đồng."""

    row: str
    proposal: str
    number: int
    title: str
    unit: str
    beneficiaries: str
    code: str
    state: str
    support: int
    remaining: int | None
    why: str
    fits: bool
    blocked: str = ""


def ranking(workspace: Workspace, plan: Record, blocked: Iterable[Blocked]) -> list[RankLine]:
    """The rows of a plan in their order; `blocked` are the proposals that cannot take its decision."""
    units = reading.unit_names(workspace)
    reasons = {line.proposal: line.why for line in blocked}
    return [
        _line(workspace, plan, row, number, units, reasons) for number, row in enumerate(plan.rows("entries"), start=1)
    ]


def cut_after(ranked: list[RankLine]) -> int | None:
    """After how many rows the budget ends; None if all of them fit."""
    over = (place for place, line in enumerate(ranked) if line.remaining is not None and line.remaining < 0)
    return next((place for place in over if not ranked[place].fits), None)


def cut_sentence(plan: Record, ranked: list[RankLine]) -> str:
    """«— hết kinh phí 600.000.000 đồng —»; what is left where all rows fit; "" without a budget."""
    budget = plan.value("budget")
    if not isinstance(budget, int) or not ranked:
        return ""
    if cut_after(ranked) is not None:
        return f"— hết kinh phí {format_integer(budget)} đồng —"
    left = budget - sum(line.support for line in ranked if line.fits)
    return f"— còn lại {format_integer(left)} đồng trong {format_integer(budget)} đồng —"


def _line(
    workspace: Workspace,
    plan: Record,
    row: dict[str, Any],
    number: int,
    units: dict[str, str],
    blocked: dict[str, str],
) -> RankLine:
    stored = lines.living_proposal(workspace, str(row.get("proposal", "")))
    proposal = stored.record(workspace.forms) if stored else None
    support = row.get("support")
    notes = (str(row.get("priority", "")), lines.why_not(plan, row))
    return RankLine(
        row=row["id"],
        proposal=stored.id if stored else "",
        number=number,
        title=proposal.title() if proposal else lines.nameless(row),
        unit=units.get(stored.unit, stored.unit) if stored else "",
        beneficiaries=lines.beneficiaries_of(workspace, proposal) if proposal else "",
        code=proposal.text("code") if proposal else "",
        state=workspace.forms.workflow("proposal").state(proposal.state).label if proposal else "",
        support=support if isinstance(support, int) else 0,
        remaining=row.get("remaining"),
        why="; ".join(filter(None, notes)) or "theo thứ tự đăng ký",
        fits=lines.fits(row),
        blocked=blocked.get(stored.id, "") if stored else "",
    )
