"""«6 đề án này sẽ phải trả kinh phí»: what a rule of `forms/warnings.toml` names, and the draft against it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.regulations.early_warnings import EarlyWarning, Sign, rules_on
from kcdesk.runtime.frozen import Value
from kcdesk.services.records import changing, reading
from kcdesk.services.records.changing import Changes
from kcdesk.services.warnings.facts import facts_of
from kcdesk.services.warnings.traces import Traces, traces_of
from kcdesk.services.workspace import Workspace


class EndangeredProposal(Value, kw_only=True):
    """A proposal that a rule names: its signs in words, the heaviest first, and until when an adjustment helps."""

    id: str
    title: str
    unit: str
    unit_name: str
    points: int
    signs: tuple[str, ...]
    facts: Mapping[str, Any]
    adjustment: str  # id of the request that was made already, "" for none

    @property
    def adjust_by(self) -> date | None:
        """The last day on which an adjustment should be asked for."""
        day = self.facts.get("adjust_by")
        return day if isinstance(day, date) else None

    @property
    def sentence(self) -> str:
        """The signs in one sentence."""
        return text.upper_first("; ".join(self.signs)) + "."

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        names = ("id", "title", "unit", "unit_name", "points", "adjustment")
        facts = {name: value.isoformat() if isinstance(value, date) else value for name, value in self.facts.items()}
        return {**{name: getattr(self, name) for name in names}, "signs": list(self.signs), "facts": facts}


class Foresight(Value, kw_only=True):
    """What one rule says on a day: the proposals that it names, those with the least time first."""

    rule: EarlyWarning
    on: date
    proposals: tuple[EndangeredProposal, ...]
    looked_at: int  # the number of proposals that it looked at

    @property
    def sentence(self) -> str:
        """«6 đề án này sẽ phải trả kinh phí»."""
        return self.rule.text.replace("{count}", text.format_integer(len(self.proposals)))

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "name": self.rule.id,
            "label": self.rule.label,
            "text": self.sentence,
            "on": self.on.isoformat(),
            "source": self.rule.source,
            "unverified": self.rule.unverified,
            "looked_at": self.looked_at,
            "proposals": [proposal.as_json() for proposal in self.proposals],
        }


def foresights(workspace: Workspace, on: date | None = None) -> list[Foresight]:
    """What each rule in force says on a day; without `on`, on the laptop's today."""
    day = on or workspace.today()
    return [_foresight(workspace, rule, day) for rule in rules_on(workspace.warnings, day)]


def begin_draft(workspace: Workspace, rule: EarlyWarning, proposal: EndangeredProposal) -> str:
    """The id of the request against a warning: the one that was made already, else one that is begun now."""
    return proposal.adjustment or changing.begin(workspace, rule.draft, _draft_values(workspace, rule, proposal))


def write_draft(workspace: Workspace, id_: str) -> Changes:
    """Write the draft for a proposal that a rule names; UserError `not_warned`, `has_draft`."""
    for foresight in foresights(workspace):
        for proposal in foresight.proposals:
            if proposal.id != id_:
                continue
            if proposal.adjustment:
                hint = f"Hãy mở đề nghị đã có: {proposal.adjustment}."
                raise UserError("Đề án đã có đề nghị điều chỉnh chưa quyết định.", code="has_draft", hint=hint)
            values = _draft_values(workspace, foresight.rule, proposal)
            return changing.add(workspace, foresight.rule.draft, values)
    raise UserError("Đề án này không có trong danh sách cảnh báo.", code="not_warned", hint="Xem: kcdesk warnings.")


def _draft_values(workspace: Workspace, rule: EarlyWarning, proposal: EndangeredProposal) -> dict[str, Any]:
    parent = workspace.forms.current(rule.draft, workspace.today()).parent
    note = {rule.draft_note: proposal.sentence} if rule.draft_note else {}
    return {parent: proposal.id, **rule.draft_values, **note}


def _foresight(workspace: Workspace, rule: EarlyWarning, on: date) -> Foresight:
    every = traces_of(workspace, rule, on)
    named = []
    unit_names = reading.unit_names(workspace)
    for traces in every:
        facts = facts_of(traces, rule, on)
        signs = rule.holding(facts)
        if rule.names(signs):
            named.append(_endangered(workspace, traces, facts, signs, unit_names))
    named.sort(key=lambda proposal: (proposal.facts.get("days_to_adjust", 0), -proposal.points, proposal.id))
    return Foresight(rule=rule, on=on, proposals=tuple(named), looked_at=len(every))


def _endangered(
    workspace: Workspace, traces: Traces, facts: Mapping[str, Any], signs: list[Sign], unit_names: Mapping[str, str]
) -> EndangeredProposal:
    return EndangeredProposal(
        id=traces.id,
        title=reading.title_of(workspace, traces.id),
        unit=traces.unit,
        unit_name=unit_names.get(traces.unit, traces.unit),
        points=sum(sign.points for sign in signs),
        signs=tuple(sign.text.format_map(_in_words(facts)) for sign in signs),
        facts=facts,
        adjustment=traces.adjustment,
    )


class _Words(dict[str, str]):
    """The facts as texts; what is not known is a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def _in_words(facts: Mapping[str, Any]) -> _Words:
    return _Words({name: _shown(value) for name, value in facts.items()})


def _shown(value: object) -> str:
    if isinstance(value, date):
        return text.format_date(value)
    return text.format_integer(value) if isinstance(value, int) else str(value)
