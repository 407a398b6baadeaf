"""Conditions of support as an officer types them: who may be supported from a day on, and what the officer is told."""

from __future__ import annotations

from typing import Any, cast

import tomlkit
from tomlkit.items import AoT

from kcdesk import text
from kcdesk.formdef.loading.definition_files import ELIGIBILITY
from kcdesk.formdef.model import Field
from kcdesk.formdef.regulations.eligibility import FACTS, EligibilityPeriod, EligibilityRule
from kcdesk.services.rulebook.drafts.condition_words import ConditionWords
from kcdesk.services.rulebook.drafts.periods import end_before, present_period
from kcdesk.services.rulebook.drafts.rule_entries import (
    NEW,
    SOURCE_FIELDS,
    DraftFiles,
    EntryField,
    RuleEntry,
    RuleSubject,
    activity_codes,
    free_name,
    refused,
    table_of,
)
from kcdesk.services.workspace import Workspace

_CONDITIONS = {"ok_when": "Đạt khi", "unknown_when": "Chưa rõ khi", "fail_when": "Không đạt khi"}
_SENTENCES = {"ok": "Câu khi đạt", "fail": "Câu khi không đạt", "unknown": "Câu khi chưa rõ"}
_LINES = "mỗi dòng một trường hợp: Số lao động bình quân năm không quá 200; Tổng nguồn vốn không quá 100 tỷ"


class EligibilitySubject(RuleSubject):
    """The rules that judge a beneficiary, period by period."""

    name = "eligibility"
    label = "Điều kiện hỗ trợ"
    button = "Nhập điều kiện hỗ trợ…"
    about = (
        "Đối tượng, địa bàn, quy mô, ngành nghề và điều kiện khác, theo nghị định, thông tư mới. Mỗi dòng ở «Đạt khi» "
        "là một trường hợp; các vế trên một dòng cách nhau bằng dấu chấm phẩy đều phải đúng. Để trống «Đạt khi»: cán "
        "bộ tự xét."
    )

    def targets(self, workspace: Workspace) -> list[tuple[str, str]]:
        """Each rule, with its activities where rules have the same name, and a new one."""
        return [*((rule.id, _label(workspace, rule)) for rule in workspace.eligibility), (NEW, "Điều kiện mới")]

    def fields(self, _workspace: Workspace, target: str) -> tuple[EntryField, ...]:
        """Conditions and sentences; for a new rule also its name and activities."""
        own = (
            EntryField(name="label", label="Tên điều kiện", hint="Quy mô"),
            EntryField(name="activities", label="Nội dung hoạt động, mỗi dòng một; trống: mọi nội dung", lines=True),
        )
        asked = _CONDITIONS.items()
        conditions = (EntryField(name=name, label=label, hint=_LINES, lines=True) for name, label in asked)
        sentences = (EntryField(name=name, label=label, lines=True) for name, label in _SENTENCES.items())
        return (*(own if target == NEW else ()), *conditions, *sentences, *SOURCE_FIELDS)

    def present(self, workspace: Workspace, target: str) -> str:
        """The source of the period of today."""
        period = _period(workspace, target)
        if period is None:
            return ""
        basis = workspace.forms.basis(period.source, unverified=period.unverified, on=workspace.today())
        return f"{basis}; từ {text.format_date(period.effective_from)}"

    def started(self, workspace: Workspace, target: str) -> dict[str, str]:
        """Conditions and sentences of today."""
        period, words = _period(workspace, target), _words(workspace)
        if period is None:
            return {}
        started = {name: words.in_words(getattr(period, name)) for name in _CONDITIONS}
        return started | {name: getattr(period, name) for name in _SENTENCES}

    def enter(self, files: DraftFiles, entry: RuleEntry) -> None:
        """Add a period to a rule, or a new rule."""
        document = files.document(ELIGIBILITY)
        rules = cast("AoT", document["rule"])
        period = _values(files.workspace, entry)
        if entry.target == NEW:
            rules.append(_new_rule(files.workspace, entry, [str(rule["id"]) for rule in rules], period))
            return
        rule = next(rule for rule in rules if rule["id"] == entry.target)
        periods = cast("AoT", rule["period"])
        end_before(periods[-1], entry.first, "quy định")
        periods.append(table_of({}, period))

    def described(self, workspace: Workspace, entry: RuleEntry) -> str:
        """Which condition, since when, by which text."""
        label = entry.text("label") or dict(self.targets(workspace)).get(entry.target, "")
        return f"{label}; từ {text.format_date(entry.first)}; {entry.source}"

    def check(self, would_be: Workspace, _entry: RuleEntry) -> None:
        """Read the rules as they would be."""
        _ = would_be.eligibility


def _values(workspace: Workspace, entry: RuleEntry) -> dict[str, Any]:
    words = _words(workspace)
    values: dict[str, Any] = {"effective_from": entry.first, "effective_to": entry.last, "source": entry.source}
    for name in _CONDITIONS:
        try:
            values[name] = [_inline(condition) for condition in words.read(entry.lines(name))] or None
        except ValueError as error:
            raise refused(name, str(error)) from None
    sentences = {name: " ".join(entry.lines(name)) for name in _SENTENCES}
    _refuse_sentences(values, sentences)
    asked = dict.fromkeys(name for entry_ in values["ok_when"] or () for name in entry_ if name not in FACTS)
    values["needs"] = _needs(workspace, entry, [*asked])
    return values | {name: sentence or None for name, sentence in sentences.items()}


def _refuse_sentences(values: dict[str, Any], sentences: dict[str, str]) -> None:
    if not sentences["unknown"]:
        raise refused("unknown", "Chưa ghi câu khi chưa rõ: cán bộ cần biết phải xem gì.")
    for name in ("ok", "fail"):
        if values["ok_when"] and not sentences[name]:
            raise refused(name, "Có «Đạt khi» thì phải ghi cả câu khi đạt và câu khi không đạt.")


def _needs(workspace: Workspace, entry: RuleEntry, asked: list[str]) -> list[str] | None:
    """The fields without which «không đạt» cannot be said: those of the period before that still count, else all."""
    before = _period(workspace, entry.target)
    kept = [name for name in before.needs if name in asked] if before is not None else []
    return kept or asked or None


def _inline(condition: dict[str, Any]) -> Any:
    """A condition as the file writes it, on one line."""
    table = tomlkit.inline_table()
    for name, wanted in condition.items():
        table[name] = _inline(wanted) if isinstance(wanted, dict) else wanted
    return table


def _new_rule(workspace: Workspace, entry: RuleEntry, used: list[str], period: dict[str, Any]) -> Any:
    if not entry.text("label"):
        raise refused("label", "Chưa ghi tên điều kiện.")
    rule = table_of({"id": free_name(entry.text("label"), used), "label": entry.text("label")}, {})
    if codes := activity_codes(workspace, entry):
        rule["activities"] = codes
    periods = tomlkit.aot()
    periods.append(table_of({}, period))
    rule["period"] = periods
    return rule


def _words(workspace: Workspace) -> ConditionWords:
    form = workspace.forms.current("beneficiary", workspace.today())
    fields: dict[str, Field] = {field.name: field for field in form.fields} | dict(FACTS)
    return ConditionWords(workspace.forms, fields)


def _period(workspace: Workspace, target: str) -> EligibilityPeriod | None:
    rule = next((rule for rule in workspace.eligibility if rule.id == target), None)
    return present_period(rule.periods, workspace.today()) if rule else None


def _label(workspace: Workspace, rule: EligibilityRule) -> str:
    same = [other for other in workspace.eligibility if other.label == rule.label]
    first = workspace.forms.activity(rule.activities[0]).label if rule.activities and len(same) > 1 else ""
    return f"{rule.label} ({first}…)" if first else rule.label
