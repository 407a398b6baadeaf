"""The rules of procedure: who decides an adjustment, the questions of an appraisal, advances and their papers.

They are in `forms/rules/` and are read at first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk.formdef.conditions import holds
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import refuse_faults
from kcdesk.formdef.loading.form_checks import check_condition, check_distinct, check_name
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.model import ChecklistItem, Condition, Field
from kcdesk.formdef.regulations.norms import Caution, Dated, check_periods, in_force
from kcdesk.runtime.frozen import Value, field

AUTHORITIES = "adjustment_authorities"  # the shared list of choices for `decided_by`

# Names that the condition of an authority may use besides the fields of an adjustment.
FACTS: Mapping[str, Field] = {
    name: Field(name=name, type="yes_no", label="") for name in ("raises_support", "into_next_year")
}


class Authority(Value, kw_only=True):
    """The authority that decides the adjustments for which the condition holds."""

    id: str
    label: str
    decided_by: str
    effective_from: date
    effective_to: date | None = None
    when: Condition = field(default_factory=dict)  # on the adjustment, with FACTS
    source: str
    unverified: bool = False


class Advance(Value, kw_only=True):
    """The share of the support that may be paid before acceptance, and the papers required."""

    id: str
    label: str
    activities: tuple[str, ...]
    rate: int | None = None  # percent of the support; None: the text names papers, but no rate
    progress_above: int = 0  # percent of the work that must be done; 0: no condition
    effective_from: date
    effective_to: date | None = None
    source: str
    unverified: bool = False
    papers: tuple[ChecklistItem, ...] = ()


class AdvanceLimit(Value, kw_only=True):
    """The most that all advances before acceptance may be together, whatever the activity."""

    id: str
    label: str
    rate: int  # percent of the support
    effective_from: date
    effective_to: date | None = None
    source: str
    unverified: bool = False


class SettlementRule(Value, kw_only=True):
    """The papers of a settlement; its deadline is in the calendar."""

    effective_from: date
    effective_to: date | None = None
    source: str
    unverified: bool = False
    papers: tuple[ChecklistItem, ...] = ()


class _Authorities(Value, kw_only=True):
    rules: tuple[Authority, ...] = ()


class _Criteria(Value, kw_only=True):
    questions: tuple[ChecklistItem, ...] = ()


class _Payments(Value, kw_only=True):
    cautions: tuple[Caution, ...] = ()
    advance_limits: tuple[AdvanceLimit, ...] = ()
    advances: tuple[Advance, ...] = ()
    settlements: tuple[SettlementRule, ...] = ()


FILES: Mapping[str, type] = {"authorities": _Authorities, "criteria": _Criteria, "payments": _Payments}


class Procedures(Value):
    """All rules of procedure."""

    authorities: tuple[Authority, ...]
    criteria: tuple[ChecklistItem, ...]
    cautions: tuple[Caution, ...]
    advance_limits: tuple[AdvanceLimit, ...]
    advances: tuple[Advance, ...]
    settlements: tuple[SettlementRule, ...]

    def authority(self, values: Mapping[str, Any], on: date) -> Authority | None:
        """The authority for an adjustment with these values; None if no rule applies."""
        rules = (rule for rule in self.authorities if in_force(rule, on) and holds(rule.when, values))
        return next(rules, None)

    def advance(self, activity: str, on: date) -> Advance | None:
        """The rule for advances of an activity; None if the agency decides (khoản 2 Điều 16 TT 36/2013)."""
        rules = (rule for rule in self.advances if in_force(rule, on) and activity in rule.activities)
        return next(rules, None)

    def advance_limit(self, on: date) -> AdvanceLimit | None:
        """The limit of all advances together on a day, or None."""
        return next((rule for rule in self.advance_limits if in_force(rule, on)), None)

    def settlement(self, on: date) -> SettlementRule | None:
        """The rule for settlements on a day, or None."""
        return next((rule for rule in self.settlements if in_force(rule, on)), None)

    def warnings(self, values: Mapping[str, Any], on: date) -> list[str]:
        """The cautions about rules of payment that could not be verified."""
        return [entry.text for entry in self.cautions if entry.effective_from <= on and holds(entry.when, values)]


def load(folder: Path, forms: Forms) -> Procedures:
    """Read the rules of a folder; FormsError lists all faults."""
    return _Folder(folder, forms).load()


class _Folder:
    def __init__(self, folder: Path, forms: Forms) -> None:
        self.folder = folder
        self.forms = forms
        self.faults = Faults()

    def load(self) -> Procedures:
        authorities = read_definition(self.folder, "rules/authorities.toml", _Authorities, self.faults).rules
        criteria = read_definition(self.folder, "rules/criteria.toml", _Criteria, self.faults).questions
        payments = read_definition(self.folder, "rules/payments.toml", _Payments, self.faults)
        self._check_authorities(authorities)
        self._check_payments(payments)
        check_distinct(self.faults, "rules/criteria.toml", "", "mã", (entry.code for entry in criteria))
        refuse_faults(self.faults, self.folder)
        return Procedures(
            authorities,
            criteria,
            payments.cautions,
            payments.advance_limits,
            payments.advances,
            payments.settlements,
        )

    def _check_authorities(self, rules: Sequence[Authority]) -> None:
        file = "rules/authorities.toml"
        self._check_ids(file, rules)
        known = [choice.value for choice in self.forms.choices(_choice(AUTHORITIES))]
        for rule in rules:
            if rule.decided_by not in known:
                self.faults.unknown(file, rule.id, "decided_by: cơ quan", rule.decided_by, known)
            self._check_condition(file, rule.id, rule.when, self._fields("adjustment") | dict(FACTS))

    def _check_payments(self, payments: _Payments) -> None:
        file = "rules/payments.toml"
        self._check_ids(file, payments.advances)
        self._check_ids(file, payments.advance_limits)
        self._check_advances(file, payments.advances)
        if payments.settlements:
            check_periods(self.faults, file, "settlement", payments.settlements)
        codes = {activity.code for activity in self.forms.activities}
        for advance in payments.advances:
            for code in set(advance.activities) - codes:
                self.faults.unknown(file, advance.id, "nội dung hoạt động", code, codes)
            self._check_papers(file, advance.id, advance.papers, self._fields("payment"))
        for rule in payments.settlements:
            self._check_papers(file, "settlement", rule.papers, self._fields("settlement"))
        for caution in payments.cautions:
            self._check_condition(file, "caution", caution.when, self._fields("payment"))

    def _check_ids(self, file: str, rules: Iterable[Authority | Advance | AdvanceLimit]) -> None:
        """Check that rules of the same id have consecutive periods; a change of the text begins a new period."""
        periods: dict[str, list[Authority | Advance | AdvanceLimit]] = {}
        for rule in rules:
            periods.setdefault(rule.id, []).append(rule)
        for id_, following in periods.items():
            check_name(self.faults, file, id_, id_)
            check_periods(self.faults, file, id_, following)

    def _check_advances(self, file: str, advances: Sequence[Advance]) -> None:
        """Check that an activity has only one rate on a day."""
        for number, advance in enumerate(advances):
            for other in advances[:number]:
                both = sorted(set(advance.activities) & set(other.activities)) if _overlap(advance, other) else []
                if both and advance.id != other.id:
                    message = f"nội dung “{both[0]}” đã có tỷ lệ tạm ứng trong cùng thời gian ở “{other.id}”"
                    self.faults.add(file, advance.id, message, "hãy bỏ nội dung đó, hoặc ghi ngày hết hiệu lực")

    def _check_papers(
        self, file: str, place: str, papers: Sequence[ChecklistItem], fields: Mapping[str, Field]
    ) -> None:
        check_distinct(self.faults, file, place, "mã giấy tờ", (paper.code for paper in papers))
        for paper in papers:
            self._check_condition(file, f"{place}/{paper.code}", paper.when, fields)

    def _check_condition(self, file: str, place: str, when: Condition, fields: Mapping[str, Field]) -> None:
        check_condition(self.faults, file, place, when, fields, self.forms)

    def _fields(self, kind: str) -> dict[str, Field]:
        return {field.name: field for form in self.forms.versions_of(kind) for field in form.fields}


def _overlap(left: Dated, right: Dated) -> bool:
    first, second = sorted((left, right), key=lambda entry: entry.effective_from)
    return first.effective_to is None or second.effective_from <= first.effective_to


def _choice(name: str) -> Field:
    return Field(name=name, type="choice", label="", choices_from=name)
