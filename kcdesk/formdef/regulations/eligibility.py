"""Eligibility for support: the dated rules of `forms/eligibility.toml`, evaluated for a beneficiary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from kcdesk.formdef.conditions import holds
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import ELIGIBILITY, refuse_faults
from kcdesk.formdef.loading.form_checks import check_condition, check_distinct, check_name
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.model import Condition, Field
from kcdesk.formdef.regulations.governing_days import topics_of
from kcdesk.formdef.regulations.norms import check_periods, in_force
from kcdesk.formdef.values import is_blank
from kcdesk.runtime.frozen import Value, field

EligibilityStatus = Literal["ok", "fail", "unknown"]

NO_DAYS: Mapping[str, date] = MappingProxyType({})

# Names that conditions may use besides the fields of a beneficiary.
FACTS: Mapping[str, Field] = {
    "activity": Field(name="activity", type="choice", label="Nội dung hoạt động", choices_from="activities")
}


class EligibilityPeriod(Value, kw_only=True):
    """A rule while one legal text is in force; without `ok_when`, only an officer can decide it.

    Of each list of conditions one must hold; `ok_when` goes before `unknown_when`, that before `fail_when`.
    """

    effective_from: date
    effective_to: date | None = None
    source: str
    needs: tuple[str, ...] = ()  # fields that must be filled before the result can be "fail"
    ok_when: tuple[Condition, ...] = ()
    unknown_when: tuple[Condition, ...] = ()  # an officer decides, although all fields are filled
    fail_when: tuple[Condition, ...] = ()  # it fails, although not all fields are filled
    ok: str = ""
    fail: str = ""
    unknown: str
    unverified: bool = False


class EligibilityRule(Value, kw_only=True):
    """One condition for support, with its periods."""

    id: str
    label: str
    topic: str = ""  # of governing_days.toml, where it has one of its own: `territory`, `size`
    activities: tuple[str, ...] = ()  # empty: all activities
    when: Condition = field(default_factory=dict)  # on the beneficiary: whether the rule applies
    periods: tuple[EligibilityPeriod, ...] = ()


class EligibilityRules(Value, kw_only=True):
    """The content of `forms/eligibility.toml`."""

    rules: tuple[EligibilityRule, ...] = ()


class Finding(Value):
    """The result of one rule for one beneficiary."""

    label: str
    status: EligibilityStatus
    text: str
    source: str
    unverified: bool


def load(folder: Path, forms: Forms) -> tuple[EligibilityRule, ...]:
    """Read the rules of a folder; FormsError lists all faults."""
    faults = Faults()
    rules = read_definition(folder, ELIGIBILITY, EligibilityRules, faults).rules
    check_distinct(faults, ELIGIBILITY, "", "mã", (rule.id for rule in rules))
    for rule in rules:
        _check(rule, ELIGIBILITY, forms, faults)
    refuse_faults(faults, folder)
    return rules


def judge(
    rules: Sequence[EligibilityRule], values: Mapping[str, Any], on: date, days: Mapping[str, date] = NO_DAYS
) -> Iterator[Finding]:
    """Yield the result of every rule in force on a day; `values` are those of the beneficiary, with `activity`.

    `days` are those of the topics that have another day.
    """
    for rule in rules:
        day = days.get(rule.topic, on)
        applies = not rule.activities or values.get("activity") in rule.activities
        if applies and holds(rule.when, values):
            for period in rule.periods:
                if in_force(period, day):
                    status = _status(period, values)
                    sentence = {"ok": period.ok, "fail": period.fail, "unknown": period.unknown}[status]
                    yield Finding(rule.label, status, sentence, period.source, period.unverified)


def _status(period: EligibilityPeriod, values: Mapping[str, Any]) -> EligibilityStatus:
    if any(holds(condition, values) for condition in period.ok_when):
        return "ok"
    if any(holds(condition, values) for condition in period.unknown_when):
        return "unknown"
    if any(holds(condition, values) for condition in period.fail_when):
        return "fail"
    undecided = not period.ok_when or any(is_blank(values.get(name)) for name in period.needs)
    return "unknown" if undecided else "fail"


def _check(rule: EligibilityRule, file: str, forms: Forms, faults: Faults) -> None:
    check_name(faults, file, rule.id, rule.id)
    topics = [topic.id for topic in topics_of(forms)]
    if rule.topic and rule.topic not in topics:
        faults.unknown(file, rule.id, "topic: chủ đề", rule.topic, topics)
    check_periods(faults, file, rule.id, rule.periods)
    versions = forms.versions_of("beneficiary")
    fields = {field.name: field for form in versions for field in form.fields} | dict(FACTS)
    codes = {activity.code for activity in forms.activities}
    for code in set(rule.activities) - codes:
        faults.unknown(file, rule.id, "nội dung hoạt động", code, codes)
    check_condition(faults, file, rule.id, rule.when, fields, forms)
    for number, period in enumerate(rule.periods, start=1):
        place = f"{rule.id}/period {number}"
        for condition in (*period.ok_when, *period.unknown_when, *period.fail_when):
            check_condition(faults, file, place, condition, fields, forms)
        for name in period.needs:
            if name not in fields:
                faults.unknown(file, place, "needs: ô", name, fields)
        if period.ok_when and not (period.ok and period.fail):
            faults.add(file, place, "có “ok_when” thì phải có “ok” và “fail”")
