"""Advances and settlements as an officer types them: rates, limits and the papers that are required."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

from tomlkit.items import AoT

from kcdesk import notations, text
from kcdesk.formdef.regulations.procedures import Advance, AdvanceLimit, SettlementRule
from kcdesk.services.rulebook.drafts.periods import present_period
from kcdesk.services.rulebook.drafts.rule_entries import (
    NEW,
    SOURCE_FIELDS,
    DraftFiles,
    EntryField,
    RuleEntry,
    RuleSubject,
    activity_codes,
    add_period,
    free_name,
    refused,
)
from kcdesk.services.workspace import Workspace

FILE = "rules/payments.toml"
_LIMIT, _SETTLEMENT = "limit:", "settlement"
_LIMIT_LABEL = "Tạm ứng trước nghiệm thu"
_RATE = EntryField(name="rate", label="Tỷ lệ tối đa (%)", hint="70; để trống: văn bản không ghi tỷ lệ")
_PROGRESS = EntryField(name="progress_above", label="Khi đã làm trên (%)", hint="để trống: không có điều kiện")
_PAPERS = EntryField(name="papers", label="Giấy tờ, mỗi dòng một loại", lines=True)
_LABEL = EntryField(name="label", label="Tên gọi", hint="Đào tạo nghề, truyền nghề")
_ACTIVITIES = EntryField(name="activities", label="Nội dung hoạt động, mỗi dòng một nội dung", lines=True)
_EXAMPLES = (
    EntryField(name="support", label="Ví dụ: hỗ trợ (đồng)", hint="200 triệu"),
    EntryField(name="advance", label="thì tạm ứng tối đa (đồng)", hint="140 triệu"),
)


class PaymentSubject(RuleSubject):
    """Rates of advances by activity, the limit of all of them, the papers of advances and settlements."""

    name = "payments"
    label = "Tạm ứng, quyết toán"
    button = "Nhập tạm ứng, quyết toán…"
    about = (
        "Tỷ lệ và giấy tờ tạm ứng theo nội dung, giới hạn chung, giấy tờ quyết toán, theo thông tư mới hay quyết định "
        "của tỉnh. Quy định mới kết thúc quy định cũ vào ngày liền trước."
    )

    def targets(self, workspace: Workspace) -> list[tuple[str, str]]:
        """Each rate, the limit, the papers of a settlement, a new rate."""
        rules = workspace.procedures
        listed = {rule.id: f"Tạm ứng: {rule.label}" for rule in rules.advances}
        listed |= {f"{_LIMIT}{rule.id}": f"Giới hạn chung: {rule.label}" for rule in rules.advance_limits}
        return [*listed.items(), (_SETTLEMENT, "Giấy tờ của hồ sơ quyết toán"), (NEW, "Tỷ lệ tạm ứng mới")]

    def fields(self, _workspace: Workspace, target: str) -> tuple[EntryField, ...]:
        """The fields of a rate, of the limit, or of the papers of a settlement."""
        if target == _SETTLEMENT:
            return (_PAPERS, *SOURCE_FIELDS)
        if target.startswith(_LIMIT):
            return (_RATE, *SOURCE_FIELDS)
        return (_LABEL, _ACTIVITIES, _RATE, _PROGRESS, _PAPERS, *SOURCE_FIELDS, *_EXAMPLES)

    def present(self, workspace: Workspace, target: str) -> str:
        """Rate, papers and source of today."""
        rule = _rule(workspace, target)
        if rule is None:
            return "" if target == NEW else "chưa có quy định nào"
        rate = getattr(rule, "rate", None)
        parts = [f"không quá {rate}%"] if rate is not None else []
        parts += [paper.item for paper in getattr(rule, "papers", ())]
        since = f"từ {text.format_date(rule.effective_from)}"
        return f"{'; '.join(parts) or 'không ghi tỷ lệ'} ({rule.source}, {since})"

    def started(self, workspace: Workspace, target: str) -> dict[str, str]:
        """The rule of today."""
        rule = _rule(workspace, target)
        if rule is None:
            return {}
        started = {"papers": "\n".join(paper.item for paper in getattr(rule, "papers", ()))}
        for name in ("label", "rate", "progress_above"):
            started[name] = str(getattr(rule, name, "") or "")
        labels = (workspace.forms.activity(code).label for code in getattr(rule, "activities", ()))
        return started | {"activities": "\n".join(labels)}

    def enter(self, files: DraftFiles, entry: RuleEntry) -> None:
        """Add a period of the rule behind the one in force, or a new rule."""
        entries = cast("AoT", files.document(FILE)[_list_of(entry.target)])
        used = [str(each.get("id")) for each in entries]
        add_period(
            entries,
            entry,
            "quy định",
            new_id=free_name(entry.text("label") or entry.target.removeprefix(_LIMIT), used),
            is_same=lambda each: _is_before(each, entry),
            values=lambda before: _values(files.workspace, entry, before),
        )

    def described(self, workspace: Workspace, entry: RuleEntry) -> str:
        """Rate, days and source."""
        label = entry.text("label") or dict(self.targets(workspace)).get(entry.target, "")
        rate = f"không quá {entry.text('rate')}%" if entry.text("rate") else f"{len(entry.lines('papers'))} giấy tờ"
        return f"{label}: {rate}; từ {text.format_date(entry.first)}; {entry.source}"

    def check(self, would_be: Workspace, entry: RuleEntry) -> None:
        """Work the example: the rate of the support, rounded down to the đồng."""
        procedures = would_be.procedures
        support, expected = (entry.read(name, notations.parse_money) for name in ("support", "advance"))
        if support is None and expected is None:
            return
        if support is None or expected is None:
            raise refused("support", "Ví dụ cần đủ hai số: hỗ trợ, và tạm ứng tối đa.")
        codes = activity_codes(would_be, entry)
        rule = procedures.advance(codes[0], entry.first) if codes else None
        comes_out = support * rule.rate // 100 if rule is not None and rule.rate is not None else None
        if comes_out != expected:
            shown = "không có tỷ lệ" if comes_out is None else f"{text.format_integer(comes_out)} đồng"
            raise refused("advance", f"Ví dụ tính ra {shown}, không phải {text.format_integer(expected)} đồng.")


def _values(workspace: Workspace, entry: RuleEntry, before: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"source": entry.source, "effective_from": entry.first, "effective_to": entry.last}
    values["unverified"] = None
    rate = entry.number("rate")
    if rate is not None and not 0 < rate <= 100:
        raise refused("rate", "Tỷ lệ phải lớn hơn 0 và không quá 100 %.")
    if entry.target.startswith(_LIMIT):
        if rate is None:
            raise refused("rate", "Chưa ghi tỷ lệ.")
        return values | {"rate": rate, "label": before.get("label") or _LIMIT_LABEL}
    values["paper"] = _papers(entry, before) or None
    if entry.target == _SETTLEMENT:
        if not values["paper"]:
            raise refused("papers", "Chưa ghi giấy tờ nào.")
        return values
    progress, codes = entry.number("progress_above"), activity_codes(workspace, entry)
    if progress is not None and progress > 100:
        raise refused("progress_above", "Khối lượng không quá 100 %.")
    if rate is None and not values["paper"]:
        raise refused("rate", "Chưa ghi tỷ lệ và chưa ghi giấy tờ nào.")
    if not entry.text("label"):
        raise refused("label", "Chưa ghi tên gọi.")
    if not codes:
        raise refused("activities", "Chưa ghi nội dung hoạt động nào.")
    _refuse_other_rate(workspace, entry, codes)
    return values | {"label": entry.text("label"), "activities": codes, "rate": rate, "progress_above": progress}


def _refuse_other_rate(workspace: Workspace, entry: RuleEntry, codes: list[str]) -> None:
    """An activity has one rate on a day."""
    for rule in workspace.procedures.advances:
        lasts = rule.effective_to is None or rule.effective_to >= entry.first
        both = [code for code in codes if code in rule.activities]
        if rule.id != entry.target and lasts and both:
            label = workspace.forms.activity(both[0]).label
            raise refused("activities", f"«{label}» đã có tỷ lệ ở «{rule.label}»; hãy sửa quy định ấy trước.")


def _papers(entry: RuleEntry, before: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The papers by line; one that was there keeps its code and its condition."""
    known = {text.fold(str(paper["item"])): dict(paper) for paper in before.get("paper", ())}
    used = [str(paper["code"]) for paper in known.values()]
    papers = []
    for line in entry.lines("papers"):
        paper = known.get(text.fold(line)) or {"code": free_name(line, used), "item": line}
        used.append(str(paper["code"]))
        papers.append(paper)
    return papers


def _rule(workspace: Workspace, target: str) -> Advance | AdvanceLimit | SettlementRule | None:
    """The period of a rule that is in force today, else its last one."""
    rules = workspace.procedures
    if target == _SETTLEMENT:
        periods: list[Any] = list(rules.settlements)
    elif target.startswith(_LIMIT):
        periods = [rule for rule in rules.advance_limits if rule.id == target.removeprefix(_LIMIT)]
    else:
        periods = [rule for rule in rules.advances if rule.id == target]
    return present_period(periods, workspace.today())


def _list_of(target: str) -> str:
    """The name of the list in the file."""
    if target.startswith(_LIMIT):
        return "advance_limit"
    return "settlement" if target == _SETTLEMENT else "advance"


def _is_before(table: Mapping[str, Any], entry: RuleEntry) -> bool:
    """Whether a period of the list is one before the entry: of the same rule, and for a limit without a hole.

    A limit may be missing for years: the new one is a rule of its own then.
    """
    if entry.target.startswith(_LIMIT) and _ended(table, entry.first):
        return False
    return entry.target == _SETTLEMENT or str(table.get("id")) == entry.target.removeprefix(_LIMIT)


def _ended(table: Mapping[str, Any], first: date) -> bool:
    """Whether a period has ended earlier than on the day before another one begins."""
    return "effective_to" in table and table["effective_to"] < first - timedelta(days=1)
